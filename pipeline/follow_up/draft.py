"""What is being put together for one ticket, and what must be known for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pipeline.clock import WorkingTime
from pipeline.config.settings import Config
from pipeline.records.effect import Effect
from pipeline.records.follow_up import FollowedTicket
from pipeline.records.promise import PromiseKind, PromiseState, WatchedPromise
from pipeline.records.ticket import TicketChange, TicketStatus
from pipeline.tokens import Signer

STILL_WORKING, STATUS, MOVED, CLOSING_SOON, CLOSED = "still-working", "status", "moved", "closing-soon", "closed"
OWNER_DUE, OWNER_ESCALATION = "owner-due", "owner-escalation"
WITH_WORDS = (STATUS, MOVED)  # of the person who works on it
LETTERS = (STILL_WORKING, STATUS, MOVED, CLOSING_SOON, CLOSED, OWNER_DUE, OWNER_ESCALATION)
STATUS_AT_MOST = timedelta(days=1)  # between two answers to "any news?"
IN_HAND = (TicketStatus.OPEN, TicketStatus.ACTIVE)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What following up needs to know of its surroundings, for the tickets of one mailbox. `has`: is there a letter of
    this name?"""

    config: Config
    signer: Signer
    has: Callable[[str], bool]

    @property
    def working_time(self) -> WorkingTime:
        """When people work, by `[calendar]`."""
        return self.config.calendar.working_time

    def span(self, case: FollowedTicket, kind: PromiseKind) -> timedelta:
        """The working time that a promise of this kind is given."""
        situation = self.config.topic(case.situation)
        return situation.respond_within if kind is PromiseKind.RESPOND else situation.resolve_within


@dataclass
class Draft:
    """What is being put together for one ticket."""

    case: FollowedTicket
    setting: Setting
    now: datetime
    promises: list[WatchedPromise] = field(default_factory=list)
    events: list[tuple[str, str]] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    change: TicketChange = field(default_factory=TicketChange)  # of the ticket
    late: datetime | None = None  # the time that will not be, or was not, kept

    def can_tell(self, letter: str) -> bool:
        """The customer can be written to, and there are words for it. While a person's are on their way nothing else is
        said: it would not know of them."""
        return (
            not self.case.answering
            and self.case.writable
            and self.setting.config.smtp is not None
            and self.setting.has(letter)
        )

    def note(self, one: WatchedPromise) -> None:
        """A promise as it is from now on."""
        self.promises = [known for known in self.promises if key(known) != key(one)]
        self.promises.append(one)

    def give(self, kind: PromiseKind, mail_id: str, number: int) -> None:
        """A new time, to the minute as the letter says it. It never takes longer than the first, which was the smallest
        of all topics that an unsure mail may be about."""
        working_time = self.setting.working_time
        before = [one for one in self.case.promises if (one.mail_id, one.kind) == (mail_id, kind)]
        spans = (self.setting.span(self.case, kind), *(working_time.between(one.given, one.due) for one in before))
        due = working_time.add(self.now, min(spans)).replace(second=0, microsecond=0)
        one = WatchedPromise(mail_id=mail_id, kind=kind, number=number, ticket=self.case.ref, given=self.now, due=due)
        self.note(replace(one, look=next_look(one, self.setting)))

    def standing(self, kind: PromiseKind) -> datetime | None:
        """The nearest time of this kind that still counts."""
        changed = {key(one): one for one in (*self.case.promises, *self.promises)}
        counting = (one for one in changed.values() if one.kind is kind and one.state is PromiseState.OPEN)
        return min((one.due for one in counting if one.due > self.now and not one.warned), default=None)


def next_look(one: WatchedPromise, setting: Setting) -> datetime:
    """When there is something to be done about it, if nobody keeps it before."""
    if not one.told:
        return moment(one, setting.config, 1.0)
    return one.due if one.warned else moment(one, setting.config, 0.5)


def moment(one: WatchedPromise, config: Config, part: float) -> datetime:
    """When this part of `due_soon` is left of its working time."""
    working_time = config.calendar.working_time
    span = working_time.between(one.given, one.due)
    return working_time.add(one.given, span * (1 - config.follow_up.due_soon * part))


def key(one: WatchedPromise) -> tuple[str, PromiseKind, int]:
    """What a promise is stored under: mail, kind, and which one of this kind it is."""
    return one.mail_id, one.kind, one.number
