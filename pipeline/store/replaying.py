"""A database that comes from a backup forgets again who was erased since."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Column, Connection, select

from pipeline.records.mail import fold
from pipeline.records.personal import DataSubject, Erasure, Fate
from pipeline.store.database import Database
from pipeline.store.personal import Whose, entries
from pipeline.store.personal_data import PersonalData
from pipeline.store.schema import mail
from pipeline.store.tombstones import Tombstone

Keyed = Callable[[str], str]  # folded address → its keyed hash
BY = "restore"


def replay(database: Database, tombstones: Sequence[Tombstone], keyed: Keyed, now: datetime) -> int:
    """Erases everybody of the list whom this database knows. How many that were. Doing it again changes nothing."""
    if not tombstones:
        return 0
    wanted: dict[str, list[Tombstone]] = {}
    for one in tombstones:
        wanted.setdefault(one.person, []).append(one)
    with database.reading() as connection:
        known = {address: key for address in set(_addresses(connection)) if (key := keyed(address)) in wanted}
    data = PersonalData(database)
    for address, key in known.items():
        _erase(data, DataSubject(address=address, folded=address, key=key), wanted[key], now)
    if known:
        data.give_back()
    return len(known)


def _erase(data: PersonalData, subject: DataSubject, asked: Iterable[Tombstone], now: datetime) -> None:
    """What was there when they were erased; what they wrote after that stays."""
    for that in asked:
        found = data.find(subject, datetime.fromisoformat(that.at))
        one = Erasure(
            id=f"E-{secrets.token_hex(4)}",
            person=subject.key,
            pseudonym=that.pseudonym,
            begun=now,
            by=BY,
            mails=found.mails,
            tickets=found.tickets,
        )
        data.empty(one, found, now, keep_tickets=that.keep_tickets, others=that.others)


def _addresses(connection: Connection) -> Iterator[str]:
    """Every folded address that the database knows."""
    for column in _columns():
        for value in connection.execute(select(column).distinct()).scalars():
            if value and "@" in value:
                yield fold(value)


def _columns() -> Iterator[Column[str]]:
    yield mail.c.sender
    for entry in entries():
        named = {name for name, whose in entry.whose if whose is Whose.CUSTOMER}
        yield from (entry.table.c[name] for name in named)
        yield from (column for column in entry.columns(Fate.NAMED_ANEW) if column.name not in named)
