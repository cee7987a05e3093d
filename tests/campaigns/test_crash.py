"""Killed with SIGKILL at chosen points of its conversations, and restarted: nothing lost, nothing twice."""

from __future__ import annotations

import email
import signal
import subprocess
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desk import Desk, letter
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Proxy
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import wait_until

MAILS = 12
POINTS = [
    # what passes → where it is looked for, and from which side
    ("imap", "client", b"LOGIN"),
    ("imap", "client", b"SELECT"),
    ("imap", "client", b"SEARCH"),
    ("imap", "client", b"BODY.PEEK"),
    ("imap", "server", b"Subject: Where is parcel 3"),  # in the middle of the messages
    ("imap", "client", b"STORE"),
    ("imap", "server", b"OK Store"),  # marked, but we do not know it yet
    ("smtp", "client", b"ehlo"),
    ("smtp", "client", b"MAIL FROM"),
    ("smtp", "client", b"RCPT TO"),
    ("smtp", "client", b"DATA\r\n"),
    ("smtp", "client", b"Auto-Submitted"),  # the content is on its way
    ("smtp", "server", b"250 2.0.0"),  # accepted, but we do not know it yet
]


@pytest.fixture
def proxies(dovecot: Dovecot, sink: SmtpSink) -> Iterator[dict[str, Proxy]]:
    with Proxy(dovecot.imap_port) as imap, Proxy(sink.port) as smtp:
        yield {"imap": imap, "smtp": smtp}


@pytest.fixture
def desk(proxies: dict[str, Proxy], dovecot: Dovecot, tmp_path: Path) -> Desk:
    return Desk(
        tmp_path / "desk",
        proxies["imap"].port,
        proxies["smtp"].port,
        dovecot.fresh_user(),
        mailbox={"done": "seen", "batch": 5},
        smtp={"connections": 1},
        more="[topics.other]\ntrack = 'all'\n",
    )


def killer(process: list[subprocess.Popen[str]]) -> Callable[[], None]:
    return lambda: wait_until(lambda: process, "the process is started")[0].send_signal(signal.SIGKILL)


@pytest.mark.parametrize(("server", "side", "pattern"), POINTS, ids=lambda value: str(value))
def test_killed_there_and_restarted_nothing_is_lost_and_nothing_is_twice(
    server: str, side: str, pattern: bytes, desk: Desk, proxies: dict[str, Proxy], dovecot: Dovecot, sink: SmtpSink
) -> None:
    for number in range(1, MAILS + 1):
        dovecot.deliver(letter(number), desk.username)
    process: list[subprocess.Popen[str]] = []
    proxies[server].call(pattern, killer(process), side=side)
    process.append(desk.start("once"))
    assert process[0].wait(100) == -signal.SIGKILL, "it was not killed: the point was never reached"

    desk.run("once")
    desk.run("once")

    mails = desk.jsonl("mail", "list")
    assert sorted(mail["subject"] for mail in mails) == sorted(f"Where is parcel {n}?" for n in range(1, MAILS + 1))
    assert {mail["state"] for mail in mails} == {"done"}
    assert all(mail["acknowledged"] for mail in mails)
    assert_no_second_message_id(sink)
    assert len(sink.accepted) <= MAILS + 1  # the one in flight may come twice, under the same Message-ID
    assert desk.json("db", "check")["ok"]


def assert_no_second_message_id(sink: SmtpSink) -> None:
    """Every customer has been written to, and under one Message-ID only."""
    ids: dict[str, set[str]] = defaultdict(set)
    for message in sink.accepted:
        ids[message.recipients[0]].add(email.message_from_bytes(message.data)["Message-ID"])
    assert len(ids) == MAILS
    assert max(Counter({who: len(found) for who, found in ids.items()}).values()) == 1
