"""A mailbox over its quota: what was to be moved waits and is shown, and everybody is answered all the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.clock import FakeClock, SystemClock
from pipeline.config.load import load
from pipeline.engine.once import once
from pipeline.retry import MARK
from pipeline.wiring.live_doors import build
from tests.conftest import missing
from tests.desk import PASSWORD, Desk, letter
from tests.servers.dovecot import Dovecot, is_installed
from tests.servers.smtp_sink import SmtpSink

MAILS = 3
# Without MOVE, as many servers are: a copy needs room for a moment, and only then the original is removed.
FULL = f"""
mail_plugins = quota
protocol imap {{
  mail_plugins = quota
  imap_capability = IMAP4rev1 UIDPLUS NAMESPACE
}}
plugin {{
  quota = count:User quota
  quota_vsizes = yes
  quota_rule = *:messages={MAILS}
}}
"""


@pytest.fixture
def narrow() -> Iterator[Dovecot]:
    """A server on which a mailbox is full with three mails."""
    if not is_installed():
        missing("Dovecot is not installed: make test-services")
    with Dovecot(more=FULL) as server:
        yield server


def make_room(dovecot: Dovecot) -> None:
    settings = dovecot.base / "dovecot.conf"
    settings.write_text(settings.read_text().replace(f"messages={MAILS}", "messages=100"))
    dovecot.restart()


def test_what_can_not_be_moved_waits_and_is_moved_when_there_is_room(
    narrow: Dovecot, sink: SmtpSink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path / "desk", narrow.imap_port, sink.port, narrow.fresh_user(), mailbox={"done": "move:Processed"})
    for number in range(1, MAILS + 1):
        narrow.deliver(letter(number), desk.username)
    desk.run("once")
    assert len(sink.accepted) == MAILS  # nobody waits for it
    assert desk.json("status", expect=None)["effects"]["waiting"] == MAILS
    for mail in desk.jsonl("mail", "list"):
        assert (mail["state"], mail["acknowledged"]) == ("pending", True)
        (mark,) = [one for one in desk.json("mail", "show", mail["id"])["effects"] if one["kind"] == "mark"]
        assert mark["state"] == "waiting"
        assert "OVERQUOTA" in mark["error"]
        assert "check done in [mailbox.support], and the rights and the quota" in mark["error"]

    make_room(narrow)
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    clock = FakeClock(SystemClock().now() + MARK.most + timedelta(minutes=1))
    doors = build(load(desk.folder / "config.toml"), clock)
    once(doors)
    doors.close()
    assert {mail["state"] for mail in desk.jsonl("mail", "list")} == {"done"}
    assert len(sink.accepted) == MAILS
