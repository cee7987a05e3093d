"""Files in folders that others may write to: only regular ones that lie there, whatever stands at their name.

A link could make us show or send any file that we may read, the key included; a pipe would make us wait for ever.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
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
    folder = _folder_of(root, path)
    try:
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


def replace_below(root: Path, name: str | PurePath, data: bytes) -> None:
    """Writes a file, whole or not at all; folders that are missing are made. It keeps the mode that it had.

    Raises OSError as `open_below` does; a link at its own name is replaced, never followed.
    """
    path = PurePath(name)
    folder = _folder_of(root, path, make=True)
    beside = f".{path.name}.{os.getpid()}.new"
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600, dir_fd=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                with suppress(FileNotFoundError):
                    mode = os.stat(path.name, dir_fd=folder, follow_symlinks=False).st_mode
                    os.fchmod(handle, stat.S_IMODE(mode) if stat.S_ISREG(mode) else 0o600)
                file.write(data)
                file.flush()
                os.fsync(handle)
            os.rename(beside, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        except OSError:
            os.unlink(beside, dir_fd=folder)
            raise
        os.fsync(folder)
    finally:
        os.close(folder)


def remove_below(root: Path, name: str | PurePath) -> None:
    """Removes a file, if it is there. Raises OSError as `open_below` does; a link goes, not what it leads to."""
    path = PurePath(name)
    try:
        folder = _folder_of(root, path)
    except FileNotFoundError:
        return
    try:
        with suppress(FileNotFoundError):
            os.unlink(path.name, dir_fd=folder)
    finally:
        os.close(folder)


def _folder_of(root: Path, path: PurePath, *, make: bool = False) -> int:
    """A descriptor of the folder that a path below `root` lies in, reached by no link."""
    if path.is_absolute() or not path.parts or ".." in path.parts:
        raise OSError(errno.EINVAL, "it lies elsewhere", str(path))
    folder = os.open(os.path.realpath(root), os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in path.parts[:-1]:
            if make:
                with suppress(FileExistsError):
                    os.mkdir(part, 0o700, dir_fd=folder)
            deeper = _open(part, os.O_RDONLY | os.O_DIRECTORY, folder)
            os.close(folder)
            folder = deeper
    except OSError:
        os.close(folder)
        raise
    return folder


def _open(name: str, flags: int, folder: int) -> int:
    try:
        return os.open(name, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder)
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.ENOTDIR):
            raise
        raise OSError(errno.ELOOP, "it is a link, and links are not followed", name) from error
