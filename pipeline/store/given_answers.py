"""Answers of people in the journal: what became of them, what they thread to, and taking one back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, Row, or_, select, update

from pipeline.errors import UsageError
from pipeline.records.answer import AnswerDraft, GivenAnswer, ReplyingTo, Typed
from pipeline.records.effect import Effect, EffectKind, EffectState
from pipeline.records.payload import AnswerPayload
from pipeline.store import drafts
from pipeline.store.conversation import about_ticket
from pipeline.store.database import Database
from pipeline.store.effect_rows import effect_of
from pipeline.store.schema import effect, mail, ticket
from pipeline.store.sent_answers import home_of

LONGEST = 20  # Message-IDs in References
AnyRow = Row[*tuple[object, ...]]
_TOLD = [kind.value for kind in (EffectKind.ACKNOWLEDGE, EffectKind.ANSWER, EffectKind.NOTIFY)]
_TOO_LATE = {
    EffectState.DOING: "it is already being sent",
    EffectState.DONE: "it has been sent",
    EffectState.UNCERTAIN: "it may have been sent: nobody knows yet",
    EffectState.WAITING: "it was tried before, and may have been sent",
    EffectState.CANCELLED: "it was taken back before",
}


class GivenAnswers:
    """Those of all tickets."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def of(self, ref: str) -> list[GivenAnswer]:
        """To the customer of a ticket, the oldest first; copies for others are not listed."""
        query = select(effect).where(about_ticket(ref), effect.c.kind == EffectKind.ANSWER.value)
        with self.database.reading() as connection:
            rows = connection.execute(query.order_by(effect.c.created, effect.c.key)).all()
        return list(_given(rows))

    def replying_to(self, ref: str) -> ReplyingTo:
        """What an answer in this ticket threads to; empty where its mails are gone."""
        with self.database.reading() as connection:
            customer = connection.execute(select(ticket.c.folded).where(ticket.c.ref == ref)).scalar()
            columns = [mail.c[name] for name in ("id", "message_id", "subject", "mailbox", "customer", "received")]
            mails = select(*columns).where(mail.c.ticket == ref).order_by(mail.c.received, mail.c.recorded, mail.c.id)
            rows = connection.execute(mails).all()
            letters = _letters(connection, [ref, *(row.id for row in rows)])
        newest = next((row for row in reversed(rows) if row.customer == customer), rows[-1] if rows else None)
        if newest is None:
            return ReplyingTo()
        told = sorted([*((row.received, row.message_id) for row in rows), *letters])
        before = (one for at, one in told if one and at <= newest.received and one != newest.message_id)
        return ReplyingTo(
            message_id=newest.message_id,
            references=tuple(dict.fromkeys(before))[-LONGEST:],
            subject=newest.subject,
            mailbox=newest.mailbox or "",
        )

    def take_back(self, key: str, author: str, draft_id: str, now: datetime) -> AnswerDraft:
        """An answer that nobody has taken to send it, or that failed for good, is its author's draft again.

        `draft_id`: the name of that draft. Raises UsageError when it is too late, or somebody else's.
        """
        with self.database.writing() as connection:
            together = or_(effect.c.key == key, effect.c.key.startswith(f"{key}:", autoescape=True))
            rows = connection.execute(select(effect).where(together).order_by(effect.c.key).with_for_update()).all()
            one = next((effect_of(row) for row in rows if row.key == key), None)
            about = one.payload if one else None
            if one is None or not isinstance(about, AnswerPayload) or about.author != author:
                raise UsageError("there is no such answer of yours", where=key, remedy="see the ticket")
            gone = [row for row in rows if not _can_be_taken_back(row)]
            _assert_in_time(one, gone)
            values = {"state": EffectState.CANCELLED.value, "error": f"taken back by {author}", "changed": now}
            left = [row.key for row in rows if row not in gone]
            connection.execute(update(effect).where(effect.c.key.in_(left)).values(values))
            cc = tuple(address for address in about.cc if address not in {row.recipient for row in gone})
            typed = Typed(text=about.words, subject=about.own_subject, cc=cc, then=about.then)
            draft = AnswerDraft(id=draft_id, ticket=home_of(connection, one.mail_id), author=author, typed=typed)
            return drafts.put_back(connection, draft, about.draft, now)


def _letters(connection: Connection, ids: Sequence[str]) -> list[tuple[datetime, str]]:
    """What we sent about these mails, each with its Message-ID."""
    sent = (effect.c.mail_id.in_(ids), effect.c.kind.in_(_TOLD), effect.c.state == EffectState.DONE.value)
    rows = connection.execute(select(effect.c.changed, effect.c.message_id).where(*sent))
    return [(row.changed, row.message_id) for row in rows]


def _assert_in_time(one: Effect, gone: Sequence[AnyRow]) -> None:
    """Nobody may have got it yet; of one that failed for its customer, copies may have arrived."""
    late = [row for row in gone if row.key == one.key or one.state is not EffectState.FAILED]
    if late:
        why = _TOO_LATE[EffectState(late[0].state)]
        raise UsageError(
            f"too late: {why}", where=one.mail_id, remedy="look at the ticket; a further answer is possible"
        )


def _can_be_taken_back(row: AnyRow) -> bool:
    unsent = row.state in (EffectState.INTENDED.value, EffectState.WAITING.value) and row.attempts == 0
    return bool(unsent or row.state == EffectState.FAILED.value)


def _given(rows: Sequence[AnyRow]) -> Iterator[GivenAnswer]:
    for row in rows:
        one = effect_of(row)
        about = one.payload
        if not isinstance(about, AnswerPayload) or one.recipient != about.to:
            continue
        yield GivenAnswer(
            key=one.key,
            ticket=one.mail_id,
            author=about.author,
            state=one.state,
            at=row.changed,
            sends_at=one.next_try,
            message_id=one.message_id,
            to=about.to,
            cc=about.cc,
            files=about.files,
            text=about.words,
            then=about.then,
            error=one.error,
            can_be_taken_back=_can_be_taken_back(row),
        )
