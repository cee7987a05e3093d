"""Working time against tables computed by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipeline.clock import WorkingTime, parse_hours


def office(zone: str = "Europe/Helsinki", hours: str = "Mon-Fri 09:00-17:00", holidays: str = "") -> WorkingTime:
    return WorkingTime(timezone=ZoneInfo(zone), week=parse_hours(hours), holidays=holidays)


def at(text: str, zone: str = "Europe/Helsinki") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-18T10:00", 4, "2026-11-18T14:00"),  # inside one day
        ("2026-11-18T15:00", 4, "2026-11-19T11:00"),  # over night
        ("2026-11-20T16:00", 4, "2026-11-23T12:00"),  # over the weekend
        ("2026-11-21T12:00", 4, "2026-11-23T13:00"),  # from a Saturday
        ("2026-11-18T06:00", 1, "2026-11-18T10:00"),  # before work begins
        ("2026-11-18T16:59", 8, "2026-11-19T16:59"),
        ("2026-11-18T10:00", 40, "2026-11-25T10:00"),  # a working week
        ("2026-11-18T09:00", 8, "2026-11-18T17:00"),  # to the last minute of the day
    ],
)
def test_a_promise_falls_into_working_hours(start: str, hours: int, end: str) -> None:
    assert office().add(at(start), timedelta(hours=hours)) == at(end)


def test_a_holiday_next_to_a_weekend_is_no_working_day() -> None:
    # 6 December 2027, Finland's independence day, is a Monday.
    assert office(holidays="FI").add(at("2027-12-03T16:00"), timedelta(hours=2)) == at("2027-12-07T10:00")
    assert office().add(at("2027-12-03T16:00"), timedelta(hours=2)) == at("2027-12-06T10:00")


def test_round_the_clock_hours_count_real_time_over_both_clock_changes() -> None:
    always = office("Europe/Berlin", "Mon-Sun 00:00-24:00")
    spring, autumn = at("2026-03-28T12:00", "Europe/Berlin"), at("2026-10-24T12:00", "Europe/Berlin")
    assert always.add(spring, timedelta(hours=24)) == at("2026-03-29T13:00", "Europe/Berlin")
    assert always.add(autumn, timedelta(hours=24)) == at("2026-10-25T11:00", "Europe/Berlin")


def test_office_hours_stay_where_they_are_after_a_clock_change() -> None:
    newyork = office("America/New_York")
    start = at("2026-10-30T16:00", "America/New_York")  # a Friday; clocks go back on Sunday
    assert newyork.add(start, timedelta(hours=2)) == at("2026-11-02T10:00", "America/New_York")


def test_open_and_next_opening() -> None:
    hours = office(hours="Mon-Fri 09:00-12:00, Mon-Fri 13:00-17:00")
    assert hours.is_open(at("2026-11-18T09:00"))
    assert not hours.is_open(at("2026-11-18T12:30"))
    assert not hours.is_open(at("2026-11-18T17:00"))
    assert hours.next_opening(at("2026-11-18T12:30")) == at("2026-11-18T13:00")
    assert hours.next_opening(at("2026-11-20T18:00")) == at("2026-11-23T09:00")


def test_a_result_is_in_utc() -> None:
    assert office().add(at("2026-11-18T10:00"), timedelta(hours=1)).tzinfo is UTC


@pytest.mark.parametrize("text", ["", "Mon", "Mon 9-17", "Fry 09:00-17:00", "Fri-Mon 09:00-17:00", "Mon 17:00-09:00"])
def test_hours_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_hours(text)


def test_no_working_time_at_all_is_an_error_and_no_endless_loop() -> None:
    closed = WorkingTime(timezone=ZoneInfo("UTC"), week={})
    with pytest.raises(ValueError, match="check \\[calendar\\]"):
        closed.add(datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=1))
