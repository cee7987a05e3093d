"""The child process in which files are looked at that nobody has checked yet: bounded, and with no way to write.

One JSON document on standard input says what to look at; for each file one line before (`begin`) and one after (the
result) on standard output. Whoever started it (supervise.py) knows from the last line which file was its end. The same
document may ask for letters to be printed instead (preview.py): then the second line of each is the letter.
"""

from __future__ import annotations

import gc
import json
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

_Request = dict[str, Any]  # JSON of supervise.py and preview.py
MEMORY = 256 * 1024 * 1024  # bytes of address space
SECONDS = 0.6  # of processor time for one file
MOST_SECONDS = 120  # … and for all of them


def limit() -> None:
    """From here on nothing can be written, no large memory taken, and no program started.

    On macOS the memory has no bound: there each process has more addresses from its first moment on, and setrlimit(2)
    refuses to take them away. The bound on the time holds everywhere.
    """
    import resource  # Windows has none

    for what, amount in (
        *([(resource.RLIMIT_AS, MEMORY)] if sys.platform != "darwin" else []),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
    ):
        resource.setrlimit(what, (amount, amount))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # the end of the process, even inside a long computation


def main() -> None:
    """One request from stdin as JSON; an answer a line to stdout."""
    limit()
    request = json.load(sys.stdin)
    gc.disable()
    if "prints" in request:
        _print(request)
    else:
        _check(request)


def _check(request: _Request) -> None:
    """Each file in turn: `begin`, then its result."""
    from pipeline.replies.files import Finding
    from pipeline.replies.lint import check_file, make_bench

    broken = {file: Finding(**finding) for file, finding in request["broken"].items()}
    bench = make_bench(request["sources"], broken)
    for file in request["files"]:
        _say({"begin": file})
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            answer: dict[str, object] = asdict(check_file(bench, file))
        except (MemoryError, RecursionError):
            answer = {"file": file, "ends": "limits"}
        except Exception:  # whatever a file does to the check itself, it is the file's fault and the others go on
            answer = {"file": file, "ends": "unreadable"}
        signal.setitimer(signal.ITIMER_PROF, 0)
        _say(answer)


def _print(request: _Request) -> None:
    """Each letter in turn, made from one of the `editions` of the files; or why it can't be made."""
    from jinja2 import TemplateError

    from pipeline.replies.sandbox import Press

    presses = {edition: Press(sources) for edition, sources in request["editions"].items()}
    for job in request["prints"]:
        _say({"begin": job["language"]})
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            printed = presses[job["edition"]].print(job["language"], job["name"], job["values"])
            answer = {**asdict(printed), "problem": ""}
        except (TemplateError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError) as problem:
            answer = {"problem": str(problem) or "it can't be filled in"}
        except (MemoryError, RecursionError):
            answer = {"problem": "it took too much memory"}
        signal.setitimer(signal.ITIMER_PROF, 0)
        _say(answer)


def _say(line: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
