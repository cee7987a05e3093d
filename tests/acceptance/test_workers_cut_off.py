"""A worker whose network is cut, or that hangs, and comes back late: others do its part, and nothing is done twice."""

from __future__ import annotations

import re
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import Popen

import pytest

from tests.acceptance.test_workers import at_work, fill
from tests.desk import Desk
from tests.servers.distant import proxy
from tests.servers.dovecot import Dovecot
from tests.servers.postgres import Postgres, postgres
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import wait_until

CONNECTIONS = 2  # of one worker to the outgoing server


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as found:
        yield found


@dataclass
class Two:
    """Two workers on one database: the first reaches it over a line that can be cut."""

    desk: Desk
    first: Popen[str]
    second: Popen[str]
    line: Popen[str]
    sink: SmtpSink

    def wait_for(self, customers: int) -> None:
        wait_until(lambda: len({one.recipients[0] for one in self.sink.accepted}) >= customers, self.desk.log, 150)

    def wait_for_workers(self, number: int) -> None:
        wait_until(lambda: len(at_work(self.desk)) == number, self.desk.log, 90)

    def twice(self) -> int:
        """How many customers got a letter twice; none may get two letters."""
        ids = {(one.recipients[0], message_id(one.data)) for one in self.sink.accepted}
        assert len(ids) == len({recipient for recipient, _ in ids})
        return sum(number - 1 for number in Counter(one.recipients[0] for one in self.sink.accepted).values())


def message_id(content: bytes) -> str:
    found = re.search(rb"(?im)^message-id:\s*(\S+)", content)
    assert found
    return found[1].decode()


@pytest.fixture
def two(dovecot: Dovecot, server: Postgres, tmp_path: Path) -> Iterator[Two]:
    url = server.new_database()
    (tmp_path / "key").write_text("k" * 40)
    with SmtpSink() as sink, proxy(server.socket) as (line, port):
        near = Desk(tmp_path / "near", dovecot.imap_port, sink.port, dovecot.fresh_user(), more=tables(url, tmp_path))
        over_the_line = url.partition("?")[0].replace("@/", f"@127.0.0.1:{port}/")
        far = replace(near, folder=tmp_path / "far", more=tables(over_the_line, tmp_path))
        with started(far) as first:
            wait_until(lambda: len(at_work(near)) == 1, far.log, 90)
            with started(near) as second:
                made = Two(near, first, second, line, sink)
                made.wait_for_workers(2)
                yield made


def tables(url: str, folder: Path) -> str:
    key = f'[security]\nkey = {{ file = "{folder}/key" }}\n'
    return f'[store]\nurl = "{url}"\n[engine]\nkind = "procrastinate"\n{key}'


@contextmanager
def started(desk: Desk) -> Iterator[Popen[str]]:
    process = desk.start("worker")
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("what", ["line", "first"])
def test_a_worker_that_is_cut_off_or_hangs_is_replaced_and_does_nothing_twice_when_it_is_back(
    two: Two, dovecot: Dovecot, what: str
) -> None:
    fill(dovecot, two.desk, 1, 20)
    two.wait_for(5)
    stopped: Popen[str] = getattr(two, what)
    stopped.send_signal(signal.SIGSTOP)
    fill(dovecot, two.desk, 21, 20)
    two.wait_for_workers(1)
    two.wait_for(40)
    stopped.send_signal(signal.SIGCONT)
    two.wait_for_workers(2)
    fill(dovecot, two.desk, 41, 20)
    two.wait_for(60)
    assert two.twice() <= CONNECTIONS  # those that were on their way
    assert two.first.poll() is None
