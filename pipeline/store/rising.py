"""What customers write about in the last hours, beside the weeks before: one customer counts once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from pipeline.store import schema
from pipeline.store.database import Database

mail = schema.mail
RECENT = 500  # mails of the last hours that are looked at: in a flood the newest
EARLIER = 2_000  # texts of the weeks before, the newest
BEGINNING = 1_000  # characters of each text


@dataclass(frozen=True, kw_only=True, slots=True)
class RecentMail:
    """A mail of the last hours by a person."""

    id: str
    customer: str  # folded address
    topic: str  # the likeliest; '' when it was not judged
    text: str  # subject and beginning


@dataclass(frozen=True, kw_only=True, slots=True)
class WeeksBefore:
    """What is usual."""

    customers: int
    by_topic: Mapping[str, int]  # customers
    texts: tuple[str, ...]


def recent(database: Database, since: datetime, until: datetime) -> list[RecentMail]:
    """What people wrote from `since` until before `until`, the newest first."""
    columns = (mail.c.id, mail.c.customer, func.coalesce(mail.c.topic, "").label("topic"), _TEXT.label("text"))
    query = select(*columns).where(_by_people(since, until)).order_by(mail.c.received.desc(), mail.c.id)
    with database.reading() as connection:
        return [RecentMail(**row) for row in connection.execute(query.limit(RECENT)).mappings()]


def before(database: Database, since: datetime, until: datetime) -> WeeksBefore:
    """The same of a longer time, counted."""
    people, newest_first = _by_people(since, until), mail.c.received.desc()
    counted = select(func.count(mail.c.customer.distinct()))
    topics = select(mail.c.topic, func.count(mail.c.customer.distinct()).label("many"))
    topics = topics.where(people, mail.c.topic.is_not(None)).group_by(mail.c.topic)
    with database.reading() as connection:
        return WeeksBefore(
            customers=connection.execute(counted.where(people)).scalar_one(),
            by_topic={row.topic: row.many for row in connection.execute(topics)},
            texts=tuple(
                connection.execute(select(_TEXT).where(people).order_by(newest_first).limit(EARLIER)).scalars()
            ),
        )


_TEXT = mail.c.subject + " " + func.substr(mail.c.text, 1, BEGINNING)


def _by_people(since: datetime, until: datetime) -> ColumnElement[bool]:
    answered = and_(~mail.c.robot, ~mail.c.by_staff, mail.c.customer != "")
    return and_(answered, mail.c.received >= since, mail.c.received < until)
