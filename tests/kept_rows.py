"""Rows of the database for tests of how long it keeps them: made as the test says, with words in every place."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Table, insert, select

from pipeline.clock import FakeClock
from pipeline.store import schema
from pipeline.store.database import Database
from pipeline.store.mails import Mails
from tests.samples import NOON, config

DAY = timedelta(days=1)
WORD = "Zwetschgenweg"  # stands in everything that is to go


def keeper(database: Database, **settings: Any) -> Any:
    """Doors as the purge needs them, at NOON."""
    clock = FakeClock(NOON)
    return SimpleNamespace(database=database, clock=clock, reading=Mails(database), config=config(**settings))


def ago(days: float) -> datetime:
    return NOON - days * DAY


def put(connection: Connection, table: Table, **values: Any) -> None:
    connection.execute(insert(table).values(values))


def put_mail(connection: Connection, ref: str, age: float, **changes: Any) -> None:
    """A mail so many days old, with all that hangs on it."""
    sender, came = changes.pop("sender", f"{ref.lower()}@example.org"), ago(age)
    values = {
        "id": ref, "content_hash": ref, "thread": ref, "sender": sender, "sender_name": f"Ann {WORD}",
        "customer": sender, "subject": f"About {WORD}", "text": f"I live at {WORD} 7.", "received": came,
        "recorded": came, "attachments": [{"name": f"{WORD}.pdf", "content_type": "a/b", "size": 1}], "notes": [],
        "reasons": [], "rules": [[1, "list", "silent", "weak", False, WORD, True]], "decision": {"topic": "delivery"},
        "message_id": f"<{ref}@{WORD}>", "mailbox": "support", "verdict": "answer", "topic": "delivery",
    }  # fmt: skip
    put(connection, schema.mail, **{**values, **changes})
    put(connection, schema.raw, mail_id=ref, raw=f"I live at {WORD} 7.".encode() * 50, size=1000)
    put(connection, schema.location, mailbox="support", uidvalidity=1, uid=int.from_bytes(ref.encode()[:6], "big"),
        mail_id=ref, received=came)  # fmt: skip
    put_effect(connection, ref, "done", came)
    put(connection, schema.acknowledgement, mail_id=ref, at=came, sender=sender, domain="example.org",
        thread=values["thread"], subject=f"About {WORD}")  # fmt: skip


def put_effect(connection: Connection, ref: str, state: str, at: datetime, kind: str = "acknowledge") -> None:
    details = {"sent_template": "neutral", "sent_version": "1", "sent_language": "en", "subject": WORD}
    put(connection, schema.effect, key=f"{ref}:{kind}", mail_id=ref, kind=kind, state=state, created=at, changed=at,
        recipient=f"{ref}@example.org", details=details, error=WORD)  # fmt: skip


def put_ticket(connection: Connection, ref: str, resolved: float | None, **changes: Any) -> None:
    """A ticket that was resolved so many days ago, or is not."""
    at = ago(resolved) if resolved is not None else None
    values = {
        "ref": ref, "thread": f"thread-{ref}", "status": "open" if at is None else "resolved", "resolved": at,
        "customer": f"{ref}@example.org", "folded": f"{ref.lower()}@example.org", "customer_name": f"Ann {WORD}",
        "participants": [f"{WORD}@example.org"], "subject": WORD, "opened": ago(2000), "changed": at or NOON,
    }  # fmt: skip
    put(connection, schema.ticket, **{**values, **changes})
    put(connection, schema.ticket_event, ticket=ref, at=at or NOON, kind="comment", actor="ann", detail=f"said {WORD}")


def words_of(database: Database, table: Table) -> list[str]:
    """Keys of the rows in which the word stands still."""
    key = next(iter(table.primary_key.columns)).name
    with database.reading() as connection:
        rows = connection.execute(select(table)).mappings()
        return sorted(str(row[key]) for row in rows if any(_holds(value) for value in row.values()))


def _holds(value: object) -> bool:
    return WORD in (value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value))
