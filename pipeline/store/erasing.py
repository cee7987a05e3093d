"""Emptying what the database holds of a person, or of a time that is over, as the register says (see personal.py)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Row,
    Table,
    and_,
    bindparam,
    case,
    delete,
    insert,
    select,
    update,
)

from pipeline.records.effect import OPEN_EFFECTS, EffectState
from pipeline.records.personal import Fate, KeptFor, Traces
from pipeline.records.promise import PromiseState
from pipeline.records.ticket import TicketStatus
from pipeline.store import judgement, payloads
from pipeline.store.keyed import kept_as
from pipeline.store.personal import TableEntry, entries, entry_of
from pipeline.store.schema import effect, mail, promise, raw, ticket, ticket_event
from pipeline.store.schema_search import search_row, search_waiting
from pipeline.store.traces import Ids, as_text, conditions, may_name, pattern_of, portions, texts_in

CANCELLED = "erased: nothing is sent any more"
SAID = ("comment", "note", "opened", "mail", "answered", "bounced", "offered")  # kinds of lines that hold words
_FOUND = "‹erased›"
PSEUDONYM = "erased-"  # how one begins
Naming = Callable[[str], str]  # what stands in an address's place
# What stays of a JSON column that is emptied, when that is more than an empty one.
_Made = Callable[[Any], Any]  # Any: a value of any column
_SKELETONS: Mapping[ColumnElement[Any], _Made] = {
    mail.c.rules: judgement.rules_without_evidence,
    mail.c.decision: judgement.decision_without_words,
    effect.c.details: payloads.without_words,
    ticket.c.seen: lambda _seen: {},
}

_OF_SEARCH = (search_row, search_waiting)
# A mail that nobody can read any more waits for nobody.
_OVER: Mapping[str, object] = {
    "closed": case((mail.c.parked, "discarded"), else_=mail.c.closed),
    "parked": False,
    "review": False,
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


def empty(
    connection: Connection,
    ids: Ids,
    naming: Naming,
    now: datetime,
    *,
    key: str = "",
    clocks: Collection[KeptFor] = tuple(KeptFor),
) -> Counter[str]:
    """Does with each value of these rows what the register says. Rows by table; of the tables of `clocks` only.

    `key`: what stands for an address that goes on being recognised. The index of search forgets by itself, with the
    words that it keeps: see SearchIndex.forget.
    """
    changed: Counter[str] = Counter()
    for entry in entries():
        if entry.clock in clocks and entry.table not in _OF_SEARCH:
            for condition in conditions(entry, ids):
                changed[entry.table.name] += _empty(connection, entry, condition, naming, key, now)
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
    connection: Connection, entry: TableEntry, condition: ColumnElement[bool], naming: Naming, key: str, now: datetime
) -> int:
    table = entry.table
    if entry.columns(Fate.REMOVED):
        return connection.execute(delete(table).where(condition)).rowcount
    if table is ticket_event:
        condition = and_(condition, ticket_event.c.kind.in_(SAID))
    emptied = entry.columns(Fate.EMPTIED)
    anew: dict[Column[Any], _Made] = {column: _SKELETONS[column] for column in emptied if column in _SKELETONS}
    anew |= dict.fromkeys(entry.columns(Fate.NAMED_ANEW), naming)
    rows = _rows(connection, table, anew, condition) if anew else []
    for column in entry.columns(Fate.KEYED):  # erased before, and known again since: the row of now counts
        if connection.execute(select(column).where(condition)).first():
            connection.execute(delete(table).where(column == kept_as(key)))
    values: dict[str, object] = {column.name: kept_as(key) for column in entry.columns(Fate.KEYED)}
    values |= {column.name: _nothing(column) for column in emptied if column not in anew}
    values |= _OVER if table is mail else {}
    if "erased" in table.c:
        values["erased"] = now
    count = connection.execute(update(table).where(condition).values(values)).rowcount if values else len(rows)
    _write_anew(connection, table, anew, rows)  # last: a condition may be about what is named anew
    return count


def _nothing(column: Column[Any]) -> object:
    return [] if isinstance(column.type, JSON) else ""


def _rows(
    connection: Connection, table: Table, anew: Mapping[Column[Any], _Made], condition: ColumnElement[bool]
) -> list[Row[Any]]:
    """Their keys, and what is in the columns that are made anew row by row."""
    return [*connection.execute(select(*table.primary_key.columns, *anew).where(condition))]


def _write_anew(
    connection: Connection, table: Table, anew: Mapping[Column[Any], _Made], rows: Sequence[Row[Any]]
) -> None:
    """Columns of which a part stays, and those that are named anew: all rows in one go."""
    if not anew or not rows:
        return
    keys = [*table.primary_key.columns]
    mine = and_(*(key == bindparam(f"key_{key.name}") for key in keys))
    made = {column.name: bindparam(f"new_{column.name}", type_=column.type) for column in anew}
    names = [*(f"key_{key.name}" for key in keys), *(f"new_{column.name}" for column in anew)]
    makes: list[_Made] = [*([_as_it_is] * len(keys)), *anew.values()]
    values = [{name: make(value) for name, make, value in zip(names, makes, row, strict=True)} for row in rows]
    connection.execute(update(table).where(mine).values(made), values)


def _as_it_is(value: Any) -> Any:
    return value


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
