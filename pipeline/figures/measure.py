"""Everything that is measured, as one document: what `metrics` prints, and what other programs build on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.errors import UsageError
from pipeline.figures import formulas
from pipeline.records.promise import PromiseKind, PromiseState
from pipeline.records.survey import SurveyKind
from pipeline.store.database import Database
from pipeline.store.metrics import HEADS, SPLITS, Answers, Key, Metrics, Period, Times
from pipeline.store.touchpoints import Case, Touchpoints

STEPS = ("day", "week", "month")
MOST_STEPS = 400  # a year of days; each is counted on its own
ENDLESS = Period()


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What the store says of one group."""

    mails: dict[str, int] = field(default_factory=dict)
    corrected: dict[str, Any] = field(default_factory=dict)
    tickets: Times = field(default_factory=Times)
    promises: dict[tuple[PromiseKind, PromiseState], int] = field(default_factory=dict)
    surveys: dict[SurveyKind, Answers] = field(default_factory=dict)
    cases: Sequence[Case] = ()


def measure(
    database: Database, zone: ZoneInfo, now: datetime, period: Period = ENDLESS, by: str = ""
) -> dict[str, Any]:
    """The document of docs/metrics.md. Raises UsageError for an unknown `by`, or one with too many steps."""
    if by not in ("", *SPLITS, *STEPS):
        raise UsageError(f"--by {by}?", remedy=f"one of {', '.join((*SPLITS, *STEPS))}")
    groups = _steps(database, zone, now, period, by) if by in STEPS else _groups(database, period, by) if by else []
    return {
        **_bounds(period, zone),
        "timezone": str(zone),
        "by": by or None,
        "total": figures(_counted(database, period).get(None, Counted())),
        "groups": list(groups),
    }


def days(since: date | None, until: date | None, zone: ZoneInfo) -> Period:
    """Whole days as the calendar of a zone has them, the last one included. Raises UsageError."""
    if since and until and until < since:
        raise UsageError(f"the period from {since} until {until} is empty", remedy="--until is its last day")
    return Period(
        since=_midnight(since, zone) if since else None,
        until=_midnight(until + timedelta(days=1), zone) if until else None,
    )


def cut(period: tuple[datetime, datetime], step: str, zone: ZoneInfo) -> Iterator[tuple[str, Period]]:
    """The days, weeks (from Monday) or months of a period with their names; the first and last end where it does."""
    since, end = period
    day = _first_day(since.astimezone(zone).date(), step)
    while (begin := _midnight(day, zone)) < end:
        following = _next(day, step)
        until = min(_midnight(following, zone), end)
        yield _name(day, step), Period(since=max(begin, since), until=until)
        day = following


def figures(counted: Counted) -> dict[str, Any]:
    """One group as the document shows it."""
    mails = {name: counted.mails.get(name, 0) for name in _MAILS}
    return {
        "mails": mails,
        "automation": _automation(counted),
        "tickets": {
            "opened": counted.tickets.opened,
            "first_response": formulas.times(counted.tickets.responded),
            "resolution": formulas.times(counted.tickets.resolved),
        },
        "promises": {kind.value: _promises(counted, kind) for kind in PromiseKind},
        **{kind.value: _survey(counted.surveys.get(kind, Answers()), kind) for kind in SurveyKind},
        "ctt": formulas.trace(counted.cases),
    }


_MAILS = (
    *("received", "by_people", "complaints"),
    *("acknowledged", "silent", "limited", "parked", "recorded"),
)


def _automation(counted: Counted) -> dict[str, Any]:
    """How much the machine did alone, and how often it is known to have been wrong."""
    judged, sure = counted.mails.get("judged", 0), {head: counted.mails.get(f"{head}_sure", 0) for head in HEADS}
    none = {"checked": 0, "wrong": 0}
    found = {head: counted.corrected.get(head, none) for head in HEADS}
    return {
        "acknowledged": formulas.share(counted.mails.get("acknowledged", 0), counted.mails.get("by_people", 0)),
        "unsure": formulas.share(judged - sure["topic"], judged),
        "error": {
            head: {"checked": one["checked"], "at_least": formulas.share(one["wrong"], sure[head])}
            for head, one in found.items()
        },
    }


def _promises(counted: Counted, kind: PromiseKind) -> dict[str, Any]:
    states = {state: counted.promises.get((kind, state), 0) for state in PromiseState}
    over = states[PromiseState.KEPT] + states[PromiseState.BROKEN]
    return {
        "given": sum(states.values()),
        "open": states[PromiseState.OPEN],
        "kept": formulas.share(states[PromiseState.KEPT], over),
    }


def _survey(answers: Answers, kind: SurveyKind) -> dict[str, Any]:
    return formulas.survey(kind, answers.scores, answers.sent, answers.answered)


def _counted(database: Database, period: Period, by: str = "") -> dict[Key, Counted]:
    """What the store says, by what it is split by."""
    store, touchpoints = Metrics(database), Touchpoints(database)
    questions: dict[str, Callable[[Period, str], dict[Key, Any]]] = {
        "mails": store.mails,
        "tickets": store.tickets,
        "promises": store.promises,
        "surveys": store.surveys,
        "corrected": store.corrected,
        "cases": touchpoints.cases,
    }
    found = {name: question(period, by) for name, question in questions.items()}
    keys = {key for counts in found.values() for key in counts}
    return {key: Counted(**{name: counts[key] for name, counts in found.items() if key in counts}) for key in keys}


def _groups(database: Database, period: Period, by: str) -> Iterator[dict[str, Any]]:
    """The largest first; what could not be told at the end."""
    counted = _counted(database, period, by)
    for key in sorted(counted, key=lambda key: (key is None, -counted[key].mails.get("received", 0), str(key))):
        yield {"value": key, **figures(counted[key])}


def _steps(database: Database, zone: ZoneInfo, now: datetime, period: Period, step: str) -> Iterator[dict[str, Any]]:
    since = period.since or Metrics(database).began() or now
    steps = list(cut((since, period.until or now), step, zone))
    if len(steps) > MOST_STEPS:
        raise UsageError(f"these are {len(steps)} {step}s", remedy=f"at most {MOST_STEPS}: narrow it with --since")
    for name, one in steps:
        yield {"value": name, **_bounds(one, zone), **figures(_counted(database, one).get(None, Counted()))}


def _bounds(period: Period, zone: ZoneInfo) -> dict[str, datetime | None]:
    bounds = {"since": period.since, "until": period.until}
    return {name: moment.astimezone(zone) if moment else None for name, moment in bounds.items()}


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins; where the clock skips midnight, the moment at which it does."""
    return datetime.combine(day, time(0), tzinfo=zone).astimezone(UTC)


def _first_day(day: date, step: str) -> date:
    return {"day": day, "week": day - timedelta(days=day.weekday()), "month": day.replace(day=1)}[step]


def _next(day: date, step: str) -> date:
    if step == "month":
        return (day + timedelta(days=31)).replace(day=1)
    return day + timedelta(days=7 if step == "week" else 1)


def _name(day: date, step: str) -> str:
    return day.strftime({"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m"}[step])
