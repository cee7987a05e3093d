"""The journal of effects: intended → doing → done | waiting | uncertain | failed | cancelled."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import JSON, ColumnElement, Connection, Row, and_, bindparam, func, literal_column, or_, select, update

from pipeline.records.effect import Effect, EffectKind, EffectState, Outcome
from pipeline.records.mail import Address
from pipeline.store import answers, bounces, payloads, schema, sent_answers, templates, tickets, workers
from pipeline.store.database import Database, joined
from pipeline.store.effect_rows import effect_of
from pipeline.store.past import KNOWN

table = schema.effect
_CLAIMABLE = (EffectState.INTENDED.value, EffectState.WAITING.value)
_IN_TIME = table.c.next_try <= bindparam("now")
_INTENDED = and_(schema.unfinished, table.c.state == literal_column("'intended'"))
# Mail that came while a backlog was read (it has a time to be tried already), the rest of what is new, what has waited
# by promise. Three questions, as an index answers each in its order: 100,000 that wait are not sorted for each few.
_TURNS = tuple(
    select(table)
    .where(state, table.c.kind == bindparam("kind"), when)
    .order_by(*order, table.c.created, table.c.key)
    .limit(bindparam("most"))
    for state, when, order in (
        (_INTENDED, _IN_TIME, (table.c.next_try,)),
        (_INTENDED, table.c.next_try.is_(None), ()),
        (schema.waiting, or_(table.c.next_try.is_(None), _IN_TIME), (table.c.promised,)),
    )
)
_CLAIM = (
    update(table)
    .where(table.c.key.in_(bindparam("keys", expanding=True)), table.c.state.in_(_CLAIMABLE))
    .values(
        state=EffectState.DOING.value,
        attempts=table.c.attempts + 1,
        changed=bindparam("now"),
        claimed_by=bindparam("worker"),
    )
    .returning(table.c.key)
)
_PUT_BACK = (
    update(table)
    .where(
        table.c.key.in_(bindparam("keys", expanding=True)),
        table.c.state == EffectState.DOING.value,
        table.c.claimed_by == bindparam("worker"),
    )
    .values(state=EffectState.WAITING.value, attempts=table.c.attempts - 1)
)
_DOING = EffectState.DOING.value
_LEFT = (EffectState.UNCERTAIN.value, EffectState.WAITING.value)
_ABANDONED = and_(table.c.state == _DOING, table.c.claimed_by.not_in(workers.at_work()))
_BOUNCED = select(schema.bounce.c.address, schema.bounce.c.status).where(
    schema.bounce.c.address.in_(bindparam("addresses", expanding=True)), schema.bounce.c.at > bindparam("since")
)
_SETTLE = (
    update(table)
    .where(table.c.key == bindparam("of"))
    .values(
        state=bindparam("now_in"),
        error=bindparam("why"),
        next_try=bindparam("again"),
        changed=bindparam("at"),
        attempts=table.c.attempts - bindparam("uncounted"),
    )
)
_OPEN = select(func.count()).select_from(
    select(table.c.key)
    .where(schema.unfinished, table.c.kind.in_(bindparam("kinds", expanding=True)), table.c.state.in_(_CLAIMABLE))
    .limit(bindparam("most"))
    .subquery()
)
_DUE_EARLIER = update(table).where(table.c.key == bindparam("of")).values(next_try=bindparam("again"))
_TOLD = bindparam("told", type_=JSON)


class Effects:
    """The journal, as the engine processes it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._claiming = threading.RLock()
        self._perhaps_claimed: list[str] = []  # keys: the database was lost before it said that it had done so

    def due(self, kind: EffectKind, now: datetime, limit: int, mailbox: str = "") -> list[Effect]:
        """What may be tried now: new ones (with a time first), then by promise, then by age.

        `mailbox`: only marks in that one.
        """
        self._put_back()
        with self.database.reading() as connection:
            return _due(connection, kind, now, limit, mailbox)

    def take(self, kind: EffectKind, now: datetime, limit: int) -> list[Effect]:
        """Claims what is due, in the same order. Where several work on a database, in one step, which passes over what
        others are just claiming: else all of them would ask for the same ones, and one would get them."""
        if not self.database.worker:
            due = self.due(kind, now, limit)
            won = self.claim([effect.key for effect in due], now)
            return [effect for effect in due if effect.key in won]
        with self._claiming:
            self._put_back()
            with self.database.writing() as connection:
                due = _due(connection, kind, now, limit, skip_locked=True)
                self._perhaps_claimed = [effect.key for effect in due]
                if due:
                    connection.execute(_CLAIM, self._claimed(self._perhaps_claimed, now))
            self._perhaps_claimed = []
            return due

    def count_open(self, kinds: Sequence[EffectKind], most: int) -> int:
        """How many of these kinds are intended or waiting; `most` stands for more: counting all of a backlog would take
        its time."""
        with self.database.reading() as connection:
            return connection.execute(_OPEN, {"kinds": [kind.value for kind in kinds], "most": most}).scalar_one()

    def claim(self, keys: Sequence[str], now: datetime) -> set[str]:
        """intended or waiting → doing, by one conditional UPDATE: whoever changes the row has it."""
        with self._claiming:
            self._put_back()
            self._perhaps_claimed = list(keys)
            with self.database.writing() as connection:
                won = set(connection.execute(_CLAIM, self._claimed(keys, now)).scalars())
            self._perhaps_claimed = []
            return won

    def _claimed(self, keys: Sequence[str], now: datetime) -> dict[str, object]:
        return {"keys": list(keys), "now": now, "worker": self.database.worker}

    def _put_back(self) -> None:
        """A claim whose commit was not answered may have been made all the same, and nobody works on it."""
        with self._claiming:
            if self._perhaps_claimed:
                with self.database.writing() as connection:
                    connection.execute(_PUT_BACK, {"keys": self._perhaps_claimed, "worker": self.database.worker})
                self._perhaps_claimed = []

    def settle(self, outcomes: Sequence[Outcome], now: datetime, was: EffectState = EffectState.DOING) -> None:
        """Outcomes of claimed effects, in one transaction and few statements.

        Those that nobody has claimed may change meanwhile: they are settled where they still are what they `was`.
        """
        if outcomes:
            with self.database.writing() as connection:
                if was is not EffectState.DOING:
                    every, outcomes = outcomes, _still(connection, outcomes, table.c.state == was.value)
                    for closed in (one for one in every if one.well and one not in outcomes):
                        bounces.forget(connection, _recipient(connection, closed))  # a person closed it meanwhile
                elif self.database.worker:
                    outcomes = ours(connection, outcomes, self.database.worker)
                settle(connection, outcomes, now)

    def settle_abandoned(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Outcomes of what `abandoned` has found, where that is still so."""
        if outcomes:
            with self.database.writing() as connection:
                settle(connection, _still(connection, outcomes, _ABANDONED), now)

    def abandoned(self, kind: EffectKind) -> list[Effect]:
        """What is `doing`, but nobody does it any more: what a crash left, or a worker that was lost."""
        query = select(table).where(schema.unfinished, table.c.kind == kind.value, _ABANDONED)
        with self.database.reading() as connection:
            return [effect_of(row) for row in connection.execute(query.order_by(table.c.created))]

    def bounced(self, addresses: Sequence[str], since: datetime) -> dict[str, str]:
        """Of these addresses, those to which mail has failed permanently since then, with the status."""
        folded = {address: Address(email=address).folded for address in addresses}
        asked = {"addresses": [*{*folded.values()}], "since": since}
        with self.database.reading() as connection:
            failed: dict[str, str] = {row.address: row.status or "5.0.0" for row in connection.execute(_BOUNCED, asked)}
        return {address: failed[one] for address, one in folded.items() if one in failed}

    def sent_to_known(self, since: datetime) -> int:
        """Acknowledgements since then that counted against the budget of those who are known."""
        counted = schema.acknowledgement.c
        query = select(func.count()).where(counted.at > since, counted.budget == KNOWN)
        with self.database.reading() as connection:
            return connection.execute(query).scalar_one()

    def bring_forward(self, span: timedelta, now: datetime) -> None:
        """The clock was put back by so much: what waits is due as much earlier."""
        waiting = select(table.c.key, table.c.next_try).where(schema.unfinished, table.c.next_try > now)
        with self.database.writing() as connection:
            rows = [{"of": key, "again": max(now, at - span)} for key, at in connection.execute(waiting)]
            if rows:
                connection.execute(_DUE_EARLIER, rows)

    def left_over(self, kind: EffectKind, state: EffectState) -> list[Effect]:
        """All effects of a kind in a state: what a crash left in `doing`, what is uncertain."""
        query = select(table).where(table.c.kind == kind.value, table.c.state == state.value)
        if state not in (EffectState.DONE, EffectState.CANCELLED):
            query = query.where(schema.unfinished)  # says nothing new, but is what the index is for
        with self.database.reading() as connection:
            return [effect_of(row) for row in connection.execute(query.order_by(table.c.created))]

    def of_mail(self, mail_id: str) -> list[Effect]:
        """All effects of a mail, by key."""
        with self.database.reading() as connection:
            rows = connection.execute(select(table).where(table.c.mail_id == mail_id).order_by(table.c.key))
            return [effect_of(row) for row in rows]

    def counts(self) -> dict[str, int]:
        """Effects that are not finished, by state; and the number of all finished ones is not asked: it is large."""
        open_states = [state.value for state in EffectState if state not in (EffectState.DONE, EffectState.CANCELLED)]
        query = (
            select(table.c.state, func.count().label("open"))
            .where(schema.unfinished, table.c.state.in_(open_states))  # the former for the index
            .group_by(table.c.state)
        )
        with self.database.reading() as connection:
            found: dict[str, int] = {row.state: row.open for row in connection.execute(query)}
        return {state: found.get(state, 0) for state in open_states}


def _due(
    connection: Connection, kind: EffectKind, now: datetime, limit: int, mailbox: str = "", *, skip_locked: bool = False
) -> list[Effect]:
    found: list[Row[*tuple[object, ...]]] = []
    for query in _TURNS:
        if mailbox:
            query = query.where(table.c.key.like(f"%:mark:{mailbox}:%"))
        if skip_locked:
            query = query.with_for_update(skip_locked=True)
        values = {"kind": kind.value, "now": now, "most": limit - len(found)}
        found += connection.execute(query, values) if len(found) < limit else ()
    return [effect_of(row) for row in found]


def _still(connection: Connection, outcomes: Sequence[Outcome], so: ColumnElement[bool]) -> list[Outcome]:
    """Those whose effects are so, held until the transaction ends."""
    keys = [outcome.key for outcome in outcomes]
    query = select(table.c.key).where(table.c.key.in_(keys), so).with_for_update()
    still = set(connection.execute(query).scalars())
    return [outcome for outcome in outcomes if outcome.key in still]


def ours(connection: Connection, outcomes: Sequence[Outcome], worker: str) -> list[Outcome]:
    """Of what this worker has claimed. Whoever was silent for too long has lost its claims; that a letter of those was
    taken is still worth knowing, unless somebody else has it in hand by now."""
    found = _still(connection, outcomes, (table.c.state == _DOING) & (table.c.claimed_by == worker))
    late = [one for one in outcomes if one not in found and one.state is EffectState.DONE]
    return [*found, *_still(connection, late, or_(table.c.state.in_(_LEFT), _ABANDONED))] if late else found


def settle(connection: Connection, outcomes: Sequence[Outcome], now: datetime) -> None:
    """The same inside a transaction that does more."""
    answered = sent_answers.news_of(connection, outcomes)
    telling = [(outcome, told) for outcome in outcomes if (told := payloads.of_outcome(outcome))]
    if telling:
        statement = _SETTLE.values(details=joined(connection, table.c.details, _TOLD))
        connection.execute(statement, [_settled(one, now) | {"told": told} for one, told in telling])
    silent = [_settled(one, now) for one in outcomes if not payloads.of_outcome(one)]
    if silent:
        connection.execute(_SETTLE, silent)
    for outcome in outcomes:
        if outcome.bounced:
            _note_refused(connection, outcome, now)
        if outcome.well:
            bounces.forget(connection, _recipient(connection, outcome))
    templates.count_sent(connection, outcomes, now)
    answers.note_sent(connection, outcomes, now)
    sent_answers.note(connection, answered, now)


def _settled(outcome: Outcome, now: datetime) -> dict[str, object]:
    return {
        "of": outcome.key,
        "now_in": outcome.state.value,
        "why": outcome.error,
        "again": outcome.next_try,
        "at": now,
        "uncounted": outcome.forgotten + (0 if outcome.counted else 1),
    }


def _recipient(connection: Connection, outcome: Outcome) -> str:
    return str(connection.execute(select(table.c.recipient).where(table.c.key == outcome.key)).scalar_one())


def _note_refused(connection: Connection, outcome: Outcome, now: datetime) -> None:
    query = select(table.c.mail_id, table.c.recipient).where(table.c.key == outcome.key)
    row = connection.execute(query).one()
    bounces.remember(connection, row.recipient, outcome.bounced, "", now)
    tickets.note_refused(connection, row.mail_id, row.recipient, outcome.bounced, now)
