"""People who work at the desk: who they are, what they may do, and that they are signed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class DeskRole(StrEnum):
    """What somebody is here for. `desk/roles.py` says what each may see and do."""

    AGENT = "agent"  # answers customers
    DATA = "data"  # teaches the model
    LEAD = "lead"  # answers for the service
    ADMIN = "admin"  # runs the machine


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """Somebody who may sign in."""

    address: str  # their e-mail address in lower case: the user name
    name: str
    role: DeskRole
    language: str = ""  # of the pages; '' as the browser asks
    disabled: datetime | None = None  # since when they may not
    created: datetime
    signed_in: datetime | None = None  # the last time
    has_password: bool = False

    @property
    def shown(self) -> str:
        """How others see them."""
        return self.name or self.address


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """Somebody is signed in with a browser."""

    id: str  # a hash of what is in the cookie
    account: str
    begun: datetime
    seen: datetime
    client: str  # address of the visitor
    browser: str  # what it says of itself


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditEntry:
    """Somebody did something. `outcome` is '' while it is being done, or when it was cut off."""

    id: int
    at: datetime
    account: str  # '' for whoever was not signed in
    action: str  # as in `desk/roles.py`
    subject: str  # reference of a case, address of an account, name of a letter …
    before: dict[str, object] = field(default_factory=dict)
    after: dict[str, object] = field(default_factory=dict)
    outcome: str = ""  # done, refused
    client: str = ""  # address of the visitor; '' for the command line
