"""Working off the acknowledgements: claimed, sent over kept connections, outcomes committed in groups."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeGuard

from pipeline import logs
from pipeline.clock import Clock
from pipeline.doors import Journal, Outbox
from pipeline.errors import UnreachableError
from pipeline.records.effect import MAILS, Effect, EffectKind, EffectState, Outcome
from pipeline.records.payload import LetterPayload
from pipeline.route import Route

CLAIMED_AT_ONCE = 40  # also how many may be uncertain after a kill, for each connection
LONGEST_GROUP = timedelta(milliseconds=400)  # an outcome is never kept longer than this before it is committed
MOST_RESENDS = 5  # of one acknowledgement whose fate is unknown; then a person looks
DOUBTFUL = 2  # letters in a row whose fate is unknown: by now it is the server, not a letter
INTERRUPTED = "interrupted while it was being sent: nobody knows whether it was accepted"


@dataclass
class Backoff:
    """How long a server is left alone: 1 s doubling to 30 s, with jitter. It belongs to the server, not to a mail."""

    first: float = 1.0
    most: float = 30.0
    failures: int = 0
    until: datetime | None = None
    doubts: int = 0  # letters in a row of which nobody knows whether the server took them
    returned: bool = False  # from a time when it broke off letter after letter
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def failed(self, now: datetime, at_least: float = 0.0) -> float:
        """Notes a failure; says how many seconds to wait. `at_least`: as long as the server asks for."""
        with self._lock:
            if self.until is None or now >= self.until:
                wait = min(self.first * 2**self.failures, self.most) * random.uniform(0.8, 1.0)  # noqa: S311  (jitter)
                self.failures = min(self.failures + 1, 10)
                self.until = now + timedelta(seconds=max(wait, at_least))
            return max((self.until - now).total_seconds(), 0.0)

    def succeeded(self) -> None:
        with self._lock:
            self.failures, self.until = 0, None

    @property
    def is_doubtful(self) -> bool:
        """Has it broken off letter after letter?"""
        return self.doubts >= DOUBTFUL

    def doubted(self) -> bool:
        """Notes a letter whose fate is unknown; true when the server is to be left alone."""
        with self._lock:
            self.doubts += 1
            return self.is_doubtful

    def be_careful(self) -> None:
        """What is sent next may be what the server broke off at."""
        with self._lock:
            self.doubts = max(self.doubts, 1)

    def delivered(self) -> None:
        """It has surely taken a letter."""
        with self._lock:
            self.returned |= self.is_doubtful
            self.doubts = 0

    def remaining(self, now: datetime) -> float:
        """Seconds for which the server is still left alone."""
        with self._lock:
            return max((self.until - now).total_seconds(), 0.0) if self.until else 0.0


class SentFolder(Protocol):
    """Where the provider keeps what was sent."""

    def holds(self, folder: str, message_id: str) -> bool: ...


@dataclass
class Sender:
    """One connection's worth of work. Several of them share a journal and a backoff."""

    outbox: Outbox
    journal: Journal
    clock: Clock
    route: Callable[[], Route]
    backoff: Backoff
    wake: threading.Event
    stopped: Callable[[], bool] = lambda: False
    turn: threading.Lock = field(default_factory=threading.Lock)  # to claim; shared by all connections
    failed: Counter[str] = field(default_factory=Counter)  # by mailbox
    unreachable: str = ""
    _unsettled: list[Outcome] = field(default_factory=list)

    def drain(self) -> None:
        """Until nothing is due, or the server can't be reached (then `unreachable` says why)."""
        try:
            while not self.stopped() and not self.unreachable and self._some():
                pass
        finally:
            self.outbox.close()

    def serve(self) -> None:
        """Until stopped: wakes when there is something new, or when something waiting is due."""
        while not self.stopped():
            pause = self.backoff.remaining(self.clock.now())
            if pause == 0 and self._some_or_trouble():
                continue
            self.wake.wait(min(pause, 1.0) if pause else 1.0)
            self.wake.clear()
        self.outbox.close()

    def _some_or_trouble(self) -> bool:
        """As `_some`; trouble with the store, or a bug, must not end the sending for good."""
        try:
            return self._some()
        except Exception as error:  # shown, and tried again with the backoff of a server that is away
            self._server_gone(f"{type(error).__name__}: {error}")
            return False

    def _some(self) -> bool:
        """Claims a few and sends them; false when there was nothing to do."""
        self._settle()
        with self.turn:  # or all connections would ask for the same ones
            claimed = self._claim(self.clock.now())
        self._send(claimed)
        return bool(claimed) or bool(self._unsettled)

    def _claim(self, now: datetime) -> list[Effect]:
        due = next((due for kind in MAILS if (due := self.journal.due(kind, now, CLAIMED_AT_ONCE))), [])
        if not due:  # nothing waits: another connection got it all out, or it was the store that was away
            self.unreachable = self.unreachable if self.backoff.is_doubtful else ""
            return []
        failed = self._failed_since(due, now)  # asked before the claim: a store that is away leaves nothing claimed
        won = self.journal.claim([effect.key for effect in due], now)
        claimed = [effect for effect in due if effect.key in won]
        self._unsettled += [_unwanted(one, failed[one.recipient]) for one in claimed if one.recipient in failed]
        return [effect for effect in claimed if effect.recipient not in failed]

    def _failed_since(self, effects: Sequence[Effect], now: datetime) -> Mapping[str, str]:
        """Addresses to which mail has failed for good, perhaps after these were journalled: one question a group."""
        memory = self.route().config.guard.bounce_memory
        return self.journal.bounced([effect.recipient for effect in effects], now - memory)

    def _send(self, effects: list[Effect]) -> None:
        group_began = self.clock.now()
        while effects:
            if self.stopped():
                self._unsettled += [_not_tried(left, "stopped") for left in effects]
                break
            # A server in trouble is tried with one letter: no more than that one can be in doubt.
            together = 1 if self.unreachable or self.backoff.doubts else self.outbox.at_once
            group, effects = effects[:together], effects[together:]
            self._send_group(group)
            if self.unreachable:
                self._unsettled += [_not_tried(left, self.unreachable) for left in effects]
                break
            if self.clock.now() - group_began > LONGEST_GROUP:
                self._settle()
                group_began = self.clock.now()
        self._settle()

    def _send_group(self, effects: list[Effect]) -> None:
        """Together as far as the server can. Leaves `unreachable` set when it is not there (any more)."""
        outcomes = self.route().acknowledge_all(effects, self.outbox)
        gone = next((outcome for outcome in outcomes if isinstance(outcome, UnreachableError)), None)
        for effect, outcome in zip(effects, outcomes, strict=True):
            if isinstance(outcome, UnreachableError):
                self._unsettled.append(_not_tried(effect, str(outcome)))
            else:
                self._unsettled.append(outcome)
                self.failed[_mailbox_of(effect)] += outcome.state is EffectState.FAILED
                if outcome.state is EffectState.DONE:
                    self.backoff.delivered()
        doubt = next((outcome.error for outcome in outcomes if _is_doubtful(outcome)), "")
        if gone:
            self._server_gone(str(gone))
        elif doubt and self.backoff.doubted():
            self._server_gone(doubt)
        elif not doubt:
            self._succeeded()

    def _settle(self) -> None:
        """Commits outcomes; when the store is away they are kept here, and committed when it is back."""
        self.journal.settle(self._unsettled, self.clock.now())
        self._unsettled = []

    def _succeeded(self) -> None:
        self.backoff.succeeded()
        self.unreachable = ""

    def _server_gone(self, problem: str) -> None:
        self.unreachable = problem
        wait = self.backoff.failed(self.clock.now())
        logs.get("send").warning("outgoing server can't be reached", problem=problem, next_try=f"{wait:.0f} s")


def _mailbox_of(effect: Effect) -> str:
    return effect.payload.mailbox if isinstance(effect.payload, LetterPayload) else ""


def _not_tried(effect: Effect, why: str) -> Outcome:
    """The server was not there: this says nothing about the mail, and costs it no attempt."""
    state = EffectState.INTENDED if why == "stopped" else EffectState.WAITING
    return Outcome(key=effect.key, state=state, error="" if why == "stopped" else why, counted=False)


def _is_doubtful(outcome: Outcome | UnreachableError) -> TypeGuard[Outcome]:
    return isinstance(outcome, Outcome) and outcome.state is EffectState.UNCERTAIN


def _unwanted(effect: Effect, status: str) -> Outcome:
    why = f"not sent: mail to this address has failed for good ({status})"
    return Outcome(key=effect.key, state=EffectState.CANCELLED, error=why, counted=False)


def interrupted(journal: Journal, clock: Clock) -> None:
    """What stands in `doing` when nobody else is at work was left by a crash: nobody knows, or it is marked again."""
    left = [effect for kind in MAILS for effect in journal.left_over(kind, EffectState.DOING)]
    outcomes = [Outcome(key=effect.key, state=EffectState.UNCERTAIN, error=INTERRUPTED) for effect in left]
    marks = journal.left_over(EffectKind.MARK, EffectState.DOING)  # marking twice does no harm
    outcomes += [Outcome(key=effect.key, state=EffectState.WAITING, error="interrupted") for effect in marks]
    journal.settle(outcomes, clock.now())


def resolve(
    journal: Journal,
    clock: Clock,
    *,
    policy: str,
    sent_folder: str,
    mailbox: SentFolder | None,
    most: int = MOST_RESENDS,
) -> int:
    """Decides what can't be known: found in the sent folder → done; else resent under the same Message-ID, or held.

    `most`: tries of one letter. Returns how many are resent. Raises UnreachableError when the sent folder is away.
    """
    left = [effect for kind in MAILS for effect in journal.left_over(kind, EffectState.UNCERTAIN)]
    outcomes = [_resolved(effect, policy, sent_folder, mailbox, most) for effect in left]
    journal.settle(outcomes, clock.now(), EffectState.UNCERTAIN)
    return sum(outcome.state is EffectState.WAITING for outcome in outcomes)


def _resolved(effect: Effect, policy: str, sent_folder: str, mailbox: SentFolder | None, most: int) -> Outcome:
    if sent_folder and mailbox and mailbox.holds(sent_folder, effect.message_id):
        return Outcome(key=effect.key, state=EffectState.DONE, resolved=f"found in {sent_folder}")
    perhaps_done = effect.restored and not sent_folder  # no crash of a moment: it may be days ago
    if policy == "resend" and effect.attempts < most and not perhaps_done:
        return Outcome(key=effect.key, state=EffectState.WAITING, error="uncertain: resent under the same Message-ID")
    return Outcome(key=effect.key, state=EffectState.UNCERTAIN, error=effect.error)
