"""Accounts, sessions and the audit log, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from pipeline.errors import NotFoundError
from pipeline.records.account import Account, DeskRole, Session
from pipeline.store.accounts import Accounts
from pipeline.store.audit import AuditFilter, AuditLog
from pipeline.store.database import Database
from pipeline.store.sessions import Sessions
from tests.samples import NOON

ANNA = Account(address="anna@example.com", name="Anna", role=DeskRole.AGENT, created=NOON)


def test_an_account_is_added_once_found_and_changed(database: Database) -> None:
    accounts = Accounts(database)
    assert accounts.add(ANNA)
    assert not accounts.add(ANNA)
    accounts.change(ANNA.address, role=DeskRole.LEAD, language="fi")
    accounts.disable(ANNA.address, NOON)
    found = accounts.get(ANNA.address)
    assert (found.name, found.role, found.language, found.disabled) == ("Anna", DeskRole.LEAD, "fi", NOON)
    assert accounts.count_of(DeskRole.LEAD) == 0
    accounts.disable(ANNA.address, None)
    assert accounts.count_of(DeskRole.LEAD) == 1
    with pytest.raises(NotFoundError):
        accounts.set_password("nobody@example.com", "x")


def test_of_many_who_take_a_link_at_once_one_has_it(database: Database) -> None:
    accounts = Accounts(database)
    accounts.add(ANNA)
    accounts.invite(ANNA.address, "secret", NOON + timedelta(days=1), NOON)
    taken: list[str] = []
    threads = [threading.Thread(target=lambda: taken.append(accounts.use_invitation("secret", NOON))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == ["", "", "", "", "", ANNA.address]


def test_sessions_are_of_their_account(database: Database) -> None:
    sessions = Sessions(database)
    for name, account in (("one", "anna"), ("two", "anna"), ("three", "bob")):
        sessions.begin(Session(id=name, account=account, begun=NOON, seen=NOON, client="x", browser="y"))
    sessions.note_seen("two", NOON + timedelta(hours=1))
    assert [one.id for one in sessions.of("anna", NOON, NOON)] == ["two", "one"]
    assert not sessions.end("three", "anna")
    assert sessions.end("one", "anna")
    assert sessions.find("one", NOON, NOON) is None
    assert sessions.find("two", NOON + timedelta(minutes=1), NOON)
    assert sessions.find("two", NOON, NOON + timedelta(minutes=1)) is None
    sessions.end_all("anna", but="nothing")
    assert sessions.of("anna", NOON, NOON) == []
    assert sessions.has_been_there("bob", "x")


def test_the_audit_log_is_begun_closed_and_searched(database: Database) -> None:
    log = AuditLog(database)
    for number in range(5):
        line = log.begin("anna", "assign" if number % 2 else "note", "1.2.3.4", NOON + timedelta(hours=number))
        if number:
            log.close(line, subject=f"AAAA-000{number}", before={"owner": ""}, after={"owner": "bob"}, outcome="done")
    everything = log.find(AuditFilter())
    assert [one.at.hour - NOON.hour for one in everything] == [4, 3, 2, 1, 0]
    assert everything[-1].outcome == ""  # cut off
    assert [one.subject for one in log.find(AuditFilter(action="assign"))] == ["AAAA-0003", "AAAA-0001"]
    assert [one.subject for one in log.find(AuditFilter(subject="aaaa-0002"))] == ["AAAA-0002"]
    assert log.find(AuditFilter(account="Bob")) == []
    between = AuditFilter(since=NOON + timedelta(hours=1), until=NOON + timedelta(hours=3))
    assert len(log.find(between)) == 2
    older = log.find(AuditFilter(), before=everything[2].id, limit=1)
    assert [one.id for one in older] == [everything[3].id]


def test_what_was_saved_while_somebody_typed_is_shown_only_where_it_is_asked_for(database: Database) -> None:
    log = AuditLog(database)
    for action in ("write-draft", "answer", "write-draft"):
        log.begin("anna", action, "1.2.3.4", NOON)
    assert [one.action for one in log.find(AuditFilter())] == ["answer"]
    assert len(log.find(AuditFilter(action="write-draft"))) == 2
