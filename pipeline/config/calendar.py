"""[calendar]: when somebody is at work."""

from __future__ import annotations

from functools import cached_property
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from pipeline.clock import WorkingTime, parse_closed, parse_hours
from pipeline.config.values import Section

_COUNTRY = "a country like FI, or a region of it like DE-BY; empty: none"


class CalendarConfig(Section):
    """[calendar]"""

    timezone: str = "UTC"
    hours: str = "Mon-Fri 09:00-17:00"
    holidays: str = Field(default="", pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$", description=_COUNTRY)
    closed: tuple[str, ...] = Field(default=(), strict=False)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("a time zone like Europe/Helsinki") from None
        return value

    @field_validator("hours")
    @classmethod
    def _readable(cls, value: str) -> str:
        parse_hours(value)
        return value

    @field_validator("holidays")
    @classmethod
    def _known_country(cls, value: str) -> str:
        if value:
            from holidays import country_holidays  # loads this country only; a list of all takes a third of a second

            country, _, region = value.partition("-")
            try:
                country_holidays(country, subdiv=region or None)
            except NotImplementedError:
                message = "no holidays are known for that; a country like FI, or a region of it like DE-BY"
                raise ValueError(message) from None
        return value

    @field_validator("closed")
    @classmethod
    def _are_days(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for days in value:
            parse_closed(days)
        return value

    @cached_property
    def working_time(self) -> WorkingTime:
        """When the team works."""
        return WorkingTime(
            timezone=ZoneInfo(self.timezone),
            week=parse_hours(self.hours),
            holidays=self.holidays,
            closed=tuple(parse_closed(days) for days in self.closed),
        )
