"""What the desk says: every language has all of it, and numbers and times are written as people there write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.web.desk.translations import Speech

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)


def speech(language: str) -> Speech:
    return Speech(language, "Europe/Helsinki", NOW)


@pytest.mark.parametrize(
    ("language", "number", "size", "moment"),
    [
        ("en", "12,345.5", "1.2 MB", "Nov 16 2:05\u202fPM"),
        ("de", "12.345,5", "1,2 MB", "16. Nov. 14:05"),
        ("fi", "12\xa0345,5", "1,2 MB", "16.11. 14.05"),
        ("fr", "12\u202f345,5", "1,2 MB", "16 nov. 14:05"),
        ("es", "12.345,5", "1,2 MB", "16 nov 14:05"),
    ],
)
def test_numbers_and_times_are_written_as_people_there_do(language: str, number: str, size: str, moment: str) -> None:
    said = speech(language)
    assert said.number(12345.5) == number
    assert said.size(1_234_567) == size
    assert said.moment(datetime(2026, 11, 16, 12, 5, tzinfo=UTC)) == moment


def test_today_is_the_day_of_the_operator() -> None:
    said = Speech("de", "Europe/Helsinki", datetime(2026, 11, 18, 22, 30, tzinfo=UTC))  # the 19th there
    assert said.moment(datetime(2026, 11, 18, 23, 0, tzinfo=UTC)) == "01:00"
    assert said.moment(datetime(2026, 11, 18, 20, 0, tzinfo=UTC)) == "18. Nov. 22:00"
    assert said.moment(None) == ""


def test_how_far_from_now() -> None:
    said = speech("en")
    assert said.ago(NOW - timedelta(hours=3)) == "3 hours ago"
    assert said.ago(NOW + timedelta(days=2)) == "in 2 days"
    assert said.ago(NOW) == said.ago(NOW - timedelta(seconds=29)) == "just now"
    assert said.span(timedelta(minutes=20)) == "20 minutes"
    assert said.seconds(90) == "2 minutes"


def test_a_text_with_a_percent_sign_and_no_gaps_is_left_as_it_is() -> None:
    assert speech("en").say("100% sure") == "100% sure"
    assert speech("en").say("%(who)s is sure", who="Anna %s") == "Anna %s is sure"
    assert speech("en").count("%(num)s case", "%(num)s cases", 2) == "2 cases"
