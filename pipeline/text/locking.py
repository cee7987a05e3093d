"""Locks on files, by which processes of one machine take turns; they end with the process that holds them."""

from __future__ import annotations

import importlib
from typing import IO, Any

from pipeline.errors import UsageError


def lock(file: IO[Any] | int, *, wait: bool = True) -> None:
    """Until the file is closed (flock(2)). Without `wait` raises BlockingIOError when another one holds it.

    Raises UsageError on a system that has no such locks: without them two processes would undo each other's work.
    """
    try:
        fcntl = importlib.import_module("fcntl")  # Windows has none, and only whoever locks must know
    except ModuleNotFoundError:
        remedy = "use Linux, macOS, the Linux of Windows (WSL 2), or a container: docs/installing.md"
        raise UsageError("this system has no file locks that Firstline could use", remedy=remedy) from None
    fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
