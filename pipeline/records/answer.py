"""An answer of a person to a customer: the draft, its files, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.records.effect import EffectState
from pipeline.records.ticket import TicketStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptFile:
    """A file of a draft, without what is in it."""

    id: str
    name: str
    type: str  # as image/png
    size: int  # bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """What a person has typed, cleaned."""

    text: str = ""
    subject: str = ""  # '' is that of the customer
    cc: tuple[str, ...] = ()
    then: TicketStatus | None = None  # what the ticket is set to when it has been sent


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerDraft:
    """What one person is writing about one ticket. Nobody else reads it."""

    id: str
    ticket: str
    author: str
    typed: Typed
    version: int = 0  # counts up with each change; 0: it is not kept yet
    changed: datetime | None = None
    files: tuple[KeptFile, ...] = ()
    beside: str = ""  # a text of the same person that was typed over an older version, and is not lost


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftConflict:
    """The draft is newer than what was saved over: it stays as it is, and has the other text `beside` it."""

    kept: AnswerDraft


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherWriter:
    """Somebody who is writing to the same customer."""

    author: str
    changed: datetime  # when they last typed


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplyingTo:
    """What an answer threads to in the customer's mail program."""

    message_id: str = ""  # of their newest mail
    references: tuple[str, ...] = ()  # of the conversation before it, the oldest first
    subject: str = ""  # of that mail
    mailbox: str = ""  # in which it lies


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenAnswer:
    """An answer that was given to the journal."""

    key: str  # of its effect
    ticket: str
    author: str
    state: EffectState
    at: datetime  # when it came to that state
    sends_at: datetime | None  # None: as soon as it can be
    message_id: str
    to: str
    cc: tuple[str, ...]
    files: tuple[str, ...]
    text: str
    then: TicketStatus | None
    error: str
    can_be_taken_back: bool  # nobody has taken it to send it, or it has failed for good
