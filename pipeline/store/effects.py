"""The journal of effects: intended → doing → done | waiting | uncertain | failed | cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, func, or_, select, update

from pipeline.records import Address, Effect, EffectKind, EffectState, Outcome
from pipeline.store import answers, schema, templates, tickets
from pipeline.store.database import Database
from pipeline.store.ledger import effect_of, remember_bounce

table = schema.effect
_CLAIMABLE = (EffectState.INTENDED.value, EffectState.WAITING.value)
_NEW = table.c.state == EffectState.INTENDED.value
# Mail that came while a backlog was read (it has a time to be tried already), the rest of what is new, what has waited.
_TURN = case((and_(_NEW, table.c.next_try.is_not(None)), 0), (_NEW, 1), else_=2)
# The time that the letter names, in UTC, so that it sorts as text. New ones need no look into their details.
_PROMISED = case((_NEW, ""), else_=func.coalesce(table.c.details["respond_by"].as_string(), ""))
_SETTLE = (
    update(table)
    .where(table.c.key == bindparam("of"))
    .values(
        state=bindparam("now_in"),
        error=bindparam("why"),
        next_try=bindparam("again"),
        changed=bindparam("at"),
        details=bindparam("told"),
        attempts=table.c.attempts - bindparam("uncounted"),
    )
)


class Effects:
    """The journal, as the engine works it off."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def due(self, kind: EffectKind, now: datetime, limit: int, mailbox: str = "") -> list[Effect]:
        """What may be tried now: new ones (with a time first), then by promise, then by age.

        `mailbox`: only marks in that one.
        """
        query = (
            select(table)
            .where(schema.unfinished, table.c.kind == kind.value, table.c.state.in_(_CLAIMABLE))
            .where(or_(table.c.next_try.is_(None), table.c.next_try <= now))
            .order_by(_TURN, _PROMISED, table.c.created, table.c.key)
        )
        if mailbox:
            query = query.where(table.c.key.like(f"%:mark:{mailbox}:%"))
        with self.database.reading() as connection:
            return [effect_of(row) for row in connection.execute(query.limit(limit))]

    def claim(self, keys: Sequence[str], now: datetime) -> set[str]:
        """intended or waiting → doing, by one conditional UPDATE: whoever changes the row has it."""
        statement = (
            update(table)
            .where(table.c.key.in_(keys), table.c.state.in_(_CLAIMABLE))
            .values(state=EffectState.DOING.value, attempts=table.c.attempts + 1, changed=now)
            .returning(table.c.key)
        )
        with self.database.writing() as connection:
            return set(connection.execute(statement).scalars())

    def settle(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Outcomes of claimed effects, in one transaction and few statements."""
        if outcomes:
            with self.database.writing() as connection:
                settle(connection, outcomes, now)

    def bounced(self, addresses: Sequence[str], since: datetime) -> dict[str, str]:
        """Of these addresses, those to which mail has failed for good since then, with the status."""
        folded = {address: Address(email=address).folded for address in addresses}
        table = schema.bounce.c
        query = select(table.address, table.status).where(table.address.in_({*folded.values()}), table.at > since)
        with self.database.reading() as connection:
            failed: dict[str, str] = {row.address: row.status or "5.0.0" for row in connection.execute(query)}
        return {address: failed[one] for address, one in folded.items() if one in failed}

    def left_over(self, kind: EffectKind, state: EffectState) -> list[Effect]:
        """All effects of a kind in a state: what a crash left in `doing`, what is uncertain."""
        query = select(table).where(table.c.kind == kind.value, table.c.state == state.value)
        with self.database.reading() as connection:
            return [effect_of(row) for row in connection.execute(query.order_by(table.c.created))]

    def of_mail(self, mail_id: str) -> list[Effect]:
        with self.database.reading() as connection:
            rows = connection.execute(select(table).where(table.c.mail_id == mail_id).order_by(table.c.key))
            return [effect_of(row) for row in rows]

    def counts(self) -> dict[str, int]:
        """Effects that are not finished, by state; and the number of all finished ones is not asked: it is large."""
        open_states = [state.value for state in EffectState if state not in (EffectState.DONE, EffectState.CANCELLED)]
        query = (
            select(table.c.state, func.count().label("open"))
            .where(table.c.state.in_(open_states))
            .group_by(table.c.state)
        )
        with self.database.reading() as connection:
            found: dict[str, int] = {row.state: row.open for row in connection.execute(query)}
        return {state: found.get(state, 0) for state in open_states}

    def next_due(self, kind: EffectKind) -> datetime | None:
        """When the first waiting effect wants to be tried again."""
        query = select(func.min(table.c.next_try)).where(
            table.c.kind == kind.value, table.c.state == EffectState.WAITING.value
        )
        with self.database.reading() as connection:
            return connection.execute(query).scalar()


def settle(connection: Connection, outcomes: Sequence[Outcome], now: datetime) -> None:
    """The same inside a transaction that does more."""
    query = select(table.c.key, table.c.mail_id, table.c.details, table.c.recipient)
    found = connection.execute(query.where(table.c.key.in_([outcome.key for outcome in outcomes])))
    rows = {row.key: row for row in found}
    connection.execute(_SETTLE, [_settled(outcome, rows[outcome.key], now) for outcome in outcomes])
    for outcome in outcomes:
        if outcome.bounced:
            row = rows[outcome.key]
            remember_bounce(connection, row.recipient, outcome.bounced, "", now)
            tickets.note_refused(connection, row.mail_id, row.recipient, outcome.bounced, now)
    templates.count_sent(connection, outcomes, now)
    answers.note_sent(connection, outcomes, now)


def _settled(outcome: Outcome, row: Any, now: datetime) -> dict[str, Any]:
    return {
        "of": outcome.key,
        "now_in": outcome.state.value,
        "why": outcome.error,
        "again": outcome.next_try,
        "at": now,
        "told": {**row.details, **outcome.details},
        "uncounted": 0 if outcome.counted else 1,
    }
