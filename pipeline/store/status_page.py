"""What a customer may read about their own request: what they wrote, how it stands, what was promised and said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from pipeline.records.promise import PromiseKind, PromiseState
from pipeline.records.ticket import TicketStatus
from pipeline.store.database import Database
from pipeline.store.schema import mail, promise, ticket, ticket_event

_SAID = ("comment", "answered")  # kinds of lines in the timeline
_WATCHED = (PromiseState.OPEN.value, PromiseState.BROKEN.value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Whereabouts:
    """One request."""

    ref: str
    subject: str
    text: str
    language: str
    received: datetime
    mailbox: str
    status: TicketStatus | None  # None: there is no ticket
    responded: datetime | None
    promises: dict[PromiseKind, datetime]  # not kept yet, whether their time is over or not
    comments: tuple[tuple[datetime, str], ...]  # said to the customer, oldest first


class Standings:
    """Reads only."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def of(self, ref: str) -> Whereabouts | None:
        """The request that this reference names; None when it was erased, too: links that were sent show nothing."""
        with self.database.reading() as connection:
            columns = (mail.c.subject, mail.c.text, mail.c.language, mail.c.received, mail.c.mailbox)
            there = (mail.c.id == ref, mail.c.erased.is_(None))
            wrote = connection.execute(select(*columns).where(*there)).one_or_none()
            if wrote is None:
                return None
            case = connection.execute(
                select(ticket.c.status, ticket.c.responded, ticket.c.language).where(ticket.c.ref == ref)
            ).one_or_none()
            return Whereabouts(
                ref=ref,
                subject=wrote.subject,
                text=wrote.text,
                language=wrote.language or (case.language if case else ""),
                received=wrote.received,
                mailbox=wrote.mailbox or "",
                status=TicketStatus(case.status) if case else None,
                responded=case.responded if case else None,
                promises=_promises(connection, ref),
                comments=_comments(connection, ref),
            )

    def by_status(self) -> dict[str, int]:
        """How many tickets stand how."""
        query = select(ticket.c.status, func.count().label("tickets")).group_by(ticket.c.status)
        with self.database.reading() as connection:
            found: dict[str, int] = {row.status: row.tickets for row in connection.execute(query)}
        return {status.value: found.get(status.value, 0) for status in TicketStatus}


def _promises(connection: Connection, ref: str) -> dict[PromiseKind, datetime]:
    """The nearest of each kind."""
    query = select(promise.c.kind, promise.c.due).where(or_(promise.c.ticket == ref, promise.c.mail_id == ref))
    unkept = (promise.c.state.in_(_WATCHED), promise.c.kept.is_(None))
    rows = connection.execute(query.where(*unkept).order_by(promise.c.due.desc()))
    return {PromiseKind(row.kind): row.due for row in rows}


def _comments(connection: Connection, ref: str) -> tuple[tuple[datetime, str], ...]:
    said = ticket_event.c
    query = select(said.at, said.detail).where(said.ticket == ref, said.kind.in_(_SAID), said.public)
    return tuple((row.at, row.detail) for row in connection.execute(query.order_by(said.id)))
