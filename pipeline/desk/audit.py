"""What the command line does at the desk stands in the audit log like what the pages do."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipeline.desk.doors import AccountDoors


@dataclass
class Noted:
    """What is written when it is done."""

    before: dict[str, object] = field(default_factory=dict)
    after: dict[str, object] = field(default_factory=dict)


@contextmanager
def noted(doors: AccountDoors, action: str, subject: str) -> Iterator[Noted]:
    """A line that is there before it is done, and says afterwards how it went."""
    number = doors.audit.begin(getpass.getuser(), action, "", doors.clock.now())
    one = Noted()
    try:
        yield one
    except Exception as error:
        why = {"why": type(error).__name__}
        doors.audit.close(number, subject=subject, before=one.before, after=why, outcome="refused")
        raise
    doors.audit.close(number, subject=subject, before=one.before, after=one.after, outcome="done")
