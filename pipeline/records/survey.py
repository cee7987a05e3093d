"""What customers are asked, what they answer, and the moments of a case in which they said something."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SurveyKind(StrEnum):
    """What a customer is asked."""

    NPS = "nps"  # how likely they are to recommend us, 0 to 10
    CES = "ces"  # how easy we made it for them, 1 to 7
    CSAT = "csat"  # how satisfied they are with this one encounter, 1 to 5
    OUTCOME = "outcome"  # what they got: solved, right and complete, 1 to 5
    TREATMENT = "treatment"  # how they were treated: friendly, quick and informed, 1 to 5

    @property
    def scale(self) -> range:
        """The scores that can be given."""
        return {"nps": range(11), "ces": range(1, 8)}.get(self.value, range(1, 6))


# Up to these scores a customer is not content: a detractor, not easy, not satisfied (docs/metrics.md).
BAD = {SurveyKind.NPS: 6, SurveyKind.CES: 3, SurveyKind.CSAT: 2, SurveyKind.OUTCOME: 2, SurveyKind.TREATMENT: 2}


class SurveyState(StrEnum):
    """intended → sent → answered | expired."""

    INTENDED = "intended"
    SENT = "sent"
    ANSWERED = "answered"
    EXPIRED = "expired"


class Stage(StrEnum):
    """Where in a case a touchpoint lies."""

    FIRST_MAIL = "first_mail"
    FOLLOW_UP = "follow_up"
    AFTER_ACKNOWLEDGEMENT = "after_acknowledgement"  # the first mail since it was sent
    AFTER_RESOLUTION = "after_resolution"
    SURVEY = "survey"


@dataclass(frozen=True, kw_only=True, slots=True)
class SurveyAnswer:
    """What a customer says when asked."""

    ref: str  # the ticket that the question is about
    kind: SurveyKind
    score: int | None = None  # None: in words only
    text: str = ""
    stop: bool = False  # they don't want to be asked again


@dataclass(frozen=True, kw_only=True, slots=True)
class SurveyReply:
    """A mail that answers a question of ours."""

    answer: SurveyAnswer
    was_asked: bool  # its writer is the customer, not somebody to whom the question was forwarded


@dataclass(frozen=True, kw_only=True, slots=True)
class Touchpoint:
    """A moment of a case in which the customer said something."""

    at: datetime
    stage: Stage
    sentiment: str | None = None  # what the sentiment head says of the text, None without one
    confidence: float | None = None
    kind: SurveyKind | None = None  # of a survey answer
    score: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Survey:
    """A question to a customer, with what it is about."""

    id: str  # ticket and kind: asked once
    kind: SurveyKind
    state: SurveyState
    created: datetime
    sent: datetime | None  # None: not yet, or answered without having been sent
    expires: datetime | None
    ticket: str
    thread: str
    mail_id: str  # the mail whose acknowledgement the customer had
    customer: str  # folded address
    topic: str
    owner: str
    language: str
    template: str  # of that acknowledgement, with its version: "en/neutral 1a2b3c4d"
    complaint: bool

    @property
    def is_erased(self) -> bool:
        """Is a pseudonym in the place of the address (see store/erasing.py)?"""
        return "@" not in self.customer
