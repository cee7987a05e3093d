"""[schedule], [report] and [health]: what runs at set times, who gets the report, and when `status` warns."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field, ValidationInfo, field_validator

from pipeline.config.values import Duration, Section, check_addresses, check_cron


class ScheduleConfig(Section):
    """[schedule]: cron lines in the time zone of [calendar]; empty: never."""

    retrain: str = ""
    reconcile: str = "40 4 * * *"
    report: str = "0 7 * * mon"
    digest: str = "0 8 * * mon-fri"
    leadership: str = "30 7 * * mon"
    survey: str = "*/15 * * * *"
    follow_up: str = "*/5 * * * *"
    backup: str = ""
    purge: str = "20 3 * * *"

    @field_validator("retrain", "reconcile", "report", "digest", "leadership", "survey", "follow_up", "backup", "purge")
    @classmethod
    def _cron_line(cls, value: str, info: ValidationInfo) -> str:
        # Most leave the times as they are, and what reads cron lines is slow to import.
        ours = value == cls.model_fields[str(info.field_name)].default
        return value if ours else check_cron(value)


class ReportConfig(Section):
    """[report]: who gets it by mail, when `[schedule] report` says so."""

    to: tuple[str, ...] = Field(default=(), strict=False)
    days: int = Field(default=7, ge=1, le=366)

    @field_validator("to")
    @classmethod
    def _are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return check_addresses(value)


class HealthConfig(Section):
    """[health]: beyond these `status` is unhealthy."""

    oldest_unprocessed: Duration = timedelta(minutes=15)
    last_pass: Duration = timedelta(minutes=10)
    failed: int = Field(default=0, ge=0)
    uncertain: int = Field(default=0, ge=0)
    parked: int = Field(default=50, ge=0)
    tell: tuple[str, ...] = Field(default=(), strict=False)

    @field_validator("tell")
    @classmethod
    def _are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return check_addresses(value)
