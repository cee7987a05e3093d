"""What `user` prints for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypedDict

from pipeline.records.account import Account


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
