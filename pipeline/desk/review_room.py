"""The review list as several people go through it at once: one order for all, and nobody is asked what another is.

The order takes seconds to find, so it is kept for a while. Who has which mail before them, what they left for later and
what they can take back is known as long as the process runs; what they said is stored at once.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline.desk.doors import LabellingDoors
from pipeline.desk.label import Review
from pipeline.errors import UsageError
from pipeline.records.labels import Correction
from pipeline.records.ledger import ReviewMail

if TYPE_CHECKING:
    from pipeline.desk.review_list import Lacking  # scikit-learn takes a while to load

KEPT = timedelta(minutes=10)  # for which the order stays
PORTION = 100  # labels after which another order is found: see learn/review.py
BEFORE_SOMEBODY = timedelta(minutes=3)  # for which a mail is left to whom it was shown
UNSURE, FEW = 0.5, 10  # confidence below which it is very unsure; labels below which a topic has few


class Reason(StrEnum):
    """Why a mail is worth a person's look now."""

    NEVER_JUDGED = "never judged"
    MAY_COMPLAIN = "may complain"
    FEW_LABELS = "few labels"  # of the topic that it is taken for
    VERY_UNSURE = "very unsure"
    UNSURE = "unsure"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewAsked:
    """One mail, and what is said beside it."""

    mail: ReviewMail
    reasons: tuple[Reason, ...]
    left: int  # mails on the list that this person has not put off, this one included


@dataclass
class _Sitting:
    """One person at it."""

    review: Review
    later: set[str] = field(default_factory=set)
    labelled: int = 0


class ReviewRoom:
    """Used by many threads."""

    def __init__(self, doors: LabellingDoors) -> None:
        self._doors = doors
        self._lock = threading.Lock()
        self._order: list[ReviewMail] = []
        self._lacking: Lacking | None = None
        self._topics: list[str] = []
        self._found: datetime | None = None  # when the order was
        self._since = 0  # labels since then
        self._sittings: dict[str, _Sitting] = {}
        self._shown: dict[str, tuple[str, datetime]] = {}  # by mail: before whom, and since when

    def next(self, who: str, wanted: str = "") -> ReviewAsked | None:
        """The mail to be labelled next, or the `wanted` one while it is on the list; None: there is none.

        Raises ConfigError for labelled files that can't be read.
        """
        with self._lock:
            self._refresh()
            mail = self._find(who, wanted)
            if mail is None:
                return None
            now = self._doors.clock.now()
            self._shown = {one: seen for one, seen in self._shown.items() if seen[0] != who}
            self._shown[mail.id] = who, now
            return ReviewAsked(mail=mail, reasons=self._reasons(mail), left=self._free(who))

    def label(self, who: str, mail_id: str, correction: Correction) -> str:
        """Stores what a person says; returns what else there is to do, ''. Raises UsageError, NotFoundError."""
        if not correction.heads:
            raise UsageError(
                "nothing is said", where=mail_id, remedy="choose at least one label, or leave it for later"
            )
        with self._lock:
            self._refresh()  # the pages may have been restarted since the mail was shown
            mail = next((one for one in self._order if one.id == mail_id), None)
            if mail is None:
                raise UsageError(
                    "this mail is labelled by now, or no longer on the list", remedy="nothing was changed: go on"
                )
            sitting = self._sitting(who)
            todo = sitting.review.label(mail, correction)
            sitting.labelled += 1
            self._order.remove(mail)
            self._since += 1
            if correction.topic and correction.topic not in self._topics:
                self._topics.append(correction.topic)
            return todo

    def later(self, who: str, mail_id: str) -> None:
        """This person can't tell now; others are still asked."""
        with self._lock:
            self._sitting(who).later.add(mail_id)

    def undo(self, who: str) -> ReviewMail | None:
        """Takes the last label of this person back; None when there is nothing to undo."""
        with self._lock:
            sitting = self._sitting(who)
            mail = sitting.review.undo()
            if mail is not None:
                sitting.labelled -= 1
                self._order.insert(0, mail)
            return mail

    def waiting(self, who: str) -> int | None:
        """Mails on the list that this person has not put off; None: nobody has looked yet, which takes a while."""
        with self._lock:
            return self._free(who) if self._found else None

    def _free(self, who: str) -> int:
        later = self._sitting(who).later
        return sum(mail.id not in later for mail in self._order)

    def labelled(self, who: str) -> int:
        """By this person since the process began."""
        with self._lock:
            return self._sitting(who).labelled

    @property
    def topics(self) -> Sequence[str]:
        """What a mail can be about."""
        return self._topics

    @property
    def lacking(self) -> Lacking | None:
        """What more labels are needed for, as of the last order; None: none was found yet."""
        return self._lacking

    def _sitting(self, who: str) -> _Sitting:
        return self._sittings.setdefault(who, _Sitting(Review(self._doors, who)))

    def _refresh(self) -> None:
        now = self._doors.clock.now()
        if self._found and now - self._found < KEPT and self._since < PORTION and self._order:
            return
        review = Review(self._doors, "")
        self._order, self._lacking = review.queue(), review.lacking()
        self._topics = review.topics(self._order)
        self._found, self._since = now, 0

    def _find(self, who: str, wanted: str) -> ReviewMail | None:
        if wanted and (named := next((one for one in self._order if one.id == wanted), None)):
            return named
        later, taken = self._sitting(who).later, self._before_others(who)
        free = (one for one in self._order if one.id not in later and one.id not in taken)
        return next(free, None)

    def _before_others(self, who: str) -> Collection[str]:
        now = self._doors.clock.now()
        return {mail for mail, (whom, since) in self._shown.items() if whom != who and now - since < BEFORE_SOMEBODY}

    def _reasons(self, mail: ReviewMail) -> tuple[Reason, ...]:
        confidence = mail.topic_confidence
        if confidence is None:
            return (Reason.NEVER_JUDGED,)
        found = []
        if mail.complaint and not mail.ticket:
            found.append(Reason.MAY_COMPLAIN)
        if self._lacking and mail.topic in self._lacking.starved:
            found.append(Reason.FEW_LABELS)
        found.append(Reason.VERY_UNSURE if confidence < UNSURE else Reason.UNSURE)
        return tuple(found)
