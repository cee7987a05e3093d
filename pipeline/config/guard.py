"""[guard]: may a robot answer."""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from pipeline.config.values import Duration, Rate, RateText, Section


class GuardConfig(Section):
    """[guard]"""

    allow: tuple[str, ...] = Field(default=(), strict=False)
    forms: tuple[str, ...] = Field(default=(), strict=False)
    authserv: tuple[str, ...] = Field(default=(), strict=False)
    limit_thread: RateText = Rate(count=1, window=timedelta(days=1))
    limit_sender: RateText = Rate(count=10, window=timedelta(days=1))
    limit_domain: RateText = Rate(count=500, window=timedelta(hours=1))
    limit_system: RateText = Rate(count=5000, window=timedelta(hours=1))
    same_subject: RateText = Rate(count=1, window=timedelta(days=1))
    bounce_memory: Duration = timedelta(days=60)
