"""Writing that survives a power cut: what these return from is on disk. What a killed writer leaves has a name."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from pipeline.text.regular_files import open_regular

UNFINISHED = ".unfinished-"  # names of what is just being written begin so


def write(path: Path, data: bytes) -> None:
    """A new file, or an old one written over in place."""
    with open(path, "wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())


def replace(path: Path, data: bytes) -> None:
    """The old file or the new one, never half of it. Only this user may read it."""
    handle, temporary = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
    os.close(handle)
    write(Path(temporary), data)
    os.replace(temporary, path)
    sync(path.parent)


def append_line(folder: Path, name: str, line: bytes) -> None:
    """One more line; a last one that a crash cut off was never written, and goes. Raises OSError for a link."""
    with os.fdopen(open_regular(folder, name, os.O_RDWR | os.O_APPEND | os.O_CREAT), "a+b") as file:
        file.seek(0)
        whole = file.read()
        file.truncate(whole.rfind(b"\n") + 1)
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())


def make_folder(parent: Path) -> Path:
    """A new folder to be filled, unseen until `publish`."""
    return Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=parent))


def publish(folder: Path, name: str) -> None:
    """Gives a filled folder its name, at once and with everything in it."""
    sync(folder)
    os.rename(folder, folder.parent / name)
    sync(folder.parent)


def remove_folder(folder: Path) -> None:
    """All of it or, after a kill, what `clear_unfinished` removes: never a part under its own name."""
    aside = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=folder.parent))
    os.rename(folder, aside / folder.name)
    sync(folder.parent)
    shutil.rmtree(aside)


def sync(folder: Path) -> None:
    """A rename is on disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def clear_unfinished(folder: Path) -> None:
    """What a killed writer left. Only for who holds the lock, so that nobody writes there now."""
    for path in folder.glob(f"{UNFINISHED}*"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
