"""The cases behind a figure, a page at a time: what one looks at when a figure is bad.

Each list has as many cases as its figure says: those counted for a count, those that are over for promises, all answers
for a score (the worst first).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.errors import NotFoundError
from pipeline.figures import formulas
from pipeline.figures.metrics_document import FigureCaseDocument
from pipeline.records.promise import PromiseKind
from pipeline.records.survey import SurveyKind
from pipeline.store.behind import MAIL_CONDITIONS, PAGE, PROMISE_CONDITIONS, Behind, BehindPage, BehindRow
from pipeline.store.database import Database
from pipeline.store.metrics import HEADS, Metrics, Period
from pipeline.store.splitting import EVERYTHING, Only
from pipeline.store.touchpoints import Touchpoints

WAYS = ("improving", "steady", "worsening")
TICKETS = ("opened", "responded", "resolved")
PROMISES = {f"{kind}_{condition}": (kind, condition) for kind in PromiseKind for condition in PROMISE_CONDITIONS}
SENT = {f"{kind}_sent": kind for kind in SurveyKind}
WRONG = {f"{head}_wrong": head for head in HEADS}
LISTS = (*MAIL_CONDITIONS, *TICKETS, *PROMISES, *SurveyKind, *SENT, *WAYS, *WRONG)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseBehind:
    """A case as a list shows it."""

    row: BehindRow
    subject: str
    sender: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CasesBehind:
    """A page of them."""

    name: str
    cases: tuple[CaseBehind, ...]
    total: int
    page: int  # from 0

    @property
    def is_last(self) -> bool:
        """Does nothing come after it?"""
        return (self.page + 1) * PAGE >= self.total


def look(database: Database, name: str, period: Period, only: Only = EVERYTHING, page: int = 0) -> CasesBehind:
    """The list `name`, one of LISTS. Raises NotFoundError."""
    if name not in LISTS:
        raise NotFoundError(f"there is no list '{name[:40]}'", remedy=f"one of {', '.join(LISTS)}")
    store = Behind(database)
    found = _find(store, name, period, only, page)
    titles = store.titles({row.case for row in found.rows})
    cases = tuple(_case(row, titles) for row in found.rows)
    return CasesBehind(name=name, cases=cases, total=found.total, page=page)


def documents(database: Database, name: str, period: Period, only: Only = EVERYTHING) -> Iterator[FigureCaseDocument]:
    """All of the list, for programs. Raises NotFoundError."""
    found = look(database, name, period, only)
    while True:
        for one in found.cases:
            row = one.row
            yield {"case": row.case, "at": row.at, "value": row.value, "subject": one.subject, "sender": one.sender}
        if found.is_last:
            return
        found = look(database, name, period, only, found.page + 1)


def _find(store: Behind, name: str, period: Period, only: Only, page: int) -> BehindPage:
    if name in MAIL_CONDITIONS:
        return store.mails(name, period, only, page)
    if name in TICKETS:
        return store.tickets(name, period, only, page)
    if name in PROMISES:
        return store.promises(*PROMISES[name], period, only, page)
    if name in SENT:
        return store.surveys(SENT[name], period, only, page, sent=True)
    if name in WRONG:
        wrong = Metrics(store.database).wrong(WRONG[name], period, only)
        return _cut([BehindRow(case=case, at=at) for case, at in wrong], page)
    if name in WAYS:
        return _cut(_traced(store.database, name, period, only), page)
    return store.surveys(SurveyKind(name), period, only, page)


def _traced(database: Database, way: str, period: Period, only: Only) -> list[BehindRow]:
    """The cases that go this way, the furthest first."""
    rows = []
    for thread, case in Touchpoints(database).by_thread(period, only).items():
        risen = formulas.rise_of(case)
        if risen is not None and formulas.direction(risen) == way:
            rows.append(BehindRow(case=thread, at=case[0].at, value=round(risen, 2)))
    return sorted(rows, key=lambda row: (-abs(row.value or 0.0), row.case))


def _cut(rows: list[BehindRow], page: int) -> BehindPage:
    return BehindPage(rows=rows[page * PAGE : (page + 1) * PAGE], total=len(rows))


def _case(row: BehindRow, titles: Mapping[str, tuple[str, str]]) -> CaseBehind:
    subject, sender = titles.get(row.case, ("", ""))
    return CaseBehind(row=row, subject=subject, sender=sender)
