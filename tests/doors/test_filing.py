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
from pipeline.wiring.house import House
from tests.filed import complain, filer_of, house_with, states, timeline
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
def house(github: GitHub, tmp_path: Path) -> Iterator[House]:
    made = at_github(github, tmp_path)
    yield made
    made.close()


def at_github(github: Api, folder: Path, **more: Any) -> House:
    tables = {name: more.pop(name) for name in ("topics", "trackers") if name in more}
    tracker = {"kind": "github", "url": github.url, "project": "acme/support", "timeout": "3s", **more}
    return house_with(folder, tracker, **tables)


def wait(house: House, seconds: float) -> None:
    assert isinstance(house.clock, FakeClock)
    house.clock.pass_by(timedelta(seconds=seconds))


def said(github: GitHub, number: str = "1") -> list[str]:
    return [one["body"].splitlines()[-1] for one in github.said[number]]


# --- all is well ------------------------------------------------------------------------------------------------------


def test_a_complaint_is_filed_and_its_ticket_knows_where(house: House, github: GitHub) -> None:
    complain(house)
    filer_of(house).drain()
    row = house.board.show("AAAA-0001")
    assert (row.outside_id, row.url) == ("acme/support#1", f"{github.url}/acme/support/issues/1")
    assert states(house) == {"AAAA-0001:file": "done"}
    assert github.issues["1"]["title"] == "Parcel 1"
    assert {"name": "firstline-AAAA0001"} in github.issues["1"]["labels"]
    assert "> It was due on Tuesday." in github.issues["1"]["body"]
    assert ("filed", "", row.url) in timeline(house, "AAAA-0001")


def test_further_mails_follow_as_comments_in_their_order(house: House, github: GitHub) -> None:
    complain(house)
    for uid in (2, 3, 4):
        complain(house, uid, about="AAAA-0001", text=f"Word {uid}.")
    filer_of(house).drain()
    assert said(github) == [f"firstline-AAAA-000{uid}-comment" for uid in (2, 3, 4)]
    assert set(states(house).values()) == {"done"}


def test_what_agents_do_on_our_board_is_told(house: House, github: GitHub) -> None:
    house.config.tracker.owners["anna@example.com"] = "alice"
    complain(house)
    filer_of(house).drain()
    now = house.clock.now()
    house.board.comment("AAAA-0001", "The carrier has lost it.", "anna", now)
    house.board.assign("AAAA-0001", "anna@example.com", "anna", now)
    house.board.set_status("AAAA-0001", TicketStatus.RESOLVED, "anna", now)
    house.board.set_priority("AAAA-0001", Priority.LOW, "anna", now)
    filer_of(house).drain()
    issue = github.issues["1"]
    assert (issue["state"], issue["state_reason"], issue["assignee"]) == ("closed", "completed", {"login": "alice"})
    assert "Noted by anna:" in github.said["1"][0]["body"]
    assert set(states(house).values()) == {"done"}
    wait(house, 3600)
    filer_of(house).drain()  # what we have told is not taken for somebody else's doing
    row = house.board.show("AAAA-0001")
    assert (row.status, row.owner, row.priority) == ("resolved", "anna@example.com", "low")
    assert not [one for one in timeline(house, "AAAA-0001") if one[1] == "github"]


def test_who_writes_to_a_resolved_ticket_reopens_it_there_too(house: House, github: GitHub) -> None:
    complain(house)
    house.board.set_status("AAAA-0001", TicketStatus.RESOLVED, "anna", house.clock.now())
    filer_of(house).drain()
    assert github.issues["1"]["state"] == "closed"
    wait(house, 1)
    complain(house, 2, about="AAAA-0001")
    filer_of(house).drain()
    assert github.issues["1"]["state"] == "open"
    assert house.board.show("AAAA-0001").status == "open"


def test_or_opens_a_linked_one(github: GitHub, tmp_path: Path) -> None:
    house = at_github(github, tmp_path, on_closed="linked")
    complain(house)
    house.board.set_status("AAAA-0001", TicketStatus.RESOLVED, "anna", house.clock.now())
    filer_of(house).drain()
    wait(house, 1)
    complain(house, 2, about="AAAA-0001")
    filer_of(house).drain()
    house.close()
    assert github.issues["1"]["state"] == "closed"
    assert f"Goes on from: AAAA-0001 {github.url}/acme/support/issues/1" in github.issues["2"]["body"]


def test_each_topic_goes_to_its_own_tracker(github: GitHub, tmp_path: Path) -> None:
    receiver = Receiver()
    hook = {"kind": "webhook", "url": f"{receiver.url}/hook", "token": {"file": "right"}}
    house = at_github(github, tmp_path, trackers={"hook": hook}, topics={"delivery": {"tracker": "hook"}})
    complain(house)
    assert file.file_all(house) == []
    assert house.board.show("AAAA-0001").tracker == "hook"
    assert github.issues == {}
    assert [asked.body["event"] for asked in receiver.log] == ["open"]
    house.close()
    receiver.stop()


def test_what_stays_on_the_board_is_filed_nowhere(github: GitHub, tmp_path: Path) -> None:
    house = at_github(github, tmp_path, topics={"delivery": {"tracker": "board"}})
    complain(house)
    assert states(house) == {}
    house.board.set_status("AAAA-0001", TicketStatus.RESOLVED, "anna", house.clock.now())
    assert states(house) == {}
    house.close()


def test_attachments_go_along_where_that_is_configured(tmp_path: Path, roundup: Roundup) -> None:
    house = at_roundup(roundup, tmp_path, share="everything", attachments=True)
    complain(house, 51, data=PICTURE)
    filer_of(house).drain()
    door, outside = house.tracker(), house.board.show("AAAA-0051").outside_id
    found = door._tracker.rest.get(object, f"/issue/{outside}", {"@fields": "files"})  # type: ignore[attr-defined]
    door.close()
    assert len(found["data"]["attributes"]["files"]) == 1
    house.close()


# --- when the line fails ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["500-after", "reset-after", "garbage", "500-before", "reset-before", "hang"])
def test_when_nobody_knows_whether_it_was_filed_it_is_looked_for_and_there_is_one(
    house: House, github: GitHub, fault: str
) -> None:
    complain(house)
    github.labels.add("firstline-AAAA0001")
    github.fail("write", fault)
    filer_of(house).drain()
    assert states(house) == {"AAAA-0001:file": "uncertain"}
    filer_of(house).drain()  # too early: it may be at work on it still
    assert states(house) == {"AAAA-0001:file": "uncertain"}
    wait(house, 60)
    filer_of(house).drain()
    assert states(house) == {"AAAA-0001:file": "done"}
    assert len(github.issues) == 1


@pytest.mark.parametrize("fault", ["500-after", "reset-after", "500-before", "reset-before"])
def test_a_comment_of_which_nobody_knows_is_there_once(house: House, github: GitHub, fault: str) -> None:
    complain(house)
    filer_of(house).drain()
    wait(house, 1)
    complain(house, 2, about="AAAA-0001")
    complain(house, 3, about="AAAA-0001")
    github.fail("write", fault)
    filer_of(house).drain()
    assert states(house)["AAAA-0003:comment"] == "intended"  # waits for the one before it
    wait(house, 60)
    filer_of(house).drain()
    assert said(github) == ["firstline-AAAA-0002-comment", "firstline-AAAA-0003-comment"]
    assert set(states(house).values()) == {"done"}


def test_a_tracker_that_wants_to_be_left_alone_is(house: House, github: GitHub) -> None:
    complain(house)
    filer = filer_of(house)
    github.fail("read", "limit")
    filer.drain()
    assert 5 < filer.backoff.remaining(house.clock.now()) <= 8
    assert states(house) == {"AAAA-0001:file": "waiting"}
    assert house.effects.of_mail("AAAA-0001")[-1].attempts == 0
    wait(house, 8)
    filer_of(house).drain()
    assert states(house) == {"AAAA-0001:file": "done"}


def test_what_is_refused_for_good_is_seen_and_can_be_tried_again(github: GitHub, tmp_path: Path) -> None:
    house = at_github(github, tmp_path, owners={"logistics@example.com": "nobody-there"})
    complain(house)
    complain(house, 2, about="AAAA-0001")
    filer_of(house).drain()
    waiting = {"AAAA-0002:comment": "intended", "AAAA-0002:update": "intended"}  # it is more urgent now
    assert states(house) == {"AAAA-0001:file": "failed", **waiting}
    assert house.filings.counts()["github"]["failed"] == 1
    assert timeline(house, "AAAA-0001")[-1][0] == "failed"
    house.config.tracker.owners.clear()
    assert house.filings.retry("", house.clock.now()) == ["AAAA-0001"]
    filer_of(house).drain()
    assert set(states(house).values()) == {"done"}
    house.close()


def test_a_tracker_that_is_away_keeps_everything_waiting(tmp_path: Path) -> None:
    house = house_with(tmp_path, {"kind": "github", "url": f"http://127.0.0.1:{free_port()}", "project": "a/b"})
    complain(house)
    assert "nothing listens" in file.file_all(house)[0]
    assert states(house) == {"AAAA-0001:file": "waiting"}
    assert "nothing listens" in house.reading.passes()["tracker.github"].error
    house.close()


@pytest.mark.parametrize(
    ("text", "status"),
    [("Any news?", TicketStatus.WAITING), ("Here is the photograph you asked for.", TicketStatus.OPEN)],
)
def test_a_ticket_that_waits_for_the_customer_is_reopened_everywhere_or_nowhere(
    house: House, github: GitHub, text: str, status: TicketStatus
) -> None:
    """By one rule on the board, in the batch and in the outside tracker: asking for news is no answer."""
    complain(house)
    filer_of(house).drain()
    house.board.set_status("AAAA-0001", TicketStatus.WAITING, "anna", house.clock.now())
    filer_of(house).drain()
    further = complain(house, 2, about="AAAA-0001", text=text)
    told = [effect.filing.status for effect in further.effects if effect.kind is EffectKind.FILE]
    assert (TicketStatus.OPEN in told) == (status is TicketStatus.OPEN)
    lookup = Lookup(content_hash="", ref="", keys=ThreadKeys(mentioned=("AAAA-0001",)), message_id="")
    past = house.ledger.past([lookup], house.clock.now())
    past.note(further)
    thread = past.thread_by_ref("AAAA-0001")
    assert thread
    assert thread.ticket
    assert thread.ticket.status is status
    filer_of(house).drain()
    assert house.board.show("AAAA-0001").status == status


def test_one_bad_ticket_does_not_stop_the_next(house: House, github: GitHub) -> None:
    complain(house, 1)
    complain(house, 2)
    with house.database.writing() as connection:
        connection.exec_driver_sql("delete from mail where id = 'AAAA-0001'")
    filer_of(house).drain()
    assert [house.effects.of_mail(f"AAAA-000{uid}")[0].state for uid in (1, 2)] == ["failed", "done"]


@pytest.mark.parametrize("done", [True, False])
def test_what_a_crash_left_in_hand_is_looked_for(house: House, github: GitHub, done: bool) -> None:
    complain(house)
    effect = house.effects.of_mail("AAAA-0001")[0]
    if done:  # killed between doing and done
        filer = filer_of(house)
        filer.tracker.open(Teller(house, filer.tracker, filer.settings).prepared(effect))  # type: ignore[arg-type]
        filer.tracker.close()
    house.effects.claim([effect.key], house.clock.now())
    file.interrupted(house)
    assert states(house) == {"AAAA-0001:file": "uncertain"}
    wait(house, retry.SEARCH.first.total_seconds())
    filer_of(house).drain()
    assert states(house) == {"AAAA-0001:file": "done"}
    assert len(github.issues) == 1
    assert house.board.show("AAAA-0001").outside_id == "acme/support#1"


def test_what_can_not_even_be_looked_for_is_looked_for_again_and_stops_nothing(house: House, github: GitHub) -> None:
    complain(house, 1)
    complain(house, 2)
    house.effects.claim(["AAAA-0001:file"], house.clock.now())
    file.interrupted(house)
    with house.database.writing() as connection:
        connection.exec_driver_sql("update ticket set project = 'acme/nowhere' where ref = 'AAAA-0001'")
    wait(house, 60)
    filer_of(house).drain()
    assert states(house) == {"AAAA-0001:file": "uncertain", "AAAA-0002:file": "done"}
    assert house.filings.oldest_uncertain() == NOON
    with house.database.writing() as connection:
        connection.exec_driver_sql("update ticket set project = ''")
    wait(house, 60)
    filer_of(house).drain()
    assert set(states(house).values()) == {"done"}
    assert len(github.issues) == 2


def test_a_restored_database_files_nothing_a_second_time(house: House, github: GitHub) -> None:
    complain(house)
    complain(house, 2, about="AAAA-0001")
    filer_of(house).drain()
    with house.database.writing() as connection:  # as it was before
        connection.exec_driver_sql("update effect set state = 'intended' where kind = 'file'")
        connection.exec_driver_sql("update ticket set outside_id = '', url = '', polled = null")
    filer_of(house).drain()
    assert len(github.issues) == 1
    assert said(github) == ["firstline-AAAA-0002-comment"]


def test_a_webhook_is_told_again_under_the_same_key(tmp_path: Path) -> None:
    receiver = Receiver()
    house = house_with(tmp_path, {"kind": "webhook", "url": f"{receiver.url}/hook", "timeout": "1s"})
    complain(house)
    receiver.fail("write", "500-after")
    filer_of(house).drain()
    assert states(house) == {"AAAA-0001:file": "uncertain"}
    wait(house, 60)
    filer_of(house).drain()
    assert states(house) == {"AAAA-0001:file": "done"}
    assert {asked.headers["idempotency-key"] for asked in receiver.log} == {"firstline-AAAA0001"}
    house.close()
    receiver.stop()


def test_an_outcome_that_could_not_be_noted_is_noted_later(
    house: House, github: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    complain(house)
    filer, settle = filer_of(house), house.filings.settle

    def away(*_: Any, **__: Any) -> None:
        raise OSError("the store is away")

    monkeypatch.setattr(house.filings, "settle", away)
    with pytest.raises(OSError, match="away"):
        filer.drain()
    monkeypatch.setattr(house.filings, "settle", settle)
    filer.drain()
    assert states(house) == {"AAAA-0001:file": "done"}
    assert len(github.issues) == 1


# --- at work beside others --------------------------------------------------------------------------------------------


def test_a_thread_files_what_comes_and_stops_when_told(house: House, github: GitHub) -> None:
    stopping = threading.Event()
    filer = filer_of(house)
    filer.stopped = stopping.is_set
    thread = threading.Thread(target=filer.serve)
    thread.start()
    complain(house)
    filer.wake.set()
    wait_until(lambda: house.board.show("AAAA-0001").outside_id, "the ticket is filed")
    stopping.set()
    filer.wake.set()
    thread.join(60)
    assert not thread.is_alive()
    assert states(house) == {"AAAA-0001:file": "done"}


def test_a_backlog_is_asked_for_ticket_by_ticket(house: House) -> None:
    for uid in range(1, 41):
        complain(house, uid)
    due = house.filings.due("github", house.clock.now(), 20)
    assert [effect.ticket for effect in due] == [f"AAAA-{uid:04d}" for uid in range(1, 21)]
    house.effects.claim([due[0].key], NOON)
    house.filings.settle(due[0], Outcome(key=due[0].key, state=EffectState.UNCERTAIN), NOON)
    assert [effect.ticket for effect in house.filings.uncertain("github", NOON)] == ["AAAA-0001"]


def test_the_journal_keeps_order_on_every_database(database: Database, github: GitHub, tmp_path: Path) -> None:
    house = at_github(github, tmp_path)
    house.database = database  # type: ignore[misc]
    complain(house)
    wait(house, 1)
    complain(house, 2, about="AAAA-0001")
    now = house.clock.now()
    assert [effect.key for effect in house.filings.due("github", now, 9)] == ["AAAA-0001:file"]
    assert house.filings.due("another", now, 9) == []
    filer_of(house).drain()
    assert set(states(house).values()) == {"done"}
    github.issues["1"] |= {"state": "closed", "state_reason": "completed"}
    wait(house, 3600)
    now = house.clock.now()
    assert [row.ref for row in house.filings.to_look_at("github", now, now, 9)] == ["AAAA-0001"]
    filer_of(house).drain()
    assert house.board.show("AAAA-0001").status == "resolved"
    assert house.filings.filed_as("github", "acme/support#1").ref == "AAAA-0001"
    assert (house.filings.counts(), house.filings.retry("AAAA-0001", now)) == ({}, [])
    assert [row.complaints for row in unprepared(database, {"billing"}, NOON)] == [1]
    assert complain(house, 3).decision.complaint
    lookup = Lookup(content_hash="x", ref="", keys=ThreadKeys(), message_id="", senders=("eve@example.org",))
    house.ledger.past([lookup], now).tallies("eve@example.org", "example.org", "", "")


def test_complaints_without_a_prepared_situation_are_counted(house: House) -> None:
    complain(house)
    since = NOON - timedelta(days=1)
    assert unprepared(house.database, house.config.topics, since) == []
    (row,) = unprepared(house.database, {"billing"}, since)
    assert (row.topic, row.complaints, row.unsure, row.prepared) == ("delivery", 1, 0, False)
    assert unprepared(house.database, set(), NOON + timedelta(days=1)) == []
    file.tell_of_unprepared(house)


# --- the real one -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def roundup() -> Iterator[Roundup]:
    with Roundup() as server:
        yield server


def at_roundup(roundup: Roundup, folder: Path, **more: Any) -> House:
    return house_with(folder, {"kind": "roundup", "url": roundup.url, "username": USER, "password": PASSWORD, **more})


def test_roundup_takes_it_all(roundup: Roundup, tmp_path: Path) -> None:
    house = at_roundup(roundup, tmp_path, owners={"logistics@example.com": "anna"})
    complain(house, 61)
    complain(house, 62, about="AAAA-0061")
    wait(house, 1)
    house.board.set_status("AAAA-0061", TicketStatus.RESOLVED, "anna", house.clock.now())
    house.board.comment("AAAA-0061", "A voucher is on its way.", "anna", house.clock.now())  # which would reopen it
    filer_of(house).drain()
    assert set(states(house).values()) == {"done"}
    standing = mirror.mirror_now(house, "roundup", house.board.show("AAAA-0061").outside_id)
    assert standing is not None
    assert (standing.status, standing.owner) == (TicketStatus.RESOLVED, "anna")
    assert [one.key[:24] for one in standing.said] == ["firstline-AAAA-0062-comm", "firstline-AAAA-0061-comm"]
    assert not [one for one in timeline(house, "AAAA-0061") if one[1] == "roundup"]
    house.close()
