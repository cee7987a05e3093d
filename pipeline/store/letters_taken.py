"""What all workers have taken of `[smtp] limit`. PostgreSQL only; by its clock."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, insert, select, text, update

from pipeline.store.database import Database
from pipeline.store.schema_workers import letters_taken as table

_NOW = func.clock_timestamp()
_TURN = text("select pg_advisory_xact_lock(hashtext('firstline letters'))")


class LettersTaken:
    """Rows of a time and a number of letters. What was not sent leaves a row with less."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def take(self, most: int, count: int, window: timedelta) -> int:
        """Of `most` letters as many as may still go out, where `count` may in any `window`. They count from now on."""
        with self.database.writing() as connection:
            connection.execute(_TURN)  # or two workers would see the same rest
            connection.execute(delete(table).where(table.c.at <= _NOW - window))
            taken = connection.execute(select(func.coalesce(func.sum(table.c.letters), 0))).scalar_one()
            letters = min(max(count - int(taken), 0), most)
            if letters:
                connection.execute(insert(table).values(at=_NOW, letters=letters))
        return letters

    def give_back(self, letters: int) -> None:
        """So many of those that were taken last did not go out."""
        newest = select(table.c.id, table.c.letters).where(table.c.letters > 0).order_by(table.c.id.desc())
        with self.database.writing() as connection:
            connection.execute(_TURN)
            for row in connection.execute(newest).all():
                back = min(letters, row.letters)
                connection.execute(update(table).where(table.c.id == row.id).values(letters=row.letters - back))
                letters -= back
                if not letters:
                    return
