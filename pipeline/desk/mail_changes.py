"""What has changed in the mail since the version in use was trained, and what it may not know yet: with its mails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.desk.doors import HealthDoors
from pipeline.engine.jobs.drift import LEAST_MAILS, WINDOW
from pipeline.errors import UnusableModelError
from pipeline.figures.words import count_new
from pipeline.learn.drift import PSI_LIMIT, UNSURE_LIMIT
from pipeline.learn.registry import registry_of
from pipeline.records.health import DriftDay, DriftFacts
from pipeline.store.metrics import Metrics, Period

SHOWN = 10  # shares that have changed most; new words
LATELY = timedelta(days=7)
USUAL = 4  # times as long before


@dataclass(frozen=True, kw_only=True, slots=True)
class ShareChange:
    """How much of the mail is of one topic or one language."""

    name: str  # '' where none was found
    trained: float  # share of the mail that the version has learned from
    now: float


@dataclass(frozen=True, kw_only=True, slots=True)
class MailDrift:
    """The mail of the last days beside what the version in use has learned from."""

    since: datetime
    until: datetime  # when it was measured
    facts: DriftFacts
    topics: Sequence[ShareChange]
    languages: Sequence[ShareChange]
    mixed_from: float = PSI_LIMIT  # index from which the mix of topics counts as another

    @property
    def is_mixed_anew(self) -> bool:
        """Is the mix of topics another than when the version came into use? By the limit of `status`."""
        return self.facts["topics_since"] > self.mixed_from

    @property
    def is_less_sure(self) -> bool:
        """Are so many more mails unsure that `status` speaks of it?"""
        return self.facts["unsure_risen"] > UNSURE_LIMIT


@dataclass(frozen=True, kw_only=True, slots=True)
class NewWord:
    """A word that several wrote lately, and nobody in the weeks before."""

    word: str
    mails: int


def least() -> tuple[int, int]:
    """How many mails within how many days it takes to say anything."""
    return LEAST_MAILS, WINDOW.days


def drift_of(doors: HealthDoors) -> MailDrift | None:
    """What was measured last of the version in use; None: nothing yet. Raises ConfigError."""
    day = doors.drift.newest()
    registry = registry_of(doors.config, doors.config.key())
    if day is None or day.model != registry.current():
        return None
    try:
        trained = registry.version(day.model).manifest.get("mix", {})
    except UnusableModelError:  # the page says so beside the version
        return None
    return _drift(day, trained)


def _drift(day: DriftDay, trained: Mapping[str, Mapping[str, float]]) -> MailDrift:
    return MailDrift(
        since=day.at - WINDOW,
        until=day.at,
        facts=day.facts,
        topics=_changes(trained.get("topic", {}), day.facts["topics"]),
        languages=_changes(trained.get("language", {}), day.facts["languages"]),
    )


def _changes(trained: Mapping[str, float], now: Mapping[str, float]) -> list[ShareChange]:
    """The largest first; of a version that does not tell its mix there are none."""
    if not trained:
        return []
    found = [
        ShareChange(name=name, trained=trained.get(name, 0.0), now=now.get(name, 0.0))
        for name in sorted({*trained, *now})
    ]
    return sorted(found, key=lambda one: -abs(one.now - one.trained))[:SHOWN]


def new_words(doors: HealthDoors) -> list[NewWord]:
    """Words of the last week that nobody used in the four weeks before, the commonest first: perhaps a new topic."""
    now = doors.clock.now()
    metrics, begin = Metrics(doors.database), now - LATELY
    before = Period(since=begin - USUAL * LATELY, until=begin)
    found = count_new(metrics.texts(Period(since=begin, until=now)), metrics.texts(before), SHOWN)
    return [NewWord(word=word, mails=mails) for word, mails in found]
