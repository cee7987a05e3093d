"""Many rows into one table, as quick as the driver takes them: for what is written for every mail.

SQLAlchemy says how a value is kept and how the statement is spelled, once; then the driver gets plain tuples. By itself
SQLAlchemy makes a dictionary of every row and asks three functions for each moment, which is half of what it costs to
record a mail. What this costs: a row is not checked before it is sent (a column that is missing in a later row is a
KeyError here), and how SQLite keeps a moment is spelled a second time. A test compares what both ways leave behind.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum, auto
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from pydantic_core import PydanticSerializationError, from_json, to_json
from sqlalchemy import JSON, Boolean, Connection, Dialect, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.compiler import SQLCompiler

from pipeline.store.schema import Moment

Convert = Callable[[Any], object]  # Any: whatever a column holds


class IfThere(Enum):
    """What becomes of a row whose key is taken."""

    FAIL = auto()
    LEAVE = auto()  # the old one stays; the new one is passed over
    REPLACE = auto()  # the old one gets the values of the new one


class _Prepared(NamedTuple):
    """A statement for rows of these columns. `converted`: the places in a row whose values the driver does not know."""

    sql: str
    values: Callable[[Mapping[str, object]], tuple[object, ...]]
    converted: Sequence[tuple[int, Convert]]

    def row(self, row: Mapping[str, object]) -> tuple[object, ...]:
        """As the driver wants it."""
        values = [*self.values(row)]
        for place, convert in self.converted:
            values[place] = convert(values[place])
        return tuple(values)


def insert_rows(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, object]], if_there: IfThere = IfThere.FAIL
) -> None:
    """Inserts them in one go. Each row has the same columns; a column that is in none gets its default.

    Raises KeyError for a row that lacks one, ValueError for a moment without zone, and what the driver raises.
    """
    if rows:
        prepared = _prepared(_Spelling(connection.dialect), table, tuple(rows[0]), if_there)
        connection.exec_driver_sql(prepared.sql, [prepared.row(row) for row in rows])


class _Spelling:
    """How a database wants statements and values; the same for all connections to a database of its kind."""

    def __init__(self, dialect: Dialect) -> None:
        self.name, self.dialect = dialect.name, dialect

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Spelling) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


@lru_cache(maxsize=200)
def _prepared(spelling: _Spelling, table: Table, names: tuple[str, ...], if_there: IfThere) -> _Prepared:
    compiled = _compiled(spelling, table, names, if_there)
    places = compiled.positiontup or []
    converted = [(place, convert) for place, name in enumerate(places) if (convert := _convert(compiled, table, name))]
    return _Prepared(str(compiled), itemgetter(*places), converted)


def _compiled(spelling: _Spelling, table: Table, names: tuple[str, ...], if_there: IfThere) -> SQLCompiler:
    insert: Any  # of either dialect: they have no base in common
    if spelling.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # takes 0.15 s, and most have SQLite

        kind: Any = type(spelling.dialect)
        insert, dialect = postgresql.insert(table), kind(paramstyle="format")
    else:
        insert, dialect = sqlite.insert(table), spelling.dialect
    if if_there is IfThere.LEAVE:
        insert = insert.on_conflict_do_nothing()
    elif if_there is IfThere.REPLACE:
        keys = [column.name for column in table.primary_key]
        changes = {name: insert.excluded[name] for name in names if name not in keys}
        insert = insert.on_conflict_do_update(index_elements=keys, set_=changes)
    compiled = insert.compile(dialect=dialect, column_keys=[*names], for_executemany=True)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101  (an INSERT is SQL)
    return compiled


def _convert(compiled: SQLCompiler, table: Table, name: str) -> Convert | None:
    """None: the driver takes the value as it is."""
    kind = table.c[name].type
    if compiled.dialect.name == "sqlite" and isinstance(kind, Boolean):
        return None  # true is 1 to it
    if compiled.dialect.name == "sqlite" and isinstance(kind, Moment):
        return _moment
    if compiled.dialect.name == "sqlite" and isinstance(kind, JSON):
        return json_text
    return kind.dialect_impl(compiled.dialect).bind_processor(compiled.dialect)


def json_text(document: object) -> str:
    """As it is kept in SQLite, by SQLAlchemy as well: a mail has a dozen, and this takes a quarter of the time of the
    standard library. Half a letter (a lone surrogate), which only that can write, it still writes."""
    try:
        return to_json(document).decode()
    except PydanticSerializationError:
        return json.dumps(document)


def of_json_text(text: str) -> object:
    """The same back."""
    try:
        return from_json(text)
    except ValueError:  # half a letter: see above
        return json.loads(text)


@lru_cache(maxsize=1_000)
def _moment(value: datetime | None) -> str | None:
    """As SQLAlchemy writes it for SQLite. All rows of a batch have a few moments between them."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError(f"a time without zone: {value}")
    return value.astimezone(UTC).isoformat(" ", "microseconds")[:26]
