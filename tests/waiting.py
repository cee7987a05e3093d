"""Waiting for what comes when it comes: no test may depend on how fast the machine is, or what else it is at."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import pytest

from pipeline.mailbox import waiting as idling

T = TypeVar("T")
HOUR = 3600.0  # of a wait that only what is waited for can end: long before, pytest gives the test up
PATIENCE = 60.0  # seconds: many times what the slowest of these takes on a machine with other work


def wait_until(condition: Callable[[], T], what: str | Callable[[], str], seconds: float = PATIENCE) -> T:
    """Returns what the condition gives as soon as that counts as true.

    Fails after `seconds`, and says what was waited for: `what` is that, or is asked for it then (a log, say). The bound
    only ends a test that fails anyway, so no test gets through by a longer one, or fails by other work beside it.
    """
    until = time.monotonic() + seconds
    pause = 0.01
    while not (found := condition()):
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds:g} s: {what if isinstance(what, str) else what()}")
        time.sleep(pause)
        pause = min(2 * pause, 0.2)
    return found


def when_it_waits(monkeypatch: pytest.MonkeyPatch, what: Callable[..., object], *arguments: object) -> None:
    """Does something, once, as soon as a mailbox has begun to wait for news (IDLE)."""
    begin = idling._begin

    def beginning(client: object) -> None:
        begin(client)
        monkeypatch.setattr(idling, "_begin", begin)
        threading.Thread(target=what, args=arguments, daemon=True).start()

    monkeypatch.setattr(idling, "_begin", beginning)
