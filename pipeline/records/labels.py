"""What the classifier says of a mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """What one head of the classifier says. `sure`: the certified threshold is passed."""

    value: str | None = None  # complaint: "true" or "false"
    confidence: float | None = None
    sure: bool = False
    nearly: tuple[str, ...] = ()  # other values that are at least half as probable
    threshold: float | None = None  # the confidence from which on it is sure; None: it never is


@dataclass(frozen=True, kw_only=True, slots=True)
class Labels:
    """What the classifier says of a mail; all None when there is no usable model."""

    topic: Label = field(default_factory=Label)
    sentiment: Label = field(default_factory=Label)
    complaint: Label = field(default_factory=Label)
    complaint_suspected: bool = False  # above the recall threshold: worth a ticket "to check"
    is_foreign: bool = False  # the mail's language is one that the version has not learned: it is sure of nothing
    model: str = ""  # version, '' without a model

    @property
    def sure(self) -> bool:
        """Is the topic sure?"""
        return self.topic.sure

    @property
    def is_complaint(self) -> bool | None:
        """What the label says; None where there is none."""
        return None if self.complaint.value is None else self.complaint.value == "true"

    @property
    def may_complain(self) -> bool:
        """Surely, or perhaps: a person looks."""
        return self.complaint_suspected or bool(self.complaint.sure and self.is_complaint)


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """What a person says of a mail; None: nothing about this head."""

    topic: str | None = None
    sentiment: str | None = None
    complaint: bool | None = None

    @property
    def heads(self) -> Mapping[str, str | bool]:
        """What is said, by head."""
        heads = {"topic": self.topic, "sentiment": self.sentiment, "complaint": self.complaint}
        return {head: value for head, value in heads.items() if value is not None}

    def over(self, before: Correction) -> Correction:
        """This, and what was said before of heads that it says nothing about."""
        return Correction(
            topic=before.topic if self.topic is None else self.topic,
            sentiment=before.sentiment if self.sentiment is None else self.sentiment,
            complaint=before.complaint if self.complaint is None else self.complaint,
        )
