"""What needs a person: the kinds of it, whom each concerns, and the items of the queue of today."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self
from urllib.parse import parse_qsl, urlencode

from pipeline.errors import UsageError
from pipeline.records.ticket import Priority, TicketStatus

MINE, NOBODY = "mine", "nobody"  # owners of a filter that are no addresses
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)  # of what has always been so


class TodayKind(StrEnum):
    """Why something needs a person. The order is that of the queue: the first one is the most urgent."""

    OVERDUE = "overdue"  # a time that a customer was given is over, and not kept
    URGENT = "urgent"  # nobody has done anything yet about an urgent case: a furious customer, a second complaint
    MACHINE = "machine"  # something is unhealthy, so that mail may wait
    DUE = "due"  # a time that a customer was given is over today, or within an hour of working time
    COMPLAINT = "complaint"  # nobody has done anything yet about a complaint
    LETTER = "letter"  # a letter has failed, or nobody knows whether it was sent
    TEMPLATE = "template"  # a template is broken: its last good version serves
    PARKED = "parked"  # a mail that a person looks at before anything happens
    CHECK = "check"  # perhaps a complaint: a person decides
    QUIET = "quiet"  # a complaint whose customer does not answer us: a person decides whether it is closed
    FILING = "filing"  # an outside tracker or a mail server has refused something for good
    CASE = "case"  # an open case, nothing of the above
    UNSURE = "unsure"  # mail that the machine was unsure of: a label teaches it
    CANDIDATE = "candidate"  # a model version that was not promoted: a person may decide otherwise

    @property
    def rank(self) -> int:
        """Its place in the queue, 0 for the most urgent."""
        return _RANKS[self]


_RANKS = {kind: rank for rank, kind in enumerate(TodayKind)}
IN_THE_STORE = tuple(kind for kind in TodayKind if kind not in ("machine", "template", "candidate"))
_COMPLAINTS = (TodayKind.URGENT, TodayKind.COMPLAINT, TodayKind.CHECK, TodayKind.QUIET)

# Role → what concerns it.
CONCERNS: dict[str, tuple[TodayKind, ...]] = {
    "agent": IN_THE_STORE,
    "data": (TodayKind.UNSURE, TodayKind.CANDIDATE),
    "lead": (TodayKind.OVERDUE, *_COMPLAINTS, TodayKind.MACHINE, TodayKind.LETTER, TodayKind.TEMPLATE),
    "admin": tuple(TodayKind),
}


_CALM = "q"  # behind the time of a place


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class TodayPlace:
    """Where an item stands in the queue: by kind, then by time, the earliest first; then complaints first."""

    rank: int
    at: datetime
    calm: bool = False  # it is a question, not a complaint
    ref: str

    def as_text(self) -> str:
        """For a URL; `of_text` reads it."""
        return f"{self.rank}.{self.at.astimezone(UTC):%Y%m%dT%H%M%S%f}{_CALM if self.calm else ''}.{self.ref}"

    @classmethod
    def of_text(cls, text: str) -> Self:
        """What `as_text` wrote. Raises UsageError."""
        rank, _, rest = text.partition(".")
        at, _, ref = rest.partition(".")
        try:
            when = datetime.strptime(at.removesuffix(_CALM), "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
            return cls(rank=list(TodayKind)[int(rank)].rank, at=when, calm=at.endswith(_CALM), ref=ref)
        except (ValueError, IndexError):
            raise UsageError("this is no place in the queue", where=text[:80], remedy="begin at its top") from None


@dataclass(frozen=True, kw_only=True, slots=True)
class TodayReason:
    """One of the things for which an item needs a person."""

    kind: TodayKind
    at: datetime  # what it is ordered by: when it is due, or since when it waits
    mail_id: str  # the mail it is about, '' for none
    what: str = ""  # of a promise its kind, of a letter or a filing its state, else ''
    said: str = ""  # what a server or a program said about it
    calm: bool = False  # it is about no complaint


@dataclass(frozen=True, kw_only=True, slots=True)
class TodaySubject:
    """What an item is about: a ticket, or a mail without one; the defaults are those of other things."""

    title: str = ""
    customer: str = ""  # address
    customer_name: str = ""
    since: datetime | None = None  # opened, or received
    status: TicketStatus | None = None  # None: it is no ticket
    priority: Priority | None = None
    owner: str = ""
    topic: str = ""
    language: str = ""
    mailbox: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class TodayEntry:
    """A ticket, or a mail without one, with all for which it needs a person, the most urgent first."""

    ref: str
    reasons: tuple[TodayReason, ...]
    subject: TodaySubject

    @property
    def place(self) -> TodayPlace:
        """Where it stands in the queue."""
        first = self.reasons[0]
        return TodayPlace(rank=first.kind.rank, at=first.at, calm=first.calm, ref=self.ref)


@dataclass(frozen=True, kw_only=True, slots=True)
class TodayFilter:
    """Which part of the queue is looked at; what is empty leaves nothing out."""

    kinds: tuple[TodayKind, ...] = ()
    topic: str = ""
    language: str = ""
    owner: str = ""  # an address, MINE or NOBODY
    mailbox: str = ""
    text: str = ""  # in subject, customer or reference

    def as_query(self) -> str:
        """For a URL, `kind=due&topic=delivery`; `of_query` reads it."""
        words = [(name, getattr(self, name)) for name in _WORDS if getattr(self, name)]
        return urlencode([*(("kind", kind.value) for kind in self.kinds), *words])

    @classmethod
    def of_query(cls, query: str) -> Self:
        """What `as_query` wrote; what it does not know counts for nothing. Raises UsageError for an unknown kind."""
        pairs = parse_qsl(query[:LONGEST_QUERY], max_num_fields=100)
        words = {name: value.strip() for name, value in pairs if name in _WORDS}
        return cls(kinds=kinds_of([value for name, value in pairs if name == "kind"]), **words)

    @property
    def is_about_cases(self) -> bool:
        """Does it look for what only mails and tickets have?"""
        return any(getattr(self, name) for name in _WORDS)


LONGEST_QUERY = 2000
_WORDS = tuple(field.name for field in fields(TodayFilter) if field.name != "kinds")


def kinds_of(words: list[str]) -> tuple[TodayKind, ...]:
    """Kinds by their names, each once. Raises UsageError."""
    known = set(TodayKind)
    for word in words:
        if word not in known:
            raise UsageError(f"there is no kind '{word[:40]}'", remedy=f"one of {', '.join(TodayKind)}")
    return tuple(kind for kind in TodayKind if kind in words)


@dataclass(frozen=True, kw_only=True, slots=True)
class TodayCount:
    """How many items need a person for one reason."""

    number: int
    more: bool = False  # there are more than were counted


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedView:
    """A filter of the queue that somebody has given a name."""

    name: str
    query: str  # as TodayFilter writes it
