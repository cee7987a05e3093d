"""Letting go of what is over by its clock, a few rows at a time, as the register says (see personal.py).

Each portion is found in a read, looked at once more in the transaction that lets it go, and never met again: a kill
leaves the next portion to whoever comes next.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.engine import RowMapping

from pipeline.records.mail import fold
from pipeline.records.personal import KeptFor
from pipeline.store import erasing, traces
from pipeline.store.database import Database
from pipeline.store.over import MAILS, RAW, SURVEYS, TICKETS, OverKind
from pipeline.store.personal import Whose
from pipeline.store.schema import mail, unerased_mail
from pipeline.store.schema_privacy import hold
from pipeline.store.search import SearchIndex

Place = tuple[Any, ...]  # of a walk: values of the columns that it goes along
_REMEMBERED = 10_000  # pseudonyms


class Lots:
    """A pseudonym for each address, by lot: the same as long as it is remembered, and known to nobody afterwards."""

    def __init__(self) -> None:
        self._drawn: dict[str, str] = {}

    def __call__(self, address: str) -> str:
        """Nothing, and what is a pseudonym already, stay as they are."""
        if not address or address.startswith(erasing.PSEUDONYM):
            return address
        if len(self._drawn) >= _REMEMBERED:
            self._drawn.clear()
        return self._drawn.setdefault(address, f"{erasing.PSEUDONYM}{secrets.token_hex(6)}")


class Purging:
    """What is over, and letting it go."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.index = SearchIndex(database)
        self._lots = Lots()

    def count(self, kind: OverKind, before: datetime) -> int:
        """How much is over now: began before this moment, and nothing keeps it."""
        with self.database.reading() as connection:
            whole = kind.query(before).subquery()
            return int(connection.execute(select(func.count()).select_from(whole)).scalar_one())

    def find(self, kind: OverKind, before: datetime, after: Place | None, most: int) -> list[RowMapping]:
        """The next of it. `after`: the place of the last one that was found before."""
        query = kind.query(before).order_by(*kind.order).limit(most)
        if after is not None:
            query = query.where(kind.after(after))
        with self.database.reading() as connection:
            return [*connection.execute(query).mappings()]

    def let_go(self, kind: OverKind, found: Sequence[RowMapping], before: datetime, now: datetime) -> Counter[str]:
        """Of these rows, what is over still. Rows by table; one transaction."""
        keys = [row[kind.key.name] for row in found]
        with self.database.together() as connection:
            still = [*connection.execute(kind.query(before).where(kind.key.in_(keys))).mappings()]
            keys = [row[kind.key.name] for row in still]
            if kind in (RAW, MAILS):
                keys = _but_held(connection, keys)
            return +self._let_go(connection, kind, keys, now) if keys else Counter()

    def _let_go(self, connection: Connection, kind: OverKind, keys: Sequence[Any], now: datetime) -> Counter[str]:
        if kind is MAILS:
            return self._empty_mails(connection, keys, now)
        if kind is TICKETS:
            return self._empty_tickets(connection, keys, now)
        if kind is SURVEYS:
            return erasing.empty(connection, {Whose.SURVEY: keys}, self._lots, now, clocks=(KeptFor.ANSWERS,))
        return Counter({kind.name: connection.execute(delete(kind.table).where(kind.key.in_(keys))).rowcount})

    def _empty_mails(self, connection: Connection, ids: Sequence[str], now: datetime) -> Counter[str]:
        erasing.stop(connection, {Whose.MAIL: ids}, now)
        theirs = {Whose.MAIL: ids}
        changed = erasing.empty(connection, theirs, self._lots, now, clocks=(KeptFor.RAW, KeptFor.MAIL))
        ended = {Whose.THREAD: _without_words(connection, ids)}
        changed += erasing.empty(connection, ended, self._lots, now, clocks=(KeptFor.MAIL,))
        self.index.forget(ids)  # last: what is changed waits to be taken in again
        return changed

    def _empty_tickets(self, connection: Connection, refs: Sequence[str], now: datetime) -> Counter[str]:
        hanging = traces.hanging_on(connection, refs)
        theirs: Mapping[Whose, Sequence[str]] = {Whose.TICKET: refs, Whose.DRAFT: hanging[Whose.DRAFT]}
        changed = erasing.empty(connection, theirs, self._lots, now, clocks=(KeptFor.TICKET, KeptFor.USE))
        self.index.forget(hanging[Whose.SOURCE])
        return changed


def place_of(kind: OverKind, row: RowMapping) -> Place:
    """Where the walk is, after this row."""
    return tuple(row[column.name] for column in kind.order)


def _but_held(connection: Connection, ids: Sequence[str]) -> list[str]:
    """Whoever is held may have written from their address, and wished for an answer to another."""
    held = set(connection.execute(select(hold.c.what)).scalars())
    senders = select(mail.c.id, mail.c.sender).where(mail.c.id.in_(ids))
    kept = {row.id for row in connection.execute(senders) if fold(row.sender) in held} if held else set()
    return [one for one in ids if one not in kept]


def _without_words(connection: Connection, ids: Sequence[str]) -> list[str]:
    """The conversations of these mails of which all mails are emptied."""
    threads = set(connection.execute(select(mail.c.thread).where(mail.c.id.in_(ids))).scalars())
    standing = select(mail.c.thread).where(mail.c.thread.in_(threads), unerased_mail)
    return sorted(threads - set(connection.execute(standing).scalars()))
