"""`firstline run` as a process, with servers that misbehave one after the other: it recovers by itself each time."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desk import Desk, letter, stop
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Proxy
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import wait_until

SERVED = 60.0  # seconds after a server's return


@pytest.fixture
def dovecot_of_ours() -> Iterator[Dovecot]:
    from tests.conftest import missing
    from tests.servers.dovecot import is_installed

    if not is_installed():
        missing("Dovecot is not installed: make test-services")
    with Dovecot(users={"desk@example.com": "pw-desk"}) as server:
        yield server


@pytest.fixture
def started() -> Iterator[Callable[[Desk], subprocess.Popen[str]]]:
    """`firstline run` in a desk; what is still there at the end is killed."""
    processes: list[subprocess.Popen[str]] = []

    def start(desk: Desk) -> subprocess.Popen[str]:
        processes.append(desk.start("run"))
        return processes[-1]

    yield start
    for process in processes:
        if process.poll() is None:
            stop(process, signal.SIGKILL)


def complaint(desk: Desk, about: str) -> Callable[[], bool]:
    def said() -> bool:
        return any(about in problem["what"] for problem in desk.json("status", expect=None)["problems"])

    return said


def hang(proxy: Proxy) -> None:
    proxy.hanging.set()


def refuse(proxy: Proxy) -> None:
    proxy.refusing = True
    proxy.cut()


def reset_in_the_middle_of_a_message(proxy: Proxy) -> None:
    proxy.reset_in_literal(times=2)


def slow(proxy: Proxy) -> None:
    proxy.trickle(40, 0.02)


TROUBLES: tuple[tuple[str, Callable[[Proxy], None], bool], ...] = (
    # whose server, what it does, whether mail still goes through meanwhile
    ("imap", refuse, False),
    ("imap", hang, False),
    ("imap", reset_in_the_middle_of_a_message, True),
    ("imap", slow, True),
    ("smtp", refuse, False),
    ("smtp", hang, False),
    ("smtp", slow, True),
)


def test_one_trouble_after_the_other_and_each_mail_is_answered_once(
    dovecot_of_ours: Dovecot, sink: SmtpSink, tmp_path: Path, started: Callable[[Desk], subprocess.Popen[str]]
) -> None:
    with Proxy(dovecot_of_ours.imap_port) as imap, Proxy(sink.port) as smtp:
        proxies = {"imap": imap, "smtp": smtp}
        desk = Desk(
            tmp_path / "desk",
            imap.port,
            smtp.port,
            "desk@example.com",
            "pw-desk",
            mailbox={"timeout": "2s", "poll": "2s"},
            smtp={"timeout": "2s"},
        )
        process = started(desk)
        dovecot_of_ours.deliver(letter(0), "desk@example.com")
        sink.wait_for(1, SERVED)
        for number, (whose, misbehave, goes_through) in enumerate(TROUBLES, 1):
            misbehave(proxies[whose])
            dovecot_of_ours.deliver(letter(number), "desk@example.com")
            if not goes_through:
                about = "smtp:" if whose == "smtp" else "mailbox.support:"
                wait_until(complaint(desk, about), f"a complaint about {about} after {misbehave.__name__}")
                assert len(sink.accepted) == number
                proxies[whose].well()
            assert len(sink.wait_for(number + 1, SERVED)) == number + 1, (whose, misbehave.__name__, desk.log()[-2000:])
            proxies[whose].well()
        wait_until(lambda: desk.json("status", expect=None)["effects"]["waiting"] == 0, "nothing waits any more")
        wait_until(lambda: not complaint(desk, "smtp:")(), "no complaint about smtp: any more")
        assert stop(process) == 0
        recipients = [message.recipients[0] for message in sink.accepted]
        assert recipients == [f"person{number}@example.org" for number in range(len(TROUBLES) + 1)]


def test_a_changed_password_is_shown_and_taken_up_without_a_restart(
    dovecot_of_ours: Dovecot, sink: SmtpSink, tmp_path: Path, started: Callable[[Desk], subprocess.Popen[str]]
) -> None:
    with Proxy(dovecot_of_ours.imap_port) as imap:
        desk = Desk(
            tmp_path / "desk", imap.port, sink.port, "desk@example.com", mailbox={"timeout": "5s", "poll": "2s"}
        )
        secret = desk.folder / "pw"
        secret.write_text("pw-desk\n")
        text = (desk.folder / "config.toml").read_text()
        (desk.folder / "config.toml").write_text(text.replace("{ env = 'DESK_PASSWORD' }", "{ file = 'pw' }"))
        process = started(desk)
        dovecot_of_ours.deliver(letter(1), "desk@example.com")
        sink.wait_for(1, SERVED)
        users = dovecot_of_ours.base / "users"
        users.write_text(users.read_text().replace("pw-desk", "pw-other"))
        imap.cut()
        wait_until(complaint(desk, "does not accept name and password"), desk.log)
        dovecot_of_ours.deliver(letter(2), "desk@example.com")
        secret.write_text("pw-other\n")
        assert len(sink.wait_for(2, SERVED)) == 2
        assert stop(process) == 0
