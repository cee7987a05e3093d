"""A line to PostgreSQL that falls silent: what is waited for, and what is given up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from pipeline.errors import UnreachableError, UsageError
from pipeline.store.database import Database
from pipeline.store.locking import AdvisoryLock
from tests.servers.proxy import Proxy, through

PATIENCE = 1.0


@pytest.fixture
def proxy(postgres_url: str) -> Iterator[Proxy]:
    url = make_url(postgres_url)
    folder = url.query.get("host")
    with Proxy(Path(str(folder)) / ".s.PGSQL.5432" if folder else int(url.port or 5432)) as between:
        yield between


@pytest.fixture
def database(proxy: Proxy, postgres_url: str) -> Iterator[Database]:
    url = make_url(postgres_url).set(host="127.0.0.1", port=proxy.port)
    url = url.difference_update_query(["host"]).update_query_dict({"tcp_user_timeout": f"{PATIENCE * 1000:.0f}"})
    with closing(Database(url.render_as_string(hide_password=False))) as opened:
        yield opened


@pytest.fixture
def direct(postgres_url: str) -> Iterator[Database]:
    """Past the proxy."""
    with closing(Database(postgres_url)) as opened:
        yield opened


def test_what_the_server_is_at_work_on_is_waited_for(database: Database) -> None:
    with database.reading() as connection:
        assert connection.execute(text(f"select pg_sleep({3 * PATIENCE}), 7")).scalars(1).all() == [7]


def test_an_answer_that_comes_drop_by_drop_is_waited_for(database: Database, proxy: Proxy) -> None:
    with database.reading() as connection:
        proxy.trickle(100, PATIENCE / 20)
        assert len(connection.execute(text("select repeat('x', 4000)")).scalar_one()) == 4000  # takes twice as long


def test_a_forgotten_line_is_given_up_and_what_it_locked_is_free(
    database: Database, direct: Database, proxy: Proxy
) -> None:
    with direct.writing() as connection:
        connection.execute(text("drop table if exists thing"))
        connection.execute(text("create table thing as select 1 as one"))
    with pytest.raises(UnreachableError, match="no answer for 1 s"):
        _write_on_a_line_that_is_forgotten(database, proxy)
    with direct.writing() as connection:
        connection.execute(text("set local lock_timeout = '10s'"))
        connection.execute(text("update thing set one = one + 10"))
    with database.reading() as connection:  # over a new line
        assert connection.execute(text("select one from thing")).scalar() == 11


def _write_on_a_line_that_is_forgotten(database: Database, proxy: Proxy) -> None:
    with database.writing() as connection:
        connection.execute(text("update thing set one = 2"))
        proxy.forget()
        connection.execute(text("update thing set one = 3"))


def test_the_lock_is_regained_from_a_line_that_only_the_server_believes_in(
    database: Database, direct: Database, proxy: Proxy
) -> None:
    with closing(AdvisoryLock(database)) as lock, closing(AdvisoryLock(direct)) as another:
        lock.hold()
        proxy.forget()
        lock.close()
        with pytest.raises(UsageError):
            another.hold()
        lock.hold()
        with pytest.raises(UsageError):
            another.hold()


def test_the_lock_is_regained_from_a_line_that_ends_while_it_is_asked_for(
    database: Database, direct: Database, proxy: Proxy
) -> None:
    def end_it_first(data: bytes) -> bytes:
        if b"pg_terminate_backend" in data:
            proxy.on_client = through
            with direct.reading() as connection:
                ended = "select pg_terminate_backend(pid, 60000) from pg_locks where locktype = 'advisory' and granted"
                assert connection.execute(text(ended)).scalars().all() == [True]
        return data

    with closing(AdvisoryLock(database)) as lock:
        lock.hold()
        proxy.forget()
        lock.close()
        proxy.on_client = end_it_first
        lock.hold()
        assert proxy.on_client is through


def test_a_lock_whose_taking_was_not_heard_of_is_ours(database: Database, proxy: Proxy) -> None:
    def lose_the_answer(data: bytes) -> bytes:
        proxy.forget()
        proxy.refusing = True  # so that nobody can be asked, either
        return b""

    def listen(data: bytes) -> bytes:
        if b"pg_try_advisory_lock" in data:
            proxy.on_server = lose_the_answer
        return data

    with closing(AdvisoryLock(database)) as lock:
        proxy.on_client = listen
        with pytest.raises(UnreachableError):
            lock.hold()
        proxy.well()
        lock.hold()
