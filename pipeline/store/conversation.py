"""The mails and letters of a ticket, as a person reads them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, literal, select, union_all

from pipeline.records.conversation import Said, SentLetter, TicketMail
from pipeline.records.effect import MAILS, EffectState
from pipeline.records.payload import LetterPayload
from pipeline.store.database import Database
from pipeline.store.effect_rows import effect_of
from pipeline.store.schema import effect, mail

MOST_SAID = 200  # letters, and answers of ours, of all conversations that are asked for together: the newest


def mails_of(database: Database, ref: str) -> list[TicketMail]:
    """In the order in which they came."""
    columns = (mail.c[name] for name in ("id", "sender", "received", "by_staff", "text"))
    query = select(*columns).where(mail.c.ticket == ref).order_by(mail.c.received, mail.c.id)
    with database.reading() as connection:
        return [TicketMail(**row) for row in connection.execute(query).mappings()]


def about_ticket(ref: str) -> ColumnElement[bool]:
    """Effects of a ticket, and of its mails. With an OR instead PostgreSQL reads every effect that there is."""
    mails = select(mail.c.id).where(mail.c.ticket == ref)
    return effect.c.mail_id.in_(union_all(select(literal(ref)), mails))


def letters_of(database: Database, ref: str) -> list[SentLetter]:
    """To whomever: the customer, others in the conversation, staff."""
    query = select(effect).where(about_ticket(ref), effect.c.kind.in_([kind.value for kind in MAILS]))
    with database.reading() as connection:
        rows = connection.execute(query.order_by(effect.c.created, effect.c.key)).all()
    found = []
    for row in rows:
        one = effect_of(row)
        wanted = one.payload if isinstance(one.payload, LetterPayload) else None
        name = f"{one.sent.language}/{one.sent.template}" if one.sent else wanted.template if wanted else ""
        found.append(
            SentLetter(
                recipient=one.recipient,
                letter=name,
                state=EffectState(one.state),
                at=row.changed,
                message_id=one.message_id,
            )
        )
    return found


def said_in(database: Database, threads: Collection[str]) -> dict[str, Said]:
    """By conversation, the letters that were sent in it and what our people answered; the newest first."""
    letters = (
        select(effect, mail.c.thread)
        .join(mail, effect.c.mail_id == mail.c.id)
        .where(mail.c.thread.in_(threads), effect.c.state == EffectState.DONE.value)
        .where(effect.c.kind.in_([kind.value for kind in MAILS]))
        .order_by(effect.c.changed.desc(), effect.c.key)
    )
    answers = select(mail.c.thread, mail.c.text).where(mail.c.thread.in_(threads), mail.c.by_staff)
    with database.reading() as connection:
        sent = connection.execute(letters.limit(MOST_SAID)).all()
        wrote = connection.execute(answers.order_by(mail.c.received.desc(), mail.c.id).limit(MOST_SAID)).all()
    return {
        thread: Said(
            letters=tuple((effect_of(row), row.changed) for row in sent if row.thread == thread),
            answers=tuple(row.text for row in wrote if row.thread == thread),
        )
        for thread in threads
    }
