"""New complaints of which nobody of us has been told yet, and who was told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ScalarSelect, exists, func, insert, select

from pipeline.records.promise import PromiseKind
from pipeline.records.staff import NewComplaint
from pipeline.records.ticket import OVER
from pipeline.store import schema, tickets
from pipeline.store.database import Database
from pipeline.store.ticket_rows import may_be_complaint

TOLD = "staff"  # the kind of the line in the timeline that says so
AT_ONCE = 200
mail, promise, ticket, event = schema.mail, schema.promise, schema.ticket, schema.ticket_event


def untold(database: Database, since: datetime) -> list[NewComplaint]:
    """Complaints opened since then and not over, the oldest first."""
    told = exists().where(event.c.ticket == ticket.c.ref, event.c.kind == TOLD)
    columns = (ticket.c[name] for name in "ref opened customer subject topic to_check owner".split())
    times = (_promised(kind).label(f"{kind}_by") for kind in PromiseKind)
    query = select(*columns, ticket.c.customer_name.label("name"), mail.c.text.label("words"), *times)
    query = query.join(mail, mail.c.id == ticket.c.ref, isouter=True)
    query = query.where(ticket.c.opened >= since, may_be_complaint(), ticket.c.status.not_in(OVER), ~told)
    with database.reading() as connection:
        rows = connection.execute(query.order_by(ticket.c.opened, ticket.c.ref).limit(AT_ONCE)).mappings()
        return [NewComplaint(**{**row, "words": row["words"] or ""}) for row in rows]


def open_complaints(database: Database) -> dict[str, int]:
    """How many each owner has."""
    query = select(ticket.c.owner, func.count().label("many")).where(may_be_complaint(), ticket.c.status.not_in(OVER))
    with database.reading() as connection:
        rows = connection.execute(query.group_by(ticket.c.owner).order_by(func.count().desc(), ticket.c.owner))
        return {row.owner: row.many for row in rows}


def note_told(database: Database, refs: Sequence[str], whom: str, now: datetime) -> None:
    """`whom`: as the timeline says it."""
    rows = [tickets.event(ref, now, TOLD, f"{whom}: told of the complaint") for ref in refs]
    if rows:
        with database.writing() as connection:
            connection.execute(insert(event), [{**row, "public": False} for row in rows])


def _promised(kind: PromiseKind) -> ScalarSelect[datetime]:
    mine = (promise.c.ticket == ticket.c.ref, promise.c.kind == kind.value)
    return select(func.min(promise.c.due)).where(*mine).scalar_subquery()
