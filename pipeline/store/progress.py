"""What it does to promises, and to letters on their way, when a person works on a ticket."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, case, func, or_, select, update

from pipeline.records.decision import StaffAnswer
from pipeline.records.effect import EffectKind, EffectState
from pipeline.records.promise import PromiseKind, PromiseState
from pipeline.records.ticket import TicketStatus
from pipeline.store import schema
from pipeline.store.payloads import SAID_SINCE
from pipeline.store.schema import mail, promise, ticket

SKEW = timedelta(minutes=1)  # the clock of a mail server beside ours
_UNSENT = (EffectState.INTENDED.value, EffectState.WAITING.value)
# Nobody has read it; what was tried once may be out, whatever became of it later.
SURELY_UNSENT = and_(schema.effect.c.state.in_(_UNSENT), schema.effect.c.attempts == 0)
_SAYS = SAID_SINCE  # of a letter with words of a person


def acted(
    connection: Connection,
    ref: str,
    by: str,
    now: datetime,
    *,
    moved_to: TicketStatus | None = None,
    said: bool = False,
) -> None:
    """A person moved the ticket, or `said` something to the customer: inside the transaction that records it.

    Either keeps the promise to respond; solving it keeps the promise to resolve, and waiting for the customer holds it.
    """
    of_ticket = promise.c.ticket == ref
    thread = select(ticket.c.thread).where(ticket.c.ref == ref).scalar_subquery()
    _keep(connection, or_(of_ticket, _without_ticket(thread)), PromiseKind.RESPOND, by, now)
    if moved_to and moved_to.is_over:
        _keep(connection, of_ticket, PromiseKind.RESOLVE, by, now)
    if moved_to is TicketStatus.WAITING:
        resting = (of_ticket, promise.c.state == PromiseState.OPEN.value, promise.c.due >= now)
        connection.execute(update(promise).where(*resting).values(state=PromiseState.HELD.value))
    if moved_to or said:
        changed(connection, ref, now)


def answered(connection: Connection, answer: StaffAnswer, now: datetime) -> None:
    """One of us wrote to the customer from a mail program: the promise to respond is kept, and nothing goes out that
    says otherwise. It was kept when that was sent, however late we hear of it."""
    about = _without_ticket(answer.thread)
    if answer.ticket:
        about = or_(promise.c.ticket == answer.ticket, about)
    given_before = promise.c.given <= answer.at + SKEW
    _keep(connection, and_(about, given_before), PromiseKind.RESPOND, answer.author, answer.at)
    if answer.ticket and (since := supersede(connection, answer.ticket, now)):
        connection.execute(update(ticket).where(ticket.c.ref == answer.ticket).values(moved=since))


def _without_ticket(thread: str | ScalarSelect[str]) -> ColumnElement[bool]:
    """What was promised in a conversation before it had a ticket."""
    return and_(promise.c.ticket == "", promise.c.mail_id.in_(select(mail.c.id).where(mail.c.thread == thread)))


def drop(connection: Connection, ref: str, now: datetime) -> None:
    """It was closed silently: nothing is promised any more, and no letter about it goes out."""
    open_ones = (promise.c.ticket == ref, promise.c.state.in_([PromiseState.OPEN.value, PromiseState.HELD.value]))
    connection.execute(update(promise).where(*open_ones).values(state=PromiseState.DROPPED.value))
    supersede(connection, ref, now)
    told = {"moved": None, "asked": "", "told_status": TicketStatus.CLOSED.value}
    connection.execute(update(ticket).where(ticket.c.ref == ref).values(told))


def changed(connection: Connection, ref: str, now: datetime) -> None:
    """The customer is to hear of it; what was about to tell them how it stood before is not sent any more."""
    since = supersede(connection, ref, now) or func.coalesce(ticket.c.moved, now)
    connection.execute(update(ticket).where(ticket.c.ref == ref).values(moved=since))


def _keep(connection: Connection, about: ColumnElement[bool], kind: PromiseKind, by: str, now: datetime) -> None:
    """Kept, or too late: then it stays broken, and when it was done is noted."""
    in_time = case((promise.c.due >= now, PromiseState.KEPT.value), else_=PromiseState.BROKEN.value)
    # Broken ones: they may only have been thought to be, until somebody's answer was known.
    looked_at = promise.c.state.in_([PromiseState.OPEN.value, PromiseState.BROKEN.value])
    mine = (about, promise.c.kind == kind.value, promise.c.kept.is_(None))
    done = {"kept": now, "kept_by": by}
    connection.execute(update(promise).where(*mine, looked_at).values(state=in_time, **done))
    held = promise.c.state == PromiseState.HELD.value
    connection.execute(update(promise).where(*mine, held).values(state=PromiseState.KEPT.value, **done))


def supersede(connection: Connection, ref: str, now: datetime) -> datetime | None:
    """Letters to the customer that have not been sent, and say what is true no more.

    What people said in them is to be said by another one: returned is since when. Where such a letter may have gone
    out, it stays: the same words would come a second time.
    """
    effect = schema.effect
    silent = and_(effect.c.state.in_((*_UNSENT, EffectState.UNCERTAIN.value)), _SAYS == "")
    mine = (effect.c.mail_id == ref, effect.c.kind == EffectKind.NOTIFY.value, or_(silent, SURELY_UNSENT))
    theirs = effect.c.recipient == select(ticket.c.customer).where(ticket.c.ref == ref).scalar_subquery()
    values = {"state": EffectState.CANCELLED.value, "error": "superseded: the ticket has moved on", "changed": now}
    superseded = connection.execute(update(effect).where(*mine, theirs).values(values).returning(_SAYS)).scalars()
    return min((datetime.fromisoformat(since) for since in superseded if since), default=None)
