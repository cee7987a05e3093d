"""SQLite's write-ahead log stays short, whoever reads for how long."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.desk.health import health
from pipeline.engine import schedule
from pipeline.engine.jobs import tidy
from pipeline.engine.shared import Engine
from pipeline.records.mail import Cursor, Location, RawMail
from pipeline.store import paging
from pipeline.store.database import Database
from pipeline.wiring.live_doors import LiveDoors, build
from tests.samples import NOON, table

MB = 1_000_000


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    opened = build(check(table(), tmp_path / "config.toml"), FakeClock(NOON))
    yield opened
    opened.close()


def log_of(doors: LiveDoors) -> int:
    path = Path(f"{doors.database.path}-wal")
    return path.stat().st_size if path.exists() else 0


def write(doors: LiveDoors, megabytes: int) -> None:
    for number in range(megabytes):
        with doors.database.writing() as connection:
            connection.execute(text("create table if not exists filler (content blob)"))
            connection.execute(text("insert into filler values (zeroblob(1000000))"))
            connection.execute(text("delete from filler" if number % 5 == 4 else "select 1"))


def arrive(doors: LiveDoors, count: int, first: int = 1, last: datetime = NOON) -> None:
    route = doors.route(None)
    raws = []
    for number in range(first, first + count):
        raw = f"From: p{number}@example.org\r\nTo: support@example.com\r\nSubject: s{number}\r\n\r\nHello {number}."
        place = Location(mailbox="support", uidvalidity=1, uid=number)
        when = last - timedelta(seconds=number // 3)  # three at a time
        raws.append(RawMail(location=place, received=when, raw=raw.encode(), size=len(raw)))
    route.take(raws, Cursor(mailbox="support", uidvalidity=1, next_uid=first + count, first_uidnext=0))


def test_the_log_is_cut_when_nobody_reads(doors: LiveDoors) -> None:
    write(doors, 6)
    assert log_of(doors) > MB
    tidy.tidy(doors)
    assert log_of(doors) < MB


def test_a_reader_of_another_program_holds_up_nobody_and_afterwards_it_is_cut(doors: LiveDoors) -> None:
    doors.reading.note_pass("smtp", NOON)
    with closing(sqlite3.connect(doors.database.path, isolation_level=None)) as reader:
        reader.execute("begin")
        reader.execute("select * from health").fetchall()
        write(doors, 12)
        assert doors.database.shorten() > 8 * MB
        write(doors, 1)  # goes on
        reader.execute("commit")
        assert doors.database.shorten() < MB


def test_a_writer_of_another_process_is_not_waited_for(doors: LiveDoors) -> None:
    write(doors, 2)
    with closing(sqlite3.connect(doors.database.path, isolation_level=None)) as writer:
        writer.execute("begin immediate")
        assert doors.database.shorten() > MB
        writer.execute("rollback")
    assert doors.database.shorten() < MB


def test_a_log_that_stays_long_is_in_the_status_until_it_is_cut(
    doors: LiveDoors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidy, "TOO_LONG", 4 * MB)

    def told() -> list[str]:
        return [one["what"] for one in health(doors)["problems"] if one["what"].startswith("store")]

    with closing(sqlite3.connect(doors.database.path, isolation_level=None)) as reader:
        doors.reading.note_pass("smtp", NOON)
        reader.execute("begin")
        reader.execute("select * from health").fetchall()
        write(doors, 8)
        tidy.tidy(doors)
        assert "reading the database for long" in told()[0]
        reader.execute("commit")
    tidy.tidy(doors)
    assert told() == []


def test_somebody_who_pages_through_the_mails_holds_up_nothing(
    doors: LiveDoors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`firstline mail list | less`, over lunch."""
    monkeypatch.setattr(paging, "PAGE", 10)
    arrive(doors, 35)
    for reading in (doors.reading.mails(), doors.labels.texts()):
        next(reading)  # type: ignore[call-overload]
        write(doors, 6)
        assert doors.database.shorten() < MB


@pytest.mark.parametrize("page", [1, 2, 3, 7, 35, 100])
def test_pages_leave_nothing_out_and_show_nothing_twice(
    doors: LiveDoors, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    arrive(doors, 35)
    whole = [one.id for one in doors.reading.mails()]
    assert len(set(whole)) == 35
    monkeypatch.setattr(paging, "PAGE", page)
    assert [one.id for one in doors.reading.mails()] == whole
    assert [one.id for one in doors.reading.mails(limit=20)] == whole[:20]
    texts = [one.id for one in doors.labels.texts()]
    assert [one.id for one in doors.labels.newest_texts(7)] == whole[:7]
    assert len(set(texts)) == len(texts) == 35


def test_what_arrives_while_one_reads_changes_no_page(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """On both databases."""
    monkeypatch.setattr(paging, "PAGE", 2)
    doors = build(check(table(), Path("config.toml")), FakeClock(NOON))
    doors.__dict__["database"] = database
    arrive(doors, 6)
    whole = [one.id for one in doors.reading.mails()]
    reading = doors.reading.mails()
    seen = [next(reading).id for _ in range(2)]
    arrive(doors, 3, first=7, last=NOON + timedelta(days=1))
    assert seen + [one.id for one in reading] == whole


def test_run_tidies_up_every_minute(doors: LiveDoors) -> None:
    assert "tidy" in {job.id for job in schedule.scheduler(Engine(doors)).get_jobs()}
