"""How the mail of each day's window compares with the training: one row a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from pipeline.records.verdict import VerdictKind
from pipeline.store import schema
from pipeline.store.database import Database, upsert

table, mail = schema.drift, schema.mail
_WRITTEN_BY_PEOPLE = (VerdictKind.ANSWER.value, VerdictKind.LIMIT.value)


class Drift:
    """The table `drift`, and the mails that it is computed from."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def window(self, model: str, since: datetime, most: int) -> list[dict[str, Any]]:
        """Mails that people wrote and this version judged, the newest first."""
        names = ("topic", "topic_sure", "language", "subject", "text")
        query = select(*(mail.c[name] for name in names)).where(
            mail.c.received >= since, mail.c.model == model, mail.c.verdict.in_(_WRITTEN_BY_PEOPLE)
        )
        with self.database.reading() as connection:
            rows = connection.execute(query.order_by(mail.c.received.desc(), mail.c.id).limit(most)).mappings()
            return [dict(row) for row in rows]

    def keep(self, model: str, facts: Mapping[str, Any], now: datetime) -> None:
        values = {"model": model, "facts": dict(facts)}
        with self.database.writing() as connection:
            statement = upsert(connection, table).values(at=now, **values)
            connection.execute(statement.on_conflict_do_update(index_elements=["at"], set_=values))

    def first(self, model: str) -> dict[str, Any] | None:
        """What the first window of this version looked like."""
        query = select(table.c.facts).where(table.c.model == model).order_by(table.c.at).limit(1)
        with self.database.reading() as connection:
            return connection.execute(query).scalar()

    def newest(self) -> dict[str, Any] | None:
        """The last row: when, of which version, and the facts."""
        with self.database.reading() as connection:
            row = connection.execute(select(table).order_by(table.c.at.desc()).limit(1)).mappings().one_or_none()
        return {"at": row["at"], "model": row["model"], **row["facts"]} if row else None
