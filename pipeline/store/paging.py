"""Long lists of mails, page by page: nobody who takes their time over one keeps the database from tidying up.

On SQLite whoever is still reading holds on to everything that is written meanwhile: the write-ahead log grows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.engine import RowMapping

from pipeline.store.database import Database
from pipeline.store.schema import mail

PAGE = 1000


# Any: of a Select nothing is known but that it has `received` and `id` of mails.
def in_pages(
    database: Database, query: Select[*tuple[Any, ...]], *, newest_first: bool, limit: int = 0
) -> Iterator[RowMapping]:
    """The rows by time of arrival, each page in a transaction of its own. What arrives meanwhile changes no order."""
    order = mail.c.received.desc() if newest_first else mail.c.received
    query, given = query.order_by(None).order_by(order, mail.c.id), 0
    after: ColumnElement[bool] | None = None
    while True:
        size = min(PAGE, limit - given) if limit else PAGE
        with database.reading() as connection:
            page = query if after is None else query.where(after)
            rows = connection.execute(page.limit(size)).mappings().all()
        yield from rows
        given += len(rows)
        if len(rows) < size or given == limit:
            return
        after = _after(rows[-1], newest_first=newest_first)


def _after(last: RowMapping, *, newest_first: bool) -> ColumnElement[bool]:
    received, id_ = last["received"], last["id"]
    if newest_first:
        return and_(mail.c.received <= received, or_(mail.c.received < received, mail.c.id > id_))
    return and_(mail.c.received >= received, or_(mail.c.received > received, mail.c.id > id_))
