"""Files that all machines take up from the database. What they are, and who may change them, is not known here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, text

from pipeline.store.database import Database
from pipeline.store.schema_shared import shared_file as table

_TURN = text("select pg_advisory_xact_lock(hashtext('firstline shared files'))")


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedFile:
    """A file there, without its content."""

    kind: str
    path: str
    sha256: str  # '': it was removed
    mark: str
    at: datetime
    who: str


_KNOWN = (table.c.kind, table.c.path, table.c.sha256, table.c.mark, table.c.at, table.c.who)


class SharedFiles:
    """The rows. All methods raise UnreachableError."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def number(self) -> int:
        """Grows with every change; cheap to ask."""
        with self.database.reading() as connection:
            return int(connection.execute(select(func.coalesce(func.max(table.c.number), 0))).scalar_one())

    def all(self) -> list[SharedFile]:
        """What there is, by kind and path."""
        with self.database.reading() as connection:
            rows = connection.execute(select(*_KNOWN).order_by(table.c.kind, table.c.path)).all()
        return [SharedFile(**row._asdict()) for row in rows]

    def data(self, kind: str, path: str) -> bytes:
        """What stands in a file; nothing where it is gone meanwhile."""
        with self.database.reading() as connection:
            found = connection.execute(select(table.c.data).where(table.c.kind == kind, table.c.path == path)).scalar()
        return bytes(found or b"")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One transaction, and one machine at a time that writes."""
        with self.database.together() as connection:
            if not self.database.is_sqlite:
                connection.execute(_TURN)
            yield

    def put(self, file: SharedFile, data: bytes) -> None:
        """Takes the place of what was there under its path. Within `turn`."""
        number = self.number() + 1
        self.drop(file.kind, file.path)
        with self.database.writing() as connection:
            connection.execute(insert(table).values(**asdict(file), data=data, number=number))

    def drop(self, kind: str, path: str) -> None:
        """As if it had never been there. Within `turn`, and only beside a `put`: `number` must not fall."""
        with self.database.writing() as connection:
            connection.execute(delete(table).where(table.c.kind == kind, table.c.path == path))
