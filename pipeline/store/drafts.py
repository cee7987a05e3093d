"""Drafts of answers: one a person and ticket. What is sent stops being a draft in the transaction that journals it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select, update
from sqlalchemy.engine import RowMapping

from pipeline.errors import NotFoundError
from pipeline.records.answer import AnswerDraft, DraftConflict, KeptFile, OtherWriter, Typed
from pipeline.records.effect import Effect
from pipeline.records.letter import AttachedFile
from pipeline.records.ticket import TicketStatus
from pipeline.store import draft_files, schema
from pipeline.store.database import Database, upsert
from pipeline.store.ledger import insert_effects
from pipeline.store.schema_drafts import draft as table
from pipeline.store.sent_answers import MARK
from pipeline.store.tickets import Columns


class Drafts:
    """Each method sees only the drafts of the person it is asked for; of others' no more than that there is one."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def of(self, ticket: str, author: str) -> AnswerDraft | None:
        """The one of this person."""
        with self.database.reading() as connection:
            return _of(connection, ticket, author)

    def all_of(self, author: str) -> list[AnswerDraft]:
        """Everything that this person has not sent, the newest first."""
        query = select(table).where(table.c.author == author).order_by(table.c.changed.desc(), table.c.id)
        with self.database.reading() as connection:
            rows = connection.execute(query).mappings().all()
            files = draft_files.listed(connection, [row["id"] for row in rows])
        return [_draft(row, files[row["id"]]) for row in rows]

    def writers(self, ticket: str, but: str, since: datetime) -> list[OtherWriter]:
        """Who else has typed since then, the latest first."""
        theirs = (table.c.ticket == ticket, table.c.author != but, table.c.changed >= since)
        query = select(table.c.author, table.c.changed).where(*theirs).order_by(table.c.changed.desc(), table.c.author)
        with self.database.reading() as connection:
            return [OtherWriter(author=row.author, changed=row.changed) for row in connection.execute(query)]

    def save(self, draft: AnswerDraft, now: datetime) -> AnswerDraft | DraftConflict:
        """`draft.version` is the one that was typed over; a newer one is left as it is, and the text kept beside it."""
        with self.database.writing() as connection:
            if draft.version == 0 and _insert(connection, draft, now):
                return _again(connection, draft)
            if _overwrite(connection, draft, now):
                return _again(connection, draft)
            kept = _again(connection, draft)
            if kept.typed == draft.typed:  # the same was saved twice
                return kept
            mine = (table.c.ticket == draft.ticket, table.c.author == draft.author)
            connection.execute(update(table).where(*mine).values(beside=draft.typed.text))
            return DraftConflict(kept=_again(connection, draft))

    def forget_beside(self, draft: AnswerDraft) -> None:
        """The person has seen the other text, and needs it no more."""
        with self.database.writing() as connection:
            connection.execute(update(table).where(*_mine(draft)).values(beside=""))

    def attach(self, draft: AnswerDraft, file_id: str, file: AttachedFile, now: datetime) -> AnswerDraft:
        """Raises NotFoundError when the draft is gone."""
        with self.database.writing() as connection:
            _touch(connection, draft, now)
            draft_files.add(connection, draft.id, file_id, file)
            return _again(connection, draft)

    def detach(self, draft: AnswerDraft, file_id: str, now: datetime) -> AnswerDraft:
        """Raises NotFoundError when the draft is gone."""
        with self.database.writing() as connection:
            _touch(connection, draft, now)
            draft_files.remove(connection, draft.id, file_id)
            return _again(connection, draft)

    def discard(self, draft: AnswerDraft) -> None:
        """With its files."""
        with self.database.writing() as connection:
            if connection.execute(delete(table).where(*_mine(draft))).rowcount:
                draft_files.remove(connection, draft.id)

    def send(self, draft: AnswerDraft, effects: Sequence[Effect], now: datetime) -> bool:
        """It becomes these effects, of which the first is the customer's. False: somebody has done so before.

        The draft goes in the same transaction, so two clicks, or two processes, send once. Raises NotFoundError when it
        is not there as it was read.
        """
        with self.database.writing() as connection:
            as_read = (*_mine(draft), table.c.version == draft.version)
            if connection.execute(delete(table).where(*as_read)).rowcount == 0:
                _assert_sent(connection, effects[0], draft)
                return False
            insert_effects(connection, effects, now)
            # Who follows up just now looks at the ticket once more: an answer is on its way.
            connection.execute(update(schema.ticket).where(schema.ticket.c.ref == draft.ticket).values(changed=now))
            return True


def put_back(connection: Connection, draft: AnswerDraft, sent_as: str, now: datetime) -> AnswerDraft:
    """An answer is a draft again; what was typed since then follows it. `sent_as`: the draft it was."""
    newer = _of(connection, draft.ticket, draft.author)
    if newer is None:
        _insert(connection, draft, now)
    else:
        text = "\n\n".join(filter(None, (draft.typed.text, newer.typed.text)))
        connection.execute(update(table).where(*_mine(newer)).values(text=text, version=newer.version + 1, changed=now))
    draft_files.move(connection, sent_as, newer.id if newer else draft.id)
    return _again(connection, draft)


def _mine(draft: AnswerDraft) -> tuple[ColumnElement[bool], ...]:
    return table.c.id == draft.id, table.c.author == draft.author


def _of(connection: Connection, ticket: str, author: str) -> AnswerDraft | None:
    query = select(table).where(table.c.ticket == ticket, table.c.author == author)
    row = connection.execute(query).mappings().one_or_none()
    return _draft(row, draft_files.listed(connection, [row["id"]])[row["id"]]) if row else None


def _again(connection: Connection, draft: AnswerDraft) -> AnswerDraft:
    """As it is now. Raises NotFoundError."""
    found = _of(connection, draft.ticket, draft.author)
    if found is None:
        raise _gone(draft)
    return found


def _gone(draft: AnswerDraft) -> NotFoundError:
    remedy = "look at the ticket: it was sent or discarded, or changed in another window"
    return NotFoundError("the draft is not there as you saw it", where=draft.ticket, remedy=remedy)


def _insert(connection: Connection, draft: AnswerDraft, now: datetime) -> bool:
    """False where this person has one already, or the name was given before: what had it is not theirs."""
    sent = select(schema.effect.c.key).where(schema.effect.c.key == f"{draft.ticket}{MARK}{draft.id}")
    if connection.execute(sent).first() or draft_files.listed(connection, [draft.id])[draft.id]:
        return False
    row = {"id": draft.id, "ticket": draft.ticket, "author": draft.author, "version": draft.version + 1}
    statement = upsert(connection, table).on_conflict_do_nothing()
    return connection.execute(statement, {**row, **_columns(draft.typed), "changed": now}).rowcount > 0


def _overwrite(connection: Connection, draft: AnswerDraft, now: datetime) -> bool:
    """By one conditional UPDATE: whoever had read the version that is there changes it."""
    as_read = (*_mine(draft), table.c.version == draft.version)
    values = {**_columns(draft.typed), "version": draft.version + 1, "changed": now}
    return connection.execute(update(table).where(*as_read).values(values)).rowcount > 0


def _touch(connection: Connection, draft: AnswerDraft, now: datetime) -> None:
    """Its files are part of what is sent: whoever sends an older version is told."""
    values = {"version": table.c.version + 1, "changed": now}
    if connection.execute(update(table).where(*_mine(draft)).values(values)).rowcount == 0:
        raise _gone(draft)


def _assert_sent(connection: Connection, effect: Effect, draft: AnswerDraft) -> None:
    known = select(schema.effect.c.key).where(schema.effect.c.key == effect.key)
    if connection.execute(known).first() is None:
        raise _gone(draft)


def _columns(typed: Typed) -> Columns:
    then = typed.then.value if typed.then else ""
    return {"text": typed.text, "subject": typed.subject, "cc": list(typed.cc), "then": then}


def _draft(row: RowMapping, files: tuple[KeptFile, ...]) -> AnswerDraft:
    then = TicketStatus(row["then"]) if row["then"] else None
    return AnswerDraft(
        **{name: row[name] for name in ("id", "ticket", "author", "version", "changed", "beside")},
        typed=Typed(text=row["text"], subject=row["subject"], cc=tuple(row["cc"]), then=then),
        files=files,
    )
