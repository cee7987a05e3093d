"""A known problem that every letter of a topic tells of while it lasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Announcement:
    """What customers are told unasked."""

    id: int
    topic: str  # '' for every letter
    texts: Mapping[str, str]  # by language
    since: datetime
    until: datetime | None  # when it ends by itself
    ended: datetime | None  # when a person has ended it
    author: str
    spoken: Mapping[str, str]  # languages that were added later, and since when (ISO 8601)

    def holds(self, now: datetime) -> bool:
        """Is it in force?"""
        return self.since <= now and self.ended is None and (self.until is None or now < self.until)

    def told_in(self, language: str, at: datetime) -> bool:
        """Did a letter in this language, sent at this time, tell of it?"""
        added = self.spoken.get(language, "")
        return bool(self.texts.get(language)) and (not added or datetime.fromisoformat(added) <= at)

    def is_about(self, topic: str) -> bool:
        """Does a letter of this topic tell of it? '' is a letter whose topic is unsure."""
        return self.topic in ("", topic)
