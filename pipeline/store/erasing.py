"""Emptying what the database holds of a person, or of a time that is over, as the register says (see personal.py)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Connection, and_, delete, insert, select, update

from pipeline.records.effect import OPEN_EFFECTS, EffectState
from pipeline.records.personal import Fate, Traces
from pipeline.records.promise import PromiseState
from pipeline.records.ticket import TicketStatus
from pipeline.store import judgement, payloads
from pipeline.store.keyed import kept_as
from pipeline.store.personal import TableEntry, entries, entry_of
from pipeline.store.schema import effect, mail, promise, raw, ticket, ticket_event
from pipeline.store.traces import Ids, as_text, conditions, may_name, pattern_of, portions, texts_in

CANCELLED = "erased: nothing is sent any more"
SAID = ("comment", "note", "opened", "mail", "answered", "bounced", "offered")  # kinds of lines that hold words
_FOUND = "‹erased›"
# What stays of a JSON column that is emptied, when that is more than an empty one.
_SKELETONS: Mapping[ColumnElement[Any], Callable[[Any], Any]] = {
    mail.c.rules: judgement.rules_without_evidence,
    mail.c.decision: judgement.decision_without_words,
    effect.c.details: payloads.without_words,
    ticket.c.seen: lambda _seen: {},
}


def stop(connection: Connection, ids: Ids, now: datetime) -> int:
    """Cancels letters that are not sent yet. How many are just being sent: nobody can call these back."""
    underway = 0
    for condition in conditions(entry_of(effect), ids):
        doing = and_(condition, effect.c.state == EffectState.DOING.value)
        underway += len(connection.execute(select(effect.c.key).where(doing)).all())
        waiting = [state.value for state in OPEN_EFFECTS if state is not EffectState.DOING]
        not_done = effect.c.state.in_([*waiting, EffectState.UNCERTAIN.value, EffectState.FAILED.value])
        values = {"state": EffectState.CANCELLED.value, "error": CANCELLED, "next_try": None, "changed": now}
        connection.execute(update(effect).where(condition, not_done).values(values))
    return underway


def close(connection: Connection, refs: tuple[str, ...], by: str, now: datetime) -> None:
    """Their tickets are over, silently: nobody is told, and promises that were not due yet are watched no more."""
    for ref in refs:
        mine = and_(ticket.c.ref == ref, ticket.c.status != TicketStatus.CLOSED.value)
        values = {"status": TicketStatus.CLOSED.value, "changed": now, "moved": None, "asked": ""}
        if connection.execute(update(ticket).where(mine).values(values)).rowcount:
            line = {"ticket": ref, "at": now, "kind": "status", "actor": by, "detail": TicketStatus.CLOSED.value}
            connection.execute(insert(ticket_event).values(line))
        dropped = and_(promise.c.ticket == ref, promise.c.state == PromiseState.OPEN.value)
        connection.execute(update(promise).where(dropped).values(state=PromiseState.DROPPED.value, look=None))


def empty(connection: Connection, ids: Ids, *, pseudonym: str, key: str, now: datetime) -> Counter[str]:
    """Does with each value of theirs what the register says. Rows by table."""
    changed: Counter[str] = Counter()
    for entry in entries():
        for condition in conditions(entry, ids):
            changed[entry.table.name] += _empty(connection, entry, condition, pseudonym, key, now)
    return +changed


def search(connection: Connection, traces: Traces, *, mails_too: bool) -> Counter[str]:
    """Cuts them out of what others wrote, and of what the machine noted. Rows by table.

    `mails_too`: also out of mails of others and of what hangs on them.
    """
    changed: Counter[str] = Counter()
    pattern = pattern_of(traces)
    for some in portions(traces.others) if mails_too else ():  # as they came they can't be changed, only removed
        changed[raw.name] += connection.execute(delete(raw).where(raw.c.mail_id.in_(some))).rowcount
    for entry in entries():
        for column in texts_in(entry):
            if mails_too or entry.fates[column.key or ""] is Fate.SEARCHED:
                changed[entry.table.name] += _cut(connection, entry, column, traces, pattern)
    return +changed


# --- one table --------------------------------------------------------------------------------------------------------


def _empty(
    connection: Connection, entry: TableEntry, condition: ColumnElement[bool], pseudonym: str, key: str, now: datetime
) -> int:
    table = entry.table
    if entry.columns(Fate.REMOVED):
        return connection.execute(delete(table).where(condition)).rowcount
    values: dict[str, object] = {column.name: pseudonym for column in entry.columns(Fate.NAMED_ANEW)}
    values |= {column.name: kept_as(key) for column in entry.columns(Fate.KEYED)}
    values |= {column.name: _nothing(column) for column in entry.columns(Fate.EMPTIED) if column not in _SKELETONS}
    if "erased" in table.c:
        values["erased"] = now
    if table is ticket_event:
        condition = and_(condition, ticket_event.c.kind.in_(SAID))
    for column in entry.columns(Fate.EMPTIED):
        if column in _SKELETONS:
            _cut_down(connection, entry, column, condition)
    return connection.execute(update(table).where(condition).values(values)).rowcount if values else 0


def _nothing(column: Column[Any]) -> object:
    return [] if isinstance(column.type, JSON) else ""


def _cut_down(connection: Connection, entry: TableEntry, column: Column[Any], condition: ColumnElement[bool]) -> None:
    """A JSON column of which the part that says nothing of a person stays."""
    keys = [*entry.table.primary_key.columns]
    rows = connection.execute(select(*keys, column).where(condition)).all()
    for row in rows:
        mine = and_(*(key == value for key, value in zip(keys, row[:-1], strict=True)))
        values = {column.name: _SKELETONS[column](row[-1])}
        connection.execute(update(entry.table).where(mine).values(values))


def _cut(
    connection: Connection,
    entry: TableEntry,
    column: ColumnElement[Any],
    traces: Traces,
    pattern: re.Pattern[str],
) -> int:
    """A column out of which they are cut, row by row. How many held them."""
    keys, count = [*entry.table.primary_key.columns], 0
    rows = connection.execute(select(*keys, column).where(may_name(column, traces))).all()
    for row in rows:
        text = as_text(row[-1])
        without = pattern.sub(_FOUND, text)
        if without == text:
            continue
        mine = and_(*(key == value for key, value in zip(keys, row[:-1], strict=True)))
        kept = without if isinstance(row[-1], str) else json.loads(without)
        connection.execute(update(entry.table).where(mine).values({column.key or "": kept}))
        count += 1
    return count
