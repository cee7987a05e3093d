"""What people said of mails that the machine was sure of, and the mails that are drawn for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.engine import RowMapping

from pipeline.records.confirmation import Confirmation
from pipeline.records.ledger import LedgerText
from pipeline.store.database import Database, upsert
from pipeline.store.labels import written_to_us
from pipeline.store.mail_rows import TEXT, text_of
from pipeline.store.schema import confirmation as table
from pipeline.store.schema import mail

DRAWN_FROM = 20_000  # mails, the newest: of more a sample says nothing else


class Confirmations:
    """The table `confirmation`."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def of(self, model: str, head: str) -> list[Confirmation]:
        """The answers about one head of a version, as they came to count."""
        query = select(table).where(table.c.model == model, table.c.head == head).order_by(table.c.id)
        with self.database.reading() as connection:
            return [_confirmation(row) for row in connection.execute(query).mappings()]

    def heads(self) -> list[str]:
        """Those about which anything was ever said."""
        with self.database.reading() as connection:
            return list(connection.execute(select(table.c.head).distinct().order_by(table.c.head)).scalars())

    def found_wrong(self, head: str, but: str) -> dict[str, str]:
        """What other versions than `but` were wrong about, by mail: what they said. Only mails drawn by lot."""
        wrong = (table.c.head == head, table.c.model != but, table.c.random, table.c.said != table.c.truth)
        query = select(table.c.mail_id, table.c.said).where(*wrong).order_by(table.c.id)
        with self.database.reading() as connection:
            return {row.mail_id: row.said for row in connection.execute(query)}

    def keep(self, one: Confirmation) -> bool:
        """Whether it is new: of two answers about the same mail the first counts that was drawn by lot."""
        mine = (table.c.model == one.model, table.c.head == one.head, table.c.mail_id == one.mail_id)
        with self.database.writing() as connection:
            connection.execute(delete(table).where(*mine, ~table.c.random))
            statement = upsert(connection, table).values(asdict(one))
            done = connection.execute(statement.on_conflict_do_nothing().returning(table.c.id))
            return done.first() is not None

    def take_back(self, one: Confirmation) -> None:
        """It was a mistake."""
        mine = (table.c.model == one.model, table.c.head == one.head, table.c.mail_id == one.mail_id)
        with self.database.writing() as connection:
            connection.execute(delete(table).where(*mine))

    def population(self, since: datetime) -> list[str]:
        """Ids of the mails that people have written to us since then: what may be drawn."""
        query = select(mail.c.id).where(mail.c.received >= since, written_to_us, ~mail.c.parked, ~mail.c.by_staff)
        with self.database.reading() as connection:
            return list(connection.execute(query.order_by(mail.c.received.desc()).limit(DRAWN_FROM)).scalars())

    def texts(self, ids: Sequence[str]) -> list[LedgerText]:
        """These mails, in this order; those that are gone are left out."""
        query = select(*(mail.c[name] for name in TEXT)).where(mail.c.id.in_(ids))
        with self.database.reading() as connection:
            found = {row["id"]: text_of(row) for row in connection.execute(query).mappings()}
        return [found[one] for one in ids if one in found]


def _confirmation(row: RowMapping) -> Confirmation:
    return Confirmation(**{name: value for name, value in row.items() if name != "id"})
