"""Files in folders that others may write to: only regular ones that lie there, whatever stands at their name.

A link could make us show or send any file that we may read, the key included; a pipe would make us wait for ever.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path, PurePath
from typing import BinaryIO


def open_below(root: Path, name: str | PurePath) -> BinaryIO:
    """Opens it to be read. Only `root` itself may be a link.

    Raises OSError, also for what is a link, is reached by one, or is no regular file.
    """
    handle = open_regular(root, name, os.O_RDONLY)
    return os.fdopen(handle, "rb")


def open_regular(root: Path, name: str | PurePath, flags: int) -> int:
    """The same as a descriptor, opened with these flags (what is made is for this user only)."""
    path = PurePath(name)
    if path.is_absolute() or not path.parts or ".." in path.parts:
        raise OSError(errno.EINVAL, "it lies elsewhere", str(path))
    folder = os.open(os.path.realpath(root), os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in path.parts[:-1]:
            deeper = _open(part, os.O_RDONLY | os.O_DIRECTORY, folder)
            os.close(folder)
            folder = deeper
        handle = _open(path.parts[-1], flags | os.O_NONBLOCK, folder)
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    return handle


def read_below(root: Path, name: str | PurePath, most: int = -1) -> bytes:
    """What stands in it, the first `most` bytes of it. Raises OSError as `open_below` does."""
    with open_below(root, name) as file:
        return file.read(most)


def _open(name: str, flags: int, folder: int) -> int:
    try:
        return os.open(name, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder)
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.ENOTDIR):
            raise
        raise OSError(errno.ELOOP, "it is a link, and links are not followed", name) from error
