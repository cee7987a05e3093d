"""The gate: what may take the place of the version in use."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.learn import gate as learn_gate
from pipeline.learn import promote, training
from pipeline.learn.dataset import Row
from pipeline.learn.evaluate import Judgement
from pipeline.learn.promote import Contender
from pipeline.learn.registry import Registry
from tests.learned import KEY, toy_rows, write_csv

TOPICS = ("billing", "delivery", "praise")


def side(
    predicted: list[str], truth: list[str], *, certifies: bool = True, classes: tuple[str, ...] = TOPICS
) -> Contender:
    judged = Judgement(
        classes=classes,
        truth=np.array(truth, dtype=object),
        predicted=np.array(predicted, dtype=object),
        confidence=np.full(len(truth), 0.9),
        sure=np.ones(len(truth), dtype=bool),
        languages=np.full(len(truth), "en", dtype=object),
        kinds=np.full(len(truth), "", dtype=object),
    )
    return Contender(judgements={"topic": judged}, certifies={"topic": certifies}, classes={"topic": classes})


TRUTH = [TOPICS[number % 3] for number in range(300)]


def wrong_in(share: float, seed: int = 0, only: str = "") -> list[str]:
    """Predictions of which about this share is wrong, if wanted in one class only."""
    dice = random.Random(seed)
    return [
        TOPICS[(TOPICS.index(topic) + 1) % 3] if only in ("", topic) and dice.random() < share else topic
        for topic in TRUTH
    ]


def test_an_equal_candidate_passes() -> None:
    gate = promote.against(side(wrong_in(0.1, 1), TRUTH), side(wrong_in(0.1, 2), TRUTH), ())
    assert gate.passed
    assert "no worse" in gate.reason


def test_a_candidate_that_is_significantly_worse_is_refused() -> None:
    gate = promote.against(side(wrong_in(0.3), TRUTH), side(wrong_in(0.05), TRUTH), ())
    assert not gate.passed
    assert "significantly worse" in gate.reason


def test_a_candidate_that_is_better_on_average_but_lost_a_class_is_refused() -> None:
    new = side(wrong_in(0.5, only="praise"), TRUTH)
    old = side(wrong_in(0.3), TRUTH)
    assert new.judgements["topic"].right.mean() > old.judgements["topic"].right.mean()
    gate = promote.against(new, old, ())
    assert not gate.passed
    assert "'praise' is lost" in gate.reason


def test_a_candidate_whose_bound_no_longer_certifies_is_refused() -> None:
    gate = promote.against(side(TRUTH, TRUTH, certifies=False), side(wrong_in(0.1), TRUTH), ())
    assert not gate.passed
    assert "certifies nothing" in gate.reason
    assert promote.against(side(TRUTH, TRUTH), side(wrong_in(0.1), TRUTH, certifies=False), ()).passed


@pytest.mark.parametrize(("wrong", "passes"), [(0.0, False), (0.12, False), (0.3, True)])
def test_who_was_wrong_too_often_where_it_was_sure_may_stop_being_sure(wrong: float, *, passes: bool) -> None:
    """Its certificate did not hold; an honest candidate would never get past it."""
    old = replace(side(wrong_in(wrong), TRUTH), max_error={"topic": 0.1})
    assert promote.against(side(TRUTH, TRUTH, certifies=False), old, ()).passed is passes


def test_being_wrong_in_mails_that_were_written_to_be_hard_excuses_nobody() -> None:
    old = side(wrong_in(0.3), TRUTH)
    judged = old.judgements["topic"]
    hard = replace(judged, kinds=np.where(judged.right, "", "hard").astype(object))
    old = replace(old, max_error={"topic": 0.1}, judgements={"topic": hard})
    assert not promote.against(side(TRUTH, TRUTH, certifies=False), old, ()).passed


@pytest.mark.parametrize(
    ("now", "passes"), [({"en": 300, "fi": 90}, True), ({"en": 300, "fi": 20}, False), ({}, False)]
)
def test_a_language_that_is_hardly_learned_any_more_is_refused(now: dict[str, int], *, passes: bool) -> None:
    old = replace(side(TRUTH, TRUTH), languages={"en": 300, "fi": 100, "sv": 3})
    gate = promote.against(replace(side(TRUTH, TRUTH), languages=now), old, ())
    assert gate.passed is passes
    assert passes or "language 'fi' is lost: 100 mails were learned from" in gate.reason


@pytest.mark.parametrize(("configured", "passes"), [((), False), (TOPICS, False), (("billing", "delivery"), True)])
def test_a_vanished_topic_is_refused_unless_it_left_the_configuration(
    configured: tuple[str, ...], passes: bool
) -> None:
    truth = [topic for topic in TRUTH if topic != "praise"]
    gate = promote.against(side(truth, truth, classes=("billing", "delivery")), side(truth, truth), configured)
    assert gate.passed is passes


def test_a_missing_head_is_refused() -> None:
    nothing = Contender(judgements={}, certifies={}, classes={})
    gate = promote.against(nothing, side(TRUTH, TRUTH), ())
    assert gate.reason == "the topic head is missing"


def test_mails_of_a_new_topic_do_not_count_against_either() -> None:
    truth = [*TRUTH, *["returns"] * 100]
    new = side([*wrong_in(0.1, 1), *["returns"] * 100], truth, classes=(*TOPICS, "returns"))
    old = side([*wrong_in(0.1, 2), *["billing"] * 100], truth)
    assert promote.against(new, old, ()).reason == "no worse than the version in use: topic 88.7% → 88.7%"


def test_too_few_mails_to_compare_on_are_no_proof() -> None:
    gate = promote.against(side(TRUTH[:10], TRUTH[:10]), side(TRUTH[:10], TRUTH[:10]), ())
    assert not gate.passed
    assert "only 10 mails" in gate.reason


def test_the_first_version_must_beat_the_commonest_class() -> None:
    truth = ["billing"] * 80 + ["delivery"] * 20
    assert promote.first(side(truth, truth), {"topic": 0.9}).passed
    assert not promote.first(side(["billing"] * 100, truth), {"topic": 0.8}).passed
    guessed = random.Random(0).sample(truth, 100)
    assert not promote.first(side(guessed, truth), {"topic": 0.6}).passed


def shuffled(rows: list[Row]) -> list[Row]:
    """The same mails, their labels dealt out anew."""
    dealt = [(row.topic, row.sentiment, row.complaint) for row in rows]
    random.Random(7).shuffle(dealt)
    return [
        replace(row, topic=topic, sentiment=sentiment, complaint=complaint)
        for row, (topic, sentiment, complaint) in zip(rows, dealt, strict=True)
    ]


def without_a_class(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row.topic != "login"]


@pytest.mark.parametrize("spoil", [shuffled, without_a_class])
def test_a_spoilt_training_set_never_replaces_the_model_in_use(
    tmp_path: Path, spoil: Callable[[list[Row]], list[Row]]
) -> None:
    rows = toy_rows(300)
    registry = Registry(tmp_path / "models", KEY)
    test = write_csv(tmp_path / "test.csv", toy_rows(150, seed=8))
    good = training.Request(files=[write_csv(tmp_path / "good.csv", rows)], test=test)
    first = training.train_candidate(good, registry)
    assert first["promoted"]
    spoilt = training.Request(files=[write_csv(tmp_path / "spoilt.csv", spoil(rows))], test=test)
    second = training.train_candidate(spoilt, registry)
    assert not second["promoted"]
    assert registry.current() == first["version"]
    assert [entry.action for entry in registry.history()] == ["promote", "refuse"]
    assert registry.history()[-1].reason == second["reason"]


def test_shuffled_labels_are_not_even_a_first_version(tmp_path: Path) -> None:
    request = training.Request(files=[write_csv(tmp_path / "a.csv", shuffled(toy_rows(300)))])
    document = training.train_candidate(request, Registry(tmp_path / "models", KEY))
    assert not document["promoted"]
    assert "not better than always saying the commonest class" in document["reason"]


def test_unchanged_data_makes_no_new_version(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "models", KEY)
    data = write_csv(tmp_path / "a.csv", toy_rows(150))
    first = training.train_candidate(training.Request(files=[data]), registry)
    again = training.train_candidate(training.Request(files=[data]), registry)
    assert (again["version"], again["promoted"], again["rows"]) == (first["version"], True, first["rows"])
    assert "nothing has changed" in again["reason"]
    assert len(registry.names()) == 1
    other = training.train.Settings(max_error={**training.train.MAX_ERROR, "topic": 0.02})
    assert (
        training.train_candidate(training.Request(files=[data], settings=other), registry)["version"]
        != first["version"]
    )


def test_mail_that_resembles_what_one_of_both_has_fitted_is_not_compared_on() -> None:
    known = Row(text="please send the invoice for my shoes again today", topic="billing")
    again = Row(text="please send the invoice for my shoes again tomorrow", topic="billing")
    others = [Row(text=f"{word} " * 5, topic="delivery") for word in _WORDS]
    for rows, common in (
        ([again, *others], others),
        ([again, *others[:5]], [again, *others[:5]]),  # too few are left
        ([known, again, *others], others),  # one of both has fitted it
    ):
        assert learn_gate.fair_to_both(rows, [{known.hash}, set()], [known, *others]) == common
    assert learn_gate.fair_to_both([known, *others], [{known.hash}] * 2, [known, *others]) == [known, *others]


_WORDS = [
    f"{first}{second}x"
    for first in ("alpha", "bravo", "delta", "gamma", "omega")
    for second in ("aa", "bb", "cc", "dd")
]


def test_a_version_that_was_held_back_can_be_put_in_use_later(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "models", KEY)
    request = training.Request(files=[write_csv(tmp_path / "a.csv", toy_rows(150))], promote=False)
    held = training.train_candidate(request, registry)
    assert not held["promoted"]
    assert registry.current() == ""
    assert learn_gate.promote_version(registry, held["version"], force=False)[0]
    assert registry.current() == held["version"]


def test_a_refused_version_is_put_in_use_only_by_force_and_leaves_a_trace(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "models", KEY)
    request = training.Request(files=[write_csv(tmp_path / "a.csv", shuffled(toy_rows(300)))])
    refused = training.train_candidate(request, registry)["version"]
    promoted, reason = learn_gate.promote_version(registry, refused, force=False)
    assert not promoted
    assert "--force" in reason
    assert learn_gate.promote_version(registry, refused, force=True)[0]
    assert [entry.action for entry in registry.history()] == ["refuse", "force"]
    assert registry.current() == refused


def test_evaluating_on_fitted_rows_says_that_it_flatters(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "models", KEY)
    data = write_csv(tmp_path / "a.csv", toy_rows(150))
    training.train_candidate(training.Request(files=[data]), registry)
    document = training.evaluate_version(registry, [data], training.Columns())
    assert document["rows"] == 150
    assert any("flatter" in note for note in document["notes"])
    fresh = write_csv(tmp_path / "b.csv", toy_rows(60, seed=77))
    assert training.evaluate_version(registry, [fresh], training.Columns())["notes"] == []
