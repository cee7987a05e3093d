"""Every waiting time: how long until something is tried again, when it is given up, and what an error makes of it."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

from pipeline.errors import (
    DeferredError,
    FirstlineError,
    LoginError,
    RejectedError,
    TurnedAwayError,
    UncertainError,
    UnreachableError,
)
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


@cache
def given_up_after(span: timedelta, retry: Retry) -> Retry:
    """The same with an end: as many tries as fit into this time."""
    tries, waited = 0, timedelta(0)
    while waited < span:
        waited += retry.wait(tries)
        tries += 1
    return replace(retry, tries=tries)


# A server that can't be reached.
SERVER = Retry(first=timedelta(seconds=1), most=timedelta(seconds=30))
# One that answers and refuses us: like that at first; what lasts (a quota, a policy) waits for a person, so the waits
# grow to a tenth of the time that it has lasted.
REFUSAL = Retry(first=timedelta(seconds=1), most=timedelta(minutes=10))
LASTING = timedelta(minutes=15)
# Our name and password: providers ban whoever tries wrong ones again and again.
LOGIN = Retry(first=timedelta(seconds=5), most=timedelta(minutes=30))
# One letter, one thing to be filed, of which its server says "not now". `[smtp] give_up` ends the first.
LETTER = Retry(first=timedelta(minutes=1), most=timedelta(hours=1))
OFTEN = 30  # tries, half a minute apart, where it is unclear whether "not now" is meant for this letter alone
FILING = Retry(first=timedelta(minutes=1), most=timedelta(hours=1), tries=125)  # five days
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
    """How long a server is left alone, with jitter. It belongs to the server, not to a mail; threads share it.

    Times are those of Clock.monotonic: nobody waits longer because the time was put back.
    """

    failures: int = 0
    since: float | None = None  # when the trouble began
    until: float = 0.0
    doubts: int = 0  # letters in a row of which it is unknown whether the server took them
    returned: bool = False  # from a time when it closed the connection at letter after letter
    _lock: threading.Lock = field(default_factory=threading.Lock)

    # Letters in a row whose fate is unknown: by now it is the server, not a letter.
    DOUBTFUL = 2

    def failed(self, at: float, why: Exception | None = None) -> float:
        """Notes a failure; says how many seconds to wait: as many as the server asks for, or more."""
        with self._lock:
            if self.since is None or at >= self.until:
                self.since = at if self.since is None else self.since
                jitter = random.uniform(0.8, 1.0)  # noqa: S311  (no secret)
                wait = _waits_after(why, at - self.since).wait(self.failures).total_seconds() * jitter
                self.failures = min(self.failures + 1, 10)
                self.until = round(at + max(wait, why.retry_after if isinstance(why, UnreachableError) else 0.0), 3)
            return max(self.until - at, 0.0)

    def succeeded(self) -> None:
        """It answers."""
        with self._lock:
            self.failures, self.since, self.until = 0, None, 0.0

    def at_once(self) -> None:
        """What kept us out has changed: nobody waits any more."""
        with self._lock:
            self.failures, self.until = 0, 0.0

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

    def remaining(self, at: float) -> float:
        """Seconds for which the server is still left alone."""
        with self._lock:
            return max(self.until - at, 0.0) if self.since is not None else 0.0


def _waits_after(why: Exception | None, lasted: float) -> Retry:
    """`lasted`: seconds since the trouble began."""
    if isinstance(why, LoginError):
        return LOGIN
    if not isinstance(why, TurnedAwayError) or lasted < LASTING.total_seconds():
        return SERVER
    return replace(REFUSAL, most=min(REFUSAL.most, timedelta(seconds=lasted / 10)))


def _put_off(error: DeferredError, attempts: int, retry: Retry) -> timedelta:
    """Words that may be said of every letter are the server's trouble, perhaps, and that may pass at any moment."""
    if not error.unclear:
        return retry.wait(attempts)
    return SERVER.most if attempts < OFTEN else retry.wait(attempts - OFTEN)


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
        case DeferredError() if retry.is_over(effect.attempts - (OFTEN if error.unclear else 0)):
            return Outcome(key=effect.key, state=EffectState.FAILED, error=f"given up: {error}")
        case DeferredError():
            again, refused = now + _put_off(error, effect.attempts, retry), error.what if error.unclear else ""
            state = EffectState.WAITING
            return Outcome(key=effect.key, state=state, error=str(error), next_try=again, refused=refused)
        case RejectedError():
            bounced, refused = (str(error.what) if is_so else "" for is_so in (error.recipient_unknown, error.unclear))
            state = EffectState.FAILED
            return Outcome(key=effect.key, state=state, error=str(error), bounced=bounced[:60], refused=refused)
        case FirstlineError():
            return Outcome(key=effect.key, state=EffectState.FAILED, error=str(error))
        case _:  # a bug: this one is set aside, the others go on
            return Outcome(key=effect.key, state=EffectState.FAILED, error=f"{type(error).__name__}: {error}")
