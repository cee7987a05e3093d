"""What it does to promises, and to letters on their way, when a person works on a ticket."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select, update

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
    connection: Connection, ref: str, now: datetime, *, moved_to: TicketStatus | None = None, said: bool = False
) -> None:
    """A person moved the ticket, or `said` something to the customer: inside the transaction that records it.

    Either keeps the promise to respond; solving it keeps the promise to resolve, and waiting for the customer holds it.
    """
    _keep(connection, promise.c.ticket == ref, PromiseKind.RESPOND, now)
    if moved_to and moved_to.is_over:
        _keep(connection, promise.c.ticket == ref, PromiseKind.RESOLVE, now)
    if moved_to is TicketStatus.WAITING:
        resting = (promise.c.ticket == ref, promise.c.state == PromiseState.OPEN.value, promise.c.due >= now)
        connection.execute(update(promise).where(*resting).values(state=PromiseState.HELD.value))
    if moved_to or said:
        changed(connection, ref, now)


def answered(connection: Connection, answer: StaffAnswer, now: datetime) -> None:
    """One of us wrote to the customer from a mail program: the promise to respond is kept, and nothing goes out that
    says otherwise. It was kept when that was sent, however late we hear of it."""
    in_thread = select(mail.c.id).where(mail.c.thread == answer.thread)
    without_ticket = and_(promise.c.ticket == "", promise.c.mail_id.in_(in_thread))
    about = or_(promise.c.ticket == answer.ticket, without_ticket) if answer.ticket else without_ticket
    _keep(connection, and_(about, promise.c.given <= answer.at + SKEW), PromiseKind.RESPOND, answer.at)
    if answer.ticket and (since := supersede(connection, answer.ticket, now)):
        connection.execute(update(ticket).where(ticket.c.ref == answer.ticket).values(moved=since))


def changed(connection: Connection, ref: str, now: datetime) -> None:
    """The customer is to hear of it; what was about to tell them how it stood before is not sent any more."""
    since = supersede(connection, ref, now) or func.coalesce(ticket.c.moved, now)
    connection.execute(update(ticket).where(ticket.c.ref == ref).values(moved=since))


def _keep(connection: Connection, about: ColumnElement[bool], kind: PromiseKind, now: datetime) -> None:
    """Kept, or too late: then it stays broken, and when it was done is noted."""
    in_time = case((promise.c.due >= now, PromiseState.KEPT.value), else_=PromiseState.BROKEN.value)
    mine = (about, promise.c.kind == kind.value, promise.c.kept.is_(None))
    watched = promise.c.state == PromiseState.OPEN.value
    held = promise.c.state == PromiseState.HELD.value
    late = promise.c.state == PromiseState.BROKEN.value  # or thought to be, until somebody's answer was known
    connection.execute(update(promise).where(*mine, watched).values(state=in_time, kept=now))
    connection.execute(update(promise).where(*mine, held).values(state=PromiseState.KEPT.value, kept=now))
    connection.execute(update(promise).where(*mine, late).values(state=in_time, kept=now))


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
