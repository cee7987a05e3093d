"""Grants that staff give: within the limits of [grants], also when two of them give at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from pipeline.config.topics import GrantConfig
from pipeline.errors import NotFoundError, UsageError
from pipeline.store import meanwhile, schema, tickets
from pipeline.store.database import Database

grant, mail, ticket = schema.grant, schema.mail, schema.ticket
GRANTED = "granted"  # the kind of its line in the timeline


def left(database: Database, customer: str, grants: Mapping[str, GrantConfig], now: datetime) -> dict[str, int | None]:
    """Of each grant how often this customer, by folded address, may have it still; None: as often as one likes."""
    with database.reading() as connection:
        return {name: _left(connection, customer, name, one, now) for name, one in grants.items()}


def _left(connection: Connection, customer: str, name: str, settings: GrantConfig, now: datetime) -> int | None:
    limit = settings.per_customer
    if not limit.count:
        return None
    had = (grant.c.customer == customer, grant.c.name == name, grant.c.at > now - limit.window)
    return max(0, limit.count - connection.execute(select(func.count()).where(*had)).scalar_one())


def give(
    database: Database, ref: str, name: str, settings: GrantConfig, by: str, now: datetime, seen: int | None = None
) -> None:
    """The customer of a case gets it. Raises NotFoundError, ChangedMeanwhileError, and UsageError when they had it."""
    with database.writing() as connection:
        customer = _customer_of(connection, ref)
        # All of their cases are held, so that nobody gives them the same in another one meanwhile.
        mine = select(ticket.c.ref).where(ticket.c.folded == customer).order_by(ticket.c.ref)
        connection.execute(mine.with_for_update()).all()
        meanwhile.refuse_unseen(connection, ref, seen, by)
        if _left(connection, customer, name, settings, now) == 0:
            limit = settings.per_customer
            often = f"{limit.count} in {limit.window.days} days" if limit.window.days else str(limit.count)
            remedy = f"[grants.{name}] per_customer allows {often}"
            raise UsageError(f"this customer has had '{name}' already", where=ref, remedy=remedy)
        row = {"mail_id": _about(connection, ref, customer, name), "name": name, "customer": customer}
        connection.execute(insert(grant), {**row, "ticket": ref, "at": now})
        connection.execute(update(ticket).where(ticket.c.ref == ref).values(changed=now))
        line = tickets.event(ref, now, GRANTED, name, actor=by)
        connection.execute(insert(schema.ticket_event), {**line, "public": False})


def _customer_of(connection: Connection, ref: str) -> str:
    row = connection.execute(select(ticket.c.folded).where(ticket.c.ref == ref)).one_or_none()
    if row is None:
        raise NotFoundError("there is no such ticket", where=ref, remedy="see `firstline ticket list`")
    if not row.folded:
        raise UsageError("nobody knows who its customer is", where=ref, remedy="give it in another way")
    return str(row.folded)


def _about(connection: Connection, ref: str, customer: str, name: str) -> str:
    """The newest mail of the customer in answer to which it was not given yet."""
    given = select(grant.c.mail_id).where(grant.c.name == name)
    theirs = (mail.c.ticket == ref, mail.c.customer == customer, mail.c.id.not_in(given))
    found = connection.execute(select(mail.c.id).where(*theirs).order_by(mail.c.received.desc()).limit(1)).scalar()
    if found is None:
        raise UsageError(f"'{name}' was given in this case already", where=ref, remedy="once for each of their mails")
    return str(found)
