"""What the quick way of writing rows leaves behind is what SQLAlchemy's own leaves behind, byte by byte."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    LargeBinary,
    Table,
    Text,
    delete,
    insert,
    select,
)

from pipeline.store import schema
from pipeline.store.database import Database
from pipeline.store.hot import IfThere, insert_rows, json_text
from pipeline.store.schema import Moment

TABLES = (
    *(schema.mail, schema.raw, schema.participant, schema.acknowledgement, schema.location, schema.effect),
    *(schema.ticket, schema.ticket_event, schema.promise, schema.grant, schema.article_offer),
)
ZONES = (UTC, timezone(timedelta(hours=-11, minutes=-30)), timezone(timedelta(hours=14)))
WORDS = ("", "plain", "O'Neill; drop table mail;--", "ä \u2028 😀 %s %(x)s ? :name", "[]", "null", "x" * 5_000)
DOCUMENTS: tuple[Any, ...] = (None, [], {}, [1, "ä", None, [True]], {"a": {"b": "\u2028"}, "%": "?"}, "text", 0, False)
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def value_of(column: Column[Any], dice: random.Random) -> object:
    """Anything that the column can hold."""
    if column.nullable and dice.random() < 0.3:
        return None
    if isinstance(column.type, Moment):
        moment = datetime(1000, 1, 2, tzinfo=dice.choice(ZONES)) if dice.random() < 0.1 else NOON
        return moment.astimezone(dice.choice(ZONES)) + timedelta(microseconds=dice.choice([0, 1, 999_999, 5 * 10**11]))
    kinds: dict[type, Any] = {
        Boolean: lambda: dice.random() < 0.5,
        JSON: lambda: dice.choice(DOCUMENTS),
        BigInteger: lambda: dice.randrange(2**40),
        Integer: lambda: dice.randrange(2**31),
        Float: lambda: dice.choice([0.0, 1.0, dice.random(), 1e-300]),
        LargeBinary: lambda: dice.randbytes(dice.randrange(50)),
        Text: lambda: dice.choice(WORDS),
    }
    return next(make for kind, make in kinds.items() if isinstance(column.type, kind))()


def rows_of(table: Table, number: int, seed: int) -> list[dict[str, object]]:
    """Rows with keys of their own."""
    dice = random.Random(seed)
    given = [column for column in table.c if column.computed is None]
    own = [column for column in given if not (column.primary_key and isinstance(column.type, Integer | BigInteger))]
    keys = {column.name for column in own if (column.primary_key or column.unique) and isinstance(column.type, Text)}
    keys |= {"uid"} & {column.name for column in table.c}
    made = []
    for place in range(number):
        row = {column.name: value_of(column, dice) for column in own}
        made.append(row | {name: place if name == "uid" else f"{name} {place}" for name in keys})
        if "uid" in keys:
            made[-1]["uidvalidity"] = 7
    return made


def kept(connection: Connection, table: Table) -> list[str]:
    """As the driver reads it: nothing in between turns it into something nicer. Without a number of the database."""
    names = [column.name for column in table.c if not (column.name == "id" and isinstance(column.type, BigInteger))]
    columns = ", ".join(f'"{name}"' for name in names)
    found = connection.exec_driver_sql(f'select {columns} from "{table.name}"').all()
    return sorted(repr([type(value).__name__ + str(value) for value in row]) for row in found)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_both_ways_leave_the_same_behind(database: Database, table: Table) -> None:
    rows = rows_of(table, 60, seed=len(table.c))
    with database.writing() as connection:
        connection.execute(insert(table), rows)
        plainly = kept(connection, table)
        connection.execute(delete(table))
        insert_rows(connection, table, rows)
        assert kept(connection, table) == plainly
        assert len(plainly) == 60


def test_a_row_that_is_there_is_left_replaced_or_refused(database: Database) -> None:
    (row,) = rows_of(schema.location, 1, seed=1)
    with database.writing() as connection:
        for mail_id, if_there in (("a", IfThere.FAIL), ("b", IfThere.LEAVE)):
            insert_rows(connection, schema.location, [row | {"mail_id": mail_id}], if_there)
        assert connection.execute(select(schema.location.c.mail_id)).scalars().all() == ["a"]
        insert_rows(connection, schema.location, [row | {"mail_id": "c"}], IfThere.REPLACE)
        assert connection.execute(select(schema.location.c.mail_id)).scalars().all() == ["c"]
    with pytest.raises(Exception, match=r"(?i)unique"), database.writing() as connection:
        insert_rows(connection, schema.location, [row])


def test_a_row_that_lacks_a_column_is_refused_before_anything_is_sent(database: Database) -> None:
    rows: list[dict[str, object]] = [*rows_of(schema.participant, 3, seed=1), {"thread": "z"}]
    with pytest.raises(KeyError), database.writing() as connection:
        insert_rows(connection, schema.participant, rows)
    with database.reading() as connection:
        assert connection.execute(select(schema.participant)).all() == []


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    (row,) = rows_of(schema.location, 1, seed=1)
    with pytest.raises(ValueError, match="without zone"), database.writing() as connection:
        insert_rows(connection, schema.location, [row | {"received": datetime(2026, 7, 1)}])


def test_no_rows_are_no_statement(database: Database) -> None:
    with database.reading() as connection:
        insert_rows(connection, schema.location, [])


def test_half_a_letter_is_written_and_read_again(database: Database) -> None:
    """A lone surrogate, as a broken mail may have it: what is quick does not take it."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL keeps none")
    (row,) = rows_of(schema.mail, 1, seed=1)
    with database.writing() as connection:
        insert_rows(connection, schema.mail, [row | {"notes": ["half \udcff"], "reasons": ["whole"]}])
        assert connection.execute(select(schema.mail.c.notes, schema.mail.c.reasons)).one() == (
            ["half \udcff"],
            ["whole"],
        )


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError):
        json_text({"at": object()})
