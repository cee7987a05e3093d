"""Days of a form, as they stand in the address of a page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def beginning(day: str, zone: str) -> datetime | None:
    """When a day begins; None for one that is none: it is left open."""
    return _midnight(day, zone, 0)


def end(day: str, zone: str) -> datetime | None:
    """When it is over; None for one that is none."""
    return _midnight(day, zone, 1)


def _midnight(day: str, zone: str, later: int) -> datetime | None:
    try:
        found = date.fromisoformat(day) + timedelta(days=later)
        return datetime(found.year, found.month, found.day, tzinfo=ZoneInfo(zone))
    except (ValueError, OverflowError):
        return None
