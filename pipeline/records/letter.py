"""Letters: rendered, versioned, and ready for the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

ANSWER = "answer"  # the letter that carries what a person writes


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """A page that answers a common question: something to read while waiting for a person."""

    name: str  # the same in every language
    language: str
    title: str
    link: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A rendered template."""

    subject: str
    text: str
    html: str  # '' when the template has none
    template: str
    version: str  # hash of the files it was made from
    language: str
    problem: str = ""  # the template failed and this is the safe text; for people
    mailbox: str = ""  # whose own template it is; '' for the one of all
    problems: tuple[int, ...] = ()  # announcements that it tells of


def recorded_name(mailbox: str, name: str) -> str:
    """Under which versions of a letter are recorded: a mailbox's own beside that of all, as support/delivery."""
    return f"{mailbox}/{name}" if mailbox else name


def mailbox_and_name(recorded: str) -> tuple[str, str]:
    """Of such a name; '' where it is the letter of all."""
    mailbox, _, name = recorded.rpartition("/")
    return mailbox, name


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterVersion:
    """A letter of one language as it was made at some time."""

    language: str
    name: str
    version: str  # hash of the files
    sources: Mapping[str, str]  # the files it is made of, as en/base.txt


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedVersion:
    """A version of a letter in the history: since when, and how many mails it has answered."""

    language: str
    name: str
    version: str  # hash of the files
    files: Mapping[str, str] | None  # file → hash of its text; None: only its sending is known
    first_used: datetime
    taken_up: datetime | None  # the last time
    last_sent: datetime | None
    sent: int  # mails
    in_use: bool  # the one of this letter that was taken up last


@dataclass(frozen=True, kw_only=True, slots=True)
class AttachedFile:
    """A file that goes with a letter."""

    name: str
    type: str  # as image/png
    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """A message ready for the outbox: exactly one recipient."""

    message_id: str
    envelope_from: str  # '' is the null path <>
    recipient: str
    data: bytes  # RFC 5322, CRLF line ends
