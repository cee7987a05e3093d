"""What the desk reads of a case beside the board: its letters with what they carry, and cases that may be like it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select

from pipeline.records.effect import MAILS, Effect
from pipeline.records.ticket import TicketStatus
from pipeline.store.database import Database
from pipeline.store.effect_rows import effect_of
from pipeline.store.schema import effect, mail, ticket

MOST_LETTERS, LOOKED_AT = 200, 60  # of one case; cases that are compared
Candidate = tuple[str, str, TicketStatus, datetime, str]  # reference, subject, status, when opened, its words


def letters_of(database: Database, ref: str, mail_ids: list[str]) -> list[tuple[Effect, datetime]]:
    """The letters about a case or in answer to one of its mails, each with when it came to its state; in order."""
    about = or_(effect.c.mail_id == ref, effect.c.mail_id.in_(mail_ids))
    query = select(effect).where(about, effect.c.kind.in_([kind.value for kind in MAILS]))
    with database.reading() as connection:
        rows = connection.execute(query.order_by(effect.c.created, effect.c.key).limit(MOST_LETTERS)).all()
    return [(effect_of(row), row.changed) for row in rows]


def mails_of_thread(database: Database, thread: str) -> list[str]:
    """The mails of a conversation that has no ticket, in order."""
    query = select(mail.c.id).where(mail.c.thread == thread, mail.c.ticket == "").order_by(mail.c.received, mail.c.id)
    with database.reading() as connection:
        return list(connection.execute(query).scalars())


def candidates(database: Database, ref: str, topic: str) -> list[Candidate]:
    """The newest other cases about a topic, with the words of their first mails."""
    columns = (ticket.c.ref, ticket.c.subject, ticket.c.status, ticket.c.opened, mail.c.text)
    query = select(*columns).join(mail, mail.c.id == ticket.c.ref).where(ticket.c.topic == topic, ticket.c.ref != ref)
    with database.reading() as connection:
        rows = connection.execute(query.order_by(ticket.c.opened.desc()).limit(LOOKED_AT)).all()
    return [(row.ref, row.subject, TicketStatus(row.status), row.opened, row.text) for row in rows]
