"""What is to happen with a mail, and the mail with all that was found out about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pipeline.records.effect import Effect
from pipeline.records.labels import Labels
from pipeline.records.mail import Location, Mail, RawMail
from pipeline.records.promise import Promise, PromiseKind
from pipeline.records.survey import SurveyAnswer
from pipeline.records.thread import Thread
from pipeline.records.ticket import BOARD, Priority, TicketAction
from pipeline.records.verdict import Verdict, VerdictKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What is to happen with a mail, and why in words."""

    acknowledge: bool
    template: str = ""  # name of the letter, '' when nothing is sent
    ticket: TicketAction = TicketAction.NONE
    to_check: bool = False  # the ticket is a suspicion: a person decides whether it is a complaint
    review: bool = False  # is on the review list
    topic: str = ""  # the prepared situation applied, '' when unsure
    complaint: bool = False  # treated as a complaint
    owner: str = ""
    promise: Promise = field(default_factory=Promise)
    told: tuple[PromiseKind, ...] = ()  # which of these times the letter names
    grants: tuple[str, ...] = ()  # names of what the letter offers
    tracker: str = BOARD  # where a ticket that it opens is filed
    project: str = ""  # there; '' the tracker's own
    labels: tuple[str, ...] = ()  # there
    priority: Priority = Priority.NORMAL  # of the ticket it opens or updates
    checklist: tuple[str, ...] = ()  # how the ticket it opens is resolved
    held: bool = False  # the circuit breaker alone held its letter back: it goes out late
    quieted: bool = False  # weak rules silenced it though it reads like a person
    recorded: bool = False  # found at the first run or too old
    tell: bool = False  # a follow-up by a person who may be written to: they hear what becomes of it
    asks_news: bool = False  # they only want to know how it stands
    why: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffAnswer:
    """One of us has answered the customer of a conversation from a mail program."""

    thread: str
    ticket: str  # '' where there is none
    author: str  # address, as written
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """One mail with all that was found out and decided about it, ready to be recorded."""

    id: str  # its reference, also shown to the customer
    raw: RawMail
    mail: Mail
    thread: Thread
    verdict: Verdict
    labels: Labels
    decision: Decision
    effects: tuple[Effect, ...]
    error: str = ""  # it could not be judged: parked with where and why
    answer: SurveyAnswer | None = None  # what it says to a question of ours
    introduces: frozenset[str] = frozenset()  # folded addresses that take part in the conversation because of it
    echo: bool = True  # letters may repeat the subject and the name
    staff_answer: StaffAnswer | None = None  # it is no mail to us: one of us answers the customer

    @property
    def parked(self) -> bool:
        """A person looks first."""
        return bool(self.error) or self.verdict.kind is VerdictKind.PARK


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """A further place where a known mail lies."""

    mail_id: str
    location: Location
    received: datetime
    effects: tuple[Effect, ...]
    staff_answer: StaffAnswer | None = None  # see Judged
