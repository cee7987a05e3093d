"""A year of outgoing mail on a clock that is told the time, through a provider that does all that providers do wrong.

`python -m bench.year [--days N] [--mails N] [--seed N]`. Nothing may be lost, nothing go out twice, and nobody be taken
for dead who is not. What the mailbox side does wrong is tried in tests/doors, and a kill in bench.crash.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.doors import Outbox
from pipeline.engine.workers.send import Sender
from pipeline.errors import (
    DeferredError,
    FirstlineError,
    LoginError,
    RejectedError,
    SenderRefusedError,
    UnreachableError,
)
from pipeline.records.effect import EffectKind, EffectState
from pipeline.records.letter import Reply
from pipeline.records.mail import Location, RawMail
from pipeline.route import Route
from pipeline.wiring.live_doors import LiveDoors, build

ROOT = Path(__file__).parents[1]
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
SHORT = timedelta(minutes=15)
SERVED = timedelta(seconds=45)  # after the end of a short trouble
PERSON = timedelta(hours=4)  # between looks of a person at letters that have failed
WATCH = timedelta(minutes=5)  # between looks at what waits for a time of its own

# What befalls the whole server, and for how long; the first are seen by a person who mends them.
TROUBLES: dict[str, Callable[[], FirstlineError]] = {
    "password": lambda: LoginError("it does not accept name and password: 535"),
    "denied": lambda: SenderRefusedError("it refuses us: 550 5.7.60 SendAsDenied"),
    "quota": lambda: SenderRefusedError("it refuses us: 550 5.4.5 Daily user sending quota exceeded"),
    "away": lambda: UnreachableError("nothing listens there"),
    "busy": lambda: DeferredError("451 4.3.0 a table can't be read", unclear=True),
    "directory": lambda: RejectedError("550 unknown user", recipient_unknown=True, unclear=True),
}
# What befalls single customers: the beginning of their names, and what the server says of them.
CUSTOMERS: dict[str, tuple[float, Callable[[], FirstlineError]]] = {
    "dead": (0.015, lambda: RejectedError("550 5.1.1 no such user", recipient_unknown=True)),
    "full": (0.01, lambda: DeferredError("452 4.2.2 mailbox full")),
    "typo": (0.003, lambda: DeferredError("450 4.1.2 no such domain", unclear=True)),
    "alone": (0.003, lambda: SenderRefusedError("it refuses us: 550 5.7.1 only for members of this group")),
}
FULL_FOR = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class YearTrouble:
    """From when to when."""

    kind: str
    begin: datetime
    end: datetime


@dataclass(kw_only=True)
class YearResult:
    """What a year has come to."""

    mails: int = 0
    answered: int = 0
    twice: int = 0  # customers who got more than one letter
    lost: int = 0  # neither answered nor closed by a person who saw that it failed
    blocked: int = 0  # in the bounce memory, and not dead
    late: int = 0  # served later than 45 s after the end of a short trouble
    red: timedelta = timedelta(0)  # the outgoing server stood in `status`
    trouble: timedelta = timedelta(0)  # of that, while it was in trouble, or one letter was refused alone
    indistinct: int = 0  # alone with an answer that two in a row would have shown to be the server's
    tries: int = 0


@dataclass
class Provider(Outbox):
    """The outgoing server."""

    clock: FakeClock
    troubles: Sequence[YearTrouble]
    accepted: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    first_try: dict[str, datetime] = field(default_factory=dict)
    met: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))  # who was tried in which trouble
    tries: int = 0

    def now_in(self) -> YearTrouble | None:
        """The trouble that it is in."""
        now = self.clock.now()
        return next((one for one in self.troubles if one.begin <= now < one.end), None)

    @property
    def indistinct(self) -> set[str]:
        """Who alone met a directory that was away: nobody can tell that from an unknown user."""
        kinds = ((self.troubles[number].kind, met) for number, met in self.met.items())
        return {one for kind, met in kinds if kind == "directory" and len(met) == 1 for one in met}

    def send(self, reply: Reply) -> None:
        """See doors.Outbox.send."""
        if said := self._said(reply):
            raise said

    def send_all(self, replies: Sequence[Reply]) -> list[FirstlineError | None]:
        """See doors.Outbox.send_all."""
        outcomes: list[FirstlineError | None] = []
        for reply in replies:
            outcomes.append(self._said(reply))
            if isinstance(outcomes[-1], UnreachableError):
                return outcomes + [outcomes[-1]] * (len(replies) - len(outcomes))
        return outcomes

    def _said(self, reply: Reply) -> FirstlineError | None:
        self.tries += 1
        if trouble := self.now_in():
            self.met[self.troubles.index(trouble)].add(reply.recipient)
            return TROUBLES[trouble.kind]()
        first = self.first_try.setdefault(reply.recipient, self.clock.now())
        special = kind_of(reply.recipient)
        if special and not (special == "full" and self.clock.now() - first > FULL_FOR):
            return CUSTOMERS[special][1]()
        self.accepted[reply.recipient].append(self.clock.now())
        return None

    def check(self) -> None:
        """See doors.Outbox.check."""

    def close(self) -> None:
        """See doors.Outbox.close."""


@dataclass
class NewSecret:
    """In place of LogInWatch: a person has put a new password into its file when that trouble ends."""

    provider: Provider
    _refused: bool = False

    def refused(self) -> None:
        """See LogInWatch.refused."""
        self._refused = True

    def has_changed(self) -> bool:
        """See LogInWatch.has_changed."""
        trouble = self.provider.now_in()
        changed = self._refused and (trouble is None or trouble.kind != "password")
        self._refused = self._refused and not changed
        return changed


def kind_of(address: str) -> str:
    """What befalls this customer, ''."""
    name = address.partition("@")[0].rstrip("0123456789")
    return name if name in CUSTOMERS else ""


def plan(chance: random.Random, days: int, apart: float) -> list[YearTrouble]:
    """One after about so many hours, most of them short; none touches another."""
    found, at = [], BEGIN
    end = BEGIN + timedelta(days=days)
    while (at := at + timedelta(hours=chance.expovariate(1 / apart))) < end - timedelta(days=2):
        long = chance.random() < 0.2
        span = timedelta(minutes=chance.uniform(60, 1500) if long else chance.uniform(0.5, 15))
        found.append(YearTrouble(kind=chance.choice([*TROUBLES]), begin=at, end=at + span))
        at += span + timedelta(hours=1)
    return found


def customers(chance: random.Random, mails: int, days: int) -> list[tuple[datetime, str]]:
    """When somebody writes, and who: each once."""
    names, shares = [*CUSTOMERS, ""], [share for share, _ in CUSTOMERS.values()]
    shares.append(1 - sum(shares))
    kinds = chance.choices(names, shares, k=mails)
    times = sorted(BEGIN + timedelta(days=days) * chance.random() for _ in range(mails))
    return [(at, f"{kind or 'c'}{n}@d{n}.example") for n, (at, kind) in enumerate(zip(times, kinds, strict=True))]


@dataclass
class Year:
    """The whole of it."""

    doors: LiveDoors
    provider: Provider
    coming: list[tuple[datetime, str]]
    result: YearResult = field(default_factory=YearResult)
    arrived: dict[str, datetime] = field(default_factory=dict)

    def live(self, until: datetime) -> YearResult:
        """Until then, and five days more in which what waits comes to its end."""
        clock, route = self.provider.clock, self.doors.route(None)
        sender = self._sender(route)
        looked = clock.now()
        while clock.now() < until + timedelta(days=6):
            self._arrive(route)
            if sender.log_in and sender.log_in.has_changed():
                sender.backoff.at_once()
            while not sender.backoff.remaining(clock.monotonic()) and sender.work():
                pass
            if clock.now() - looked > PERSON:
                looked = clock.now()
                self._look_at_failed()
            self._pass(sender)
        self._look_at_failed()
        return self._counted()

    def _sender(self, route: Route) -> Sender:
        watch = NewSecret(self.provider)
        return Sender(
            outbox=self.provider,
            journal=self.doors.effects,
            clock=self.provider.clock,
            route=lambda: route,
            wake=threading.Event(),
            log_in=watch,  # type: ignore[arg-type]
        )

    def _arrive(self, route: Route) -> None:
        now, batch = self.provider.clock.now(), []
        while self.coming and self.coming[0][0] <= now:
            _, address = self.coming.pop(0)
            self.arrived[address] = now
            batch.append(_mail(len(self.arrived), address, now))
        if batch:
            route.take(batch, None)

    def _look_at_failed(self) -> None:
        """A person sees what has failed, and closes it."""
        from pipeline.desk.settle import Word, settle

        if failed := self.doors.effects.left_over(EffectKind.ACKNOWLEDGE, EffectState.FAILED):
            settle(self.doors, [effect.mail_id for effect in failed], Word.SEEN)

    def _pass(self, sender: Sender) -> None:
        """On to whatever comes next; counts for how long the server stands in `status`."""
        clock = self.provider.clock
        now, rest = clock.now(), sender.backoff.remaining(clock.monotonic())
        edges = [edge for one in self.provider.troubles for edge in (one.begin, one.end) if edge > now]
        then = [now + WATCH, *edges[:1], *(at for at, _ in self.coming[:1] if at > now)]
        then += [now + timedelta(seconds=rest)] if rest else []
        span = max(min(then) - now, timedelta(milliseconds=1))
        if sender.unreachable:
            self.result.red += span
            self.result.trouble += span if self.provider.now_in() or sender.suspicion.lasts else timedelta(0)
        clock.pass_by(span)

    def _counted(self) -> YearResult:
        result, accepted = self.result, self.provider.accepted
        result.mails, result.answered, result.tries = len(self.arrived), len(accepted), self.provider.tries
        result.twice = sum(len(found) > 1 for found in accepted.values())
        cancelled = self.doors.effects.left_over(EffectKind.ACKNOWLEDGE, EffectState.CANCELLED)
        closed = {effect.recipient for effect in cancelled}
        result.lost = sum(one not in accepted and one not in closed for one in self.arrived)
        indistinct = self.provider.indistinct
        result.lost += sum(kind_of(one) in ("", "full") for one in closed - indistinct)
        bounced = self.doors.effects.bounced([*self.arrived], BEGIN - timedelta(days=1))
        result.blocked = sum(kind_of(one) != "dead" for one in bounced if one not in indistinct)
        result.indistinct = len(indistinct)
        result.late = sum(map(self._served_late, self.provider.troubles))
        return result

    def _served_late(self, one: YearTrouble) -> int:
        """Log-ins apart; what was refused alone waits for itself."""
        if one.end - one.begin > SHORT or one.kind == "password":
            return 0
        meant = [name for name, at in self.arrived.items() if one.begin <= at < one.end and not kind_of(name)]
        accepted = self.provider.accepted
        return sum(accepted[name][0] > one.end + SERVED for name in meant if name in accepted)


def _mail(uid: int, address: str, now: datetime) -> RawMail:
    raw = (
        f"From: <{address}>\r\nTo: <support@example.com>\r\nSubject: Question {uid}\r\n"
        f"Message-ID: <q{uid}@d.example>\r\n\r\nWhere is parcel {uid}?\r\n"
    ).encode()
    place = Location(mailbox="support", uidvalidity=1, uid=uid)
    return RawMail(location=place, received=now, raw=raw, size=len(raw))


@contextmanager
def _doors(folder: Path) -> Iterator[LiveDoors]:
    settings = {
        "store": {"url": f"sqlite:///{folder}/year.db"},
        "mailbox": {
            "support": {
                "host": "127.0.0.1",
                "username": "support",
                "password": {"env": "NONE"},
                "addresses": ["support@example.com"],
                "first_run": "acknowledge",
            }
        },
        "smtp": {"host": "127.0.0.1", "security": "none", "from": "Support <support@example.com>"},
        "replies": {"templates": str(ROOT / "templates"), "company": "Example Ltd"},
    }
    doors = build(check(settings, folder / "config.toml"), FakeClock(BEGIN))
    try:
        yield doors
    finally:
        doors.close()


def simulate(*, days: int = 365, mails: int = 20_000, seed: int = 1, apart: float = 80) -> YearResult:
    """One year, always the same for the same seed. `apart`: hours between troubles."""
    chance = random.Random(seed)
    random.seed(seed)  # the jitter of waits, and which letter tries a server that refuses us
    folder = Path(tempfile.mkdtemp(prefix="year-"))
    try:
        with _doors(folder) as doors:
            assert isinstance(doors.clock, FakeClock)
            troubles = plan(chance, days, apart)
            year = Year(doors, Provider(doors.clock, troubles), customers(chance, mails, days))
            return year.live(BEGIN + timedelta(days=days))
    finally:
        shutil.rmtree(folder)


def main() -> None:
    """Prints the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("days", 365), ("mails", 20_000), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    given = parser.parse_args()
    print(simulate(days=given.days, mails=given.mails, seed=given.seed))


if __name__ == "__main__":
    main()
