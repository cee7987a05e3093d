"""Mail that somebody drags into the mailbox out of an archive: its server says "now", and all else says "long ago"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pipeline.records.mail import Mail

MANY = 5  # within …
AT_ONCE = timedelta(hours=1)
LONG_AGO = timedelta(days=30)  # where only the sender's own Date speaks: clocks are wrong


def looks_old(mail: Mail, received: datetime, max_age: timedelta) -> bool:
    """Was it delivered, or at least written, long before its server took it into this folder?

    A mail that was delivered just now carries a fresh Received field, whatever its Date says.
    """
    if mail.sent is None:
        return False
    delivered = _delivered(mail)
    limit = received - (max_age if delivered else max(max_age, LONG_AGO))
    return mail.sent < limit and (delivered is None or delivered < limit)


@dataclass
class Dragged:
    """How much such mail came to one mailbox lately; one alone may be a wrong clock, or meant."""

    _lately: dict[str, datetime] = field(default_factory=dict)  # content → when it was judged first

    def among(self, contents: Sequence[str], now: datetime) -> bool:
        """`contents`: hashes of those of a batch that look old. Are they dragged in?"""
        self._lately = {one: at for one, at in self._lately.items() if now - AT_ONCE < at <= now}
        for one in contents:
            self._lately.setdefault(one, now)
        return len(self._lately) >= MANY


def _delivered(mail: Mail) -> datetime | None:
    """By the newest Received field (RFC 5321 section 4.4: the topmost), if it says so."""
    fields = mail.headers.get("received", ())
    if not fields:
        return None
    try:
        found = parsedate_to_datetime(fields[0].rpartition(";")[2].strip())
    except (ValueError, TypeError, OverflowError):  # whatever stands there
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
