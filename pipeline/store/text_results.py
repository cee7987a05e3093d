"""What the versions of a letter have brought: whether customers were satisfied, and whether they had to write again.

Looked for among the newest mails and surveys, so that it takes no longer with a large ledger.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from pipeline.records.survey import SurveyKind
from pipeline.store import schema
from pipeline.store.database import Database
from pipeline.store.metrics import LAST_SCORE

SINCE = timedelta(days=180)  # surveys
AMONG = 5_000  # mails, the newest
SOON = timedelta(days=7)  # who writes so long afterwards had to write again
AT_ONCE = 500  # conversations in one statement
SATISFIED = 4  # of five, as in figures/formulas.py

mail, effect, survey = schema.mail, schema.effect, schema.survey


@dataclass(kw_only=True, slots=True)
class TextCounts:
    """Of one version: "en/delivery 1a2b3c4d5e6f"."""

    answers: int = 0  # to the question whether they were satisfied
    satisfied: int = 0
    followed: int = 0  # mails that were answered with it long enough ago
    wrote_again: int = 0  # of these, customers who wrote again soon


def counts_of(database: Database, letters: Collection[str], now: datetime) -> dict[str, TextCounts]:
    """By version."""
    found = {letter: TextCounts() for letter in letters}
    with database.reading() as connection:
        for letter, score in _scores(connection, letters, now):
            found[letter].answers += 1
            found[letter].satisfied += score >= SATISFIED
        answered = _answered(connection, letters, now)
        wrote = _written(connection, {one.thread for one in answered})
    for one in answered:
        found[one.letter].followed += 1
        found[one.letter].wrote_again += any(one.received < at <= one.received + SOON for at in wrote[one.thread])
    return found


def _scores(connection: Connection, letters: Collection[str], now: datetime) -> Iterator[tuple[str, int]]:
    """The last answer to each question that was asked after such a letter."""
    about = (survey.c.kind == SurveyKind.CSAT.value, survey.c.template.in_(letters), survey.c.created >= now - SINCE)
    for row in connection.execute(select(survey.c.template, LAST_SCORE.label("score")).where(*about)):
        if row.score is not None:
            yield row.template, row.score


def _answered(connection: Connection, letters: Collection[str], now: datetime) -> Sequence[Any]:  # Any: rows
    """Mails that were answered with them, long enough ago."""
    old_enough = (~mail.c.by_staff, mail.c.received < now - SOON)
    newest = select(mail.c.id, mail.c.thread, mail.c.received).where(*old_enough)
    newest_ones = newest.order_by(mail.c.received.desc(), mail.c.id).limit(AMONG).subquery()
    query = select(effect.c.letter, newest_ones.c.thread, newest_ones.c.received)
    query = query.join(newest_ones, effect.c.mail_id == newest_ones.c.id)
    return connection.execute(query.where(schema.sent_letter, effect.c.letter.in_(letters))).all()


def _written(connection: Connection, threads: Collection[str]) -> dict[str, list[datetime]]:
    """When customers wrote in each of these conversations."""
    times: dict[str, list[datetime]] = {thread: [] for thread in threads}
    for some in _batched(sorted(threads), AT_ONCE):
        query = select(mail.c.thread, mail.c.received).where(mail.c.thread.in_(some), ~mail.c.by_staff, ~mail.c.robot)
        for row in connection.execute(query):
            times[row.thread].append(row.received)
    return times


def _batched(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """A statement can name only so many."""
    return (names[start : start + size] for start in range(0, len(names), size))
