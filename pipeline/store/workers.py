"""Who works on this database, what each has in hand, and what is left when one is gone. PostgreSQL only.

All times are the database's own: the clock of a worker may be minutes off. A worker that was silent for too long is
lost: what it had is free for others, and if it comes back it must join anew.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, select, update

from pipeline.store.database import Database, upsert
from pipeline.store.schema_workers import lease, portion, worker

KEPT = timedelta(days=7)  # for `status`: who has ended stays in the list so long
LOST = timedelta(seconds=20)  # without a sign of life: what was in hand is free for others, 25 s after it at the latest
CHORES = "chores"  # the lease of what is done now and then, by one of all
_NOW = func.clock_timestamp()


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkerFacts:
    """One worker, for people. `lost`: it has ended without a word."""

    name: str
    version: str
    joined: datetime
    beat: datetime
    lost: bool
    holds: tuple[str, ...]  # leases


class Workers:
    """Joining, signs of life, leaving; and leases: what only one does at a time."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def join(self, name: str, version: str) -> str:
        """Returns the id under which it claims things. `name`: its machine and process, for people."""
        made = secrets.token_hex(8)
        values = {"id": made, "name": name, "version": version, "joined": _NOW, "beat": _NOW}
        with self.database.writing() as connection:
            connection.execute(delete(worker).where(worker.c.ended < _NOW - KEPT))
            connection.execute(insert(worker).values(values))
        return made

    def beat(self, mine: str) -> bool:
        """A sign of life. False when we count as lost: what we had in hand belongs to others now."""
        with self.database.writing() as connection:
            alive = update(worker).where(worker.c.id == mine, worker.c.ended.is_(None)).values(beat=_NOW)
            return connection.execute(alive).rowcount == 1

    def leave(self, mine: str) -> None:
        """A clean end: what it holds is free at once."""
        with self.database.writing() as connection:
            connection.execute(update(worker).where(worker.c.id == mine).values(ended=_NOW))
            _free(connection, [mine])

    def lose_silent(self, after: timedelta) -> list[str]:
        """Those without a sign of life for so long are lost from now on; returns their names."""
        silent = worker.c.ended.is_(None) & (worker.c.beat < _NOW - after)
        with self.database.writing() as connection:
            return self._lose(connection, silent)

    def lose_all(self) -> list[str]:
        """For whoever is alone on the database: nobody else can be at work."""
        with self.database.writing() as connection:
            return self._lose(connection, worker.c.ended.is_(None))

    def _lose(self, connection: Connection, who: ColumnElement[bool]) -> list[str]:
        found = connection.execute(
            select(worker.c.id, worker.c.name).where(who).with_for_update(skip_locked=True)
        ).all()
        ids = [row.id for row in found]
        if ids:
            connection.execute(update(worker).where(worker.c.id.in_(ids)).values(ended=_NOW, lost=True))
            _free(connection, ids)
        return [row.name for row in found]

    def hold(self, name: str, mine: str) -> bool:
        """Takes a lease that is free, or says that we have it already."""
        with self.database.writing() as connection:
            wanted = upsert(connection, lease).values(name=name, worker=mine).on_conflict_do_nothing()
            connection.execute(wanted)
            held = connection.execute(select(lease.c.worker).where(lease.c.name == name)).scalar()
        return held == mine

    def does(self, name: str) -> bool:
        """Is this ours, by a lease, or because we work alone?"""
        mine = self.database.worker
        if not mine:
            return True
        with self.database.reading() as connection:
            return connection.execute(select(lease.c.worker).where(lease.c.name == name)).scalar() == mine

    def release(self, name: str, mine: str) -> None:
        """Somebody else may have it."""
        with self.database.writing() as connection:
            connection.execute(delete(lease).where(lease.c.name == name, lease.c.worker == mine))

    def known(self) -> list[WorkerFacts]:
        """Who works, and who was lost lately; who joined first comes first."""
        query = select(worker).where(worker.c.ended.is_(None) | worker.c.lost).order_by(worker.c.joined, worker.c.id)
        with self.database.reading() as connection:
            held: dict[str, list[str]] = {}
            for row in connection.execute(select(lease).order_by(lease.c.name)):
                held.setdefault(row.worker, []).append(row.name)
            return [
                WorkerFacts(
                    name=row.name,
                    version=row.version,
                    joined=row.joined,
                    beat=row.beat,
                    lost=row.lost,
                    holds=tuple(held.get(row.id, ())),
                )
                for row in connection.execute(query)
            ]


def at_work() -> Select[tuple[str]]:
    """The ids of those who have not ended."""
    return select(worker.c.id).where(worker.c.ended.is_(None))


def _free(connection: Connection, ids: Sequence[str]) -> None:
    connection.execute(delete(lease).where(lease.c.worker.in_(ids)))
    connection.execute(update(portion).where(portion.c.worker.in_(ids), ~portion.c.done).values(worker=""))
