"""What was said in the conversation of a ticket: the mails, and our letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.records.effect import Effect, EffectState


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketMail:
    """A mail of the conversation."""

    id: str
    sender: str  # address
    received: datetime
    by_staff: bool  # one of us wrote it, from a mail program
    text: str  # what is new in it


@dataclass(frozen=True, kw_only=True, slots=True)
class SentLetter:
    """A letter about the ticket that was sent, or is to be."""

    recipient: str  # address
    letter: str  # as en/delivery
    state: EffectState
    at: datetime  # when it came to this state
    message_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What the other side of a conversation got from us, as far as it is kept."""

    letters: tuple[tuple[Effect, datetime], ...] = ()  # each with when it was sent
    answers: tuple[str, ...] = ()  # what our people wrote from their mail programs
