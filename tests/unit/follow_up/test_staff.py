"""What staff are told, and who of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipeline.config.settings import Config
from pipeline.follow_up.staff import Morning, complaint_mails, digest, due_mail, due_without_ticket, who_is_told
from pipeline.records.promise import OpenPromise, PromiseKind, PromiseState, WatchedPromise
from pipeline.records.staff import NewComplaint
from pipeline.records.ticket import TicketStatus
from tests.samples import NOON, config

HOUR = timedelta(hours=1)
UTC_ZONE = ZoneInfo("UTC")
TOPICS = {"delivery": {"owner": "Logistics <logistics@example.com>"}, "billing": {}, "praise": {}}


def settings(*staff: str) -> Config:
    return config(topics=TOPICS, follow_up={"staff": list(staff)})


def complaint(**changes: Any) -> NewComplaint:
    values: dict[str, Any] = {
        "ref": "AAAA-0001", "opened": NOON, "customer": "eve@example.org", "name": "Eve", "subject": "My parcel",
        "topic": "delivery", "to_check": False, "owner": "logistics@example.com", "words": "It is broken.\nAgain.",
        "respond_by": NOON + HOUR, "resolve_by": None,
    }  # fmt: skip
    return NewComplaint(**(values | changes))


@pytest.mark.parametrize(
    ("owner", "told"),
    [
        ("logistics@example.com", ("logistics@example.com",)),
        ("", ("lead@example.com",)),
        ("the team", ("lead@example.com",)),
        ("support@example.com", ("lead@example.com",)),  # ours: it would come back as mail
        ("Support+x@Example.com", ("lead@example.com",)),
    ],
)
def test_the_owner_is_told_else_staff_and_never_ourselves(owner: str, told: tuple[str, ...]) -> None:
    assert who_is_told(complaint(owner=owner), settings("lead@example.com", "support@example.com")) == told


def test_nobody_is_told_where_there_is_nobody() -> None:
    assert complaint_mails([complaint(owner="")], settings()) == []


def test_a_complaint_is_told_with_the_words_as_a_quotation() -> None:
    ((mail, refs),) = complaint_mails([complaint()], settings())
    assert refs == ("AAAA-0001",)
    assert mail.subject == "New complaint [AAAA-0001]: My parcel"
    assert "| It is broken.\n| Again.\n" in mail.text
    assert "a complaint about delivery, from Eve <eve@example.org>" in mail.text
    assert "The customer was promised an answer by Wed 18 Nov 13:00 UTC." in mail.text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"to_check": True}, "perhaps a complaint, please check"),
        ({"resolve_by": NOON + 2 * HOUR}, "an answer by Wed 18 Nov 13:00 UTC and a solution by Wed 18 Nov 14:00 UTC"),
        ({"subject": ""}, "(no subject)"),
        ({"words": "x" * 2000}, "x…"),
        ({"name": "", "topic": ""}, "a complaint, from <eve@example.org>"),
    ],
)
def test_what_is_not_known_is_not_said(changes: dict[str, Any], said: str) -> None:
    ((mail, _),) = complaint_mails([complaint(**changes)], settings())
    assert said in mail.text


def test_nothing_promised_is_not_said_to_be() -> None:
    ((mail, _),) = complaint_mails([complaint(respond_by=None)], settings())
    assert "promised" not in mail.text


def test_of_very_many_the_rest_is_a_list() -> None:
    ((mail, refs),) = complaint_mails([complaint(ref=f"AAAA-{n:04}") for n in range(30)], settings())
    assert len(refs) == 30
    assert mail.text.count("firstline ticket show") == 20
    assert "AAAA-0029  My parcel" in mail.text


# --- promises without a ticket ----------------------------------------------------------------------------------------


def promised(topic: str = "delivery", hours: float = 4, **changes: Any) -> OpenPromise:
    one = WatchedPromise(
        mail_id="BBBB-0001", kind=PromiseKind.RESPOND, ticket="", given=NOON, due=NOON + hours * HOUR, **changes
    )
    return OpenPromise(
        promise=one, first_due=one.due, status=TicketStatus.OPEN, customer="eve@example.org", subject="Where?",
        topic=topic, owner="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("hours", "soon", "missed"), [(0.0, 0, 0), (2.9, 0, 0), (3.0, 1, 0), (3.9, 1, 0), (4.0, 0, 1), (90.0, 0, 1)]
)
def test_it_is_told_when_a_quarter_is_left_and_when_it_is_over(hours: float, soon: int, missed: int) -> None:
    found = due_without_ticket([promised()], settings(), NOON + hours * HOUR)
    due = found.get("logistics@example.com")
    assert (len(due.soon) if due else 0, len(due.missed) if due else 0) == (soon, missed)


def test_what_was_told_is_noted_and_told_once() -> None:
    due = due_without_ticket([promised()], settings(), NOON + 3.5 * HOUR)["logistics@example.com"]
    (noted,) = due.noted
    assert noted.told
    assert noted.state is PromiseState.OPEN
    assert due_without_ticket([promised(told=NOON)], settings(), NOON + 3.5 * HOUR) == {}


@pytest.mark.parametrize(
    ("topic", "staff", "whom"), [("billing", ("lead@example.com",), "lead@example.com"), ("praise", (), "")]
)
def test_without_an_owner_with_an_address_staff_are_told_or_nobody(
    topic: str, staff: tuple[str, ...], whom: str
) -> None:
    found = due_without_ticket([promised(topic)], settings(*staff), NOON + 5 * HOUR)
    assert list(found) == [whom]
    assert [one.state for one in found[whom].noted] == [PromiseState.BROKEN]


def test_the_mail_about_them_names_each_with_its_time() -> None:
    due = due_without_ticket([promised(), promised(hours=6)], settings(), NOON + 5 * HOUR)["logistics@example.com"]
    mail = due_mail("logistics@example.com", due, UTC_ZONE)
    assert mail.subject == "2 answers due to customers, 1 of them late"
    assert "Late:\n  BBBB-0001  Wed 18 Nov 16:00 UTC  respond  nobody's  Where?" in mail.text
    assert "Due soon:\n  BBBB-0001  Wed 18 Nov 18:00 UTC" in mail.text


def test_a_morning_with_nothing_says_so() -> None:
    nothing = Morning(promises=(), unsure=0, parked=0, failed=0, complaints={})
    mail = digest("lead@example.com", nothing, NOON, UTC_ZONE)
    assert mail.subject == "This morning: 0 complaints open, 0 promises late"
    assert "Open complaints" not in mail.text


def test_the_digest_lists_what_is_late_and_due_today() -> None:
    morning = Morning(
        promises=(promised(hours=-1), promised(hours=5), promised(hours=50)), unsure=3, parked=1, failed=2,
        complaints={"anna@example.com": 2, "": 1},
    )  # fmt: skip
    mail = digest("lead@example.com", morning, NOON, UTC_ZONE)
    assert "3 complaints open · 1 promise late · 1 due today" in mail.text
    assert "Open complaints: 2 anna@example.com, 1 nobody" in mail.text
