"""`firstline run` whose database really fails: the disk is full, PostgreSQL is away or hangs or does not let us in."""

from __future__ import annotations

import random
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from pipeline.config.load import load
from pipeline.engine.once import once
from pipeline.wiring.live_doors import build
from tests.acceptance.test_run_outages import complaint, started
from tests.desk import PASSWORD, Desk, letter, stop
from tests.servers.dovecot import Dovecot
from tests.servers.postgres import postgres as running_postgres
from tests.servers.proxy import Cut, Proxy, through
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import wait_until

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
    with running_postgres() as made:
        yield made.server


def takes_nothing_more(process: subprocess.Popen[str]) -> None:
    """Each write to a file fails from now on, the log's too, as on a full disk."""
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, UNLIMITED))


def takes_all_again(process: subprocess.Popen[str]) -> None:
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (UNLIMITED, UNLIMITED))


def answered(sink: SmtpSink) -> list[str]:
    return sorted(message.recipients[0].partition("@")[0] for message in sink.accepted)


def all_done(desk: Desk) -> bool:
    return {mail["state"] for mail in desk.jsonl("mail", "list")} == {"done"}


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
    wait_until(complaint(desk, "mailbox.support"), desk.log)  # no pass can be noted any more
    assert answered(sink) == ["person1"]  # what can't be recorded is not answered
    takes_all_again(process)
    sink.wait_for(3, SERVED)
    wait_until(lambda: all_done(desk), desk.log)
    assert stop(process) == 0
    assert answered(sink) == ["person1", "person2", "person3"]
    assert_all_is_done(desk, 3)


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[bool]:
    """A file system of its own there; false where nothing can be mounted."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    done = bool(shutil.which("mount")) and not subprocess.run(mount, check=False, capture_output=True).returncode
    yield done
    if done:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def small_disk(desk: Desk) -> Iterator[Path]:
    folder = desk.folder / "small"
    folder.mkdir()
    with mounted(folder, "8m") as is_mounted:
        if not is_mounted:
            pytest.skip("nothing can be mounted here")
        yield folder


def fill(folder: Path) -> Path:
    """To its last byte."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):  # no space left on it
        while True:
            file.write(bytes(4096))
    assert shutil.disk_usage(folder).free == 0
    return ballast


def test_a_full_disk_loses_nothing_and_answers_nobody_twice(
    desk: Desk, small_disk: Path, dovecot: Dovecot, sink: SmtpSink, started: Callable[[Desk], subprocess.Popen[str]]
) -> None:
    desk.more = f"[store]\nurl = 'sqlite:///{small_disk}/firstline.db'\n"
    desk.write()
    process = started(desk)
    dovecot.deliver(letter(1), desk.username)
    sink.wait_for(1, SERVED)
    ballast = fill(small_disk)
    for number in (2, 3):
        dovecot.deliver(letter(number), desk.username)
    wait_until(lambda: "database or disk is full" in desk.log(), "the log says that the disk is full")
    wait_until(complaint(desk, "mailbox.support"), desk.log)
    assert answered(sink) == ["person1"]
    ballast.unlink()
    sink.wait_for(3, SERVED)
    wait_until(lambda: all_done(desk), desk.log)
    assert stop(process) == 0
    assert answered(sink) == ["person1", "person2", "person3"]
    assert_all_is_done(desk, 3)


def test_a_database_that_may_not_grow_any_more_is_told_and_goes_on_when_it_may(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    doors = build(load(desk.folder / "config.toml"))
    doors.database.prepare()
    pages = ["1"]  # SQLite takes what there is already for the least
    event.listen(
        doors.database.engine,
        "checkout",
        lambda connection, *_: connection.execute(f"pragma max_page_count = {pages[0]}").close(),
    )
    for number in (1, 2, 3):
        noise = random.Random(number).randbytes(50_000).hex().encode()  # so that it does not fit into a page begun
        dovecot.deliver(letter(number) + noise, desk.username)
    for _ in range(2):
        assert "database or disk is full" in str(once(doors)["unreachable"])
    assert "database or disk is full" in doors.reading.passes()["mailbox.support"].error
    assert sink.accepted == []
    pages[0] = "1000000"
    assert once(doors)["unreachable"] == []
    doors.close()
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
    wait_until(lambda: "mailbox can't be read" in desk.log(), "the log says that the mailbox can't be read")
    assert process.poll() is None
    postgres.ensure_postgres_running()
    sink.wait_for(3, SERVED)
    wait_until(lambda: all_done(desk), desk.log)
    assert desk.log().count("mailbox can't be read") <= TRIES
    wait_until(lambda: "advisory" in postgres.psql("select locktype from pg_locks"), "the lock is taken again")
    assert "another Firstline is at work" in desk.run("once", expect=2).stderr  # also after the server has forgotten it
    assert stop(process) == 0
    assert answered(sink) == ["person1", "person2", "person3"]
    assert_all_is_done(desk, 3)


# --- PostgreSQL over a line that fails --------------------------------------------------------------------------------


@pytest.fixture
def guarded(postgres: Any) -> Any:
    """It wants a password from `firstline`."""
    postgres.psql("create role firstline superuser login password 'pw-1'")
    rules = postgres.pgdata / "pg_hba.conf"
    rules.write_text("local all firstline scram-sha-256\n" + rules.read_text())
    postgres.psql("select pg_reload_conf()")
    return postgres


def refuse(line: Proxy, _server: Any) -> None:
    line.refusing = True
    line.cut()


def hang(line: Proxy, _server: Any) -> None:
    line.hanging.set()


def forget(line: Proxy, _server: Any) -> None:
    """For ever, and in the middle of a transaction: a line at rest is made anew without a word in the log. Whoever
    connects anew gets through."""

    def hook(data: bytes) -> bytes:
        if b"INSERT INTO mail" not in data:
            return data
        line.on_client = through
        line.forget()
        return b""

    line.on_client = hook


def slow(line: Proxy, _server: Any) -> None:
    line.trickle(200, 0.002)


def reset(line: Proxy, _server: Any) -> None:
    """In the middle of each answer."""

    def hook(data: bytes) -> bytes:
        raise Cut(data[: len(data) // 2], reset=True)

    line.on_server = hook


def another_password(line: Proxy, server: Any) -> None:
    server.psql("alter role firstline password 'pw-2'")
    line.cut()


LINE_TROUBLES: tuple[tuple[Callable[[Proxy, Any], None], str, bool], ...] = (
    # what the log tells of it, whether mail still goes through meanwhile
    (refuse, "mailbox can't be read", False),
    (reset, "mailbox can't be read", False),
    (another_password, "password authentication failed", False),
    (slow, "", True),
    (hang, "connection timeout expired", False),
    (forget, "no answer for 2 s", True),
)
IMPATIENT = "tcp_user_timeout=2000&connect_timeout=2"  # in the URL: what takes 20 s and 10 s else


def test_one_trouble_with_postgresql_after_the_other_and_each_mail_is_answered_once(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, guarded: Any, started: Callable[[Desk], subprocess.Popen[str]]
) -> None:
    with Proxy(guarded.pgdata / ".s.PGSQL.5432") as line:
        desk.more = f"[store]\nurl = 'postgresql://firstline:pw-1@127.0.0.1:{line.port}/postgres?{IMPATIENT}'\n"
        desk.write()
        process = started(desk)
        dovecot.deliver(letter(0), desk.username)
        sink.wait_for(1, SERVED)
        for number, (misbehave, told, goes_through) in enumerate(LINE_TROUBLES, 1):
            before = desk.log().count(told)
            misbehave(line, guarded)
            dovecot.deliver(letter(number), desk.username)
            if told:
                wait_until(lambda told=told, before=before: desk.log().count(told) > before, f"{told} in the log")
            if not goes_through:
                assert "the database does not work" in desk.run("status", expect=3).stderr
                assert len(sink.accepted) == number  # what can't be recorded is not answered
                guarded.psql("alter role firstline password 'pw-1'")
                line.well()
            assert len(sink.wait_for(number + 1, SERVED)) == number + 1, (misbehave.__name__, desk.log()[-2000:])
            line.well()
        wait_until(lambda: all_done(desk), desk.log)
        assert process.poll() is None
        assert stop(process) == 0
        assert answered(sink) == [f"person{number}" for number in range(len(LINE_TROUBLES) + 1)]
        assert_all_is_done(desk, len(LINE_TROUBLES) + 1)
