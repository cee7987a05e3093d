"""Servers that are away for minutes to days, on a clock that is told the time: everybody is served, in order."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.config.values import Rate
from pipeline.desk.health import health
from pipeline.doors import Outbox
from pipeline.engine import schedule
from pipeline.engine.shared import RUN, STOPPED, Engine
from pipeline.engine.workers.allowance import OwnAllowance
from pipeline.engine.workers.fetch import Fetcher
from pipeline.engine.workers.send import BACKLOG, Sender
from pipeline.errors import (
    DeferredError,
    FirstlineError,
    RejectedError,
    SenderRefusedError,
    UncertainError,
    UnreachableError,
)
from pipeline.records.effect import EffectKind, EffectState
from pipeline.records.labels import Labels
from pipeline.records.letter import Reply
from pipeline.records.mail import Folder, Location, Mail, RawMail
from pipeline.retry import RESEND, Backoff
from pipeline.route import Route
from pipeline.wiring.live_doors import LiveDoors, build
from tests.samples import NOON, labels, table

ROOT = Path(__file__).parents[2]
SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))
TOPICS = {"quick": {"respond_within": "1h"}, "slow": {"respond_within": "8h"}}


class BySubject:
    """Takes the first word of the subject for the topic."""

    version = "v1"

    def predict(self, mails: Sequence[Mail]) -> list[Labels]:
        return [labels(topic=mail.subject.split()[0]) for mail in mails]

    def explain(self, mail: Mail, top: int = 8) -> dict[str, Any]:
        return {}


class Trouble:
    """From when to when a server is away, and what it does meanwhile."""

    def __init__(self, clock: FakeClock, begin: datetime, end: datetime, raises: Callable[[], Exception]) -> None:
        self.clock, self.begin, self.end, self.raises = clock, begin, end, raises
        self.takes = timedelta(0)  # until the client gives up
        self.tries: list[datetime] = []

    def meet(self) -> None:
        """Raises while it lasts."""
        if self.begin <= self.clock.now() < self.end:
            self.tries.append(self.clock.now())
            self.clock.pass_by(self.takes)
            raise self.raises()


@dataclass
class Server(Outbox):
    """An outgoing server."""

    trouble: Trouble
    accepted: list[tuple[datetime, Reply]] = field(default_factory=list)

    def send(self, reply: Reply) -> None:
        self.trouble.meet()
        self.accepted.append((self.trouble.clock.now(), reply))

    def check(self) -> None: ...

    def close(self) -> None: ...

    @property
    def recipients(self) -> list[str]:
        return [reply.recipient.partition("@")[0] for _, reply in self.accepted]


@dataclass
class World:
    """A Firstline whose time passes when its sender waits."""

    doors: LiveDoors
    clock: FakeClock
    uid: int = 0

    @property
    def route(self) -> Route:
        return self.doors.route(BySubject())

    def arrive(self, name: str, topic: str = "slow") -> None:
        """Somebody's mail is recorded now."""
        self.route.take([self.mail(name, topic)], None)

    def mail(self, name: str, topic: str = "slow") -> RawMail:
        self.uid += 1
        raw = f"From: {name}@{name}.example\r\nTo: support@example.com\r\nSubject: {topic} {name}\r\n\r\nHello {name}."
        place = Location(mailbox="support", uidvalidity=1, uid=self.uid)
        return RawMail(location=place, received=self.clock.now(), raw=raw.encode(), size=len(raw))

    def sender(self, server: Server, until: datetime, **changes: Any) -> Sender:
        return Sender(
            outbox=server,
            clock=self.clock,
            route=lambda: self.route,
            stopped=lambda: self.clock.now() >= until,
            **{"journal": self.doors.effects, "backoff": Backoff(), "wake": Wake(self.clock), **changes},
        )

    def states(self) -> set[EffectState]:
        everything = [self.doors.effects.left_over(EffectKind.ACKNOWLEDGE, state) for state in EffectState]
        return {effects[0].state for effects in everything if effects}


class Wake:
    """In place of an Event: waiting lets time pass, and things happen when their time has come."""

    def __init__(self, clock: FakeClock, *, plan: Sequence[tuple[datetime, Callable[[], None]]] = ()) -> None:
        self.clock, self.plan = clock, sorted(plan, key=lambda item: item[0])

    def wait(self, seconds: float) -> bool:
        self.clock.pass_by(timedelta(seconds=seconds))
        while self.plan and self.plan[0][0] <= self.clock.now():
            self.plan.pop(0)[1]()
        return False

    def set(self) -> None: ...

    def clear(self) -> None: ...


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    templates = tmp_path / "templates"
    shutil.copytree(ROOT / "templates", templates)
    for name in TOPICS:
        shutil.copy(templates / "en/neutral.txt", templates / f"en/{name}.txt")
    box = table()["mailbox"]["support"]
    settings = table(topics=TOPICS, replies={"templates": "templates"}, mailbox={"support": box})
    clock = FakeClock(NOON)
    doors = build(check(settings, tmp_path / "config.toml"), clock)
    yield World(doors, clock)
    doors.close()


def refused() -> Exception:
    return UnreachableError("nothing listens there")


# --- the outgoing server ----------------------------------------------------------------------------------------------

AWAY = {
    "refusing": (refused, timedelta(0)),
    "hanging": (lambda: UnreachableError("it does not answer in time"), 30 * SECOND),
    "an expired certificate": (lambda: UnreachableError("its certificate is not accepted"), SECOND),
    "a sender that may not send": (lambda: SenderRefusedError("it refuses us: 550 5.7.60 SendAsDenied"), SECOND),
    "a quota that is used up": (lambda: SenderRefusedError("it refuses us: 454 sending quota exceeded"), SECOND),
    "an answer that means all": (lambda: DeferredError("451 4.3.0 a table can't be read", unclear=True), SECOND),
    "a directory that is away": (
        lambda: RejectedError("550 unknown user", recipient_unknown=True, unclear=True),
        SECOND,
    ),
}


@pytest.mark.parametrize("kind", AWAY)
@pytest.mark.parametrize("span", [5 * MINUTE, 15 * MINUTE])
def test_everybody_is_served_within_a_minute_of_its_return_and_once(world: World, kind: str, span: timedelta) -> None:
    begin, end = NOON, NOON + span
    raises, takes = AWAY[kind]
    server = Server(Trouble(world.clock, begin, end, raises))
    server.trouble.takes = takes
    names = [f"n{number}" for number in range(30)]
    plan = [(begin + span * number / 30, lambda name=name: world.arrive(name)) for number, name in enumerate(names)]
    sender = world.sender(server, end + 2 * MINUTE, wake=Wake(world.clock, plan=plan))
    sender.serve()

    assert sorted(server.recipients) == sorted(names)
    assert max(at for at, _ in server.accepted) <= end + MINUTE
    assert len({reply.message_id for _, reply in server.accepted}) == 30
    assert world.states() == {EffectState.DONE}
    assert {effect.attempts for effect in world.doors.effects.left_over(EffectKind.ACKNOWLEDGE, EffectState.DONE)} == {
        1
    }
    assert sender.unreachable == ""
    assert len(server.trouble.tries) <= span.total_seconds() / 24 + 8  # never a storm: 30 s apart less the jitter


@pytest.mark.parametrize("once", [True, False], ids=["once", "run"])
def test_a_provider_gets_no_more_letters_a_minute_than_it_takes(world: World, once: bool) -> None:
    server = Server(Trouble(world.clock, NOON, NOON, refused))
    for number in range(70):
        world.arrive(f"n{number}")
    allowance = OwnAllowance(Rate(count=28, window=MINUTE))
    sender = world.sender(server, NOON + 3 * MINUTE, allowance=allowance)
    (sender.drain if once else sender.serve)()
    times = [at for at, _ in server.accepted]
    assert len(times) == 70
    assert max(sum(at <= other < at + MINUTE for other in times) for at in times) == 28
    assert times[-1] < NOON + 2 * MINUTE + 5 * SECOND


def test_a_limit_costs_nothing_after_an_outage(world: World) -> None:
    """What was claimed while the server was away did not go out, and uses up no allowance."""
    end = NOON + 2 * MINUTE
    server = Server(Trouble(world.clock, NOON, end, refused))
    for number in range(20):
        world.arrive(f"n{number}")
    sender = world.sender(server, end + 2 * MINUTE, allowance=OwnAllowance(Rate(count=20, window=MINUTE)))
    sender.serve()
    assert len(server.accepted) == 20
    assert max(at for at, _ in server.accepted) <= end + MINUTE


def test_what_was_claimed_under_another_name_is_not_sent(world: World) -> None:
    """One of several workers counted as lost while it hung, and has joined anew: its letters are others' by now."""
    server = Server(Trouble(world.clock, NOON, NOON, refused))
    for number in range(5):
        world.arrive(f"n{number}")
    sender = world.sender(server, NOON + MINUTE)
    sender.may_work = lambda: "before" if len(server.accepted) < 2 else "anew"
    assert sender.work()
    assert len(server.accepted) == 2
    assert sender.work()
    assert sorted(server.recipients) == sorted(f"n{number}" for number in range(5))


def test_a_clock_that_is_put_back_lets_letters_go_out(world: World) -> None:
    allowance = OwnAllowance(Rate(count=1, window=MINUTE))
    assert allowance.take(1, world.clock.now()) == 1
    assert allowance.take(1, world.clock.now()) == 0
    world.clock.pass_by(-HOUR)
    assert allowance.take(1, world.clock.now()) == 1


def test_a_backlog_is_worked_off_new_mail_first_then_by_promise(world: World) -> None:
    end = NOON + 10 * MINUTE
    server = Server(Trouble(world.clock, NOON, end, refused))
    for number in range(5):
        world.arrive(f"slow{number}", "slow")
        world.arrive(f"quick{number}", "quick")
        world.clock.pass_by(SECOND)
    plan = [(end, lambda: world.arrive("new", "slow"))]  # untried, or it would be one of the backlog
    world.sender(server, end + 2 * MINUTE, wake=Wake(world.clock, plan=plan)).serve()
    assert server.recipients == ["new", *(f"quick{n}" for n in range(5)), *(f"slow{n}" for n in range(5))]


def test_an_outage_beyond_max_age_is_told_as_late_and_what_came_since_is_answered_as_ever(world: World) -> None:
    server = Server(Trouble(world.clock, NOON, NOON + 4 * DAY, refused))
    _days_without(world, server)
    sent = {effect.recipient: effect.sent.template for effect in _done(world)}
    assert sent == {"early@early.example": "late", "recent@recent.example": "slow"}


def test_without_a_letter_for_it_nobody_is_answered_late(world: World) -> None:
    for file in (world.doors.config.at("templates")).glob("*/late.*"):
        file.unlink()
    server = Server(Trouble(world.clock, NOON, NOON + 4 * DAY, refused))
    _days_without(world, server)
    assert server.recipients == ["recent"]
    assert world.states() == {EffectState.DONE, EffectState.CANCELLED}


def _days_without(world: World, server: Server) -> None:
    """One mail at the beginning of four days, one near their end."""
    world.arrive("early")
    world.sender(server, NOON + MINUTE).serve()
    world.clock.at = NOON + 4 * DAY - MINUTE
    world.arrive("recent")
    world.sender(server, NOON + 4 * DAY + MINUTE).serve()


def _done(world: World) -> Sequence[Any]:
    return world.doors.effects.left_over(EffectKind.ACKNOWLEDGE, EffectState.DONE)


def test_a_mail_that_is_put_off_does_not_hold_up_the_others(world: World) -> None:
    """4xx for one of them only, as a full mailbox gives it: it comes later, with a backoff of its own."""
    server = Server(Trouble(world.clock, NOON, NOON, refused))
    takes = server.send

    def send(reply: Reply) -> None:
        if reply.recipient.startswith("full") and world.clock.now() < NOON + 20 * MINUTE:
            server.trouble.tries.append(world.clock.now())
            raise DeferredError("452 4.2.2 mailbox full")
        takes(reply)

    server.send = send  # type: ignore[method-assign]
    for name in ("full", "a", "b"):
        world.arrive(name)
    world.sender(server, NOON + 40 * MINUTE).serve()
    assert sorted(server.recipients[:2]) == ["a", "b"]
    assert server.recipients[2:] == ["full"]
    assert len(server.trouble.tries) <= 6


# --- a server that breaks off in the middle of letters: nobody knows whether it has them ------------------------------


@dataclass
class Breaking(Server):
    """Takes several letters together. It breaks off while its trouble lasts, and always at those in `poison`."""

    poison: str = "-"
    sent: list[list[str]] = field(default_factory=list)

    at_once = 20

    def send_all(self, replies: Sequence[Reply]) -> list[FirstlineError | None]:
        self.sent.append([reply.recipient.partition("@")[0] for reply in replies])
        outcomes: list[FirstlineError | None] = []
        for reply in replies:
            try:
                self.send(reply)
                outcomes.append(None)
            except UnreachableError:
                return outcomes + [UncertainError("the line broke")] * (len(replies) - len(outcomes))
        return outcomes

    def send(self, reply: Reply) -> None:
        if reply.recipient.startswith(self.poison):
            raise UnreachableError("the line broke")
        super().send(reply)


def working(world: World, server: Any, until: datetime, *plan: tuple[datetime, Callable[[], None]]) -> Sender:
    """As `run` works: what is uncertain is looked at now and then."""
    engine = Engine(world.doors)
    looks = [world.clock.now() + 5 * SECOND * look for look in range(int((until - world.clock.now()) / (5 * SECOND)))]
    resolve: Any = [(at, lambda: schedule.resolve_again(engine)) for at in looks]
    return world.sender(server, until, backoff=engine.backoff, wake=Wake(world.clock, plan=[*resolve, *plan]))


@pytest.mark.parametrize("span", [2 * MINUTE, 20 * MINUTE, 4 * HOUR])
def test_a_server_that_breaks_off_in_every_letter_for_long_leaves_nobody_for_a_person(
    world: World, span: timedelta
) -> None:
    end = NOON + span
    server = Breaking(Trouble(world.clock, NOON, end, refused))
    for number in range(30):
        world.arrive(f"old{number:02}")
    sender = working(world, server, end + 2 * MINUTE, (end - SECOND, lambda: world.arrive("new")))
    sender.serve()
    assert len(server.recipients) == 31
    assert world.states() == {EffectState.DONE}
    assert max(at for at, _ in server.accepted) <= end + MINUTE
    assert sender.unreachable == ""
    tried = Counter(name for group in server.sent for name in group)
    assert max(tried.values()) <= (RESEND.tries or 0) + 1  # so many copies may somebody get, all under one Message-ID
    together = [len(group) for group in server.sent]
    assert set(together) == {1}  # no backlog: each letter is committed as soon as the server has it
    assert len(together) <= span / (24 * SECOND) + 65


@pytest.mark.parametrize(("waiting", "together"), [(1, 1), (BACKLOG, 1), (BACKLOG + 1, 20)])
def test_letters_are_sent_in_groups_only_in_a_real_backlog(world: World, waiting: int, together: int) -> None:
    """What is sent together may come a second time after a kill."""
    server = Breaking(Trouble(world.clock, NOON, NOON, refused))
    for number in range(waiting):
        world.arrive(f"old{number}")
    sender = world.sender(server, NOON + MINUTE)
    assert sender.work()
    assert len(server.sent[0]) == together


def test_a_letter_that_a_server_breaks_off_at_is_held_and_the_others_go_out(world: World) -> None:
    server = Breaking(Trouble(world.clock, NOON, NOON, refused), poison="bad")
    for name in ("a", "bad", "b", "c"):
        world.arrive(name)
    working(world, server, NOON + 20 * MINUTE, (NOON + 10 * MINUTE, lambda: world.arrive("later"))).serve()
    assert sorted(server.recipients) == ["a", "b", "c", "later"]
    (held,) = world.doors.effects.left_over(EffectKind.ACKNOWLEDGE, EffectState.UNCERTAIN)
    assert held.recipient == "bad@bad.example"
    assert (RESEND.tries or 0) <= held.attempts <= (RESEND.tries or 0) + 1
    assert sum("bad" in group for group in server.sent) == held.attempts


def test_a_server_that_breaks_off_stands_in_status_until_it_takes_a_letter(world: World) -> None:
    end = NOON + 2 * MINUTE
    server = Breaking(Trouble(world.clock, NOON, end, refused))
    for name in "abc":
        world.arrive(name)
    sender = working(world, server, end + MINUTE)
    sender.stopped = lambda: world.clock.now() >= end
    sender.serve()
    assert sender.unreachable.startswith("the line broke")
    sender.stopped = lambda: world.clock.now() >= end + MINUTE
    sender.serve()
    assert sender.unreachable == ""


def test_tries_of_many_installations_do_not_fall_on_one_moment() -> None:
    waits = {round(_tenth_wait(), 3) for _ in range(50)}
    assert len(waits) > 20
    assert 24 <= min(waits) <= max(waits) <= 30


def _tenth_wait() -> float:
    backoff = Backoff()
    for number in range(9):
        backoff.failed(3600.0 * number)
    return backoff.failed(36_000.0)


def test_connections_share_one_backoff(world: World) -> None:
    backoff = Backoff()
    first, second = backoff.failed(0.0), backoff.failed(0.0)
    assert first == second
    assert backoff.remaining(0.0) == first


def test_a_connection_whose_work_another_one_did_is_no_longer_in_trouble(world: World) -> None:
    server = Server(Trouble(world.clock, NOON, NOON + MINUTE, refused))
    backoff = Backoff()
    world.arrive("a")
    stuck = world.sender(server, NOON + 10 * SECOND, backoff=backoff)
    stuck.serve()
    assert stuck.unreachable
    world.clock.at = NOON + 2 * MINUTE
    world.sender(server, NOON + 3 * MINUTE, backoff=backoff).serve()
    assert server.recipients == ["a"]
    stuck.stopped = lambda: world.clock.now() >= NOON + 4 * MINUTE
    stuck.serve()
    assert stuck.unreachable == ""


# --- the database -----------------------------------------------------------------------------------------------------


class Store:
    """The journal of a database that comes and goes."""

    def __init__(self, journal: Any, trouble: Trouble, deaf: Sequence[str]) -> None:
        self.journal, self.trouble, self.deaf = journal, trouble, deaf

    def __getattr__(self, name: str) -> Any:
        if name in self.deaf:
            self.trouble.meet()
        return getattr(self.journal, name)


@pytest.mark.parametrize(
    "deaf", [("settle",), ("due", "take", "settle"), ("take",), ("bounced",), ("count_open",)], ids=" ".join
)
def test_a_database_that_is_away_while_mail_goes_out_makes_nothing_go_out_twice(
    world: World, deaf: Sequence[str]
) -> None:
    end = NOON + 30 * MINUTE
    trouble = Trouble(
        world.clock, NOON + SECOND, end, lambda: UnreachableError("the database does not work: disk full")
    )
    server = Server(Trouble(world.clock, NOON, NOON, refused))
    for number in range(25):
        world.arrive(f"n{number}")
    world.clock.pass_by(SECOND)
    sender = world.sender(server, end + 2 * MINUTE, journal=Store(world.doors.effects, trouble, deaf))
    sender.serve()
    assert sorted(server.recipients) == sorted(f"n{number}" for number in range(25))
    assert world.states() == {EffectState.DONE}
    assert sender.unreachable == ""
    assert trouble.tries  # or it was never away


# --- the mailbox ------------------------------------------------------------------------------------------------------


class Box:
    """A mailbox on a server that comes and goes; a line may break after so many messages."""

    name = "support"

    def __init__(self, trouble: Trouble) -> None:
        self.trouble, self.mails, self.breaks_after = trouble, [], 1_000

    def open(self) -> Folder:
        self.trouble.meet()
        return Folder(uidvalidity=1, uidnext=len(self.mails) + 1)

    def uids(self, first: int, *, freshly: bool = False) -> list[int]:
        return [mail.location.uid for mail in self.mails if mail.location.uid >= first]

    def fetch(self, uids: Sequence[int]) -> Iterator[list[RawMail]]:
        for number, uid in enumerate(uids):
            if number == self.breaks_after:
                raise UnreachableError("the conversation broke off")
            yield [mail for mail in self.mails if mail.location.uid == uid]

    def mark(self, locations: Sequence[Location]) -> None: ...

    def wait(self, seconds: float) -> bool:
        return False

    def close(self) -> None: ...


def fetcher(world: World, box: Box) -> Fetcher:
    return Fetcher(
        mailbox=box,
        settings=world.doors.config.mailbox["support"],
        ledger=world.doors.ledger,
        undelivered=world.doors.undelivered,
        clock=world.clock,
        route=lambda: world.route,
    )


def test_after_days_without_the_mailbox_old_mail_is_recorded_and_only_the_rest_is_answered(world: World) -> None:
    box = Box(Trouble(world.clock, NOON, NOON + 4 * DAY, refused))
    reader = fetcher(world, box)
    world.clock.at = NOON - MINUTE
    reader.read()  # the first run is over before
    for hours in (1, 12, 23, 30, 80, 95):
        world.clock.at = NOON + hours * HOUR
        box.mails.append(world.mail(f"h{hours}"))
        with pytest.raises(UnreachableError):
            reader.read()
    world.clock.at = NOON + 4 * DAY
    reader.read()
    assert (reader.counts["recorded"], reader.counts["acknowledged"]) == (3, 3)
    server = Server(Trouble(world.clock, NOON, NOON, refused))
    world.sender(server, NOON + 4 * DAY + MINUTE).serve()
    assert sorted(server.recipients) == ["h30", "h80", "h95"]  # read in one and the same moment


def test_a_line_that_breaks_in_every_pass_still_gets_on(world: World) -> None:
    box = Box(Trouble(world.clock, NOON, NOON, refused))
    reader = fetcher(world, box)
    reader.read()
    box.mails, box.breaks_after = [world.mail(f"n{number}") for number in range(7)], 2
    passes = 0
    while reader.counts["fetched"] < 7:
        passes += 1
        try:
            reader.read()
        except UnreachableError:
            assert passes < 5
    assert (reader.counts["acknowledged"], reader.counts["known"]) == (7, 0)


# --- what status says -------------------------------------------------------------------------------------------------


def complaints(world: World) -> list[str]:
    return [problem["what"] for problem in health(world.doors)["problems"] if "mailbox.support" in problem["what"]]


def test_a_changed_password_stands_in_status_after_the_next_pass(world: World) -> None:
    world.doors.reading.note_pass("mailbox.support", NOON, "it does not accept name and password")
    assert complaints(world) == ["mailbox.support: it does not accept name and password"]


@pytest.mark.parametrize(
    ("said", "after", "seen"),
    [
        ("", 1 * MINUTE, False),
        ("", 2 * MINUTE + SECOND, True),  # `run` is up, or died without a word: two polls
        (STOPPED, 9 * MINUTE, False),  # `once` from cron: [health] last_pass
        (STOPPED, 11 * MINUTE, True),
    ],
)
def test_a_reader_that_does_not_come_round_is_seen_within_two_polls(
    world: World, said: str, after: timedelta, seen: bool
) -> None:
    world.doors.reading.note_pass("mailbox.support", NOON)
    world.doors.reading.note_pass(RUN, NOON, said)
    world.clock.pass_by(after)
    assert bool(complaints(world)) is seen
