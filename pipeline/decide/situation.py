"""All that a decision is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.config.settings import Config
from pipeline.config.topics import TopicConfig
from pipeline.config.trackers import TrackerConfig
from pipeline.decide.person import is_weakly_silenced, reads_like_a_person
from pipeline.records.labels import Labels
from pipeline.records.mail import Mail
from pipeline.records.survey import SurveyReply
from pipeline.records.thread import Role, Thread
from pipeline.records.ticket import TicketFacts, TicketStatus
from pipeline.records.verdict import Verdict
from pipeline.text.language import says_praise

Granted = Mapping[str, Sequence[datetime]]  # name of a grant → when it was offered to this customer


@dataclass(frozen=True, kw_only=True)
class Situation:
    """One mail with everything that is known of it."""

    mail: Mail
    verdict: Verdict
    labels: Labels
    thread: Thread
    config: Config
    now: datetime
    granted: Granted = field(default_factory=dict)  # what was offered to this customer before
    complaints: int = 0  # tickets that they have complained in lately
    reply: SurveyReply | None = None  # what it says to a question of ours
    is_known: bool = False  # its writer is authentic, or was acknowledged before

    @property
    def is_customers(self) -> bool:
        """The customer of the conversation wrote it."""
        return self.thread.new or self.thread.role is Role.CUSTOMER

    @property
    def is_strangers(self) -> bool:
        """Somebody wrote it who neither is the customer nor takes part."""
        return not self.thread.new and self.thread.role in (Role.OTHER, Role.STAFF)

    @property
    def is_silenced_person(self) -> bool:
        """Weak rules alone silenced it, and it reads like a complaint or like a person: somebody should see it."""
        if not is_weakly_silenced(self.verdict):
            return False
        return self.labels.complaint_suspected or reads_like_a_person(self.mail)

    @property
    def topic(self) -> str:
        """What it is surely about, '' when that is unsure."""
        label = self.labels.topic
        return label.value if label.sure and label.value else ""

    @property
    def prepared(self) -> TopicConfig:
        """The prepared situation of its likeliest topic, however unsure it is: staff work with it."""
        return self.config.topic(self.labels.topic.value or "")

    @property
    def possible(self) -> tuple[TopicConfig, ...]:
        """Of that and, where it is unsure, of every topic at least half as probable."""
        nearly = () if self.topic else self.labels.topic.nearly
        return (self.prepared, *(self.config.topic(name) for name in nearly))

    @property
    def is_complaint(self) -> bool:
        """Certainly one."""
        return self.labels.complaint.sure and self.labels.complaint.value == "true"

    @property
    def may_be_complaint(self) -> bool:
        """Perhaps one: a person decides. The customer gets the neutral text, never the apology."""
        return (self.labels.complaint_suspected and not self.labels.complaint.sure) or self.is_foreign_matter

    @property
    def is_foreign_matter(self) -> bool:
        """The customer writes in a language that the model has not learned, and no praise: a person must read it."""
        return self.labels.is_foreign and self.is_customers and not self._is_praise

    @property
    def _is_praise(self) -> bool:
        """By the model, which is only guessing, and by a word of praise."""
        labels = self.labels
        is_content = labels.sentiment.value == "positive" and labels.is_complaint is not True
        return is_content and not labels.complaint_suspected and says_praise(self.mail.text, self.mail.language)

    @property
    def goes_on(self) -> bool:
        """Its ticket is over, so that what the customer writes now opens a new one that points to it.

        Over: closed permanently, or resolved in a tracker with `on_closed = "linked"`.
        """
        ticket = self.thread.ticket
        return ticket is not None and is_over(ticket, self.config)


def is_over(ticket: TicketFacts, config: Config) -> bool:
    """Closed for good, or resolved in a tracker with `on_closed = "linked"`."""
    settings = config.outside_trackers.get(ticket.tracker, TrackerConfig())
    resolved = ticket.status is TicketStatus.RESOLVED
    return ticket.status is TicketStatus.CLOSED or (resolved and settings.on_closed == "linked")
