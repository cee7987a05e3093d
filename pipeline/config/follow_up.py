"""[follow_up]: how promises and quiet tickets are followed up."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field, field_validator

from pipeline.config.values import Duration, Section, check_addresses


class FollowUpConfig(Section):
    """[follow_up]: promises are watched, and customers hear where they stand."""

    due_soon: float = Field(default=0.25, gt=0, lt=1)
    chain: tuple[str, ...] = Field(default=(), strict=False)
    staff: tuple[str, ...] = Field(default=(), strict=False)
    leadership: tuple[str, ...] = Field(default=(), strict=False)
    renewals: int = Field(default=2, ge=0, le=20)
    quiet_after: Duration = timedelta(days=14)
    close_after: Duration = timedelta(days=7)
    repeats: Duration = timedelta(days=30)
    tell_moves: bool = True

    @field_validator("chain", "staff", "leadership")
    @classmethod
    def _are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return check_addresses(value)
