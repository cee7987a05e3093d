"""Times, days, spans and opening hours as customers read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.clock import parse_hours
from pipeline.letter.dates import day, opening_hours, span, when
from tests.samples import NOON


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Wednesday, 18 November, 17:00"),
        ("de", "Mittwoch, 18. November, 17:00 Uhr"),
        ("fr", "mercredi 18 novembre à 17 h"),
        ("es", "miércoles 18 de noviembre a las 17:00"),
        ("fi", "keskiviikkona 18.11. klo 17.00"),
    ],
)
def test_times_are_told_in_the_customers_words_and_our_time_zone(language: str, words: str) -> None:
    assert when(NOON + timedelta(hours=3), language, "Europe/Helsinki") == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "19 November 2026"),
        ("de", "19. November 2026"),
        ("fr", "19 novembre 2026"),
        ("es", "19 de noviembre de 2026"),
        ("fi", "19. marraskuuta 2026"),
    ],
)
def test_a_day_is_that_of_our_time_zone(language: str, words: str) -> None:
    assert day(datetime(2026, 11, 18, 22, 30, tzinfo=UTC), language, "Europe/Helsinki") == words


@pytest.mark.parametrize(
    ("weekday", "words"),
    enumerate("maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina sunnuntaina".split()),
)
def test_all_seven_days_are_inflected_in_finnish(weekday: int, words: str) -> None:
    assert when(datetime(2026, 11, 23 + weekday, 12, tzinfo=UTC), "fi", "UTC").startswith(f"{words} ")


@pytest.mark.parametrize(
    ("language", "hour", "minute", "words"),
    [
        ("es", 1, 0, "martes 1 de diciembre a la 1:00"),
        ("es", 13, 30, "martes 1 de diciembre a las 13:30"),
        ("fr", 8, 30, "mardi 1 décembre à 8 h 30"),
        ("fr", 0, 0, "mardi 1 décembre à 0 h"),
    ],
)
def test_hours_are_told_as_people_of_the_language_write_them(language: str, hour: int, minute: int, words: str) -> None:
    moment = datetime(2026, 12, 1, hour, minute, tzinfo=UTC)
    assert when(moment, language, "UTC").replace("a la 01", "a la 1") == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Wednesday, 18 November, 14:00 (Eastern European Standard Time)"),
        ("de", "Mittwoch, 18. November, 14:00 Uhr (Osteuropäische Normalzeit)"),
        ("fi", "keskiviikkona 18.11. klo 14.00 (Itä-Euroopan normaaliaika)"),
    ],
)
def test_where_the_customer_may_be_elsewhere_the_zone_is_named(language: str, words: str) -> None:
    assert when(NOON, language, "Europe/Helsinki", names_zone=True) == words


def test_no_time_is_no_words() -> None:
    assert (when(None, "en", "UTC"), day(None, "en", "UTC")) == ("", "")


@pytest.mark.parametrize(
    ("minutes", "language", "words"),
    [
        (60, "en", "1 hour"),
        (2400, "en", "40 hours"),
        (90, "en", "90 minutes"),
        (240, "de", "4 Stunden"),
        (240, "fr", "4 heures"),
        (240, "es", "4 horas"),
        (240, "fi", "4 tuntia"),
    ],
)
def test_spans_of_working_time_are_told_in_hours_or_minutes(minutes: int, language: str, words: str) -> None:
    assert span(timedelta(minutes=minutes), language).replace("\xa0", " ") == words


@pytest.mark.parametrize(
    ("hours", "language", "words"),
    [
        ("Mon-Fri 09:00-17:00", "en", "Mon–Fri 09:00–17:00"),
        ("Mon-Fri 09:00-17:00, Sat 10:00-14:00", "de", "Mo–Fr 09:00–17:00; Sa 10:00–14:00"),
        ("Mon-Fri 09:00-12:00, Mon-Fri 13:00-17:00", "es", "lun–vie 09:00–12:00, 13:00–17:00"),
        ("Mon 09:00-17:00, Wed 09:00-17:00", "fr", "lun. 9 h–17 h; mer. 9 h–17 h"),
        ("Mon-Sun 00:00-24:00", "en", "Mon–Sun 00:00–24:00"),
        ("Mon-Fri 09:00-17:00", "fi", "ma–pe 9.00–17.00"),
    ],
)
def test_opening_hours_are_told_by_runs_of_days(hours: str, language: str, words: str) -> None:
    assert opening_hours(parse_hours(hours), language) == words


def test_an_unknown_language_gets_english_rather_than_an_error() -> None:
    assert "2026" in when(NOON, "xx", "UTC")
    assert span(timedelta(hours=4), "xx") == "4 hours"
