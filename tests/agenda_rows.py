"""Rows of the store as small as a test of the desk's queue needs them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from pipeline.store import schema
from pipeline.store.database import Database
from tests.samples import NOON


def mail(ref: str, **changes: Any) -> dict[str, Any]:
    """A mail of Eve's that is settled."""
    nothing: list[Any] = []
    row = {
        "id": ref, "content_hash": ref, "message_id": f"<{ref}@example.org>", "thread": ref, "mailbox": "support",
        "sender": "eve@example.org", "sender_name": "Eve", "customer": "eve@example.org", "subject": f"About {ref}",
        "received": NOON - timedelta(days=1), "recorded": NOON, "language": "en", "topic": "delivery", "ticket": "",
        "verdict": "answer", "parked": False, "review": False, "error": "",
        "attachments": nothing, "notes": nothing, "reasons": nothing, "rules": nothing, "decision": {},
    }  # fmt: skip
    return {**row, **changes}


def ticket(ref: str, **changes: Any) -> dict[str, Any]:
    """A case of Eve's at which somebody is at work; no complaint."""
    row = {
        "ref": ref, "thread": ref, "status": "active", "customer": "eve@example.org", "customer_name": "Eve",
        "folded": "eve@example.org", "participants": ["eve@example.org"], "subject": f"About {ref}",
        "topic": "delivery", "language": "en", "owner": "", "opened": NOON - timedelta(days=1), "changed": NOON,
        "responded": NOON, "priority": "normal", "tracker": "board", "complaint": False, "to_check": False,
        "warned": None,
    }  # fmt: skip
    return {**row, **changes}


def promise(ref: str, due: datetime, kind: str = "respond", **changes: Any) -> dict[str, Any]:
    """A time that the customer of a ticket was given."""
    row = {"mail_id": ref, "kind": kind, "number": 0, "ticket": ref, "given": NOON, "due": due, "state": "open"}
    return {**row, "kept": None, **changes}


def effect(mail_id: str, kind: str = "acknowledge", state: str = "failed", **changes: Any) -> dict[str, Any]:
    """Something that was to be done outside."""
    row = {"key": f"{mail_id}:{kind}", "mail_id": mail_id, "kind": kind, "state": state, "ticket": ""}
    return {**row, "created": NOON, "changed": NOON, "error": "550 no such user", "details": {}, **changes}


def fill(database: Database, **rows: list[dict[str, Any]]) -> None:
    """Writes rows by the names of their tables."""
    with database.writing() as connection:
        for name, some in rows.items():
            connection.execute(insert(schema.metadata.tables[name]), some)


def cases(database: Database, **changes: dict[str, Any]) -> None:
    """Tickets with their mails, by reference with what is different about each."""
    fill(
        database,
        mail=[mail(ref, ticket=ref) for ref in changes],
        ticket=[ticket(ref, **change) for ref, change in changes.items()],
    )
