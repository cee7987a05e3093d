"""What counts as an answer of one of us, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.decide.staff_answer import staff_answer
from pipeline.guard import judge
from pipeline.records.decision import StaffAnswer
from pipeline.records.mail import Address
from pipeline.records.thread import Role, Thread, ThreadKeys
from pipeline.records.ticket import TicketFacts, TicketStatus
from tests.samples import NOON, mail, surroundings

ANNA = Address(email="Anna@Example.com", name="Anna")
TICKET = TicketFacts(ref="T-1", status=TicketStatus.OPEN, participants=(), customer="eve@example.org")
CASE = Thread(ref="T-1", new=False, role=Role.STAFF, ticket=TICKET, customer="eve@example.org")


def found(thread: Thread = CASE, keys: ThreadKeys | None = None, **changes: Any) -> StaffAnswer | None:
    answer = mail(**{"sender": ANNA, "addressees": ("eve@example.org",), **changes})
    verdict = judge.judge(answer, surroundings(), keys or ThreadKeys(), None)
    return staff_answer(answer, thread, "eve@example.org", verdict, NOON)


def test_a_letter_to_the_customer_of_the_conversation_is_an_answer() -> None:
    assert found() == StaffAnswer(thread="T-1", ticket="T-1", author="Anna@Example.com", at=NOON)


@pytest.mark.parametrize("addressees", [("EVE+shop@Example.org",), ("boss@example.com", "eve@example.org")])
def test_the_customer_may_be_written_differently_and_be_one_of_several(addressees: tuple[str, ...]) -> None:
    assert found(addressees=addressees)


def test_without_a_ticket_it_answers_the_conversation() -> None:
    answer = found(Thread(ref="T-2", new=False, role=Role.STAFF, customer="eve@example.org"))
    assert answer
    assert (answer.thread, answer.ticket) == ("T-2", "")


@pytest.mark.parametrize(
    "changes",
    [
        {"addressees": ("bob@example.com",)},  # forwarded to a colleague
        {"addressees": (), "recipients": ("eve@example.org",)},  # a blind copy says nothing to her
        {"sender": None},
        {"return_path": ""},
        {"headers": {"Auto-Submitted": "auto-replied"}},
        {"headers": {"Auto-Submitted": "auto-generated"}},
        {"headers": {"Precedence": "auto_reply"}},
        {"headers": {"X-Failed-Recipients": "eve@example.org"}},
        {"parts": ("multipart/alternative", "text/plain", "text/calendar")},
        {"parts": ("multipart/mixed", "text/plain", "text/calendar; method=REQUEST")},
    ],
)
def test_what_is_no_answer_to_the_customer(changes: dict[str, Any]) -> None:
    assert found(**changes) is None


def test_a_letter_of_ours_is_no_answer_of_a_person() -> None:
    assert found(keys=ThreadKeys(own="T-1")) is None


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.PARTICIPANT, Role.OTHER])
def test_only_staff_answers(role: Role) -> None:
    assert found(Thread(ref="T-1", new=False, role=role, ticket=TICKET)) is None


def test_what_begins_a_conversation_answers_none() -> None:
    assert found(Thread(ref="T-3", new=True, role=Role.STAFF)) is None


@pytest.mark.parametrize("marks", [{"List-Unsubscribe": "<mailto:x@example.com>"}, {"Auto-Submitted": "no"}])
def test_marks_that_say_nothing_about_who_wrote_do_not_count(marks: dict[str, str]) -> None:
    assert found(headers=marks)
