"""Promises and the tickets they were given for: kept when a person acts, read by those who follow up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, Select, and_, exists, func, insert, or_, select, update
from sqlalchemy.engine import RowMapping

from pipeline.config.follow_up import FollowUpConfig
from pipeline.errors import NotFoundError
from pipeline.records.decision import StaffAnswer
from pipeline.records.effect import EffectKind, EffectState
from pipeline.records.follow_up import FollowedTicket, FollowUp
from pipeline.records.payload import NoticePayload
from pipeline.records.promise import OpenPromise, PromiseState, WatchedPromise
from pipeline.records.ticket import Ticket, TicketStatus
from pipeline.store import payloads, progress, schema, sent_answers, staff_answers, tickets
from pipeline.store.database import Database, upsert
from pipeline.store.ledger import insert_effects
from pipeline.store.promise_rows import columns_of as promise_columns
from pipeline.store.promise_rows import promise_of
from pipeline.store.schema import promise, ticket
from pipeline.store.ticket_rows import columns_of, may_be_complaint, ticket_of

AT_ONCE = 100  # tickets in one go: their transaction holds up who writes
FRESH = timedelta(minutes=1)  # nothing is due of what was promised just now: a backlog is not held up by it
_UNFINISHED = (PromiseState.OPEN.value, PromiseState.HELD.value)
Said = Row[int, str, datetime, str]  # a line of the timeline: id, ticket, at, detail


@dataclass(frozen=True, kw_only=True, slots=True)
class _Opening:
    """What letters need of a mail; the defaults are those of one that was erased."""

    mailbox: str = ""
    message_id: str = ""
    topic: str = ""
    topic_sure: bool = False


class Promises:
    """What has to be followed up, and what came of it."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def due(self, settings: FollowUpConfig, bounces_since: datetime, now: datetime) -> list[FollowedTicket]:
        """The tickets about which there may be something to do now, the longest waiting first."""
        with self.database.reading() as connection:
            refs = [ref for query in _due(settings, now) for ref in connection.execute(query.limit(AT_ONCE)).scalars()]
            return _followed(connection, list(dict.fromkeys(refs))[:AT_ONCE], bounces_since)

    def of(self, ref: str, bounces_since: datetime) -> FollowedTicket | None:
        """One ticket, as following it up needs it."""
        with self.database.reading() as connection:
            return next(iter(_followed(connection, [ref], bounces_since)), None)

    def record(self, follow_ups: Sequence[FollowUp], now: datetime) -> list[FollowUp]:
        """In one transaction; each of them wholly, or not at all when its ticket has changed since it was read.

        Returns those that were recorded.
        """
        with self.database.writing() as connection:
            sound = _unchanged(connection, follow_ups)
            _write(connection, sound, now)
        return sound

    def open_ones(self, *, without_ticket: bool = False) -> list[OpenPromise]:
        """Promises that are not kept yet, the nearest first, with what they are about.

        `without_ticket`: only those given in answer to a mail that has no ticket.
        """
        mail, first = schema.mail, promise.alias()
        about = {
            "status": func.coalesce(ticket.c.status, TicketStatus.OPEN.value),
            "owner": func.coalesce(ticket.c.owner, ""),
            "customer": func.coalesce(ticket.c.customer, mail.c.customer, ""),
            "mailbox": func.coalesce(mail.c.mailbox, ""),
            **{name: func.coalesce(ticket.c[name], mail.c[name], "") for name in ("subject", "topic")},
        }
        same = (first.c.mail_id == promise.c.mail_id, first.c.kind == promise.c.kind)
        first_due = select(func.min(first.c.due)).where(*same).scalar_subquery().label("first_due")
        query = select(*promise.c, first_due, *(value.label(f"about_{name}") for name, value in about.items()))
        query = query.join(ticket, ticket.c.ref == promise.c.ticket, isouter=True)
        query = query.join(mail, mail.c.id == promise.c.mail_id, isouter=True)
        query = query.where(promise.c.state == PromiseState.OPEN.value).order_by(promise.c.due, promise.c.mail_id)
        if without_ticket:
            query = query.where(promise.c.ticket == "")
        with self.database.reading() as connection:
            return [_open_promise(row) for row in connection.execute(query).mappings()]

    def answered(self, mail_id: str, by: str, now: datetime) -> None:
        """A person says that the customer of this mail has their answer. Raises NotFoundError."""
        with self.database.writing() as connection:
            row = connection.execute(select(schema.mail.c.thread).where(schema.mail.c.id == mail_id)).one_or_none()
            if row is None:
                raise NotFoundError("there is no such mail", where=mail_id, remedy="see `firstline mail list`")
            newest = select(ticket.c.ref).where(ticket.c.thread == row.thread).order_by(ticket.c.opened.desc())
            ref = connection.execute(newest.limit(1)).scalar() or ""
            staff_answers.note(connection, mail_id, StaffAnswer(thread=row.thread, ticket=ref, author=by, at=now), now)

    def note(self, promises: Sequence[WatchedPromise]) -> None:
        """How far they have been followed up; one that a person has kept meanwhile is left alone."""
        with self.database.writing() as connection:
            for one in promises:
                key = (promise.c.mail_id == one.mail_id, promise.c.kind == one.kind, promise.c.number == one.number)
                values = {"state": one.state.value, "told": one.told}
                still_open = promise.c.state == PromiseState.OPEN.value
                connection.execute(update(promise).where(*key, still_open).values(values))

    def oldest_open(self) -> datetime | None:
        """When the oldest of those that are not kept yet was given."""
        query = select(func.min(promise.c.given)).where(promise.c.state == PromiseState.OPEN.value)
        with self.database.reading() as connection:
            return connection.execute(query).scalar()

    def of_ticket(self, ref: str) -> list[WatchedPromise]:
        """All that were given for a ticket, in order."""
        query = select(promise).where(promise.c.ticket == ref).order_by(promise.c.given, promise.c.kind)
        with self.database.reading() as connection:
            return [promise_of(row) for row in connection.execute(query).mappings()]

    def of_mail(self, mail_id: str) -> list[WatchedPromise]:
        """All that were given in answer to a mail, in order."""
        query = select(promise).where(promise.c.mail_id == mail_id).order_by(promise.c.kind, promise.c.number)
        with self.database.reading() as connection:
            return [promise_of(row) for row in connection.execute(query).mappings()]

    def undecided(self) -> list[Ticket]:
        """Quiet complaints: their owner decides whether they are closed."""
        query = select(ticket).where(ticket.c.status == TicketStatus.WAITING.value, ticket.c.warned.is_not(None))
        query = query.where(may_be_complaint()).order_by(ticket.c.warned)
        with self.database.reading() as connection:
            return [ticket_of(row) for row in connection.execute(query).mappings()]


def _open_promise(row: RowMapping) -> OpenPromise:
    same = ("customer", "subject", "topic", "owner", "mailbox")
    return OpenPromise(
        promise=promise_of(row),
        first_due=row["first_due"],
        status=TicketStatus(row["about_status"]),
        **{name: row[f"about_{name}"] for name in same},
    )


# --- following up -----------------------------------------------------------------------------------------------------


def _due(settings: FollowUpConfig, now: datetime) -> list[Select[str]]:
    """What is to be looked at: promises, what moved or was asked, quiet tickets."""
    watched = (promise.c.state == PromiseState.OPEN.value, promise.c.ticket != "")
    quiet = (ticket.c.status == TicketStatus.WAITING.value, ticket.c.changed <= now - settings.quiet_after)
    untold = or_(ticket.c.warned.is_(None), ticket.c.warned < ticket.c.changed)
    over = (ticket.c.warned <= now - settings.close_after, ~may_be_complaint())
    return [
        select(promise.c.ticket)
        .where(*watched, or_(and_(promise.c.look.is_(None), promise.c.given <= now - FRESH), promise.c.look <= now))
        .order_by(promise.c.due),
        select(ticket.c.ref).where(schema.news).order_by(ticket.c.changed),
        select(ticket.c.ref).where(*quiet, or_(untold, and_(*over))).order_by(ticket.c.changed),
    ]


def _followed(connection: Connection, refs: Sequence[str], bounces_since: datetime) -> list[FollowedTicket]:
    """In a few queries, however many."""
    if not refs:
        return []
    rows = connection.execute(select(ticket).where(ticket.c.ref.in_(refs))).mappings().all()
    writable = _writable(connection, rows, bounces_since)
    answering = {row["ref"]: row["asked"] or row["ref"] for row in rows}
    letters = _letters(connection, [*refs, *answering.values()])
    given, said = _given(connection, refs), _said(connection, rows)
    newest = _newest_mails(connection, refs)
    on_its_way = sent_answers.is_on_its_way(connection, refs)
    found = {}
    for row in rows:
        ref = row["ref"]
        opening = letters.get(ref, _Opening())
        about = replace(letters.get(answering[ref], opening), topic=_topic(row, opening))
        case = _case(row, about, given.get(ref, ()), said.get(ref, ()), newest.get(ref, ""), ref in writable)
        found[ref] = replace(case, answering=ref in on_its_way)
    return [found[ref] for ref in refs if ref in found]


def _case(
    row: RowMapping,
    about: _Opening,
    given: Sequence[WatchedPromise],
    said: Sequence[Said],
    newest: str,
    writable: bool,
) -> FollowedTicket:
    same = "ref customer subject owner language changed told_status moved answered warned notices unproven".split()
    return FollowedTicket(
        **{name: row[name] for name in same},
        status=TicketStatus(row["status"]),
        name=row["customer_name"],
        topic=about.topic,
        situation=row["topic"],
        mailbox=about.mailbox,
        message_id=about.message_id,
        in_hand=row["responded"] is not None,
        a_person_decides=ticket_of(row).may_be_complaint,
        writable=writable,
        last_mail=newest,
        comment="\n\n".join(line.detail for line in said),
        said=tuple(line.id for line in said),
        asked=bool(row["asked"]),
        promises=tuple(given),
    )


def _topic(row: RowMapping, opening: _Opening) -> str:
    """What may be said to be understood: what the machine was sure of, or a person has corrected."""
    topic: str = row["topic"]
    return topic if opening.topic_sure or topic != opening.topic else ""


def _writable(connection: Connection, rows: Sequence[RowMapping], since: datetime) -> set[str]:
    """Tickets whose customers have an acknowledgement, so that no rule spoke against it, and can be reached."""
    sent, bounce = schema.acknowledgement.c, schema.bounce.c
    folded = {row["folded"] for row in rows if row["folded"]}
    threads = {row["thread"] for row in rows}
    query = select(sent.thread, sent.sender).where(sent.thread.in_(threads))
    told = {(row.thread, row.sender) for row in connection.execute(query)}
    failed = select(bounce.address).where(bounce.address.in_(folded), bounce.at > since)
    bounced = set(connection.execute(failed).scalars())
    return {row["ref"] for row in rows if (row["thread"], row["folded"]) in told and row["folded"] not in bounced}


def _letters(connection: Connection, ids: Sequence[str]) -> dict[str, _Opening]:
    columns = (schema.mail.c[name] for name in ("id", "mailbox", "message_id", "topic", "topic_sure"))
    rows = connection.execute(select(*columns).where(schema.mail.c.id.in_(ids)))
    return {
        row.id: _Opening(
            mailbox=row.mailbox, message_id=row.message_id, topic=row.topic or "", topic_sure=row.topic_sure
        )
        for row in rows
    }


def _newest_mails(connection: Connection, refs: Sequence[str]) -> dict[str, str]:
    """By ticket, the newest mail of its customer in answer to which no time was given."""
    mail = schema.mail.c
    unanswered = ~exists().where(promise.c.mail_id == mail.id)
    query = select(mail.ticket, mail.id).where(mail.ticket.in_(refs), ~mail.robot, unanswered)
    query = query.join(ticket, and_(ticket.c.ref == mail.ticket, ticket.c.folded == mail.customer))
    query = query.order_by(mail.recorded, mail.id)
    return {row.ticket: row.id for row in connection.execute(query)}


def _given(connection: Connection, refs: Sequence[str]) -> dict[str, list[WatchedPromise]]:
    query = select(promise).where(promise.c.ticket.in_(refs), promise.c.state.in_(_UNFINISHED)).order_by(promise.c.due)
    found: dict[str, list[WatchedPromise]] = {}
    for row in connection.execute(query).mappings():
        one = promise_of(row)
        found.setdefault(one.ticket, []).append(one)
    return found


def _said(connection: Connection, rows: Sequence[RowMapping]) -> dict[str, list[Said]]:
    """What was said to customers since they last heard of it, less what they have been told meanwhile."""
    event = schema.ticket_event.c
    since = {row["ref"]: row["moved"] for row in rows if row["moved"]}
    told = _told(connection, since)
    columns = (event.id, event.ticket, event.at, event.detail)
    comments = (event.ticket.in_(since), event.public, event.kind == "comment")  # answers have gone out by themselves
    query = select(*columns).where(*comments).order_by(event.id)
    said: dict[str, list[Said]] = {}
    for row in connection.execute(query):
        if row.at >= since[row.ticket] and row.id not in told:
            said.setdefault(row.ticket, []).append(row)
    return said


def _told(connection: Connection, refs: Collection[str], *, held: bool = False) -> set[int]:
    """The lines of the timeline that are in letters which are out, or perhaps out.

    `held`: until the end of the transaction no sender takes another one, which would say the same as a new one.
    """
    effect = schema.effect
    unsent = progress.SURELY_UNSENT.label("unsent")
    notices = (effect.c.mail_id.in_(refs), effect.c.kind == EffectKind.NOTIFY.value)
    query = select(effect.c.details, unsent).where(*notices, effect.c.state != EffectState.CANCELLED.value)
    if held:
        query = query.order_by(effect.c.key).with_for_update()
    letters = connection.execute(query).all()
    return {line for letter in letters if not letter.unsent for line in payloads.lines_said(letter.details)}


def _unchanged(connection: Connection, follow_ups: Sequence[FollowUp]) -> list[FollowUp]:
    """Those whose tickets are as they were read; also no letter has been sent meanwhile that says the same."""
    columns = (ticket.c.ref, ticket.c.changed, ticket.c.notices)
    query = select(*columns).where(ticket.c.ref.in_([one.of.ref for one in follow_ups])).with_for_update()
    known = {row.ref: (row.changed, row.notices) for row in connection.execute(query)}
    told = _told(connection, known, held=True)
    return [
        one
        for one in follow_ups
        if known.get(one.of.ref) == (one.of.changed, one.of.notices) and told.isdisjoint(one.of.said)
    ]


def _write(connection: Connection, follow_ups: Sequence[FollowUp], now: datetime) -> None:
    for one in follow_ups:
        _write_ticket(connection, one, now)
    if rows := [promise_columns(given) for one in follow_ups for given in one.promises]:
        statement = upsert(connection, promise)
        changes = {name: statement.excluded[name] for name in ("state", "told", "warned", "look")}
        keys = ["mail_id", "kind", "number"]
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes), rows)
    insert_effects(connection, [effect for one in follow_ups for effect in one.effects], now)
    events = [(one.of.ref, *line) for one in follow_ups for line in one.events]
    if events:
        rows = [tickets.event(ref, now, kind, detail) for ref, kind, detail in events]
        connection.execute(insert(schema.ticket_event), rows)
    for one in follow_ups:
        if one.change.status is TicketStatus.CLOSED:
            tickets.tell_closed(connection, one.of.ref, now)


def _write_ticket(connection: Connection, follow_up: FollowUp, now: datetime) -> None:
    of, effects = follow_up.of, follow_up.effects
    if effects or follow_up.change.anything:
        values = {"notices": of.notices + len(effects), **columns_of(follow_up.change)}
        connection.execute(update(ticket).where(ticket.c.ref == of.ref).values(values))
    if any(effect.recipient == of.customer for effect in effects):
        _supersede(connection, follow_up, now)


def _supersede(connection: Connection, follow_up: FollowUp, now: datetime) -> None:
    """What the new letters supersede is not sent any more; words that they don't say themselves come with the next."""
    saying = [one.payload.said_since for one in follow_up.effects if isinstance(one.payload, NoticePayload)]
    since = progress.supersede(connection, follow_up.of.ref, now)
    if since and not any(said and said <= since for said in saying):
        connection.execute(update(ticket).where(ticket.c.ref == follow_up.of.ref).values(moved=since))
