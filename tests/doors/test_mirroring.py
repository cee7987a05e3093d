"""What is done in an outside tracker comes back to our board, and in a conflict neither side is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.clock import FakeClock, SystemClock
from pipeline.config.trackers import TrackerConfig
from pipeline.engine.workers.mirror import compared, mirror_now
from pipeline.errors import NotFoundError
from pipeline.records.filing import OutsideComment, OutsideStanding
from pipeline.records.ticket import OutsideState, TicketStatus
from pipeline.wiring.live_doors import LiveDoors
from tests.filed import complain, doors_with, filer_of, states, timeline
from tests.samples import NOON, ticket
from tests.servers.tracker_kinds import GitHub

OWNERS = {"anna@example.com": "alice", "bob@example.com": "bot"}


@pytest.fixture
def github() -> Iterator[GitHub]:
    server = GitHub()
    yield server
    server.stop()


@pytest.fixture
def doors(github: GitHub, tmp_path: Path) -> Iterator[LiveDoors]:
    """With one complaint that is filed."""
    tracker = {"kind": "github", "url": github.url, "project": "acme/support", "owners": OWNERS}
    made = doors_with(tmp_path, tracker)
    complain(made)
    filer_of(made).drain()
    yield made
    made.close()


def later(doors: LiveDoors, minutes: int = 6) -> None:
    """It is time to look again, and somebody does."""
    assert isinstance(doors.clock, FakeClock)
    doors.clock.pass_by(timedelta(minutes=minutes))
    filer_of(doors).drain()


def theirs(doors: LiveDoors) -> list[tuple[str, str]]:
    """What the timeline says that was done there."""
    return [(kind, detail) for kind, actor, detail in timeline(doors, "AAAA-0001") if actor == "github"]


def somebody_says(github: GitHub, text: str) -> None:
    number = len(github.said["1"]) + 1
    comment = {"id": number, "created_at": "2026-11-22T10:00:00Z", "user": {"login": "alice"}, "body": text}
    github.said["1"].append(comment)


STRANGERS = ("NONE", "CONTRIBUTOR", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR", "MANNEQUIN", "", "anything else")


@pytest.mark.parametrize("association", STRANGERS)
def test_a_stranger_on_a_public_project_keeps_no_promise_and_tells_the_customer_nothing(
    doors: LiveDoors, github: GitHub, association: str
) -> None:
    comment = {"created_at": "2026-11-22T10:00:00Z", "user": {"login": "mallory"}, "author_association": association}
    github.said["1"].append({**comment, "id": 1, "body": "Send your card number to evil.example"})
    later(doors)
    row = doors.board.show("AAAA-0001")
    assert row.responded is None
    assert theirs(doors) == [("outside", "mallory, who is no member there, commented")]
    later(doors)
    assert len(theirs(doors)) == 1


@pytest.mark.parametrize(
    ("login", "association"),
    [("carol", "OWNER"), ("carol", "MEMBER"), ("carol", "COLLABORATOR"), ("alice", "NONE")],
)
def test_who_belongs_to_the_project_or_is_an_owner_of_ours_keeps_it(
    doors: LiveDoors, github: GitHub, login: str, association: str
) -> None:
    comment = {"created_at": "2026-11-22T10:00:00Z", "user": {"login": login}, "author_association": association}
    github.said["1"].append({**comment, "id": 1, "body": "It is on its way."})
    later(doors)
    assert doors.board.show("AAAA-0001").responded == doors.clock.now()
    assert theirs(doors) == [("comment", f"{login}: It is on its way.")]


def test_status_owner_resolution_and_comments_come_back_once(doors: LiveDoors, github: GitHub) -> None:
    github.issues["1"] |= {"state": "closed", "state_reason": "completed", "assignee": {"login": "alice"}}
    somebody_says(github, "It is on its way again.")
    later(doors)
    row = doors.board.show("AAAA-0001")
    assert (row.status, row.owner) == ("resolved", "anna@example.com")
    assert row.resolved == row.responded == doors.clock.now()
    expected = [
        ("status", "open → resolved"),
        ("assigned", "logistics@example.com → anna@example.com"),
        ("outside", "resolution: completed"),
        ("comment", "alice: It is on its way again."),
    ]
    assert theirs(doors) == expected
    later(doors)
    assert theirs(doors) == expected
    assert states(doors) == {"AAAA-0001:file": "done"}  # what comes from there does not go back there


def test_nothing_is_looked_at_before_its_time(doors: LiveDoors, github: GitHub) -> None:
    github.issues["1"]["state"] = "closed"
    later(doors, minutes=4)
    assert theirs(doors) == []
    later(doors, minutes=2)
    assert theirs(doors)[0] == ("status", "open → resolved")


def test_a_round_ends_however_short_the_time_between_two_is(github: GitHub, tmp_path: Path) -> None:
    tracker = {"kind": "github", "url": github.url, "project": "acme/support", "poll": "0s"}
    doors = doors_with(tmp_path, tracker)
    doors.clock = SystemClock()  # each look takes its time
    for uid in range(1, 4):
        complain(doors, uid)
    filer_of(doors).drain()
    filer_of(doors).drain()
    doors.close()


def test_it_is_looked_at_at_once_when_the_tracker_says_so(doors: LiveDoors, github: GitHub) -> None:
    github.issues["1"]["state"] = "closed"
    mirror_now(doors, "github", "acme/support#1")
    assert theirs(doors)[0] == ("status", "open → resolved")
    with pytest.raises(NotFoundError):
        mirror_now(doors, "github", "acme/support#7")


def test_a_ticket_that_is_reopened_there_is_open_here(doors: LiveDoors, github: GitHub) -> None:
    github.issues["1"]["state"] = "closed"
    later(doors)
    github.issues["1"]["state"] = "open"
    later(doors)
    row = doors.board.show("AAAA-0001")
    assert (row.status, row.resolved) == ("open", None)


def test_what_was_changed_here_and_not_told_yet_is_not_overwritten(doors: LiveDoors, github: GitHub) -> None:
    doors.board.set_status("AAAA-0001", TicketStatus.WAITING, "anna", doors.clock.now())
    doors.board.assign("AAAA-0001", "bob@example.com", "anna", doors.clock.now())
    github.issues["1"] |= {"state": "closed", "state_reason": "completed", "assignee": {"login": "alice"}}
    mirror_now(doors, "github", "acme/support#1")
    row = doors.board.show("AAAA-0001")
    assert (row.status, row.owner) == ("waiting", "bob@example.com")
    kinds = [(kind, actor) for kind, actor, _ in timeline(doors, "AAAA-0001")]
    assert kinds.count(("status", "anna")) == 1
    assert [detail for _, detail in theirs(doors)][:2] == [
        "resolved there; what was changed here (waiting) is told there next",
        "assigned to anna@example.com there; what was changed here is told there next",
    ]
    later(doors)
    assert (github.issues["1"]["state"], github.issues["1"]["assignee"]) == ("open", {"login": "bot"})
    row = doors.board.show("AAAA-0001")
    assert (row.status, row.owner) == ("waiting", "bob@example.com")


def test_what_they_changed_just_before_ours_is_told_stands_in_the_timeline(doors: LiveDoors, github: GitHub) -> None:
    github.issues["1"] |= {"state": "closed", "state_reason": "not_planned"}
    doors.board.set_status("AAAA-0001", TicketStatus.ACTIVE, "anna", doors.clock.now())
    later(doors)
    assert theirs(doors)[0] == ("outside", "closed there; what was changed here (active) is told there next")
    assert github.issues["1"]["state"] == "open"
    assert doors.board.show("AAAA-0001").status == "active"


def test_who_writes_before_we_know_that_it_was_resolved_there_reopens_it(doors: LiveDoors, github: GitHub) -> None:
    github.issues["1"] |= {"state": "closed", "state_reason": "completed"}
    complain(doors, 2, about="AAAA-0001")
    later(doors)
    assert github.issues["1"]["state"] == "open"
    assert len(github.said["1"]) == 1
    row = doors.board.show("AAAA-0001")
    assert (row.status, set(states(doors).values())) == ("open", {"done"})
    assert theirs(doors)[0] == ("outside", "resolved there, without the customer's last mail")


def test_what_they_change_after_ours_was_told_wins(doors: LiveDoors, github: GitHub) -> None:
    doors.board.set_status("AAAA-0001", TicketStatus.ACTIVE, "anna", doors.clock.now())
    later(doors)
    github.issues["1"] |= {"state": "closed", "state_reason": "completed"}
    later(doors)
    assert doors.board.show("AAAA-0001").status == "resolved"
    assert theirs(doors)[0] == ("status", "active → resolved")


def test_a_ticket_that_is_gone_there_is_noted_once_and_stays_here(doors: LiveDoors, github: GitHub) -> None:
    gone = github.issues.pop("1")
    later(doors)
    later(doors)
    assert theirs(doors) == [("outside", "it is gone there, or not shown to us any more")]
    assert doors.board.show("AAAA-0001").status == "open"
    github.issues["1"] = gone
    later(doors)
    assert theirs(doors)[-1] == ("outside", "it is there again")


# --- what is different: a table ---------------------------------------------------------------------------------------

SETTINGS = TrackerConfig(owners=OWNERS)
KNOWN = OutsideState(status=TicketStatus.OPEN, word="open", owner="alice", resolution="", comments=("1",))
TICKET = ticket(status=TicketStatus.ACTIVE, owner="anna@example.com", outside=KNOWN)


def standing(**changes: Any) -> OutsideStanding:
    values: dict[str, Any] = {"status": TicketStatus.OPEN, "word": "open", "owner": "alice", **changes}
    return OutsideStanding(**values)


def words(number: str, *, key: str = "", public: bool = True) -> OutsideComment:
    return OutsideComment(id=number, at=NOON, author="alice", text=f"word {number}", public=public, key=key)


@pytest.mark.parametrize(
    ("now", "pending", "values", "events"),
    [
        (standing(), set(), {}, []),
        (standing(status=TicketStatus.RESOLVED), set(), {"status": "resolved"}, ["active → resolved"]),
        (standing(status=TicketStatus.RESOLVED), {"status"}, {}, ["told there next"]),
        (standing(status=TicketStatus.ACTIVE), {"status"}, {}, []),  # both came to the same
        (standing(status=TicketStatus.RESOLVED), {"mail"}, {}, ["without the customer's last mail"]),
        (standing(status=TicketStatus.WAITING), {"mail"}, {"status": "waiting"}, ["active → waiting"]),
        (standing(owner="bot"), set(), {"owner": "bob@example.com"}, ["anna@example.com → bob@example.com"]),
        (standing(owner="Bot"), set(), {"owner": "bob@example.com"}, ["anna@example.com → bob@example.com"]),
        (standing(owner="carol"), set(), {"owner": "carol"}, ["anna@example.com → carol"]),
        (standing(owner=""), set(), {}, ["assigned to nobody there"]),
        (standing(owner="bot"), {"owner"}, {}, ["told there next"]),
        (standing(owner="bot"), {"status"}, {"owner": "bob@example.com"}, ["→ bob@example.com"]),
        (standing(resolution="fixed"), set(), {}, ["resolution: fixed"]),
        (standing(said=(words("1"), words("2"))), set(), {}, ["alice: word 2"]),
        (standing(said=(words("3", key="firstline-A"), words("4", public=False))), set(), {}, []),
        (None, set(), {}, ["gone there"]),
    ],
)
def test_what_is_different(now: OutsideStanding | None, pending: set[str], values: dict, events: list[str]) -> None:
    news = compared(TICKET, frozenset(pending), now, SETTINGS, NOON)
    ours = {"status": news.change.status, "owner": news.change.owner}
    assert {name: value for name, value in ours.items() if value} == values
    assert len(news.events) == len(events)
    assert all(part in line[2] for part, line in zip(events, news.events, strict=True))


def test_what_was_filed_and_never_looked_at_counts_as_open() -> None:
    new = replace(TICKET, status=TicketStatus.OPEN, outside=OutsideState())
    assert compared(new, frozenset(), standing(), SETTINGS, NOON).events == []
    found = compared(new, frozenset(), standing(status=TicketStatus.RESOLVED), SETTINGS, NOON)
    assert (found.change.status, found.change.owner) == ("resolved", None)
