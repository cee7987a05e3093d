"""How things have gone lately: passes over servers, and how the mail compares with the training."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict


@dataclass(frozen=True, kw_only=True, slots=True)
class Pass:
    """How the last pass over a mailbox, a server or a job went."""

    last_pass: datetime | None = None  # the last one that succeeded
    error: str = ""
    since: datetime | None = None  # when the error began


class DriftWindow(TypedDict):
    """How the mail of a window compares with the training."""

    mails: int
    unsure: float  # share
    topics: dict[str, float]  # share of each
    topics_against_training: float | None  # population stability index; so below
    languages: dict[str, float]
    languages_against_training: float | None
    unknown_words: float | None  # share


class DriftChanges(TypedDict):
    """How a window compares with the first one of the same version."""

    topics_since: float  # against the first window of this version
    languages_since: float
    unsure_risen: float


class DriftFacts(DriftWindow, DriftChanges):
    """How the mail of a window compares with the training; these are the keys in the database, too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DriftDay:
    """The facts of one day's window."""

    at: datetime
    model: str  # version
    facts: DriftFacts
