"""What somebody else did to a case while one was looking at it: the timeline tells."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from pipeline.errors import ChangedMeanwhileError
from pipeline.store.database import Database
from pipeline.store.schema import ticket_event as line

TOLD = 20  # lines of what happened; more are not read


def mark_of(database: Database, ref: str) -> int:
    """How far its timeline goes now, 0 where it has none: whoever acts later says how far they have read."""
    with database.reading() as connection:
        return connection.execute(select(func.max(line.c.id)).where(line.c.ticket == ref)).scalar() or 0


def refuse_unseen(connection: Connection, ref: str, seen: int | None, by: str) -> None:
    """Inside a transaction that holds the ticket's row: raises ChangedMeanwhileError when others, or the customer, have
    done something since. None: whoever acts has not looked, or does not mind."""
    if seen is None:
        return
    newer = select(line).where(line.c.ticket == ref, line.c.id > seen, line.c.actor != by).order_by(line.c.id)
    happened = connection.execute(newer.limit(TOLD)).all()
    if happened:
        raise ChangedMeanwhileError(ref, [(row.at, row.actor, f"{row.kind} {row.detail}".strip()) for row in happened])
