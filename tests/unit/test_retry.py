"""Waiting times: when something is tried again, and when it is given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.errors import DeferredError, LoginError, SenderRefusedError, UnreachableError
from pipeline.records.effect import Effect, EffectKind, EffectState
from pipeline.retry import LETTER, MARK, SERVER, Backoff, Retry, given_up_after, outcome_of
from tests.samples import NOON

EFFECT = Effect(key="AAAA-0001:acknowledge", mail_id="AAAA-0001", kind=EffectKind.ACKNOWLEDGE)


@pytest.mark.parametrize(
    ("retry", "attempts", "seconds"),
    [(SERVER, 0, 1), (SERVER, 3, 8), (SERVER, 50, 30), (LETTER, 0, 60), (LETTER, 6, 3600), (MARK, 3, 600)],
)
def test_each_wait_is_twice_the_last_up_to_the_longest(retry: Retry, attempts: int, seconds: int) -> None:
    assert retry.wait(attempts) == timedelta(seconds=seconds)


@pytest.mark.parametrize("give_up", [timedelta(hours=1), timedelta(days=5), timedelta(days=30)])
def test_a_letter_that_is_put_off_again_and_again_has_an_end(give_up: timedelta) -> None:
    later, tried, now = DeferredError("450 no answer from that domain"), EFFECT, NOON
    retry = given_up_after(give_up, LETTER)
    while (found := outcome_of(tried, later, retry, now)).state is EffectState.WAITING:
        assert found.next_try is not None
        tried, now = replace(tried, attempts=tried.attempts + 1), found.next_try
    assert found.state is EffectState.FAILED
    assert "given up: 450 no answer" in found.error
    assert now - NOON == pytest.approx(give_up, abs=timedelta(hours=1))


def test_words_that_may_be_meant_for_all_are_tried_often_for_a_quarter_of_an_hour() -> None:
    """One letter alone can't tell; then within a minute of the end of a short trouble it goes out."""
    later, tried, now = DeferredError("451 4.3.0 later", unclear=True), EFFECT, NOON
    gaps: list[timedelta] = []
    retry = given_up_after(timedelta(days=5), LETTER)
    while (found := outcome_of(tried, later, retry, now)).state is EffectState.WAITING:
        assert found.next_try is not None
        gaps.append(found.next_try - now)
        tried, now = replace(tried, attempts=tried.attempts + 1), found.next_try
    assert max(gaps[:30]) <= timedelta(seconds=30)
    assert sum(gaps[:30], timedelta(0)) >= timedelta(minutes=15)
    assert max(gaps) == timedelta(hours=1)
    assert now - NOON == pytest.approx(timedelta(days=5), abs=timedelta(hours=2))


def waits(why: Exception, lasting: timedelta) -> list[tuple[float, float]]:
    """When a server was tried that fails each time, and how long it was left alone then."""
    backoff, at, found = Backoff(), 0.0, []
    while at < lasting.total_seconds():
        found.append((at, backoff.failed(at, why)))
        at += found[-1][1]
    return found


def test_a_refusal_is_tried_often_at_first_and_every_ten_minutes_when_it_lasts() -> None:
    tried = waits(SenderRefusedError("quota"), timedelta(days=1))
    assert max(wait for at, wait in tried if at < 900) <= 30
    assert 420 < max(wait for _, wait in tried) <= 600
    assert len(tried) < 300


def test_a_refused_password_is_tried_so_seldom_that_no_provider_bans_us() -> None:
    tried = waits(LoginError("wrong"), timedelta(days=1))
    assert 1400 < max(wait for _, wait in tried) <= 1800
    assert len(tried) < 75


def test_a_server_that_says_how_long_it_wants_to_be_left_alone_is() -> None:
    assert Backoff().failed(0.0, UnreachableError("busy", retry_after=120)) == 120


def test_who_was_kept_out_may_be_let_in_at_once_when_the_reason_is_gone() -> None:
    backoff = Backoff()
    backoff.failed(0.0, LoginError("wrong"))
    assert backoff.remaining(1.0) > 0
    backoff.at_once()
    assert backoff.remaining(1.0) == 0


def test_a_server_that_is_away_is_no_try_of_the_letter() -> None:
    worn = replace(EFFECT, attempts=1000)
    retry = given_up_after(timedelta(days=5), LETTER)
    found = outcome_of(worn, UnreachableError("away"), retry, NOON)
    assert (found.state, found.counted) == (EffectState.WAITING, False)
