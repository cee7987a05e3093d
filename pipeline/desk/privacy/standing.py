"""Whether what is promised about personal data is kept: what has to go goes, and who was to be erased is erased."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.desk.doors import HealthDoors
from pipeline.engine import set_tasks
from pipeline.engine.jobs import names
from pipeline.errors import ConfigError, UnusableModelError
from pipeline.learn.registry import registry_of
from pipeline.records.health import Pass
from pipeline.records.personal import Erasure

NOT_PURGED = timedelta(days=3)  # it is done each night
UNDER_WAY = timedelta(hours=1)  # an erasure takes minutes


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokenPromise:
    """What is not as we said."""

    what: str
    remedy: str
    since: datetime


def broken(doors: HealthDoors, passes: Mapping[str, Pass], now: datetime) -> Iterator[BrokenPromise]:
    """All that is."""
    since = _not_purged_since(doors, passes)
    if since and now - since > NOT_PURGED:
        what = f"what is over by [privacy] has not been purged since {since:%Y-%m-%d}"
        yield BrokenPromise(
            what=what, remedy="firstline privacy purge; [schedule] purge does it by itself", since=since
        )
    if since := _learned_from_erased_since(doors):
        yield BrokenPromise(
            what=f"the model in use learned from a customer who was erased on {since:%Y-%m-%d}",
            remedy="firstline model train; `firstline run` does it by itself",
            since=since,
        )
    for one in doors.personal_data.unfinished():
        if one.left or now - one.begun > UNDER_WAY:
            yield BrokenPromise(
                what=_told(one), remedy="ask for the same again: firstline privacy erase", since=one.begun
            )


def _not_purged_since(doors: HealthDoors, passes: Mapping[str, Pass]) -> datetime | None:
    """None: there is nothing to be purged, or it was never to be done."""
    last = passes.get(names.PURGE, Pass()).last_pass
    begun = passes.get(set_tasks.noted(names.PURGE), Pass()).since if doors.config.schedule.purge else None
    oldest, kept = doors.personal_data.oldest_mail(), doors.config.privacy.shortest
    if oldest is None or kept is None:
        return None
    return last or begun or oldest + kept


def _learned_from_erased_since(doors: HealthDoors) -> datetime | None:
    """None: it did not, or not longer than it may."""
    try:
        since = registry_of(doors.config, doors.config.key()).leaving()
    except (UnusableModelError, ConfigError):  # told of as a problem of the model
        return None
    return since if since and doors.clock.now() - since > doors.config.privacy.retrain_within else None


def _told(one: Erasure) -> str:
    why = "; ".join(one.left) or "it was cut off"
    return f"erasure {one.id} of {one.begun:%Y-%m-%d} is not complete: {why}"
