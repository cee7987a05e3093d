"""Complaints that no prepared situation fits, so that the table of them grows."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from pipeline.records.ticket import UnpreparedTopic
from pipeline.store import schema
from pipeline.store.database import Database
from pipeline.store.ticket_rows import may_be_complaint

mail, ticket = schema.mail, schema.ticket


def unprepared(database: Database, prepared: Collection[str], since: datetime) -> list[UnpreparedTopic]:
    """Tickets of complaints opened since then, by the topic that the model thought of, most first.

    Counted are those of whose topic it was unsure (and no person has said it), and those whose topic is not among the
    `prepared` ones.
    """
    unsure = and_(mail.c.topic_sure.is_(False), mail.c.labelled.is_(False))
    columns = (
        ticket.c.topic,
        func.count().label("complaints"),
        func.count().filter(unsure).label("unsure"),
        func.max(ticket.c.opened).label("last"),
    )
    query = (
        select(*columns)
        .join(mail, mail.c.id == ticket.c.ref)
        .where(ticket.c.opened >= since, may_be_complaint())
        .where(or_(unsure, ticket.c.topic == "", ticket.c.topic.not_in([*prepared])))
        .group_by(ticket.c.topic)
        .order_by(func.count().desc(), ticket.c.topic)
    )
    with database.reading() as connection:
        rows = connection.execute(query).mappings().all()
    return [UnpreparedTopic(**row, prepared=bool(row["topic"]) and row["topic"] in prepared) for row in rows]
