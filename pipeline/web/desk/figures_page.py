"""Figures: how customers are doing, since when and why; each figure opens the cases behind it. And the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from pipeline.desk.figures import BoardWish, as_table
from pipeline.figures import behind
from pipeline.figures.board import BoardLine, FigureBoard, FigureChange
from pipeline.figures.drawing import draw
from pipeline.figures.lines import LINE, LINES, MACHINE, MOOD, TIME, VOLUME, Unit, interval_of, value_of
from pipeline.store.splitting import SPLITS, Key
from pipeline.tokens import normalise_ref
from pipeline.web.desk import days
from pipeline.web.desk.translations import LANGUAGES, N_, Speech
from pipeline.web.desk.visits import ForbiddenError, Visit, may_see

router = APIRouter()
NOT_KNOWN = "-"  # as it stands in an address
_TRUTH: Mapping[str, Key] = {"yes": True, "no": False, NOT_KNOWN: None}
PRESETS = ((7, N_("7 days")), (28, N_("4 weeks")), (84, N_("12 weeks")), (364, N_("a year")), (0, N_("everything")))
USUAL = 28
GROUPS = {
    VOLUME: N_("How much"),
    TIME: N_("How quickly"),
    MOOD: N_("How customers are doing"),
    MACHINE: N_("What the machine does alone"),
}
NAMES = {
    "by_people": N_("Mails by people"),
    "complaints": N_("Complaints"),
    "opened": N_("Cases opened"),
    "first_response": N_("First answer, half within"),
    "first_response_90": N_("First answer, nine of ten within"),
    "resolution": N_("Solved, half within"),
    "resolution_90": N_("Solved, nine of ten within"),
    "respond_kept": N_("Promises to answer, kept"),
    "resolve_kept": N_("Promises to solve, kept"),
    "nps": N_("NPS: would recommend us (-100 to 100)"),
    "ces": N_("CES: we made it easy (1 to 7)"),
    "csat": N_("CSAT: satisfied"),
    "outcome": N_("Content with what they got"),
    "treatment": N_("Content with how they were treated"),
    "improving": N_("CTT: cases getting better"),
    "worsening": N_("CTT: cases getting worse"),
    "nps_rate": N_("NPS: answered of those sent"),
    "ces_rate": N_("CES: answered of those sent"),
    "csat_rate": N_("CSAT: answered of those sent"),
    "acknowledged": N_("Acknowledged without a person"),
    "unsure": N_("Unsure of the topic"),
    "topic_wrong": N_("Sure of the topic, and corrected"),
    "complaint_wrong": N_("Sure about a complaint, and corrected"),
}
SPLIT_NAMES = {
    "topic": N_("Topic"),
    "language": N_("Language"),
    "owner": N_("Owner"),
    "template": N_("Letter"),
    "complaint": N_("Complaint"),
}
LIST_NAMES = {
    "by_people": N_("Mails by people"),
    "complaints": N_("Complaints"),
    "opened": N_("Cases opened"),
    "responded": N_("Cases with a first answer, the slowest first"),
    "resolved": N_("Cases that were solved, the slowest first"),
    "respond_over": N_("Promises to answer whose time is over, missed ones first"),
    "resolve_over": N_("Promises to solve whose time is over, missed ones first"),
    "nps": N_("Answers to NPS, the worst first"),
    "ces": N_("Answers to CES, the worst first"),
    "csat": N_("Answers to CSAT, the worst first"),
    "outcome": N_("Answers about what they got, the worst first"),
    "treatment": N_("Answers about how they were treated, the worst first"),
    "improving": N_("Cases getting better"),
    "worsening": N_("Cases getting worse"),
    "nps_sent": N_("Questions for NPS that were sent"),
    "ces_sent": N_("Questions for CES that were sent"),
    "csat_sent": N_("Questions for CSAT that were sent"),
    "unanswered": N_("Mails by people without an acknowledgement"),
    "unsure": N_("Mails with an unsure topic"),
    "topic_wrong": N_("Topics that people corrected"),
    "complaint_wrong": N_("Complaints that people corrected"),
}
CHANGES = {
    FigureChange.MORE: N_("surely more than before"),
    FigureChange.LESS: N_("surely less than before"),
    FigureChange.CHANCE: N_("the difference may be chance"),
    FigureChange.UNKNOWN: "",
}
BESIDE = tuple(
    LINE[name]
    for name in ("by_people", "complaints", "first_response", "respond_kept", "nps", "ces", "csat", "worsening")
)


@dataclass
class FiguresAsked:
    """The fields of the form, as they stand in the address."""

    since: str = ""
    until: str = ""
    days: int | None = None
    by: str = ""
    topic: str = ""
    language: str = ""
    owner: str = ""
    template: str = ""
    complaint: str = ""

    def wish(self, zone: str, now: datetime) -> BoardWish:
        """Days that are none are left open; without any, the last four weeks."""
        since, until = _beginning(self.since, zone), _end(self.until, zone)
        if self.days is not None or not (self.since or self.until):
            back = USUAL if self.days is None else min(max(self.days, 0), 36_500)
            today = now.astimezone(ZoneInfo(zone)).date()
            since = days.beginning((today - timedelta(days=back - 1)).isoformat(), zone) if back else None
            until = None
        return BoardWish(since=since, until=until, by=self.by if self.by in SPLITS else "", only=tuple(self._only()))

    def _only(self) -> list[tuple[str, Key]]:
        only: list[tuple[str, Key]] = []
        for name in SPLITS:
            value = getattr(self, name)
            if name == "complaint" and value in _TRUTH:
                only.append((name, _TRUTH[value]))
            elif name != "complaint" and value:
                only.append((name, None if value == NOT_KNOWN else value[:300]))
        return only

    @property
    def is_of_people(self) -> bool:
        """Does it show how one of us does?"""
        return self.by == "owner" or bool(self.owner)

    def address(self, **changes: object) -> str:
        """Of the same with these changes; what is empty falls away."""
        values = {**vars(self), **changes}
        return urlencode({name: value for name, value in values.items() if value not in ("", None)})


def _beginning(text: str, zone: str) -> datetime | None:
    return _exact(text) or days.beginning(text, zone)


def _end(text: str, zone: str) -> datetime | None:
    return _exact(text) or days.end(text, zone)


def _exact(text: str) -> datetime | None:
    """A moment, as the links of a picture name it; None for a day and for anything else."""
    try:
        found = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


@router.get("/desk/figures")
def figures(
    visit: Annotated[Visit, Depends(may_see("see-figures"))],
    asked: Annotated[FiguresAsked, Depends()],
    figure: str = "csat",
) -> Response:
    """All at a glance, and one of them over time."""
    board = _board(visit, asked)
    shown = next((line for line in board.lines if line.line.name == figure), board.lines[0])
    wording = Wording(visit.speech)
    return visit.show(
        "desk/figures.html",
        asked=asked,
        board=board,
        shown=shown,
        drawing=draw(shown),
        small={line.line.name: draw(line) for line in board.lines},
        wording=wording,
        names=NAMES,
        groups=GROUPS,
        split_names={name: title for name, title in SPLIT_NAMES.items() if name != "owner" or _may_see_people(visit)},
        presets=PRESETS,
        preset=asked.days if asked.days is not None else USUAL if not (asked.since or asked.until) else None,
        beside=BESIDE,
        topics=visit.topic_titles,
        key_of=key_of,
        name_of=_naming(visit),
        value_of=value_of,
    )


@router.get("/desk/figures/cases")
def cases(
    visit: Annotated[Visit, Depends(may_see("see-figures"))],
    asked: Annotated[FiguresAsked, Depends()],
    figure: str = "by_people",
    page: int = 0,
) -> Response:
    """What is behind a figure."""
    wish = _wish(visit, asked)
    found = behind.look(visit.doors.database, figure, wish.period, dict(wish.only), min(max(page, 0), 100_000))
    return visit.show(
        "desk/behind.html",
        asked=asked,
        found=found,
        wish=wish,
        list_name=LIST_NAMES.get(figure, figure),
        wording=Wording(visit.speech),
        split_names=SPLIT_NAMES,
        name_of=_naming(visit),
    )


@router.get("/desk/figures.csv")
def save(
    visit: Annotated[Visit, Depends(may_see("export-figures"))], asked: Annotated[FiguresAsked, Depends()]
) -> Response:
    """All of it as a table."""
    headers = {"Content-Disposition": 'attachment; filename="figures.csv"'}
    return Response(as_table(_board(visit, asked)), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/desk/report")
def report(visit: Annotated[Visit, Depends(may_see("see-report"))], length: int = 7) -> Response:
    """What changed and what to do about it."""
    made = visit.site.reports.get(length if length in (1, 7, 28) else 7)
    return visit.show(
        "desk/report.html",
        report=made,
        lines=LINES,
        names=NAMES,
        wording=Wording(visit.speech),
        lengths=((1, N_("1 day")), (7, N_("7 days")), (28, N_("4 weeks"))),
        length=(made.until - made.since).days,
        where=_where(visit, made.since, made.until),
        cases_of={line.name: line.behind for line in LINES},
        during=urlencode({"since": made.since.isoformat(), "until": made.until.isoformat()}),
        compare_value=value_of,
    )


@dataclass(frozen=True)
class Wording:
    """How a figure is written for somebody."""

    speech: Speech

    def value(self, unit: Unit, value: float | None) -> str:
        """A figure; a dash where there are too few."""
        if value is None:
            return "–"
        if unit is Unit.SHARE:
            return self.speech.percent(value)
        if unit is Unit.SECONDS:
            return self.speech.seconds(value)
        return self.speech.number(round(value, 1) if unit is Unit.SCORE else round(value))

    def interval(self, line: BoardLine) -> str:
        """Where it lies with 95 %; '' where nobody knows."""
        found = interval_of(line.now)
        if not found:
            return ""
        low, high = (self.value(line.line.unit, one) for one in found)
        return self.speech.say(N_("%(low)s to %(high)s"), low=low, high=high)

    def change(self, line: BoardLine) -> str:
        """What is known of it beside the one before."""
        return self.speech.say(CHANGES[line.change])

    def of_list(self, name: str, value: float | None) -> str:
        """What stands beside a case in a list."""
        if value is None:
            return ""
        if name in ("responded", "resolved"):
            return self.speech.seconds(value)
        if name in behind.PROMISES:
            return self.speech.say(N_("missed")) if value else ""
        return self.speech.number(value)


def key_of(value: Key) -> str:
    """As it stands in an address."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return NOT_KNOWN if value is None else value


def _board(visit: Visit, asked: FiguresAsked) -> FigureBoard:
    return visit.site.boards.get(_wish(visit, asked))


def _wish(visit: Visit, asked: FiguresAsked) -> BoardWish:
    """Raises ForbiddenError: how one of us does is for those who lead."""
    if asked.is_of_people and not _may_see_people(visit):
        raise ForbiddenError
    return asked.wish(visit.doors.config.calendar.timezone, visit.doors.clock.now())


def _may_see_people(visit: Visit) -> bool:
    return visit.may("see-figures-of-people")


@dataclass(frozen=True)
class FigureNames:
    """How a topic, a language, an owner … is called."""

    speech: Speech
    topics: Mapping[str, str]
    languages: Mapping[str, str]

    def __call__(self, split: str, value: Key) -> str:
        if value is None:
            return self.speech.say(N_("(not known)"))
        if isinstance(value, bool):
            return self.speech.say(N_("complaint") if value else N_("no complaint"))
        return {"topic": self.topics, "language": self.languages}.get(split, {}).get(value, value)


def _naming(visit: Visit) -> FigureNames:
    return FigureNames(visit.speech, visit.topic_titles, LANGUAGES)


@dataclass(frozen=True)
class Where:
    """Where something that the report names is looked at."""

    topics: Mapping[str, str]
    during: Mapping[str, str]
    may_see_people: bool

    def __call__(self, about: str) -> str:
        """An address below the desk; '' for what has no page."""
        if ref := normalise_ref(about):
            return f"/desk/case/{ref}"
        if about in self.topics:
            return self._figures(topic=about)
        if "@" in about:
            return self._figures(owner=about) if self.may_see_people else ""
        return self._figures(template=about) if "/" in about else ""

    def _figures(self, **only: str) -> str:
        return f"/desk/figures?{urlencode({**self.during, **only})}"


def _where(visit: Visit, since: datetime, until: datetime) -> Where:
    during = {"since": since.isoformat(), "until": until.isoformat()}
    return Where(visit.topic_titles, during, _may_see_people(visit))
