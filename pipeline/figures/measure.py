"""Everything that is measured, as one document: what `metrics` prints, and what other programs build on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.errors import UsageError
from pipeline.figures import formulas
from pipeline.figures.metrics_document import (
    AutomationDocument,
    FatesDocument,
    FiguresDocument,
    GroupDocument,
    MetricsDocument,
    PromisesDocument,
    ShareDocument,
    StepDocument,
)
from pipeline.records.promise import PromiseKind, PromiseState
from pipeline.records.survey import SurveyKind
from pipeline.store.database import Database
from pipeline.store.metrics import HEADS, Answers, Metrics, Period, Times
from pipeline.store.splitting import EVERYTHING, SPLITS, Key, Only
from pipeline.store.touchpoints import Case, Touchpoints

STEPS = ("day", "week", "month")
MOST_STEPS = 400  # a year of days; each is counted on its own
ENDLESS = Period()
SIDE_BY_SIDE = 2  # questions to the database


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """What the store says of one group."""

    mails: dict[str, int] = field(default_factory=dict)
    corrected: dict[str, Counter[str]] = field(default_factory=dict)
    tickets: Times = field(default_factory=Times)
    promises: dict[tuple[PromiseKind, PromiseState], int] = field(default_factory=dict)
    surveys: dict[SurveyKind, Answers] = field(default_factory=dict)
    cases: Sequence[Case] = ()


def measure(
    database: Database,
    zone: ZoneInfo,
    now: datetime,
    period: Period = ENDLESS,
    by: str = "",
    only: Only = EVERYTHING,
) -> MetricsDocument:
    """The document of docs/metrics.md, of what is narrowed by `only`.

    Raises UsageError for an unknown `by`, or one with too many steps.
    """
    if by not in ("", *SPLITS, *STEPS):
        raise UsageError(f"--by {by}?", remedy=f"one of {', '.join((*SPLITS, *STEPS))}")
    groups: list[StepDocument] | list[GroupDocument] = []
    if by in SPLITS:
        counted = _counted(database, period, by, only)
        groups, total = _groups(counted), _together(counted.values())
    else:
        groups = _steps(database, zone, now, period, by, only) if by else []
        total = _counted(database, period, "", only).get(None, Counted())
    since, until = _bounds(period, zone)
    return {
        "since": since,
        "until": until,
        "timezone": str(zone),
        "by": by or None,
        "only": dict(only),
        "total": figures(total),
        "groups": groups,
    }


def began(database: Database) -> datetime | None:
    """When the first mail came."""
    return Metrics(database).began()


def narrowed(pairs: Iterable[str]) -> Only:
    """ "topic=delivery", "complaint=yes", "owner=" (not known) as what they narrow to. Raises UsageError."""
    only: dict[str, Key] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if name not in SPLITS or not sign or (name == "complaint" and value not in _TRUTH):
            raise UsageError(f"--only {pair}?", remedy=f"as topic=delivery or complaint=yes: {', '.join(SPLITS)}")
        only[name] = _TRUTH[value] if name == "complaint" else value or None
    return only


_TRUTH: Mapping[str, Key] = {"yes": True, "no": False, "": None}


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


def figures(counted: Counted) -> FiguresDocument:
    """One group as the document shows it."""
    return {
        "mails": _fates(counted.mails),
        "automation": _automation(counted),
        "tickets": {
            "opened": counted.tickets.opened,
            "first_response": formulas.times(counted.tickets.responded),
            "resolution": formulas.times(counted.tickets.resolved),
        },
        "promises": {kind.value: _promises(counted, kind) for kind in PromiseKind},
        "nps": formulas.nps_with_rate(*_answered(counted, SurveyKind.NPS)),
        "ces": formulas.ces_with_rate(*_answered(counted, SurveyKind.CES)),
        "csat": formulas.csat_with_rate(*_answered(counted, SurveyKind.CSAT)),
        "outcome": formulas.csat_with_rate(*_answered(counted, SurveyKind.OUTCOME)),
        "treatment": formulas.csat_with_rate(*_answered(counted, SurveyKind.TREATMENT)),
        "ctt": formulas.trace(counted.cases),
    }


def _fates(mails: Mapping[str, int]) -> FatesDocument:
    return {
        "received": mails.get("received", 0),
        "by_people": mails.get("by_people", 0),
        "complaints": mails.get("complaints", 0),
        "acknowledged": mails.get("acknowledged", 0),
        "silent": mails.get("silent", 0),
        "limited": mails.get("limited", 0),
        "parked": mails.get("parked", 0),
        "recorded": mails.get("recorded", 0),
    }


def _automation(counted: Counted) -> AutomationDocument:
    """How much the machine did alone, and how often it is known to have been wrong."""
    judged, sure = counted.mails.get("judged", 0), {head: counted.mails.get(f"{head}_sure", 0) for head in HEADS}
    found = {head: counted.corrected.get(head, Counter[str]()) for head in HEADS}
    return {
        "acknowledged": formulas.share(counted.mails.get("acknowledged", 0), counted.mails.get("by_people", 0)),
        "unsure": formulas.share(judged - sure["topic"], judged),
        "error": {
            head: {"checked": one["checked"], "at_least": formulas.share(one["wrong"], sure[head])}
            for head, one in found.items()
        },
    }


def _promises(counted: Counted, kind: PromiseKind) -> PromisesDocument:
    states = {state: counted.promises.get((kind, state), 0) for state in PromiseState}
    over = states[PromiseState.KEPT] + states[PromiseState.BROKEN]
    return {
        "given": sum(states.values()),
        "open": states[PromiseState.OPEN],
        "kept": formulas.share(states[PromiseState.KEPT], over),
    }


def _answered(counted: Counted, kind: SurveyKind) -> tuple[formulas.Histogram, ShareDocument]:
    """The scores given, and how many of those asked gave one."""
    answers = counted.surveys.get(kind, Answers())
    return answers.scores, formulas.share(answers.answered, answers.sent)


def _counted(database: Database, period: Period, by: str, only: Only) -> dict[Key, Counted]:
    """What the store says, by what it is split by."""
    store, touchpoints = Metrics(database), Touchpoints(database)
    asked = period, by, only
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:  # a database works while the other answer is read
        asked_mails, asked_promises = pool.submit(store.mails, *asked), pool.submit(store.promises, *asked)
        asked_tickets, asked_surveys = pool.submit(store.tickets, *asked), pool.submit(store.surveys, *asked)
        asked_labels, asked_cases = pool.submit(store.corrected, *asked), pool.submit(touchpoints.cases, *asked)
    mails, tickets, promises = asked_mails.result(), asked_tickets.result(), asked_promises.result()
    surveys, corrected, cases = asked_surveys.result(), asked_labels.result(), asked_cases.result()
    return {
        key: Counted(
            mails=mails.get(key, {}),
            corrected=corrected.get(key, {}),
            tickets=tickets.get(key, Times()),
            promises=promises.get(key, {}),
            surveys=surveys.get(key, {}),
            cases=cases.get(key, ()),
        )
        for key in {*mails, *tickets, *promises, *surveys, *corrected, *cases}
    }


def _together(parts: Iterable[Counted]) -> Counted:
    """What they are in all: each mail, ticket, promise, survey and case is in one of them."""
    mails, promises = Counter[str](), Counter[tuple[PromiseKind, PromiseState]]()
    corrected, surveys = {head: Counter[str]() for head in HEADS}, {kind: Answers() for kind in SurveyKind}
    times, cases = Times(), list[Case]()
    for one in parts:
        mails.update(one.mails)
        promises.update(one.promises)
        for head, counts in one.corrected.items():
            corrected[head].update(counts)
        for kind, answers in one.surveys.items():
            surveys[kind].sent += answers.sent
            surveys[kind].answered += answers.answered
            surveys[kind].scores.update(answers.scores)
        times.opened += one.tickets.opened
        times.responded += one.tickets.responded
        times.resolved += one.tickets.resolved
        cases += one.cases
    return Counted(
        mails=mails, corrected=corrected, tickets=times, promises=promises, surveys=surveys, cases=tuple(cases)
    )


def _groups(counted: Mapping[Key, Counted]) -> list[GroupDocument]:
    """The largest first; what could not be told at the end."""
    ranked = sorted(counted, key=lambda key: (key is None, -counted[key].mails.get("received", 0), str(key)))
    return [{"value": key, **figures(counted[key])} for key in ranked]


def _steps(
    database: Database, zone: ZoneInfo, now: datetime, period: Period, step: str, only: Only
) -> list[StepDocument]:
    since = period.since or Metrics(database).began() or now
    steps = list(cut((since, period.until or now), step, zone))
    if len(steps) > MOST_STEPS:
        raise UsageError(f"these are {len(steps)} {step}s", remedy=f"at most {MOST_STEPS}: narrow it with --since")
    return [_step(database, zone, name, one, only) for name, one in steps]


def _step(database: Database, zone: ZoneInfo, name: str, period: Period, only: Only) -> StepDocument:
    since, until = _bounds(period, zone)
    found = figures(_counted(database, period, "", only).get(None, Counted()))
    return {"value": name, "since": since, "until": until, **found}


def _bounds(period: Period, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    since, until = (moment.astimezone(zone) if moment else None for moment in (period.since, period.until))
    return since, until


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
