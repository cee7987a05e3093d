"""The queue loop: claim what is due, carry it out, settle the outcomes, back off from a server that is away.

What is carried out, and how, is up to its subclasses: letters (send.py), filings (file.py).
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline import logs
from pipeline.clock import Clock
from pipeline.config.log_in_watch import LogInWatch
from pipeline.doors import Journal
from pipeline.errors import LoginError
from pipeline.records.effect import MAILS, Effect, EffectKind, EffectState, Outcome
from pipeline.retry import Backoff

LOOK = 1.0  # seconds between looks for what waits and is due


@dataclass(kw_only=True)
class QueueLoop(ABC):
    """One connection's worth of work on the journal. `unreachable`: why its server can't be reached, '' when it can."""

    journal: Journal
    clock: Clock
    backoff: Backoff = field(default_factory=Backoff)
    wake: threading.Event = field(default_factory=threading.Event)
    stopped: Callable[[], bool] = lambda: False
    unreachable: str = ""
    log_in: LogInWatch | None = None
    may_work: Callable[[], str | bool] = lambda: True  # where several share the work: is it ours just now?

    def drain(self) -> None:
        """Until nothing is due, or the server can't be reached."""
        try:
            while not self.stopped() and self.may_go_on() and (self.work() or self.waits()):
                pass
        finally:
            self.close()

    def may_go_on(self) -> bool:
        """Is the server worth another try in this pass?"""
        return not self.unreachable

    def waits(self) -> bool:
        """Having nothing to do, may there be something later in this pass? Then it has waited for that a moment."""
        return False

    def serve(self) -> None:
        """Until stopped: wakes when there is something new, or when something waiting is due."""
        while not self.stopped():
            if self.log_in and self.log_in.has_changed():
                self.backoff.at_once()
            pause = self.backoff.remaining(self.clock.monotonic())
            if pause == 0 and self.work_or_trouble():
                continue
            self.wake.wait(min(pause, LOOK) if pause else LOOK)
            self.wake.clear()
        self.close()

    def work_or_trouble(self) -> bool:
        """As `work`, if it is ours; trouble with the store, or a bug, must not end the loop permanently."""
        try:
            return bool(self.may_work()) and self.work()
        except Exception as error:  # shown, and tried again with the backoff of a server that is away
            self.gone(error, f"{type(error).__name__}: {error}")
            return False

    @abstractmethod
    def work(self) -> bool:
        """Carries out a few; false when there was nothing to do."""

    @abstractmethod
    def close(self) -> None:
        """Ends the connection."""

    @abstractmethod
    def tell_gone(self, problem: str, wait: float) -> None:
        """Logs that the server is away, and for how many seconds it is left alone."""

    def gone(self, why: Exception | None, problem: str = "") -> None:
        """The server can't be reached. `problem`: in words, where they are others than those of the error."""
        self.unreachable = problem or str(why)
        if self.log_in and isinstance(why, LoginError):
            self.log_in.refused()
        self.tell_gone(self.unreachable, self.backoff.failed(self.clock.monotonic(), why))

    def reached(self) -> None:
        """The server answers."""
        self.backoff.succeeded()
        self.unreachable = ""


def claimed(journal: Journal, effects: Sequence[Effect], now: datetime) -> list[Effect]:
    """Those of them that are ours now, and nobody else's."""
    won = journal.claim([effect.key for effect in effects], now)
    return [effect for effect in effects if effect.key in won]


EVENTS_DONE = {
    EffectKind.ACKNOWLEDGE: "sent",
    EffectKind.ANSWER: "answered",
    EffectKind.NOTIFY: "told",
    EffectKind.SURVEY: "asked",
    EffectKind.FILE: "filed",
    EffectKind.MARK: "marked",
}
EVENTS_ELSE = {
    EffectState.WAITING: "deferred",
    EffectState.UNCERTAIN: "uncertain",
    EffectState.FAILED: "failed",
    EffectState.CANCELLED: "cancelled",
}


def log_outcome(effect: Effect, outcome: Outcome) -> None:
    """One event for each effect that was tried, keyed by mail and ticket; docs/operating.md lists them."""
    step: logs.Step = "send" if effect.kind in MAILS else "mark" if effect.kind is EffectKind.MARK else "file"
    event = EVENTS_DONE[effect.kind] if outcome.state is EffectState.DONE else EVENTS_ELSE.get(outcome.state)
    if event is None or not outcome.counted:  # nothing happened to it: what is wrong with the server is an event itself
        return
    facts: dict[str, object] = {"mail": effect.mail_id, "attempt": effect.attempts + 1}
    if effect.ticket:
        facts["ticket"] = effect.ticket
    if outcome.sent:
        facts["template"] = outcome.sent.template
    if outcome.error:
        facts["problem"] = outcome.error
    log = logs.get(step)
    (log.warning if outcome.state in (EffectState.FAILED, EffectState.UNCERTAIN) else log.info)(event, **facts)
