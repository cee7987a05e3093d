"""A case as a person at the desk sees it: the conversation, and why the machine did what it did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.records.effect import EffectKind, EffectState
from pipeline.records.ledger import LedgerMail
from pipeline.records.letter import Article
from pipeline.records.promise import WatchedPromise
from pipeline.records.texts import TextPlace
from pipeline.records.ticket import LinkedTicket, TicketEvent, TicketStatus, WholeTicket
from pipeline.records.verdict import RuleResult
from pipeline.text.passages import Passage


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseMail:
    """A mail of the conversation, as it was."""

    mail: LedgerMail
    passages: tuple[Passage, ...]  # all of its text by what each line is; where its bytes are gone, what was new in it
    whole: bool  # false: its bytes are not kept any more
    note: str = ""  # what the timeline says of it

    @property
    def at(self) -> datetime:
        """When it came."""
        return self.mail.received


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseLetter:
    """A letter of ours, sent or to be sent."""

    key: str
    mail_id: str  # in answer to which
    kind: EffectKind
    at: datetime  # when it came to its state
    state: EffectState
    recipient: str
    name: str  # of its template
    place: TextPlace | None  # that template; None: it is built in, or nothing was sent yet
    version: str  # of it that was sent, ''
    subject: str
    text: str  # '' where it can't be written any more
    as_sent: bool  # false: its template has changed since, or it is not sent yet
    error: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseLine:
    """Something that happened to it."""

    event: TicketEvent

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.event.at


CaseMoment = CaseMail | CaseLetter | CaseLine


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseLabel:
    """What one head of the model said of the first mail, and the words that decided."""

    head: str  # topic, sentiment, complaint
    value: str  # '' when nobody knows
    confidence: float | None
    sure: bool
    words: tuple[tuple[str, float], ...]  # with how strongly each spoke for it, the strongest first
    by: str = ""  # who has said so, '' for the machine


@dataclass(frozen=True, kw_only=True, slots=True)
class CasePromise:
    """A time that the customer was given."""

    promise: WatchedPromise
    left: timedelta | None  # working time until then, negative when it is over; None: it is not watched any more


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseGrant:
    """What staff may give in this case."""

    name: str
    title: str
    left: int | None  # how often this customer may have it still; None: as often as one likes


@dataclass(frozen=True, kw_only=True, slots=True)
class SimilarCase:
    """Another case that is like this one."""

    ref: str
    subject: str
    status: TicketStatus
    opened: datetime
    alike: float  # 0 to 1


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseView:
    """All of it."""

    ref: str  # of the ticket; of the mail where there is none
    ticket: WholeTicket | None
    first: LedgerMail | None  # None: it was erased
    moments: tuple[CaseMoment, ...]  # in order of time
    labels: tuple[CaseLabel, ...]
    rules: tuple[RuleResult, ...]  # that hit
    verdict: str  # why it was answered or not, in a sentence
    decided: tuple[str, ...]  # in words
    promises: tuple[CasePromise, ...]
    grants: tuple[CaseGrant, ...]
    similar: tuple[SimilarCase, ...]
    articles: tuple[Article, ...]
    linked: tuple[LinkedTicket, ...]
    mark: int  # how far its timeline goes
    earlier: int  # mails that are not among the moments: there are too many

    @property
    def mails(self) -> tuple[CaseMail, ...]:
        """Those of the conversation."""
        return tuple(one for one in self.moments if isinstance(one, CaseMail))
