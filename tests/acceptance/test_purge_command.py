"""`firstline privacy purge`, as it is installed: what it says, and that a kill leaves nothing half done."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.config.load import load
from pipeline.store import schema
from pipeline.store.database import Database
from tests.desk import Desk
from tests.kept_rows import WORD, put_mail, put_ticket, words_of
from tests.waiting import wait_until

OLD = 4000  # days: whatever day it is
MAILS = 120


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk", 9, 9, "support@example.com", more="[privacy]\nkeep_raw = ''\n")


@pytest.fixture
def database(desk: Desk) -> Iterator[Database]:
    desk.run("privacy", "holds")  # makes the key and the database
    with closing(Database(load(desk.folder / "config.toml").store_url())) as made:
        yield made


def test_a_purge_that_is_killed_leaves_whole_mails_and_the_next_one_the_rest(desk: Desk, database: Database) -> None:
    with database.writing() as connection:
        for number in range(MAILS):
            put_mail(connection, f"M{number:04}", OLD)
    process = desk.start("privacy", "purge")
    wait_until(lambda: len(words_of(database, schema.mail)) < MAILS, desk.log)
    process.send_signal(signal.SIGKILL)
    process.wait()
    left = words_of(database, schema.mail)
    assert 0 < len(left) < MAILS
    assert words_of(database, schema.acknowledgement) == words_of(database, schema.raw) == left
    assert words_of(database, schema.effect) == [f"{one}:acknowledge" for one in left]
    told = desk.json("privacy", "purge", "--compact")  # nobody else is at work: without rests
    assert told["rows"]["mail"] == len(left)
    assert told["free"] == 0
    assert WORD.encode() not in database.path.read_bytes()
    assert desk.json("privacy", "purge")["rows"] == {}
    assert desk.json("db", "check")["ok"]


def test_it_says_what_is_over_before_it_is_asked_to_let_it_go(desk: Desk, database: Database) -> None:
    assert "nothing is over" in desk.run("privacy", "purge", "--dry-run").stdout
    with database.writing() as connection:
        put_mail(connection, "M", OLD)
        put_mail(connection, "KEPT", OLD, ticket="ABCD-2345")
        put_ticket(connection, "ABCD-2345", OLD)
    desk.run("privacy", "hold", "ABCD-2345", "--why", "case 7")
    assert "case 7" in desk.run("privacy", "holds").stdout
    assert "nothing was changed" in desk.run("privacy", "purge", "--dry-run").stdout
    assert words_of(database, schema.mail) == ["KEPT", "M"]
    assert "mail " in desk.run("privacy", "purge").stdout
    assert words_of(database, schema.mail) == ["KEPT"]
    desk.run("privacy", "release", "abcd2345")
    assert desk.json("privacy", "purge", "--compact")["free"] == 0
    assert words_of(database, schema.mail) == words_of(database, schema.ticket) == []
    assert "not go together" in desk.run("privacy", "purge", "--dry-run", "--compact", expect=2).stderr
