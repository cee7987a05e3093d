"""What `metrics` and `report` print for programs, and the types of the figures in it.

What each figure is good for: docs/metrics.md.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypedDict

Few = Annotated[str, "empty, or why the figure is not to be relied upon"]


class ShareDocument(TypedDict):
    """How much of it is so, with its interval for 95 %; of fewer than ten there is no figure (null)."""

    count: int
    value: Annotated[float | None, "0 to 1"]
    low: float | None
    high: float | None
    of: int
    warning: Few


class TimesDocument(TypedDict):
    """How long it took, by the clock on the wall."""

    count: int
    median_seconds: float | None
    p90_seconds: Annotated[float | None, "nine of ten were faster"]
    warning: Few


class FatesDocument(TypedDict):
    """Mails, and what became of them."""

    received: int
    by_people: int
    complaints: Annotated[int, "as the model says"]
    acknowledged: int
    silent: int
    limited: int
    parked: int
    recorded: int


class ErrorDocument(TypedDict):
    """What people have found wrong of what the machine was sure of."""

    checked: int
    at_least: ShareDocument


class AutomationDocument(TypedDict):
    """How much the machine did alone."""

    acknowledged: Annotated[ShareDocument, "of the mails by people"]
    unsure: Annotated[ShareDocument, "of the topic"]
    error: Annotated[dict[str, ErrorDocument], "by head"]


class TicketTimesDocument(TypedDict):
    """Tickets that were opened."""

    opened: int
    first_response: TimesDocument
    resolution: TimesDocument


class PromisesDocument(TypedDict):
    """Times that customers were given."""

    given: int
    open: int
    kept: Annotated[ShareDocument, "of those whose time is over"]


class Figure(TypedDict):
    """A value with its interval for 95 %; of fewer than ten there is none (null)."""

    value: float | None
    low: float | None
    high: float | None
    of: Annotated[int, "answers"]
    warning: Few


class Score(Figure):
    """A survey's score, without how many of those asked gave it."""

    scores: Annotated[dict[str, int], "how many gave which"]


class Groups(TypedDict):
    """The answers to the question for the net promoter score."""

    promoters: int
    passives: int
    detractors: int


class Nps(Score, Groups):
    """Net promoter score, without how many of those asked gave it."""


class Csat(ShareDocument):
    """The share that was satisfied, without how many of those asked gave an answer."""

    scores: Annotated[dict[str, int], "how many gave which"]


class SurveyScoreDocument(Score):
    """A score with its interval for 95 %."""

    response_rate: ShareDocument


class NpsDocument(SurveyScoreDocument, Groups):
    """Net promoter score, -100 to 100."""


class CsatDocument(Csat):
    """The share that was satisfied."""

    response_rate: ShareDocument


class StageDocument(TypedDict):
    """The mood at one stage of the cases."""

    touchpoints: int
    valence: Annotated[float | None, "-1 to 1"]


class TraceDocument(TypedDict):
    """Customer touchpoint trace: how the mood changes in the course of cases."""

    cases: int
    change: float | None
    improving: ShareDocument
    steady: ShareDocument
    worsening: ShareDocument
    stages: Annotated[dict[str, StageDocument], "by name"]
    warning: Few


class FiguresDocument(TypedDict):
    """All figures of a period, or of a part of it."""

    mails: FatesDocument
    automation: AutomationDocument
    tickets: TicketTimesDocument
    promises: Annotated[dict[str, PromisesDocument], "`respond`, `resolve`"]
    nps: NpsDocument
    ces: SurveyScoreDocument
    csat: CsatDocument
    outcome: CsatDocument
    treatment: CsatDocument
    ctt: TraceDocument


class GroupDocument(FiguresDocument):
    """The figures of one topic, owner, language …"""

    value: Annotated[str | bool | None, "of what it is split by; null: not known"]


class StepDocument(GroupDocument):
    """The figures of a day, week or month."""

    since: datetime | None
    until: datetime | None


class MetricsDocument(TypedDict):
    """What was measured."""

    since: datetime | None
    until: datetime | None
    timezone: str
    by: Annotated[str | None, "what it is split by"]
    only: Annotated[dict[str, str | bool | None], "what it is narrowed to; null: not known"]
    total: FiguresDocument
    groups: Annotated[list[StepDocument] | list[GroupDocument], "empty without --by"]


class FigureCaseDocument(TypedDict):
    """A case behind a figure."""

    case: Annotated[str, "the reference of its mail"]
    at: Annotated[datetime, "when it came, was opened, promised or asked"]
    value: Annotated[float | None, "a score, seconds, how far the mood rose, or 1 for a promise that was missed"]
    subject: str
    sender: str


class ReportFindingDocument(TypedDict):
    """Something to do."""

    kind: str
    what: str
    do: str
    about: Annotated[list[str], "tickets, topics or people"]
    evidence: Annotated[str, "numbers"]


class ReportDocument(TypedDict):
    """A period beside the one before it."""

    since: datetime
    until: datetime
    zone: str
    findings: list[ReportFindingDocument]
    now: FiguresDocument
    before: FiguresDocument
    days: list[StepDocument]
    topics: list[GroupDocument]
    topics_before: list[GroupDocument]
