"""Work that can wait rests while mail is in hand, and goes on all the same where mail never ends."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from pipeline.engine.shared import MOST_WAITS, QUIET, Engine


class ToldEvent:
    """A stop flag on which time passes at once, while mails come every so often."""

    def __init__(self, clock: Any, engine: Any, mails_for: float, stops_at: float = 1e9) -> None:
        self.clock, self.engine, self.mails_for, self.stops_at = clock, engine, mails_for, stops_at

    def wait(self, seconds: float) -> bool:
        self.clock.at += seconds
        if self.clock.at < self.mails_for:
            self.engine._at_mail = self.clock.at
        return bool(self.clock.at >= self.stops_at)


def rested(mails_for: float, stops_at: float = 1e9) -> tuple[float, bool]:
    """How long it rests when it is told to rest for a second."""
    clock = SimpleNamespace(at=0.0)
    clock.monotonic = lambda: clock.at
    doors: Any = SimpleNamespace(clock=clock)
    engine = Engine(doors)
    engine.stopping = ToldEvent(clock, engine, mails_for, stops_at)  # type: ignore[assignment]
    ended = engine.rests(1.0)
    return clock.at, ended


def test_without_mail_it_rests_as_long_as_it_was_told() -> None:
    assert rested(0) == (1.0, False)


def test_while_mail_comes_it_goes_on_resting() -> None:
    seconds, _ = rested(3.0)
    assert 3.0 <= seconds <= 3.0 + 2 * QUIET


def test_where_mail_never_ends_it_goes_on_all_the_same() -> None:
    assert rested(1e9) == (1.0 + MOST_WAITS * QUIET, False)


def test_it_ends_at_once_when_we_stop() -> None:
    assert rested(1e9, stops_at=1.0) == (1.0, True)
    assert rested(1e9, stops_at=1.2)[0] <= 1.0 + QUIET
