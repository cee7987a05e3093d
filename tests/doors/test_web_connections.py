"""Nobody keeps others from the pages: not by connections that say nothing, nor by slow ones, nor by a proxy."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from pipeline.web import connections
from pipeline.web.protection import HEADERS
from pipeline.web.serving import PageServer
from tests.desk import Desk, letter, stop
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import wait_until
from tests.web_doors import client_of, web_doors

HEAD = b"GET /feedback HTTP/1.1\r\nHost: support.example.com\r\n"
WHOLE = HEAD + b"Connection: close\r\n\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
BODY = b"POST /feedback HTTP/1.1\r\nHost: a\r\n" + FORM + b"Content-Length: 90\r\n\r\n"

Serve = Callable[..., tuple[str, int]]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts the pages in this process; returns where they listen."""
    with ExitStack() as stack:

        def start(**web: str) -> tuple[str, int]:
            doors = web_doors(tmp_path, web={"listen": "127.0.0.1:0", "proxy": "192.0.2.1", **web})
            server = PageServer(doors)
            stopping = threading.Event()
            thread = threading.Thread(target=server.serve, args=(stopping.is_set,))
            thread.start()
            stack.callback(doors.close)
            stack.callback(server.close)
            stack.callback(thread.join)
            stack.callback(stopping.set)
            place = (server.host, server.port)
            wait_until(lambda: listens(place), "the pages")
            return place

        yield start


def listens(place: tuple[str, int]) -> bool:
    try:
        connect(place).close()
    except ConnectionRefusedError:
        return False
    return True


def connect(place: tuple[str, int], source: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(place, timeout=60, source_address=(source, 0))


def ask(place: tuple[str, int], said: bytes = WHOLE, source: str = "127.0.0.1") -> bytes:
    with connect(place, source) as line:
        line.sendall(said)
        return all_of(line)


def all_of(line: socket.socket) -> bytes:
    """What comes until the other side closes."""
    got = b""
    try:
        while more := line.recv(65536):
            got += more
    except ConnectionResetError:
        pass
    return got


SAID = {"nothing": b"", "a line": b"GET /feedback HTTP/1.1\r\n", "half a head": HEAD, "half a body": BODY + b"text="}


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
@pytest.mark.parametrize("sources", [["127.0.0.1"], [f"127.0.1.{number}" for number in range(1, 31)]])
def test_idle_connections_keep_nobody_out(serve: Serve, said: bytes, sources: list[str]) -> None:
    """Many of one visitor, and many of many: more than there are places."""
    place = serve()
    with ExitStack() as stack:
        for source in sources:
            for _ in range(450 // len(sources) + 1):
                line = stack.enter_context(closing(connect(place, source)))
                try:
                    line.sendall(said)
                except OSError:  # this one lost its place already
                    continue
        assert ask(place).startswith(b"HTTP/1.1 200 ")


def test_who_says_nothing_for_long_or_is_slow_is_left_alone(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_TIME", 0.2)
    monkeypatch.setattr(connections, "WHOLE_TIME", 0.4)
    place = serve()
    for said in SAID.values():
        assert ask(place, said) == b""
    with connect(place) as line:  # the second request on a connection, too
        line.sendall(HEAD + b"\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 200 ")
        line.sendall(HEAD)
        assert b"HTTP/1.1" not in all_of(line)
    assert ask(place).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("said", [HEAD, BODY], ids=["head", "body"])
def test_a_byte_now_and_then_does_not_make_it_last(serve: Serve, monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    monkeypatch.setattr(connections, "HEAD_TIME", 0.5)
    monkeypatch.setattr(connections, "WHOLE_TIME", 0.5)
    place = serve()
    with connect(place) as line:
        line.sendall(said)
        line.settimeout(0.05)

        def dribble() -> bool:
            try:
                line.sendall(b"X")
                return line.recv(100) == b""
            except TimeoutError:
                return False
            except OSError:
                return True

        assert wait_until(dribble, "the end of it")


def test_one_visitor_has_only_so_many_places_and_a_proxy_all(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = connections.Crowd("10.0.0.0/8, 2001:db8::1", most=6, most_each=2)

    class Line:
        given_up = False

        def __init__(self, *, waiting: bool = True) -> None:
            self.is_waiting = waiting

        def give_up(self) -> None:
            self.given_up = True

    def come(host: str, *, waiting: bool = True) -> tuple[bool, Line]:
        line = Line(waiting=waiting)
        return crowd.admits(line, host), line  # type: ignore[arg-type]

    first, second = come("192.0.2.1")[1], come("192.0.2.1")[1]
    assert come("192.0.2.1")[0]
    assert (first.given_up, second.given_up) == (True, False)
    assert [come("2001:db8:1:1::5", waiting=False)[0] for _ in range(3)] == [True, True, False]  # a /64 is one visitor
    assert not come("2001:db8:1:1::6")[0]
    assert [come("10.1.2.3", waiting=False)[0] for _ in range(2)] == [True, True]
    assert come("10.1.2.3", waiting=False)[0]  # another one lost its place
    assert second.given_up


WRONG = {
    "no HTTP": b"rubbish\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 50,
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "endless head": b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 100_000,
    "two lengths": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "line in a header": b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
}


@pytest.mark.parametrize("said", WRONG.values(), ids=WRONG)
def test_what_the_server_answers_by_itself_is_guarded_like_everything(serve: Serve, said: bytes) -> None:
    answer = ask(serve(), said).decode()
    assert answer.startswith("HTTP/1.1 400 ")
    assert_guarded(answer)


def test_so_is_the_answer_that_there_is_no_place(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections.Crowd, "admits", lambda *_: False)
    answer = ask(serve(), b"").decode()
    assert answer.startswith("HTTP/1.1 503 ")
    assert_guarded(answer)


def test_there_are_no_web_sockets(serve: Serve) -> None:
    said = b"GET /feedback HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n"
    answer = ask(serve(), said + b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert_guarded(answer.decode())


def assert_guarded(answer: str) -> None:
    for name, value in HEADERS.items():
        assert len(re.findall(rf"(?mi)^{name}: {re.escape(value)}\r?$", answer)) == 1, name


@pytest.mark.parametrize(
    "path", ["/feedback/", "/s", "/s/", "/style.css/", "/healthz/", "/metrics/", "/api/messages/", "/hooks/", "//evil"]
)
@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host", "Forwarded"])
def test_no_header_of_a_visitor_steers_a_redirect(tmp_path: Path, path: str, name: str) -> None:
    visit = client_of(web_doors(tmp_path))
    for method in ("GET", "POST"):
        answer = visit.request(method, path, headers={name: "evil.example"}, follow_redirects=False)
        assert answer.status_code >= 400
        assert "location" not in answer.headers
        assert "evil.example" not in answer.text


# --- behind a proxy that is not named ---------------------------------------------------------------------------------

WEB = "[web]\nenabled = true\nform = true\nlisten = '{listen}'\nurl = '{url}'\nproxy = '{proxy}'\n"
OUTSIDE = "https://support.example.com"


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user())


def problems_of(desk: Desk) -> list[dict]:
    found = desk.json("status", expect=None)["problems"]
    return [one for one in found if "proxy" in one["what"]]


@pytest.mark.parametrize("listen", ["127.0.0.1:0", "[::1]:0", "localhost:0"])
def test_pages_behind_a_nameless_proxy_do_not_start_and_mail_goes_on(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, listen: str
) -> None:
    desk.more = WEB.format(listen=listen, url=OUTSIDE, proxy="")
    desk.write()
    said = desk.run("web", expect=2).stderr
    assert "web.proxy" in said
    assert 'proxy = "127.0.0.1"' in said
    process = desk.start("run")
    try:
        wait_until(lambda: "not serving" in desk.log(), desk.log)
        dovecot.deliver(letter(1), desk.username)
        sink.wait_for(1, 60)
        (problem,) = problems_of(desk)
        assert 'proxy = "127.0.0.1"' in problem["remedy"]
    finally:
        assert stop(process) == 0
    assert '"serving"' not in desk.log()


@pytest.mark.parametrize(
    ("listen", "url", "proxy"),
    [
        ("127.0.0.1:0", OUTSIDE, "127.0.0.1"),
        ("0.0.0.0:0", OUTSIDE, ""),
        ("127.0.0.1:0", "http://127.0.0.1:8025", ""),
        ("127.0.0.1:0", "", ""),
    ],
)
def test_otherwise_they_start(desk: Desk, listen: str, url: str, proxy: str) -> None:
    desk.more = WEB.format(listen=listen, url=url, proxy=proxy)
    desk.write()
    assert problems_of(desk) == []
    process = desk.start("web")
    try:
        desk.pages()
    finally:
        assert stop(process) == 0
