"""Requests about personal data, as far as the database goes: what is there, emptying it, the journal of that."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import RowMapping

from pipeline.records.personal import DataSubject, Erasure, HeldRows, Hold, Traces
from pipeline.store import erasing, traces
from pipeline.store.database import Database
from pipeline.store.personal import Whose, entries
from pipeline.store.schema import mail, raw, ticket, unerased_mail
from pipeline.store.schema_privacy import erasure, hold
from pipeline.store.search import SearchIndex
from pipeline.store.space import Space

WRITTEN_ANEW = 500_000_000  # bytes of a file that is written anew after an erasure: seconds on a slow disk
_LISTS = ("mails", "tickets", "steps", "left")


@dataclass(frozen=True, kw_only=True, slots=True)
class Emptied:
    """What became of the rows."""

    rows: Counter[str]  # by table
    underway: int  # letters that are just being sent: what is kept of them is emptied the next time


class PersonalData:
    """What the database holds of people."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def find(self, subject: DataSubject, until: datetime | None = None) -> Traces:
        """See traces.find. Takes seconds where there are a million mails."""
        return traces.find(self.database, subject, until)

    def rows(self, found: Traces) -> Iterator[HeldRows]:
        """Of each table that has some. The mails as they came: see `raw`."""
        with self.database.reading() as connection:
            ids = traces.ids_of(connection, found)
            for entry in entries():
                if entry.table is not raw and not entry.staff:
                    rows = tuple(dict(row) for row in traces.rows_of(connection, entry, ids))
                    if rows:
                        yield HeldRows(name=entry.table.name, purpose=entry.purpose, rows=rows)

    def raw(self, mails: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Those of which the message itself is still there, one by one: they may be large."""
        for mail_id in mails:
            with self.database.reading() as connection:
                found = connection.execute(select(raw.c.raw).where(raw.c.mail_id == mail_id)).scalar()
            if found is not None:
                yield mail_id, bytes(found)

    def holds(self, found: Traces) -> list[Hold]:
        """What of it must be kept."""
        named = [*found.tickets, found.person.folded]
        with self.database.reading() as connection:
            rows = [
                row
                for some in traces.portions(named)
                for row in connection.execute(select(hold).where(hold.c.what.in_(some))).mappings()
            ]
        return [Hold(**row) for row in rows]

    def filed(self, refs: Collection[str]) -> list[tuple[str, str]]:
        """Of these tickets, those that lie in outside trackers: tracker, and their id there."""
        columns = (ticket.c.tracker, ticket.c.outside_id)
        with self.database.reading() as connection:
            return [
                (row.tracker, row.outside_id)
                for some in traces.portions(refs)
                for row in connection.execute(select(*columns).where(ticket.c.ref.in_(some), ticket.c.outside_id != ""))
            ]

    # --- erasing ------------------------------------------------------------------------------------------------------

    def begin(self, found: Traces, by: str, now: datetime) -> Erasure:
        """In the journal, before anything is done; one that was cut off goes on."""
        with self.database.writing() as connection:
            mine = select(erasure).where(erasure.c.person == found.person.key, erasure.c.finished.is_(None))
            row = connection.execute(mine).mappings().first()
            if row is not None:
                known = _erasure_of(row)
                grown = replace(
                    known,
                    mails=tuple(sorted({*known.mails, *found.mails})),
                    tickets=tuple(sorted({*known.tickets, *found.tickets})),
                )
                connection.execute(update(erasure).where(erasure.c.id == known.id).values(_columns(grown)))
                return grown
            begun = Erasure(
                id=f"E-{secrets.token_hex(4)}",
                person=found.person.key,
                pseudonym=f"{erasing.PSEUDONYM}{secrets.token_hex(6)}",
                begun=now,
                by=by,
                mails=found.mails,
                tickets=found.tickets,
            )
            connection.execute(insert(erasure).values(_columns(begun)))
        return begun

    def note(self, one: Erasure) -> None:
        """How far it is."""
        with self.database.writing() as connection:
            connection.execute(update(erasure).where(erasure.c.id == one.id).values(_columns(one)))

    def erasures(self) -> list[Erasure]:
        """All that were asked for, the newest first."""
        with self.database.reading() as connection:
            rows = connection.execute(select(erasure).order_by(erasure.c.begun.desc(), erasure.c.id)).mappings()
            return [_erasure_of(row) for row in rows]

    def unfinished(self) -> list[Erasure]:
        """Those that were cut off, or could not reach everything."""
        with self.database.reading() as connection:
            rows = connection.execute(select(erasure).where(erasure.c.finished.is_(None)).order_by(erasure.c.begun))
            return [_erasure_of(row) for row in rows.mappings()]

    def oldest_mail(self) -> datetime | None:
        """When the oldest came that is not emptied yet."""
        oldest = select(mail.c.received).where(unerased_mail).order_by(mail.c.received).limit(1)
        with self.database.reading() as connection:
            return connection.execute(oldest).scalar()

    def empty(self, one: Erasure, found: Traces, now: datetime, *, keep_tickets: bool, others: bool) -> Emptied:
        """Does what the register says, in one transaction; doing it again changes nothing more.

        `keep_tickets`: their tickets stay as they are; `others`: also out of what others wrote.
        """
        whole = replace(found, mails=one.mails, tickets=() if keep_tickets else one.tickets)
        index = SearchIndex(self.database)
        if others:
            index.forget(found.others)  # they are taken in again, as they are changed
        with self.database.writing() as connection:
            ids = traces.ids_of(connection, whole)
            underway = erasing.stop(connection, ids, now)
            erasing.close(connection, whole.tickets, one.by, now)
            rows = erasing.empty(connection, ids, lambda _address: one.pseudonym, now, key=found.person.key)
            rows += erasing.search(connection, found, mails_too=others)
        # Last: what was changed waits to be taken into the index again, with the little that is left of it.
        index.forget(ids[Whose.SOURCE])
        return Emptied(rows=rows, underway=underway)

    def give_back(self) -> bool:
        """What was let go leaves the disk. False: traces may be left, as the file is too large to be written anew now.

        SQLite overwrites what is deleted. But where a page was split before, a copy may lie between its rows, which
        only writing the file anew gets rid of: some seconds, in which nobody else can write.
        """
        space = Space(self.database)
        space.give_back()
        if not self.database.is_sqlite:
            return True
        if self.database.size() > WRITTEN_ANEW:
            return False
        space.compact()
        return True


def _erasure_of(row: RowMapping) -> Erasure:
    return Erasure(**{**row, **{name: tuple(row[name]) for name in _LISTS}})


def _columns(one: Erasure) -> dict[str, Any]:  # Any: columns of many types
    values = {field.name: getattr(one, field.name) for field in fields(one)}
    return {**values, **{name: list(values[name]) for name in _LISTS}}
