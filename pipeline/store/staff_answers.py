"""What one of us answered from a mail program: on the ticket, and what it does to promises."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from pipeline.records.decision import Copy, Judged, StaffAnswer
from pipeline.store import progress, tickets
from pipeline.store.schema import ticket, ticket_event

ANSWERED = "answered"  # the kind of its line in the timeline


def apply(connection: Connection, batch: Sequence[Judged | Copy], now: datetime) -> None:
    """Inside the transaction that records them. The same mail in a second place changes nothing."""
    found = {_id(one): one.staff_answer for one in batch if one.staff_answer}
    if not found:
        return
    known = select(ticket_event.c.mail_id).where(ticket_event.c.mail_id.in_(found), ticket_event.c.kind == ANSWERED)
    told = set(connection.execute(known).scalars())
    for mail_id, answer in found.items():
        if mail_id not in told:
            note(connection, mail_id, answer, now, "answered the customer from a mail program")
        else:
            progress.answered(connection, answer, now)


def _id(one: Judged | Copy) -> str:
    return one.id if isinstance(one, Judged) else one.mail_id


def note(
    connection: Connection, mail_id: str, answer: StaffAnswer, now: datetime, words: str = "says that it is answered"
) -> None:
    """One answer, whose mail was `mail_id`, or which a person says was given to it."""
    if answer.ticket:
        row = tickets.event(answer.ticket, answer.at, ANSWERED, words, actor=answer.author, mail_id=mail_id)
        connection.execute(insert(ticket_event), {**row, "public": False})
        responded = func.coalesce(ticket.c.responded, answer.at)
        mine = update(ticket).where(ticket.c.ref == answer.ticket)
        connection.execute(mine.values(responded=responded, changed=now))
    progress.answered(connection, answer, now)
