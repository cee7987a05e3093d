"""Working time against tables computed by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipeline.clock import WorkingTime, parse_closed, parse_hours


def office(
    zone: str = "Europe/Helsinki", hours: str = "Mon-Fri 09:00-17:00", holidays: str = "", closed: tuple[str, ...] = ()
) -> WorkingTime:
    days = tuple(parse_closed(text) for text in closed)
    return WorkingTime(timezone=ZoneInfo(zone), week=parse_hours(hours), holidays=holidays, closed=days)


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


ALWAYS = "Mon-Sun 00:00-24:00"
OFFICE = "Mon-Fri 09:00-17:00"
HELSINKI, NEW_YORK, SYDNEY = "Europe/Helsinki", "America/New_York", "Australia/Sydney"


@pytest.mark.parametrize(
    ("zone", "hours", "start", "span", "end"),
    [
        # Helsinki: forward on 29 March 2026 at 03:00 (to 04:00), back on 25 October at 04:00 (to 03:00).
        (HELSINKI, ALWAYS, "2026-03-28T12:00", 24, "2026-03-29T13:00"),
        (HELSINKI, ALWAYS, "2026-10-24T12:00", 24, "2026-10-25T11:00"),
        (HELSINKI, ALWAYS, "2026-03-29T02:59:59", 1, "2026-03-29T04:59:59"),
        (HELSINKI, ALWAYS, "2026-03-29T00:00", 23, "2026-03-30T00:00"),  # a day of 23 hours
        (HELSINKI, ALWAYS, "2026-10-25T00:00", 25, "2026-10-26T00:00"),  # and one of 25
        (HELSINKI, OFFICE, "2026-03-27T16:00", 2, "2026-03-30T10:00"),
        (HELSINKI, OFFICE, "2026-10-23T16:00", 2, "2026-10-26T10:00"),
        (HELSINKI, "Sun 01:00-05:00", "2026-03-29T01:00", 3, "2026-03-29T05:00"),  # only three hours of work that night
        (HELSINKI, "Sun 01:00-05:00", "2026-10-25T01:00", 5, "2026-10-25T05:00"),  # five in this one
        (HELSINKI, OFFICE, "2026-11-18T16:59:59", 4, "2026-11-19T12:59:59"),  # the last second of a working day
        (HELSINKI, OFFICE, "2026-11-18T23:59:59", 4, "2026-11-19T13:00"),  # the last second of a day
        (HELSINKI, ALWAYS, "2026-12-31T23:59:59", 1, "2027-01-01T00:59:59"),
        # New York: forward on 8 March 2026 at 02:00 (to 03:00), back on 1 November at 02:00 (to 01:00).
        (NEW_YORK, ALWAYS, "2026-03-07T12:00", 24, "2026-03-08T13:00"),
        (NEW_YORK, ALWAYS, "2026-10-31T12:00", 24, "2026-11-01T11:00"),
        (NEW_YORK, OFFICE, "2026-03-06T16:59:59", 1, "2026-03-09T09:59:59"),
        (NEW_YORK, OFFICE, "2026-10-30T16:59:59", 1, "2026-11-02T09:59:59"),
        # Sydney, the other way round: back on 5 April 2026 at 03:00 (to 02:00), forward on 4 October at 02:00.
        (SYDNEY, ALWAYS, "2026-04-04T12:00", 24, "2026-04-05T11:00"),
        (SYDNEY, ALWAYS, "2026-10-03T12:00", 24, "2026-10-04T13:00"),
        (SYDNEY, OFFICE, "2026-04-03T16:59:59", 1, "2026-04-06T09:59:59"),
        (SYDNEY, OFFICE, "2026-10-02T16:00", 9, "2026-10-05T17:00"),  # an hour, and the whole of Monday
    ],
)
def test_clock_changes_and_last_seconds_in_three_time_zones(
    zone: str, hours: str, start: str, span: int, end: str
) -> None:
    due = office(zone, hours).add(at(start, zone), timedelta(hours=span))
    assert due == at(end, zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "holidays", "start", "span", "end"),
    [
        (HELSINKI, "FI", "2026-04-02T16:00", 2, "2026-04-07T10:00"),  # Thursday before Good Friday and Easter Monday
        (HELSINKI, "FI", "2026-12-24T16:00", 1, "2026-12-28T10:00"),  # Christmas Eve is one of Finland's own
        ("Europe/Berlin", "DE-BY", "2026-01-05T16:00", 2, "2026-01-07T10:00"),  # Epiphany is one in Bavaria …
        ("Europe/Berlin", "DE-HH", "2026-01-05T16:00", 2, "2026-01-06T10:00"),  # … and none in Hamburg
        (NEW_YORK, "US", "2026-07-02T16:00", 2, "2026-07-06T10:00"),  # 4 July is a Saturday, so Friday is free
    ],
)
def test_holidays_of_a_country_and_of_a_region(zone: str, holidays: str, start: str, span: int, end: str) -> None:
    assert office(zone, OFFICE, holidays).add(at(start, zone), timedelta(hours=span)) == at(end, zone)


def test_closing_days_of_ones_own_are_no_working_days() -> None:
    hours = office(closed=("2026-12-24", "2026-12-28..2026-12-31"))
    assert hours.add(at("2026-12-23T16:00"), timedelta(hours=2)) == at("2026-12-25T10:00")
    assert hours.add(at("2026-12-25T16:00"), timedelta(hours=2)) == at("2027-01-01T10:00")
    assert hours.next_opening(at("2026-12-28T12:00")) == at("2027-01-01T09:00")
    assert not hours.is_open(at("2026-12-31T12:00"))


def test_closing_days_are_written_as_a_day_or_from_one_to_another() -> None:
    assert parse_closed("2026-12-24") == (date(2026, 12, 24), date(2026, 12, 24))
    assert parse_closed("2026-12-27 .. 2027-01-02") == (date(2026, 12, 27), date(2027, 1, 2))


@pytest.mark.parametrize(
    "text", ["", "24.12.2026", "2026-12-24..", "2026-12-31..2026-12-27", "2026-02-30", "2026..2027"]
)
def test_closing_days_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_closed(text)


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
