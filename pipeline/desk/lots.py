"""Which mails a person is asked about, in which order: by lot, so that nobody chooses.

A key makes the order of the ids, so who stops goes on where they stopped. It is the same for every version: the sample
of a new version is mostly that of the one before, and what a person has said of those mails answers for the new one
too (coordinated samples: Ohlsson 1995). For that the new one must not have learned from them. What it says of a mail
that it has learned from proves nothing; if an earlier version was wrong about that, it stays so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from pipeline.desk.doors import ConfirmingDoors
from pipeline.learn import importing
from pipeline.learn.dataset import Row
from pipeline.learn.predictor import ModelPredictor
from pipeline.learn.version import RowNames
from pipeline.records.ledger import LedgerText

NEVER_DRAWN = ("", 0.0)  # as label and confidence
_AT_ONCE = 200  # mails that are weighed in one go
_LOOKED_AT = 1_000  # mails by which floors are chosen


@dataclass
class MailLots:
    """The recent mails for one head of one version."""

    doors: ConfirmingDoors
    head: str
    predictor: ModelPredictor
    fitted: RowNames  # by the version
    _weighed: dict[str, tuple[str, float]] = field(default_factory=dict)  # by mail: label and confidence

    @cached_property
    def drawn(self) -> Sequence[str]:
        """Ids of the mails of the time that answers speak for, in the order in which they are drawn."""
        ids = self.since(self.doors.clock.now() - self.doors.config.classify.confirmed_for)
        return sorted(ids, key=lambda mail_id: self.doors.signer.pseudonym("drawn", mail_id))

    @cached_property
    def confidences(self) -> Sequence[float]:
        """Of recent mails, whose labels nobody needs to know."""
        return [self.weigh(mail_id)[1] for mail_id in self.drawn[:_LOOKED_AT]]

    def since(self, moment: datetime) -> Collection[str]:
        """Mails that have come since then."""
        return frozenset(self.doors.confirmations.population(moment))

    def weigh(self, mail_id: str) -> tuple[str, float]:
        """What the version says of a mail, and its confidence. The next ones by lot are weighed with it."""
        if mail_id not in self._weighed:
            place = self.drawn.index(mail_id)
            texts = self.doors.confirmations.texts(self.drawn[place : place + _AT_ONCE])
            found = self.predictor.weigh(self.head, texts)
            for text, one in zip(texts, found, strict=True):
                self._weighed[text.id] = self._learned(text.id, one) if self._is_fitted(text) else one
        return self._weighed.get(mail_id, NEVER_DRAWN)  # it has been erased meanwhile

    def _is_fitted(self, text: LedgerText) -> bool:
        row = importing.hidden(
            Row(text=text.text, subject=text.subject, names=text.sender_name), self.doors.signer.pseudonym
        )
        return row.hash in self.fitted

    def _learned(self, mail_id: str, weighed: tuple[str, float]) -> tuple[str, float]:
        """A mail that the version has learned from: drawn only if an earlier one was wrong about it."""
        said = self._found_wrong.get(mail_id)
        return NEVER_DRAWN if said is None else (said, weighed[1])

    @cached_property
    def _found_wrong(self) -> Mapping[str, str]:
        return self.doors.confirmations.found_wrong(self.head, but=self.predictor.version)
