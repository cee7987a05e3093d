"""Working off the acknowledgements: claimed, sent over kept connections, outcomes committed in groups."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeGuard

from pipeline import logs
from pipeline.clock import Clock
from pipeline.doors import Journal, Outbox
from pipeline.engine.workers.allowance import Allowance, Unlimited
from pipeline.engine.workers.lanes import Lanes
from pipeline.engine.workers.queue import LOOK, QueueLoop, claimed, log_outcome
from pipeline.engine.workers.suspicion import Suspicion, TakenBack, waiting
from pipeline.errors import FirstlineError, SenderRefusedError, UnreachableError
from pipeline.records.effect import MAILS, Effect, EffectKind, EffectState, Outcome
from pipeline.records.payload import AcknowledgementPayload, LetterPayload
from pipeline.retry import RESEND
from pipeline.route import Route

CLAIMED_AT_ONCE = 40  # also how many may be uncertain after a kill, for each connection …
CLAIMED_BY_MANY = 20  # … where there are more than two of them
BACKLOG = CLAIMED_AT_ONCE  # letters that wait: with more, they are sent and committed together; a kill may repeat those
LONGEST_GROUP = timedelta(milliseconds=200)  # an outcome is never kept longer than this before it is committed
INTERRUPTED = "interrupted while it was being sent: it is unknown whether it was accepted"


class SentFolder(Protocol):
    """Where the provider keeps what was sent."""

    def holds(self, folder: str, message_id: str) -> bool:
        """Is there a message with this Message-ID in the folder?"""


@dataclass(kw_only=True)
class Sender(QueueLoop):
    """One connection's worth of letters. Several of them share a journal and a backoff."""

    outbox: Outbox
    route: Callable[[], Route]
    turn: threading.Lock = field(default_factory=threading.Lock)  # to claim; shared by all connections
    failed: Counter[str] = field(default_factory=Counter)  # by mailbox
    allowance: Allowance = field(default_factory=Unlimited)  # shared, too
    suspicion: Suspicion = field(default_factory=Suspicion)  # and so is this
    lanes: Lanes = field(default_factory=Lanes)  # and this
    _ours_as: str | bool = True  # what `may_work` said when the letters in hand were claimed
    _tried: int = 0  # letters, so far
    _to_commit: float = 0.0  # seconds that it took the last time
    _unsettled: list[tuple[Effect, Outcome]] = field(default_factory=list)
    _taken_back: list[TakenBack] = field(default_factory=list)

    def close(self) -> None:
        """Ends the connection."""
        self.outbox.close()
        self.lanes.closed(self)

    def drain(self) -> None:
        """Until nothing is due, or the server can't be reached."""
        try:
            super().drain()
        finally:
            self.lanes.leave(self)

    def waits(self) -> bool:
        """For room beside the others."""
        if self.lanes.has(self):
            self.lanes.finish()
        if self.lanes.finished:
            return False
        self.wake.wait(LOOK)
        self.wake.clear()
        return True

    def work(self) -> bool:
        """Claims a few and sends them; false when there was nothing to do."""
        self._settle()
        if not self._may_connect():
            return False
        try:
            return self._work(self.clock.now())
        finally:
            self.suspicion.tried_it(self)

    def _may_connect(self) -> bool:
        """Is there room for a connection of ours? One beside others is made before anything is claimed: if the server
        refuses it, that is about no letter, and says nothing of the server."""
        if not self.lanes.enter(self):
            self.close()
            self.unreachable = ""  # who works will see
            return False
        if self.outbox.is_open or not self.lanes.is_further(self):
            return True
        if not any(self.journal.due(kind, self.clock.now(), 1) for kind in MAILS):
            return False
        try:
            self.outbox.open()
        except FirstlineError as error:
            return not self._gives_way(error)
        self.lanes.connected(self)
        return True

    def _gives_way(self, refused: FirstlineError) -> bool:
        """Was it about the number of connections?"""
        if not self.lanes.gives_way(self):
            return False
        self.outbox.close()
        logs.get("send").info("no further connection", problem=str(refused), connections=self.lanes.told())
        return True

    def _work(self, now: datetime) -> bool:
        self._ours_as = self.may_work()
        with self.turn:  # or all connections would ask for the same ones
            may = self.allowance.take(CLAIMED_AT_ONCE if self.lanes.room <= 2 else CLAIMED_BY_MANY, now)
            ours: list[Effect] = []
            try:
                ours = self._claim(now, may) if may else []
            finally:
                self.allowance.give_back(may - len(ours), now)
        if not may:
            return self._wait_for_allowance(now)
        before = self._tried
        with self._given_back(ours):
            in_groups = len(ours) > 1 and self._has_backlog(beside=len(ours))
        self._send(ours, in_groups=in_groups)
        self.allowance.give_back(len(ours) - (self._tried - before), now)
        return bool(ours) or bool(self._unsettled)

    def may_go_on(self) -> bool:
        """A refusal may be about one letter alone: some others are tried before the server is left alone."""
        return super().may_go_on() or (self.suspicion.lasts and not self.suspicion.is_firm)

    def _wait_for_allowance(self, now: datetime) -> bool:
        """As many letters have gone out as `[smtp] limit` allows for now; false when none waits."""
        if not any(self.journal.due(kind, now, 1) for kind in MAILS):
            return False
        self.wake.wait(LOOK)
        self.wake.clear()
        return True

    def _claim(self, now: datetime, may: int) -> list[Effect]:
        if self.suspicion.lasts:
            due = self._any_kind(now)
            ours = claimed(self.journal, self.suspicion.chosen(due, self), now)
        else:
            due = ours = self._taken(now, may)
        if not due:  # nothing waits: another connection got it all out, or it was the store that was away
            self.unreachable = self.unreachable if self.backoff.is_doubtful else ""
            return []
        with self._given_back(ours):
            failed = self._failed_since(ours, now)
            wanted = self._but_held([effect for effect in ours if effect.recipient not in failed], now)
        self._unsettled += [(one, _unwanted(one, failed[one.recipient])) for one in ours if one.recipient in failed]
        return wanted

    @contextmanager
    def _given_back(self, ours: Sequence[Effect]) -> Iterator[None]:
        """When the store is away, what is claimed is given back once it is there again."""
        try:
            yield
        except UnreachableError:
            self._unsettled += [(one, _not_tried(one, "stopped")) for one in ours]
            raise

    def _taken(self, now: datetime, may: int) -> list[Effect]:
        """Of the first kind that has some."""
        return next((ours for kind in MAILS if (ours := self.journal.take(kind, now, may))), [])

    def _any_kind(self, now: datetime) -> list[Effect]:
        """While the server refuses us any may be the one that it takes; those that it has refused are not all."""
        return [one for kind in MAILS for one in self.journal.due(kind, now, self.suspicion.enough)]

    def _but_held(self, ours: list[Effect], now: datetime) -> list[Effect]:
        """What the circuit breaker held back waits on while it is open."""
        held = [one for one in ours if isinstance(one.payload, AcknowledgementPayload) and one.payload.held]
        limit = self.route().config.guard.limit_system
        if not held or self.journal.sent_to_known(now - limit.window) < limit.count:
            return ours
        self._unsettled += [(one, _held_on(one, now + limit.window / 4)) for one in held]
        return [one for one in ours if one not in held]

    def _has_backlog(self, beside: int) -> bool:
        """`beside`: this many are claimed already."""
        return beside + self.journal.count_open(MAILS, BACKLOG + 1) > BACKLOG

    def _failed_since(self, effects: Sequence[Effect], now: datetime) -> Mapping[str, str]:
        """Addresses to which mail has failed permanently, perhaps after these were journalled: one question a group."""
        memory = self.route().config.guard.bounce_memory
        return self.journal.bounced([effect.recipient for effect in effects], now - memory)

    def _send(self, effects: list[Effect], *, in_groups: bool) -> None:
        """`in_groups`: what is sent together is committed together. Else each is, as soon as the server has it."""
        group_began = began = self.clock.monotonic()
        self.outbox.waited()
        while effects:
            if self.stopped() or self.may_work() != self._ours_as:  # what is claimed may be somebody else's by now
                self._unsettled += [(left, _not_tried(left, "stopped")) for left in effects]
                break
            # A server in trouble is tried with one letter: no more than that one can be in doubt.
            careful = not in_groups or self.unreachable or self.backoff.doubts
            together = 1 if careful else self.outbox.at_once
            group, effects = effects[:together], effects[together:]
            self._send_group(group)
            if self.unreachable or not self.lanes.has(self):
                self._unsettled += [(left, _not_tried(left, self.unreachable or "stopped")) for left in effects]
                break
            # To commit takes long where the database is far away: then not more often than half of the time.
            longest = max(LONGEST_GROUP.total_seconds(), 2 * self._to_commit)
            if not in_groups or self.clock.monotonic() - group_began > longest:
                self._settle()
                group_began = self.clock.monotonic()
            if in_groups:
                self.lanes.took(self.outbox.waited(), self.clock.monotonic() - began)
                began = self.clock.monotonic()
        self._settle()

    def _send_group(self, effects: list[Effect]) -> None:
        """Together as far as the server can. Leaves `unreachable` set when it is not there (any more)."""
        outcomes = self.route().acknowledge_all(effects, self.outbox)
        gone: UnreachableError | None = None
        for effect, outcome in zip(effects, outcomes, strict=True):
            if isinstance(outcome, UnreachableError):
                self._unsettled.append((effect, self._not_taken(effect, outcome, gone)))
                gone = outcome
            else:
                self._unsettled.append((effect, self._taken_or_not(effect, outcome)))
                gone = None
        (self.lanes.connected if self.outbox.is_open else self.lanes.closed)(self)
        doubt = next((outcome.error for outcome in outcomes if _is_doubtful(outcome)), "")
        if gone and not isinstance(gone, SenderRefusedError):
            if not self._gives_way(gone):
                self.gone(gone)
        elif self.suspicion.lasts and self.suspicion.tried_last in {effect.key for effect in effects}:
            self.gone(self.suspicion.why)
        elif doubt and self.backoff.doubted():
            self.gone(None, doubt)
        elif not doubt and not self.suspicion.lasts:  # else it was about that one alone: another may try at once
            self.reached()

    def _not_taken(self, effect: Effect, error: UnreachableError, before: UnreachableError | None) -> Outcome:
        """`before`: what stopped the letter before it; what comes after that was not tried, and has the very same."""
        if error is before or not isinstance(error, SenderRefusedError):
            return waiting(effect, error)
        self._tried += 1
        return self.suspicion.refused(effect, error, self.route().writer.retry, self.clock.now())

    def _taken_or_not(self, effect: Effect, outcome: Outcome) -> Outcome:
        """Whoever has to know hears what became of this letter; and whether it says something of all of them."""
        self._tried += 1
        if outcome.state is EffectState.DONE:
            self.backoff.delivered()
            self.suspicion.accepted(effect)
        else:
            outcome, taken_back = self.suspicion.looked_at(effect, outcome)
            self._taken_back += taken_back
        self.failed[_mailbox_of(effect)] += outcome.state is EffectState.FAILED
        return outcome

    def _settle(self) -> None:
        """Commits outcomes; when the store is away they are kept here, and committed when it is back."""
        began = self.clock.monotonic()
        self.journal.settle([outcome for _, outcome in self._unsettled], self.clock.now())
        if self._unsettled:
            self._to_commit = self.clock.monotonic() - began
        for effect, outcome in self._unsettled:
            log_outcome(effect, outcome)
            self.suspicion.settled(effect, outcome)
        self._unsettled = []
        while self._taken_back:
            was, outcome = self._taken_back[0]
            self.journal.settle([outcome], self.clock.now(), was)
            self._taken_back.pop(0)

    def tell_gone(self, problem: str, wait: float) -> None:
        """Logs that the outgoing server is away."""
        logs.get("send").warning("outgoing server can't be reached", problem=problem, next_try=f"{wait:.0f} s")


def _mailbox_of(effect: Effect) -> str:
    return effect.payload.mailbox if isinstance(effect.payload, LetterPayload) else ""


def _not_tried(effect: Effect, why: str) -> Outcome:
    """The server was not there: this says nothing about the mail, and costs it no attempt."""
    state = EffectState.INTENDED if why == "stopped" else EffectState.WAITING
    return Outcome(key=effect.key, state=state, error="" if why == "stopped" else why, counted=False)


def _is_doubtful(outcome: Outcome | UnreachableError) -> TypeGuard[Outcome]:
    return isinstance(outcome, Outcome) and outcome.state is EffectState.UNCERTAIN


def _held_on(effect: Effect, until: datetime) -> Outcome:
    why = "the circuit breaker ([guard] limit_system) is still open"
    return Outcome(key=effect.key, state=EffectState.WAITING, error=why, next_try=until, counted=False)


def _unwanted(effect: Effect, status: str) -> Outcome:
    """What a person wrote is not put aside in silence."""
    why = f"not sent: mail to this address has failed permanently ({status})"
    state = EffectState.FAILED if effect.kind is EffectKind.ANSWER else EffectState.CANCELLED
    return Outcome(key=effect.key, state=state, error=why, counted=False)


def interrupted(journal: Journal, clock: Clock) -> None:
    """What is `doing` when nobody does it was left by a crash: its fate is unknown, or it is marked again."""
    left = [effect for kind in MAILS for effect in journal.abandoned(kind)]
    outcomes = [Outcome(key=effect.key, state=EffectState.UNCERTAIN, error=INTERRUPTED) for effect in left]
    marks = journal.abandoned(EffectKind.MARK)  # marking twice does no harm
    outcomes += [Outcome(key=effect.key, state=EffectState.WAITING, error="interrupted") for effect in marks]
    journal.settle_abandoned(outcomes, clock.now())


def resolve(
    journal: Journal,
    clock: Clock,
    *,
    policy: str,
    sent_folder: str,
    mailbox: SentFolder | None,
    more: int = 0,
) -> int:
    """Decides what can't be known: found in the sent folder → done; else resent under the same Message-ID, or held.

    `more`: tries of one letter beyond the usual ones. Returns how many are resent. Raises UnreachableError when the
    sent folder is away.
    """
    left = [effect for kind in MAILS for effect in journal.left_over(kind, EffectState.UNCERTAIN)]
    outcomes = [_resolved(effect, policy, sent_folder, mailbox, more) for effect in left]
    journal.settle(outcomes, clock.now(), EffectState.UNCERTAIN)
    return sum(outcome.state is EffectState.WAITING for outcome in outcomes)


def _resolved(effect: Effect, policy: str, sent_folder: str, mailbox: SentFolder | None, more: int) -> Outcome:
    if sent_folder and mailbox and mailbox.holds(sent_folder, effect.message_id):
        return Outcome(key=effect.key, state=EffectState.DONE, resolved=f"found in {sent_folder}")
    perhaps_done = effect.restored and not sent_folder  # no crash of a moment: it may be days ago
    if policy == "resend" and not RESEND.is_over(effect.attempts - more) and not perhaps_done:
        return Outcome(key=effect.key, state=EffectState.WAITING, error="uncertain: resent under the same Message-ID")
    return Outcome(key=effect.key, state=EffectState.UNCERTAIN, error=effect.error)
