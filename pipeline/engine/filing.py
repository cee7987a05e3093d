"""Working off what is to be filed in an outside tracker: in order for each ticket, each thing exactly once.

Nothing is created that was not looked for first. What a crash or a broken line left unknown is looked for again after
a while, because a tracker may still be at work on what it was sent; only then it is tried again under the same key.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pipeline import file_complaint, logs, parse
from pipeline.doors import Tracker
from pipeline.engine import mirroring
from pipeline.engine.sending import Backoff
from pipeline.errors import ConfigError, DeferredError, FirstlineError, RejectedError, UncertainError, UnreachableError
from pipeline.records import (
    Ability,
    Change,
    Effect,
    EffectKind,
    EffectState,
    File,
    Filed,
    Filing,
    FilingAction,
    Outcome,
    Remark,
    TicketStatus,
)
from pipeline.sections import TrackerConfig
from pipeline.store.situations import unprepared
from pipeline.wiring import House

AT_ONCE = 20  # asked for at once; they are claimed one by one
QUIET = 10.0  # seconds a tracker is given to finish what it was sent, before it is looked for
PATIENCE = (timedelta(minutes=1), timedelta(hours=1))  # between tries of one thing: doubling, at most
WEEKLY = "30 6 * * mon"  # when complaints without a prepared situation are told of, as cron says it
INTERRUPTED = "interrupted while it was being filed: it is looked for there"

Work = Filing | Remark | Change


@dataclass(frozen=True, kw_only=True)
class _Done:
    """An outcome, and what is to be kept with it."""

    effect: Effect
    outcome: Outcome
    filed: Filed | None = None
    seen: dict[str, Any] | None = None


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
    _unsettled: list[_Done] = field(default_factory=list)

    @property
    def settings(self) -> TrackerConfig:
        return self.house.config.outside_trackers[self.name]

    def drain(self) -> None:
        """Until nothing is due, or the tracker can't be reached (then `unreachable` says why)."""
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
        if not self.backoff.remaining(now):  # nothing waits there any more
            self.unreachable = ""
        return followed

    def _go_on(self, work: Callable[..., bool], *about: Effect) -> bool:
        """Does it; false when the tracker wants to be left alone now, or there was nothing to do."""
        if self.stopped():
            return False
        try:
            found = work(*about)
        except (UnreachableError, ConfigError) as error:
            self._gone(str(error), getattr(error, "retry_after", 0.0))
            return False
        return found

    # --- filing -------------------------------------------------------------------------------------------------------

    def _file(self, effect: Effect) -> bool:
        """One thing. False when it could not be known whether it was done: the tracker is left alone for a while."""
        clock = self.house.clock
        work = self._prepared(effect)  # before the claim: a store that is away leaves nothing claimed
        if not self.house.effects.claim([effect.key], clock.now()):
            return True
        try:
            self._unsettled.append(self._carried_out(effect, work))
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

    def _prepared(self, effect: Effect) -> Work | str:
        """What the tracker is to be told; or why that can't be put together."""
        try:
            return prepared(self.house, effect, self.settings)
        except UnreachableError:
            raise
        except Exception as error:  # what was kept of the mail is gone, or a bug
            return f"{type(error).__name__}: {error}"

    def _carried_out(self, effect: Effect, work: Work | str) -> _Done:
        outside = self._ticket(effect)["outside_id"]
        done = Outcome(key=effect.key, state=EffectState.DONE)
        match work:
            case Filing():
                filed = self.tracker.find(work.key, work.project) or self.tracker.open(work)
                seen = self._as_it_stands(filed.id) | {"status": TicketStatus.OPEN.value}
                return _Done(effect=effect, outcome=done, filed=filed, seen=seen)
            case Remark():
                if not self._has_said(effect, work.key):
                    self.tracker.comment(outside, work)
                return _Done(effect=effect, outcome=done)
            case Change():
                mirroring.look(self.house, self.tracker, self._ticket(effect))  # what they did before us is kept
                self.tracker.update(outside, work)
                seen = self._as_it_stands(outside)
                told = {"status": work.status, "word": work.status, "owner": work.owner}
                kept = {name: value for name, value in seen.items() if told.get(name)}
                return _Done(effect=effect, outcome=done, seen=kept)
            case str():
                raise RejectedError(work, where=effect.ticket, remedy="file it by hand")

    def _has_said(self, effect: Effect, key: str) -> bool:
        """Is our remark there? Where nobody can tell, it is not. Raises RejectedError when the ticket is gone."""
        if Ability.STANDING not in self.tracker.abilities:
            return False
        standing = mirroring.look(self.house, self.tracker, self._ticket(effect))
        if standing is None:
            raise RejectedError("the ticket is gone there", where=self.name, remedy="file it by hand")
        return any(said.key == key for said in standing.said)

    def _as_it_stands(self, outside: str) -> dict[str, Any]:
        """What our own change made of it, so that it is not taken for somebody else's. Without an answer: nothing."""
        try:
            standing = self.tracker.standing(outside)
        except FirstlineError:
            return {}
        return mirroring.facts(standing) if standing else {}

    # --- what nobody knows --------------------------------------------------------------------------------------------

    def _resolve(self, effect: Effect) -> bool:
        """Found there: it was done. Not found: it is done now, under the same key."""
        found = self._found(effect)
        self._reached()
        state = EffectState.DONE if found else EffectState.WAITING
        error = "" if found else "it was not found there"
        outcome = Outcome(key=effect.key, state=state, error=error, details={"resolved": error or "found there"})
        filed = found if isinstance(found, Filed) else None
        seen = {"status": TicketStatus.OPEN.value} if filed else None
        self._unsettled.append(_Done(effect=effect, outcome=outcome, filed=filed, seen=seen))
        self._settle()
        return True

    def _found(self, effect: Effect) -> Filed | bool | None:
        row = self._ticket(effect)
        match effect.details["action"]:
            case FilingAction.OPEN:
                return self.tracker.find(file_complaint.key_of(effect.ticket), row["project"])
            case FilingAction.COMMENT:
                try:
                    return self._has_said(effect, file_complaint.remark_key(effect.key))
                except RejectedError:  # it is gone: trying again says so
                    return False
            case _:  # a change that is made twice is made once
                return False

    def _quiet(self, effect: Effect) -> timedelta:
        """How long nobody looks: the tracker may be at work on it still, and its search may lag."""
        return timedelta(seconds=max(QUIET * 2.0 ** min(effect.attempts, 6), self.tracker.lag))

    # --- following, and odds and ends ---------------------------------------------------------------------------------

    def _follow(self) -> bool:
        found = mirroring.follow(self.house, self.name, self.tracker, self.settings)
        if found:
            self._reached()
        return found

    def _ticket(self, effect: Effect) -> dict[str, Any]:
        return self.house.board.show(effect.ticket)

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
        self._unsettled.append(_Done(effect=effect, outcome=outcome))
        if not counted:
            self._settle()

    def _settle(self) -> None:
        """Commits outcomes; when the store is away they are kept here, and committed when it is back."""
        while self._unsettled:
            done = self._unsettled[0]
            self.house.filings.settle(
                done.effect, done.outcome, self.house.clock.now(), filed=done.filed, seen=done.seen
            )
            self._unsettled.pop(0)

    def _reached(self) -> None:
        self.backoff.succeeded()
        self.unreachable = ""

    def _gone(self, problem: str, at_least: float = 0.0) -> None:
        self.unreachable = problem
        wait = self.backoff.failed(self.house.clock.now(), at_least)
        log = logs.get("file")
        log.warning("tracker can't be reached", tracker=self.name, problem=problem, next_try=f"{wait:.0f} s")


def prepared(house: House, effect: Effect, settings: TrackerConfig) -> Work:
    """What the tracker is to be told, put together from the stored mail. Raises NotFoundError when that is gone."""
    details, ticket = effect.details, house.board.show(effect.ticket)
    if details["action"] == FilingAction.UPDATE:
        return file_complaint.change(details, settings)
    mail = house.reading.mail(effect.mail_id)
    if "event" in details:
        event = next(one for one in ticket["events"] if one["id"] == details["event"])
        return file_complaint.note(effect.key, event, mail, settings)
    files = _files(house, effect.mail_id) if settings.attachments else ()
    if details["action"] == FilingAction.COMMENT:
        return file_complaint.follow_up(effect.key, mail, settings, files)
    earlier = house.board.show(details["earlier"]) if details.get("earlier") else None
    zone, labels = house.config.calendar.timezone, details.get("labels", ())
    return file_complaint.filing(ticket, mail, settings, zone, labels=labels, files=files, earlier=earlier)


def _files(house: House, mail_id: str) -> tuple[File, ...]:
    """What is kept of them: of a very large mail the last ones are not."""
    kept = house.reading.raw(mail_id)
    return parse.files(kept.raw, whole=len(kept.raw) == kept.size)


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
    counted = {row["topic"] or "(none)": row["complaints"] for row in found}
    logs.get("file").info("complaints without a prepared situation", since=since.isoformat(), complaints=counted)
