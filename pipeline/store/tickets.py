"""The rows of the board: tickets and the timeline of what happened to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from pipeline.errors import NotFoundError
from pipeline.records.answerable import SEEN
from pipeline.records.decision import Judged
from pipeline.records.effect import EffectKind, EffectState
from pipeline.records.filing import FilingAction
from pipeline.records.labels import Correction
from pipeline.records.payload import FilingPayload, to_json
from pipeline.records.thread import Role
from pipeline.records.ticket import (
    BOARD,
    OVER,
    Bounce,
    ListedTicket,
    OfferedGrant,
    Priority,
    Ticket,
    TicketAction,
    TicketChange,
    TicketStatus,
    WholeTicket,
)
from pipeline.store import meanwhile, progress, schema
from pipeline.store.database import Database
from pipeline.store.hot import IfThere, insert_rows
from pipeline.store.ticket_rows import columns_of, event_of, listed_ticket_of, whole_ticket_of

Columns = dict[str, object]  # of a row that is written: name → value
_RESPONSES = ("comment", "status", "assigned")  # what a person does for the customer


def ref_of(judged: Judged) -> str:
    """The ticket a mail belongs to once it is recorded, '' for none."""
    if judged.decision.ticket is TicketAction.OPEN:
        return judged.id
    ticket = judged.thread.ticket
    return ticket.ref if ticket and judged.decision.ticket is not TicketAction.NONE else ""


def apply(connection: Connection, batch: Sequence[Judged], now: datetime) -> None:
    """Opens and updates the tickets of a batch, inside the transaction that records it."""
    opened = [judged for judged in batch if judged.decision.ticket is TicketAction.OPEN]
    rows = [_row(judged, now) for judged in opened]
    insert_rows(connection, schema.ticket, rows, IfThere.LEAVE)  # it may be there: see `mail reconcile`
    events = [_event_of(judged, now) for judged in batch if ref_of(judged) and not judged.staff_answer]
    insert_rows(connection, schema.ticket_event, events)
    for judged in batch:
        if judged.decision.ticket is TicketAction.UPDATE:
            _follow_up(connection, judged, now)


def _row(judged: Judged, now: datetime) -> Columns:
    customer, decision = judged.verdict.customer, judged.decision
    return {
        "ref": judged.id,
        "thread": judged.thread.ref,
        "status": TicketStatus.OPEN.value,
        "customer": customer.email if customer else "",
        "customer_name": customer.name if customer else "",
        "participants": [customer.folded] if customer else [],
        "subject": judged.mail.subject,
        "topic": judged.labels.topic.value or "",
        "sentiment": judged.labels.sentiment.value or "",
        "complaint": bool(judged.labels.is_complaint),
        "to_check": decision.to_check,
        "language": judged.mail.language,
        "owner": decision.owner,
        "opened": now,
        "changed": now,
        "respond_by": decision.promise.respond_by,
        "resolve_by": decision.promise.resolve_by,
        "tracker": decision.tracker,
        "url": "",
        "project": decision.project,
        "priority": decision.priority.value,
        "checklist": list(decision.checklist),
        "folded": customer.folded if customer else "",
        "unproven": not judged.echo,
    }


_KINDS = {TicketAction.OPEN: "opened", TicketAction.UPDATE: "mail", TicketAction.NOTE: "note"}


def _event_of(judged: Judged, now: datetime) -> Columns:
    about, failed = judged.thread.possibly_about, _failed(judged)
    detail = (
        failed or _by_somebody_else(judged) or (f"possibly about {about}" if about else "; ".join(judged.decision.why))
    )
    kind = "bounced" if failed else _KINDS[judged.decision.ticket]
    return event(ref_of(judged), now, kind, detail, mail_id=judged.id)


def _by_somebody_else(judged: Judged) -> str:
    """Who wrote, where it is not the customer; '' for the customer, and for machines."""
    if judged.thread.role is Role.CUSTOMER or judged.verdict.robot:
        return ""
    writer = judged.verdict.customer
    name = f"{writer.name} <{writer.email}>".strip() if writer else "nobody that can be told"
    words = {Role.PARTICIPANT: "takes part, not the customer", Role.STAFF: "staff, not the customer"}
    return f"by {name}: {words.get(judged.thread.role, 'not the customer')}"


def _failed(judged: Judged) -> str:
    """What a delivery report says, '' when it is none or names nobody."""
    report = judged.mail.report
    if report is None or report.kind != "delivery":
        return ""
    return "; ".join(_bounced(one.address, one.status, permanent=one.permanent) for one in report.recipients)


def _bounced(address: str, status: str, *, permanent: bool) -> str:
    return f"could not be delivered to {address} ({status or 'no status'}, {'permanently' if permanent else 'for now'})"


def note_refused(connection: Connection, mail_id: str, recipient: str, status: str, now: datetime) -> None:
    """The outgoing server itself knew that our answer to this mail can't arrive: its ticket shows it."""
    ticket = connection.execute(select(schema.mail.c.ticket).where(schema.mail.c.id == mail_id)).scalar()
    if ticket:
        detail = _bounced(recipient, status, permanent=True)
        connection.execute(insert(schema.ticket_event), event(ticket, now, "bounced", detail, mail_id=mail_id))


def event(ref: str, now: datetime, kind: str, detail: str, *, actor: str = "", mail_id: str = "") -> Columns:
    """A row of the timeline. `actor`: who did it, as it is shown; `mail_id`: the mail it is about, or ''."""
    return {"ticket": ref, "at": now, "kind": kind, "actor": actor, "mail_id": mail_id, "detail": detail}


def turned(before: str, after: str) -> str:
    """How the timeline says that the status changed."""
    return f"{before} → {after}"


def status_change(before: TicketStatus, after: TicketStatus, now: datetime) -> TicketChange:
    """The change to another status, and since when it is over."""
    if before.is_over == after.is_over:
        return TicketChange(status=after)
    return TicketChange(status=after, resolved=now if after.is_over else None)


def _follow_up(connection: Connection, judged: Judged, now: datetime) -> None:
    """A further mail of the thread: a resolved or waiting ticket is open again, its writer takes part in it, and it
    may be more urgent now."""
    table = schema.ticket
    ref = ref_of(judged)
    row = connection.execute(select(table).where(table.c.ref == ref).with_for_update()).one()
    values: Columns = {"changed": now}
    if judged.decision.asks_news:
        values["asked"] = judged.id
    status = TicketStatus(row.status).after_mail(asks_news=judged.decision.asks_news)
    if status != row.status:
        if judged.decision.tell:
            progress.changed(connection, ref, now)
        values |= {"status": status.value, "resolved": None}
        detail = f"{turned(row.status, status)}: the customer wrote again"
        connection.execute(insert(schema.ticket_event), event(ref, now, "status", detail))
    if judged.decision.priority != row.priority:
        values["priority"] = judged.decision.priority.value
        detail = f"{turned(row.priority, judged.decision.priority)}: the customer wrote again"
        connection.execute(insert(schema.ticket_event), event(ref, now, "priority", detail))
    customer = judged.verdict.customer
    if customer and judged.thread.role is Role.PARTICIPANT and customer.folded not in row.participants:
        values["participants"] = [*row.participants, customer.folded]
    connection.execute(update(table).where(table.c.ref == ref).values(values))


class Board:
    """What agents do with tickets."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def list(self, *, status: str = "", owner: str = "", limit: int = 0) -> list[ListedTicket]:
        """Newest first. `limit`: at most this many, 0 for all."""
        table = schema.ticket
        query = select(table).order_by(table.c.opened.desc(), table.c.ref)
        if status:
            query = query.where(table.c.status == status)
        if owner:
            query = query.where(table.c.owner == owner)
        if limit:
            query = query.limit(limit)
        with self.database.reading() as connection:
            rows = connection.execute(query).mappings().all()
            mails = _mails_of(connection, [row["ref"] for row in rows])
        return [listed_ticket_of(row, mails.get(row["ref"], ())) for row in rows]

    def show(self, ref: str) -> WholeTicket:
        """One ticket with its timeline. Raises NotFoundError."""
        with self.database.reading() as connection:
            row = connection.execute(select(schema.ticket).where(schema.ticket.c.ref == ref)).mappings().one_or_none()
            if row is None:
                raise NotFoundError("there is no such ticket", where=ref, remedy="see `firstline ticket list`")
            mails = _mails_of(connection, [ref]).get(ref, ())
            events = select(schema.ticket_event).where(schema.ticket_event.c.ticket == ref)
            timeline = connection.execute(events.order_by(schema.ticket_event.c.id)).mappings().all()
            grants, bounces = _grants_of(connection, ref), _bounces_of(connection, row["participants"])
        return whole_ticket_of(row, mails, grants, bounces, [event_of(one) for one in timeline])

    # `seen`: how far whoever acts has read, as `meanwhile.mark_of` said it. Each raises ChangedMeanwhileError where
    # somebody else has done something since; and NotFoundError.

    def comment(
        self, ref: str, text: str, actor: str, now: datetime, *, public: bool = False, seen: int | None = None
    ) -> None:
        """`public`: it is said to the customer, who gets it as a mail."""
        filing = FilingPayload(action=FilingAction.COMMENT)
        self._change(ref, TicketChange(), "comment", text, actor, now, filing, public=public, seen=seen)

    def answer_for(self, ref: str, text: str, actor: str, now: datetime) -> None:
        """A leader has seen the complaint and says what they do; customers are not told. Raises NotFoundError."""
        self._change(ref, TicketChange(), SEEN, text, actor, now, FilingPayload(action=FilingAction.COMMENT))

    def set_status(self, ref: str, status: TicketStatus, actor: str, now: datetime, *, seen: int | None = None) -> None:
        """A person says how it stands; the customer hears of it."""
        before = self.show(ref).status
        change, filing = status_change(before, status, now), _update(status=status)
        self._change(ref, change, "status", turned(before, status), actor, now, filing, seen=seen)

    def close_silently(self, ref: str, actor: str, now: datetime, *, seen: int | None = None) -> None:
        """Spam, or a mistake: nobody is told, nothing is promised any more, and nobody is asked how it was."""
        before = self.show(ref).status
        change, filing = status_change(before, TicketStatus.CLOSED, now), _update(status=TicketStatus.CLOSED)
        detail = f"{turned(before, TicketStatus.CLOSED)}: silently"
        self._change(ref, change, "status", detail, actor, now, filing, silently=True, seen=seen)

    def assign(self, ref: str, owner: str, actor: str, now: datetime, *, seen: int | None = None) -> None:
        """It is somebody else's from now on; with '' nobody's."""
        detail = turned(self.show(ref).owner or "nobody", owner or "nobody")
        self._change(ref, TicketChange(owner=owner), "assigned", detail, actor, now, _update(owner=owner), seen=seen)

    def set_priority(self, ref: str, priority: Priority, actor: str, now: datetime, *, seen: int | None = None) -> None:
        """How urgent it is."""
        detail, filing = turned(self.show(ref).priority, priority), _update(priority=priority)
        self._change(ref, TicketChange(priority=priority), "priority", detail, actor, now, filing, seen=seen)

    def correct(
        self, ref: str, correction: Correction, actor: str, now: datetime, *, seen: int | None = None
    ) -> Ticket:
        """What a person knows better than the model; a suspicion is settled by it. Returns the ticket as it was."""
        before = self.show(ref)
        told = [f"{head}: {_said(getattr(before, head))} → {_said(value)}" for head, value in correction.heads.items()]
        change = TicketChange(
            topic=correction.topic,
            sentiment=correction.sentiment,
            complaint=correction.complaint,
            to_check=None if correction.complaint is None else False,
        )
        self._change(ref, change, "corrected", "; ".join(told), actor, now, seen=seen)
        return before

    def refuse_unseen(self, ref: str, seen: int | None, by: str) -> None:
        """For who does something else first: the change itself looks again. Raises ChangedMeanwhileError."""
        with self.database.reading() as connection:
            meanwhile.refuse_unseen(connection, ref, seen, by)

    def count_open(self) -> int:
        """How many tickets are neither resolved nor closed."""
        with self.database.reading() as connection:
            open_ones = schema.ticket.c.status.not_in(OVER)
            return connection.execute(select(func.count()).where(open_ones)).scalar_one()

    def _change(
        self,
        ref: str,
        change: TicketChange,
        kind: str,
        detail: str,
        actor: str,
        now: datetime,
        told: FilingPayload | None = None,
        *,
        public: bool = False,
        silently: bool = False,
        seen: int | None = None,
    ) -> None:
        """A change, its line in the timeline, the promises that it keeps, and what an outside
        tracker is `told` of it, are one transaction."""
        values = columns_of(change)
        if actor and kind in _RESPONSES:
            values["responded"] = func.coalesce(schema.ticket.c.responded, now)
        with self.database.writing() as connection:
            statement = update(schema.ticket).where(schema.ticket.c.ref == ref)
            if connection.execute(statement.values({"changed": now, **values})).rowcount == 0:
                raise NotFoundError("there is no such ticket", where=ref, remedy="see `firstline ticket list`")
            meanwhile.refuse_unseen(connection, ref, seen, actor)
            if silently:
                progress.drop(connection, ref, now)
            elif actor and (public or _has_moved(kind, detail)):
                progress.acted(connection, ref, actor, now, moved_to=change.status, said=public)
            row = {**event(ref, now, kind, detail, actor=actor), "public": public}
            number = connection.execute(insert(schema.ticket_event).returning(schema.ticket_event.c.id), row).scalar()
            tracker = connection.execute(select(schema.ticket.c.tracker).where(schema.ticket.c.ref == ref)).scalar()
            if told and tracker != BOARD:
                connection.execute(insert(schema.effect), filing_row(ref, number, told, now))


def _has_moved(kind: str, detail: str) -> bool:
    """Set to what it was, a ticket has not moved."""
    before, _, after = detail.partition(" → ")
    return kind == "status" and before != after


def _update(*, status: TicketStatus | None = None, owner: str = "", priority: Priority | None = None) -> FilingPayload:
    return FilingPayload(action=FilingAction.UPDATE, status=status, owner=owner, priority=priority)


def reopening(connection: Connection, ref: str, now: datetime) -> Columns:
    """The effect that tells an outside tracker that a ticket is open; its line in the timeline is written."""
    why = "the customer wrote before that was known here: it is told that it is open"
    return _telling(connection, ref, TicketStatus.OPEN, why, now)


def tell_closed(connection: Connection, ref: str, now: datetime) -> None:
    """An outside tracker is told of a quiet ticket that we closed."""
    tracker = connection.execute(select(schema.ticket.c.tracker).where(schema.ticket.c.ref == ref)).scalar()
    if tracker != BOARD:
        told = _telling(connection, ref, TicketStatus.CLOSED, "it is told that it is closed", now)
        connection.execute(insert(schema.effect), told)


def note_and_tell(connection: Connection, line: Columns, now: datetime) -> None:
    """A line of the timeline by which a case stands otherwise, and the change that tells an outside tracker of it."""
    number = connection.execute(insert(schema.ticket_event).returning(schema.ticket_event.c.id), line).scalar()
    row = connection.execute(select(schema.ticket).where(schema.ticket.c.ref == line["ticket"])).one()
    if row.tracker != BOARD:
        told = _update(status=TicketStatus(row.status), owner=row.owner, priority=Priority(row.priority))
        connection.execute(insert(schema.effect), filing_row(row.ref, number, told, now))


def _telling(connection: Connection, ref: str, status: TicketStatus, why: str, now: datetime) -> Columns:
    line = event(ref, now, "outside", why)
    number = connection.execute(insert(schema.ticket_event).returning(schema.ticket_event.c.id), line).scalar()
    return filing_row(ref, number, _update(status=status), now)


def filing_row(ref: str, number: int | None, told: FilingPayload, now: datetime) -> Columns:
    """The effect that tells an outside tracker of a line in the timeline."""
    return {
        "key": f"{ref}:{told.action}:{number}",
        "mail_id": ref,
        "kind": EffectKind.FILE.value,
        "state": EffectState.INTENDED.value,
        "created": now,
        "changed": now,
        "ticket": ref,
        "details": to_json(EffectKind.FILE, replace(told, event=number)),
    }


def _said(value: object) -> str:
    return (
        {True: "yes", False: "no", "": "unknown"}.get(value, str(value))
        if isinstance(value, (bool, str))
        else "unknown"
    )


def _grants_of(connection: Connection, ref: str) -> list[OfferedGrant]:
    """What the customer was offered."""
    table = schema.grant.c
    query = select(table.name, table.mail_id, table.at).where(table.ticket == ref).order_by(table.at, table.name)
    return [OfferedGrant(name=row.name, mail_id=row.mail_id, at=row.at) for row in connection.execute(query)]


def _bounces_of(connection: Connection, participants: Sequence[str]) -> list[Bounce]:
    """Who of them can't be reached by mail."""
    table = schema.bounce.c
    query = select(table.address, table.status, table.at).where(table.address.in_(participants)).order_by(table.address)
    return [Bounce(address=row.address, status=row.status, at=row.at) for row in connection.execute(query)]


def _mails_of(connection: Connection, refs: Sequence[str]) -> dict[str, list[str]]:
    table = schema.mail
    mails: dict[str, list[str]] = {}
    query = select(table.c.ticket, table.c.id).where(table.c.ticket.in_(refs)).order_by(table.c.recorded, table.c.id)
    for ticket, mail_id in connection.execute(query):
        mails.setdefault(ticket, []).append(mail_id)
    return mails
