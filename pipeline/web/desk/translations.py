"""What the desk says. English is what stands in the code; the other languages are catalogues."""

from __future__ import annotations

import gettext
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

CATALOGUES = Path(__file__).parent.parent / "catalogues"  # LANGUAGE.po each; `make messages` finds what is new
_A_MOMENT = timedelta(seconds=30)
LANGUAGES = {"en": "English", "de": "Deutsch", "es": "Español", "fi": "Suomi", "fr": "Français"}


def N_(text: str) -> str:  # noqa: N802  (the name that the extractor knows)
    """Marks a text that is translated where it is shown."""
    return text


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """Read from the text file, so that there is nothing to compile: 20 ms, once."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    if language == "en":
        return gettext.NullTranslations()
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class Speech:
    """One language, and the time zone of the operator: how texts, numbers and times are shown."""

    def __init__(self, language: str, zone: str, now: datetime) -> None:
        self.language, self.now = language, now
        self._zone = ZoneInfo(zone)
        self._texts = _catalogue(language)

    def say(self, text: str, /, **values: object) -> str:
        """A text of ours; `values` for its %(names)s. What has none is not formatted: a % stays a %."""
        found = self._texts.gettext(text) if text else ""
        return found % values if values else found

    def count(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The same for a number of things, which stands in the text as %(num)s."""
        return self._texts.ngettext(one, many, number) % {"num": self.number(number), **values}

    def number(self, number: float) -> str:
        """As it is written here."""
        from babel.numbers import format_decimal

        return format_decimal(number, locale=self.language)

    def percent(self, share: float | None) -> str:
        """A share as a whole percentage; '' for None."""
        from babel.numbers import format_percent

        return "" if share is None else format_percent(share, locale=self.language)

    def share(self, share: float) -> str:
        """A share with one decimal where it has one: 2.5 %."""
        from babel.numbers import format_percent

        return format_percent(round(share, 3), locale=self.language, decimal_quantization=False)

    def moment(self, at: datetime | None) -> str:
        """Day and time, the time alone today; '' for None."""
        from babel.dates import format_date, format_skeleton, format_time

        if at is None:
            return ""
        local = at.astimezone(self._zone)
        today = self.now.astimezone(self._zone)
        time = format_time(local, "short", locale=self.language)
        if local.date() == today.date():
            return time
        if local.year == today.year:
            return f"{format_skeleton('MMMd', local, locale=self.language)} {time}"
        return f"{format_date(local, 'medium', locale=self.language)} {time}"

    def full_moment(self, at: datetime | None) -> str:
        """Day, time and zone; '' for None."""
        from babel.dates import format_datetime

        return "" if at is None else format_datetime(at.astimezone(self._zone), "long", locale=self.language)

    def full_day(self, at: datetime) -> str:
        """A day with its year."""
        from babel.dates import format_date

        return format_date(at.astimezone(self._zone), "medium", locale=self.language)

    def step(self, name: str) -> str:
        """A day, week or month of figures, as 2026-11-30, 2026-W48 and 2026-11 are written here."""
        from babel.dates import format_skeleton

        if "W" in name:
            return self.say(N_("week %(number)s"), number=name[-2:].lstrip("0"))
        is_day = len(name) > len("2026-11")
        day = datetime.fromisoformat(name if is_day else f"{name}-01")
        return format_skeleton("MMMd" if is_day else "yMMM", day, locale=self.language)

    def weekday(self, day: date) -> str:
        """A day with its weekday, as "Tue, Dec 1"."""
        from babel.dates import format_skeleton

        return format_skeleton("MMMEd", day, locale=self.language)

    def clock(self, at: datetime) -> str:
        """The time of day."""
        from babel.dates import format_time

        return format_time(at.astimezone(self._zone), "short", locale=self.language)

    def ago(self, at: datetime | None) -> str:
        """How far from now, before or after: "3 hours ago", "in 2 days"; '' for None."""
        if at is None:
            return ""
        return self.say(N_("just now")) if abs(at - self.now) < _A_MOMENT else self.distance(at - self.now)

    def distance(self, span: timedelta) -> str:
        """ "in 2 days", "3 hours ago"."""
        from babel.dates import format_timedelta

        return format_timedelta(span, add_direction=True, locale=self.language, threshold=1.2)

    def span(self, span: timedelta | None) -> str:
        """ "3 hours"; '' for None."""
        from babel.dates import format_timedelta

        return "" if span is None else format_timedelta(span, locale=self.language, threshold=1.2)

    def seconds(self, number: float) -> str:
        """The same of so many seconds."""
        return self.span(timedelta(seconds=number))

    def size(self, number: float) -> str:
        """Bytes, as people read them."""
        for unit in ("B", "kB", "MB", "GB"):
            if abs(number) < 1000 or unit == "GB":
                break
            number /= 1000
        return f"{self.number(round(number, 1 if number < 10 and unit != 'B' else 0))} {unit}"
