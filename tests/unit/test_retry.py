"""Waiting times: when something is tried again, and when it is given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.errors import DeferredError, UnreachableError
from pipeline.records.effect import Effect, EffectKind, EffectState
from pipeline.retry import LETTER, MARK, SERVER, Retry, outcome_of
from tests.samples import NOON

EFFECT = Effect(key="AAAA-0001:acknowledge", mail_id="AAAA-0001", kind=EffectKind.ACKNOWLEDGE)


@pytest.mark.parametrize(
    ("retry", "attempts", "seconds"),
    [(SERVER, 0, 1), (SERVER, 3, 8), (SERVER, 50, 30), (LETTER, 0, 60), (LETTER, 6, 3600), (MARK, 3, 600)],
)
def test_each_wait_is_twice_the_last_up_to_the_longest(retry: Retry, attempts: int, seconds: int) -> None:
    assert retry.wait(attempts) == timedelta(seconds=seconds)


def test_a_letter_that_is_put_off_again_and_again_has_failed_after_five_days() -> None:
    later, tried, now = DeferredError("450 no answer from that domain"), EFFECT, NOON
    while (found := outcome_of(tried, later, LETTER, now)).state is EffectState.WAITING:
        assert found.next_try is not None
        tried, now = replace(tried, attempts=tried.attempts + 1), found.next_try
    assert found.state is EffectState.FAILED
    assert "450 no answer" in found.error
    assert now - NOON == pytest.approx(timedelta(days=5), abs=timedelta(hours=1))


def test_a_server_that_is_away_is_no_try_of_the_letter() -> None:
    worn = replace(EFFECT, attempts=LETTER.tries or 0)
    found = outcome_of(worn, UnreachableError("away"), LETTER, NOON)
    assert (found.state, found.counted) == (EffectState.WAITING, False)
