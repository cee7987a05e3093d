"""Complaints that leaders answer for: open, late, reopened or badly scored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select
from sqlalchemy.engine import RowMapping

from pipeline.records.answerable import LED, SEEN, TOO_OFTEN, AnswerableComplaint
from pipeline.records.promise import PromiseState
from pipeline.records.survey import BAD
from pipeline.records.ticket import OVER, TicketStatus
from pipeline.store import schema
from pipeline.store.database import Database
from pipeline.store.ticket_rows import may_be_complaint
from pipeline.store.tickets import event, turned

ticket, promise, happened = schema.ticket, schema.promise, schema.ticket_event
survey, answer = schema.survey, schema.survey_answer
AT_ONCE = 500  # complaints of one page
_REOPENED = [turned(before, after) for before in OVER for after in TicketStatus if not after.is_over]
_UNKEPT = promise.c.state.not_in([PromiseState.KEPT.value, PromiseState.DROPPED.value])


def of_the_week(database: Database, since: datetime, now: datetime) -> list[AnswerableComplaint]:
    """All that are open, and those that were reopened or badly scored since then; the longest open first."""
    changed = and_(happened.c.ticket == ticket.c.ref, happened.c.at >= since, _reopens())
    scored = and_(survey.c.ticket == ticket.c.ref, answer.c.survey == survey.c.id, answer.c.at >= since, _is_bad())
    lately = or_(select(happened.c.id).where(changed).exists(), select(answer.c.id).where(scored).exists())
    return _read(database, or_(ticket.c.status.not_in(OVER), lately), now)


def missed_too_often(database: Database, now: datetime) -> list[AnswerableComplaint]:
    """Open ones to which promises were missed TOO_OFTEN, and of which no leader has been told."""
    told = select(happened.c.id).where(happened.c.ticket == ticket.c.ref, happened.c.kind == LED).exists()
    missed = select(func.count()).where(promise.c.ticket == ticket.c.ref, _missed(now)).scalar_subquery()
    return _read(database, and_(ticket.c.status.not_in(OVER), ~told, missed >= TOO_OFTEN), now)


def note_told(database: Database, refs: Sequence[str], whom: str, now: datetime) -> None:
    """The timeline says that a leader was told."""
    rows = [event(ref, now, LED, f"{whom}: told that promises were missed") for ref in refs]
    with database.writing() as connection:
        connection.execute(insert(happened), [{**row, "public": False} for row in rows])


def _read(database: Database, condition: ColumnElement[bool], now: datetime) -> list[AnswerableComplaint]:
    query = select(ticket).where(may_be_complaint(), condition).order_by(ticket.c.opened, ticket.c.ref).limit(AT_ONCE)
    with database.reading() as connection:
        rows = connection.execute(query).mappings().all()
        refs = [row["ref"] for row in rows]
        missed, late = _promises(connection, refs, now)
        reopened, seen, scores = _reopenings(connection, refs), _seen(connection, refs), _scores(connection, refs)
    return [
        _complaint(row, missed[row["ref"]], late.get(row["ref"]), reopened[row["ref"]], seen, scores) for row in rows
    ]


def _complaint(
    row: RowMapping,
    missed: int,
    late: datetime | None,
    reopened: int,
    seen: dict[str, tuple[str, str]],
    scores: dict[str, str],
) -> AnswerableComplaint:
    said, by = seen.get(row["ref"], ("", ""))
    return AnswerableComplaint(
        **{name: row[name] for name in ("ref", "subject", "customer", "topic", "owner", "opened")},
        status=TicketStatus(row["status"]),
        missed=missed,
        late_since=late,
        reopened=reopened,
        score=scores.get(row["ref"], ""),
        seen=said,
        seen_by=by,
    )


def _missed(now: datetime) -> ColumnElement[bool]:
    """Broken, renewed because it was late, or over while nobody kept it."""
    renewed = and_(promise.c.state == PromiseState.RENEWED.value, promise.c.warned.is_not(None))
    broken = promise.c.state == PromiseState.BROKEN.value
    return or_(broken, renewed, and_(promise.c.state == PromiseState.OPEN.value, promise.c.due <= now))


def _promises(connection: Connection, refs: Sequence[str], now: datetime) -> tuple[Counter[str], dict[str, datetime]]:
    """How many were missed, and since when something is due: a later time that was told does not hide it."""
    of_these = promise.c.ticket.in_(refs)
    missed = select(promise.c.ticket, func.count().label("many")).where(of_these, _missed(now))
    rows = connection.execute(missed.group_by(promise.c.ticket))
    counts = Counter({row.ticket: row.many for row in rows})
    later = promise.alias()
    same = (later.c.mail_id == promise.c.mail_id, later.c.kind == promise.c.kind, later.c.number > promise.c.number)
    kept = select(later.c.number).where(*same, later.c.state == PromiseState.KEPT.value).exists()
    over = and_(_UNKEPT, ~kept, promise.c.due <= now)
    due = select(promise.c.ticket, func.min(promise.c.due).label("due")).where(of_these, over)
    return counts, {row.ticket: row.due for row in connection.execute(due.group_by(promise.c.ticket))}


def _reopens() -> ColumnElement[bool]:
    """The detail may go on after the statuses: who or what has reopened it."""
    return and_(happened.c.kind == "status", or_(*(happened.c.detail.startswith(words) for words in _REOPENED)))


def _reopenings(connection: Connection, refs: Sequence[str]) -> Counter[str]:
    query = select(happened.c.ticket, func.count().label("many")).where(happened.c.ticket.in_(refs), _reopens())
    return Counter({row.ticket: row.many for row in connection.execute(query.group_by(happened.c.ticket))})


def _seen(connection: Connection, refs: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The last word of a leader on each."""
    query = select(happened).where(happened.c.ticket.in_(refs), happened.c.kind == SEEN).order_by(happened.c.id)
    return {row.ticket: (row.detail, row.actor) for row in connection.execute(query)}


def _is_bad() -> ColumnElement[bool]:
    return or_(*(and_(survey.c.kind == kind.value, answer.c.score <= score) for kind, score in BAD.items()))


def _scores(connection: Connection, refs: Sequence[str]) -> dict[str, str]:
    """The newest bad one of each."""
    query = select(survey.c.ticket, survey.c.kind, answer.c.score).join(answer, answer.c.survey == survey.c.id)
    query = query.where(survey.c.ticket.in_(refs), _is_bad()).order_by(answer.c.at, answer.c.id)
    return {row.ticket: f"{row.kind} {row.score}" for row in connection.execute(query)}
