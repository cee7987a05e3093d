"""Mails, settings and records for tests: small, with only what a test says about them."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.config.guard import GuardConfig
from pipeline.config.load import check
from pipeline.config.settings import Config
from pipeline.guard.case import Surroundings
from pipeline.records.labels import Label, Labels
from pipeline.records.ledger import LedgerMail, StoredDecision
from pipeline.records.mail import Address, Location, Mail, MailState, RawMail
from pipeline.records.ticket import OutsideState, Priority, Ticket, TicketStatus
from pipeline.records.verdict import History, VerdictKind

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)  # a Wednesday
HELSINKI = ZoneInfo("Europe/Helsinki")
EVE = Address(email="eve@example.org", name="Eve Miller")


def mail(**changes: Any) -> Mail:
    """A mail from Eve to us; headers may be given as {"Name": "value"} or lists of values."""
    headers = {
        name.lower(): tuple(value) if isinstance(value, list) else (value,)
        for name, value in changes.pop("headers", {}).items()
    }
    values: dict[str, Any] = {
        "message_id": "<m1@example.org>",
        "content_hash": "",
        "sender": EVE,
        "reply_to": None,
        "return_path": None,
        "recipients": ("support@example.com",),
        "subject": "Where is my parcel?",
        "sent": NOON,
        "text": "It was due on Tuesday.",
        "whole": "It was due on Tuesday.",
        "language": "en",
        "attachments": (),
        "in_reply_to": (),
        "references": (),
        "headers": headers,
        "content_type": "text/plain",
        "parts": ("text/plain",),
        "report": None,
        "size": 1000,
        "notes": (),
    }
    values |= changes
    if not values["content_hash"]:
        values["content_hash"] = hashlib.sha256(repr(sorted(values.items(), key=str)).encode()).hexdigest()
    return Mail(**values)


def raw_mail(uid: int = 1, data: bytes = b"raw", mailbox: str = "support", received: datetime = NOON) -> RawMail:
    return RawMail(
        location=Location(mailbox=mailbox, uidvalidity=1, uid=uid), received=received, raw=data, size=len(data)
    )


def labels(
    topic: str | Label = "delivery", complaint: bool | Label = False, sure: bool = True, **changes: Any
) -> Labels:
    """What the classifier says; `complaint` true or false, or a Label of its own, like `topic`."""
    if isinstance(complaint, Label):
        changes["complaint"], complaint = complaint, False
    values: dict[str, Any] = {
        "topic": topic if isinstance(topic, Label) else Label(value=topic, confidence=0.95, sure=sure),
        "sentiment": Label(value="negative" if complaint else "neutral", confidence=0.9, sure=sure),
        "complaint": Label(value="true" if complaint else "false", confidence=0.97, sure=sure),
        "complaint_suspected": complaint,
        "model": "v1",
    }
    return Labels(**(values | changes))


def history(**changes: Any) -> History:
    values: dict[str, Any] = {"received": NOON, "now": NOON + timedelta(seconds=1), "max_age": timedelta(days=3)}
    return History(**(values | changes))


def surroundings(**settings: Any) -> Surroundings:
    """The mailbox of support@example.com with these settings of [guard]."""
    ours = frozenset({"support@example.com"})
    return Surroundings(
        settings=GuardConfig.model_validate(settings), ours=ours, addressed=ours, domain="firstline.example.com"
    )


def table(**changes: Any) -> dict[str, Any]:
    """A small config.toml as a table."""
    return {
        "mailbox": {
            "support": {
                "host": "127.0.0.1",
                "security": "none",
                "port": 1143,
                "username": "support@example.com",
                "password": {"env": "TEST_PASSWORD"},
                "addresses": ["support@example.com"],
            }
        },
        "smtp": {
            "host": "127.0.0.1",
            "security": "none",
            "port": 1125,
            "from": "Example Support <support@example.com>",
        },
        "topics": {
            "delivery": {"title": {"en": "your delivery", "de": "Ihre Lieferung"}, "owner": "logistics@example.com"}
        },
        "replies": {"company": "Example Ltd", "signature": "Your Example team"},
        **changes,
    }


def config(**changes: Any) -> Config:
    from pathlib import Path

    return check(table(**changes), Path("config.toml"))


def ticket(**changes: Any) -> Ticket:
    """A complaint of Eve's that is filed on GitHub."""
    values: dict[str, Any] = {
        "ref": "7K3M-9QTX",
        "thread": "7K3M-9QTX",
        "status": TicketStatus.OPEN,
        "customer": EVE.email,
        "folded": EVE.folded,
        "customer_name": EVE.name,
        "participants": (EVE.folded,),
        "subject": "Where is Eve's parcel?",
        "topic": "delivery",
        "sentiment": "negative",
        "complaint": True,
        "to_check": False,
        "language": "en",
        "owner": "logistics@example.com",
        "opened": NOON,
        "changed": NOON,
        "respond_by": NOON,
        "resolve_by": NOON + timedelta(days=1),
        "responded": None,
        "resolved": None,
        "tracker": "github",
        "url": "",
        "outside_id": "",
        "project": "",
        "priority": Priority.HIGH,
        "checklist": (),
        "outside": OutsideState(),
        "looked_at": None,
    }
    return Ticket(**values | changes)


def ledger_mail(**changes: Any) -> LedgerMail:
    """A mail of Eve's as the ledger keeps it."""
    values: dict[str, Any] = {
        "id": "7K3M-9QTX",
        "mailbox": "support",
        "message_id": "<m1@example.org>",
        "sender": EVE.email,
        "sender_name": EVE.name,
        "customer": EVE.folded,
        "subject": "Where is my parcel?",
        "received": NOON,
        "sent": NOON,
        "recorded": NOON,
        "text": "It was due on Tuesday.",
        "language": "en",
        "verdict": VerdictKind.ANSWER,
        "topic": "delivery",
        "sentiment": "negative",
        "complaint": True,
        "ticket": "7K3M-9QTX",
        "thread": "7K3M-9QTX",
        "state": MailState.DONE,
        "decision": StoredDecision(),
    }
    values |= dict.fromkeys(("reasons", "notes", "attachments", "rules", "locations"), ())
    values |= dict.fromkeys(("error", "content_hash", "possibly_about", "model", "closed"), "")
    values |= dict.fromkeys(("topic_confidence", "sentiment_confidence", "complaint_confidence"))
    flags = "topic_sure sentiment_sure complaint_sure complaint_suspected review acknowledged acknowledge only_recorded"
    values |= dict.fromkeys([*flags.split(), "parked", "robot", "quieted", "labelled"], False)
    return LedgerMail(**values | changes)
