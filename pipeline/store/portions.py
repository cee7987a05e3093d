"""A backlog of a mailbox in portions, which all workers take. The rows are the truth: a job only says that there are
some. A portion is read twice where its worker was lost; the ledger knows then what it has."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, RowMapping, and_, delete, func, or_, select, update

from pipeline.store.database import Database, upsert
from pipeline.store.schema_workers import portion as table


@dataclass(frozen=True, kw_only=True, slots=True)
class Portion:
    """UIDs of one mailbox, ascending. `left`: those that are read when all before them are."""

    mailbox: str
    uidvalidity: int
    uids: tuple[int, ...]
    left: tuple[int, ...] = ()
    done: bool = False


class Portions:
    """All portions that are not read, or whose mailbox is not read past them yet. One object for all threads."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._taking = threading.Lock()
        self._in_hand: set[Portion] = set()  # of ours; what else is claimed by us was left when the database was away

    def cut(self, portions: Sequence[Portion]) -> None:
        """Offers them; those that are there stay as they are, and those of another UIDVALIDITY go."""
        rows = [_row(one) for one in portions]
        if not rows:
            return
        name, uidvalidity = portions[0].mailbox, portions[0].uidvalidity
        with self.database.writing() as connection:
            connection.execute(delete(table).where(table.c.mailbox == name, table.c.uidvalidity != uidvalidity))
            connection.execute(upsert(connection, table).on_conflict_do_nothing(), rows)

    def of(self, mailbox: str, uidvalidity: int) -> list[Portion]:
        """Those of a mailbox, by UID."""
        query = select(table).where(_of(mailbox, uidvalidity)).order_by(table.c.first)
        with self.database.reading() as connection:
            return [_portion(row) for row in connection.execute(query).mappings()]

    def take(self, mailbox: str = "") -> Portion | None:
        """The first that nobody has. `mailbox`: only of that one."""
        with self._taking:  # or two threads of ours would take the same one
            found = self._take(mailbox)
            if found:
                self._in_hand.add(found)
            return found

    def _take(self, mailbox: str) -> Portion | None:
        ours = and_(table.c.worker == self.database.worker, *(~_is(one) for one in [*self._in_hand]))
        free = (or_(table.c.worker == "", ours), ~table.c.done, *([table.c.mailbox == mailbox] if mailbox else []))
        query = select(table).where(*free).order_by(table.c.mailbox, table.c.first).limit(1)
        with self.database.writing() as connection:
            row = connection.execute(query.with_for_update(skip_locked=True)).mappings().first()
            if row is None:
                return None
            found = _portion(row)
            connection.execute(update(table).where(_is(found)).values(worker=self.database.worker))
        return found

    def read(self, portion: Portion, left: Sequence[int]) -> None:
        """It is in the ledger, but for those UIDs: they are read when all before them are."""
        self._in_hand.discard(portion)
        mine = and_(_is(portion), table.c.worker == self.database.worker)
        with self.database.writing() as connection:
            connection.execute(update(table).where(mine).values(done=True, left=list(left)))

    def give_back(self, portion: Portion) -> None:
        """Its mailbox could not be read: somebody else, or we again."""
        self._in_hand.discard(portion)
        mine = and_(_is(portion), table.c.worker == self.database.worker, ~table.c.done)
        with self.database.writing() as connection:
            connection.execute(update(table).where(mine).values(worker=""))

    def forget(self, portions: Sequence[Portion]) -> None:
        """Their mailbox is read past them."""
        with self.database.writing() as connection:
            for one in portions:
                connection.execute(delete(table).where(_is(one)))

    def waiting(self) -> int:
        """How many nobody has read."""
        with self.database.reading() as connection:
            return connection.execute(select(func.count()).select_from(table).where(~table.c.done)).scalar_one()


def _of(mailbox: str, uidvalidity: int) -> ColumnElement[bool]:
    return and_(table.c.mailbox == mailbox, table.c.uidvalidity == uidvalidity)


def _is(portion: Portion) -> ColumnElement[bool]:
    return and_(_of(portion.mailbox, portion.uidvalidity), table.c.first == portion.uids[0])


def _row(portion: Portion) -> dict[str, object]:
    return {
        "mailbox": portion.mailbox,
        "uidvalidity": portion.uidvalidity,
        "first": portion.uids[0],
        "uids": list(portion.uids),
    }


def _portion(row: RowMapping) -> Portion:
    return Portion(
        mailbox=row["mailbox"],
        uidvalidity=row["uidvalidity"],
        uids=tuple(row["uids"]),
        left=tuple(row["left"]),
        done=row["done"],
    )
