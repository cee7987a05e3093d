"""Filing into an outside tracker: exactly once, in order, whatever becomes of the line; never in the way of mail."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline import retry
from pipeline.clock import FakeClock
from pipeline.engine.workers import file, mirror
from pipeline.engine.workers.tell import Teller
from pipeline.records.effect import EffectKind, EffectState, Outcome
from pipeline.records.thread import Lookup, ThreadKeys
from pipeline.records.ticket import Priority, TicketStatus
from pipeline.store.database import Database
from pipeline.store.unprepared import unprepared
from pipeline.wiring.live_doors import LiveDoors
from tests.filed import complain, doors_with, filer_of, states, timeline
from tests.samples import NOON
from tests.servers.dovecot import free_port
from tests.servers.roundup import PASSWORD, USER, Roundup
from tests.servers.tracker_apis import Api
from tests.servers.tracker_kinds import GitHub, Receiver
from tests.waiting import wait_until

PICTURE = (
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nSee this.\r\n--x\r\n"
    b'Content-Type: image/png; name="photo.png"\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--x--\r\n'
)


@pytest.fixture
def github() -> Iterator[GitHub]:
    server = GitHub()
    yield server
    server.stop()


@pytest.fixture
def doors(github: GitHub, tmp_path: Path) -> Iterator[LiveDoors]:
    made = at_github(github, tmp_path)
    yield made
    made.close()


def at_github(github: Api, folder: Path, **more: Any) -> LiveDoors:
    tables = {name: more.pop(name) for name in ("topics", "trackers") if name in more}
    tracker = {"kind": "github", "url": github.url, "project": "acme/support", "timeout": "3s", **more}
    return doors_with(folder, tracker, **tables)


def wait(doors: LiveDoors, seconds: float) -> None:
    assert isinstance(doors.clock, FakeClock)
    doors.clock.pass_by(timedelta(seconds=seconds))


def said(github: GitHub, number: str = "1") -> list[str]:
    return [one["body"].splitlines()[-1] for one in github.said[number]]


# --- all is well ------------------------------------------------------------------------------------------------------


def test_a_complaint_is_filed_and_its_ticket_knows_where(doors: LiveDoors, github: GitHub) -> None:
    complain(doors)
    filer_of(doors).drain()
    row = doors.board.show("AAAA-0001")
    assert (row.outside_id, row.url) == ("acme/support#1", f"{github.url}/acme/support/issues/1")
    assert states(doors) == {"AAAA-0001:file": "done"}
    assert github.issues["1"]["title"] == "Parcel 1"
    assert {"name": "firstline-AAAA0001"} in github.issues["1"]["labels"]
    assert "> It was due on Tuesday." in github.issues["1"]["body"]
    assert ("filed", "", row.url) in timeline(doors, "AAAA-0001")


def test_further_mails_follow_as_comments_in_their_order(doors: LiveDoors, github: GitHub) -> None:
    complain(doors)
    for uid in (2, 3, 4):
        complain(doors, uid, about="AAAA-0001", text=f"Word {uid}.")
    filer_of(doors).drain()
    assert said(github) == [f"firstline-AAAA-000{uid}-comment" for uid in (2, 3, 4)]
    assert set(states(doors).values()) == {"done"}


def test_what_agents_do_on_our_board_is_told(doors: LiveDoors, github: GitHub) -> None:
    doors.config.tracker.owners["anna@example.com"] = "alice"
    complain(doors)
    filer_of(doors).drain()
    now = doors.clock.now()
    doors.board.comment("AAAA-0001", "The carrier has lost it.", "anna", now)
    doors.board.assign("AAAA-0001", "anna@example.com", "anna", now)
    doors.board.set_status("AAAA-0001", TicketStatus.RESOLVED, "anna", now)
    doors.board.set_priority("AAAA-0001", Priority.LOW, "anna", now)
    filer_of(doors).drain()
    issue = github.issues["1"]
    assert (issue["state"], issue["state_reason"], issue["assignee"]) == ("closed", "completed", {"login": "alice"})
    assert "Noted by anna:" in github.said["1"][0]["body"]
    assert set(states(doors).values()) == {"done"}
    wait(doors, 3600)
    filer_of(doors).drain()  # what we have told is not taken for somebody else's doing
    row = doors.board.show("AAAA-0001")
    assert (row.status, row.owner, row.priority) == ("resolved", "anna@example.com", "low")
    assert not [one for one in timeline(doors, "AAAA-0001") if one[1] == "github"]


def test_who_writes_to_a_resolved_ticket_reopens_it_there_too(doors: LiveDoors, github: GitHub) -> None:
    complain(doors)
    doors.board.set_status("AAAA-0001", TicketStatus.RESOLVED, "anna", doors.clock.now())
    filer_of(doors).drain()
    assert github.issues["1"]["state"] == "closed"
    wait(doors, 1)
    complain(doors, 2, about="AAAA-0001")
    filer_of(doors).drain()
    assert github.issues["1"]["state"] == "open"
    assert doors.board.show("AAAA-0001").status == "open"


def test_or_opens_a_linked_one(github: GitHub, tmp_path: Path) -> None:
    doors = at_github(github, tmp_path, on_closed="linked")
    complain(doors)
    doors.board.set_status("AAAA-0001", TicketStatus.RESOLVED, "anna", doors.clock.now())
    filer_of(doors).drain()
    wait(doors, 1)
    complain(doors, 2, about="AAAA-0001")
    filer_of(doors).drain()
    doors.close()
    assert github.issues["1"]["state"] == "closed"
    assert f"Goes on from: AAAA-0001 {github.url}/acme/support/issues/1" in github.issues["2"]["body"]


def test_each_topic_goes_to_its_own_tracker(github: GitHub, tmp_path: Path) -> None:
    receiver = Receiver()
    hook = {"kind": "webhook", "url": f"{receiver.url}/hook", "token": {"file": "right"}}
    doors = at_github(github, tmp_path, trackers={"hook": hook}, topics={"delivery": {"tracker": "hook"}})
    complain(doors)
    assert file.file_all(doors) == []
    assert doors.board.show("AAAA-0001").tracker == "hook"
    assert github.issues == {}
    assert [asked.body["event"] for asked in receiver.log] == ["open"]
    doors.close()
    receiver.stop()


def test_what_stays_on_the_board_is_filed_nowhere(github: GitHub, tmp_path: Path) -> None:
    doors = at_github(github, tmp_path, topics={"delivery": {"tracker": "board"}})
    complain(doors)
    assert states(doors) == {}
    doors.board.set_status("AAAA-0001", TicketStatus.RESOLVED, "anna", doors.clock.now())
    assert states(doors) == {}
    doors.close()


def test_attachments_go_along_where_that_is_configured(tmp_path: Path, roundup: Roundup) -> None:
    doors = at_roundup(roundup, tmp_path, share="everything", attachments=True)
    complain(doors, 51, data=PICTURE)
    filer_of(doors).drain()
    door, outside = doors.tracker(), doors.board.show("AAAA-0051").outside_id
    found = door._tracker.rest.get(object, f"/issue/{outside}", {"@fields": "files"})  # type: ignore[attr-defined]
    door.close()
    assert len(found["data"]["attributes"]["files"]) == 1
    doors.close()


# --- when the line fails ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["500-after", "reset-after", "garbage", "500-before", "reset-before", "hang"])
def test_when_nobody_knows_whether_it_was_filed_it_is_looked_for_and_there_is_one(
    doors: LiveDoors, github: GitHub, fault: str
) -> None:
    complain(doors)
    github.labels.add("firstline-AAAA0001")
    github.fail("write", fault)
    filer_of(doors).drain()
    assert states(doors) == {"AAAA-0001:file": "uncertain"}
    filer_of(doors).drain()  # too early: it may be at work on it still
    assert states(doors) == {"AAAA-0001:file": "uncertain"}
    wait(doors, 60)
    filer_of(doors).drain()
    assert states(doors) == {"AAAA-0001:file": "done"}
    assert len(github.issues) == 1


@pytest.mark.parametrize("fault", ["500-after", "reset-after", "500-before", "reset-before"])
def test_a_comment_of_which_nobody_knows_is_there_once(doors: LiveDoors, github: GitHub, fault: str) -> None:
    complain(doors)
    filer_of(doors).drain()
    wait(doors, 1)
    complain(doors, 2, about="AAAA-0001")
    complain(doors, 3, about="AAAA-0001")
    github.fail("write", fault)
    filer_of(doors).drain()
    assert states(doors)["AAAA-0003:comment"] == "intended"  # waits for the one before it
    wait(doors, 60)
    filer_of(doors).drain()
    assert said(github) == ["firstline-AAAA-0002-comment", "firstline-AAAA-0003-comment"]
    assert set(states(doors).values()) == {"done"}


def test_a_tracker_that_wants_to_be_left_alone_is(doors: LiveDoors, github: GitHub) -> None:
    complain(doors)
    filer = filer_of(doors)
    github.fail("read", "limit")
    filer.drain()
    assert 5 < filer.backoff.remaining(doors.clock.monotonic()) <= 8
    assert states(doors) == {"AAAA-0001:file": "waiting"}
    assert doors.effects.of_mail("AAAA-0001")[-1].attempts == 0
    wait(doors, 8)
    filer_of(doors).drain()
    assert states(doors) == {"AAAA-0001:file": "done"}


def test_what_is_refused_for_good_is_seen_and_can_be_tried_again(github: GitHub, tmp_path: Path) -> None:
    doors = at_github(github, tmp_path, owners={"logistics@example.com": "nobody-there"})
    complain(doors)
    complain(doors, 2, about="AAAA-0001")
    filer_of(doors).drain()
    waiting = {"AAAA-0002:comment": "intended", "AAAA-0002:update": "intended"}  # it is more urgent now
    assert states(doors) == {"AAAA-0001:file": "failed", **waiting}
    assert doors.filings.counts()["github"]["failed"] == 1
    assert timeline(doors, "AAAA-0001")[-1][0] == "failed"
    doors.config.tracker.owners.clear()
    assert doors.filings.retry("", doors.clock.now()) == ["AAAA-0001"]
    filer_of(doors).drain()
    assert set(states(doors).values()) == {"done"}
    doors.close()


def test_a_tracker_that_is_away_keeps_everything_waiting(tmp_path: Path) -> None:
    doors = doors_with(tmp_path, {"kind": "github", "url": f"http://127.0.0.1:{free_port()}", "project": "a/b"})
    complain(doors)
    assert "nothing listens" in file.file_all(doors)[0]
    assert states(doors) == {"AAAA-0001:file": "waiting"}
    assert "nothing listens" in doors.reading.passes()["tracker.github"].error
    doors.close()


@pytest.mark.parametrize(
    ("text", "status"),
    [("Any news?", TicketStatus.WAITING), ("Here is the photograph you asked for.", TicketStatus.OPEN)],
)
def test_a_ticket_that_waits_for_the_customer_is_reopened_everywhere_or_nowhere(
    doors: LiveDoors, github: GitHub, text: str, status: TicketStatus
) -> None:
    """By one rule on the board, in the batch and in the outside tracker: asking for news is no answer."""
    complain(doors)
    filer_of(doors).drain()
    doors.board.set_status("AAAA-0001", TicketStatus.WAITING, "anna", doors.clock.now())
    filer_of(doors).drain()
    further = complain(doors, 2, about="AAAA-0001", text=text)
    told = [effect.filing.status for effect in further.effects if effect.kind is EffectKind.FILE]
    assert (TicketStatus.OPEN in told) == (status is TicketStatus.OPEN)
    lookup = Lookup(content_hash="", ref="", keys=ThreadKeys(mentioned=("AAAA-0001",)), message_id="")
    past = doors.ledger.past([lookup], doors.clock.now())
    past.note(further)
    thread = past.thread_by_ref("AAAA-0001")
    assert thread
    assert thread.ticket
    assert thread.ticket.status is status
    filer_of(doors).drain()
    assert doors.board.show("AAAA-0001").status == status


def test_one_bad_ticket_does_not_stop_the_next(doors: LiveDoors, github: GitHub) -> None:
    complain(doors, 1)
    complain(doors, 2)
    with doors.database.writing() as connection:
        connection.exec_driver_sql("delete from mail where id = 'AAAA-0001'")
    filer_of(doors).drain()
    assert [doors.effects.of_mail(f"AAAA-000{uid}")[0].state for uid in (1, 2)] == ["failed", "done"]


@pytest.mark.parametrize("done", [True, False])
def test_what_a_crash_left_in_hand_is_looked_for(doors: LiveDoors, github: GitHub, done: bool) -> None:
    complain(doors)
    effect = doors.effects.of_mail("AAAA-0001")[0]
    if done:  # killed between doing and done
        filer = filer_of(doors)
        filer.tracker.open(Teller(doors, filer.tracker, filer.settings).prepared(effect))  # type: ignore[arg-type]
        filer.tracker.close()
    doors.effects.claim([effect.key], doors.clock.now())
    file.interrupted(doors)
    assert states(doors) == {"AAAA-0001:file": "uncertain"}
    wait(doors, retry.SEARCH.first.total_seconds())
    filer_of(doors).drain()
    assert states(doors) == {"AAAA-0001:file": "done"}
    assert len(github.issues) == 1
    assert doors.board.show("AAAA-0001").outside_id == "acme/support#1"


def test_what_can_not_even_be_looked_for_is_looked_for_again_and_stops_nothing(
    doors: LiveDoors, github: GitHub
) -> None:
    complain(doors, 1)
    complain(doors, 2)
    doors.effects.claim(["AAAA-0001:file"], doors.clock.now())
    file.interrupted(doors)
    with doors.database.writing() as connection:
        connection.exec_driver_sql("update ticket set project = 'acme/nowhere' where ref = 'AAAA-0001'")
    wait(doors, 60)
    filer_of(doors).drain()
    assert states(doors) == {"AAAA-0001:file": "uncertain", "AAAA-0002:file": "done"}
    assert doors.filings.oldest_uncertain() == NOON
    with doors.database.writing() as connection:
        connection.exec_driver_sql("update ticket set project = ''")
    wait(doors, 60)
    filer_of(doors).drain()
    assert set(states(doors).values()) == {"done"}
    assert len(github.issues) == 2


def test_a_restored_database_files_nothing_a_second_time(doors: LiveDoors, github: GitHub) -> None:
    complain(doors)
    complain(doors, 2, about="AAAA-0001")
    filer_of(doors).drain()
    with doors.database.writing() as connection:  # as it was before
        connection.exec_driver_sql("update effect set state = 'intended' where kind = 'file'")
        connection.exec_driver_sql("update ticket set outside_id = '', url = '', polled = null")
    filer_of(doors).drain()
    assert len(github.issues) == 1
    assert said(github) == ["firstline-AAAA-0002-comment"]


def test_a_webhook_is_told_again_under_the_same_key(tmp_path: Path) -> None:
    receiver = Receiver()
    doors = doors_with(tmp_path, {"kind": "webhook", "url": f"{receiver.url}/hook", "timeout": "1s"})
    complain(doors)
    receiver.fail("write", "500-after")
    filer_of(doors).drain()
    assert states(doors) == {"AAAA-0001:file": "uncertain"}
    wait(doors, 60)
    filer_of(doors).drain()
    assert states(doors) == {"AAAA-0001:file": "done"}
    assert {asked.headers["idempotency-key"] for asked in receiver.log} == {"firstline-AAAA0001"}
    doors.close()
    receiver.stop()


def test_an_outcome_that_could_not_be_noted_is_noted_later(
    doors: LiveDoors, github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    complain(doors)
    filer, settle = filer_of(doors), doors.filings.settle

    def away(*_: Any, **__: Any) -> None:
        raise OSError("the store is away")

    monkeypatch.setattr(doors.filings, "settle", away)
    with pytest.raises(OSError, match="away"):
        filer.drain()
    monkeypatch.setattr(doors.filings, "settle", settle)
    filer.drain()
    assert states(doors) == {"AAAA-0001:file": "done"}
    assert len(github.issues) == 1


# --- at work beside others --------------------------------------------------------------------------------------------


def test_a_thread_files_what_comes_and_stops_when_told(doors: LiveDoors, github: GitHub) -> None:
    stopping = threading.Event()
    filer = filer_of(doors)
    filer.stopped = stopping.is_set
    thread = threading.Thread(target=filer.serve)
    thread.start()
    complain(doors)
    filer.wake.set()
    wait_until(lambda: doors.board.show("AAAA-0001").outside_id, "the ticket is filed")
    stopping.set()
    filer.wake.set()
    thread.join(60)
    assert not thread.is_alive()
    assert states(doors) == {"AAAA-0001:file": "done"}


def test_a_backlog_is_asked_for_ticket_by_ticket(doors: LiveDoors) -> None:
    for uid in range(1, 41):
        complain(doors, uid)
    due = doors.filings.due("github", doors.clock.now(), 20)
    assert [effect.ticket for effect in due] == [f"AAAA-{uid:04d}" for uid in range(1, 21)]
    doors.effects.claim([due[0].key], NOON)
    doors.filings.settle(due[0], Outcome(key=due[0].key, state=EffectState.UNCERTAIN), NOON)
    assert [effect.ticket for effect in doors.filings.uncertain("github", NOON)] == ["AAAA-0001"]


def test_the_journal_keeps_order_on_every_database(database: Database, github: GitHub, tmp_path: Path) -> None:
    doors = at_github(github, tmp_path)
    doors.database = database  # type: ignore[misc]
    complain(doors)
    wait(doors, 1)
    complain(doors, 2, about="AAAA-0001")
    now = doors.clock.now()
    assert [effect.key for effect in doors.filings.due("github", now, 9)] == ["AAAA-0001:file"]
    assert doors.filings.due("another", now, 9) == []
    filer_of(doors).drain()
    assert set(states(doors).values()) == {"done"}
    github.issues["1"] |= {"state": "closed", "state_reason": "completed"}
    wait(doors, 3600)
    now = doors.clock.now()
    assert [row.ref for row in doors.filings.to_look_at("github", now, now, 9)] == ["AAAA-0001"]
    filer_of(doors).drain()
    assert doors.board.show("AAAA-0001").status == "resolved"
    assert doors.filings.filed_as("github", "acme/support#1").ref == "AAAA-0001"
    assert (doors.filings.counts(), doors.filings.retry("AAAA-0001", now)) == ({}, [])
    assert [row.complaints for row in unprepared(database, {"billing"}, NOON)] == [1]
    assert complain(doors, 3).decision.complaint
    lookup = Lookup(content_hash="x", ref="", keys=ThreadKeys(), message_id="", senders=("eve@example.org",))
    doors.ledger.past([lookup], now).tallies("eve@example.org", "example.org", "", "")


def test_complaints_without_a_prepared_situation_are_counted(doors: LiveDoors) -> None:
    complain(doors)
    since = NOON - timedelta(days=1)
    assert unprepared(doors.database, doors.config.topics, since) == []
    (row,) = unprepared(doors.database, {"billing"}, since)
    assert (row.topic, row.complaints, row.unsure, row.prepared) == ("delivery", 1, 0, False)
    assert unprepared(doors.database, set(), NOON + timedelta(days=1)) == []
    file.tell_of_unprepared(doors)


# --- the real one -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def roundup() -> Iterator[Roundup]:
    with Roundup() as server:
        yield server


def at_roundup(roundup: Roundup, folder: Path, **more: Any) -> LiveDoors:
    return doors_with(folder, {"kind": "roundup", "url": roundup.url, "username": USER, "password": PASSWORD, **more})


def test_roundup_takes_it_all(roundup: Roundup, tmp_path: Path) -> None:
    doors = at_roundup(roundup, tmp_path, owners={"logistics@example.com": "anna"})
    complain(doors, 61)
    complain(doors, 62, about="AAAA-0061")
    wait(doors, 1)
    doors.board.set_status("AAAA-0061", TicketStatus.RESOLVED, "anna", doors.clock.now())
    doors.board.comment("AAAA-0061", "A voucher is on its way.", "anna", doors.clock.now())  # which would reopen it
    filer_of(doors).drain()
    assert set(states(doors).values()) == {"done"}
    standing = mirror.mirror_now(doors, "roundup", doors.board.show("AAAA-0061").outside_id)
    assert standing is not None
    assert (standing.status, standing.owner) == (TicketStatus.RESOLVED, "anna")
    assert [one.key[:24] for one in standing.said] == ["firstline-AAAA-0062-comm", "firstline-AAAA-0061-comm"]
    assert not [one for one in timeline(doors, "AAAA-0061") if one[1] == "roundup"]
    doors.close()
