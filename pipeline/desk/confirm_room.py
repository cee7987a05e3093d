"""People who confirm what the machine is sure of, one mail after the other, as long as the process runs.

Which mails are drawn, what an answer proves and how it is kept is in confirm.py; here is only whose sitting it is.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.desk.certificate_document import CertificateDocument
from pipeline.desk.confirm import Confirming, DrawnMail
from pipeline.desk.doors import ConfirmingDoors
from pipeline.errors import UsageError

HEADS = ("topic", "complaint", "sentiment")
KEPT = timedelta(minutes=30)  # then mails that came meanwhile are drawn from, too


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfirmAsked:
    """The mail that is asked about, and how far the head can be trusted by now."""

    drawn: DrawnMail | None  # none: there is no more mail to draw
    labels: tuple[str, ...]
    told: CertificateDocument
    is_exhausted: bool  # even what it is surest of is wrong too often
    is_over: bool  # it is shown, nothing more has to be asked


class ConfirmRoom:
    """Used by many threads."""

    def __init__(self, doors: ConfirmingDoors) -> None:
        self._doors = doors
        self._lock = threading.Lock()
        self._sittings: dict[tuple[str, str], tuple[Confirming, str, datetime]] = {}

    def next(self, who: str, head: str) -> ConfirmAsked:
        """Raises UsageError, NotFoundError and UnusableModelError."""
        with self._lock:
            sitting = self._sitting(who, head)
            drawn = next(sitting.draw(), None)
            return ConfirmAsked(
                drawn=drawn,
                labels=sitting.labels,
                told=sitting.told(),
                is_over=sitting.over,
                is_exhausted=sitting.certificate.exhausted,
            )

    def answer(self, who: str, head: str, ref: str, truth: str) -> bool:
        """What the person says it is; says whether it counts: the mail was drawn by lot. Raises as `next`."""
        with self._lock:
            sitting = self._sitting(who, head)
            return sitting.answer(sitting.find(ref), truth).random

    def later(self, who: str, head: str, ref: str) -> None:
        """The person can't tell now. Raises as `next`."""
        with self._lock:
            sitting = self._sitting(who, head)
            sitting.postpone(sitting.find(ref))

    def undo(self, who: str, head: str) -> str:
        """Takes this person's last answer back; returns its mail, '' when there is none. Raises as `next`."""
        with self._lock:
            mail = self._sitting(who, head).undo()
            return mail.id if mail else ""

    def waiting(self, who: str) -> int | None:
        """Right answers about topics that are lacking until it is shown; None: this person has not begun, or no answer
        would show it. Raises as `next`."""
        with self._lock:
            known = self._sittings.get((who, HEADS[0]))
            asked = known[0].told()["asked"] if known and known[1] == self._in_use() else None
            return asked["more"] if asked else None

    def _sitting(self, who: str, head: str) -> Confirming:
        if head not in HEADS:
            raise UsageError(f"there is no head '{head[:20]}'", remedy=f"one of {', '.join(HEADS)}")
        now, in_use = self._doors.clock.now(), self._in_use()
        known = self._sittings.get((who, head))
        if known and known[1] == in_use and now - known[2] < KEPT:
            return known[0]
        sitting = Confirming(self._doors, head, who)
        sitting.settle()
        self._sittings[who, head] = sitting, in_use, now
        return sitting

    def _in_use(self) -> str:
        from pipeline.learn.registry import registry_of

        return registry_of(self._doors.config, self._doors.config.key()).current() or ""
