"""What a person says of a mail that the machine is, or would be, sure of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

NONE_OF_THEM = ""  # what it is about is none of the labels that there are


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmation:
    """One answer. Nothing of the mail itself stands in it, so it stays when the mail is erased."""

    mail_id: str
    head: str
    model: str  # version that was asked
    floor: float  # the mail was drawn from those of at least this confidence
    confidence: float  # of the version in `said`
    said: str  # what the version says; of a mail that it has learned from: what an earlier one said
    truth: str  # what the person says; NONE_OF_THEM
    at: datetime  # when the person said it
    by: str
    random: bool  # the mail was drawn by lot: only such answers count for a certificate

    @property
    def right(self) -> bool:
        """Does the person agree?"""
        return self.said == self.truth
