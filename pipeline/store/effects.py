"""The journal of effects: intended → doing → done | waiting | uncertain | failed | cancelled."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import JSON, Connection, Row, and_, bindparam, func, literal_column, or_, select, update

from pipeline.records.effect import Effect, EffectKind, EffectState, Outcome
from pipeline.records.mail import Address
from pipeline.store import answers, bounces, payloads, schema, sent_answers, templates, tickets
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
    .values(state=EffectState.DOING.value, attempts=table.c.attempts + 1, changed=bindparam("now"))
    .returning(table.c.key)
)
_PUT_BACK = (
    update(table)
    .where(table.c.key.in_(bindparam("keys", expanding=True)), table.c.state == EffectState.DOING.value)
    .values(state=EffectState.WAITING.value, attempts=table.c.attempts - 1)
)
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
        found: list[Row[*tuple[object, ...]]] = []
        with self.database.reading() as connection:
            for query in _TURNS:
                if mailbox:
                    query = query.where(table.c.key.like(f"%:mark:{mailbox}:%"))
                values = {"kind": kind.value, "now": now, "most": limit - len(found)}
                found += connection.execute(query, values) if len(found) < limit else ()
        return [effect_of(row) for row in found]

    def count_open(self, kind: EffectKind, most: int) -> int:
        """How many are intended or waiting; `most` stands for more: counting all of a backlog would take its time."""
        some = select(table.c.key).where(schema.unfinished, table.c.kind == kind.value, table.c.state.in_(_CLAIMABLE))
        query = select(func.count()).select_from(some.limit(most).subquery())
        with self.database.reading() as connection:
            return connection.execute(query).scalar_one()

    def claim(self, keys: Sequence[str], now: datetime) -> set[str]:
        """intended or waiting → doing, by one conditional UPDATE: whoever changes the row has it."""
        with self._claiming:
            self._put_back()
            self._perhaps_claimed = list(keys)
            with self.database.writing() as connection:
                won = set(connection.execute(_CLAIM, {"keys": list(keys), "now": now}).scalars())
            self._perhaps_claimed = []
            return won

    def _put_back(self) -> None:
        """A claim whose commit was not answered may have been made all the same, and nobody works on it."""
        with self._claiming:
            if self._perhaps_claimed:
                with self.database.writing() as connection:
                    connection.execute(_PUT_BACK, {"keys": self._perhaps_claimed})
                self._perhaps_claimed = []

    def settle(self, outcomes: Sequence[Outcome], now: datetime, was: EffectState = EffectState.DOING) -> None:
        """Outcomes of claimed effects, in one transaction and few statements.

        Those that nobody has claimed may change meanwhile: they are settled where they still are what they `was`.
        """
        if outcomes:
            with self.database.writing() as connection:
                if was is not EffectState.DOING:
                    still = _still(connection, [outcome.key for outcome in outcomes], was)
                    outcomes = [outcome for outcome in outcomes if outcome.key in still]
                settle(connection, outcomes, now)

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


def _still(connection: Connection, keys: Sequence[str], state: EffectState) -> set[str]:
    query = select(table.c.key).where(table.c.key.in_(keys), table.c.state == state.value).with_for_update()
    return set(connection.execute(query).scalars())


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
