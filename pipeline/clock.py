"""The time, and working time. Nobody else asks what time it is, so that tests can say it."""

from __future__ import annotations

import time as _time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONGEST_CLOSED = timedelta(days=366)  # in one piece: a longer one is a slip of the pen
FARTHEST = 3660  # days we look ahead for working time: ten years without any is a mistake in the configuration


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> datetime:
        """The time, with its zone."""

    def monotonic(self) -> float:
        """Seconds since some moment, for waits: it goes on whatever somebody does to the time."""


class SystemClock:
    """The machine's time, in UTC."""

    def now(self) -> datetime:
        """See Clock.now."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """See Clock.monotonic. On Linux it also counts the time in which the machine was suspended."""
        return _time.clock_gettime(getattr(_time, "CLOCK_BOOTTIME", _time.CLOCK_MONOTONIC))


class FakeClock:
    """A clock that stands until it is moved: for tests and simulations."""

    def __init__(self, at: datetime) -> None:
        self.at = self._began = at

    def now(self) -> datetime:
        """See Clock.now."""
        return self.at

    def monotonic(self) -> float:
        """See Clock.monotonic."""
        return (self.at - self._began).total_seconds()

    def pass_by(self, span: timedelta) -> None:
        """Moves the clock on by `span`."""
        self.at += span

    def put_back(self, span: timedelta) -> None:
        """Somebody sets the time back; no time passes by that."""
        self.at -= span
        self._began -= span


Hours = tuple[tuple[time, time], ...]  # the working intervals of one day; an end of 00:00 is the end of the day
Spans = tuple[tuple[datetime, datetime], ...]


@dataclass(frozen=True, kw_only=True)
class WorkingTime:
    """When people work. Arithmetic runs over real elapsed time, so days with a clock change come out right."""

    timezone: ZoneInfo
    week: Mapping[int, Hours]  # weekday (Monday is 0) → intervals
    holidays: str = ""  # country or country-region of the `holidays` package: "FI", "DE-BY"
    closed: tuple[tuple[date, date], ...] = ()  # our own closing days, first and last of each time
    _years: dict[int, Mapping[date, str]] = field(default_factory=dict, repr=False, compare=False)
    _days: dict[date, Spans] = field(default_factory=dict, repr=False, compare=False)
    _added: dict[tuple[datetime, timedelta], datetime] = field(default_factory=dict, repr=False, compare=False)

    def is_open(self, at: datetime) -> bool:
        """Do people work at this time?"""
        return any(start <= at < end for start, end in self._intervals(at.astimezone(self.timezone).date()))

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself when people work then, else when they begin again."""
        return at if self.is_open(at) else self.add(at, timedelta(0))

    def add(self, at: datetime, span: timedelta) -> datetime:
        """The time when `span` of working time has passed since `at`, in UTC."""
        known = self._added.get((at, span))  # the mails of a batch ask for the same
        if known is None:
            if len(self._added) > FARTHEST:
                self._added.clear()
            known = self._added[at, span] = self._add(at, span)
        return known

    def _add(self, at: datetime, span: timedelta) -> datetime:
        left = span
        for start, end in self._from(at):
            begin = max(start, at)
            if begin + left <= end:
                return (begin + left).astimezone(UTC)
            left -= end - begin
        raise ValueError(f"no {span} of working time within {FARTHEST} days after {at}: check [calendar]")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between the two; nothing when `end` comes first."""
        total = timedelta(0)
        for begin, over in self._from(start) if start < end else ():
            if begin >= end:
                break
            total += min(over, end) - max(begin, start)
        return total

    def hours_of(self, day: date) -> Spans:
        """When people work on a day of this time zone."""
        return self._intervals(day)

    def holiday_of(self, day: date) -> str:
        """The name of the public holiday that it is, ''."""
        return self._holidays_of(day.year).get(day, "")

    def _from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working intervals that end after `at`, in order."""
        day = at.astimezone(self.timezone).date()
        for _ in range(FARTHEST):
            yield from ((start, end) for start, end in self._intervals(day) if end > at)
            day += timedelta(days=1)

    def _intervals(self, day: date) -> Spans:
        """Worked out once a day: every mail asks for the same few."""
        known = self._days.get(day)
        if known is None:
            if len(self._days) > FARTHEST:
                self._days.clear()
            known = self._days[day] = () if self._is_free(day) else tuple(self._worked(day))
        return known

    def _worked(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        for start, end in self.week.get(day.weekday(), ()):
            end_day = day if end > start else day + timedelta(days=1)
            yield self._moment(day, start), self._moment(end_day, end)

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.timezone).astimezone(UTC)

    def _is_free(self, day: date) -> bool:
        return day in self._holidays_of(day.year) or any(first <= day <= last for first, last in self.closed)

    def _holidays_of(self, year: int) -> Mapping[date, str]:
        if not self.holidays:
            return {}
        if year not in self._years:
            from holidays import country_holidays  # slow to import, and most configurations have none

            country, _, region = self.holidays.partition("-")
            self._years[year] = dict(country_holidays(country, subdiv=region or None, years=year))
        return self._years[year]


def parse_hours(text: str) -> dict[int, Hours]:
    """Reads "Mon-Fri 09:00-17:00, Sat 10:00-14:00" ("24:00" ends a day). Raises ValueError with what was expected."""
    week: dict[int, Hours] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        days, _, hours = part.partition(" ")
        start, _, end = hours.strip().partition("-")
        interval = (_time_of_day(start), _time_of_day(end))
        if interval[1] <= interval[0] and interval[1] != time(0):
            raise ValueError(f"'{part}': the end must be later than the start")
        for day in _days(days):
            week[day] = tuple(sorted((*week.get(day, ()), interval)))
    if not week:
        raise ValueError("no working hours; write for example 'Mon-Fri 09:00-17:00'")
    return week


def parse_closed(text: str) -> tuple[date, date]:
    """Reads "2026-12-24" or "2026-12-27..2026-12-31", the last day included. Raises ValueError."""
    first, dots, last = text.partition("..")
    try:
        days = (date.fromisoformat(first.strip()), date.fromisoformat((last if dots else first).strip()))
    except ValueError:
        raise ValueError(f"'{text}' is not a day; write 2026-12-24, or 2026-12-27..2026-12-31") from None
    if not timedelta(0) <= days[1] - days[0] <= LONGEST_CLOSED:
        raise ValueError(f"'{text}': the last day comes after the first, and within a year of it")
    return days


def _days(text: str) -> range:
    first, _, last = text.partition("-")
    try:
        start, end = WEEKDAYS.index(first.title()), WEEKDAYS.index((last or first).title())
    except ValueError:
        raise ValueError(f"'{text}' names no weekdays; write Mon … Sun or Mon-Fri") from None
    if end < start:
        raise ValueError(f"'{text}': the week runs from Mon to Sun")
    return range(start, end + 1)


def _time_of_day(text: str) -> time:
    if text.strip() == "24:00":
        return time(0)
    try:
        return time.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"'{text}' is not a time of day; write for example 09:00") from None
