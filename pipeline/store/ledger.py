"""The ledger: one row per mail, every place it lies in, recorded together with its effects and its ticket."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, text, update

from pipeline.records.conversation import Said
from pipeline.records.decision import Copy, Judged
from pipeline.records.effect import Effect
from pipeline.records.mail import Cursor, Location, RawMail
from pipeline.records.payload import LetterPayload
from pipeline.records.thread import Lookup
from pipeline.store import (
    answers,
    bounces,
    conversation,
    judgement,
    offers,
    payloads,
    schema,
    sent_answers,
    staff_answers,
    tickets,
)
from pipeline.store.database import Database, upsert
from pipeline.store.hot import IfThere, insert_rows
from pipeline.store.keyed import Keyed, know_again
from pipeline.store.past import Past, Windows, budget_of, written_before
from pipeline.store.tickets import Columns

TURN = 0x66697273746C6E66  # the number of PostgreSQL's lock for `turn`; that of the store is one less
_TURN = text("select pg_advisory_xact_lock(:key)")
KEPT_RAW = 262_144  # bytes of a message kept for `release` and `replay`; beyond that only attachments are lost


class Ledger:
    """Reads and writes mails. `windows`: how far back the limits of [guard] look; `wake`: told in the transaction that
    records effects, where several processes share the work; `keyed`: how addresses of erased people are kept."""

    def __init__(
        self,
        database: Database,
        windows: Windows,
        wake: Callable[[Connection], None] | None = None,
        keyed: Keyed | None = None,
    ) -> None:
        self.database, self.windows, self.wake, self.keyed = database, windows, wake, keyed

    def cursor(self, mailbox: str) -> Cursor | None:
        """See doors.Ledger.cursor."""
        table = schema.mailbox
        with self.database.reading() as connection:
            row = connection.execute(select(table).where(table.c.name == mailbox)).one_or_none()
        if row is None:
            return None
        return Cursor(
            mailbox=row.name,
            uidvalidity=row.uidvalidity,
            next_uid=row.next_uid,
            first_uidnext=row.first_uidnext,
            doubtful_uidnext=row.doubtful_uidnext,
        )

    def past(self, lookups: Sequence[Lookup], now: datetime, without: str = "") -> Past:
        """See doors.Ledger.past."""
        if self.keyed:
            know_again(self.database, {sender for one in lookups for sender in one.senders}, self.keyed)
        with self.database.reading() as connection:
            return Past.load(connection, lookups, self.windows, now, without)

    def said_in(self, threads: Collection[str]) -> dict[str, Said]:
        """See doors.Ledger.said_in."""
        return conversation.said_in(self.database, threads)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Looking back, judging and recording by one worker at a time, in one transaction: else each of several would
        see that a limit still allows a letter, and all of them would write it. A worker that hangs in it loses it."""
        if self.wake is None:
            yield
            return
        with self.database.together() as connection:
            connection.execute(_TURN, {"key": TURN})
            yield

    def record(self, batch: Sequence[Judged], copies: Sequence[Copy], cursor: Cursor | None, now: datetime) -> None:
        """All of it in one transaction; recording the same again changes nothing but the cursor."""
        with self.database.writing() as connection:
            known = _already(connection, [judged.id for judged in batch])
            new = [judged for judged in batch if judged.id not in known]
            _insert_mails(connection, new, now)
            _insert_participants(connection, new)
            tickets.apply(connection, new, now)
            offers.apply(connection, new, now)
            answers.apply(connection, new, now)
            staff_answers.apply(connection, [*new, *copies], now)
            _insert_counters(connection, new, now)
            _insert_places(connection, new, copies)
            insert_effects(connection, [*_effects_of(new), *_effects_of(copies)], now)
            if cursor:
                _upsert_cursor(connection, cursor)
            if self.wake and any(one.effects for one in new):
                self.wake(connection)

    def rejudge(self, judged: Judged, now: datetime, *, ticket: str = "") -> None:
        """A mail was released or replayed: its row says what is found now, and new effects join the journal.

        `ticket`: the one it belongs to already.
        """
        row = mail_row(judged, now)
        kept = {"id", "recorded", "mailbox", "content_hash"}
        values = {name: value for name, value in row.items() if name not in kept}
        values |= {"closed": "released", "ticket": ticket or row["ticket"]}
        with self.database.writing() as connection:
            connection.execute(update(schema.mail).where(schema.mail.c.id == judged.id).values(values))
            _insert_participants(connection, [judged])
            tickets.apply(connection, [judged], now)
            offers.apply(connection, [judged], now)
            answers.apply(connection, [judged], now)
            _insert_counters(connection, [judged], now)
            insert_effects(connection, judged.effects, now)

    def discard(self, mail_id: str, effects: Sequence[Effect], now: datetime) -> None:
        """A parked mail is closed without acknowledgement or ticket."""
        with self.database.writing() as connection:
            values = {"parked": False, "closed": "discarded", "review": False}
            connection.execute(update(schema.mail).where(schema.mail.c.id == mail_id).values(values))
            insert_effects(connection, effects, now)


def mail_row(judged: Judged, now: datetime) -> Columns:
    """A Judged as columns of the table `mail`."""
    mail, labels, decision, verdict = judged.mail, judged.labels, judged.decision, judged.verdict
    return {
        "id": judged.id,
        "content_hash": mail.content_hash,
        "message_id": mail.message_id,
        "thread": judged.thread.ref,
        "ticket": tickets.ref_of(judged),
        "possibly_about": judged.thread.possibly_about,
        "mailbox": judged.raw.location.mailbox,
        "sender": mail.sender.email if mail.sender else "",
        "sender_name": mail.sender.name if mail.sender else "",
        "customer": verdict.customer.folded if verdict.customer else "",
        "subject": mail.subject,
        "sent": mail.sent,
        "received": judged.raw.received,
        "recorded": now,
        "text": mail.text,
        "language": mail.language,
        "attachments": judgement.attachments_to_json(mail.attachments),
        "notes": list(mail.notes),
        "verdict": verdict.kind.value,
        "reasons": list(verdict.reasons),
        "rules": judgement.rules_to_json(verdict.rules),
        "topic": labels.topic.value,
        "topic_confidence": labels.topic.confidence,
        "topic_sure": labels.topic.sure,
        "sentiment": labels.sentiment.value,
        "sentiment_confidence": labels.sentiment.confidence,
        "sentiment_sure": labels.sentiment.sure,
        "complaint": labels.is_complaint,
        "complaint_confidence": labels.complaint.confidence,
        "complaint_sure": labels.complaint.sure,
        "complaint_suspected": labels.complaint_suspected,
        "model": labels.model,
        "decision": judgement.decision_to_json(decision, judged.thread.role),
        "acknowledge": decision.acknowledge,
        "only_recorded": decision.recorded,
        "parked": judged.parked,
        "closed": "",
        "review": decision.review,
        "error": judged.error,
        "robot": verdict.robot or judged.staff_answer is not None,
        "by_staff": judged.staff_answer is not None,
        "quieted": decision.quieted,
    }


def _already(connection: Connection, ids: Sequence[str]) -> set[str]:
    return set(connection.execute(select(schema.mail.c.id).where(schema.mail.c.id.in_(ids))).scalars())


def _insert_mails(connection: Connection, batch: Sequence[Judged], now: datetime) -> None:
    insert_rows(connection, schema.mail, [mail_row(judged, now) for judged in batch])
    insert_rows(connection, schema.raw, [_raw_row(judged.id, judged.raw) for judged in batch], IfThere.LEAVE)


def _insert_participants(connection: Connection, batch: Sequence[Judged]) -> None:
    rows = [{"thread": one.thread.ref, "address": address} for one in batch for address in sorted(one.introduces)]
    insert_rows(connection, schema.participant, rows, IfThere.LEAVE)


def _raw_row(mail_id: str, raw: RawMail) -> Columns:
    return {"mail_id": mail_id, "raw": raw.raw[:KEPT_RAW], "size": raw.size}


def _insert_counters(connection: Connection, batch: Sequence[Judged], now: datetime) -> None:
    """What the windows of [guard] and the bounce memory count."""
    told = [judged for judged in batch if judged.decision.acknowledge]
    senders = [judged.verdict.customer.folded for judged in told if judged.verdict.customer]
    known = written_before(connection, senders, now) if senders else set()
    insert_rows(connection, schema.acknowledgement, [_counted(judged, now, known) for judged in told], IfThere.LEAVE)
    for judged in batch:
        if judged.mail.report:
            bounces.remember_reported(connection, judged.mail.report, judged.id, now)
            sent_answers.note_bounced(connection, judged.mail.report, now)


def _counted(judged: Judged, now: datetime, known: Collection[str]) -> Columns:
    customer = judged.verdict.customer
    return {
        "mail_id": judged.id,
        "at": now,
        "sender": customer.folded if customer else "",
        "domain": customer.home if customer else "",
        "thread": judged.thread.ref,
        "subject": judged.mail.plain_subject,
        "budget": budget_of(judged, known=customer is not None and customer.folded in known),
    }


def _insert_places(connection: Connection, batch: Sequence[Judged], copies: Sequence[Copy]) -> None:
    rows = [_place(judged.raw.location, judged.id, judged.raw.received) for judged in batch]
    rows += [_place(copy.location, copy.mail_id, copy.received) for copy in copies]
    insert_rows(connection, schema.location, rows, IfThere.REPLACE)  # a restored server may give a UID out again


def _place(location: Location, mail_id: str, received: datetime) -> Columns:
    return {**_spot(location), "mail_id": mail_id, "received": received}


def _spot(location: Location) -> Columns:
    """As `asdict`, which copies in depth and takes ten times as long."""
    return {"mailbox": location.mailbox, "uidvalidity": location.uidvalidity, "uid": location.uid}


def _effects_of(batch: Sequence[Judged] | Sequence[Copy]) -> Iterator[Effect]:
    for item in batch:
        yield from item.effects


def insert_effects(connection: Connection, effects: Sequence[Effect], now: datetime) -> None:
    """Journals them as intended; an effect that is there already is left alone.

    Each is a microsecond younger than the one before: what came first is due first.
    """
    rows = [effect_row(effect, now + timedelta(microseconds=place)) for place, effect in enumerate(effects)]
    insert_rows(connection, schema.effect, rows, IfThere.LEAVE)


def effect_row(effect: Effect, now: datetime) -> Columns:
    """The row of an effect."""
    return {
        "key": effect.key,
        "mail_id": effect.mail_id,
        "kind": effect.kind.value,
        "state": effect.state.value,
        "attempts": effect.attempts,
        "next_try": effect.next_try,
        "created": now,
        "changed": now,
        "error": effect.error,
        "message_id": effect.message_id,
        "recipient": effect.recipient,
        "location": _spot(effect.location) if effect.location else None,
        "ticket": effect.ticket,
        "promised": _promised(effect) or now,
        "details": payloads.to_row(effect),
    }


def _promised(effect: Effect) -> datetime | None:
    return effect.payload.respond_by if isinstance(effect.payload, LetterPayload) else None


def _upsert_cursor(connection: Connection, cursor: Cursor) -> None:
    values = {
        "uidvalidity": cursor.uidvalidity,
        "next_uid": cursor.next_uid,
        "first_uidnext": cursor.first_uidnext,
        "doubtful_uidnext": cursor.doubtful_uidnext,
    }
    statement = upsert(connection, schema.mailbox).values(name=cursor.mailbox, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
