"""What an upgrade does only once for what an earlier version left, and never again: remembered in `health`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from pipeline.store import schema
from pipeline.store.database import Database, upsert

MODELS = "models-signed"  # the note of which model is in use, unsigned in version 0.1


def is_done(database: Database, what: str) -> bool:
    """Was it?"""
    with database.reading() as connection:
        return connection.execute(select(schema.health.c.name).where(schema.health.c.name == what)).first() is not None


def note_done(database: Database, what: str, now: datetime) -> None:
    """From now on it was."""
    with database.writing() as connection:
        statement = upsert(connection, schema.health).values(name=what, last_pass=now)
        connection.execute(statement.on_conflict_do_nothing(index_elements=["name"]))
