"""What an effect carries: a frozen noun for each kind, and its way to and from the JSON of the journal.

The names of the fields are the keys in the database. Everything has a default that reads rows of older versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from pipeline.records.filing import FilingAction
from pipeline.records.letter import Article
from pipeline.records.promise import PromiseKind
from pipeline.records.survey import SurveyKind
from pipeline.records.ticket import Priority, TicketStatus

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterPayload:
    """What every letter needs, as it was when it was decided."""

    template: str  # its name
    language: str  # wanted; the letter may have to be sent in another one
    topic: str = ""  # '' where nothing is said to be understood
    ref: str  # what the customer quotes
    ticket: bool = False  # `ref` names a ticket
    name: str = ""  # as the customer wrote it
    subject: str = ""  # of the customer's mail
    message_id: str = ""  # of the mail that it answers
    references: tuple[str, ...] = ()  # of that mail
    decided: datetime
    respond_by: datetime | None = None
    resolve_by: datetime | None = None
    mailbox: str = ""
    names_zone: bool = False  # the customer may live in another time zone
    auto_submitted: str = "auto-replied"  # RFC 3834 section 5


@dataclass(frozen=True, kw_only=True, slots=True)
class AcknowledgementPayload(LetterPayload):
    """The answer to a mail."""

    grants: tuple[str, ...] = ()  # names of what it offers
    articles: tuple[Article, ...] = ()  # as they are offered now, whatever becomes of their files
    status_of: str = ""  # whose status its link shows; '' where it must not have one
    held: bool = False  # the circuit breaker held it back: it goes out late


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticePayload(LetterPayload):
    """Where a ticket stands, for its customer; or what is due, for its owner."""

    status: TicketStatus = TicketStatus.OPEN
    in_hand: bool = True  # a person has done something about it
    comment: str = ""  # what a person said
    said_since: datetime | None = None  # since when that is to be told
    said: tuple[int, ...] = ()  # the lines of the timeline where it stands
    promise: PromiseKind | None = None  # the one that is due
    due_by: datetime | None = None
    left: float = 0.0  # seconds of working time until then
    closes_by: datetime | None = None
    customer: str = ""  # their address, in letters to the owner; else ''


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedSurvey:
    """The question that a letter asks."""

    id: str
    kind: SurveyKind
    expires: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionPayload(LetterPayload):
    """A question to a customer."""

    survey: AskedSurvey


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerPayload(LetterPayload):
    """What a person writes to a customer. Everybody it goes to has an effect of their own, with the same message."""

    words: str  # as they were typed
    author: str  # who, as the timeline shows it
    agent: str = ""  # the name that it is signed with
    to: str  # the customer's address
    cc: tuple[str, ...] = ()
    draft: str  # the id of the draft that it was, under which its files are kept
    files: tuple[str, ...] = ()  # their names
    own_subject: str = ""  # what the person wrote; '' is that of the customer
    then: TicketStatus | None = None  # what the ticket is set to when it has been sent
    auto_submitted: str = ""  # none: no robot wrote it (RFC 3834 section 5)


@dataclass(frozen=True, kw_only=True, slots=True)
class FilingPayload:
    """What an outside tracker is told of a ticket; '' and None: nothing is said about that."""

    action: FilingAction
    event: int | None = None  # the line of our timeline that it tells of
    labels: tuple[str, ...] = ()
    earlier: str = ""  # the ticket it goes on from
    status: TicketStatus | None = None
    owner: str = ""
    priority: Priority | None = None

    @property
    def tells(self) -> frozenset[str]:
        """What the tracker does not know until this is done: "mail" for one of the customer, else what changes."""
        if self.action is FilingAction.COMMENT and self.event is None:
            return frozenset({"mail"})
        changes = {"status": self.status, "owner": self.owner, "priority": self.priority}
        return frozenset(name for name, value in changes.items() if value)


@dataclass(frozen=True, kw_only=True, slots=True)
class NoPayload:
    """A mark needs nothing but its place."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnreadablePayload:
    """What is in the journal is damaged: this effect fails, its neighbours go on."""

    why: str


Payload = (
    AcknowledgementPayload
    | AnswerPayload
    | NoticePayload
    | QuestionPayload
    | FilingPayload
    | NoPayload
    | UnreadablePayload
)
_KINDS: Mapping[str, type[Payload]] = {
    "acknowledge": AcknowledgementPayload,
    "answer": AnswerPayload,
    "notify": NoticePayload,
    "survey": QuestionPayload,
    "file": FilingPayload,
    "mark": NoPayload,
}


def to_json(kind: str, payload: Payload) -> dict[str, object]:
    """As the journal keeps it: JSON values by the names of the fields, times in ISO 8601. `kind`: of the effect."""
    if type(payload) is NoPayload:
        return {}
    document: dict[str, object] = _adapter(kind).dump_python(payload, mode="json")
    return document


def from_json(kind: str, document: Mapping[str, object]) -> Payload:
    """Keys that are not its own are left out. Never raises: see UnreadablePayload."""
    from pydantic import ValidationError

    known = {name: value for name, value in document.items() if value != ""}  # rows of 0.1 say '' where nothing is
    try:
        return _adapter(kind).validate_python(known)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return UnreadablePayload(why=f"{'.'.join(str(key) for key in first['loc'])}: {first['msg']}")


@cache
def _adapter(kind: str) -> TypeAdapter[Payload]:
    """Made once, as that takes a millisecond; and pydantic is slow to import."""
    from pydantic import TypeAdapter

    return TypeAdapter(_KINDS[kind])
