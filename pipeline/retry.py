"""Every waiting time: how long until something is tried again, when it is given up, and what an error makes of it."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline.errors import DeferredError, FirstlineError, RejectedError, UncertainError, UnreachableError
from pipeline.records.effect import Effect, EffectState, Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class Retry:
    """Waits that double from `first` to `most`; after `tries` tries it is given up (None: never)."""

    first: timedelta
    most: timedelta
    tries: int | None = None

    def wait(self, attempts: int) -> timedelta:
        """How long to wait after this many tries before this one."""
        doubled = self.first * (1 << min(attempts, 10))
        return min(doubled, self.most)

    def is_over(self, attempts: int) -> bool:
        """Has it been tried often enough?"""
        return self.tries is not None and attempts >= self.tries


# A server that can't be reached.
SERVER = Retry(first=timedelta(seconds=1), most=timedelta(seconds=30))
# One letter, one thing to be filed, of which its server says "not now".
LETTER = Retry(first=timedelta(minutes=1), most=timedelta(hours=1), tries=125)  # five days: a mistyped domain, too
FILING = Retry(first=timedelta(minutes=1), most=timedelta(hours=1))
# A mark that the server refuses: some hours, for a quota or a lock.
MARK = Retry(first=timedelta(minutes=10), most=timedelta(minutes=10), tries=24)
# A mail that its server would not give out, while its neighbours can be read; see Undelivered.
READ_AGAIN = Retry(first=timedelta(minutes=1), most=timedelta(hours=1))
GIVE_UP_READING = timedelta(hours=24)
# A letter whose fate is unknown: sent again under the same Message-ID, at once; then a person looks.
RESEND = Retry(first=timedelta(0), most=timedelta(0), tries=5)
# A filing whose fate is unknown: the tracker may still be at work on it, so it is searched for only after a while. Who
# waits is served within a minute of its return.
SEARCH = Retry(first=timedelta(seconds=10), most=timedelta(seconds=40))


@dataclass
class Backoff:
    """How long a server is left alone, with jitter. It belongs to the server, not to a mail; threads share it."""

    retry: Retry = SERVER
    failures: int = 0
    until: datetime | None = None
    doubts: int = 0  # letters in a row of which it is unknown whether the server took them
    returned: bool = False  # from a time when it closed the connection at letter after letter
    _lock: threading.Lock = field(default_factory=threading.Lock)

    # Letters in a row whose fate is unknown: by now it is the server, not a letter.
    DOUBTFUL = 2

    def failed(self, now: datetime, at_least: float = 0.0) -> float:
        """Notes a failure; says how many seconds to wait. `at_least`: as long as the server asks for."""
        with self._lock:
            if self.until is None or now >= self.until:
                jitter = random.uniform(0.8, 1.0)  # noqa: S311  (no secret)
                wait = self.retry.wait(self.failures).total_seconds() * jitter
                self.failures = min(self.failures + 1, 10)
                self.until = now + timedelta(seconds=max(wait, at_least))
            return max((self.until - now).total_seconds(), 0.0)

    def succeeded(self) -> None:
        """It answers."""
        with self._lock:
            self.failures, self.until = 0, None

    @property
    def is_doubtful(self) -> bool:
        """Has it broken off letter after letter?"""
        return self.doubts >= self.DOUBTFUL

    def doubted(self) -> bool:
        """Notes a letter whose fate is unknown; true when the server is to be left alone."""
        with self._lock:
            self.doubts += 1
            return self.is_doubtful

    def be_careful(self) -> None:
        """What is sent next may be what made the server close the connection."""
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


def outcome_of(
    effect: Effect, error: Exception, retry: Retry, now: datetime, *, doubt: timedelta | None = None
) -> Outcome:
    """What an error means for the effect that was being carried out.

    `retry`: of effects of this kind; `doubt`: how long nobody looks where it is unknown whether it was done.
    """
    match error:
        case UnreachableError():  # the server was not there: no try of this effect
            return Outcome(key=effect.key, state=EffectState.WAITING, error=str(error), counted=False)
        case UncertainError():
            again = now + doubt if doubt else None
            return Outcome(key=effect.key, state=EffectState.UNCERTAIN, error=str(error), next_try=again)
        case DeferredError() if not retry.is_over(effect.attempts):
            again = now + retry.wait(effect.attempts)
            return Outcome(key=effect.key, state=EffectState.WAITING, error=str(error), next_try=again)
        case RejectedError():
            bounced = str(error.what)[:60] if error.recipient_unknown else ""
            return Outcome(key=effect.key, state=EffectState.FAILED, error=str(error), bounced=bounced)
        case FirstlineError():
            return Outcome(key=effect.key, state=EffectState.FAILED, error=str(error))
        case _:  # a bug: this one is set aside, the others go on
            return Outcome(key=effect.key, state=EffectState.FAILED, error=f"{type(error).__name__}: {error}")
