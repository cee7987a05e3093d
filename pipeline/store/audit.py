"""Who did what at the desk: written before it is done, so that nothing is done without a line, and closed after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, insert, or_, select, update
from sqlalchemy.engine import RowMapping

from pipeline.records.account import AuditEntry
from pipeline.store.database import Database
from pipeline.store.schema_desk import audit as table

PAGE = 100  # lines
TYPED = (
    "write-draft",
    "try-text",
)  # come each time somebody pauses while they type: shown only where they are asked for


@dataclass(frozen=True, kw_only=True)
class AuditFilter:
    """What is looked for; '' and None leave it open."""

    account: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


class AuditLog:
    """The table `audit`. Nothing in it is ever changed but the outcome of what is being done."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def begin(self, account: str, action: str, client: str, now: datetime) -> int:
        """The number of a new line."""
        values = {"at": now, "account": account, "action": action, "client": client, "before": {}, "after": {}}
        with self.database.writing() as connection:
            return int(connection.execute(insert(table).values(values).returning(table.c.id)).scalar_one())

    def close(
        self,
        number: int,
        *,
        subject: str,
        before: Mapping[str, object],
        after: Mapping[str, object],
        outcome: str,
        account: str = "",
    ) -> None:
        """How it went. `account`: who it turned out to be, where that was not known before."""
        values = {"subject": subject, "before": dict(before), "after": dict(after), "outcome": outcome}
        if account:
            values["account"] = account
        with self.database.writing() as connection:
            connection.execute(update(table).where(table.c.id == number).values(values))

    def get(self, number: int) -> AuditEntry | None:
        """One line."""
        with self.database.reading() as connection:
            row = connection.execute(select(table).where(table.c.id == number)).mappings().one_or_none()
        return _entry(row) if row else None

    def find(self, wanted: AuditFilter, *, before: int = 0, limit: int = PAGE) -> list[AuditEntry]:
        """The newest first. `before`: only lines with a smaller number; `limit` 0: all."""
        query = _filtered(wanted).order_by(table.c.id.desc())
        if before:
            query = query.where(table.c.id < before)
        if limit:
            query = query.limit(limit)
        with self.database.reading() as connection:
            return [_entry(row) for row in connection.execute(query).mappings()]


def _filtered(wanted: AuditFilter) -> Select[tuple[object, ...]]:
    query = select(table)
    if wanted.account:
        query = query.where(table.c.account == wanted.account.lower())
    query = query.where(table.c.action == wanted.action if wanted.action else table.c.action.not_in(TYPED))
    if wanted.subject:
        query = query.where(or_(table.c.subject == wanted.subject, table.c.subject == wanted.subject.upper()))
    if wanted.since:
        query = query.where(table.c.at >= wanted.since)
    if wanted.until:
        query = query.where(table.c.at < wanted.until)
    return query


def _entry(row: RowMapping) -> AuditEntry:
    return AuditEntry(**row)
