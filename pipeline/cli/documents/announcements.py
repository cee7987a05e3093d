"""What `announcement` prints for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, NotRequired, TypedDict

from pipeline.records.announcement import Announcement


class AnnouncementDocument(TypedDict):
    """A known problem that letters tell of."""

    id: int
    topic: Annotated[str, "empty: every letter tells of it"]
    texts: Annotated[dict[str, str], "by language"]
    since: datetime
    until: Annotated[datetime | None, "when it ends by itself"]
    ended: Annotated[datetime | None, "when a person has ended it"]
    in_force: bool
    by: str
    told: NotRequired[Annotated[int, "customers who hear that it is over: with `end --tell`"]]


def announcement_document(one: Announcement, now: datetime) -> AnnouncementDocument:
    """One of them, as it is now."""
    return {
        "id": one.id,
        "topic": one.topic,
        "texts": dict(one.texts),
        "since": one.since,
        "until": one.until,
        "ended": one.ended,
        "in_force": one.holds(now),
        "by": one.author,
    }
