"""A mailbox that was migrated: its mails, encoded anew, are the mails that are known."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest

from tests.desk import Desk
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.unit.parse.test_identity import as_8bit, as_latin1, as_quoted_printable
from tests.waiting import wait_until


@pytest.mark.parametrize("bytes_kept", [True, False])
def test_a_migrated_mailbox_reopens_nothing_and_writes_to_nobody(
    dovecot: Dovecot, sink: SmtpSink, tmp_path: Path, bytes_kept: bool
) -> None:
    desk = Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user())
    dovecot.deliver(as_8bit(), desk.username)
    assert desk.json("once")["mailboxes"]["support"]["acknowledged"] == 1
    if not bytes_kept:
        database = sqlite3.connect(desk.folder / "var" / "firstline.db")
        database.execute("delete from raw")
        database.commit()
        database.close()
    begun = int(time.time())
    # Dovecot takes a new folder's UIDVALIDITY from the clock, up to two seconds ahead of it.
    wait_until(lambda: int(time.time()) > begun + 2, "a second with a UIDVALIDITY of its own")
    desk.username = dovecot.fresh_user()
    desk.write()
    for way in (as_quoted_printable, as_latin1):
        dovecot.deliver(way(), desk.username)
    found = desk.json("once")["mailboxes"]["support"]
    assert (found["fetched"], found["known"]) == (2, 2)
    assert len(sink.accepted) == 1
    assert len(desk.jsonl("mail", "list")) == 1
