"""What `user` prints for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypedDict

from pipeline.records.account import Account, AuditEntry


class AccountDocument(TypedDict):
    """Somebody who may sign in at the desk."""

    address: str
    name: str
    role: Annotated[str, "agent, data, lead or admin"]
    disabled: Annotated[datetime | None, "since when they may not sign in"]
    created: datetime
    signed_in: Annotated[datetime | None, "the last time"]
    password: Annotated[bool, "is one chosen?"]
    link: Annotated[str, "in which they choose one, where --link was given"]


def account_document(one: Account, link: str = "") -> AccountDocument:
    """`link`: '' for none."""
    return {
        "address": one.address,
        "name": one.name,
        "role": one.role.value,
        "disabled": one.disabled,
        "created": one.created,
        "signed_in": one.signed_in,
        "password": one.has_password,
        "link": link,
    }


class AuditEntryDocument(TypedDict):
    """Somebody did something at the desk."""

    id: int
    at: datetime
    account: Annotated[str, "'' for whoever was not signed in"]
    action: str
    subject: Annotated[str, "a reference, an address of an account …"]
    before: dict[str, object]
    after: dict[str, object]
    outcome: Annotated[str, "done, refused; '' when it was cut off"]
    client: Annotated[str, "address of the visitor; '' for the command line"]


def audit_document(one: AuditEntry) -> AuditEntryDocument:
    """A line of the log."""
    return {
        "id": one.id,
        "at": one.at,
        "account": one.account,
        "action": one.action,
        "subject": one.subject,
        "before": one.before,
        "after": one.after,
        "outcome": one.outcome,
        "client": one.client,
    }
