"""Working off what is to be filed in an outside tracker: in order for each ticket, each thing exactly once.

Nothing is created that was not looked for first. What a crash or a broken line left unknown is looked for again after
a while, because a tracker may still be at work on what it was sent; only then it is tried again under the same key.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline import logs
from pipeline.config.trackers import TrackerConfig
from pipeline.doors import Tracker
from pipeline.engine.workers import mirror
from pipeline.engine.workers.send import Backoff
from pipeline.engine.workers.tell import Done, Teller
from pipeline.errors import ConfigError, DeferredError, FirstlineError, LoginError, UncertainError, UnreachableError
from pipeline.records.effect import Effect, EffectKind, EffectState, Outcome
from pipeline.records.filing import OutsideTicket
from pipeline.records.ticket import OutsideState, TicketStatus
from pipeline.store.unprepared import unprepared
from pipeline.wiring.house import House

AT_ONCE = 20  # asked for at once; they are claimed one by one
QUIET = 10.0  # seconds a tracker is given to finish what it was sent, before it is looked for …
MOST_QUIET = 40.0  # … doubling up to this: who waits is served within a minute of its return
PATIENCE = (timedelta(minutes=1), timedelta(hours=1))  # between tries of one thing: doubling, at most
LONGEST_ROUND = timedelta(minutes=1)  # of looking at tickets, when `once` does it
WEEKLY = "30 6 * * mon"  # when complaints without a prepared situation are told of, as cron says it
INTERRUPTED = "interrupted while it was being filed: it is looked for there"


@dataclass
class Filer:
    """One tracker's worth of work, on one connection."""

    name: str
    house: House
    tracker: Tracker
    stopped: Callable[[], bool] = lambda: False
    wake: threading.Event = field(default_factory=threading.Event)
    backoff: Backoff = field(default_factory=Backoff)
    unreachable: str = ""
    _turned_away: bool = False  # our token was not accepted
    _round: datetime | None = None  # when a single round began; none while it serves
    _unsettled: list[Done] = field(default_factory=list)

    @property
    def _teller(self) -> Teller:
        return Teller(self.house, self.tracker, self.settings)

    @property
    def settings(self) -> TrackerConfig:
        return self.house.config.outside_trackers[self.name]

    def drain(self) -> None:
        """Until nothing is due and each ticket is looked at once, or the tracker can't be reached (`unreachable`)."""
        self._round = self.house.clock.now()
        try:
            while not self.stopped() and not self.unreachable and self._some():
                pass
        finally:
            self.tracker.close()

    def serve(self) -> None:
        """Until stopped: wakes when there is something new, or when something waiting is due."""
        while not self.stopped():
            pause = self.backoff.remaining(self.house.clock.now())
            if pause == 0 and self._some_or_trouble():
                continue
            self.wake.wait(min(pause, 1.0) if pause else 1.0)
            self.wake.clear()
        self.tracker.close()

    def _some_or_trouble(self) -> bool:
        """As `_some`; trouble with the store, or a bug, must not end the filing for good."""
        try:
            return self._some()
        except Exception as error:  # shown, and tried again with the backoff of a tracker that is away
            self._gone(f"{type(error).__name__}: {error}")
            return False

    def _some(self) -> bool:
        """Looks for what is uncertain, files a few, follows a few; false when there was nothing to do."""
        self._settle()
        now, filings = self.house.clock.now(), self.house.filings
        for effect in filings.uncertain(self.name, now)[:AT_ONCE]:
            if not self._go_on(self._resolve, effect):
                return False
        due = filings.due(self.name, now, AT_ONCE)
        for effect in due:
            if not self._go_on(self._file, effect):
                return False
        if due:  # what is new goes before what is old
            return True
        followed = self._go_on(self._follow)
        if self.unreachable and not self.backoff.remaining(now) and not self._in_doubt():  # nothing waits any more
            self._reached()
        return followed

    def _go_on(self, work: Callable[..., bool], *about: Effect) -> bool:
        """Does it; false when the tracker wants to be left alone now, or there was nothing to do."""
        if self.stopped():
            return False
        try:
            if self._turned_away:
                self._connect_anew()
            found = work(*about)
        except (UnreachableError, ConfigError) as error:
            self._turned_away = self._turned_away or isinstance(error, LoginError)
            self._gone(str(error), getattr(error, "retry_after", 0.0))
            return False
        return found

    # --- filing -------------------------------------------------------------------------------------------------------

    def _file(self, effect: Effect) -> bool:
        """One thing. False when it could not be known whether it was done: the tracker is left alone for a while."""
        clock = self.house.clock
        work = self._teller.prepared(effect)  # before the claim: a store that is away leaves nothing claimed
        if not self.house.effects.claim([effect.key], clock.now()):
            return True
        try:
            self._unsettled.append(self._teller.carry_out(effect, work))
            self._reached()
        except (UnreachableError, ConfigError) as error:
            self._keep(effect, EffectState.WAITING, str(error), counted=False)
            raise
        except UncertainError as error:
            self._keep(effect, EffectState.UNCERTAIN, str(error), wait=self._quiet(effect))
            self._gone(str(error))
        except DeferredError as error:
            wait = min(PATIENCE[0] * 2 ** min(effect.attempts, 10), PATIENCE[1])
            self._keep(effect, EffectState.WAITING, str(error), wait=wait)
        except FirstlineError as error:
            self._keep(effect, EffectState.FAILED, str(error))
        except Exception as error:  # a bug: this one is set aside, the others go on
            self._keep(effect, EffectState.FAILED, f"{type(error).__name__}: {error}")
        self._settle()
        return not self.unreachable

    # --- what nobody knows --------------------------------------------------------------------------------------------

    def _resolve(self, effect: Effect) -> bool:
        """Found there: it was done. Not found: it is done now, under the same key."""
        try:
            found = self._teller.found(effect)
        except (UnreachableError, ConfigError):
            raise
        except FirstlineError as error:  # it does not want to be asked for this one: again later, the others go on
            self._keep(effect, EffectState.UNCERTAIN, str(error), wait=PATIENCE[0])
            self._settle()
            return True
        if found:  # else only reading works so far: whether it takes changes again is seen when it is tried
            self._reached()
        state = EffectState.DONE if found else EffectState.WAITING
        why = "" if found else "it was not found there"
        outcome = Outcome(key=effect.key, state=state, error=why, resolved=why or "found there")
        filed = found if isinstance(found, OutsideTicket) else None
        opened = OutsideState(status=TicketStatus.OPEN) if filed else None
        self._unsettled.append(Done(effect=effect, outcome=outcome, filed=filed, state=opened))
        self._settle()
        return True

    def _quiet(self, effect: Effect) -> timedelta:
        """How long nobody looks: the tracker may be at work on it still, and its search may lag."""
        return timedelta(seconds=max(min(QUIET * 2.0 ** min(effect.attempts, 6), MOST_QUIET), self.tracker.lag))

    # --- following, and odds and ends ---------------------------------------------------------------------------------

    def _follow(self) -> bool:
        now = self.house.clock.now()
        began = self._round or now
        if now - began > LONGEST_ROUND:  # the next one goes on with those that were not looked at
            return False
        return mirror.follow(self.house, self.name, self.tracker, began - self.settings.poll)

    def _keep(
        self,
        effect: Effect,
        state: EffectState,
        error: str,
        *,
        wait: timedelta | None = None,
        counted: bool = True,
    ) -> None:
        next_try = self.house.clock.now() + wait if wait else None
        outcome = Outcome(key=effect.key, state=state, error=error, next_try=next_try, counted=counted)
        self._unsettled.append(Done(effect=effect, outcome=outcome))
        if not counted:
            self._settle()

    def _settle(self) -> None:
        """Commits outcomes; when the store is away they are kept here, and committed when it is back."""
        while self._unsettled:
            done = self._unsettled[0]
            self.house.filings.settle(
                done.effect, done.outcome, self.house.clock.now(), filed=done.filed, state=done.state
            )
            self._unsettled.pop(0)

    def _in_doubt(self) -> bool:
        """A tracker that can be read but takes no changes (a full disk) is in trouble all the time."""
        return bool(self.house.filings.counts().get(self.name, {}).get(EffectState.UNCERTAIN.value))

    def _connect_anew(self) -> None:
        """With the token as it is now: it may have been mended meanwhile."""
        fresh = self.house.tracker(self.name)
        self.tracker.close()
        self.tracker, self._turned_away = fresh, False

    def _reached(self) -> None:
        self.backoff.succeeded()
        self.unreachable = ""

    def _gone(self, problem: str, at_least: float = 0.0) -> None:
        self.unreachable = problem
        wait = self.backoff.failed(self.house.clock.now(), at_least)
        log = logs.get("file")
        log.warning("tracker can't be reached", tracker=self.name, problem=problem, next_try=f"{wait:.0f} s")


# --- all of them ------------------------------------------------------------------------------------------------------


def filers(house: House) -> list[Filer]:
    """One for each outside tracker; not yet connected. Raises ConfigError."""
    return [Filer(name=name, house=house, tracker=house.tracker(name)) for name in house.config.outside_trackers]


def file_all(house: House) -> list[str]:
    """Everything due, in all trackers side by side. Returns which could not be reached, and why."""
    found = filers(house)
    if not found:
        return []
    with ThreadPoolExecutor(len(found), thread_name_prefix="file") as pool:
        for drained in [pool.submit(filer.drain) for filer in found]:
            drained.result()  # an error of a thread is an error of the pass
    for filer in found:
        house.reading.note_pass(f"tracker.{filer.name}", house.clock.now(), filer.unreachable)
    return [filer.unreachable for filer in found if filer.unreachable]


def interrupted(house: House) -> None:
    """What stands in `doing` when nobody else is at work was left by a crash."""
    now = house.clock.now()
    for effect in house.effects.left_over(EffectKind.FILE, EffectState.DOING):
        wait = timedelta(seconds=QUIET)
        outcome = Outcome(key=effect.key, state=EffectState.UNCERTAIN, error=INTERRUPTED, next_try=now + wait)
        house.filings.settle(effect, outcome, now)


def tell_of_unprepared(house: House) -> None:
    """Once a week: complaints that no [topics.NAME] fits, counted by what the model took them for."""
    since = house.clock.now() - timedelta(days=7)
    found = unprepared(house.database, house.config.topics, since)
    counted = {one.topic or "(none)": one.complaints for one in found}
    logs.get("file").info("complaints without a prepared situation", since=since.isoformat(), complaints=counted)
