"""What an answer of a person does once it is sent, in the transaction that says so; and when it did not arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, and_, exists, func, insert, or_, select, update

from pipeline.records.decision import StaffAnswer
from pipeline.records.effect import Effect, EffectKind, EffectState, Outcome
from pipeline.records.filing import FilingAction
from pipeline.records.mail import MachineReport, fold
from pipeline.records.payload import AnswerPayload, FilingPayload
from pipeline.records.promise import PromiseState
from pipeline.records.ticket import BOARD, OVER, TicketStatus
from pipeline.store import draft_files, progress, schema, tickets
from pipeline.store.effect_rows import effect_of
from pipeline.store.ticket_rows import columns_of

effect, mail, promise, ticket, event = schema.effect, schema.mail, schema.promise, schema.ticket, schema.ticket_event
MARK = ":answer:"  # in the keys of these effects
ANSWERED, FAILED = "answered", "failed"  # kinds of lines in the timeline
_ENDS = (EffectState.DONE, EffectState.FAILED, EffectState.CANCELLED)
OPEN = (EffectState.INTENDED, EffectState.DOING, EffectState.WAITING, EffectState.UNCERTAIN)
AnyRow = Row[*tuple[object, ...]]


def is_on_its_way(connection: Connection, refs: Sequence[str]) -> set[str]:
    """Those of these tickets whose customer is about to hear from a person."""
    is_open = (schema.unfinished, effect.c.kind == EffectKind.ANSWER.value, effect.c.state.in_(OPEN))
    query = select(effect.c.mail_id, mail.c.ticket).join(mail, mail.c.id == effect.c.mail_id, isouter=True)
    rows = connection.execute(query.where(*is_open, or_(effect.c.mail_id.in_(refs), mail.c.ticket.in_(refs))))
    return {row.ticket or row.mail_id for row in rows}


def home_of(connection: Connection, ref: str) -> str:
    """The ticket that an answer to this one is noted on: another one, where they were joined meanwhile."""
    return connection.execute(select(mail.c.ticket).where(mail.c.id == ref)).scalar() or ref


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerNews:
    """An answer that comes to an end by these outcomes: what was known before is not told twice."""

    effect: Effect
    created: datetime
    outcome: Outcome

    @property
    def about(self) -> AnswerPayload:
        """What it carries."""
        assert isinstance(self.effect.payload, AnswerPayload)  # noqa: S101  (`news_of` chose it)
        return self.effect.payload

    @property
    def is_copy(self) -> bool:
        """It goes to somebody else than the customer."""
        return self.effect.recipient != self.about.to


def news_of(connection: Connection, outcomes: Sequence[Outcome]) -> list[AnswerNews]:
    """Before the outcomes are written: an outcome may be committed twice when the store was away."""
    ends = {one.key: one for one in outcomes if MARK in one.key and one.state in _ENDS}
    if not ends:
        return []
    query = select(effect).where(effect.c.key.in_(ends), effect.c.kind == EffectKind.ANSWER.value)
    found = []
    for row in connection.execute(query.order_by(effect.c.key).with_for_update()):
        one, outcome = effect_of(row), ends[row.key]
        if one.state is not outcome.state and isinstance(one.payload, AnswerPayload):
            found.append(AnswerNews(effect=one, created=row.created, outcome=outcome))
    return found


def note(connection: Connection, news: Sequence[AnswerNews], now: datetime) -> None:
    """After the outcomes are written."""
    for one in news:
        if one.outcome.state is EffectState.DONE and not one.is_copy:
            _note_sent(connection, one, now)
        elif one.outcome.state is EffectState.FAILED:
            _note_failed(connection, one, now)
        if one.outcome.state is not EffectState.FAILED and not one.is_copy:
            draft_files.note_over(connection, one.about.draft, now)


def _note_sent(connection: Connection, news: AnswerNews, now: datetime) -> None:
    about, ref = news.about, home_of(connection, news.effect.mail_id)
    row = connection.execute(select(ticket).where(ticket.c.ref == ref).with_for_update()).one_or_none()
    if row is None:  # the ticket is gone: there is nobody to tell
        return
    line = {**tickets.event(ref, now, ANSWERED, about.words, actor=about.author), "public": True}
    number = connection.execute(insert(event).returning(event.c.id), line).scalar()
    responded = func.coalesce(ticket.c.responded, now)
    connection.execute(update(ticket).where(ticket.c.ref == ref).values(responded=responded, changed=now))
    given = StaffAnswer(thread=row.thread, ticket=ref, author=about.author, at=now)
    progress.answered(connection, given, now)
    if row.tracker != BOARD:
        told = FilingPayload(action=FilingAction.COMMENT)
        connection.execute(insert(effect), tickets.filing_row(ref, number, told, now))
    status = _move_on(connection, news, row, now)
    _note_told(connection, ref, status, now)


def _move_on(connection: Connection, news: AnswerNews, row: AnyRow, now: datetime) -> TicketStatus:
    """The status that was wished for, unless the customer has written since then. Returns the one it has."""
    about, before, ref = news.about, TicketStatus(row.status), row.ref
    if about.then is None or about.then is before or before is TicketStatus.CLOSED:
        return before
    newer = exists().where(mail.c.ticket == ref, mail.c.recorded > news.created, ~mail.c.robot)
    if connection.execute(select(newer)).scalar():
        kept = f"it stays {before}: the customer has written since the answer was written"
        connection.execute(insert(event), tickets.event(ref, now, "note", kept, actor=about.author))
        return before
    change = columns_of(tickets.status_change(before, about.then, now))
    connection.execute(update(ticket).where(ticket.c.ref == ref).values(change))
    line = tickets.event(ref, now, "status", tickets.turned(before, about.then), actor=about.author)
    number = connection.execute(insert(event).returning(event.c.id), line).scalar()
    progress.acted(connection, ref, about.author, now, moved_to=about.then)
    if row.tracker != BOARD:
        told = FilingPayload(action=FilingAction.UPDATE, status=about.then)
        connection.execute(insert(effect), tickets.filing_row(ref, number, told, now))
    return about.then


def _note_told(connection: Connection, ref: str, status: TicketStatus, now: datetime) -> None:
    """The answer says how it stands: no letter has to follow it, unless there are other words, or a time that rested is
    to be named anew."""
    moved = connection.execute(select(ticket.c.moved).where(ticket.c.ref == ref)).scalar()
    values: tickets.Columns = {"told_status": status.value, "asked": "", "answered": now}
    if moved and not _is_more_to_say(connection, ref, status, moved):
        values |= {"moved": None}
    connection.execute(update(ticket).where(ticket.c.ref == ref).values(values))


def _is_more_to_say(connection: Connection, ref: str, status: TicketStatus, moved: datetime) -> bool:
    words = exists().where(event.c.ticket == ref, event.c.kind == "comment", event.c.public, event.c.at >= moved)
    rests = exists().where(promise.c.ticket == ref, promise.c.state == PromiseState.HELD.value)
    goes_on = status not in (TicketStatus.WAITING, *OVER)
    return bool(connection.execute(select(words)).scalar() or (goes_on and connection.execute(select(rests)).scalar()))


def _note_failed(connection: Connection, news: AnswerNews, now: datetime) -> None:
    whom = f"the copy for {news.effect.recipient}" if news.is_copy else "the answer"
    detail = f"{whom} could not be sent: {news.outcome.error}"
    ref = home_of(connection, news.effect.mail_id)
    connection.execute(insert(event), tickets.event(ref, now, FAILED, detail, actor=news.about.author))
    connection.execute(update(ticket).where(ticket.c.ref == ref).values(changed=now))


def note_bounced(connection: Connection, report: MachineReport, now: datetime) -> None:
    """An answer that was sent did not arrive: it has failed, and what it kept is open again."""
    failed = {fold(one.address): one for one in report.recipients if one.permanent}
    if not failed or not report.about:
        return
    same = (effect.c.message_id == report.about, effect.c.kind == EffectKind.ANSWER.value)
    query = select(effect).where(*same, effect.c.state == EffectState.DONE.value).with_for_update()
    for row in connection.execute(query).all():
        one, status = effect_of(row), failed.get(fold(row.recipient))
        if status is None or not isinstance(one.payload, AnswerPayload):
            continue
        why = f"it did not arrive: {row.recipient} ({status.status or 'no status'}, permanently)"
        values = {"state": EffectState.FAILED.value, "error": why, "changed": now}
        connection.execute(update(effect).where(effect.c.key == row.key).values(values))
        outcome = Outcome(key=row.key, state=EffectState.FAILED, error=why)
        news = AnswerNews(effect=one, created=row.created, outcome=outcome)
        _note_failed(connection, news, now)
        if not news.is_copy:
            _open_again(connection, one, row.changed, now)


def _open_again(connection: Connection, one: Effect, sent: datetime, now: datetime) -> None:
    """What that answer kept, and nothing else did. `sent`: when it was noted as sent."""
    about, ref = one.payload, home_of(connection, one.mail_id)
    assert isinstance(about, AnswerPayload)  # noqa: S101  (the caller has looked)
    by_it = and_(promise.c.ticket == ref, promise.c.kept == sent, promise.c.kept_by == about.author)
    for state, when in ((PromiseState.OPEN, promise.c.due >= now), (PromiseState.BROKEN, promise.c.due < now)):
        values = {"state": state.value, "kept": None, "kept_by": "", "look": None}
        connection.execute(update(promise).where(by_it, when).values(values))
    responded = and_(ticket.c.ref == ref, ticket.c.responded == sent)
    connection.execute(update(ticket).where(responded).values(responded=None))
