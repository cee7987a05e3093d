"""Tickets that have to do with each other: the same customer about the same topic again, or as a person says."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, insert, or_, select, update

from pipeline.errors import NotFoundError, UsageError
from pipeline.records.ticket import LinkedTicket
from pipeline.store import schema
from pipeline.store.database import Database, upsert
from pipeline.store.schema import ticket, ticket_link
from pipeline.store.tickets import event

AT_ONCE = 500
_COLUMNS = ("ref", "folded", "topic", "opened")


class Repeats:
    """Which tickets are linked."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def link_new(self, within: timedelta, now: datetime) -> int:
        """Links tickets not looked at yet to the newest earlier one of their kind; says how many were linked."""
        query = select(*(ticket.c[name] for name in _COLUMNS)).where(schema.uncompared).order_by(ticket.c.opened)
        with self.database.reading() as connection:
            new = connection.execute(query.limit(AT_ONCE)).all()
        if not new:
            return 0
        with self.database.writing() as connection:
            earlier = {row.ref: _earlier(connection, row, within) for row in new}
            for ref, other in earlier.items():
                if other:
                    link(connection, ref, other, "", "the same customer about the same topic", now)
            refs = [row.ref for row in new]
            connection.execute(update(ticket).where(ticket.c.ref.in_(refs)).values(compared=True))
        return sum(bool(other) for other in earlier.values())

    def link(self, ref: str, other: str, actor: str, now: datetime) -> None:
        """A person says that they belong together. Raises NotFoundError and UsageError."""
        if ref == other:
            raise UsageError("a ticket is not linked to itself", where=ref, remedy="name two tickets")
        with self.database.writing() as connection:
            query = select(ticket.c.ref).where(ticket.c.ref.in_([ref, other]))
            if missing := {ref, other} - set(connection.execute(query).scalars()):
                where = ", ".join(sorted(missing))
                raise NotFoundError("there is no such ticket", where=where, remedy="see `firstline ticket list`")
            link(connection, ref, other, actor, "a person said so", now)

    def of(self, ref: str) -> list[LinkedTicket]:
        """The tickets linked to this one, the longest linked first."""
        query = select(ticket_link).where(or_(ticket_link.c.ticket == ref, ticket_link.c.other == ref))
        with self.database.reading() as connection:
            rows = connection.execute(query.order_by(ticket_link.c.at, ticket_link.c.other)).all()
        return [_link_of(row, ref) for row in rows]


def _link_of(row: Row[*tuple[object, ...]], ref: str) -> LinkedTicket:
    """A row of the table `ticket_link`, seen from one of the two."""
    other = row.other if row.ticket == ref else row.ticket
    return LinkedTicket(ref=other, at=row.at, actor=row.actor, why=row.why)


def _earlier(connection: Connection, row: Row[*tuple[object, ...]], within: timedelta) -> str:
    """The newest earlier ticket of this customer about this topic, '' when there is none, or nothing to go by."""
    if not (row.folded and row.topic):
        return ""
    query = select(ticket.c.ref).where(
        *(ticket.c[name] == getattr(row, name) for name in ("folded", "topic")),
        ticket.c.opened.between(row.opened - within, row.opened),
        or_(ticket.c.opened < row.opened, ticket.c.compared, ticket.c.ref < row.ref),
    )
    newest = query.order_by(ticket.c.opened.desc(), ticket.c.ref.desc()).limit(1)
    return connection.execute(newest).scalar() or ""


def link(connection: Connection, ref: str, other: str, actor: str, why: str, now: datetime) -> None:
    """Inside a transaction that does more: both timelines say so; what is linked already stays as it is."""
    known = or_(
        (ticket_link.c.ticket == ref) & (ticket_link.c.other == other),
        (ticket_link.c.ticket == other) & (ticket_link.c.other == ref),
    )
    if connection.execute(select(ticket_link.c.ticket).where(known)).first():
        return
    row = {"ticket": ref, "other": other, "at": now, "actor": actor, "why": why}
    connection.execute(upsert(connection, ticket_link).on_conflict_do_nothing(), row)
    pairs = ((ref, other), (other, ref))
    events = [event(one, now, "linked", f"{another}: {why}", actor=actor) for one, another in pairs]
    connection.execute(insert(schema.ticket_event), events)
