"""What customers read, as files: letters, saved replies and help pages; which there are, and their versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

ASKS = "survey-"  # letters whose names begin so ask customers something


class TextKind(StrEnum):
    """What a text is for."""

    LETTER = "letter"  # sent by itself; parts of letters and questions of surveys are letters, too
    SAVED = "saved"  # put into an answer by an agent
    ARTICLE = "article"  # a help page that a letter offers


_FOLDERS = {TextKind.LETTER: "", TextKind.SAVED: "saved/", TextKind.ARTICLE: "articles/"}
_ENDS = {TextKind.LETTER: (".txt", ".html"), TextKind.SAVED: (".txt",), TextKind.ARTICLE: (".md",)}


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class TextPlace:
    """One text in one language: where its files lie in the folder of the templates."""

    kind: TextKind
    language: str
    name: str
    mailbox: str = ""  # whose own it is; '' for that of all

    @property
    def files(self) -> tuple[str, ...]:
        """Those that it may have, as en/delivery.txt; the first is the one that it must have."""
        return tuple(f"{self.language}/{_FOLDERS[self.kind]}{self.name}{end}" for end in _ENDS[self.kind])

    @property
    def key(self) -> str:
        """Its name in the database and in the audit log, as en/delivery or support: en/saved/photo."""
        bare = f"{self.language}/{_FOLDERS[self.kind]}{self.name}"
        return f"{self.mailbox}: {bare}" if self.mailbox else bare

    @property
    def is_part(self) -> bool:
        """Is it only there to be used by letters?"""
        return self.kind is TextKind.LETTER and self.name.startswith(("base", "_"))

    @property
    def asks(self) -> bool:
        """Is it a question to customers?"""
        return self.kind is TextKind.LETTER and self.name.startswith(ASKS)


@dataclass(frozen=True, kw_only=True, slots=True)
class TextVersion:
    """A text as it was kept once."""

    number: int
    place: str  # its key
    at: datetime
    who: str  # account, or the user of the command line; '' where it was changed on disk
    why: str
    mark: str  # of its files together, see store/texts.py
    files: Mapping[str, str] = field(default_factory=dict)  # file → the mark of its source


@dataclass(frozen=True, kw_only=True, slots=True)
class TextDraft:
    """What somebody has typed and not saved."""

    account: str
    place: str  # its key
    opened: str  # the mark of what it was typed over
    parts: Mapping[str, str]  # file → text
    why: str
    changed: datetime
