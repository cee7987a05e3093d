"""Giving back what was let go: out of the index of search, out of the file, and for PostgreSQL to use again.

In steps of some milliseconds, between which whoever gives back is asked to rest: mail goes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

from sqlalchemy import text

from pipeline.errors import FirstlineError
from pipeline.store.database import Database

_MERGED = 50  # pages of the index of search that are written anew in one step
_MOVED = 50  # pages of the file that are let go in one step
SLACK = 0.05  # of the file may be free: new mail fills it again
Rests = Callable[[], bool]  # between two steps; true: enough for now


class Space:
    """Of one database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def give_back(self, rests: Rests = lambda: False, *, words: bool = True) -> None:
        """Until there is nothing more to give back, or enough was done for now. `words`: also those of search, for
        which SQLite writes the whole index anew."""
        if not self.database.is_sqlite:
            with self.database.errors(), self.database.engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("vacuum"))
            return
        for _ in self._steps(words=words):
            if rests():
                break
        self.database.shorten()

    def _steps(self, *, words: bool) -> Iterator[None]:
        if words:
            yield from self._merge_index()
        while self._let_pages_go():
            yield

    def _merge_index(self) -> Iterator[None]:
        """FTS5 keeps words that were taken out until it writes that part of its index anew (its section 6.8)."""
        pages = -_MERGED  # the first time: all of it is to be written anew
        while True:
            with self.database.writing() as connection:
                before = connection.execute(text("select total_changes()")).scalar_one()
                merge = "insert into search_word(search_word, rank) values('merge', :pages)"
                connection.execute(text(merge), {"pages": pages})
                after = connection.execute(text("select total_changes()")).scalar_one()
            if after - before < 2:
                return
            pages = _MERGED
            yield

    def _let_pages_go(self) -> bool:
        """Free pages leave the end of the file, where that was made so: see `compact`. False: there are no more."""
        free, pages = self.free_pages()
        if free <= pages * SLACK or not self.can_let_pages_go():
            return False
        with self.database.writing() as connection, closing(connection.connection.cursor()) as cursor:
            cursor.execute(f"pragma incremental_vacuum({_MOVED})")
            cursor.fetchall()  # each step lets one page go
        return self.free_pages()[0] < free

    def free_pages(self) -> tuple[int, int]:
        """How many pages of the file are free, and how many there are; none where it is another database's business."""
        if not self.database.is_sqlite:
            return 0, 0
        with self.database.reading() as connection:
            free, pages = (
                int(connection.exec_driver_sql(f"pragma {name}").scalar_one())
                for name in ("freelist_count", "page_count")
            )
        return free, pages

    def can_let_pages_go(self) -> bool:
        """Not in a file that was made by Firstline 0.1.0 or older, before it was compacted."""
        with self.database.reading() as connection:
            return bool(connection.exec_driver_sql("pragma auto_vacuum").scalar_one() == 2)

    def compact(self) -> None:
        """Writes the whole file anew, so that from then on free pages leave it in steps. Nobody else can write
        meanwhile, and the disk must have room for a second file. Raises FirstlineError on PostgreSQL."""
        if not self.database.is_sqlite:
            raise FirstlineError(
                "PostgreSQL uses again what was let go",
                where=self.database.shown,
                remedy="to make its files smaller, run VACUUM FULL there while nobody works",
            )
        with (
            self.database.errors(),
            self.database.engine.connect() as connection,
            closing(connection.connection.cursor()) as cursor,
        ):
            cursor.execute("pragma auto_vacuum=incremental")
            cursor.execute("vacuum")
        self.database.shorten()
