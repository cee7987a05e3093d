"""What takes long to make is made once for all processes of a session: who needs it first makes it, others wait."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

_SHARED = "FIRSTLINE_TESTS_SHARED"  # the folder of this session; processes started by its first one inherit the name


def open_shared_folder() -> Path:
    """The folder of this session; the process that opens it first removes it when it ends."""
    if _SHARED not in os.environ:
        os.environ[_SHARED] = tempfile.mkdtemp(prefix="firstline-tests-")
        atexit.register(_remove, os.environ[_SHARED], os.getpid())
    return Path(os.environ[_SHARED])


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """The folder that `make` has filled, in this process or in another: to be read and copied, never to be changed."""
    shared = open_shared_folder()
    made, unfinished = shared / name, shared / f"{name}.unfinished"
    with open(shared / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the system gives it back when a process dies
        if not made.exists():
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(made)
    return made


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # a forked child is not the session
        shutil.rmtree(folder, ignore_errors=True)
