"""Times, days, spans and opening hours in the customer's words, in the time zone of `[calendar]`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipeline.clock import Hours

if TYPE_CHECKING:
    from babel import Locale

# Babel's own patterns name the seconds and the zone, or put the month first; these are what people write.
# The time of day stands for itself: there are few days and few times, and each is put into words once.
_WHEN = {
    "en": "EEEE, d MMMM, '{}'",
    "de": "EEEE, d. MMMM, '{}' 'Uhr'",
    "fr": "EEEE d MMMM 'à' '{}'",
    "es": "EEEE d 'de' MMMM '{}'",
    "fi": "EEEE d.M. 'klo' '{}'",
}
_DAY = {"en": "d MMMM yyyy"}
_TIME = {"fi": "H.mm"}


@lru_cache(maxsize=1024)  # promises are to the minute, so the letters of a minute share them
def when(moment: datetime | None, language: str, timezone: str, *, names_zone: bool = False) -> str:
    """Day and time: "Tuesday, 24 November, 12:30"; '' for None. `names_zone`: with the name of the zone in brackets."""
    if moment is None:
        return ""
    local = _local(moment, timezone)
    if language not in _WHEN:
        return _in_full(local, language)
    text = _formatted(local.date(), _WHEN[language], language).replace("{}", _at(local.time(), language))
    return f"{text} ({_zone(local, language)})" if names_zone else text


def _at(time_of_day: time, language: str) -> str:
    """In Spanish "a las 17:00", but "a la 1:00"."""
    clock = _clock(time_of_day, language)
    return f"{'a la' if time_of_day.hour == 1 else 'a las'} {clock}" if language == "es" else clock


def _zone(local: datetime, language: str) -> str:
    from babel.dates import get_timezone_name

    return get_timezone_name(local, "long", locale=_locale(language))


@lru_cache(maxsize=1024)
def day(moment: datetime | None, language: str, timezone: str) -> str:
    """The day: "24 November 2026"; '' for None."""
    return _formatted(_local(moment, timezone).date(), _DAY.get(language, "long"), language) if moment else ""


def _local(moment: datetime, timezone: str) -> datetime:
    return moment.astimezone(ZoneInfo(timezone)).replace(second=0, microsecond=0)


def _in_full(local: datetime, language: str) -> str:
    from babel.dates import format_datetime

    return format_datetime(local, "full", tzinfo=local.tzinfo, locale=_locale(language))


@lru_cache(maxsize=1024)
def _formatted(at: date, pattern: str, language: str) -> str:
    from babel.dates import format_date

    text: str = format_date(at, pattern, locale=_locale(language))
    # CLDR 48 inflects the other six: "maanantaina", but "sunnuntai".
    return text.replace("sunnuntai ", "sunnuntaina ") if language == "fi" else text


@lru_cache(maxsize=1024)
def span(length: timedelta, language: str) -> str:
    """A span of working time: "4 hours". Never in days, for nobody knows how long a working day is."""
    from babel.units import format_unit

    minutes = round(length.total_seconds() / 60)
    count, unit = (minutes // 60, "duration-hour") if minutes % 60 == 0 else (minutes, "duration-minute")
    return format_unit(count, unit, length="long", locale=_locale(language))


def opening_hours(week: Mapping[int, Hours], language: str) -> str:
    """ "Mon–Fri 09:00–12:00, 13:00–17:00; Sat 10:00–14:00"."""
    return _opening_hours(tuple(week.get(weekday, ()) for weekday in range(7)), language)


@lru_cache(maxsize=64)
def _opening_hours(week: tuple[Hours, ...], language: str) -> str:
    days = list(enumerate(week))
    runs = [(hours, [weekday for weekday, _ in run]) for hours, run in groupby(days, key=lambda pair: pair[1])]
    return "; ".join(f"{_days(run, language)} {_hours(hours, language)}" for hours, run in runs if hours)


def _days(run: list[int], language: str) -> str:
    names = _locale(language).days["stand-alone"]["abbreviated"]
    return names[run[0]] if len(run) == 1 else f"{names[run[0]]}–{names[run[-1]]}"


def _hours(hours: Hours, language: str) -> str:
    return ", ".join(f"{_clock(start, language)}–{_clock(end, language, is_end=True)}" for start, end in hours)


@lru_cache(maxsize=8192)
def _clock(at: time, language: str, *, is_end: bool = False) -> str:
    from babel.dates import format_time

    if language == "fr" and not is_end:
        return f"{at.hour} h" + (f" {at.minute:02}" if at.minute else "")
    if language == "fr":
        return _french_end(at)
    pattern = _TIME.get(language, "HH:mm")
    if is_end and at == time(0):
        return "24" + format_time(at, pattern, locale=_locale(language))[-3:]
    return format_time(at, pattern, locale=_locale(language))


def _french_end(at: time) -> str:
    """Midnight ends a day as its 24th hour."""
    return "24 h" if at == time(0) else _clock(at, "fr")


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    """An unknown language is spoken of in English rather than not at all."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")
