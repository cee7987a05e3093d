"""Servers that are reached by IPv6, and servers whose certificate a private authority has signed."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.demo.conversation import Conversation
from tests.conftest import missing
from tests.desk import Desk, letter
from tests.servers.certificates import Certificates
from tests.servers.dovecot import Dovecot, is_installed
from tests.servers.smtp_sink import SmtpSink

V6 = "::1"


class SixSink(SmtpSink):
    """Listens on the loopback address of IPv6 only."""

    async def _listen(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: Conversation(self, loop), V6, 0)


@pytest.fixture(autouse=True)
def six() -> None:
    with contextlib.closing(socket.socket(socket.AF_INET6)) as probe:
        try:
            probe.bind((V6, 0))
        except OSError:
            pytest.skip("this machine has no IPv6")


@pytest.fixture
def dovecot_six(certificates: Certificates) -> Iterator[Dovecot]:
    if not is_installed():
        missing("Dovecot is not installed: make test-services")
    with Dovecot(certificates.issue(V6), more="listen = 127.0.0.1, ::1\n") as server:
        yield server


@pytest.fixture
def sink_six(certificates: Certificates) -> Iterator[SixSink]:
    with SixSink(tls=certificates.server_context(V6)) as server:
        yield server


@pytest.mark.parametrize("written", [V6, f"[{V6}]"])
def test_mail_comes_and_goes_by_ipv6(dovecot_six: Dovecot, sink_six: SixSink, tmp_path: Path, written: str) -> None:
    user = dovecot_six.fresh_user()
    desk = Desk(tmp_path / "desk", dovecot_six.imap_port, sink_six.port, user)
    desk.mailbox["host"] = desk.smtp["host"] = written
    desk.write()
    dovecot_six.deliver(letter(1), user)
    assert desk.json("once")["mailboxes"]["support"]["acknowledged"] == 1
    assert len(sink_six.accepted) == 1


def test_an_address_of_ipv6_is_named_as_people_write_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "desk", 9, 9, "support@example.com")
    desk.mailbox["host"] = V6
    desk.write()
    assert "[::1]:9" in desk.run("once", expect=3).stderr


def test_a_private_authority_is_trusted_where_the_system_is_told_to(
    dovecot_six: Dovecot, sink_six: SixSink, certificates: Certificates, tmp_path: Path
) -> None:
    """SSL_CERT_FILE, as for every program on the machine; `ca_file` for one server is tested beside the doors."""
    desk = Desk(tmp_path / "desk", dovecot_six.imaps_port, sink_six.port, dovecot_six.fresh_user())
    desk.mailbox |= {"host": V6, "security": "tls"}
    desk.smtp |= {"host": V6, "security": "starttls"}
    desk.write()
    refused = desk.run_apart("doctor", expect=None).stdout
    assert refused.count("its certificate is not accepted") == 2
    assert "ca_file" in refused
    trusted = desk.run_apart("doctor", expect=None, SSL_CERT_FILE=str(certificates.ca_file)).stdout
    assert "ok  mailbox support" in trusted
    assert "ok  outgoing server" in trusted
