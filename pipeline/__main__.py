"""The first moments of `firstline`: a signal that comes before the command is loaded must not be lost.

Loading takes a second. Process 1, as which a container starts us, is not ended by a signal that it has said nothing
about: the container would be waited for in vain, and then killed.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

SERVICES = ("run", "web")  # commands that a signal ends cleanly
ENDING = (signal.SIGTERM, signal.SIGINT)


# Python looks for circles of objects that nobody holds each 700 new objects, a tenth of the time of a start; but nearly
# all that are made while loading stay. What goes on for long looks more often again: engine/memory.py.
NEW_OBJECTS = (200_000, 20, 50)


def main() -> None:
    """Starts the command."""
    gc.set_threshold(*NEW_OBJECTS)
    word = command_of(sys.argv[1:])
    if sys.platform == "win32" and word:
        sys.exit(_on_windows())
    _mind_signals(serving=word in SERVICES)
    from pipeline.cli import main as command

    try:
        command(word)
    finally:
        gc.freeze()  # or Python would look through all there is once more, a fifth of a short command: all goes anyway


def _on_windows() -> int:
    """Locks between processes, signals and the sandbox of the letters are not there as we need them. Better none of it
    than mail that is answered twice."""
    print("firstline: it does not run on Windows itself", file=sys.stderr)
    print("  → use the Linux of Windows (WSL 2) or a container: docs/installing.md", file=sys.stderr)
    return 2


def _mind_signals(*, serving: bool) -> None:
    if serving or os.getpid() == 1:
        for sign in ENDING:
            signal.signal(sign, _end_at_once if serving else _end)
    if serving:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # what it asks for, reading the configuration, is just being done
    if sys.platform == "win32":
        return
    # A `run` that begins anew blocks them until it is here, so that none is lost.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {*ENDING, signal.SIGHUP})


def command_of(words: Sequence[str]) -> str:
    """The command among the words after `firstline`; '' when there is none."""
    left = iter(words)
    for word in left:
        if word == "--config":
            next(left, None)
        elif not word.startswith("-"):
            return word
    return ""


def _end_at_once(_signal: int, _frame: FrameType | None) -> None:
    """Nothing is in hand yet; and an exception could be swallowed by whatever is just being loaded."""
    os._exit(0)


def _end(sign: int, _frame: FrameType | None) -> None:
    os._exit(128 + sign)


if __name__ == "__main__":
    main()
