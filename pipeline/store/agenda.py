"""What needs a person, as the store knows it: read in the order of the queue, page by page, and counted.

Each kind is a condition on one of four tables, served by a partial index. A ticket, or a mail without one, stands in
the queue once, at its most urgent reason: rows at which it would stand a second time are passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from pipeline.records.ticket import Priority, TicketStatus
from pipeline.records.today import (
    IN_THE_STORE,
    TodayCount,
    TodayEntry,
    TodayFilter,
    TodayKind,
    TodayPlace,
    TodayReason,
    TodaySubject,
)
from pipeline.store import schema
from pipeline.store.agenda_sources import FAMILIES, Family, only, outranked
from pipeline.store.database import Database

ticket, mail = schema.ticket, schema.mail
COUNTED = 10_000  # of a kind; nobody works off more by their exact number
_CHUNK, _LARGEST = 50, 2_000  # rows of one question


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """What is late and what is due: before `now`, and between `now` and `until`."""

    now: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class _Look:
    """What is asked for."""

    kinds: tuple[TodayKind, ...]
    wanted: TodayFilter
    span: Span

    def families(self) -> Iterator[tuple[Family, dict[TodayKind, ColumnElement[bool]]]]:
        """Each table that is asked, and the kinds that it knows, with their conditions."""
        for family in FAMILIES:
            mine = {kind: family.condition(kind, self.span.now, self.span.until) for kind in family.kinds}
            if asked := {kind: condition for kind, condition in mine.items() if kind in self.kinds}:
                yield family, asked


class Agenda:
    """The queue of what needs a person."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def page(
        self, kinds: Collection[TodayKind], wanted: TodayFilter, span: Span, after: TodayPlace | None, size: int
    ) -> list[TodayEntry]:
        """At most `size` entries in order, those that stand after a place."""
        look = _Look(kinds=_in_order(kinds), wanted=wanted, span=span)
        found: list[TodayEntry] = []
        with self.database.reading() as connection:
            for kind in look.kinds:
                if len(found) < size and (after is None or kind.rank >= after.rank):
                    begin = after if after and after.rank == kind.rank else None
                    found += _entries(connection, look, kind, begin, size - len(found))
        return found

    def of(self, refs: Collection[str], span: Span) -> dict[str, TodayEntry]:
        """Those of these tickets and mails that need a person, by their references."""
        look = _Look(kinds=IN_THE_STORE, wanted=TodayFilter(), span=span)
        with self.database.reading() as connection:
            return _whole(connection, look, sorted(refs))

    def counts(self, kinds: Collection[TodayKind], wanted: TodayFilter, span: Span) -> dict[TodayKind, TodayCount]:
        """How many entries there are of each kind; one with several reasons counts for each."""
        look = _Look(kinds=_in_order(kinds), wanted=wanted, span=span)
        found: dict[TodayKind, TodayCount] = {}
        with self.database.reading() as connection:
            for family, asked in look.families():
                if family.one_row_each:
                    found |= _tallied(connection, family, asked, wanted)
                else:
                    found |= {kind: _counted(connection, family, one, wanted) for kind, one in asked.items()}
        return {kind: found[kind] for kind in look.kinds}


def _in_order(kinds: Collection[TodayKind]) -> tuple[TodayKind, ...]:
    return tuple(kind for kind in IN_THE_STORE if kind in kinds)


def _tallied(
    connection: Connection, family: Family, asked: dict[TodayKind, ColumnElement[bool]], wanted: TodayFilter
) -> dict[TodayKind, TodayCount]:
    """All kinds in one look over the index."""
    columns = [func.count().filter(condition).label(kind.value) for kind, condition in asked.items()]
    row = connection.execute(only(family, family.rows(*columns), wanted)).one()
    return {kind: TodayCount(number=getattr(row, kind.value)) for kind in asked}


def _counted(connection: Connection, family: Family, condition: ColumnElement[bool], wanted: TodayFilter) -> TodayCount:
    some = only(family, family.rows(family.ref.label("ref")).where(condition), wanted).limit(COUNTED + 1).subquery()
    rows, number = connection.execute(select(func.count(), func.count(some.c.ref.distinct()))).one()
    return TodayCount(number=number, more=rows > COUNTED)


# --- a page -----------------------------------------------------------------------------------------------------------


def _entries(
    connection: Connection, look: _Look, kind: TodayKind, after: TodayPlace | None, size: int
) -> list[TodayEntry]:
    """Those whose most urgent reason is of this kind, in order."""
    found: dict[str, TodayEntry] = {}
    chunk, begin = min(size, _CHUNK), after
    while True:
        rows = _rows(connection, look, kind, begin, chunk)
        whole = _whole(connection, look, sorted({row.ref for row in rows}))
        for row in rows:
            entry = whole.get(row.ref)
            if entry and entry.place == _place(kind, row):
                found[row.ref] = entry
        if len(rows) < chunk or len(found) >= size:
            return [*found.values()][:size]
        begin, chunk = _place(kind, rows[-1]), min(2 * chunk, _LARGEST)


def _place(kind: TodayKind, row: Row[*tuple[Any, ...]]) -> TodayPlace:
    return TodayPlace(rank=kind.rank, at=row.at, calm=bool(row.calm), ref=row.ref)


def _rows(
    connection: Connection, look: _Look, kind: TodayKind, begin: TodayPlace | None, size: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Places at which an entry may stand, in order."""
    family = next(one for one in FAMILIES if kind in one.kinds)
    query = family.rows(family.at.label("at"), family.calm.label("calm"), family.ref.label("ref"))
    query = query.where(family.condition(kind, look.span.now, look.span.until), outranked(family, kind, look.kinds))
    if begin:
        later = and_(family.calm == int(begin.calm), family.ref > begin.ref)
        query = query.where(family.at >= begin.at, or_(family.at > begin.at, family.calm > int(begin.calm), later))
    query = only(family, query, look.wanted)
    return connection.execute(query.order_by(family.at, family.calm, family.ref).limit(size)).all()


def _whole(connection: Connection, look: _Look, refs: Sequence[str]) -> dict[str, TodayEntry]:
    """These tickets and mails with all their reasons."""
    if not refs:
        return {}
    reasons: dict[str, list[TodayReason]] = {}
    for family, asked in look.families():
        for row in connection.execute(only(family, _reasons(family, asked, refs), look.wanted)):
            given = {"at": row.at, "mail_id": row.mail_id, "what": row.what, "said": row.said, "calm": bool(row.calm)}
            kinds = [kind for kind in asked if row.ref in refs and getattr(row, kind.value)]
            reasons.setdefault(row.ref, []).extend(TodayReason(kind=kind, **given) for kind in kinds)
    reasons = {ref: found for ref, found in reasons.items() if found}
    about = _about(connection, [*reasons])
    return {
        ref: TodayEntry(ref=ref, reasons=_sorted(found), subject=about.get(ref, TodaySubject()))
        for ref, found in reasons.items()
    }


def _sorted(reasons: Sequence[TodayReason]) -> tuple[TodayReason, ...]:
    return tuple(sorted(reasons, key=lambda one: (one.kind.rank, one.at, one.mail_id, one.what)))


def _reasons(
    family: Family, asked: dict[TodayKind, ColumnElement[bool]], refs: Sequence[str]
) -> Select[*tuple[Any, ...]]:
    named: list[ColumnElement[Any]] = [
        family.at.label("at"),
        family.calm.label("calm"),
        family.ref.label("ref"),
        family.mail_id.label("mail_id"),
        family.what.label("what"),
        family.said.label("said"),
    ]
    flags = [condition.label(kind.value) for kind, condition in asked.items()]
    return family.rows(*named, *flags).where(family.is_of(refs))


def _about(connection: Connection, refs: Sequence[str]) -> dict[str, TodaySubject]:
    """What the reader is told of each: of its ticket, else of its mail."""
    mails = connection.execute(select(*(mail.c[name] for name in _OF_MAIL)).where(mail.c.id.in_(refs))).all()
    tickets = connection.execute(select(*(ticket.c[name] for name in _OF_TICKET)).where(ticket.c.ref.in_(refs))).all()
    boxes = {row.id: row.mailbox for row in mails}
    return {row.id: _of_mail(row) for row in mails} | {
        row.ref: _of_ticket(row, boxes.get(row.ref, "")) for row in tickets
    }


_OF_MAIL = ("id", "subject", "customer", "sender", "sender_name", "received", "topic", "language", "mailbox")
_OF_TICKET = (
    *("ref", "subject", "customer", "customer_name", "opened", "status", "priority", "owner", "topic", "language"),
)


def _of_mail(row: Row[*tuple[Any, ...]]) -> TodaySubject:
    return TodaySubject(
        title=row.subject,
        customer=row.sender or row.customer,
        customer_name=row.sender_name,
        since=row.received,
        topic=row.topic or "",
        language=row.language,
        mailbox=row.mailbox,
    )


def _of_ticket(row: Row[*tuple[Any, ...]], mailbox: str) -> TodaySubject:
    return TodaySubject(
        title=row.subject,
        customer=row.customer,
        customer_name=row.customer_name,
        since=row.opened,
        status=TicketStatus(row.status),
        priority=Priority(row.priority),
        owner=row.owner,
        topic=row.topic,
        language=row.language,
        mailbox=mailbox,
    )
