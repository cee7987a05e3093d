"""[privacy]: how long personal data is kept, and what an erasure reaches."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import Field

from pipeline.config.values import Duration, Kept, Section
from pipeline.records.personal import KeptFor

DAY = timedelta(days=1)


class PrivacyConfig(Section):
    """[privacy]: None is for ever."""

    keep_raw: Kept = 30 * DAY
    keep_mail: Kept = 365 * DAY
    keep_ticket: Kept = 1095 * DAY
    keep_answers: Kept = 730 * DAY
    keep_logs: Kept = 90 * DAY
    keep_training: Kept = 1095 * DAY
    mailbox: bool = False
    min_senders: int = Field(default=5, ge=2, le=1000)
    retrain_within: Duration = Field(default=7 * DAY, ge=DAY)

    def over_before(self, clock: KeptFor, now: datetime) -> datetime | None:
        """What began before this moment is over by this clock; None: nothing ever is."""
        kept: timedelta | None = getattr(self, clock.value)
        return now - kept if kept is not None else None

    @property
    def shortest(self) -> timedelta | None:
        """For how long mail is kept at least, in whatever form; None: for ever."""
        kept = [one for one in (self.keep_raw, self.keep_mail) if one is not None]
        return min(kept) if kept else None
