"""The review list and the drift table, in SQLite and in PostgreSQL."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from pipeline.errors import NotFoundError
from pipeline.records.labels import Correction
from pipeline.store import schema
from pipeline.store.database import Database
from pipeline.store.drift import Drift
from pipeline.store.labels import CorrectedLabels
from tests.samples import NOON

_NOTHING = {"attachments": [], "notes": [], "reasons": [], "rules": []}
PARCEL, AGENT = Correction(topic="delivery"), "agent@example.com"


def row(name: str, **changes) -> dict:
    values = {
        **_NOTHING,
        "id": name,
        "content_hash": f"hash of {name}",
        "message_id": f"<{name}@example.org>",
        "thread": name,
        "subject": "Parcel",
        "text": f"Where is {name}?",
        "language": "en",
        "customer": "eve@example.org",
        "received": NOON,
        "recorded": NOON,
        "verdict": "answer",
        "topic": "delivery",
        "topic_sure": False,
        "model": "m1",
        "decision": {"template": "neutral"},
        "review": True,
    }
    return {**values, **changes}


def write(database: Database, *rows: dict) -> None:
    with database.writing() as connection:
        connection.execute(insert(schema.mail), list(rows))


@pytest.fixture
def review(database: Database) -> CorrectedLabels:
    write(
        database,
        row("old", received=NOON - timedelta(days=1)),
        row("new"),
        row("robot", verdict="silent", review=False),
        row("answer", thread="old", review=False, received=NOON + timedelta(hours=1)),
    )
    return CorrectedLabels(database)


def waiting(review: CorrectedLabels) -> list[str]:
    return [one.id for one in review.waiting()]


def test_the_newest_mail_stands_first_on_the_review_list(review: CorrectedLabels) -> None:
    assert waiting(review) == ["new", "old"]


def test_what_lay_there_at_the_first_run_can_be_labelled_after_what_waits(
    review: CorrectedLabels, database: Database
) -> None:
    lay_there = {"verdict": "silent", "only_recorded": True, "review": False, "robot": False}
    write(
        database,
        row("lay", **lay_there, received=NOON + timedelta(hours=2)),
        row("sure", **lay_there, topic_sure=True),
        row("news", **(lay_there | {"robot": True})),
    )
    assert waiting(review) == ["new", "old", "lay"]
    assert {one.id for one in review.texts()} == {"old", "new", "answer", "lay", "sure"}
    review.settle("lay", PARCEL, AGENT, NOON)
    assert waiting(review) == ["new", "old"]
    review.reopen("lay")
    assert waiting(review) == ["new", "old", "lay"]
    with database.reading() as connection:
        query = select(schema.mail.c.review).where(schema.mail.c.id == "lay")
        assert not connection.execute(query).scalar_one()  # a person need not look at it


def decision_of(database: Database, mail_id: str) -> dict:
    query = select(schema.mail.c.decision).where(schema.mail.c.id == mail_id)
    with database.reading() as connection:
        return connection.execute(query).scalar_one()


def test_a_label_takes_a_mail_off_the_list_and_can_be_taken_back(review: CorrectedLabels, database: Database) -> None:
    review.settle("new", PARCEL, AGENT, NOON)
    assert waiting(review) == ["old"]
    review.settle("old", Correction(topic="refund"), AGENT, NOON)
    review.reopen("new")
    (back,) = review.waiting()
    assert back.id == "new"
    assert decision_of(database, "new") == {"template": "neutral"}  # as it was: nothing of the label is left


def test_a_label_is_kept_with_its_time_beside_the_decision(review: CorrectedLabels, database: Database) -> None:
    review.settle("new", PARCEL, AGENT, NOON)
    label = {"topic": "delivery", "by": AGENT, "at": NOON.isoformat(timespec="seconds")}
    assert decision_of(database, "new") == {"template": "neutral", "labelled": label}


@pytest.mark.parametrize("change", ["settle", "reopen"])
def test_a_mail_that_is_not_there_is_said_to_be_missing(review: CorrectedLabels, change: str) -> None:
    with pytest.raises(NotFoundError, match="no such mail"):
        review.settle("none", PARCEL, AGENT, NOON) if change == "settle" else review.reopen("none")


def test_only_what_people_wrote_is_given_out_as_text_oldest_first(review: CorrectedLabels) -> None:
    assert [one.id for one in review.texts()] == ["old", "new", "answer"]


def test_a_conversation_is_named_by_the_mail_that_began_it(review: CorrectedLabels) -> None:
    assert review.first_message_id("old") == "<old@example.org>"
    assert review.first_message_id("elsewhere") == ""


def test_a_window_holds_the_newest_mails_that_this_version_judged(review: CorrectedLabels, database: Database) -> None:
    write(database, row("other model", model="m2", received=NOON))
    drift = Drift(database)
    assert [one.text for one in drift.window("m1", NOON - timedelta(hours=2), 10)] == [
        "Where is answer?",
        "Where is new?",
    ]
    assert len(drift.window("m1", NOON - timedelta(days=9), 2)) == 2


def test_the_first_and_the_newest_window_of_a_version_are_told_apart(database: Database) -> None:
    drift = Drift(database)
    assert drift.newest() is None
    for day, unsure in enumerate([0.1, 0.2, 0.3]):
        drift.keep("m1", {"unsure": unsure}, NOON + timedelta(days=day))
    drift.keep("m1", {"unsure": 0.4}, NOON + timedelta(days=2))  # measured again at the same moment
    assert drift.first("m1") == {"unsure": 0.1}
    assert drift.first("m2") is None
    newest = drift.newest()
    assert newest is not None
    assert (newest.facts["unsure"], newest.at) == (0.4, NOON + timedelta(days=2))
