"""What is said once for all trackers: an answer of a shape that its interface does not have is an error of the tracker;
and a refusal that may be about one ticket or about us is looked into."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.doors import Tracker
from pipeline.errors import DeferredError, MisshapenError, OneOrAllError, UncertainError, UnreachableError
from pipeline.records.filing import Ability, Change, Filing, OutsideStanding, OutsideTicket, Remark

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
            try:
                return self._tracker.check()
            except OneOrAllError as error:  # it is about no ticket
                raise error.whole from error

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

    def erase(self, ticket: str) -> str:
        """See doors.Tracker.erase."""
        with self._changing():
            return self._tracker.erase(ticket)

    def standing(self, ticket: str) -> OutsideStanding | None:
        """See doors.Tracker.standing."""
        with self._reading():
            return self._tracker.standing(ticket)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except OneOrAllError as error:
            raise self._about_one(error) from error
        except _MISSHAPEN as error:
            what = f"an answer that means nothing: {_words(error)}"
            raise UnreachableError(what, where=self.name, remedy="check its url and version") from error

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """What was sent may have been done."""
        try:
            yield
        except OneOrAllError as error:
            raise self._about_one(error) from error
        except _MISSHAPEN as error:
            what = f"an answer to a change that means nothing: {_words(error)}"
            remedy = "it is looked for there before it is made again"
            raise UncertainError(what, where=self.name, remedy=remedy) from error

    def _about_one(self, error: OneOrAllError) -> DeferredError:
        """Where everything else works it is about this one: it waits by itself, and may be put right there.

        Raises what is wrong with everything; a webhook can't be asked.
        """
        if Ability.STANDING not in self.abilities:
            raise error.whole
        self.check()
        remedy = "see whether our account may see and change that ticket, and whether it was moved"
        return DeferredError(f"about this ticket alone: {error.what}", where=error.where, remedy=remedy)


def _words(error: Exception) -> str:
    """Where the answer is wrong, when that is known."""
    return str(error) if isinstance(error, MisshapenError) else type(error).__name__
