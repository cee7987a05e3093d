"""In which order mails are offered to be labelled, and what is said to be lacking."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pipeline.learn.dataset import Row
from pipeline.learn.needs import more_until_half, starved_topics
from pipeline.learn.review import most_useful
from tests.doors.test_data_discover import Meanings


def test_few_mails_come_by_doubt_and_twins_last() -> None:
    texts = ("the lamp is late", "the chair is late", "zebra quartz violin", "the lamp is late")
    mails = [Row(text=text) for text in texts]
    assert most_useful(mails, [0.9, 0.8, 0.7, 1.0]) == [3, 1, 2, 0]
    assert most_useful(mails, [0.1, 0.1, 0.9, 0.1])[0] == 2
    assert most_useful([], []) == []
    assert most_useful([Row(text=""), Row(text=""), Row(text="")], [0.1, 0.9, 0.5]) == [1, 2, 0]


def topics_met(meanings: Meanings, order: list[int]) -> int:
    return len({meanings.topic_of[meanings.rows[place].hash] for place in order})


def test_without_a_model_each_region_is_met_once_before_any_is_met_again() -> None:
    meanings = Meanings(topics=40, mails=20)
    order = most_useful(meanings.rows, None, encode=meanings.encode)
    assert sorted(order) == list(range(800))
    assert topics_met(meanings, order[:120]) >= 38
    assert topics_met(meanings, list(range(120))) == 6  # as they came


def test_regions_where_something_is_labelled_come_last() -> None:
    meanings = Meanings(topics=40, mails=20)
    labelled = [replace(row, topic="t") for row in meanings.rows if meanings.topic_of[row.hash] < 20]
    waiting = [row for row in meanings.rows if meanings.topic_of[row.hash] % 20 < 10]  # topics 0-9 and 20-29
    order = most_useful(waiting, None, labelled=labelled, encode=meanings.encode)
    first = [meanings.topic_of[waiting[place].hash] for place in order[:60]]
    assert sum(topic >= 20 for topic in first) >= 50


def test_the_doubtful_are_spread_and_the_certain_come_last() -> None:
    meanings = Meanings(topics=40, mails=20)
    doubts = [0.9 if place < 400 else 0.1 for place in range(800)]  # half of the topics
    order = most_useful(meanings.rows, doubts, encode=meanings.encode)
    assert sorted(order) == list(range(800))
    assert topics_met(meanings, order[:100]) >= 20
    close = [0.9 + place / 10_000 for place in range(800)]  # by doubt alone the last topics would be first
    assert topics_met(meanings, most_useful(meanings.rows, close, encode=meanings.encode)[:100]) >= 28


def test_in_a_portion_starved_topics_come_first() -> None:
    meanings = Meanings(topics=4, mails=40)
    guesses = [f"t{meanings.topic_of[row.hash]}" for row in meanings.rows]
    labelled = [Row(text=f"label {number}", topic=f"t{number % 3}") for number in range(60)]  # none of t3
    order = most_useful(meanings.rows, [0.5] * 160, guesses, labelled, meanings.encode)
    assert {guesses[place] for place in order[:8]} == {"t3"}


# --- what is lacking --------------------------------------------------------------------------------------------------


def test_topics_with_few_labels_are_named_those_of_the_configuration_too() -> None:
    rows = [Row(text=str(number), topic="a" if number < 12 else "b") for number in range(15)]
    assert starved_topics(rows, ["a", "c"]) == {"c": 0, "b": 3}


def facts(risk: float, coverage: float = 0.1, max_error: float = 0.02) -> Any:
    curve = [{"coverage": 0.25, "error": 0.0, "threshold": 0.9}, {"coverage": 0.5, "error": risk, "threshold": 0.6}]
    return {"out_of_fold": {"coverage": coverage}, "test": {"risk_coverage": curve}, "max_error": max_error}


@pytest.mark.parametrize(
    ("risk", "labels", "more"),
    [
        (0.0, 150, 150),  # 149 sure mails without an error are needed, so 298 labels
        (0.0, 1000, 10),  # nothing is wrong: the next training will do
        (0.02, 1000, 1500),  # the error must fall below what is allowed, by the square root of the labels
    ],
)
def test_how_many_more_labels_it_takes_is_worked_out_from_the_curve(risk: float, labels: int, more: int) -> None:
    told = more_until_half(facts(risk), labels)
    assert told is not None
    assert 0.8 * more <= told <= 1.25 * more


def test_it_takes_fewer_where_errors_fall_faster_and_nothing_is_said_where_nothing_is_known() -> None:
    def curve(power: float) -> list[Any]:
        return [{"rows": n, "accuracy": 1 - n**-power, "macro_f1": 0.0} for n in (100, 200, 400, 800)]

    fast, slow = (more_until_half(facts(0.05), 800, curve(power)) for power in (0.8, 0.4))
    assert fast is not None
    assert slow is not None
    assert fast < slow
    assert more_until_half(facts(0.02, coverage=0.6), 800) == 0
    assert more_until_half(facts(0.9), 800, curve(0.2)) is None  # no number of labels that anybody will give
    assert more_until_half({**facts(0.1), "test": {}}, 800) is None
