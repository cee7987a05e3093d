"""The rows of the board as records, and changes of a ticket as columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, FromClause, or_
from sqlalchemy.engine import RowMapping

from pipeline.records.ticket import (
    UNCHANGED,
    Bounce,
    ListedTicket,
    OfferedGrant,
    OutsideState,
    Priority,
    Ticket,
    TicketChange,
    TicketEvent,
    TicketStatus,
    WholeTicket,
)
from pipeline.store import outside, schema

_JSON_LISTS = ("participants", "checklist")
_RENAMED = {"outside": "seen", "looked_at": "polled"}  # field → column, where they differ
_SAME = tuple(
    field.name for field in fields(Ticket) if field.name not in (*_JSON_LISTS, *_RENAMED, "status", "priority")
)


def may_be_complaint(table: FromClause = schema.ticket) -> ColumnElement[bool]:
    """As `Ticket.may_be_complaint`, for queries."""
    return or_(table.c.complaint, table.c.to_check)


def ticket_of(row: RowMapping) -> Ticket:
    """A row of the table `ticket`."""
    return Ticket(**_values(row))


def listed_ticket_of(row: RowMapping, mails: Iterable[str]) -> ListedTicket:
    """The same with the ids of its mails."""
    return ListedTicket(**_values(row), mails=tuple(mails))


def whole_ticket_of(
    row: RowMapping,
    mails: Iterable[str],
    grants: Iterable[OfferedGrant],
    bounces: Iterable[Bounce],
    events: Iterable[TicketEvent],
) -> WholeTicket:
    """The same with everything that happened to it."""
    return WholeTicket(
        **_values(row), mails=tuple(mails), grants=tuple(grants), bounces=tuple(bounces), events=tuple(events)
    )


def event_of(row: RowMapping) -> TicketEvent:
    """A row of the table `ticket_event`."""
    return TicketEvent(**{field.name: row[field.name] for field in fields(TicketEvent)})


def _values(row: RowMapping) -> dict[str, Any]:  # Any: the fields of a ticket by name, of many types
    return {
        **{name: row[name] for name in _SAME},
        **{name: tuple(row[name] or ()) for name in _JSON_LISTS},
        "status": TicketStatus(row["status"]),
        "priority": Priority(row["priority"]),
        "outside": outside.from_json(row[_RENAMED["outside"]]),
        "looked_at": row[_RENAMED["looked_at"]],
    }


def columns_of(change: TicketChange) -> dict[str, object]:
    """What a change sets."""
    columns: dict[str, object] = {}
    for field in fields(TicketChange):
        value = getattr(change, field.name)
        nullable = field.name in ("resolved", "moved")
        if value is UNCHANGED or (value is None and not nullable):
            continue
        name = _RENAMED.get(field.name, field.name)
        if isinstance(value, OutsideState):
            value = outside.to_json(value)
        columns[name] = value.value if isinstance(value, StrEnum) else value
    return columns
