"""A month of complaints on a clock that is told the time: late agents, trackers that are away, and Christmas.

Every promise is kept, renewed in time, or broken in front of those responsible, never silently; and the last mail that
each customer has tells the state that their ticket is in.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import structlog
from sqlalchemy import select

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.doors import Outbox
from pipeline.engine.jobs import follow
from pipeline.engine.workers.send import Sender
from pipeline.records.effect import Effect
from pipeline.records.labels import Labels
from pipeline.records.letter import Reply
from pipeline.records.mail import Mail, RawMail
from pipeline.records.promise import PromiseState
from pipeline.records.ticket import TicketStatus
from pipeline.retry import Backoff
from pipeline.store import schema
from pipeline.store.effect_rows import effect_of
from pipeline.wiring.live_doors import LiveDoors, build
from tests.desk import ROOT
from tests.samples import labels, raw_mail, table

COMPLAINTS = 2000
HELSINKI = ZoneInfo("Europe/Helsinki")
BEGIN, END = (datetime(2026, 12, day, tzinfo=HELSINKI).astimezone(UTC) for day in (1, 31))
# When the tracker in which half of the agents work can't be asked: what they did there is seen only afterwards.
OUTAGES = [(datetime(2026, 12, 8, 10, tzinfo=HELSINKI), timedelta(hours=9)),
           (datetime(2026, 12, 17, 8, tzinfo=HELSINKI), timedelta(days=2))]  # fmt: skip
OVER = (TicketStatus.RESOLVED, TicketStatus.CLOSED)
STAFF = ("orders@example.com", "lead@example.com", "boss@example.com")


class Complaints:
    """Everything is a complaint about orders."""

    version = "v1"

    def predict(self, mails: Sequence[Mail]) -> list[Labels]:
        return [labels(topic="order", complaint=True)] * len(mails)

    def explain(self, mail: Mail, top: int = 8) -> dict[str, Any]:
        return {}


@dataclass
class Post(Outbox):
    """What went out, and when."""

    clock: FakeClock
    sent: list[tuple[datetime, Reply]] = field(default_factory=list)

    def send(self, reply: Reply) -> None:
        self.sent.append((self.clock.now(), reply))

    def check(self) -> None: ...

    def close(self) -> None: ...


@dataclass
class Month:
    """What happens, in order; each of it may plan what comes of it later."""

    doors: LiveDoors
    clock: FakeClock
    post: Post
    chance: random.Random
    plan: list[tuple[datetime, int, str, str]] = field(default_factory=list)  # when, number, what, about which ticket
    box: list[tuple[str, str, str]] = field(default_factory=list)  # sender, text, ticket that it is about
    number: dict[str, str] = field(default_factory=dict)  # of the complaint, by ticket
    planned: int = 0
    uid: int = 0

    def later(self, hours: float, what: str, ref: str) -> None:
        """After so many working hours."""
        when = self.doors.config.calendar.working_time.add(self.clock.now(), timedelta(hours=hours))
        self.at(when, what, ref)

    def at(self, when: datetime, what: str, ref: str) -> None:
        self.planned += 1
        heapq.heappush(self.plan, (when, self.planned, what, ref))

    def live(self) -> None:
        """By half hours while people are at work, by three hours while they are not."""
        for number in range(COMPLAINTS):
            self.at(BEGIN + (END - BEGIN - timedelta(days=2)) * self.chance.random(), "complain", str(number))
        while self.clock.now() < END:
            while self.plan and self.plan[0][0] <= self.clock.now():
                _, _, what, ref = heapq.heappop(self.plan)
                getattr(self, what)(ref)
            if self.deliver() + follow.follow(self.doors):
                self.sender().drain()
            self.clock.at = self.next_tick(self.clock.now())

    def next_tick(self, now: datetime) -> datetime:
        working_time = self.doors.config.calendar.working_time
        if working_time.is_open(now):
            return now + timedelta(minutes=30)
        return min(now + timedelta(hours=3), working_time.next_opening(now))

    def sender(self) -> Sender:
        import threading

        return Sender(
            outbox=self.post,
            journal=self.doors.effects,
            clock=self.clock,
            route=lambda: self.doors.route(Complaints()),
            backoff=Backoff(),
            wake=threading.Event(),
        )

    def deliver(self) -> int:
        """The mails of this tick in one batch; says how many."""
        raws = [self.mail(*one) for one in self.box]
        self.box = []
        for judged in self.doors.route(Complaints()).take(raws, None)[0] if raws else ():
            if judged.thread.new:
                self.number[judged.id] = judged.mail.message_id.strip("<>").partition("@")[0].removeprefix("first-")
                self.agent(judged.id)
        return len(raws)

    def mail(self, sender: str, text: str, about: str) -> RawMail:
        self.uid += 1
        reply_to = f"In-Reply-To: <first-{about}@example.org>\r\n" if about else ""
        own = f"first-{sender.partition('@')[0].partition('-')[2]}" if not about else f"m{self.uid}"
        raw = (
            f"From: {sender}\r\nTo: support@example.com\r\nSubject: Order {about or self.uid}\r\n"
            f"Message-ID: <{own}@example.org>\r\n{reply_to}\r\n{text}\r\n"
        )
        return raw_mail(self.uid, raw.encode(), received=self.clock.now())

    # --- customers ----------------------------------------------------------------------------------------------------

    def complain(self, number: str) -> None:
        self.box.append((f"customer-{number}@example.org", f"Order {number} came broken, and I am angry.", ""))

    def answer(self, ref: str) -> None:
        self.write(ref, "Here is the photograph that you asked for.")

    def ask(self, ref: str) -> None:
        self.write(ref, "Hello,\r\n\r\nany news?\r\n\r\nThanks")

    def come_back(self, ref: str) -> None:
        self.write(ref, "It is broken again.")

    def write(self, ref: str, text: str) -> None:
        self.box.append((f"customer-{self.number[ref]}@example.org", text, self.number[ref]))

    # --- agents -------------------------------------------------------------------------------------------------------

    def agent(self, ref: str) -> None:
        """Who is quick, who is late, and who does nothing at all."""
        kind = self.chance.choices(("quick", "late", "never", "asks"), (50, 25, 10, 15))[0]
        if kind in ("quick", "late"):
            self.later(self.chance.uniform(0.3, 3) if kind == "quick" else self.chance.uniform(4, 30), "begin", ref)
        if kind == "asks":
            self.later(self.chance.uniform(0.3, 6), "wait", ref)
        if self.chance.random() < 0.1:
            self.later(self.chance.uniform(2, 40), "ask", ref)

    def begin(self, ref: str) -> None:
        if self.move(ref, TicketStatus.ACTIVE, "begin"):
            self.later(self.chance.uniform(1, 25), "resolve", ref)

    def wait(self, ref: str) -> None:
        if self.move(ref, TicketStatus.WAITING, "wait") and self.chance.random() < 0.7:
            self.later(self.chance.uniform(1, 20), "answer", ref)
            self.later(self.chance.uniform(20, 50), "resolve", ref)

    def resolve(self, ref: str) -> None:
        if self.move(ref, TicketStatus.RESOLVED, "resolve") and self.chance.random() < 0.1:
            self.later(self.chance.uniform(1, 20), "come_back", ref)

    def move(self, ref: str, status: TicketStatus, what: str) -> bool:
        """In the tracker for every other ticket, where it is seen late while that is away."""
        outside = int(self.number[ref]) % 2
        back = next((begin + span for begin, span in OUTAGES if begin <= self.clock.now() < begin + span), None)
        if outside and back:
            self.at(back, what, ref)
            return False
        actor = "tracker" if outside else "anna"
        self.doors.board.set_status(ref, status, actor, self.clock.now())
        return True


@dataclass
class Looked:
    """The month afterwards."""

    tickets: dict[str, Any]
    promises: list[Any]
    effects: dict[str, Effect]  # by Message-ID
    events: list[Any]
    mails: dict[str, list[tuple[datetime, Effect]]]  # to customers, by ticket, in order
    staff: dict[str, list[tuple[datetime, Effect]]]  # to our own people
    written: dict[str, datetime]  # when the customer last wrote


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    folder = tmp_path_factory.mktemp("month")
    made = build(check(_settings(), folder / "config.toml"), FakeClock(BEGIN))
    clock = made.clock
    assert isinstance(clock, FakeClock)
    lived = Month(made, clock, Post(clock), random.Random(7))
    with structlog.testing.capture_logs():
        lived.live()
    yield lived
    made.close()


def _settings() -> dict[str, Any]:
    topics = {"order": {"owner": STAFF[0], "respond_within": "6h", "resolve_within": "20h"}}
    return table(
        store={"url": "sqlite:///var/month.db"},
        topics=topics,
        replies={"templates": str(ROOT / "templates"), "company": "Example Ltd"},
        follow_up={"chain": [*STAFF[1:]], "quiet_after": "7d", "close_after": "3d"},
        calendar={"timezone": "Europe/Helsinki", "holidays": "FI", "closed": ["2026-12-24"]},
    )


@pytest.fixture(scope="module")
def looked(month: Month) -> Looked:
    """Everything at once."""
    with month.doors.database.reading() as connection:
        effects = {row.message_id: effect_of(row) for row in connection.execute(select(schema.effect))}
        found = Looked(
            tickets={row.ref: row for row in connection.execute(select(schema.ticket))},
            promises=list(connection.execute(select(schema.promise))),
            effects=effects,
            events=list(connection.execute(select(schema.ticket_event))),
            mails={},
            staff={},
            written={row.ticket: row.recorded for row in connection.execute(select(schema.mail).order_by("recorded"))},
        )
    for at, reply in month.post.sent:
        effect = effects[reply.message_id]
        to = found.staff if reply.recipient in STAFF else found.mails
        to.setdefault(effect.letter.ref, []).append((at, effect))
    return found


def test_the_month_was_as_eventful_as_it_should_be(looked: Looked) -> None:
    letters = Counter(effect.letter.template for effect in looked.effects.values() if effect.recipient)
    states = Counter(row.state for row in looked.promises)
    assert len(looked.tickets) == COMPLAINTS
    assert set(letters) >= {"order-complaint", "still-working", "moved", "status", "owner-due", "owner-escalation"}
    assert all(states[state] > 20 for state in ("kept", "renewed", "broken")), states
    assert set(states) <= {state.value for state in PromiseState}


def test_no_promise_is_over_without_anybody_noticing(looked: Looked, month: Month) -> None:
    now = month.clock.now()
    assert [row for row in looked.promises if row.state == "open" and row.due <= now - timedelta(hours=1)] == []
    assert all(row.kept <= row.due for row in looked.promises if row.state == "kept" and row.kept)
    held = [row for row in looked.promises if row.state == "held"]
    assert all(looked.tickets[row.ticket].status == TicketStatus.WAITING for row in held)


def test_a_promise_is_renewed_before_it_breaks_with_a_mail_that_says_so(looked: Looked) -> None:
    given = {(row.mail_id, row.kind, row.number): row for row in looked.promises}
    for row in looked.promises:
        if row.state != PromiseState.RENEWED:
            continue
        new = given[row.mail_id, row.kind, row.number + 1]
        named = f"{row.kind}_by"
        told = [at for at, effect in looked.mails[row.ticket] if getattr(effect.letter, named) == new.due]
        assert told or _acted(looked, row.ticket, new.given), row
        waited = any(getattr(effect.letter, "status", "open") == "waiting" for _, effect in looked.mails[row.ticket])
        assert waited or not told or told[0] <= row.due, row


def _acted(looked: Looked, ref: str, at: datetime) -> bool:
    """A person did something at that very moment, so that the letter was superseded."""
    return any(one.ticket == ref and one.actor and one.at >= at for one in looked.events)


def test_a_promise_breaks_only_after_the_customer_and_those_responsible_have_heard(looked: Looked) -> None:
    for row in looked.promises:
        if row.state != PromiseState.BROKEN:
            continue
        escalated = [at for at, effect in looked.staff[row.ticket] if effect.letter.template == "owner-escalation"]
        assert escalated, row
        assert escalated[0] <= row.due, row
        assert any(row.given < at <= row.due for at, _ in looked.mails[row.ticket]), row


def test_nobody_is_told_a_time_more_often_than_the_configuration_allows(looked: Looked, month: Month) -> None:
    most = month.doors.config.follow_up.renewals
    renewed = Counter(effect.letter.ref for _, effect in _sent(looked) if effect.letter.template == "still-working")
    assert max(row.number for row in looked.promises) <= most + 1  # what rested goes on with one more
    assert max(renewed.values()) <= 2 * (most + 1) + 4


def _sent(looked: Looked) -> Iterator[tuple[datetime, Effect]]:
    for mails in looked.mails.values():
        yield from mails


def test_the_last_mail_tells_the_state_that_the_ticket_is_in(looked: Looked) -> None:
    for ref, ticket in looked.tickets.items():
        at, effect = looked.mails[ref][-1]
        told = getattr(effect.letter, "status", "open")
        same = told == ticket.status or {told, ticket.status} <= set(OVER)
        assert same or looked.written[ref] > at, (ref, told, ticket.status)


def test_every_time_in_a_last_mail_is_still_to_come_or_was_kept(looked: Looked, month: Month) -> None:
    now = month.clock.now()
    kept = {(row.ticket, row.due) for row in looked.promises if row.state == "kept"}
    for ref in looked.tickets:
        letter = looked.mails[ref][-1][1].letter
        for name in ("respond_by", "resolve_by"):
            due = getattr(letter, name)
            assert not due or due > now - timedelta(hours=1) or (ref, due) in kept, (ref, due)


def test_nobody_is_written_to_by_the_same_mail_twice(month: Month) -> None:
    ids = Counter(reply.message_id for _, reply in month.post.sent)
    assert [one for one, times in ids.items() if times > 1] == []


def test_complaints_are_not_closed_by_themselves(looked: Looked) -> None:
    assert [row for row in looked.tickets.values() if row.status == TicketStatus.CLOSED] == []
    assert any(event.kind == "quiet" for event in looked.events)
