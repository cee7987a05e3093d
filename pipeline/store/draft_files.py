"""What people attach: it belongs to the draft, then to the answer that it became, and goes some time after."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update

from pipeline.records.answer import KeptFile
from pipeline.records.letter import AttachedFile
from pipeline.store.database import Database
from pipeline.store.schema_drafts import draft_file as table

KEPT = timedelta(days=30)  # after its answer has been sent, or put aside


class StoredFiles:
    """See doors.AnswerFiles."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def of(self, draft: str) -> list[AttachedFile]:
        """In the order in which they were attached."""
        query = select(table.c.name, table.c.type, table.c.data).where(table.c.draft == draft)
        with self.database.reading() as connection:
            rows = connection.execute(query.order_by(table.c.place, table.c.id)).all()
        return [AttachedFile(name=row.name, type=row.type, data=bytes(row.data)) for row in rows]

    def purge(self, now: datetime) -> int:
        """Those that no answer needs any more go; says how many. Nobody waits for it where there are none."""
        with self.database.reading() as connection:
            if connection.execute(select(table.c.id).where(table.c.over < now - KEPT).limit(1)).first() is None:
                return 0
        with self.database.writing() as connection:
            return connection.execute(delete(table).where(table.c.over < now - KEPT)).rowcount


def listed(connection: Connection, drafts: Collection[str]) -> Mapping[str, tuple[KeptFile, ...]]:
    """By draft, without what is in them."""
    columns = (table.c.id, table.c.name, table.c.type, table.c.size)
    query = select(table.c.draft, *columns).where(table.c.draft.in_(drafts)).order_by(table.c.place, table.c.id)
    found: dict[str, tuple[KeptFile, ...]] = dict.fromkeys(drafts, ())
    for row in connection.execute(query):
        found[row.draft] += (KeptFile(id=row.id, name=row.name, type=row.type, size=row.size),)
    return found


def add(connection: Connection, draft: str, file_id: str, file: AttachedFile) -> None:
    """As the last one."""
    many = connection.execute(select(func.count()).where(table.c.draft == draft)).scalar_one()
    row = {"id": file_id, "draft": draft, "place": many, "name": file.name, "type": file.type}
    connection.execute(insert(table), {**row, "size": len(file.data), "data": file.data})


def remove(connection: Connection, draft: str, file_id: str = "") -> None:
    """One of them, or ('') all."""
    mine = (table.c.draft == draft, table.c.id == file_id) if file_id else (table.c.draft == draft,)
    connection.execute(delete(table).where(*mine))


def move(connection: Connection, draft: str, to: str) -> None:
    """They belong to another draft from now on, behind those that it has."""
    behind = select(func.count()).where(table.c.draft == to).scalar_subquery()
    place = table.c.place + connection.execute(select(behind)).scalar_one()
    connection.execute(update(table).where(table.c.draft == draft).values(draft=to, place=place, over=None))


def note_over(connection: Connection, draft: str, now: datetime) -> None:
    """Its answer was sent, or put aside."""
    connection.execute(update(table).where(table.c.draft == draft).values(over=now))
