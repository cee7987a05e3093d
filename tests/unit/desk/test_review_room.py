"""Several people at one review list: nobody is asked what another is, and what one said can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.clock import FakeClock
from pipeline.desk import review_room
from pipeline.desk.collect import shelf_of
from pipeline.desk.label import REVIEWED
from pipeline.desk.review_room import Reason, ReviewRoom
from pipeline.errors import UsageError
from pipeline.records.labels import Correction, Label
from pipeline.wiring.live_doors import LiveDoors
from tests.desk import letter
from tests.doors.test_route import Fixed, take
from tests.samples import labels
from tests.web_doors import web_doors

ANNA, BEN = "anna@example.com", "ben@example.com"
DELIVERY = Correction(topic="delivery")


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    made = web_doors(tmp_path)
    for number in range(4):
        unsure = labels(topic=Label(value="delivery", confidence=0.3 + number / 10))
        take(made.route(Fixed(unsure)), letter(number), first=number)
    yield made
    made.close()


def asked(room: ReviewRoom, who: str, wanted: str = "") -> Any:
    found = room.next(who, wanted)
    assert found is not None
    return found


def test_two_people_are_not_asked_the_same(doors: LiveDoors) -> None:
    room = ReviewRoom(doors)
    first, second = asked(room, ANNA), asked(room, BEN)
    assert first.mail.id != second.mail.id
    assert asked(room, ANNA).mail.id == first.mail.id  # who loads the page again is asked the same
    clock = doors.clock
    assert isinstance(clock, FakeClock)
    clock.pass_by(review_room.BEFORE_SOMEBODY)
    assert asked(room, BEN).mail.id == first.mail.id  # Anna has gone for coffee


def test_a_label_is_stored_and_taken_back(doors: LiveDoors) -> None:
    room = ReviewRoom(doors)
    mail = asked(room, ANNA).mail
    assert room.label(ANNA, mail.id, DELIVERY) == ""
    assert [row.topic for row in shelf_of(doors).rows()] == ["delivery"]
    assert (asked(room, ANNA).left, room.labelled(ANNA), room.labelled(BEN)) == (3, 1, 0)
    assert room.undo(BEN) is None  # not hers to take back
    back = room.undo(ANNA)
    assert back is not None
    assert back.id == mail.id
    assert shelf_of(doors).rows() == []
    assert asked(room, ANNA).mail.id == mail.id
    assert doors.reading.mail(mail.id).review


def test_what_somebody_else_has_labelled_meanwhile_is_refused(doors: LiveDoors) -> None:
    room = ReviewRoom(doors)
    mail = asked(room, ANNA).mail
    room.label(BEN, mail.id, DELIVERY)
    with pytest.raises(UsageError, match="labelled by now"):
        room.label(ANNA, mail.id, Correction(topic="refund"))
    assert [row.topic for row in shelf_of(doors).rows()] == ["delivery"]
    with pytest.raises(UsageError, match="nothing is said"):
        room.label(ANNA, asked(room, ANNA).mail.id, Correction())


def test_a_label_counts_after_the_pages_were_restarted(doors: LiveDoors) -> None:
    mail = asked(ReviewRoom(doors), ANNA).mail
    ReviewRoom(doors).label(ANNA, mail.id, DELIVERY)
    assert not doors.reading.mail(mail.id).review


def test_what_is_left_for_later_is_asked_of_others(doors: LiveDoors) -> None:
    room, seen = ReviewRoom(doors), []
    for _ in range(4):
        seen.append(asked(room, ANNA).mail.id)
        room.later(ANNA, seen[-1])
    assert len(set(seen)) == 4
    assert room.next(ANNA) is None
    assert asked(room, ANNA, seen[1]).mail.id == seen[1]  # unless it is asked for by its name
    assert asked(room, BEN).mail.id in seen


def test_a_new_topic_can_be_chosen_from_then_on(doors: LiveDoors) -> None:
    room = ReviewRoom(doors)
    room.label(ANNA, asked(room, ANNA).mail.id, Correction(topic="gardening"))
    assert "gardening" in room.topics


def test_another_order_is_found_after_a_while_and_when_the_list_is_empty(doors: LiveDoors) -> None:
    room = ReviewRoom(doors)
    for _ in range(4):
        room.label(ANNA, asked(room, ANNA).mail.id, DELIVERY)
    assert room.next(ANNA) is None
    take(doors.route(Fixed(labels(topic=Label(value="delivery", confidence=0.2)))), letter(9), first=9)
    assert asked(room, ANNA).left == 1
    take(doors.route(Fixed(labels(topic=Label(value="delivery", confidence=0.2)))), letter(10), first=10)
    assert asked(room, ANNA).left == 1
    clock = doors.clock
    assert isinstance(clock, FakeClock)
    clock.pass_by(review_room.KEPT + timedelta(seconds=1))
    assert asked(room, ANNA).left == 2


def test_it_says_why_a_mail_is_worth_a_look(doors: LiveDoors) -> None:
    reasons = {reason for _ in range(4) for reason in _then_later(ReviewRoom(doors))}
    assert reasons <= set(Reason)
    assert reasons & {Reason.UNSURE, Reason.VERY_UNSURE}


def _then_later(room: ReviewRoom) -> tuple[Reason, ...]:
    found = asked(room, ANNA)
    room.later(ANNA, found.mail.id)
    reasons: tuple[Reason, ...] = found.reasons
    return reasons


def test_names_of_files_are_those_of_the_command(doors: LiveDoors) -> None:
    room = ReviewRoom(doors)
    room.label(ANNA, asked(room, ANNA).mail.id, DELIVERY)
    assert [file.stem for file in shelf_of(doors).files()] == [REVIEWED]
