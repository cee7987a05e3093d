"""Who is signed in, and which passwords were wrong lately."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import RowMapping

from pipeline.records.account import Session
from pipeline.store.database import Database
from pipeline.store.schema_desk import refusal
from pipeline.store.schema_desk import session as table


class Sessions:
    """The tables `session` and `refusal`."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def begin(self, new: Session, ended: str = "") -> None:
        """`ended`: the session that the same browser had before, which is over."""
        values = {name: getattr(new, name) for name in ("id", "account", "begun", "seen", "client", "browser")}
        with self.database.writing() as connection:
            connection.execute(delete(table).where(table.c.id == ended))
            connection.execute(insert(table).values(values))

    def find(self, hashed: str, seen_since: datetime, begun_since: datetime) -> Session | None:
        """One that is neither idle for too long nor too old."""
        good = (table.c.id == hashed, table.c.seen >= seen_since, table.c.begun >= begun_since)
        with self.database.reading() as connection:
            row = connection.execute(select(table).where(*good)).mappings().one_or_none()
        return _session(row) if row else None

    def note_seen(self, hashed: str, now: datetime) -> None:
        """It is in use."""
        with self.database.writing() as connection:
            connection.execute(update(table).where(table.c.id == hashed).values(seen=now))

    def of(self, address: str, seen_since: datetime, begun_since: datetime) -> list[Session]:
        """Those of an account that are good, the one used last first."""
        good = (table.c.account == address, table.c.seen >= seen_since, table.c.begun >= begun_since)
        with self.database.reading() as connection:
            rows = connection.execute(select(table).where(*good).order_by(table.c.seen.desc(), table.c.id)).mappings()
            return [_session(row) for row in rows]

    def end(self, hashed: str, address: str) -> bool:
        """One of this account; false when it has no such session."""
        with self.database.writing() as connection:
            statement = delete(table).where(table.c.id == hashed, table.c.account == address)
            return connection.execute(statement).rowcount > 0

    def end_all(self, address: str, but: str = "") -> None:
        """All of an account, `but` this one."""
        with self.database.writing() as connection:
            connection.execute(delete(table).where(table.c.account == address, table.c.id != but))

    def has_been_there(self, address: str, client: str) -> bool:
        """Is somebody signed in from there with this account?"""
        query = select(func.count()).select_from(table).where(table.c.account == address, table.c.client == client)
        with self.database.reading() as connection:
            return connection.execute(query).scalar_one() > 0

    def refuse(self, hashed: str, client: str, now: datetime) -> None:
        """A wrong password. `hashed`: of the name that was typed."""
        with self.database.writing() as connection:
            connection.execute(insert(refusal).values(at=now, account=hashed, client=client))

    def refusals(self, since: datetime, *, client: str = "", account: str = "") -> int:
        """Wrong passwords since then, from a visitor's address, or for the hash of a name."""
        query = select(func.count()).select_from(refusal).where(refusal.c.at > since)
        if client:
            query = query.where(refusal.c.client == client)
        if account:
            query = query.where(refusal.c.account == account)
        with self.database.reading() as connection:
            return connection.execute(query).scalar_one()

    def forgive(self, hashed: str, client: str) -> None:
        """The right one came at last: what the same person mistyped there before counts no more."""
        mine = (refusal.c.account == hashed, refusal.c.client == client)
        with self.database.writing() as connection:
            connection.execute(delete(refusal).where(*mine))

    def tidy(self, unused_since: datetime, refused_before: datetime) -> None:
        """What is over is forgotten."""
        with self.database.writing() as connection:
            connection.execute(delete(table).where(table.c.seen < unused_since))
            connection.execute(delete(refusal).where(refusal.c.at < refused_before))


def _session(row: RowMapping) -> Session:
    return Session(**row)
