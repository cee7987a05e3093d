"""What must be kept for a court is named, with its reason, and neither erased nor forgotten until it is released."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.desk.privacy import holding
from pipeline.desk.privacy.erase import erase
from pipeline.desk.privacy.subject import subject_of
from pipeline.errors import NotFoundError, UsageError
from pipeline.store.audit import AuditFilter
from pipeline.store.schema import ticket
from pipeline.wiring.live_doors import LiveDoors, build
from tests.samples import NOON, table

REF, EVE = "ABCD-2345", "eve@example.org"


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    store = {"url": f"sqlite:///{tmp_path}/test.db"}
    made = build(check(table(store=store), tmp_path / "config.toml"), FakeClock(NOON))
    row = {"ref": REF, "thread": REF, "status": "open", "participants": [], "opened": NOON, "changed": NOON}
    with made.database.writing() as connection:
        connection.execute(insert(ticket).values(**row, customer=EVE, folded=EVE))
    yield made
    made.close()


@pytest.mark.parametrize(
    ("named", "what"),
    [(REF, REF), ("abcd 2345", REF), (EVE, EVE), ("<Eve+shop@Example.ORG>", EVE), ("nobody@example.org",) * 2],
)
def test_a_ticket_or_a_customer_is_held_however_it_is_spelt(doors: LiveDoors, named: str, what: str) -> None:
    held = holding.hold(doors, named, "  case 7,\n until 2030 ", "ann")
    assert (held.what, held.why, held.who) == (what, "case 7, until 2030", "ann")
    assert doors.holds.all() == [held]
    assert holding.release(doors, named) == held
    assert doors.holds.all() == []


def test_the_last_reason_counts(doors: LiveDoors) -> None:
    holding.hold(doors, REF, "first", "ann")
    holding.hold(doors, REF, "second", "bob")
    assert [(one.why, one.who) for one in doors.holds.all()] == [("second", "bob")]


@pytest.mark.parametrize("named", ["ABCD-2346", "whatever", "@", "eve@"])
def test_what_is_not_there_is_not_held(doors: LiveDoors, named: str) -> None:
    with pytest.raises((NotFoundError, UsageError)):
        holding.hold(doors, named, "court", "ann")
    assert doors.holds.all() == []


@pytest.mark.parametrize("why", ["", " \n", "x" * 501])
def test_a_hold_has_a_reason(doors: LiveDoors, why: str) -> None:
    with pytest.raises(UsageError, match="reason"):
        holding.hold(doors, REF, why, "ann")


def test_what_is_not_held_can_not_be_released(doors: LiveDoors) -> None:
    with pytest.raises(NotFoundError, match="is not held"):
        holding.release(doors, EVE)


def test_who_held_and_who_released_stands_in_the_audit_log(doors: LiveDoors) -> None:
    holding.hold(doors, EVE, "court", "ann")
    holding.release(doors, EVE)
    lines = doors.audit.find(AuditFilter(subject=EVE))
    assert [(one.action, one.outcome) for one in lines] == [("release-hold", "done"), ("hold", "done")]
    assert lines[1].after == {"why": "court"}


@pytest.mark.parametrize("named", [REF, EVE])
def test_nobody_is_erased_while_they_are_held(doors: LiveDoors, named: str) -> None:
    holding.hold(doors, named, "court", "ann")
    found = doors.personal_data.find(subject_of(EVE, doors.signer))
    with pytest.raises(UsageError, match="must be kept"):
        erase(doors, found, by="ann")
    assert doors.board.show(REF).customer == EVE
    holding.release(doors, named)
    erase(doors, found, by="ann")
    assert doors.board.show(REF).customer == ""
