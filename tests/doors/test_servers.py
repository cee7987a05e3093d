"""The servers the other tests rely on: they do what they are told, and stop."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from imapclient import IMAPClient

from pipeline.demo.servers import EmbeddedImap, EmbeddedSmtp
from pipeline.errors import FirstlineError
from tests.conftest import missing
from tests.servers.distant import distant
from tests.servers.dovecot import Dovecot, is_installed
from tests.servers.proxy import Cut, Proxy
from tests.servers.pymap_server import PymapServer
from tests.servers.smtp_sink import DROP, SmtpSink

HOST = "127.0.0.1"
RAW = b"Subject: hello\r\n\r\nHello.\r\n"


class Echo:
    """Says back what it hears."""

    def __init__(self) -> None:
        self._listener = socket.create_server((HOST, 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # closed
                return
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client: socket.socket) -> None:
        with client, contextlib.suppress(ConnectionError):
            while data := client.recv(65536):
                client.sendall(data)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture
def echo() -> Iterator[Echo]:
    echo = Echo()
    yield echo
    echo.close()


@pytest.fixture
def proxy(echo: Echo) -> Iterator[Proxy]:
    with Proxy(echo.port) as proxy:
        yield proxy


@pytest.fixture
def line(proxy: Proxy) -> Iterator[socket.socket]:
    with socket.create_connection((HOST, proxy.port), 60) as line:
        yield line


def exactly(line: socket.socket, size: int) -> bytes:
    """So many bytes, or what came before the end."""
    said = b""
    while len(said) < size and (data := line.recv(size - len(said))):
        said += data
    return said


def heard(line: socket.socket, silence: float = 60.0) -> bytes:
    """All that still comes, until the end or so many seconds of silence."""
    line.settimeout(silence)
    said = b""
    try:
        while data := line.recv(65536):
            said += data
    except (TimeoutError, ConnectionResetError):
        pass
    return said


# --- distant ----------------------------------------------------------------------------------------------------------


def test_a_distant_server_says_the_same_in_the_same_order(echo: Echo) -> None:
    said = b"".join(b"%d\n" % number for number in range(20_000))
    with distant(echo.port, 10) as port, socket.create_connection((HOST, port), 60) as line:
        threading.Thread(target=lambda: [line.sendall(part) for part in said.splitlines(True)], daemon=True).start()
        assert exactly(line, len(said)) == said


def test_a_distant_server_answers_no_sooner_than_a_round_trip_later(echo: Echo) -> None:
    with distant(echo.port, 50) as port, socket.create_connection((HOST, port), 60) as line:
        for _ in range(3):
            began = time.monotonic()
            line.sendall(b"hello")
            assert exactly(line, 5) == b"hello"
            assert time.monotonic() - began >= 0.05


def test_a_distant_server_that_is_down_ends_connections() -> None:
    with socket.create_server((HOST, 0)) as listener:
        nobody = listener.getsockname()[1]
    with distant(nobody, 10) as port, socket.create_connection((HOST, port), 60) as line:
        assert heard(line) == b""


def test_who_leaves_a_distant_server_is_gone_there_too() -> None:
    with socket.create_server((HOST, 0)) as listener, distant(listener.getsockname()[1], 10) as port:
        with socket.create_connection((HOST, port), 60) as line:
            line.sendall(b"goodbye")
            there, _ = listener.accept()
        with there:
            there.settimeout(60)
            assert heard(there, 60) == b"goodbye"


# --- proxy ------------------------------------------------------------------------------------------------------------


def test_the_proxy_passes_everything_on(proxy: Proxy, line: socket.socket) -> None:
    threading.Thread(target=line.sendall, args=[b"x" * 300_000], daemon=True).start()
    said = 0
    while said < 300_000 and (data := line.recv(65536)):
        said += len(data)
    assert said == 300_000
    assert proxy.connections == 1


def test_the_proxy_changes_what_either_side_says(proxy: Proxy, line: socket.socket) -> None:
    proxy.on_client = lambda data: data.upper()
    proxy.replace((b"HELLO", b"goodbye"))
    line.sendall(b"hello you")
    assert line.recv(100) == b"goodbye YOU"


def test_the_proxy_cuts_after_so_many_bytes(proxy: Proxy, line: socket.socket) -> None:
    proxy.cut_after(5)
    line.sendall(b"abc")
    assert line.recv(100) == b"abc"
    line.sendall(b"defghi")
    assert heard(line) == b"de"


def test_the_proxy_cuts_when_a_word_passes_and_only_as_often_as_asked(proxy: Proxy, line: socket.socket) -> None:
    proxy.cut_on(b"DATA", times=1)
    line.sendall(b"DATA")
    assert heard(line) == b""
    with socket.create_connection((HOST, proxy.port), 60) as again:
        again.sendall(b"DATA")
        assert again.recv(100) == b"DATA"


def test_the_proxy_refuses_hangs_and_cuts_all(proxy: Proxy, line: socket.socket) -> None:
    proxy.hanging.set()
    line.sendall(b"anybody?")
    assert heard(line, 0.5) == b""
    proxy.hanging.clear()
    line.settimeout(60)
    assert exactly(line, 8) == b"anybody?"
    proxy.cut()
    assert heard(line) == b""
    proxy.refusing = True
    with socket.create_connection((HOST, proxy.port), 60) as refused:
        assert heard(refused) == b""


def test_the_proxy_resets_in_the_middle_of_a_literal_and_only_as_often_as_asked(
    proxy: Proxy, line: socket.socket
) -> None:
    proxy.reset_in_literal(times=1)
    line.sendall(b"* 1 FETCH (BODY[] {10}\r\n0123456789)")
    assert line.recv(100).endswith(b"{10}\r\n012")
    with pytest.raises(ConnectionResetError):
        line.recv(100)
    with socket.create_connection((HOST, proxy.port), 60) as again:
        again.sendall(b"{10}\r\n0123456789")
        assert again.recv(100) == b"{10}\r\n0123456789"


def test_the_proxy_trickles_until_all_is_well(proxy: Proxy, line: socket.socket) -> None:
    proxy.trickle(2, 0.1)
    began = time.monotonic()
    line.sendall(b"abcdef")
    assert exactly(line, 6) == b"abcdef"
    assert time.monotonic() - began >= 0.3
    proxy.well()
    line.sendall(b"ghijkl")
    assert line.recv(100) == b"ghijkl"  # in one piece


def test_the_proxy_delays(proxy: Proxy, line: socket.socket) -> None:
    proxy.delay(0.3)
    began = time.monotonic()
    line.sendall(b"x")
    assert line.recv(1) == b"x"
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize("before", [True, False])
def test_the_proxy_calls_once_when_a_word_passes(proxy: Proxy, line: socket.socket, before: bool) -> None:
    called: list[bytes] = []
    event = threading.Event()
    proxy.call(b"RCPT", lambda: (called.append(b"x"), event.set()), before=before)
    line.sendall(b"RCPT")
    assert event.wait(60)
    assert line.recv(100) == b"RCPT"
    line.sendall(b"RCPT")
    assert line.recv(100) == b"RCPT"
    assert called == [b"x"]


def test_the_proxy_of_a_server_that_is_down_ends_connections() -> None:
    echo = Echo()
    echo.close()
    with Proxy(echo.port) as proxy, socket.create_connection((HOST, proxy.port), 60) as line:
        assert heard(line) == b""


def test_a_cut_may_let_the_last_bytes_through(proxy: Proxy, line: socket.socket) -> None:
    def last(data: bytes) -> bytes:
        raise Cut(data[:3])

    proxy.on_server = last
    line.sendall(b"abcdef")
    assert heard(line) == b"abc"


# --- pymap and aiosmtpd -----------------------------------------------------------------------------------------------


def test_the_embedded_imap_server_keeps_mailboxes_apart_and_times_as_given(pymap: PymapServer) -> None:
    one, other = pymap.fresh_user(), pymap.fresh_user()
    arrived = datetime(2026, 5, 1, 8, 30, tzinfo=UTC)
    uid = pymap.deliver(RAW, arrived, user=one)
    for user, expected in ((one, [uid]), (other, [])):
        with IMAPClient(HOST, pymap.port, ssl=False) as client:
            client.normalise_times = False
            client.login(user, "pw-support")
            client.select_folder("INBOX")
            assert client.search() == expected
            for answer in client.fetch(expected, ["INTERNALDATE", "BODY.PEEK[]"]).values():
                assert answer[b"INTERNALDATE"] == arrived
                assert answer[b"BODY[]"] == RAW


def test_the_embedded_servers_stop_and_free_their_ports() -> None:
    imap, smtp = EmbeddedImap({"a@example.com": "a"}), EmbeddedSmtp()
    before = threading.active_count()
    with imap, smtp:
        ports = imap.port, smtp.port
        lines = [socket.create_connection((HOST, port), 3) for port in ports]
    for line in lines:
        line.close()
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((HOST, port), 3)
    assert threading.active_count() == before
    imap.stop()  # twice does no harm


@pytest.mark.parametrize(
    ("server", "module", "package"),
    [(EmbeddedImap, "pymap", "pymap"), (EmbeddedSmtp, "aiosmtpd", "aiosmtpd")],
)
def test_without_the_extra_the_missing_package_is_named(
    monkeypatch: pytest.MonkeyPatch, server: type[EmbeddedImap | EmbeddedSmtp], module: str, package: str
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "pipeline.demo.conversation", raising=False)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(FirstlineError, match=f"'{package}' is not installed") as caught, server():
        pass
    assert "firstline[demo]" in caught.value.remedy


def test_the_sink_follows_its_script_and_then_takes_everything(sink: SmtpSink) -> None:
    sink.plan("RCPT", "550 5.1.1 unknown", "", "451 later")
    sink.plan("DATA", DROP)
    sink.always("MAIL", "452 full")
    with smtplib.SMTP(HOST, sink.port) as client:
        client.ehlo()
        assert client.mail("a@example.com")[0] == 452
        sink.as_planned_from_now()
        assert client.mail("a@example.com")[0] == 250
        assert [client.rcpt("b@example.com")[0] for _ in range(3)] == [550, 250, 451]
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client.data(RAW)
    with smtplib.SMTP(HOST, sink.port) as client:
        client.sendmail("a@example.com", ["b@example.com"], RAW)
    (message,) = sink.wait_for(1)
    assert (message.sender, message.recipients, message.data) == ("a@example.com", ("b@example.com",), RAW)
    assert (message.encrypted, message.user, message.connection) == (False, "", 2)
    assert sink.stages()[:2] == ["EHLO", "MAIL"]


def test_waiting_for_messages_ends_when_they_are_there(sink: SmtpSink) -> None:
    def send() -> None:
        with smtplib.SMTP(HOST, sink.port) as client:
            client.sendmail("a@example.com", ["b@example.com"], RAW)

    assert sink.wait_for(1, seconds=0.1) == []
    threading.Timer(0.2, send).start()
    assert len(sink.wait_for(1, seconds=60)) == 1


# --- Dovecot ----------------------------------------------------------------------------------------------------------


def test_dovecot_keeps_its_mail_over_a_restart() -> None:
    if not is_installed():
        missing("Dovecot is not installed: make test-services")
    with Dovecot() as server:
        server.deliver(RAW)
        server.restart()
        server.deliver(RAW)
        with IMAPClient(HOST, server.imap_port, ssl=False) as client:
            client.login("support@example.com", server.users["support@example.com"])
            assert client.select_folder("INBOX")[b"EXISTS"] == 2
        folder = server.base
    assert not folder.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, server.imap_port), 3)


def test_dovecot_separates_folders_as_asked(dovecot: Dovecot, dotted_dovecot: Dovecot) -> None:
    for server, expected in ((dovecot, (("", "/"),)), (dotted_dovecot, (("INBOX.", "."),))):
        with IMAPClient(HOST, server.imap_port, ssl=False) as client:
            client.login(server.fresh_user(), "pw-support")
            assert client.namespace().personal == expected
