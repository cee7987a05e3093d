"""Mails that their server would not give out: remembered by UID until they are read, gone, or parked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, delete, func, select, tuple_

from pipeline.records.mail import Location, Undelivered
from pipeline.store import schema
from pipeline.store.database import Database, upsert

table = schema.undelivered


class UndeliveredMails:
    """The table `undelivered`."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def of(self, mailbox: str, uidvalidity: int) -> list[Undelivered]:
        """Those of a mailbox, by UID; under another UIDVALIDITY the server counts anew, and nothing is left of them."""
        query = select(table).where(table.c.mailbox == mailbox, table.c.uidvalidity == uidvalidity)
        with self.database.reading() as connection:
            return [_undelivered(row) for row in connection.execute(query.order_by(table.c.uid))]

    def keep(self, mails: Sequence[Undelivered]) -> None:
        """As they are now."""
        if not mails:
            return
        with self.database.writing() as connection:
            statement = upsert(connection, table)
            changes = {name: statement.excluded[name] for name in ("tries", "waited", "last_try", "next_try", "why")}
            keys = ["mailbox", "uidvalidity", "uid"]
            rows = [_row(mail) for mail in mails]
            connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes), rows)

    def bring_forward(self, span: timedelta, now: datetime) -> None:
        """The clock was put back by so much: they are asked for as much earlier."""
        with self.database.reading() as connection:
            waiting = [_undelivered(row) for row in connection.execute(select(table).where(table.c.next_try > now))]
        self.keep([replace(one, next_try=max(now, one.next_try - span)) for one in waiting])

    def forget(self, places: Sequence[Location]) -> None:
        """They are read, gone or parked."""
        with self.database.writing() as connection:
            forget(connection, places)

    def count(self) -> dict[str, tuple[int, datetime]]:
        """By mailbox: how many, and since when the oldest."""
        query = select(table.c.mailbox, func.count(), func.min(table.c.since)).group_by(table.c.mailbox)
        with self.database.reading() as connection:
            return {mailbox: (count, since) for mailbox, count, since in connection.execute(query)}


def forget(connection: Connection, places: Sequence[Location]) -> None:
    """The same inside the transaction that records them."""
    keys = [(place.mailbox, place.uidvalidity, place.uid) for place in places]
    if keys:
        columns = tuple_(table.c.mailbox, table.c.uidvalidity, table.c.uid)
        connection.execute(delete(table).where(columns.in_(keys)))


def _undelivered(row: Row[tuple[object, ...]]) -> Undelivered:
    place = Location(mailbox=row.mailbox, uidvalidity=row.uidvalidity, uid=row.uid)
    waited = timedelta(seconds=row.waited)
    same = {name: getattr(row, name) for name in ("since", "tries", "last_try", "next_try", "why")}
    return Undelivered(location=place, waited=waited, **same)


def _row(mail: Undelivered) -> dict[str, object]:
    row = asdict(mail)
    return {**row.pop("location"), **row, "waited": round(mail.waited.total_seconds())}
