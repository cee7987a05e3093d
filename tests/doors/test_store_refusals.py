"""`firstline run` whose PostgreSQL is there and refuses: full, not to be written, or with an expired certificate."""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.test_run_outages import complaint, started
from tests.desk import Desk, letter, stop
from tests.doors.test_store_outages import (
    SERVED,
    all_done,
    answered,
    assert_all_is_done,
    desk,
    fill,
    guarded,
    mounted,
    postgres,
)
from tests.servers.certificates import Certificates
from tests.servers.dovecot import Dovecot
from tests.servers.postgres_tls import PostgresTls
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import wait_until

__all__ = ["desk", "guarded", "postgres", "started"]  # the fixtures


@dataclass
class Troubled:
    """A PostgreSQL behind TLS, for which everything can go wrong, and be well again."""

    server: Any
    tls: PostgresTls
    certificates: Certificates
    disk: Path | None  # the small one where the tables are

    def well(self) -> None:
        self.server.psql("alter role firstline connection limit -1")
        self.server.psql("alter role firstline reset default_transaction_read_only")
        self.tls.tls = self.certificates.server_context("localhost")
        if self.disk:
            (self.disk / "ballast").unlink(missing_ok=True)

    def full(self) -> None:
        assert self.disk
        fill(self.disk)

    def no_connection_left(self) -> None:
        self.server.psql("alter role firstline connection limit 0")
        self.tls.cut()

    def only_to_read(self) -> None:
        self.server.psql("alter role firstline set default_transaction_read_only = on")
        self.tls.cut()

    def expired(self) -> None:
        self.tls.tls = self.certificates.server_context("localhost", expired=True)
        self.tls.cut()


TROUBLES: tuple[tuple[Callable[[Troubled], None], str, str], ...] = (
    # what the log tells of it, and what `status` does; "" where the state can be read, and shows that nobody reads mail
    (Troubled.full, "No space left on device", ""),
    (Troubled.no_connection_left, "too many connections", "too many connections"),
    (Troubled.only_to_read, "read-only transaction", ""),
    (Troubled.expired, "certificate verify failed", "renew the certificate"),
)


@pytest.fixture
def small_disk() -> Iterator[Path | None]:
    """Where the server, which is another user, may write; None where nothing can be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="fl-small-"))
    folder.chmod(0o755)
    with mounted(folder, "16m") as is_mounted:
        yield folder if is_mounted else None
    folder.rmdir()


@pytest.fixture
def troubled(small_disk: Path | None, guarded: Any, certificates: Certificates) -> Iterator[Troubled]:
    guarded.psql("alter role firstline nosuperuser")
    guarded.psql("grant all on schema public to firstline")
    if small_disk:
        tables = small_disk / "tables"
        tables.mkdir()
        shutil.chown(tables, guarded.system_user)
        guarded.psql(f"create tablespace small owner firstline location '{tables}'")
        guarded.psql("alter role firstline set default_tablespace = small")
    context = certificates.server_context("localhost")
    with PostgresTls(guarded.pgdata / ".s.PGSQL.5432", context) as tls:
        yield Troubled(guarded, tls, certificates, small_disk)


def large(number: int) -> bytes:
    """One that does not fit into a page begun."""
    return letter(number) + random.Random(number).randbytes(50_000).hex().encode()


def test_one_refusal_of_postgresql_after_the_other_and_each_mail_is_answered_once(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, troubled: Troubled, started: Callable[[Desk], subprocess.Popen[str]]
) -> None:
    where = f"localhost:{troubled.tls.port}/postgres?sslmode=verify-full&sslrootcert={troubled.certificates.ca_file}"
    desk.more = f"[store]\nurl = 'postgresql://firstline:pw-1@{where}'\n"
    desk.write()
    process = started(desk)
    dovecot.deliver(large(0), desk.username)
    assert len(sink.wait_for(1, SERVED)) == 1, desk.log()
    troubles = [trouble for trouble in TROUBLES if troubled.disk or trouble[0] is not Troubled.full]
    for number, (misbehave, told, shown) in enumerate(troubles, 1):
        misbehave(troubled)
        dovecot.deliver(large(number), desk.username)
        wait_until(lambda told=told: told in desk.log(), f"{told} in the log")
        if shown:
            assert shown in desk.run("status", expect=3).stderr
        else:
            wait_until(complaint(desk, "mailbox.support"), desk.log)
        assert len(sink.accepted) == number  # what can't be recorded is not answered
        troubled.well()
        assert len(sink.wait_for(number + 1, SERVED)) == number + 1, (told, desk.log()[-2000:])
    wait_until(lambda: all_done(desk), desk.log)
    assert '"unexpected"' not in desk.log()
    assert stop(process) == 0
    assert answered(sink) == [f"person{number}" for number in range(len(troubles) + 1)]
    assert_all_is_done(desk, len(troubles) + 1)
