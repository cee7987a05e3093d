"""What staff are told: a mail to one of them, and the complaints that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffMail:
    """A mail to one of us."""

    recipient: str  # address
    subject: str  # one line
    text: str
    html: str = ""  # the same as a page, for mail programs that show it
    page: str = ""  # HTML, attached
    page_name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewComplaint:
    """A complaint that nobody of us has been told of yet."""

    ref: str
    opened: datetime
    customer: str  # address
    name: str
    subject: str
    topic: str  # the likeliest, '' for none
    to_check: bool  # perhaps one: a person decides
    owner: str
    words: str  # what the customer wrote
    respond_by: datetime | None  # what the customer was promised; None: nothing
    resolve_by: datetime | None
