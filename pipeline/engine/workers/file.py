"""Working off what is to be filed in an outside tracker: in order for each ticket, each thing exactly once.

Nothing is created that was not looked for first. What a crash or a broken line left unknown is looked for again after
a while, because a tracker may still be at work on what it was sent; only then it is tried again under the same key.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline import logs, retry
from pipeline.config.log_in_watch import LogInWatch
from pipeline.config.trackers import TrackerConfig
from pipeline.doors import Tracker
from pipeline.engine.doors import FilingDoors
from pipeline.engine.workers import mirror
from pipeline.engine.workers.queue import QueueLoop, claimed, log_outcome
from pipeline.engine.workers.tell import Done, Teller
from pipeline.errors import ConfigError, FirstlineError, LoginError, UncertainError, UnreachableError
from pipeline.records.effect import Effect, EffectKind, EffectState, Outcome
from pipeline.records.filing import OutsideTicket
from pipeline.records.ticket import OutsideState, TicketStatus
from pipeline.retry import outcome_of
from pipeline.store.unprepared import unprepared

AT_ONCE = 20  # asked for at once; they are claimed one by one
LONGEST_ROUND = timedelta(minutes=1)  # of looking at tickets, when `once` does it
INTERRUPTED = "interrupted while it was being filed: it is looked for there"


@dataclass(kw_only=True)
class Filer(QueueLoop):
    """One tracker's worth of work, on one connection."""

    name: str
    doors: FilingDoors
    tracker: Tracker
    _turned_away: bool = False  # our token was not accepted
    _round: datetime | None = None  # when a single round began; none while it serves
    _unsettled: list[Done] = field(default_factory=list)

    @property
    def _teller(self) -> Teller:
        return Teller(self.doors, self.tracker, self.settings)

    @property
    def settings(self) -> TrackerConfig:
        """Those of this tracker."""
        return self.doors.config.outside_trackers[self.name]

    def drain(self) -> None:
        """Until nothing is due and each ticket is looked at once, or the tracker can't be reached (`unreachable`)."""
        self._round = self.clock.now()
        super().drain()

    def close(self) -> None:
        """Ends the connection."""
        self.tracker.close()

    def work(self) -> bool:
        """Looks for what is uncertain, files a few, follows a few; false when there was nothing to do."""
        self._settle()
        now, filings = self.clock.now(), self.doors.filings
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
        rested = not self.backoff.remaining(self.clock.monotonic())
        if self.unreachable and rested and not self._in_doubt():  # nothing waits any more
            self.reached()
        return followed

    def _go_on(self, work: Callable[..., bool], *about: Effect) -> bool:
        """Does it; false when the tracker asks for a pause now, or there was nothing to do."""
        if self.stopped():
            return False
        try:
            if self._turned_away:
                self._connect_anew()
            found = work(*about)
        except (UnreachableError, ConfigError) as error:
            self._turned_away = self._turned_away or isinstance(error, LoginError)
            self.gone(error)
            return False
        return found

    # --- filing -------------------------------------------------------------------------------------------------------

    def _file(self, effect: Effect) -> bool:
        """One thing. False when it could not be known whether it was done: the tracker is left alone for a while."""
        work = self._teller.prepared(effect)  # before the claim: a store that is away leaves nothing claimed
        if not claimed(self.journal, [effect], self.clock.now()):
            return True
        try:
            self._unsettled.append(self._teller.carry_out(effect, work))
            self.reached()
        except (UnreachableError, ConfigError) as error:
            self._keep(effect, Outcome(key=effect.key, state=EffectState.WAITING, error=str(error), counted=False))
            self._settle()
            raise
        except Exception as error:  # what it was, and whether it is tried again, is said in one place
            self._keep(effect, outcome_of(effect, error, retry.FILING, self.clock.now(), doubt=self._quiet(effect)))
            if isinstance(error, UncertainError):
                self.gone(error)
        self._settle()
        return not self.unreachable

    # --- what is unknown ----------------------------------------------------------------------------------------------

    def _resolve(self, effect: Effect) -> bool:
        """Found there: it was done. Not found: it is done now, under the same key."""
        try:
            found = self._teller.found(effect)
        except (UnreachableError, ConfigError):
            raise
        except FirstlineError as error:  # it does not want to be asked for this one: again later, the others go on
            again = self.clock.now() + retry.FILING.first
            self._keep(effect, Outcome(key=effect.key, state=EffectState.UNCERTAIN, error=str(error), next_try=again))
            self._settle()
            return True
        if found:  # else only reading works so far: whether it takes changes again is seen when it is tried
            self.reached()
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
        return max(retry.SEARCH.wait(effect.attempts), timedelta(seconds=self.tracker.lag))

    # --- following, and odds and ends ---------------------------------------------------------------------------------

    def _follow(self) -> bool:
        now = self.clock.now()
        began = self._round or now
        if now - began > LONGEST_ROUND:  # the next one goes on with those that were not looked at
            return False
        return mirror.follow(self.doors, self.name, self.tracker, began - self.settings.poll)

    def _keep(self, effect: Effect, outcome: Outcome) -> None:
        self._unsettled.append(Done(effect=effect, outcome=outcome))

    def _settle(self) -> None:
        """Commits outcomes; when the store is away they are kept here, and committed when it is back."""
        while self._unsettled:
            done = self._unsettled[0]
            self.doors.filings.settle(done.effect, done.outcome, self.clock.now(), filed=done.filed, state=done.state)
            self._unsettled.pop(0)
            log_outcome(done.effect, done.outcome)

    def _in_doubt(self) -> bool:
        """A tracker that can be read but takes no changes (a full disk) is in trouble all the time."""
        return bool(self.doors.filings.counts().get(self.name, {}).get(EffectState.UNCERTAIN.value))

    def _connect_anew(self) -> None:
        """With the token as it is now: it may have been corrected meanwhile."""
        fresh = self.doors.tracker(self.name)
        self.tracker.close()
        self.tracker, self._turned_away = fresh, False

    def tell_gone(self, problem: str, wait: float) -> None:
        """Logs that the tracker is away: why, and for how many seconds it is not asked."""
        log = logs.get("file")
        log.warning("tracker can't be reached", tracker=self.name, problem=problem, next_try=f"{wait:.0f} s")


# --- all of them ------------------------------------------------------------------------------------------------------


def filers(doors: FilingDoors) -> list[Filer]:
    """One for each outside tracker; not yet connected. Raises ConfigError."""
    return [
        Filer(
            name=name,
            doors=doors,
            tracker=doors.tracker(name),
            journal=doors.effects,
            clock=doors.clock,
            log_in=LogInWatch(settings, doors.config.folder),
        )
        for name, settings in doors.config.outside_trackers.items()
    ]


def file_all(doors: FilingDoors) -> list[str]:
    """Everything due, in all trackers side by side. Returns which could not be reached, and why."""
    found = filers(doors)
    if not found:
        return []
    with ThreadPoolExecutor(len(found), thread_name_prefix="file") as pool:
        for drained in [pool.submit(filer.drain) for filer in found]:
            drained.result()  # an error of a thread is an error of the pass
    for filer in found:
        doors.reading.note_pass(f"tracker.{filer.name}", doors.clock.now(), filer.unreachable)
    return [filer.unreachable for filer in found if filer.unreachable]


def interrupted(doors: FilingDoors) -> None:
    """What is `doing` when nobody does it was left by a crash."""
    now = doors.clock.now()
    again, uncertain = now + retry.SEARCH.first, EffectState.UNCERTAIN
    left = doors.effects.abandoned(EffectKind.FILE)
    outcomes = [Outcome(key=one.key, state=uncertain, error=INTERRUPTED, next_try=again) for one in left]
    doors.effects.settle_abandoned(outcomes, now)


def tell_of_unprepared(doors: FilingDoors) -> None:
    """Once a week: complaints that no [topics.NAME] fits, counted by what the model took them for."""
    since = doors.clock.now() - timedelta(days=7)
    found = unprepared(doors.database, doors.config.topics, since)
    counted = {one.topic or "(none)": one.complaints for one in found}
    logs.get("file").info("complaints without a prepared situation", since=since.isoformat(), complaints=counted)
