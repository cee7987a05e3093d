"""A complaint that leaders answer for: what is wrong with it, who has it, and what they said they do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.records.ticket import TicketStatus

SEEN = "seen"  # the kind of the line in the timeline by which a leader says what they do
LED = "leadership"  # … and of the one that says that they were told
TOO_OFTEN = 2  # promises missed: leaders hear of it at once


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerableComplaint:
    """What leaders need to know of a complaint."""

    ref: str
    subject: str
    customer: str  # address
    topic: str
    status: TicketStatus
    owner: str  # who answers for it, '' for nobody
    opened: datetime
    missed: int  # promises to this customer that were not kept in time
    late_since: datetime | None  # an answer or a solution is due since then
    reopened: int  # how often
    score: str  # the worst answer to a survey, '' when none was bad: "csat 1"
    seen: str  # what a leader said last that they do, '' for nothing
    seen_by: str

    @property
    def wrong(self) -> tuple[str, ...]:
        """What is the matter with it, in words."""
        found = (
            (not self.status.is_over, "open"),
            (self.late_since is not None, "late"),
            (self.missed > 0, f"{self.missed} {'promise' if self.missed == 1 else 'promises'} missed"),
            (self.reopened > 0, "reopened" if self.reopened == 1 else f"reopened {self.reopened} times"),
            (bool(self.score), f"scored {self.score}"),
        )
        return tuple(words for holds, words in found if holds)
