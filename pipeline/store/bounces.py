"""The bounce memory: addresses that are dead, and that nothing is written to for `[guard] bounce_memory`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from pipeline.records.mail import Address, MachineReport, fold
from pipeline.records.ticket import Bounce
from pipeline.store import schema
from pipeline.store.database import Database, upsert

bounce = schema.bounce


class BounceMemory:
    """What people may look at, and take out again."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def remembered(self, since: datetime) -> list[Bounce]:
        """Addresses that failed since then, the newest first."""
        query = select(bounce.c.address, bounce.c.status, bounce.c.at).where(bounce.c.at > since)
        with self.database.reading() as connection:
            rows = connection.execute(query.order_by(bounce.c.at.desc(), bounce.c.address)).all()
        return [Bounce(address=row.address, status=row.status, at=row.at) for row in rows]

    def forget(self, address: str) -> bool:
        """From now on it is written to again. False: it was not remembered."""
        with self.database.writing() as connection:
            return forget(connection, address)


def forget(connection: Connection, address: str) -> bool:
    """The same inside a transaction that does more."""
    return connection.execute(delete(bounce).where(bounce.c.address == fold(address))).rowcount > 0


def remember_reported(connection: Connection, report: MachineReport, mail_id: str, now: datetime) -> None:
    """Addresses that are dead, by a report about a letter of ours to that very address.

    Its Message-ID carries our signed token, so only who got the letter can name it; anybody can write a report.
    """
    dead = {Address(email=failed.address).folded: failed for failed in report.recipients if failed.dead}
    if not dead or not report.about:
        return
    sent = select(schema.effect.c.recipient).where(schema.effect.c.message_id == report.about)
    for recipient in connection.execute(sent).scalars():
        if failed := dead.get(Address(email=recipient).folded):
            remember(connection, recipient, failed.status, mail_id, now)


def remember(connection: Connection, address: str, status: str, mail_id: str, now: datetime) -> None:
    """Notes that mail to this address failed with this status; `mail_id`: the mail that said so."""
    values = {"at": now, "status": status, "mail_id": mail_id}
    statement = upsert(connection, bounce).values(address=Address(email=address).folded, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["address"], set_=values))
