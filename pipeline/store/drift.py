"""How the mail of each day's window compares with the training: one row a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from sqlalchemy import select

from pipeline.records.health import DriftDay, DriftFacts
from pipeline.records.ledger import WindowMail
from pipeline.store import schema
from pipeline.store.database import Database, upsert
from pipeline.store.labels import WRITTEN_BY_PEOPLE
from pipeline.store.mail_rows import WINDOW, window_mail_of

table, mail = schema.drift, schema.mail


class Drift:
    """The table `drift`, and the mails that it is computed from."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def window(self, model: str, since: datetime, most: int) -> list[WindowMail]:
        """Mails that people wrote and this version judged, the newest first."""
        query = select(*(mail.c[name] for name in WINDOW)).where(
            mail.c.received >= since, mail.c.model == model, mail.c.verdict.in_(WRITTEN_BY_PEOPLE)
        )
        with self.database.reading() as connection:
            rows = connection.execute(query.order_by(mail.c.received.desc(), mail.c.id).limit(most)).mappings()
            return [window_mail_of(row) for row in rows]

    def keep(self, model: str, facts: Mapping[str, object], now: datetime) -> None:
        """The facts of the window that ends now."""
        values = {"model": model, "facts": dict(facts)}
        with self.database.writing() as connection:
            statement = upsert(connection, table).values(at=now, **values)
            connection.execute(statement.on_conflict_do_update(index_elements=["at"], set_=values))

    def first(self, model: str) -> DriftFacts | None:
        """What the first window of this version looked like."""
        query = select(table.c.facts).where(table.c.model == model).order_by(table.c.at).limit(1)
        with self.database.reading() as connection:
            return connection.execute(query).scalar()

    def newest(self) -> DriftDay | None:
        """What was measured last."""
        with self.database.reading() as connection:
            row = connection.execute(select(table).order_by(table.c.at.desc()).limit(1)).mappings().one_or_none()
        return DriftDay(at=row["at"], model=row["model"], facts=cast("DriftFacts", row["facts"])) if row else None
