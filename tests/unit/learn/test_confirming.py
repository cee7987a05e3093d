"""What answers prove, whenever one stops."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from pipeline.learn import confirming
from pipeline.learn.confirming import BY_CHANCE, SHARES, AskedThreshold, Basis, Certificate, certificate_of
from pipeline.records.confirmation import NONE_OF_THEM, Confirmation
from tests.samples import NOON

VALID = timedelta(days=180)
MINUTE = timedelta(minutes=1)
STREAMS, LONG = 2_000, 800


def answers(
    marks: str, floor: float = 0.8, confidence: float | None = None, began: datetime = NOON, every: timedelta = MINUTE
) -> list[Confirmation]:
    """One answer a letter: `r` right, `w` wrong."""
    return [
        Confirmation(
            mail_id=f"{began:%j}-{place}",
            head="topic",
            model="m1",
            floor=floor,
            confidence=floor if confidence is None else confidence,
            said="delivery",
            truth="delivery" if mark == "r" else NONE_OF_THEM,
            at=began + place * every,
            by="alice",
            random=True,
        )
        for place, mark in enumerate(marks)
    ]


def told(given: list[Confirmation], shipped: float | None = None, max_error: float = 0.05) -> Certificate:
    return certificate_of(given, shipped, max_error, VALID)


def drawn(mails: list[tuple[str, float]], shipped: float | None, max_error: float = 0.05) -> Certificate:
    """Each mail as mark and confidence, answered if it is still asked about: as they are drawn, from 0.8 on."""
    given: list[Confirmation] = []
    for place, (mark, confidence) in enumerate(mails):
        found = told(given, shipped, max_error)
        if found.exhausted:
            break
        floor = found.floor or 0.8
        if confidence >= floor:
            given += answers(mark, floor, confidence, began=NOON + place * MINUTE)
    return told(given, shipped, max_error)


def most_wrong(max_error: float, by_chance: float) -> np.ndarray:
    """For each count of answers the most wrong ones with which it holds; -1: it does not even without one."""
    most = np.full(LONG + 1, -1)
    for count in range(1, LONG + 1):
        wrong = most[count - 1]
        while confirming.evidence_of_holding(count - wrong - 1, wrong + 1, max_error) >= 1 / by_chance:
            wrong += 1
        most[count] = wrong
    return most


@pytest.mark.parametrize("by_chance", [BY_CHANCE, BY_CHANCE * SHARES[0], BY_CHANCE * SHARES[1]])
@pytest.mark.parametrize("max_error", [0.02, 0.05])
def test_what_is_wrong_as_often_as_allowed_seldom_ever_holds(max_error: float, by_chance: float) -> None:
    """Looked at after each answer, and stopped as soon as it looks good: the exact chance, not a simulated one."""
    most, ever = most_wrong(max_error, by_chance), 0.0
    chance = np.zeros(LONG + 2)  # of so many wrong ones, and that it has not held yet
    chance[0] = 1.0
    for count in range(1, LONG + 1):
        chance[1:] = chance[1:] * (1 - max_error) + chance[:-1] * max_error
        chance[0] *= 1 - max_error
        ever += chance[: most[count] + 1].sum()
        chance[: most[count] + 1] = 0.0
    assert by_chance / 3 < ever <= by_chance  # it is not kept by never saying anything


@pytest.mark.parametrize("max_error", [0.02, 0.05])
def test_all_thresholds_together_keep_the_confidence(max_error: float) -> None:
    """Each of them is wrong just as often as allowed, the worst case; the stricter ones see a part of the answers."""
    dice = np.random.default_rng(7)
    wrong = dice.random((STREAMS, LONG)) < max_error
    doubt = dice.random((STREAMS, LONG))
    any_held = np.zeros(STREAMS, dtype=bool)
    for step, share in enumerate(SHARES):
        above = doubt <= 0.5 ** (step / 2)
        count, bad = above.cumsum(axis=1), (wrong & above).cumsum(axis=1)
        any_held |= (bad <= most_wrong(max_error, share * BY_CHANCE)[count]).any(axis=1)
    assert any_held.mean() <= BY_CHANCE


@pytest.mark.parametrize("max_error", [0.02, 0.05])
def test_what_is_better_than_allowed_is_seldom_ever_told_broken(max_error: float) -> None:
    dice = np.random.default_rng(5)
    by_chance = BY_CHANCE * SHARES[0]
    wrong = (dice.random((STREAMS, 300)) < max_error).cumsum(axis=1)
    ever = sum(
        any(
            confirming.evidence_of_breaking(count + 1 - bad, bad, max_error) >= 1 / by_chance
            for count, bad in enumerate(stream.tolist())
            if bad > max_error * count
        )
        for stream in wrong
    )
    assert ever / STREAMS <= by_chance


@pytest.mark.parametrize(("max_error", "none", "one"), [(0.05, 84, 134), (0.02, 214, 339)])
def test_so_many_answers_are_enough(max_error: float, none: int, one: int) -> None:
    asked = AskedThreshold(threshold=0.8, by_chance=SHARES[0] * BY_CHANCE)
    assert asked.more(max_error) == none
    assert told(answers("r" * (none - 1)), max_error=max_error).threshold is None
    assert told(answers("r" * none), max_error=max_error).threshold == 0.8
    assert told(answers("w" + "r" * (one - 2)), max_error=max_error).threshold is None
    assert told(answers("w" + "r" * (one - 1)), max_error=max_error).threshold == 0.8


def test_it_says_what_it_rests_on_and_how_much_is_missing() -> None:
    some = told(answers("r" * 12))
    assert some.asked is not None
    assert (some.asked.right, some.asked.wrong, some.asked.more(0.05)) == (12, 0, 72)
    assert (some.basis, some.threshold, some.since) == (Basis.TRAINING, None, None)
    held = told(answers("r" * 84))
    assert (held.basis, held.right, held.wrong) == (Basis.ANSWERS, 84, 0)
    assert held.since == NOON + 83 * MINUTE


def test_wrong_answers_move_the_threshold() -> None:
    """Below 0.9 one in four is wrong, above it none: the loose threshold breaks, then a stricter one holds."""
    found = drawn([("w" if place % 8 == 0 else "r", 0.96 if place % 2 else 0.82) for place in range(300)], shipped=0.8)
    assert (found.threshold, found.basis) == (pytest.approx(0.9), Basis.ANSWERS)
    assert found.wrong == 0


def test_what_is_below_a_broken_threshold_is_asked_about_no_more() -> None:
    bad = [("w", 0.85)] * 4
    found = drawn(bad, shipped=0.8)
    assert (found.threshold, found.basis) == (None, Basis.REFUTED)
    assert found.floor == pytest.approx(0.9)
    again = drawn([*bad, *[("w", 0.85)] * 50, *[("r", 0.92)] * 124], shipped=0.8)
    assert (again.threshold, again.basis) == (pytest.approx(0.9), Basis.ANSWERS)


def test_a_shipped_threshold_stands_until_it_falls_or_a_looser_one_holds() -> None:
    strict = told(answers("r" * 60, confidence=0.99), shipped=0.9)  # the strict ones may hold first
    assert (strict.threshold, strict.basis) == (0.9, Basis.TRAINING)
    loose = told(answers("r" * 84, confidence=0.99), shipped=0.9)
    assert (loose.threshold, loose.basis) == (0.8, Basis.ANSWERS)
    beyond = drawn([("w", 0.85)] * 4, shipped=0.95)
    assert (beyond.threshold, beyond.basis) == (0.95, Basis.TRAINING)


def test_when_nothing_is_left_it_says_so() -> None:
    found = drawn([("w", 1.0)] * 40, shipped=0.8)
    assert found.exhausted
    assert found.floor is None
    assert (found.threshold, found.basis) == (None, Basis.REFUTED)


def test_only_mails_drawn_by_lot_count() -> None:
    from dataclasses import replace

    chosen = [replace(one, random=False) for one in answers("r" * 500)]
    assert told(chosen).round is None


def test_answers_on_a_stricter_sample_do_not_speak_for_a_looser_threshold() -> None:
    strict, loose = answers("r" * 80, floor=0.9), answers("r" * 80, floor=0.8, began=NOON + timedelta(days=1))
    assert told([*strict, *loose]).threshold is None


def test_a_certificate_is_renewed_by_answers_that_come_after_it() -> None:
    first = answers("r" * 84)
    held = told(first)
    year = NOON + timedelta(days=365)
    assert held.is_old(year, VALID)
    assert held.floor == 0.8
    few = told([*first, *answers("r" * 83, began=year)])
    assert few.is_old(year + timedelta(days=1), VALID)
    again = told([*first, *answers("r" * 84, began=year)])
    assert again.since == year + 83 * MINUTE
    assert not again.is_old(year + timedelta(days=1), VALID)


def test_a_certificate_falls_when_mail_changes() -> None:
    first = answers("r" * 84)
    then = answers("rw" * 10, began=NOON + timedelta(days=30))
    found = told([*first, *then])
    assert (found.threshold, found.basis) == (None, Basis.REFUTED)


def test_answers_that_are_too_old_do_not_count_with_new_ones() -> None:
    slow = answers("r" * 84, every=timedelta(days=4))
    assert told(slow).threshold is None
    assert told(answers("r" * 84, every=timedelta(days=2))).threshold == 0.8


def test_the_first_floor_is_where_the_version_itself_expects_few_to_be_wrong() -> None:
    confidences = [0.999] * 60 + [0.97] * 20 + [0.6] * 20
    assert confirming.first_floor(confidences, None, 0.05) == 0.97
    assert confirming.first_floor(confidences, 0.99, 0.05) == 0.97
    assert confirming.first_floor(confidences, 0.5, 0.05) == 0.5
    assert confirming.first_floor([0.5] * 10, None, 0.02) == 0.5  # a model in doubt of all may be asked all the same
    assert confirming.first_floor([0.0], None, 0.02) is None


def test_once_a_threshold_holds_a_looser_one_is_proposed_if_it_is_worth_it() -> None:
    given = answers("w" + "r" * 133, floor=0.95, confidence=0.98)
    assert told(given).threshold == 0.95
    assert confirming.looser_floor([0.98] * 50 + [0.7] * 50, given, told(given)) is None  # it knows itself
    shy = [0.8] * 50 + [0.75] * 50
    given = answers("r" * 84, floor=0.79, confidence=0.8)  # it doubts one in five, and none was wrong
    assert confirming.looser_floor(shy, given, told(given)) == 0.75
    assert confirming.looser_floor(shy, given[:-1], told(given[:-1])) is None  # nothing holds yet
    assert confirming.looser_floor([0.8] * 100, given, told(given)) is None  # there is no more mail to be had


def test_a_few_checks_a_week_renew_it_in_time() -> None:
    assert confirming.checks_a_week(0.05, VALID) == 6
    assert confirming.checks_a_week(0.02, VALID) == 14
