"""`mail reconcile`: mailboxes and ledger side by side, what is missing, and what is done about it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from imapclient import IMAPClient

from pipeline.config.load import load
from pipeline.engine.jobs import reconcile
from pipeline.records.mail import Location, Undelivered
from pipeline.wiring.live_doors import LiveDoors, build
from tests.desk import PASSWORD, Desk, letter
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    """With three answered mails."""
    made = Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user())
    for number in range(1, 4):
        dovecot.deliver(letter(number), made.username)
    made.run("once")
    return made


@pytest.fixture
def doors(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveDoors]:
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    opened = build(load(desk.folder / "config.toml"))
    yield opened
    opened.close()


def remove(desk: Desk, subject: str, tables: tuple[str, ...] = ("location", "effect", "raw")) -> None:
    """A mail is gone from the ledger, as after a disk has forgotten it."""
    with closing(sqlite3.connect(desk.folder / "var" / "firstline.db")) as database, database:
        (ref,) = database.execute("select id from mail where subject = ?", [subject]).fetchone()
        database.execute("delete from mail where id = ?", [ref])
        for table in tables:
            database.execute(f"delete from {table} where mail_id = ?", [ref])


def compare(doors: LiveDoors) -> reconcile.Compared:
    mailbox = doors.mailbox("support")
    try:
        return reconcile.compare(doors, mailbox)
    finally:
        mailbox.close()


def test_both_sides_agree_after_a_pass(doors: LiveDoors) -> None:
    found = compare(doors)
    assert (found.both, found.missing, found.unread, found.gone) == (3, (), (), ())


def test_a_mail_that_is_not_fetched_yet_is_shown_and_no_fault(desk: Desk, dovecot: Dovecot, doors: LiveDoors) -> None:
    dovecot.deliver(letter(4), desk.username)
    found = compare(doors)
    assert (found.both, found.missing, found.unread) == (3, (), (4,))
    assert "firstline once" in desk.run("mail", "reconcile").stdout


@pytest.mark.parametrize("tables", [("location", "effect", "raw"), ("location",), ()], ids=str)
def test_a_mail_removed_from_the_ledger_is_found_recorded_and_not_answered_again(
    desk: Desk, sink: SmtpSink, tables: tuple[str, ...]
) -> None:
    remove(desk, "Where is parcel 2?", tables)
    document = desk.json("mail", "reconcile", expect=1)["mailboxes"][0]
    assert (document["both"], document["missing"], document["recorded"]) == (2, [2], 0)
    assert document["mails"][0]["subject"] == "Where is parcel 2?"
    assert "firstline mail reconcile --record" in desk.run("mail", "reconcile", expect=1).stdout

    assert desk.json("mail", "reconcile", "--record")["mailboxes"][0]["recorded"] == 1
    desk.run("once")
    assert desk.json("mail", "reconcile")["mailboxes"][0]["both"] == 3
    assert len(sink.accepted) == 3
    assert desk.json("db", "check")["ok"]


def test_a_mail_that_was_passed_over_is_found(desk: Desk, dovecot: Dovecot, doors: LiveDoors) -> None:
    with closing(sqlite3.connect(desk.folder / "var" / "firstline.db")) as database, database:
        database.execute("update mailbox set next_uid = 6")
    dovecot.deliver(letter(4), desk.username)
    assert compare(doors).missing == (4,)


def test_a_uid_that_was_given_out_a_second_time_is_found(doors: LiveDoors, desk: Desk) -> None:
    with closing(sqlite3.connect(desk.folder / "var" / "firstline.db")) as database, database:
        database.execute("update mail set message_id = '<another@example.org>' where subject = 'Where is parcel 2?'")
    found = compare(doors)
    assert (found.both, found.missing) == (2, (2,))


def test_a_comparison_that_does_not_take_place_makes_the_status_unhealthy(desk: Desk, doors: LiveDoors) -> None:
    reconcile.watch(doors)
    old = doors.clock.now() - timedelta(days=4)
    doors.reading.note_pass(reconcile.NAME, old)
    problems = desk.json("status", expect=1)["problems"]
    assert any("have not been compared since" in problem["what"] for problem in problems)


def test_what_is_not_given_out_is_not_missing(doors: LiveDoors) -> None:
    folder = doors.ledger.cursor("support")
    assert folder
    place = Location(mailbox="support", uidvalidity=folder.uidvalidity, uid=2)
    now = doors.clock.now()
    with closing(sqlite3.connect(doors.config.store_url().removeprefix("sqlite:///"))) as database, database:
        database.execute("delete from location where uid = 2")
    waiting = {"since": now, "tries": 1, "waited": timedelta(0), "last_try": now, "next_try": now}
    doors.undelivered.keep([Undelivered(location=place, why="NO", **waiting)])
    found = compare(doors)
    assert (found.missing, found.waiting) == ((), (2,))


def test_the_daily_look_tells_status_until_it_is_well_again(desk: Desk, doors: LiveDoors) -> None:
    reconcile.watch(doors)
    assert doors.reading.passes()["reconcile"].error == ""
    remove(desk, "Where is parcel 2?")
    reconcile.watch(doors)
    assert doors.reading.passes()["reconcile"].error == "1 mail of mailbox support not in the ledger"
    problems = desk.json("status", expect=1)["problems"]
    assert "firstline mail reconcile" in {problem["remedy"] for problem in problems}


def test_what_somebody_deleted_is_told_and_what_we_moved_is_not(desk: Desk, dovecot: Dovecot, doors: LiveDoors) -> None:
    with IMAPClient("127.0.0.1", dovecot.imap_port, ssl=False) as client:
        client.login(desk.username, PASSWORD)
        client.select_folder("INBOX")
        client.delete_messages([1])
        client.expunge()
    assert len(compare(doors).gone) == 1
    desk.mailbox["done"] = "move:Processed"
    desk.write()
    dovecot.deliver(letter(4), desk.username)
    desk.run("once")
    assert len(desk.json("mail", "reconcile")["mailboxes"][0]["gone"]) == 1
