"""Addresses of people who were erased, kept as keyed hashes: whom we may not write to, or ask, must stay known."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlalchemy import Column, Connection, delete, literal, select, update

from pipeline.store.database import Database
from pipeline.store.schema import bounce, opt_out
from pipeline.store.traces import portions

SIGN = "#"  # before the hash: no address begins so
_AFTER = chr(ord(SIGN) + 1)  # what sorts behind all hashes
_KEPT: tuple[Column[str], ...] = (bounce.c.address, opt_out.c.address)
Keyed = Callable[[str], str]  # folded address → its keyed hash


def kept_as(key: str) -> str:
    """What stands in place of the address."""
    return f"{SIGN}{key}"


def know_again(database: Database, senders: Collection[str], keyed: Keyed) -> None:
    """Who was erased and writes to us again has an address with us again: what was kept of it as a hash goes back.

    `senders`: folded addresses. Nearly always nothing is kept so, and one look at the index says it.
    """
    with database.reading() as connection:
        columns = [column for column in _KEPT if _any(connection, column)]
        hashes = {kept_as(keyed(sender)): sender for sender in senders if sender} if columns else {}
        found = [(column, kept) for column in columns for kept in _those(connection, column, hashes)]
    if not found:
        return
    with database.writing() as connection:
        for column, kept in found:
            known = connection.execute(select(literal(1)).where(column == hashes[kept])).first()
            if known:  # what was learned since counts
                connection.execute(delete(column.table).where(column == kept))
            else:
                statement = update(column.table).where(column == kept)
                connection.execute(statement.values({column.name: hashes[kept]}))


def _any(connection: Connection, column: Column[str]) -> bool:
    return connection.execute(select(literal(1)).where(column >= SIGN, column < _AFTER).limit(1)).first() is not None


def _those(connection: Connection, column: Column[str], hashes: Collection[str]) -> list[str]:
    found: list[str] = []
    for some in portions(hashes):
        found += connection.execute(select(column).where(column.in_(some))).scalars()
    return found
