"""Where the queue of what needs a person is read from: four tables, what each knows of it, and who outranks whom."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, case, exists, func, literal, literal_column, or_, select
from sqlalchemy import true as everything

from pipeline.records.effect import MAILS, EffectKind
from pipeline.records.ticket import Priority, TicketStatus
from pipeline.records.today import MINE, NOBODY, TodayFilter, TodayKind
from pipeline.store import schema
from pipeline.store.schema_agenda import unkept, unsolved, unwell
from pipeline.store.ticket_rows import may_be_complaint

ticket, mail, promise, effect = schema.ticket, schema.mail, schema.promise, schema.effect
Condition = ColumnElement[bool]
Test = Callable[[ColumnElement[Any]], Condition]  # of a column: of text, perhaps null


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """Kinds that are conditions on the rows of one table."""

    source: FromClause
    always: Condition  # of its partial index
    kinds: Mapping[TodayKind, Callable[[datetime, datetime], Condition]]  # with what is now, and until when it is due
    at: ColumnElement[datetime]  # what its rows are ordered by
    calm: ColumnElement[int]  # 1 for what is no complaint: of the same time complaints come first
    ref: ColumnElement[str]  # the ticket or mail that stands in the queue
    mail_id: ColumnElement[str]
    what: ColumnElement[str]
    said: ColumnElement[str]
    is_of: Callable[[Sequence[str]], Condition]  # rows of these tickets and mails, and perhaps a few others
    ticket_ref: ColumnElement[str]  # of the ticket it belongs to, '' for none
    one_row_each: bool = False  # no ticket has two rows

    def rows(self, *columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
        """These columns of its rows."""
        return select(*columns).select_from(self.source).where(self.always)

    def condition(self, kind: TodayKind, now: datetime, until: datetime) -> Condition:
        """What makes a row one of this kind."""
        return self.kinds[kind](now, until)


# --- filters ----------------------------------------------------------------------------------------------------------


def only(family: Family, query: Select[*tuple[Any, ...]], wanted: TodayFilter) -> Select[*tuple[Any, ...]]:
    """What a filter lets through. `owner` must be an address, or NOBODY: MINE is for who knows whose it is."""
    if wanted.owner == MINE:
        raise ValueError("whose?")
    if wanted.mailbox:
        query = query.where(_of_mailbox(family, wanted.mailbox))
    if wanted.owner:
        query = query.where(_owned(family, "" if wanted.owner == NOBODY else wanted.owner.lower()))
    for name in ("topic", "language"):
        if value := getattr(wanted, name):
            query = query.where(_about(family, name, name, _equal_to(value)))
    if text := wanted.text:
        subject = _about(family, "subject", "subject", _containing(text))
        customer = _about(family, "customer", "sender", _containing(text))
        query = query.where(or_(subject, customer, _containing(text)(family.ref)))
    return query


def _equal_to(value: str) -> Test:
    return lambda column: column == value


def _containing(text: str) -> Test:
    return lambda column: column.icontains(text, autoescape=True)


def _about(family: Family, of_ticket: str, of_mail: str, holds: Test) -> Condition:
    """It holds for a column of its ticket; where it has none, for one of its mail."""
    told, letter = schema.ticket.alias(), schema.mail.alias()
    if family in (TICKETS, PROMISES):
        on_ticket = holds(ticket.c[of_ticket])
    else:
        on_ticket = exists(select(told.c.ref).where(told.c.ref == family.ticket_ref, holds(told.c[of_ticket])))
    if family is TICKETS:
        return on_ticket
    if family is MAILS_TO_US:
        on_mail = holds(mail.c[of_mail])
    else:
        on_mail = exists(select(letter.c.id).where(letter.c.id == family.mail_id, holds(letter.c[of_mail])))
    return or_(on_ticket, and_(family.ticket_ref == "", on_mail))


def _owned(family: Family, owner: str) -> Condition:
    """What has no ticket is nobody's."""
    told = schema.ticket.alias()
    if family in (TICKETS, PROMISES):
        owned = func.lower(ticket.c.owner) == owner
    else:
        owned = exists(select(told.c.ref).where(told.c.ref == family.ticket_ref, func.lower(told.c.owner) == owner))
    return owned if owner else or_(owned, family.ticket_ref == "")


def _of_mailbox(family: Family, mailbox: str) -> Condition:
    """A case came to the mailbox to which its first mail came."""
    letter = schema.mail.alias()
    if family is MAILS_TO_US:
        return mail.c.mailbox == mailbox
    return exists(select(letter.c.id).where(letter.c.id == family.mail_id, letter.c.mailbox == mailbox))


# --- who outranks whom ------------------------------------------------------------------------------------------------


def outranked(family: Family, kind: TodayKind, kinds: Collection[TodayKind]) -> Condition:
    """Leaves out, as far as an index can tell, what stands in the queue already for a more urgent reason.

    It is for speed alone: whoever reads the rows looks again.
    """
    if family is TICKETS:
        higher = [one for one in TICKETS.kinds if one in kinds and one.rank < kind.rank]
        return and_(everything(), *(~TICKETS.condition(one, _ANY, _ANY) for one in higher))
    if family is MAILS_TO_US and TodayKind.CASE in kinds and TodayKind.CASE.rank < kind.rank:
        other = schema.ticket.alias()
        at_work = other.c.status.in_(_AT_WORK)
        return ~exists(select(other.c.ref).where(other.c.ref == mail.c.ticket, at_work))
    return everything()


_ANY = datetime.min  # no condition on tickets asks for the time

# --- the four ---------------------------------------------------------------------------------------------------------

_AT_WORK = [TicketStatus.OPEN.value, TicketStatus.ACTIVE.value]
_untouched = ticket.c.responded.is_(None)
_urgent = ticket.c.priority == Priority.URGENT.value
_waits = ticket.c.status == TicketStatus.WAITING.value
_nothing = literal("")
_no_complaint = case((ticket.c.complaint, 0), else_=1)
_no_complaining_mail = case((mail.c.complaint, 0), else_=1)

PROMISES = Family(
    source=promise.outerjoin(ticket, ticket.c.ref == promise.c.ticket),
    always=and_(unkept, or_(ticket.c.ref.is_(None), unsolved)),
    kinds={
        TodayKind.OVERDUE: lambda now, _until: promise.c.due <= now,
        TodayKind.DUE: lambda now, until: and_(promise.c.due > now, promise.c.due <= until),
    },
    at=promise.c.due,
    calm=_no_complaint,
    ref=case((promise.c.ticket != "", promise.c.ticket), else_=promise.c.mail_id),
    mail_id=promise.c.mail_id,
    what=promise.c.kind,
    said=_nothing,
    is_of=lambda refs: or_(promise.c.ticket.in_(refs), promise.c.mail_id.in_(refs)),
    ticket_ref=promise.c.ticket,
)
TICKETS = Family(
    source=ticket,
    always=unsolved,
    kinds={
        TodayKind.URGENT: lambda _now, _until: and_(_untouched, _urgent),
        TodayKind.COMPLAINT: lambda _now, _until: and_(_untouched, ~_urgent, ticket.c.complaint, ~ticket.c.to_check),
        TodayKind.CHECK: lambda _now, _until: ticket.c.to_check,
        TodayKind.QUIET: lambda _now, _until: and_(_waits, ticket.c.warned.is_not(None), may_be_complaint()),
        TodayKind.CASE: lambda _now, _until: ticket.c.status.in_(_AT_WORK),
    },
    at=ticket.c.opened,
    calm=_no_complaint,
    ref=ticket.c.ref,
    mail_id=ticket.c.ref,
    what=_nothing,
    said=_nothing,
    is_of=lambda refs: ticket.c.ref.in_(refs),
    ticket_ref=ticket.c.ref,
    one_row_each=True,
)
EFFECTS = Family(
    source=effect.outerjoin(mail, mail.c.id == effect.c.mail_id),
    always=unwell,
    kinds={
        TodayKind.LETTER: lambda _now, _until: effect.c.kind.in_([kind.value for kind in MAILS]),
        TodayKind.FILING: lambda _now, _until: and_(
            effect.c.kind.in_([EffectKind.FILE.value, EffectKind.MARK.value]),
            effect.c.state == literal_column("'failed'"),  # what is uncertain of those resolves itself
        ),
    },
    at=effect.c.created,
    calm=_no_complaining_mail,
    ref=case((effect.c.ticket != "", effect.c.ticket), (mail.c.ticket != "", mail.c.ticket), else_=effect.c.mail_id),
    mail_id=effect.c.mail_id,
    what=effect.c.kind + "." + effect.c.state,
    said=effect.c.error,
    is_of=lambda refs: or_(effect.c.mail_id.in_(refs), effect.c.ticket.in_(refs), mail.c.ticket.in_(refs)),
    ticket_ref=case((effect.c.ticket != "", effect.c.ticket), else_=func.coalesce(mail.c.ticket, "")),
)
MAILS_TO_US = Family(
    source=mail,
    always=everything(),
    kinds={
        TodayKind.PARKED: lambda _now, _until: mail.c.parked,
        TodayKind.UNSURE: lambda _now, _until: mail.c.review,
    },
    at=mail.c.received,
    calm=_no_complaining_mail,
    ref=case((mail.c.ticket != "", mail.c.ticket), else_=mail.c.id),
    mail_id=mail.c.id,
    what=case((mail.c.quieted, "quieted"), (mail.c.complaint_suspected, "complaint"), else_=""),
    said=mail.c.error,
    is_of=lambda refs: or_(mail.c.ticket.in_(refs), mail.c.id.in_(refs)),
    ticket_ref=mail.c.ticket,
)
FAMILIES = (PROMISES, TICKETS, EFFECTS, MAILS_TO_US)
