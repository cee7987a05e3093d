"""What is counted over all time, for the figures of a monitor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.records.promise import PromiseKind, PromiseState
from pipeline.records.survey import SurveyKind
from pipeline.store.database import Database
from pipeline.store.metrics import Answers, Metrics, Period
from pipeline.store.status_page import Standings

_ENDLESS = Period()


@dataclass(frozen=True, kw_only=True, slots=True)
class OverallCounts:
    """What the store says over all time."""

    mails: Mapping[str, int]  # by fate
    promises: Mapping[tuple[PromiseKind, PromiseState], int]
    surveys: Mapping[SurveyKind, Answers]
    tickets: Mapping[str, int]  # by status


def count_everything(database: Database) -> OverallCounts:
    """Counts it now. Takes a while on a large store: see Remembered in site.py."""
    store = Metrics(database)
    return OverallCounts(
        mails=store.mails(_ENDLESS).get(None, {}),
        promises=store.promises(_ENDLESS).get(None, {}),
        surveys=store.surveys(_ENDLESS).get(None, {}),
        tickets=Standings(database).by_status(),
    )
