"""The rows behind a figure of store/metrics.py: counted in the same words, so that there are as many."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from pipeline.records.promise import PromiseKind, PromiseState
from pipeline.records.survey import SurveyKind
from pipeline.store import metrics, schema
from pipeline.store.database import Database
from pipeline.store.metrics import COUNTED, LAST_SCORE, Period
from pipeline.store.splitting import MAILS, PROMISES, SURVEYS, TICKETS, Cut, Only

mail, ticket, promise, survey = schema.mail, schema.ticket, schema.promise, schema.survey
PAGE = 50
AnySelect = Select[*tuple[object, ...]]
MAIL_CONDITIONS: Mapping[str, ColumnElement[bool]] = {
    "received": true(),
    "by_people": COUNTED["by_people"],
    "complaints": COUNTED["complaints"],
    "acknowledged": and_(COUNTED["acknowledged"], ~metrics.REFUSED),
    "unanswered": metrics.UNANSWERED,
    "silent": metrics.SILENT,
    "limited": COUNTED["limited"],
    "parked": COUNTED["parked"],
    "recorded": COUNTED["recorded"],
    "unsure": metrics.UNSURE,
}
_MISSED = or_(
    promise.c.state == PromiseState.BROKEN.value,
    and_(promise.c.state == PromiseState.RENEWED.value, promise.c.warned.is_not(None)),
)
PROMISE_CONDITIONS: Mapping[str, ColumnElement[bool]] = {
    "over": or_(_MISSED, promise.c.state == PromiseState.KEPT.value),
    "missed": _MISSED,
    "open": promise.c.state == PromiseState.OPEN.value,
    "given": true(),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class BehindRow:
    """One case behind a figure."""

    case: str  # the reference of its mail
    at: datetime  # when it came, was opened, promised or asked
    value: float | None = None  # a score, seconds, or 1 for a promise that was missed


@dataclass(frozen=True, kw_only=True, slots=True)
class BehindPage:
    """A page of them."""

    rows: Sequence[BehindRow]
    total: int


class Behind:
    """Reads only. `page` counts from 0."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def mails(self, condition: str, period: Period, only: Only, page: int = 0) -> BehindPage:
        """Of MAIL_CONDITIONS; the newest first."""
        cut, moment = MAILS.cut(only=only), mail.c.received
        query = _select(cut, mail.c.id, moment).where(~mail.c.by_staff, MAIL_CONDITIONS[condition])
        return self._page(query.where(period.holds(moment)).order_by(moment.desc(), mail.c.id), page)

    def tickets(self, moment: str, period: Period, only: Only, page: int = 0) -> BehindPage:
        """All that were opened, the newest first; for `responded` and `resolved` those that were, the slowest first."""
        cut, opened = TICKETS.cut(only=only), ticket.c.opened
        if moment == "opened":
            query = _select(cut, ticket.c.ref, opened).order_by(opened.desc(), ticket.c.ref)
        else:
            seconds = metrics.seconds_since_opened(self.database, ticket.c[moment])
            query = _select(cut, ticket.c.ref, opened, seconds).where(ticket.c[moment].is_not(None))
            query = query.order_by(seconds.desc(), ticket.c.ref)
        return self._page(query.where(period.holds(opened)), page)

    def promises(self, kind: PromiseKind, condition: str, period: Period, only: Only, page: int = 0) -> BehindPage:
        """Of PROMISE_CONDITIONS; those that were missed first."""
        cut, given = PROMISES.cut(only=only), promise.c.given
        missed = func.coalesce(_MISSED, False)
        query = _select(cut, promise.c.mail_id, given, missed).where(promise.c.kind == kind.value)
        query = query.where(PROMISE_CONDITIONS[condition], period.holds(given))
        return self._page(query.order_by(missed.desc(), given.desc(), promise.c.mail_id, promise.c.number), page)

    def surveys(self, kind: SurveyKind, period: Period, only: Only, page: int = 0, *, sent: bool = False) -> BehindPage:
        """Those that were answered, the worst score first; or those that were sent, the newest first."""
        cut, created = SURVEYS.cut(only=only), survey.c.created
        each = _select(cut, survey.c.mail_id, created, LAST_SCORE).add_columns(survey.c.sent, survey.c.id)
        found = each.where(survey.c.kind == kind.value, period.holds(created)).subquery()
        query = select(found.c.case, found.c.at, found.c.value)
        if sent:
            query = query.where(found.c.sent.is_not(None)).order_by(found.c.at.desc(), found.c.id)
        else:
            query = query.where(found.c.value.is_not(None)).order_by(found.c.value, found.c.at.desc(), found.c.id)
        return self._page(query, page)

    def titles(self, cases: Collection[str]) -> dict[str, tuple[str, str]]:
        """Subject and sender of each."""
        query = select(mail.c.id, mail.c.subject, mail.c.sender).where(mail.c.id.in_(cases))
        with self.database.reading() as connection:
            return {row.id: (row.subject, row.sender) for row in connection.execute(query)}

    def _page(self, query: AnySelect, page: int) -> BehindPage:
        with self.database.reading() as connection:
            total = connection.execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()
            found = connection.execute(query.limit(PAGE).offset(page * PAGE))
            rows = [BehindRow(case=row.case, at=row.at, value=_number(row._mapping.get("value"))) for row in found]
        return BehindPage(rows=rows, total=total)


def _select(cut: Cut, case: ColumnElement[Any], at: ColumnElement[Any], *value: ColumnElement[Any]) -> AnySelect:
    columns = [case.label("case"), at.label("at"), *(one.label("value") for one in value)]
    return select(*columns).select_from(cut.source).where(*cut.wanted)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
