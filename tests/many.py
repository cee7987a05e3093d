"""Two workers' views of one PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, update

from pipeline.store.database import Database
from pipeline.store.schema_workers import worker
from pipeline.store.workers import Workers
from tests.servers.postgres import Postgres, postgres


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as found:
        yield found


@pytest.fixture
def one(server: Postgres) -> Iterator[Database]:
    yield from joined(server.new_database())


@pytest.fixture
def other(one: Database) -> Iterator[Database]:
    yield from joined(one.url)


def joined(url: str) -> Iterator[Database]:
    database = Database(url)
    database.prepare()
    database.worker = Workers(database).join("desk:1", "1.0")
    yield database
    database.close()


def fall_silent(database: Database) -> None:
    """Its last sign of life was a minute ago."""
    with database.writing() as connection:
        minute_ago = func.clock_timestamp() - timedelta(minutes=1)
        connection.execute(update(worker).where(worker.c.id == database.worker).values(beat=minute_ago))
