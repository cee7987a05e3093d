"""How cases stood before somebody changed them, so that it can be put back; and the batches in which that was done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from pipeline.errors import NotFoundError, UsageError
from pipeline.records.batch import BatchStep, CaseBefore, PromiseBefore
from pipeline.store import meanwhile, progress, schema, tickets
from pipeline.store.database import Database
from pipeline.store.schema_agenda import batch

ticket, promise, mail = schema.ticket, schema.promise, schema.mail
KEPT = timedelta(days=1)  # how long a batch can be undone
_PROMISE = ("mail_id", "kind", "number", "state", "kept", "kept_by")


class Batches:
    """What was done to many cases at once."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def before(self, ref: str) -> CaseBefore | None:
        """How a case stands; None where there is no such ticket."""
        with self.database.reading() as connection:
            row = connection.execute(select(ticket).where(ticket.c.ref == ref)).one_or_none()
            if row is None:
                return None
            promises = connection.execute(
                select(*(promise.c[name] for name in _PROMISE)).where(promise.c.ticket == ref)
            )
            return CaseBefore(
                ref=ref,
                status=row.status,
                owner=row.owner,
                priority=row.priority,
                responded=row.responded,
                resolved=row.resolved,
                promises=tuple(PromiseBefore(**one) for one in promises.mappings()),
            )

    def keep(self, batch_id: str, account: str, steps: Sequence[BatchStep], now: datetime) -> None:
        """So that it can be undone for a day. What is older is forgotten."""
        row = {"id": batch_id, "account": account, "at": now, "done": [one.as_json() for one in steps]}
        with self.database.writing() as connection:
            connection.execute(delete(batch).where(batch.c.at < now - KEPT))
            connection.execute(insert(batch), row)

    def of(self, batch_id: str, account: str) -> list[BatchStep]:
        """What was done in one of somebody's batches; nothing where it is undone, or none of theirs."""
        mine = (batch.c.id == batch_id, batch.c.account == account, batch.c.undone.is_(None))
        with self.database.reading() as connection:
            done = connection.execute(select(batch.c.done).where(*mine)).scalar()
        return [BatchStep.of_json(one) for one in done or ()]

    def take(self, batch_id: str, account: str, now: datetime) -> list[BatchStep]:
        """What was done in one of somebody's batches, once. Raises NotFoundError, UsageError when it was undone."""
        with self.database.writing() as connection:
            mine = (batch.c.id == batch_id, batch.c.account == account, batch.c.at >= now - KEPT)
            row = connection.execute(select(batch).where(*mine).with_for_update()).one_or_none()
            if row is None:
                raise NotFoundError("there is nothing of yours to undo", where=batch_id, remedy="do it by hand")
            if row.undone:
                raise UsageError("it was undone already", where=batch_id)
            connection.execute(update(batch).where(batch.c.id == batch_id).values(undone=now))
        return [BatchStep.of_json(one) for one in row.done]

    def put_back(self, step: BatchStep, by: str, now: datetime) -> None:
        """A case stands again as before. Raises NotFoundError, ChangedMeanwhileError when somebody else acted since."""
        before = step.before
        if before is None:
            raise UsageError("nobody knows how it stood before", where=step.ref)
        with self.database.writing() as connection:
            values = {name: getattr(before, name) for name in ("status", "owner", "priority", "responded", "resolved")}
            mine = ticket.c.ref == step.ref
            was = connection.execute(select(ticket).where(mine).with_for_update()).one_or_none()
            if was is None:
                raise NotFoundError("there is no such ticket any more", where=step.ref)
            meanwhile.refuse_unseen(connection, step.ref, step.mark, by)
            connection.execute(update(ticket).where(mine).values({**values, "changed": now}))
            _restore_promises(connection, before.promises)
            if was.status != before.status:  # a letter that says otherwise is not sent, or another one follows it
                progress.changed(connection, step.ref, now)
            changes = {
                "status": (was.status, before.status),
                "assigned": (was.owner or "nobody", before.owner or "nobody"),
                "priority": (was.priority, before.priority),
            }
            for kind, (it_was, it_is) in changes.items():
                if it_was != it_is:
                    detail = f"{tickets.turned(it_was, it_is)}: undone"
                    line = tickets.event(step.ref, now, kind, detail, actor=by)
                    tickets.note_and_tell(connection, {**line, "public": False}, now)

    def park_again(self, mail_id: str) -> None:
        """A mail that was discarded waits for a person again. Raises UsageError where it does not stand like that."""
        with self.database.writing() as connection:
            mine = (mail.c.id == mail_id, mail.c.closed == "discarded")
            if not connection.execute(update(mail).where(*mine).values(parked=True, closed="")).rowcount:
                raise UsageError("it is not discarded", where=mail_id)


def _restore_promises(connection: Connection, before: Sequence[PromiseBefore]) -> None:
    """Kept by what is undone now, they are open again; what was put off or renewed meanwhile stays as it is."""
    for one in before:
        mine = (promise.c.mail_id == one.mail_id, promise.c.kind == one.kind, promise.c.number == one.number)
        values = {"state": one.state, "kept": one.kept, "kept_by": one.kept_by}
        touched = promise.c.state.in_(["kept", "held", "dropped", "broken"])
        connection.execute(update(promise).where(*mine, touched).values(values))
