"""A solved ticket whose customer may be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.records.payload import AcknowledgementPayload
from pipeline.records.survey import SurveyKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Askable:
    """A solved ticket, as the choice of whom to ask needs it."""

    ref: str
    customer: str  # folded address
    address: str
    resolved: datetime
    letter: AcknowledgementPayload  # what their mail was answered with
    asked: tuple[tuple[SurveyKind, datetime], ...] = ()  # what this customer was asked before, about any ticket
    asked_here: bool = False  # about this one
    complaint_open: bool = False  # they wait for us with a complaint, in any ticket
    stopped: bool = False  # they don't want to be asked
