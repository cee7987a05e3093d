"""Rows of the training data that do not say who wrote them: the ledger knows, where their source names a mail of it.

Of which customer a row is must be known for two things: a word that only few customers use teaches nothing, since it
may be a name; and what an erased customer taught goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from pipeline.desk.collect import shelf_of
from pipeline.desk.doors import CollectingDoors
from pipeline.learn.dataset import Row
from pipeline.learn.importing import sender_key
from pipeline.tokens import REF


def name_writers(doors: CollectingDoors) -> None:
    """Fills in the writers of the rows that are there. Raises UsageError, UnreachableError."""
    shelf = shelf_of(doors)
    known = writers_of(doors, shelf.rows())
    if known:
        shelf.rewrite(lambda row: with_writer(row, known, doors.signer.pseudonym))


def writers_of(doors: CollectingDoors, rows: Iterable[Row]) -> dict[str, str]:
    """The folded addresses of those whose mails are named as the source of a row that lacks its writer; by mail."""
    named = {mail for row in rows if not row.sender and (mail := mail_named(row.source))}
    return doors.labels.customers(named) if named else {}


def with_writer(row: Row, known: Mapping[str, str], pseudonym: Callable[[str, str], str]) -> Row:
    """The same row, where it has a writer already or nobody knows him."""
    writer = "" if row.sender else known.get(mail_named(row.source), "")
    return replace(row, sender=sender_key(writer, pseudonym)) if writer else row


def mail_named(source: str) -> str:
    """The id of a mail of the ledger that stands in the source of a row, '' for none."""
    found = REF.search(source)
    return found[1].upper() if found else ""
