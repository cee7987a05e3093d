"""An answer of a shape that its interface does not have is an error of the tracker: said once for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.doors import Tracker
from pipeline.errors import MisshapenError, UncertainError, UnreachableError
from pipeline.records.filing import Change, Filing, OutsideStanding, OutsideTicket, Remark

_MISSHAPEN = (KeyError, IndexError, TypeError, ValueError, AttributeError)


class CarefulTracker:
    """A tracker, and nothing but the errors of the contract out of it."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self.name, self.abilities, self.lag = tracker.name, tracker.abilities, tracker.lag
        self.link, self.close = tracker.link, tracker.close

    def check(self) -> str:
        """See doors.Tracker.check."""
        with self._reading():
            return self._tracker.check()

    def find(self, key: str, project: str = "") -> OutsideTicket | None:
        """See doors.Tracker.find."""
        with self._reading():
            return self._tracker.find(key, project)

    def open(self, filing: Filing) -> OutsideTicket:
        """See doors.Tracker.open."""
        with self._changing():
            return self._tracker.open(filing)

    def comment(self, ticket: str, remark: Remark) -> None:
        """See doors.Tracker.comment."""
        with self._changing():
            self._tracker.comment(ticket, remark)

    def update(self, ticket: str, change: Change) -> None:
        """See doors.Tracker.update."""
        with self._changing():
            self._tracker.update(ticket, change)

    def standing(self, ticket: str) -> OutsideStanding | None:
        """See doors.Tracker.standing."""
        with self._reading():
            return self._tracker.standing(ticket)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except _MISSHAPEN as error:
            what = f"an answer that means nothing: {_words(error)}"
            raise UnreachableError(what, where=self.name, remedy="check its url and version") from error

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """What was sent may have been done."""
        try:
            yield
        except _MISSHAPEN as error:
            what = f"an answer to a change that means nothing: {_words(error)}"
            remedy = "it is looked for there before it is made again"
            raise UncertainError(what, where=self.name, remedy=remedy) from error


def _words(error: Exception) -> str:
    """Where the answer is wrong, when that is known."""
    return str(error) if isinstance(error, MisshapenError) else type(error).__name__
