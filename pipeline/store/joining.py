"""Two conversations become one, and a mail becomes a case of its own: on a person's word, in one transaction each.

Nobody gains a right by it: a case is joined only to another of the same customer, and whoever wrote a mail that is
split off is the customer of that mail alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.engine import RowMapping

from pipeline.errors import NotFoundError, UsageError
from pipeline.records.effect import EffectKind, EffectState
from pipeline.records.filing import FilingAction
from pipeline.records.mail import Address
from pipeline.records.payload import FilingPayload, to_json
from pipeline.records.ticket import BOARD, OVER, NewTicket, Priority, TicketStatus
from pipeline.store import meanwhile, progress, repeats, schema, tickets
from pipeline.store.database import Database, upsert

mail, ticket, promise, event = schema.mail, schema.ticket, schema.promise, schema.ticket_event
JOINED, SPLIT = "joined", "split"  # kinds of lines in the timeline
_STEPS = list(Priority)
Case = Any  # a row of the table `ticket`


def join(database: Database, ref: str, other: str, by: str, now: datetime, seen: int | None = None) -> None:
    """What comes to either goes to `ref` from now on; `other` is closed silently. Promises go along with their times.

    Raises NotFoundError, ChangedMeanwhileError, and UsageError where they may not be joined.
    """
    if ref == other:
        raise UsageError("a case is not joined to itself", where=ref, remedy="name two cases")
    with database.writing() as connection:
        cases = _held(connection, ref, other)
        one, two = cases[ref], cases[other]
        meanwhile.refuse_unseen(connection, ref, seen, by)
        _refuse(one, two)
        _move(connection, one, two, now)
        _update_joined(connection, one, two, now)
        _close(connection, two, one, by, now)
        repeats.link(connection, ref, other, by, "joined by a person", now)
        _tell(connection, one, JOINED, f"{other} is part of this case now", by, now)


def _held(connection: Connection, *refs: str) -> dict[str, Case]:
    """Their rows, which nobody changes until the end. Raises NotFoundError."""
    query = select(ticket).where(ticket.c.ref.in_(refs)).order_by(ticket.c.ref).with_for_update()
    found = {row.ref: row for row in connection.execute(query)}
    for ref in refs:
        if ref not in found:
            raise NotFoundError("there is no such ticket", where=ref, remedy="see `firstline ticket list`")
    return found


def _refuse(one: Case, two: Case) -> None:
    if one.status == TicketStatus.CLOSED.value:
        raise UsageError("it is closed for good", where=one.ref, remedy=f"join it to {two.ref} instead, or link them")
    if not two.folded or two.folded != one.folded:
        raise UsageError(
            f"{two.ref} is another customer's: joined, each could write into the case of the other",
            where=one.ref,
            remedy=f"link them instead: `firstline ticket link {one.ref} {two.ref}`",
        )


def _move(connection: Connection, one: Case, two: Case, now: datetime) -> None:
    """Everything by which later mail finds its case, and what was given to the customer."""
    takes_part = select(schema.participant.c.address).where(schema.participant.c.thread == two.thread)
    rows = [{"thread": one.thread, "address": address} for address in connection.execute(takes_part).scalars()]
    if rows:
        connection.execute(upsert(connection, schema.participant).on_conflict_do_nothing(), rows)
    for table in (schema.acknowledgement, schema.article_offer, schema.survey, mail):
        connection.execute(update(table).where(table.c.thread == two.thread).values(thread=one.thread))
    for table in (promise, schema.grant, schema.survey, mail):
        connection.execute(update(table).where(table.c.ticket == two.ref).values(ticket=one.ref))
    if two.moved:  # said to the customer, and not sent yet
        untold = (event.c.ticket == two.ref, event.c.public, event.c.at >= two.moved)
        connection.execute(update(event).where(*untold).values(ticket=one.ref))


def _update_joined(connection: Connection, one: Case, two: Case, now: datetime) -> None:
    """The more urgent of both counts."""
    is_open = two.status not in OVER or one.status not in OVER
    values: dict[str, object] = {
        "changed": now,
        "participants": [*dict.fromkeys([*one.participants, *two.participants])],
        "complaint": one.complaint or two.complaint,
        "to_check": (one.to_check or two.to_check) and not (one.complaint or two.complaint),
        "priority": max(one.priority, two.priority, key=lambda word: _STEPS.index(Priority(word))),
        "asked": one.asked or two.asked,
        "moved": min(filter(None, (one.moved, two.moved)), default=None),
        "unproven": one.unproven or two.unproven,
        **{name: min(filter(None, (getattr(one, name), getattr(two, name))), default=None) for name in _TIMES},
    }
    if is_open and one.status in OVER:
        values |= {"status": TicketStatus.OPEN.value, "resolved": None}
    connection.execute(update(ticket).where(ticket.c.ref == one.ref).values(values))


_TIMES = ("respond_by", "resolve_by")


def _close(connection: Connection, two: Case, one: Case, by: str, now: datetime) -> None:
    """Nothing is promised in it any more, as its promises went along; no letter about it goes out."""
    resolved = two.resolved or now
    values = {"status": TicketStatus.CLOSED.value, "resolved": resolved, "changed": now}
    connection.execute(update(ticket).where(ticket.c.ref == two.ref).values(values))
    progress.drop(connection, two.ref, now)
    detail = f"{tickets.turned(two.status, TicketStatus.CLOSED)}: silently"
    closed = FilingPayload(action=FilingAction.UPDATE, status=TicketStatus.CLOSED)
    _tell(connection, two, "status", detail, by, now, closed)
    _tell(connection, two, JOINED, f"part of {one.ref} now", by, now)


def _tell(
    connection: Connection,
    case: Case,
    kind: str,
    detail: str,
    by: str,
    now: datetime,
    filing: FilingPayload | None = None,
) -> None:
    """A line of the timeline, and what an outside tracker is told of it."""
    line = tickets.event(case.ref, now, kind, detail, actor=by)
    number = connection.execute(insert(event).returning(event.c.id), {**line, "public": False}).scalar()
    if case.tracker != BOARD:
        told = filing or FilingPayload(action=FilingAction.COMMENT)
        connection.execute(insert(schema.effect), tickets.filing_row(case.ref, number, told, now))


# --- a mail of its own ------------------------------------------------------------------------------------------------


def split(database: Database, ref: str, mail_id: str, by: str, now: datetime, seen: int | None = None) -> None:
    """A customer's mail leaves a conversation and is a case of its own, with what was given in answer to it.

    Raises NotFoundError, ChangedMeanwhileError, and UsageError where it can't be split off.
    """
    with database.writing() as connection:
        one = _held(connection, ref)[ref]
        meanwhile.refuse_unseen(connection, ref, seen, by)
        letter = connection.execute(select(mail).where(mail.c.id == mail_id)).mappings().one_or_none()
        if letter is None or letter["ticket"] != ref:
            raise NotFoundError(
                "there is no such mail in this case", where=mail_id, remedy=f"`firstline ticket show {ref}`"
            )
        _refuse_split(one, letter)
        _open(connection, one, letter, now)
        _take_along(connection, mail_id)
        repeats.link(connection, mail_id, ref, by, "split off by a person", now)
        _tell(connection, one, SPLIT, f"{mail_id} is a case of its own now", by, now)


def _refuse_split(one: Case, letter: RowMapping) -> None:
    if letter["id"] == one.ref:
        raise UsageError("this mail began the case", where=one.ref, remedy="split off the other mails instead")
    _refuse_others(letter)


def open_case(database: Database, mail_id: str, new: NewTicket, by: str, now: datetime) -> None:
    """A conversation that has no ticket is a case from now on. Raises NotFoundError, UsageError."""
    with database.writing() as connection:
        letter = connection.execute(select(mail).where(mail.c.id == mail_id).with_for_update()).mappings().one_or_none()
        if letter is None:
            raise NotFoundError("there is no such mail", where=mail_id, remedy="see `firstline mail list`")
        if letter["ticket"] or letter["parked"]:
            remedy = f"see {letter['ticket']}" if letter["ticket"] else "release it or discard it"
            raise UsageError("it belongs to a case, or is parked", where=mail_id, remedy=remedy)
        _refuse_others(letter)
        row = {**_row(connection, letter, new, now), "thread": letter["thread"], "unproven": True}
        connection.execute(insert(ticket), {**row, "checklist": list(new.checklist)})
        opened = tickets.event(mail_id, now, "opened", "a person made a case of it", actor=by, mail_id=mail_id)
        connection.execute(insert(event), {**opened, "public": False})
        mails = select(mail.c.id).where(mail.c.thread == letter["thread"], mail.c.ticket == "")
        for table in (promise, schema.grant):
            connection.execute(
                update(table).where(table.c.mail_id.in_(mails), table.c.ticket == "").values(ticket=mail_id)
            )
        connection.execute(update(mail).where(mail.c.id.in_(mails)).values(ticket=mail_id))
        if new.tracker != BOARD:
            connection.execute(insert(schema.effect), _to_be_filed(mail_id, "", now))


def _refuse_others(letter: RowMapping) -> None:
    if letter["by_staff"] or letter["robot"] or not letter["customer"]:
        raise UsageError("no customer wrote this mail", where=letter["id"], remedy="name a mail of a customer")


def _row(connection: Connection, letter: RowMapping, new: NewTicket, now: datetime) -> dict[str, object]:
    """The ticket of a mail, whose writer is its customer."""
    is_sender = Address(email=letter["sender"]).folded == letter["customer"]  # else it came by a form, or a list
    return {
        **{name: getattr(new, name) for name in ("owner", "topic", "complaint", "to_check", "tracker", "project")},
        "priority": new.priority.value,
        "ref": letter["id"],
        "status": TicketStatus.OPEN.value,
        "customer": letter["sender"] if is_sender else letter["customer"],
        "customer_name": letter["sender_name"] if is_sender else "",
        "participants": [letter["customer"]],
        "folded": letter["customer"],
        "subject": letter["subject"],
        "sentiment": letter["sentiment"] or "",
        "language": letter["language"],
        "opened": letter["received"],
        "changed": now,
        "resolved": None,
        **{f"{kind}_by": _due(connection, letter["id"], kind) for kind in ("respond", "resolve")},
    }


def _open(connection: Connection, one: Case, letter: RowMapping, now: datetime) -> None:
    """A ticket of a mail that is split off; one that was joined before is open again."""
    mine = letter["customer"] == one.folded
    new = NewTicket(
        owner=one.owner,
        topic=letter["topic"] or one.topic,
        complaint=bool(letter["complaint"]),
        to_check=letter["complaint_suspected"] and not letter["complaint_sure"],
        tracker=one.tracker,
        project=one.project,
        priority=Priority(one.priority),
    )
    row = {**_row(connection, letter, new, now), "thread": letter["id"]}
    row["unproven"] = one.unproven if mine else True  # of somebody else nobody has proved who they are
    statement = upsert(connection, ticket).values({**row, "checklist": one.checklist if mine else []})
    before = connection.execute(select(ticket.c.ref).where(ticket.c.ref == letter["id"])).scalar()
    connection.execute(statement.on_conflict_do_update(index_elements=["ref"], set_=row))
    opened = tickets.event(letter["id"], now, "opened", f"split off from {one.ref}", mail_id=letter["id"])
    connection.execute(insert(event), {**opened, "public": False})
    if one.tracker != BOARD and not before:
        connection.execute(insert(schema.effect), _to_be_filed(letter["id"], one.ref, now))


def _due(connection: Connection, mail_id: str, kind: str) -> datetime | None:
    mine = (promise.c.mail_id == mail_id, promise.c.kind == kind)
    return connection.execute(select(func.max(promise.c.due)).where(*mine)).scalar()


def _to_be_filed(mail_id: str, earlier: str, now: datetime) -> dict[str, object]:
    return {
        "key": f"{mail_id}:file",
        "mail_id": mail_id,
        "kind": EffectKind.FILE.value,
        "state": EffectState.INTENDED.value,
        "created": now,
        "changed": now,
        "ticket": mail_id,
        "details": to_json(EffectKind.FILE, FilingPayload(action=FilingAction.OPEN, earlier=earlier)),
    }


def _take_along(connection: Connection, mail_id: str) -> None:
    """Of the conversation only what belongs to this mail."""
    connection.execute(update(mail).where(mail.c.id == mail_id).values(thread=mail_id, ticket=mail_id))
    for table in (schema.acknowledgement, schema.article_offer):
        connection.execute(update(table).where(table.c.mail_id == mail_id).values(thread=mail_id))
    for table in (promise, schema.grant):
        connection.execute(update(table).where(table.c.mail_id == mail_id).values(ticket=mail_id))
