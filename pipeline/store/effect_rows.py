"""Rows of the journal of effects as nouns."""

from __future__ import annotations

from sqlalchemy import Row

from pipeline.records.effect import Effect, EffectKind, EffectState
from pipeline.records.mail import Location
from pipeline.store import payloads


def effect_of(row: Row[*tuple[object, ...]]) -> Effect:
    """A row of the table `effect` as a noun."""
    return Effect(
        key=row.key,
        mail_id=row.mail_id,
        kind=EffectKind(row.kind),
        state=EffectState(row.state),
        attempts=row.attempts,
        next_try=row.next_try,
        error=row.error,
        message_id=row.message_id,
        recipient=row.recipient,
        location=Location(**row.location) if row.location else None,
        ticket=row.ticket,
        payload=payloads.of_row(row.kind, row.details),
        sent=payloads.sent(row.details),
        resolved=payloads.resolution(row.details),
        restored=payloads.is_restored(row.details),
    )
