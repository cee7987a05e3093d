"""smtplib's client with a watch on it: how long each answer was waited for."""

from __future__ import annotations

import smtplib
import time
from collections.abc import Callable
from typing import Any


def _nobody(_seconds: float) -> None:
    """Nobody wants to know."""


class TimedSMTP(smtplib.SMTP):
    """Tells `note_wait` the seconds from what was said last to the first answer: answers to several commands that were
    sent together come in one round trip (RFC 2920)."""

    note_wait: Callable[[float], None] = staticmethod(_nobody)
    _said = 0.0  # when something was said that is not answered yet

    def send(self, s: Any) -> None:
        """As smtplib's."""
        super().send(s)
        self._said = time.monotonic()

    def getreply(self) -> tuple[int, bytes]:
        """As smtplib's."""
        answer = super().getreply()
        if self._said:
            self.note_wait(time.monotonic() - self._said)
            self._said = 0.0
        return answer


class TimedSMTPoverTLS(TimedSMTP, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""
