"""Filters of the queue that people have given a name, for each of them their own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select

from pipeline.errors import NotFoundError, UsageError
from pipeline.records.today import SavedView
from pipeline.store.database import Database, upsert
from pipeline.store.schema_agenda import saved_view

MOST, LONGEST_NAME = 100, 60  # views of one person; letters of a name


class SavedViews:
    """Views by the account whose they are."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def of(self, account: str) -> list[SavedView]:
        """By name."""
        columns = (saved_view.c.name, saved_view.c.query)
        query = select(*columns).where(saved_view.c.account == account).order_by(saved_view.c.name)
        with self.database.reading() as connection:
            return [SavedView(name=row.name, query=row.query) for row in connection.execute(query)]

    def get(self, account: str, name: str) -> SavedView:
        """One of them. Raises NotFoundError."""
        for view in self.of(account):
            if view.name == name:
                return view
        raise NotFoundError("there is no such view of yours", where=name, remedy="see `firstline view list`")

    def save(self, account: str, view: SavedView, now: datetime) -> None:
        """In place of one with its name. Raises UsageError for a name that is empty or long, and for too many."""
        name = " ".join(view.name.split())
        if not name or len(name) > LONGEST_NAME:
            raise UsageError(f"a view needs a name of 1 to {LONGEST_NAME} letters", where=name[:LONGEST_NAME])
        with self.database.writing() as connection:
            mine = select(func.count()).where(saved_view.c.account == account, saved_view.c.name != name)
            if connection.execute(mine).scalar_one() >= MOST:
                raise UsageError(f"you have {MOST} views already", remedy="`firstline view forget NAME` first")
            row = {"account": account, "name": name, "query": view.query, "saved": now}
            statement = upsert(connection, saved_view).values(row)
            changes = {"query": view.query, "saved": now}
            connection.execute(statement.on_conflict_do_update(index_elements=["account", "name"], set_=changes))

    def forget(self, account: str, name: str) -> None:
        """Raises NotFoundError where there is none."""
        mine = (saved_view.c.account == account, saved_view.c.name == name)
        with self.database.writing() as connection:
            if connection.execute(delete(saved_view).where(*mine)).rowcount:
                return
        raise NotFoundError("there is no such view of yours", where=name, remedy="see `firstline view list`")
