"""What is over by its clock: for each kind of thing the query that finds it, in an order in which it can be walked.

A ticket is over some time after it was resolved. Its mails stay as long as it does, and the messages as they came as
long as somebody works on it. What is held (see holds.py) is never over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Exists, Select, Table, and_, exists, or_, select

from pipeline.records.effect import OPEN_EFFECTS
from pipeline.records.personal import KeptFor
from pipeline.store.personal import entries
from pipeline.store.schema import (
    bounce,
    effect,
    mail,
    raw,
    survey,
    survey_answer,
    ticket,
    unerased_mail,
    unerased_survey,
    unerased_ticket,
)
from pipeline.store.schema_privacy import hold

Found = Select[Any]  # Any, here and below: columns of many types


@dataclass(frozen=True, kw_only=True, slots=True)
class OverKind:
    """One kind of what goes."""

    name: str
    clock: KeptFor
    table: Table  # of whose rows it is
    order: tuple[Column[Any], ...]  # in which they are walked: the last is their key
    over: Callable[[datetime], ColumnElement[bool]]  # before which moment it must have begun

    @property
    def key(self) -> Column[Any]:
        """Of its rows."""
        return self.order[-1]

    def query(self, before: datetime) -> Found:
        """All that is over."""
        return select(*self.order).where(self.over(before))

    def after(self, place: tuple[Any, ...]) -> ColumnElement[bool]:
        """Behind this place of the walk."""
        first, *rest = self.order
        if not rest:
            behind: ColumnElement[bool] = first > place[0]
            return behind
        return and_(first >= place[0], or_(first > place[0], rest[0] > place[1]))


# --- when something is over -------------------------------------------------------------------------------------------


def _mail_is_over(before: datetime) -> ColumnElement[bool]:
    """Emptied with its ticket, or by itself; not while something is to be sent or filed for it."""
    return and_(unerased_mail, mail.c.received < before, ~_of_ticket(unerased_ticket), ~_open_effect(), ~_held_mail())


def _raw_is_over(before: datetime) -> ColumnElement[bool]:
    unsolved = or_(ticket.c.resolved.is_(None), ticket.c.resolved >= before)
    # `exists`: the walk is along the messages that are there, not along all mails that ever came.
    return exists().where(mail.c.id == raw.c.mail_id, mail.c.received < before, ~_of_ticket(unsolved), ~_held_mail())


def _ticket_is_over(before: datetime) -> ColumnElement[bool]:
    held = exists().where(hold.c.what.in_([ticket.c.ref, ticket.c.folded]))
    return and_(unerased_ticket, ticket.c.resolved < before, ~held)


def _survey_is_over(before: datetime) -> ColumnElement[bool]:
    answered_since = exists().where(survey_answer.c.survey == survey.c.id, survey_answer.c.at >= before)
    held = exists().where(hold.c.what.in_([survey.c.ticket, survey.c.customer]))
    return and_(unerased_survey, survey.c.created < before, ~answered_since, ~held)


def _of_ticket(such: ColumnElement[bool]) -> ColumnElement[bool]:
    """Has the mail such a ticket, or does it stand in the conversation of one?"""
    named = exists().where(ticket.c.ref == mail.c.ticket, such).correlate(mail)
    together = exists().where(ticket.c.thread == mail.c.thread, such).correlate(mail)
    return or_(named, together)


def _open_effect() -> Exists:
    states = [state.value for state in OPEN_EFFECTS]
    return exists().where(effect.c.mail_id == mail.c.id, effect.c.state.in_(states)).correlate(mail)


def _held_mail() -> Exists:
    """By its customer, by who began its conversation, or with a ticket. There are few holds: each is looked at."""
    first, case = mail.alias(), ticket.alias()
    begun = exists().where(first.c.id == mail.c.thread, first.c.customer == hold.c.what)
    named = exists().where(case.c.ref == mail.c.ticket, case.c.folded == hold.c.what)
    in_it = exists().where(case.c.thread == mail.c.thread, or_(case.c.ref == hold.c.what, case.c.folded == hold.c.what))
    by_others = (one.correlate(mail, hold) for one in (begun, named, in_it))
    return exists().where(or_(hold.c.what.in_([mail.c.customer, mail.c.ticket]), *by_others)).correlate(mail)


# --- what goes, in this order: tickets before their mails -------------------------------------------------------------


def _log(table: Table) -> OverKind:
    at: Column[Any] = table.c.at
    key = next(iter(table.primary_key.columns))
    return OverKind(name=table.name, clock=KeptFor.LOGS, table=table, order=(at, key), over=lambda before: at < before)


RAW = OverKind(name="raw", clock=KeptFor.RAW, table=raw, order=(raw.c.mail_id,), over=_raw_is_over)
TICKETS = OverKind(
    name="ticket",
    clock=KeptFor.TICKET,
    table=ticket,
    order=(ticket.c.resolved, ticket.c.ref),
    over=_ticket_is_over,
)
MAILS = OverKind(
    name="mail",
    clock=KeptFor.MAIL,
    table=mail,
    order=(mail.c.received, mail.c.id),
    over=_mail_is_over,
)
SURVEYS = OverKind(
    name="survey", clock=KeptFor.ANSWERS, table=survey, order=(survey.c.created, survey.c.id), over=_survey_is_over
)
# For as long as [guard] bounce_memory looks back: see KeptFor.NEEDED.
BOUNCES = OverKind(
    name="bounce",
    clock=KeptFor.NEEDED,
    table=bounce,
    order=(bounce.c.at, bounce.c.address),
    over=lambda before: bounce.c.at < before,
)
LOGS = tuple(_log(entry.table) for entry in entries() if entry.clock is KeptFor.LOGS)
KINDS = (RAW, TICKETS, MAILS, SURVEYS, *LOGS, BOUNCES)
