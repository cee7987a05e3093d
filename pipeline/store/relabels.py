"""Past mail labelled once more by the version in use: a table beside the ledger, which nothing but figures read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select

from pipeline.records.labels import Labels
from pipeline.records.ledger import LedgerText
from pipeline.records.relabelling import LabelPair
from pipeline.store.database import Database
from pipeline.store.hot import IfThere, insert_rows
from pipeline.store.labels import written_to_us
from pipeline.store.mail_rows import TEXT, text_of
from pipeline.store.paging import in_pages
from pipeline.store.schema import mail
from pipeline.store.schema_relabelled import relabelled as table


class Relabels:
    """The table `relabelled`."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def waiting(self, version: str, since: datetime | None) -> Iterator[LedgerText]:
        """Mails that people wrote and this version has not labelled once more, the newest first."""
        query = select(*(mail.c[name] for name in TEXT)).where(_unlabelled(version), _past(since))
        for row in in_pages(self.database, query, newest_first=True):
            yield text_of(row)

    def count(self, version: str, since: datetime | None) -> int:
        """How many are waiting."""
        query = select(func.count()).select_from(mail).where(_unlabelled(version), _past(since))
        with self.database.reading() as connection:
            return connection.execute(query).scalar_one()

    def keep(self, version: str, labels: Sequence[tuple[str, Labels]], now: datetime) -> None:
        """What this version says of these mails, by their ids; what another one said of them goes."""
        rows = [{"mail_id": mail_id, "version": version, "at": now, **_columns(one)} for mail_id, one in labels]
        with self.database.writing() as connection:
            insert_rows(connection, table, rows, IfThere.REPLACE)

    def compare(self, head: str, version: str, since: datetime | None) -> list[LabelPair]:
        """What a head said of mails when they came, beside what this version says of them."""
        pairs = [
            mail.c[head].label("then"),
            table.c[head].label("now"),
            mail.c[f"{head}_sure"].label("then_sure"),
            table.c[f"{head}_sure"].label("now_sure"),
        ]
        query = select(*pairs, func.count().label("mails")).join(table, table.c.mail_id == mail.c.id)
        query = query.where(table.c.version == version, _past(since)).group_by(*pairs)
        with self.database.reading() as connection:
            return [LabelPair(**row) for row in connection.execute(query).mappings()]


def _unlabelled(version: str) -> ColumnElement[bool]:
    known = select(table.c.mail_id).where(table.c.mail_id == mail.c.id, table.c.version == version)
    return and_(written_to_us, ~known.exists())


def _past(since: datetime | None) -> ColumnElement[bool]:
    return and_(True) if since is None else mail.c.received >= since


def _columns(labels: Labels) -> dict[str, object]:
    return {
        "topic": labels.topic.value,
        "topic_confidence": labels.topic.confidence,
        "topic_sure": labels.topic.sure,
        "sentiment": labels.sentiment.value,
        "sentiment_confidence": labels.sentiment.confidence,
        "sentiment_sure": labels.sentiment.sure,
        "complaint": labels.is_complaint,
        "complaint_confidence": labels.complaint.confidence,
        "complaint_sure": labels.complaint.sure,
    }
