"""What was changed in config.toml at the desk: the table `setting_version`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import insert, select

from pipeline.errors import NotFoundError
from pipeline.records.setting import SettingVersion
from pipeline.store.database import Database
from pipeline.store.schema_settings import setting_version as table

PAGE = 50  # versions


class SettingVersions:
    """Changes, each for good."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def keep(self, one: SettingVersion, write: Callable[[], None]) -> SettingVersion:
        """Keeps a change and carries it out: `write` changes the file. Where it raises, nothing is kept."""
        values = {name: getattr(one, name) for name in ("at", "account", "why", "section", "before", "after")}
        with self.database.writing() as connection:
            number = connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one()
            write()
        return replace(one, id=int(number))

    def history(self, section: str = "", limit: int = PAGE) -> list[SettingVersion]:
        """The newest first; of a table "topics" those of all topics. ``limit`` 0: all of them."""
        query = select(table).order_by(table.c.id.desc())
        if section:
            below = table.c.section.startswith(f"{section}.", autoescape=True)
            query = query.where((table.c.section == section) | below)
        if limit:
            query = query.limit(limit)
        with self.database.reading() as connection:
            return [SettingVersion(**row) for row in connection.execute(query).mappings()]

    def get(self, number: int) -> SettingVersion:
        """One of them. Raises NotFoundError."""
        with self.database.reading() as connection:
            row = connection.execute(select(table).where(table.c.id == number)).mappings().one_or_none()
        if row is None:
            raise NotFoundError("there is no such change", where=str(number), remedy="see `firstline config history`")
        return SettingVersion(**row)
