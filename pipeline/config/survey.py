"""[survey]: who is asked what, and when."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Literal

from pydantic import field_validator

from pipeline.config.values import Duration, Section, parse_quiet


class SurveyConfig(Section):
    """[survey]: who is asked what, and when."""

    resolved: Literal["nothing", "csat", "ces", "outcome", "treatment", "either", "quality"] = "nothing"
    nps: bool = False
    wait: Duration = timedelta(days=1)
    quiet: str = "20:00-08:00"
    expires: Duration = timedelta(days=30)

    @field_validator("quiet")
    @classmethod
    def _times_of_day(cls, value: str) -> str:
        parse_quiet(value)
        return value

    @property
    def quiet_hours(self) -> tuple[time, time]:
        """From when until when nothing is sent; alike: no quiet hours."""
        return parse_quiet(self.quiet)
