"""What people said of mails that the machine was sure of, in SQLite and in PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.records.confirmation import Confirmation
from pipeline.store.confirmations import Confirmations
from pipeline.store.database import Database
from tests.doors.test_store_labels import row, write
from tests.samples import NOON

ONE = Confirmation(
    mail_id="m1", head="topic", model="v1", floor=0.873, confidence=0.91, said="delivery", truth="billing",
    at=NOON, by="alice", random=True,
)  # fmt: skip


@pytest.fixture
def confirmations(database: Database) -> Confirmations:
    return Confirmations(database)


def test_answers_come_back_as_they_were_in_their_order(confirmations: Confirmations) -> None:
    later = replace(ONE, mail_id="m2", at=NOON + timedelta(minutes=1), floor=0.1 + 0.2)
    assert confirmations.keep(later)
    assert confirmations.keep(ONE)
    assert confirmations.of("v1", "topic") == [later, ONE]  # to the last bit: floors are compared
    assert confirmations.of("v1", "complaint") == confirmations.of("v2", "topic") == []


def test_of_two_answers_about_one_mail_the_first_counts(confirmations: Confirmations) -> None:
    assert confirmations.keep(ONE)
    assert not confirmations.keep(replace(ONE, truth="delivery"))
    assert confirmations.keep(replace(ONE, model="v2"))
    assert confirmations.of("v1", "topic") == [ONE]


def test_a_mail_that_was_chosen_counts_when_it_is_drawn(confirmations: Confirmations) -> None:
    later = replace(ONE, mail_id="m2")
    for one in (replace(ONE, random=False), later, ONE):
        assert confirmations.keep(one)
    assert confirmations.of("v1", "topic") == [later, ONE]


def test_what_earlier_versions_were_wrong_about_is_known(confirmations: Confirmations) -> None:
    confirmations.keep(ONE)
    confirmations.keep(replace(ONE, mail_id="right", truth="delivery"))
    confirmations.keep(replace(ONE, mail_id="chosen", random=False))
    confirmations.keep(replace(ONE, mail_id="other", head="complaint"))
    assert confirmations.found_wrong("topic", but="v2") == {"m1": "delivery"}
    assert confirmations.found_wrong("topic", but="v1") == {}


def test_an_answer_can_be_taken_back(confirmations: Confirmations) -> None:
    other = replace(ONE, head="complaint")
    confirmations.keep(ONE)
    confirmations.keep(other)
    confirmations.take_back(ONE)
    assert confirmations.of("v1", "topic") == []
    assert confirmations.of("v1", "complaint") == [other]


def test_mails_by_people_are_drawn_from(confirmations: Confirmations, database: Database) -> None:
    for one in (
        row("young"),
        row("older", received=NOON - timedelta(days=1)),
        row("old", received=NOON - timedelta(days=9)),
        row("robot", verdict="silent", robot=True),
        row("lay", verdict="silent", only_recorded=True),
        row("parked", parked=True),
    ):
        write(database, one)
    assert sorted(confirmations.population(NOON - timedelta(days=2))) == ["lay", "older", "young"]
    assert [one.id for one in confirmations.texts(["older", "gone", "young"])] == ["older", "young"]
