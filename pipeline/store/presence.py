"""Who has a case before them just now."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from pipeline.records.presence import Doing, Present
from pipeline.store.database import Database, upsert
from pipeline.store.schema_agenda import presence

GONE = timedelta(seconds=60)  # without a word from their page


class Presence:
    """Looks and writings, each seen a moment ago."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def note(self, ref: str, account: str, doing: Doing, now: datetime) -> None:
        """Somebody looks at it, or writes on it. What is over is forgotten by the way."""
        row = {"ref": ref, "account": account, "doing": doing.value, "at": now}
        with self.database.writing() as connection:
            connection.execute(delete(presence).where(presence.c.at < now - GONE))
            changes = {"doing": doing.value, "at": now}
            statement = upsert(connection, presence).values(row)
            connection.execute(statement.on_conflict_do_update(index_elements=["ref", "account"], set_=changes))

    def leave(self, ref: str, account: str) -> None:
        """They have gone on to something else."""
        with self.database.writing() as connection:
            connection.execute(delete(presence).where(presence.c.ref == ref, presence.c.account == account))

    def of(self, ref: str, now: datetime, *, but: str = "") -> list[Present]:
        """Who has it before them, those who write first. `but`: who asks."""
        seen = presence.c.at.between(now - GONE, now + GONE)
        query = select(presence).where(presence.c.ref == ref, presence.c.account != but, seen)
        with self.database.reading() as connection:
            rows = connection.execute(query.order_by(presence.c.doing.desc(), presence.c.account)).all()
        return [Present(account=row.account, doing=Doing(row.doing), at=row.at) for row in rows]
