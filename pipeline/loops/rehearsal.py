"""Firstline opposite machines: a day of mail on a clock of its own, in a store of its own, without any network.

What is rehearsed is the operator's own configuration: the rules and limits of [guard], the topics, the letters. All
opponents write in one stream, with real customers among them: every customer must be answered, and no machine may keep
a conversation going.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from pipeline.clock import Clock, FakeClock
from pipeline.config.guard import FormConfig
from pipeline.config.settings import Config
from pipeline.doors import Outbox, Predictor
from pipeline.errors import ConfigError
from pipeline.loops.opponents import Opponent, PassedOn, opponents, without_marks, write_mail
from pipeline.records.decision import Judged
from pipeline.records.effect import EffectKind
from pipeline.records.letter import Reply
from pipeline.records.mail import Location, RawMail
from pipeline.records.ticket import TicketAction
from pipeline.records.verdict import VerdictKind
from pipeline.replies.articles import ArticleShelf
from pipeline.replies.letters import TemplateLetters
from pipeline.route import Route
from pipeline.store.database import Database
from pipeline.store.effects import Effects
from pipeline.store.ledger import Ledger
from pipeline.store.past import Windows
from pipeline.text.numbers import many
from pipeline.tokens import Signer

TURN = timedelta(seconds=5)  # from our mail to their answer
TURNS = 60  # then every limit that counts senders and domains has been met
LAST = 10  # turns at the end in which nobody may be acknowledged any more
MOST = 1_200  # mails of one opponent, then it has run away and is heard no more
MOST_SWARM = 6_000  # mails of the swarm, a tenth more than the limit lets through: a larger one is not tried
BATCH = 200


class RehearsalDoors(Protocol):
    """What a rehearsal uses of the operator's own: all the rest is made for it."""

    @property
    def config(self) -> Config:
        """The configuration."""

    @property
    def clock(self) -> Clock:
        """The time."""

    @property
    def letters(self) -> TemplateLetters:
        """The reply templates."""

    @property
    def articles(self) -> ArticleShelf:
        """The help pages."""

    def predictor_if_any(self) -> tuple[Predictor | None, str]:
        """The model in use, or None; and what is wrong with it, ''."""


@dataclass(frozen=True, kw_only=True)
class LoopResult:
    """How it went with one opponent. `well` None: could not be tried."""

    opponent: str
    received: int  # mails of theirs
    acknowledged: int
    verdict: str
    well: bool | None


@dataclass
class PostOffice(Outbox):
    """Takes what is sent, and keeps it."""

    sent: list[Reply] = field(default_factory=list)

    def send(self, reply: Reply) -> None:
        """Keeps it."""
        self.sent.append(reply)

    def check(self) -> None:
        """There is nothing to connect to."""

    def close(self) -> None:
        """There is nothing to close."""


@dataclass
class Side:
    """One Firstline: takes mail in, and gives out what it sends."""

    route: Route
    effects: Effects
    mailbox: str
    clock: FakeClock
    uid: int = 0

    def take(self, mails: Sequence[bytes]) -> list[Judged]:
        """Judged and recorded in batches, as a mailbox would hand them over."""
        raws = [self._raw(data) for data in mails]
        judged: list[Judged] = []
        for start in range(0, len(raws), BATCH):
            judged += self.route.take(raws[start : start + BATCH], None)[0]
        return judged

    def send(self) -> list[Reply]:
        """What is due now."""
        post = PostOffice()
        while due := self.effects.due(EffectKind.ACKNOWLEDGE, self.clock.now(), BATCH):
            self.effects.claim([effect.key for effect in due], self.clock.now())
            self.effects.settle([self.route.acknowledge(effect, post) for effect in due], self.clock.now())
        return post.sent

    def _raw(self, data: bytes) -> RawMail:
        self.uid += 1
        place = Location(mailbox=self.mailbox, uidvalidity=1, uid=self.uid)
        return RawMail(location=place, received=self.clock.now(), raw=data, size=len(data))


@dataclass(kw_only=True)
class Mirror:
    """Another Firstline with the same settings, opposite ours."""

    name: str
    domain: str
    side: Side
    stripped: bool = False  # a gateway in between takes the marks out, both ways

    def writes(self, turn: int, to: str) -> Sequence[bytes]:
        """One question at the start."""
        person = {"To": to, "Subject": "A question from one desk to another"}
        return [] if turn else [write_mail(f"desk@{self.domain}", 1, person, "Do you deliver to Norway?")]

    def answers(self, reply: Reply) -> Sequence[bytes]:
        """What the other Firstline answers to ours."""
        self.side.take([self._passed(reply)])
        return [self._passed(answer) for answer in self.side.send()]

    def _passed(self, reply: Reply) -> bytes:
        return without_marks(reply.data) if self.stripped else reply.data


@dataclass
class _Score:
    received: int = 0
    acknowledged: int = 0
    last: int = 0  # turn of the last acknowledgement
    threads: Counter[tuple[str, str]] = field(default_factory=Counter)  # acknowledgements by sender and thread
    told: set[tuple[str, str]] = field(default_factory=set)  # of these, whom a further one told of a new ticket

    @property
    def most(self) -> int:
        """Acknowledgements in one conversation, beside the one that tells of a ticket."""
        return max((times - (key in self.told) for key, times in self.threads.items()), default=0)


class Rehearsal:
    """Our side and everybody opposite, turn by turn."""

    def __init__(self, side: Side, config: Config, opposite: Sequence[Opponent]) -> None:
        self.side, self.opposite = side, opposite
        box = config.mailbox[side.mailbox]
        assert config.smtp is not None  # noqa: S101  (rehearse has looked)
        self.address = box.addresses[0] if box.addresses else config.our_addresses[0]
        self.by_domain = {opponent.domain: opponent for opponent in opposite}
        self.scores = {opponent.name: _Score() for opponent in opposite}
        self.customers = _Score()
        self.answered = 0  # customers whom the guard lets be answered

    def run(self) -> list[LoopResult]:
        """All turns; what became of each opponent, and of the customers among them."""
        waiting: list[tuple[str, bytes]] = []
        for turn in range(TURNS):
            waiting += [(one.name, mail) for one in self.opposite for mail in one.writes(turn, self.address)]
            waiting = self._turn(turn, waiting)
            self.side.clock.pass_by(TURN)
        return [*(_found(name, score) for name, score in self.scores.items()), self._customers()]

    def _turn(self, turn: int, waiting: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
        """Takes in what waits and one customer's mail; returns what the opponents answer."""
        for name, _ in waiting:
            self.scores[name].received += 1
        judged = self.side.take([*(mail for _, mail in waiting), self._customer(turn)])
        for one in judged:
            self._count(turn, one)
        return list(self._answers(self.side.send()))

    def _customer(self, turn: int) -> bytes:
        self.customers.received += 1
        head = {"To": self.address, "Subject": f"Where is my order {turn}?"}
        return write_mail(f"eve{turn}@customer{turn}.example", turn, head, f"I wait for order {turn}. Where is it?")

    def _count(self, turn: int, judged: Judged) -> None:
        customer = judged.verdict.customer
        opponent = self.by_domain.get(customer.domain) if customer else None
        if customer and customer.domain.startswith("customer"):
            self.answered += judged.verdict.kind is VerdictKind.ANSWER
        if not customer or not judged.decision.acknowledge:
            return
        score = self.scores[opponent.name] if opponent else self.customers
        score.acknowledged, score.last = score.acknowledged + 1, turn
        key = customer.folded, judged.thread.ref
        if score.threads[key] and judged.decision.ticket is TicketAction.OPEN:
            score.told.add(key)
        score.threads[key] += 1

    def _answers(self, sent: Sequence[Reply]) -> Iterator[tuple[str, bytes]]:
        for reply in sent:
            opponent = self.by_domain.get(reply.recipient.rpartition("@")[2])
            if opponent and self.scores[opponent.name].received < MOST:
                yield from ((opponent.name, mail) for mail in opponent.answers(reply))

    def _customers(self) -> LoopResult:
        missing = self.customers.received - self.answered
        return LoopResult(
            opponent="customers among them",
            received=self.customers.received,
            acknowledged=self.customers.acknowledged,
            verdict=f"{missing} not answered" if missing else "all answered",
            well=not missing,
        )


def _found(name: str, score: _Score) -> LoopResult:
    verdict, well = _verdict(score)
    return LoopResult(
        opponent=name, received=score.received, acknowledged=score.acknowledged, verdict=verdict, well=well
    )


def _verdict(score: _Score) -> tuple[str, bool]:
    if most := score.most:
        if most > 1:
            return f"runs away: {most} acknowledgements in one thread", False
        if score.received >= MOST:
            return f"runs away: {many(score.received, 'mail')} and no end", False
        if score.last >= TURNS - LAST:
            return "runs away: still answered at the end", False
    if score.acknowledged < 2:
        return ("answered once" if score.acknowledged else "silent"), True
    return f"stopped after {score.acknowledged}", True


def rehearse(doors: RehearsalDoors) -> list[LoopResult]:
    """Everybody in `opponents`, Firstline itself, and a swarm. Raises ConfigError without a mailbox or [smtp]."""
    if not doors.config.mailbox or doors.config.smtp is None:
        raise ConfigError(
            "there is nothing to rehearse",
            where=f"{doors.config.path}, mailbox and smtp",
            remedy="a loop needs a mailbox and an outgoing server: add [mailbox.NAME] and [smtp]",
        )
    predictor, _ = doors.predictor_if_any()
    with TemporaryDirectory() as folder:
        return [*_conversations(doors, predictor, Path(folder)), _swarm(doors, predictor, Path(folder))]


def _conversations(doors: RehearsalDoors, predictor: Predictor | None, folder: Path) -> list[LoopResult]:
    clock = FakeClock(doors.clock.now())
    everybody = opponents()
    configs = [_with_passers(config, everybody) for config in _three(doors.config)]
    sides = [_side(doors, config, predictor, clock, folder / str(n)) for n, config in enumerate(configs)]
    mirrors = [
        Mirror(name="Firstline itself", domain="mirror1.example", side=sides[1]),
        Mirror(name="Firstline itself, marks taken out", domain="mirror2.example", side=sides[2], stripped=True),
    ]
    try:
        return Rehearsal(sides[0], doors.config, [*mirrors, *everybody]).run()
    finally:
        for side in sides:
            side.effects.database.close()


def _three(config: Config) -> list[Config]:
    """Ours, and the same under two other names."""
    return [config, _renamed(config, "desk@mirror1.example"), _renamed(config, "desk@mirror2.example")]


def _with_passers(config: Config, everybody: Sequence[Opponent]) -> Config:
    """The forms, forwarders and groups of the rehearsal are configured as real ones would be."""
    passers = [one for one in everybody if isinstance(one, PassedOn)]
    forms = tuple(FormConfig.model_validate({"from": one.entry}) for one in passers if one.through == "form")
    forwarders = tuple(one.entry for one in passers if one.through != "form")
    more = {"forms": (*config.guard.forms, *forms), "forwarders": (*config.guard.forwarders, *forwarders)}
    return config.model_copy(update={"guard": config.guard.model_copy(update=more)})


def _renamed(config: Config, address: str) -> Config:
    boxes = {name: box.model_copy(update={"addresses": (address,)}) for name, box in config.mailbox.items()}
    assert config.smtp is not None  # noqa: S101  (rehearse has looked)
    smtp = config.smtp.model_copy(update={"sender": address, "bounce_address": ""})
    return config.model_copy(update={"mailbox": boxes, "smtp": smtp})


def _side(doors: RehearsalDoors, config: Config, predictor: Predictor | None, clock: FakeClock, folder: Path) -> Side:
    """A Firstline with these settings; its store and its key are thrown away afterwards."""
    folder.mkdir()
    database = Database(f"sqlite:///{folder}/rehearsal.db")
    database.prepare()
    route = Route(
        config=config,
        clock=clock,
        signer=Signer(folder.name.encode()),
        ledger=Ledger(database, Windows.of(config.guard, config.grants.values())),
        letters=doors.letters,
        articles=doors.articles,
        predictor=predictor,
    )
    return Side(route=route, effects=Effects(database), mailbox=next(iter(config.mailbox)), clock=clock)


def _swarm(doors: RehearsalDoors, predictor: Predictor | None, folder: Path) -> LoopResult:
    """Strangers without number, each from another domain: only the limit for all of them together can stop that."""
    limit = doors.config.guard.limit_system
    mails = limit.count + limit.count // 10 + 1
    found = LoopResult(opponent="swarm of strangers", received=0, acknowledged=0, verdict="", well=None)
    if not limit.count:
        return replace(found, verdict="runs away: [guard] limit_system is switched off", well=False)
    if mails > MOST_SWARM:
        return replace(found, verdict=f"not tried: [guard] limit_system would take {mails} mails")
    side = _side(doors, doors.config, predictor, FakeClock(doors.clock.now()), folder / "swarm")
    try:
        judged = side.take([_stranger(number, doors.config) for number in range(mails)])
    finally:
        side.effects.database.close()
    acknowledged = sum(one.decision.acknowledge for one in judged)
    stopped = any(one.verdict.alarm for one in judged) and acknowledged <= limit.count
    verdict = f"stopped after {acknowledged} by the circuit breaker" if stopped else "runs away: not stopped"
    return replace(found, received=mails, acknowledged=acknowledged, verdict=verdict, well=stopped)


def _stranger(number: int, config: Config) -> bytes:
    head = {"To": config.our_addresses[0], "Subject": f"Case {number}"}
    return write_mail(f"desk@stranger{number}.example", number, head, f"Your case {number} is being looked at.")
