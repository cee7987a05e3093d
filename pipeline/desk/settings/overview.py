"""What topics, grants and the calendar cause as they are: who has it, by when, which letters there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.config.settings import Config
from pipeline.config.topics import GrantConfig, TopicConfig
from pipeline.desk.doors import SettingDoors
from pipeline.desk.lint import cells
from pipeline.replies.matrix import Cell

DAYS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicRow:
    """A prepared situation, for a mail that would come now."""

    name: str
    situation: TopicConfig
    tracker: str
    answer_by: datetime | None  # None: the calendar never comes to it
    solved_by: datetime | None
    letters: tuple[tuple[str, bool, bool], ...]  # a language, and whether it has the letter, and that to a complaint
    elsewhere: tuple[str, ...]  # mailboxes that say otherwise of it


def topic_rows(doors: SettingDoors) -> list[TopicRow]:
    """In the order of the file."""
    config, now = doors.config, doors.clock.now()
    every = cells(config, letters=doors.letters)
    return [
        TopicRow(
            name=name,
            situation=topic,
            tracker=config.tracker_of(topic),
            answer_by=by_when(config, now, topic.respond_within),
            solved_by=by_when(config, now, topic.resolve_within),
            letters=_letters([cell for cell in every if cell.topic == name]),
            elsewhere=tuple(mailbox for mailbox, box in config.mailbox.items() if name in box.topics),
        )
        for name, topic in config.topics.items()
    ]


def _letters(of_topic: Sequence[Cell]) -> tuple[tuple[str, bool, bool], ...]:
    found: dict[str, dict[bool, bool]] = {}
    for cell in of_topic:
        found.setdefault(cell.language, {})[cell.complaint] = cell.letter == cell.wanted
    return tuple((language, one.get(False, False), one.get(True, False)) for language, one in sorted(found.items()))


def by_when(config: Config, now: datetime, span: timedelta) -> datetime | None:
    """When so much working time has passed from now on; None: not within ten years."""
    try:
        return config.calendar.working_time.add(now, span)
    except ValueError:
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class GrantRow:
    """What may be given, and where."""

    name: str
    grant: GrantConfig
    topics: tuple[str, ...]  # that allow it


def grant_rows(config: Config) -> list[GrantRow]:
    """In the order of the file."""
    return [
        GrantRow(
            name=name,
            grant=grant,
            topics=tuple(topic for topic, one in config.topics.items() if name in one.may_grant),
        )
        for name, grant in config.grants.items()
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarDay:
    """A day to come."""

    day: date
    hours: tuple[tuple[datetime, datetime], ...]  # when somebody works
    holiday: str  # its name, ''
    closed: bool  # a closing day of our own


def next_days(config: Config, now: datetime, number: int = DAYS) -> list[CalendarDay]:
    """From today on, in the time zone of [calendar]."""
    working_time = config.calendar.working_time
    today = now.astimezone(working_time.timezone).date()
    return [
        CalendarDay(
            day=day,
            hours=working_time.hours_of(day),
            holiday=working_time.holiday_of(day),
            closed=any(first <= day <= last for first, last in working_time.closed),
        )
        for day in (today + timedelta(days=one) for one in range(number))
    ]


def needs_of(rows: Sequence[TopicRow], name: str) -> tuple[list[str], list[str]]:
    """What a topic lacks to be whole: languages without its letter, and without that to a complaint."""
    row = next(one for one in rows if one.name == name)
    plain = [language for language, there, _ in row.letters if not there]
    complaints = [language for language, _, there in row.letters if not there]
    return plain, complaints
