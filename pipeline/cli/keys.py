"""Answers of a person at a terminal: one key without Enter; on a pipe a line."""

from __future__ import annotations

import sys

ENDED = "\x04"  # what a terminal and a pipe say when there is nothing more


def answer(*, single: bool) -> str:
    """As it was typed. `single`: one key on a terminal; else a line, as always on a pipe."""
    if single and sys.stdin.isatty():
        return _key()
    line = sys.stdin.readline()
    return line.strip() if line else ENDED


def _key() -> str:
    """One key press, without Enter; the terminal is put back as it was."""
    import termios
    import tty

    handle = sys.stdin.fileno()
    before = termios.tcgetattr(handle)
    try:
        tty.setcbreak(handle, termios.TCSADRAIN)  # keys that were pressed early count
        pressed = sys.stdin.read(1)
    finally:
        termios.tcsetattr(handle, termios.TCSADRAIN, before)
    return ENDED if pressed in ("", ENDED) else pressed.strip()
