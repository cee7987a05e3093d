"""The built-in board, seen as a tracker among others.

Its ticket is opened in the transaction that records the mail, so `open` only says which one it is: a key is
"firstline-" and the ticket's reference. A ticket that is not there was never recorded, and opening it here would hide
that.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from pipeline.clock import Clock, SystemClock
from pipeline.errors import NotFoundError, RejectedError
from pipeline.records.filing import Ability, Change, Filing, OutsideComment, OutsideStanding, OutsideTicket, Remark
from pipeline.records.ticket import TicketEvent, TicketStatus, WholeTicket
from pipeline.text.numbers import many
from pipeline.tokens import normalise_ref
from pipeline.trackers import texts

PREFIX = "firstline-"
ACTOR = "firstline"


class Rows(Protocol):
    """The board's tickets, as the store keeps them. What names a ticket may raise NotFoundError."""

    def show(self, ref: str) -> WholeTicket:
        """The ticket with its events. Raises NotFoundError."""

    def comment(self, ref: str, text: str, actor: str, now: datetime) -> None:
        """Adds a comment."""

    def set_status(self, ref: str, status: TicketStatus, actor: str, now: datetime) -> None:
        """Sets the status."""

    def assign(self, ref: str, owner: str, actor: str, now: datetime) -> None:
        """Sets the owner."""

    def count_open(self) -> int:
        """How many tickets are neither resolved nor closed."""


class BoardTracker:
    """Our own tickets. A ticket's id is its reference."""

    abilities = frozenset({Ability.FIND, Ability.STANDING, Ability.OWNER})
    lag = 0.0

    def __init__(self, name: str, rows: Rows, clock: Clock | None = None) -> None:
        self.name, self.rows, self.clock = name, rows, clock or SystemClock()

    def check(self) -> str:
        """See doors.Tracker.check."""
        return f"built-in board, {many(self.rows.count_open(), 'ticket')} open"

    def find(self, key: str, project: str = "") -> OutsideTicket | None:
        """See doors.Tracker.find."""
        ref = normalise_ref(key.removeprefix(PREFIX))
        return OutsideTicket(id=ref, url=self.link(ref)) if ref and self._found(ref) else None

    def open(self, filing: Filing) -> OutsideTicket:
        """See doors.Tracker.open."""
        filed = self.find(filing.key)
        if filed is None:
            raise RejectedError(
                "the board has no such ticket", where=filing.key, remedy="see `firstline mail reconcile --record`"
            )
        return filed

    def comment(self, ticket: str, remark: Remark) -> None:
        """See doors.Tracker.comment."""
        self._must_exist(ticket)
        self.rows.comment(ticket, texts.signed(texts.storable(remark.text), remark.key), ACTOR, self.clock.now())

    def update(self, ticket: str, change: Change) -> None:
        """See doors.Tracker.update."""
        self._must_exist(ticket)
        if change.status:
            self.rows.set_status(ticket, change.status, ACTOR, self.clock.now())
        if change.owner:
            self.rows.assign(ticket, change.owner, ACTOR, self.clock.now())

    def standing(self, ticket: str) -> OutsideStanding | None:
        """See doors.Tracker.standing."""
        found = self._found(ticket)
        if found is None:
            return None
        return OutsideStanding(
            status=found.status,
            word=found.status.value,
            owner=found.owner,
            said=tuple(_said(event) for event in found.events if event.kind == "comment"),
        )

    def erase(self, ticket: str) -> str:
        """See doors.Tracker.erase."""
        return ""

    def link(self, ticket: str) -> str:
        """See doors.Tracker.link."""
        return ""

    def close(self) -> None:
        """The store stays open: others use it too."""

    def _found(self, ref: str) -> WholeTicket | None:
        try:
            return self.rows.show(ref)
        except NotFoundError:
            return None

    def _must_exist(self, ref: str) -> None:
        if self._found(ref) is None:
            raise RejectedError("there is no such ticket", where=ref, remedy="see `firstline ticket list`")


def _said(event: TicketEvent) -> OutsideComment:
    text = event.detail
    return OutsideComment(
        id=str(event.id), at=event.at, author=event.actor, text=text, public=False, key=texts.key_of(text)
    )
