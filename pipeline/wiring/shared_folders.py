"""Folders whose files all machines share: what lies there, and how a file of another machine is taken up."""

from __future__ import annotations

import errno
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.config.settings import Config
from pipeline.errors import UnusableModelError
from pipeline.learn import confirmed, signature
from pipeline.learn.history import CURRENT
from pipeline.learn.registry import Registry
from pipeline.learn.version import MANIFEST, NAME, SIGNATURE
from pipeline.replies.files import LARGEST, names_in
from pipeline.text.regular_files import read_below, remove_below, replace_below

UNREADABLE = "?"  # in place of a sum: a link, a pipe, far too large
MODEL, TEMPLATES = "model", "templates"  # kinds
_LARGEST_OF_MODEL = 500_000_000  # bytes of one file: it goes through memory, and through the database
_WORD = r"\w[\w .+-]{0,99}"  # no way out of the folder: it begins with no dot, and has no slash
_LETTER = re.compile(rf"{_WORD}/({_WORD}\.(txt|html)|saved/{_WORD}\.txt|articles/{_WORD}\.md)")
_PART = re.compile(rf"({NAME.pattern})/[a-z]+\.[a-z]+")  # a file of a version

Parts = Callable[[str], Mapping[str, bytes]]  # the files below a folder there


class SharedFolder(ABC):
    """One folder. `kind`: what it is called in the database."""

    kind: str

    @abstractmethod
    def has_place(self, path: str) -> bool:
        """Is it a path that may be shared?"""

    def is_part(self, path: str) -> bool:
        """Does it come and go with another file?"""
        return False

    @abstractmethod
    def sums(self) -> dict[str, str]:
        """What lies here: path → SHA-256, or UNREADABLE."""

    @abstractmethod
    def may_lack(self, sums: Mapping[str, str]) -> bool:
        """Has a person removed what is not among these, and does not only wait for it?"""

    @abstractmethod
    def read(self, path: str) -> bytes:
        """What stands in a file. Raises OSError, UnusableModelError."""

    def parts(self, path: str) -> dict[str, bytes]:
        """Files that go with it, by path. Raises OSError, UnusableModelError."""
        return {}

    @abstractmethod
    def take(self, path: str, data: bytes, who: str, parts: Parts) -> None:
        """Takes up what another machine has pushed. Raises OSError, UnusableModelError: all stays as it was then."""

    @abstractmethod
    def remove(self, path: str) -> None:
        """Another machine has removed it. Raises OSError."""


class LettersFolder(SharedFolder):
    """Letters, saved replies and help pages."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.folder = kind, folder

    def has_place(self, path: str) -> bool:
        """Only what letters and pages are read from."""
        return _LETTER.fullmatch(path) is not None

    def sums(self) -> dict[str, str]:
        """Of links, too: who put them there should hear that they are not shared."""
        pages = (path.relative_to(self.folder).as_posix() for path in sorted(self.folder.glob("*/articles/*.md")))
        found = {path: _sum_of(self, path) for path in (*names_in(self.folder), *pages) if self.has_place(path)}
        return {path: one for path, one in found.items() if one}

    def may_lack(self, sums: Mapping[str, str]) -> bool:
        """An empty folder is a new one, or a disk that is away: never a wish to remove everything everywhere."""
        return bool(sums)

    def read(self, path: str) -> bytes:
        """Nothing is followed out of the folder."""
        data = read_below(self.folder, path, LARGEST + 1)
        if len(data) > LARGEST:
            raise OSError(errno.EFBIG, f"it is over {LARGEST // 1024} KB", path)
        return data

    def take(self, path: str, data: bytes, who: str, parts: Parts) -> None:
        """Whole or not at all; whether it can be sent is seen when the letters are next looked at."""
        self.folder.mkdir(parents=True, exist_ok=True)
        replace_below(self.folder, path, data)

    def remove(self, path: str) -> None:
        """The file, never what a link leads to."""
        remove_below(self.folder, path)


class ModelFolder(SharedFolder):
    """Which version is in use, with its files; and what people have confirmed."""

    kind = MODEL

    def __init__(self, registry: Registry, key: bytes) -> None:
        self.registry, self._key = registry, key

    def has_place(self, path: str) -> bool:
        """The two marks of the registry, and files of versions."""
        return path in (CURRENT, confirmed.FILE) or self.is_part(path)

    def is_part(self, path: str) -> bool:
        """A version goes with the mark that it is in use."""
        return _PART.fullmatch(path) is not None

    def sums(self) -> dict[str, str]:
        """Of the marks; the sums of a version's files are in its manifest."""
        found = {path: _sum_of(self, path) for path in (CURRENT, confirmed.FILE)}
        return {path: one for path, one in found.items() if one}

    def may_lack(self, sums: Mapping[str, str]) -> bool:
        """Nobody removes a model on purpose."""
        return False

    def read(self, path: str) -> bytes:
        """A mark, or a file of a version."""
        data = read_below(self.registry.folder, path, _LARGEST_OF_MODEL + 1)
        if len(data) > _LARGEST_OF_MODEL:
            raise OSError(
                errno.EFBIG, f"it is over {_LARGEST_OF_MODEL // 1_000_000} MB: share the folder in another way", path
            )
        return data

    def parts(self, path: str) -> dict[str, bytes]:
        """Of the version in use all files, proved to be ours."""
        if path == confirmed.FILE:
            self.registry.confirmed("")  # raises when it is not signed
            return {}
        version = self.registry.version(self.registry.current())
        version.check_files()
        names = (*version.manifest["sha256"], MANIFEST, SIGNATURE)
        return {f"{version.name}/{name}": self.read(f"{version.name}/{name}") for name in names}

    def take(self, path: str, data: bytes, who: str, parts: Parts) -> None:
        """The version only if it is whole and signed with our key."""
        self.registry.folder.mkdir(parents=True, exist_ok=True)
        if path == confirmed.FILE:
            self.registry.receive_confirmed(data)
            return
        name, _, mark = data.decode("utf-8", "replace").strip().partition("\n")
        if not NAME.fullmatch(name) or not signature.is_signed(
            self._key, name.encode(), mark.encode(), signature.CURRENT
        ):
            raise UnusableModelError(
                "what it says to be in use is not signed with our key",
                where=str(self.registry.folder),
                remedy="`firstline share push` on the machine whose model is right",
            )
        files = {} if name in self.registry.names() else parts(f"{name}/")
        self.registry.receive(name, files, f"in use on {who}")

    def remove(self, path: str) -> None:
        """A model is never taken away."""


def _sum_of(folder: SharedFolder, path: str) -> str:
    """'' for what is not there; what can't be read is something, too."""
    try:
        return signature.sum_of(folder.read(path))
    except FileNotFoundError:
        return ""
    except OSError:
        return UNREADABLE


def folders_of(config: Config, registry: Registry, key: bytes) -> list[SharedFolder]:
    """All that this configuration shares: the letters, those of mailboxes with a folder of their own, the model."""
    own = {f"{TEMPLATES}.{name}": box.templates for name, box in config.mailbox.items() if box.templates}
    letters = {TEMPLATES: config.replies.templates, **own}
    return [
        *(LettersFolder(kind, config.at(folder)) for kind, folder in letters.items()),
        ModelFolder(registry, key),
    ]
