"""The touchpoints of cases: their mails, and the answers to their surveys, in order. A case is a thread."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from pipeline.records.survey import Stage, SurveyKind, Touchpoint
from pipeline.records.ticket import OVER, TicketStatus
from pipeline.store import schema
from pipeline.store.database import Database
from pipeline.store.metrics import Period
from pipeline.store.splitting import EVERYTHING, Key, Only
from pipeline.store.tickets import turned

mail, ticket, happened = schema.mail, schema.ticket, schema.ticket_event
survey, answer = schema.survey, schema.survey_answer
NEWEST = 1000  # cases that are traced: enough for shares within three per cent, and bounded on a ledger of any size
_SOLVED = [turned(before, after) for before in TicketStatus if not before.is_over for after in OVER]
Case = list[Touchpoint]
MailRow = Row[str, datetime, str | None, float | None]  # thread, received, sentiment, confidence


@dataclass(frozen=True, kw_only=True, slots=True)
class _Marks:
    """When a case passed from one stage to the next."""

    acknowledged: datetime | None
    resolved: datetime | None  # for the first time


class Touchpoints:
    """Reads only."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def cases(self, period: Period, by: str = "", only: Only = EVERYTHING) -> dict[Key, list[Case]]:
        """Whole cases in which the customer was heard again in the period: the NEWEST of them."""
        found: dict[Key, list[Case]] = defaultdict(list)
        with self.database.reading() as connection:
            threads = _heard_of(connection, period, only)
            keys = _keys(connection, threads, by) if by else {}
            for thread, case in _traced(connection, threads).items():
                found[keys.get(thread)].append(case)
        return dict(found)

    def by_thread(self, period: Period, only: Only = EVERYTHING) -> dict[str, Case]:
        """The same cases, by thread."""
        with self.database.reading() as connection:
            return _traced(connection, _heard_of(connection, period, only))

    def open_cases(self, period: Period) -> dict[str, Case]:
        """By thread: the whole cases with an open ticket in which the customer was heard again in the period."""
        with self.database.reading() as connection:
            threads = _heard_again(connection, period)
            rows = select(ticket.c.thread).where(ticket.c.thread.in_(threads), ticket.c.status.not_in(OVER))
            return _traced(connection, set(connection.execute(rows).scalars()))


def _heard_of(connection: Connection, period: Period, only: Only) -> list[str]:
    """The threads that were heard again, narrowed."""
    threads = _heard_again(connection, period)
    for name, value in only.items():
        keys = _keys(connection, threads, name)
        threads = [thread for thread in threads if keys.get(thread) == value]
    return threads


def _heard_again(connection: Connection, period: Period) -> list[str]:
    further = select(mail.c.received.label("at"), mail.c.thread).where(
        schema.further_mail, ~mail.c.robot, period.holds(mail.c.received)
    )
    answered = select(answer.c.at, survey.c.thread).join(survey, survey.c.id == answer.c.survey)
    rows: list[tuple[datetime, str]] = []
    for query, at in ((further, mail.c.received), (answered.where(period.holds(answer.c.at)), answer.c.at)):
        rows += [(row.at, row.thread) for row in connection.execute(query.order_by(at.desc()).limit(NEWEST))]
    threads = dict.fromkeys(thread for _, thread in sorted(rows, reverse=True) if thread)
    return list(threads)[:NEWEST]


def _traced(connection: Connection, threads: Collection[str]) -> dict[str, Case]:
    """Every touchpoint of these cases, in order of time."""
    cases: dict[str, Case] = {}
    marks = _marks(connection, threads)
    for thread, rows in _mails(connection, threads).items():
        cases[thread] = list(_staged(rows, marks[thread]))
    for thread, touchpoint in _answers(connection, threads):
        cases.setdefault(thread, []).append(touchpoint)
    return {thread: sorted(case, key=lambda point: point.at) for thread, case in cases.items()}


def _mails(connection: Connection, threads: Collection[str]) -> dict[str, list[MailRow]]:
    columns = (mail.c.thread, mail.c.received, mail.c.sentiment, mail.c.sentiment_confidence)
    query = select(*columns).where(mail.c.thread.in_(threads), ~mail.c.robot).order_by(mail.c.thread, mail.c.received)
    found: dict[str, list[MailRow]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.thread].append(row)
    return found


def _marks(connection: Connection, threads: Collection[str]) -> dict[str, _Marks]:
    told, mine = schema.acknowledgement.c, ticket.c.thread.in_(threads)
    first = select(told.thread, func.min(told.at)).where(told.thread.in_(threads)).group_by(told.thread)
    solved = select(ticket.c.thread, func.min(happened.c.at)).join(happened, happened.c.ticket == ticket.c.ref)
    solved = solved.where(mine, happened.c.kind == "status", happened.c.detail.in_(_SOLVED)).group_by(ticket.c.thread)
    acknowledged, resolved = (dict(tuple(row) for row in connection.execute(query)) for query in (first, solved))
    return {thread: _Marks(acknowledged=acknowledged.get(thread), resolved=resolved.get(thread)) for thread in threads}


def _staged(rows: Sequence[MailRow], marks: _Marks) -> Iterator[Touchpoint]:
    seen: set[Stage] = set()
    for row in rows:
        stage = _stage(row.received, marks, seen)
        seen.add(stage)
        yield Touchpoint(at=row.received, stage=stage, sentiment=row.sentiment, confidence=row.sentiment_confidence)


def _stage(at: datetime, marks: _Marks, seen: Collection[Stage]) -> Stage:
    if not seen:
        return Stage.FIRST_MAIL
    if marks.resolved and at >= marks.resolved:
        return Stage.AFTER_RESOLUTION
    if marks.acknowledged and at >= marks.acknowledged and Stage.AFTER_ACKNOWLEDGEMENT not in seen:
        return Stage.AFTER_ACKNOWLEDGEMENT
    return Stage.FOLLOW_UP


def _answers(connection: Connection, threads: Collection[str]) -> Iterator[tuple[str, Touchpoint]]:
    """One touchpoint a survey: the last score and the last words that were given."""
    query = select(survey.c.thread, survey.c.kind, answer).join(survey, survey.c.id == answer.c.survey)
    last: dict[str, dict[str, Any]] = {}  # Any: columns by name, of many types
    for row in connection.execute(query.where(survey.c.thread.in_(threads)).order_by(answer.c.at, answer.c.id)):
        given = {name: value for name, value in row._mapping.items() if value not in (None, "")}
        last[row.survey] = last.get(row.survey, {}) | given
    for one in last.values():
        yield (
            one["thread"],
            Touchpoint(
                at=one["at"],
                stage=Stage.SURVEY,
                sentiment=one.get("sentiment"),
                confidence=one.get("sentiment_confidence"),
                kind=SurveyKind(one["kind"]),
                score=one.get("score"),
            ),
        )


def _keys(connection: Connection, threads: Collection[str], by: str) -> dict[str, Key]:
    """What each case is split by: as its first mail has it, the owner as its ticket has it."""
    if by == "owner":
        query: Select[str, Key] = (
            select(ticket.c.thread, ticket.c.owner).where(ticket.c.thread.in_(threads)).order_by(ticket.c.opened)
        )
    elif by == "template":
        effect = schema.effect.c
        query = select(effect.mail_id, effect.letter).where(effect.mail_id.in_(threads), schema.sent_letter)
    else:
        query = select(mail.c.id, mail.c[by]).where(mail.c.id.in_(threads))
    return {thread: None if key == "" else key for thread, key in connection.execute(query)}
