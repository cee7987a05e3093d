"""What must be kept though its time is over, or its customer asks: the table `hold`."""

from __future__ import annotations

from sqlalchemy import delete, select

from pipeline.records.personal import Hold
from pipeline.store.database import Database, upsert
from pipeline.store.schema_privacy import hold as table


class Holds:
    """Tickets and customers that neither a clock nor an erasure may touch."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def all(self) -> list[Hold]:
        """The oldest first."""
        with self.database.reading() as connection:
            rows = connection.execute(select(table).order_by(table.c.at, table.c.what)).mappings().all()
        return [Hold(**row) for row in rows]

    def get(self, what: str) -> Hold | None:
        """That of a reference, or a folded address."""
        with self.database.reading() as connection:
            row = connection.execute(select(table).where(table.c.what == what)).mappings().first()
        return Hold(**row) if row else None

    def put(self, one: Hold) -> None:
        """From now on. Where it is held already, the new reason counts."""
        values = {"at": one.at, "who": one.who, "why": one.why}
        with self.database.writing() as connection:
            statement = upsert(connection, table).values(what=one.what, **values)
            connection.execute(statement.on_conflict_do_update(index_elements=["what"], set_=values))

    def lift(self, what: str) -> None:
        """Clocks run again, and an erasure may be asked for."""
        with self.database.writing() as connection:
            connection.execute(delete(table).where(table.c.what == what))
