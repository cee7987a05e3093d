"""The IMAP door when something is wrong: certificates, logins, lines that break, servers that talk nonsense."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.config.servers import MailboxConfig
from pipeline.errors import ConfigError, LoginError, UnreachableError
from pipeline.mailbox import ImapMailbox, imap
from tests.servers.certificates import Certificates
from tests.servers.dovecot import Dovecot, free_port
from tests.servers.proxy import Cut, Proxy
from tests.waiting import HOUR, when_it_waits

HOST = "127.0.0.1"


def letter(number: int = 1, size: int = 0) -> bytes:
    return f"Subject: letter {number}\r\n\r\nHello.\r\n".encode() + (b"y" * 70 + b"\r\n") * (size // 72)


def box(port: int, user: str, base: Path, **changes: Any) -> ImapMailbox:
    table = {
        "host": HOST,
        "port": port,
        "security": "none",
        "username": user,
        "password": {"file": "pw"},
        "timeout": "5s",
        **changes,
    }
    return ImapMailbox("support", MailboxConfig.model_validate(table), base)


def fetched(mailbox: ImapMailbox) -> list[bytes]:
    return [mail.raw for portion in mailbox.fetch(mailbox.uids(1)) for mail in portion]


@pytest.fixture
def user(dovecot: Dovecot) -> str:
    return dovecot.fresh_user()


@pytest.fixture
def proxy(dovecot: Dovecot) -> Iterator[Proxy]:
    with Proxy(dovecot.imap_port) as proxy:
        yield proxy


@pytest.fixture
def tls_proxy(dovecot: Dovecot) -> Iterator[Proxy]:
    with Proxy(dovecot.imaps_port) as proxy:
        yield proxy


# --- encryption and login ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_mail_comes_over_an_encrypted_line(
    dovecot: Dovecot,
    user: str,
    secret: Path,
    certificates: Certificates,
    security: str,
    host: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port = dovecot.imaps_port if security == "tls" else dovecot.imap_port
    mailbox = box(port, user, secret, security=security, host=host, ca_file=str(certificates.ca_file))
    mailbox.open()
    when_it_waits(monkeypatch, dovecot.deliver, letter(), user)
    assert mailbox.wait(HOUR) is True
    mailbox.open()
    assert fetched(mailbox)[0].endswith(b"Hello.\r\n")
    mailbox.close()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_news_glued_to_the_go_ahead_are_seen_through_encryption_too(
    dovecot: Dovecot, user: str, secret: Path, certificates: Certificates, security: str
) -> None:
    """Mail arrives just as IDLE begins, again and again: none may wait for the next sign of life."""
    port = dovecot.imaps_port if security == "tls" else dovecot.imap_port
    mailbox = box(port, user, secret, security=security, ca_file=str(certificates.ca_file))
    mailbox.open()
    for number in range(8):
        courier = threading.Thread(target=dovecot.deliver, args=(letter(number), user))
        courier.start()
        assert mailbox.wait(HOUR) is True
        courier.join()
        mailbox.open()
    mailbox.close()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_nobody_vouches_for_is_refused(dovecot: Dovecot, user: str, secret: Path, security: str) -> None:
    port = dovecot.imaps_port if security == "tls" else dovecot.imap_port
    with pytest.raises(UnreachableError, match=r"certificate is not accepted.*unable to get local issuer") as caught:
        box(port, user, secret, security=security).open()
    assert caught.value.where == f"{HOST}:{port}"
    assert "ca_file" in caught.value.remedy


@pytest.mark.parametrize(
    ("names", "expired", "why"), [(("other.example",), False, "mismatch"), ((HOST,), True, "expired")]
)
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_for_another_name_or_another_time_is_refused(
    certificates: Certificates, secret: Path, names: tuple[str, ...], expired: bool, why: str, security: str
) -> None:
    with Dovecot(certificates.issue(*names, expired=expired)) as server:
        port = server.imaps_port if security == "tls" else server.imap_port
        mailbox = box(port, "a@example.com", secret, security=security, ca_file=str(certificates.ca_file))
        with pytest.raises(UnreachableError, match=f"certificate is not accepted.*{why}"):
            mailbox.open()


def test_a_line_where_starttls_was_taken_out_is_not_used_and_no_password_goes_over_it(
    proxy: Proxy, user: str, secret: Path, certificates: Certificates
) -> None:
    said: list[bytes] = []
    proxy.replace((b" STARTTLS", b""))
    proxy.on_client = lambda data: said.append(data) or data
    with pytest.raises(UnreachableError, match="no STARTTLS"):
        box(proxy.port, user, secret, security="starttls", ca_file=str(certificates.ca_file)).open()
    assert b"pw-support" not in b"".join(said)
    assert b"LOGIN" not in b"".join(said)


@pytest.mark.parametrize("answer", [b"NO not today", b"BAD what?"])
def test_a_refused_starttls_ends_the_connection(
    proxy: Proxy, user: str, secret: Path, certificates: Certificates, answer: bytes
) -> None:
    said: list[bytes] = []
    proxy.on_server = lambda data: re.sub(rb"OK Begin TLS[^\r]*", answer, data)
    proxy.on_client = lambda data: said.append(data) or data
    with pytest.raises(UnreachableError):
        box(proxy.port, user, secret, security="starttls", ca_file=str(certificates.ca_file)).open()
    assert b"pw-support" not in b"".join(said)


def test_a_line_that_claims_we_are_logged_in_before_encryption_is_not_used(
    proxy: Proxy, user: str, secret: Path, certificates: Certificates
) -> None:
    proxy.on_server = lambda data: data.replace(b"* OK [", b"* PREAUTH [", 1)
    with pytest.raises(UnreachableError):
        box(proxy.port, user, secret, security="starttls", ca_file=str(certificates.ca_file)).open()


def test_plain_and_encrypted_ports_mixed_up_are_explained(dovecot: Dovecot, user: str, secret: Path) -> None:
    with pytest.raises(UnreachableError) as caught:
        box(dovecot.imap_port, user, secret, security="tls").open()
    assert "starttls" in caught.value.remedy
    with pytest.raises(UnreachableError):
        box(dovecot.imaps_port, user, secret, timeout="1s").open()


def test_a_wrong_password_is_a_login_error_that_says_what_to_check(dovecot: Dovecot, user: str, secret: Path) -> None:
    (secret / "pw").write_text("guess")
    with pytest.raises(LoginError, match="AUTHENTICATIONFAILED") as caught:
        box(dovecot.imap_port, user, secret).open()
    assert "[mailbox.support]" in caught.value.remedy
    assert "guess" not in str(caught.value)
    assert caught.value.temporary


def test_a_password_mended_meanwhile_is_taken_at_the_next_try(dovecot: Dovecot, user: str, secret: Path) -> None:
    mailbox = box(dovecot.imap_port, user, secret)
    (secret / "pw").write_text("guess")
    with pytest.raises(LoginError):
        mailbox.open()
    (secret / "pw").write_text("pw-support")
    mailbox.open()
    mailbox.close()


@pytest.mark.parametrize(
    "said",
    [
        b"[UNAVAILABLE] later",
        b"[LIMIT] limit of connections",
        b"[INUSE] in use",
        b"[SERVERBUG] oops",
        b"[ALERT] Too many simultaneous connections",
        b"Maximum number of connections from user+IP exceeded",
        b"[AUTHENTICATIONFAILED] Too many login attempts, please try again later",
        b"Temporary authentication failure",
    ],
)
def test_a_login_that_is_not_possible_for_the_moment_is_not_blamed_on_the_password(
    proxy: Proxy, user: str, secret: Path, said: bytes
) -> None:
    (secret / "pw").write_text("guess")
    proxy.replace((b"[AUTHENTICATIONFAILED] Authentication failed.", said))
    with pytest.raises(UnreachableError, match="not possible now") as caught:
        box(proxy.port, user, secret).open()
    assert not isinstance(caught.value, LoginError)


def test_a_connection_that_breaks_at_the_login_is_not_blamed_on_the_password(
    proxy: Proxy, user: str, secret: Path
) -> None:
    (secret / "pw").write_text("guess")
    proxy.cut_on(b"LOGIN")
    with pytest.raises(UnreachableError) as caught:
        box(proxy.port, user, secret).open()
    assert not isinstance(caught.value, LoginError)


@pytest.mark.parametrize(
    ("name", "password"),
    [('o"neil\\@example.com', "pw-support"), ("two words@example.com", 'quo"te \\'), ("jörg@example.com", "päss wörd")],
)
def test_names_and_passwords_may_hold_any_characters(secret: Path, name: str, password: str) -> None:
    (secret / "pw").write_text(password)
    with Dovecot(users={name: password}, more="auth_username_chars =\n") as server:
        mailbox = box(server.imap_port, name, secret)
        mailbox.open()
        mailbox.close()
        (secret / "pw").write_text("guess")
        with pytest.raises(LoginError):
            mailbox.open()


def test_a_ca_file_that_is_missing_or_none_is_a_mistake_in_the_configuration(dovecot: Dovecot, secret: Path) -> None:
    (secret / "ca.pem").write_text("not a certificate")
    for name in ("nowhere.pem", "ca.pem"):
        mailbox = box(dovecot.imaps_port, "a@example.com", secret, security="tls", ca_file=name)
        with pytest.raises(ConfigError, match=r"mailbox\.support\.ca_file"):
            mailbox.open()


# --- lines that break -------------------------------------------------------------------------------------------------


def test_a_server_that_is_not_there_is_unreachable(secret: Path) -> None:
    port = free_port()
    with pytest.raises(UnreachableError, match="nothing listens there") as caught:
        box(port, "a@example.com", secret).open()
    assert caught.value.where == f"{HOST}:{port}"
    with pytest.raises(UnreachableError, match="no server of this name"):
        box(port, "a@example.com", secret, host="imap.invalid", security="tls").open()


def test_a_server_that_never_answers_is_given_up(secret: Path) -> None:
    with socket.create_server((HOST, 0)) as silent:
        mailbox = box(silent.getsockname()[1], "a@example.com", secret, timeout="1s")
        with pytest.raises(UnreachableError, match="does not answer in time"):
            mailbox.open()


def test_a_server_that_falls_silent_in_the_middle_is_given_up(
    proxy: Proxy, dovecot: Dovecot, user: str, secret: Path
) -> None:
    dovecot.deliver(letter(), user)
    mailbox = box(proxy.port, user, secret, timeout="2s")
    mailbox.open()
    proxy.hanging.set()
    with pytest.raises(UnreachableError):
        mailbox.uids(1)
    proxy.hanging.clear()
    mailbox.open()
    mailbox.close()


def test_a_line_that_breaks_in_the_middle_of_a_message_loses_nothing(
    proxy: Proxy, dovecot: Dovecot, user: str, secret: Path
) -> None:
    for number in range(3):
        dovecot.deliver(letter(number, 100_000), user)
    mailbox = box(proxy.port, user, secret)
    mailbox.open()
    proxy.cut_after(150_000)
    with pytest.raises(UnreachableError):
        fetched(mailbox)
    proxy.on_server = lambda data: data
    mailbox.open()
    assert [len(raw) > 99_000 for raw in fetched(mailbox)] == [True] * 3
    mailbox.close()


def test_a_connection_that_ended_while_nobody_looked_is_made_anew_without_a_word(
    proxy: Proxy, user: str, secret: Path
) -> None:
    mailbox = box(proxy.port, user, secret)
    mailbox.open()
    proxy.cut()
    mailbox.open()
    assert proxy.connections == 2
    mailbox.close()


@pytest.mark.parametrize("security", ["none", "tls"])
def test_a_line_that_breaks_while_waiting_is_noticed_at_once(
    proxy: Proxy,
    tls_proxy: Proxy,
    user: str,
    secret: Path,
    certificates: Certificates,
    security: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    between = tls_proxy if security == "tls" else proxy
    mailbox = box(between.port, user, secret, security=security, ca_file=str(certificates.ca_file))
    mailbox.open()
    when_it_waits(monkeypatch, between.cut)
    with pytest.raises(UnreachableError):
        mailbox.wait(HOUR)
    with pytest.raises(UnreachableError, match="connection is lost"):
        mailbox.uids(1)
    mailbox.open()
    mailbox.close()


def test_a_server_that_says_goodbye_while_waiting_is_unreachable(proxy: Proxy, user: str, secret: Path) -> None:
    mailbox = box(proxy.port, user, secret)
    mailbox.open()

    def goodbye(data: bytes) -> bytes:
        raise Cut(data + b"* BYE shutting down\r\n") if data.startswith(b"+ ") else Cut(data)

    proxy.on_server = lambda data: goodbye(data) if data.startswith(b"+ ") else data
    with pytest.raises(UnreachableError):
        mailbox.wait(HOUR)


def test_closing_does_not_wait_for_a_server_that_hangs(
    proxy: Proxy, user: str, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.mailbox.connection.FAREWELL", 0.3)
    mailbox = box(proxy.port, user, secret, timeout="1h")
    mailbox.open()
    proxy.hanging.set()
    mailbox.close()
    mailbox.close()  # twice does no harm


# --- a message that can't be had --------------------------------------------------------------------------------------


def test_a_message_the_server_refuses_does_not_block_its_neighbours(
    proxy: Proxy, dovecot: Dovecot, user: str, secret: Path
) -> None:
    for number in range(4):
        dovecot.deliver(letter(number), user)
    mailbox = box(proxy.port, user, secret)
    mailbox.open()
    bad = mailbox.uids(1)[2]
    # The server refuses every FETCH of texts that names this UID (here: because it doesn't know what is asked).
    proxy.on_client = lambda data: (
        data.replace(b"BODY.PEEK[]", b"NONSENSE") if re.search(rb"FETCH [\d,]*\b%d\b" % bad, data) else data
    )
    (portion,) = mailbox.fetch(mailbox.uids(1))
    assert [bool(mail.raw) for mail in portion] == [True, True, False, True]
    assert portion[2].size > 30
    mailbox.close()


def test_a_message_of_which_not_even_the_size_is_told_is_shown_too(
    proxy: Proxy, dovecot: Dovecot, user: str, secret: Path
) -> None:
    for number in range(2):
        dovecot.deliver(letter(number), user)
    mailbox = box(proxy.port, user, secret)
    mailbox.open()
    bad = mailbox.uids(1)[0]
    proxy.on_client = lambda data: (
        re.sub(rb"\([^)]*\)", b"(NONSENSE)", data) if re.search(rb"FETCH [\d,]*\b%d\b" % bad, data) else data
    )
    (portion,) = mailbox.fetch(mailbox.uids(1))
    assert [(bool(mail.raw), mail.size > 0) for mail in portion] == [(False, False), (True, True)]
    mailbox.close()


@pytest.mark.parametrize("answer", [b"BODY[] NIL", b'BODY[] ""', b"X 1"])
def test_a_message_that_comes_without_its_text_is_shown_as_such(
    proxy: Proxy, dovecot: Dovecot, user: str, secret: Path, answer: bytes
) -> None:
    dovecot.deliver(letter(), user)
    mailbox = box(proxy.port, user, secret)
    mailbox.open()
    proxy.on_server = lambda data: re.sub(rb"BODY\[\] \{\d+\}\r\n.*\)\r\n", answer + b")\r\n", data, flags=re.DOTALL)
    (portion,) = mailbox.fetch(mailbox.uids(1))
    assert [(mail.raw, mail.size > 30) for mail in portion] == [(b"", True)]
    mailbox.close()


def test_a_message_over_which_the_line_breaks_every_time_is_given_up_in_the_end(
    proxy: Proxy, dovecot: Dovecot, user: str, secret: Path
) -> None:
    for number in range(4):
        dovecot.deliver(letter(number), user)
    mailbox = box(proxy.port, user, secret)
    mailbox.open()
    uids = mailbox.uids(1)
    bad = uids[1]

    def crash(data: bytes) -> bytes:
        if b"BODY.PEEK" in data and re.search(rb"FETCH [\d,]*\b%d\b" % bad, data):
            raise Cut
        return data

    proxy.on_client = crash
    seen: dict[int, bytes] = {}
    breaks = 0
    while len(seen) < 4:
        mailbox.open()
        try:
            for portion in mailbox.fetch([uid for uid in uids if uid not in seen]):
                seen.update({mail.location.uid: mail.raw for mail in portion})
        except UnreachableError:
            breaks += 1
            assert breaks <= imap.MOST_BREAKS
    assert [bool(seen[uid]) for uid in uids] == [True, False, True, True]
    assert list(seen) == uids  # always in order: whoever reads up to here has read all before
    assert breaks == imap.MOST_BREAKS
    mailbox.close()


def test_a_message_with_an_impossible_time_of_arrival_counts_as_new(
    proxy: Proxy, dovecot: Dovecot, user: str, secret: Path
) -> None:
    dovecot.deliver(letter(), user)
    for nonsense in (b'"31-Feb-2026 25:00:00 +0000"', b'"31-Dec-9999 23:59:59 -0800"', b"NIL", b'"soon"', b"7"):
        proxy.on_server = lambda data, put=nonsense: re.sub(rb'INTERNALDATE "[^"]*"', b"INTERNALDATE " + put, data)
        mailbox = box(proxy.port, user, secret)
        mailbox.open()
        before = time.time()
        (portion,) = mailbox.fetch(mailbox.uids(1))
        assert before <= portion[0].received.timestamp() <= time.time()
        mailbox.close()


# --- nonsense ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "greeting",
    [
        b"220 mail.example.com ESMTP\r\n",
        b"* BYE too many connections\r\n",
        b"\r\n",
        b"* OK\r\n",
        b"\xff\xfe\x00\r\n",
        b"x" * 2_000_000 + b"\r\n",
        b"* OK [CAPABILITY \xff] hello\r\n* OK\r\n",
    ],
)
def test_a_server_that_does_not_speak_imap_is_unreachable(secret: Path, greeting: bytes) -> None:
    with socket.create_server((HOST, 0)) as listener:

        def serve() -> None:
            client, _ = listener.accept()
            with client:
                client.sendall(greeting)

        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(UnreachableError):
            box(listener.getsockname()[1], "a@example.com", secret, timeout="2s").open()


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        (rb"\[UIDVALIDITY \d+\]", b"[UIDVALIDITY many]"),
        (rb"\[UIDVALIDITY \d+\][^\r]*", b"nothing"),
        (rb"\* SEARCH[^\r]*", b"* SEARCH one two"),
        (rb"\* SEARCH[^\r]*", b"* SEARCH " + b"1 " * 600_000),
        (rb"RFC822.SIZE \d+", b"RFC822.SIZE (((("),
        (rb"\* \d+ FETCH \(UID", b"* x FETCH (UID"),
        (rb"\* \d+ FETCH ", b"* 1 FETCH " + b"(" * 5000),
        (rb"RFC822.SIZE \d+", b"RFC822.SIZE {99999999999}"),
        (rb"\* \d+ EXISTS", b"* many EXISTS"),
        (rb"OK Search", b"MAYBE Search"),
        (rb"\* SEARCH", b"+ go on\r\n* SEARCH"),
        (rb"\w+ OK \[READ-ONLY\]", b"ZZ99 OK"),
    ],
)
def test_answers_that_make_no_sense_never_come_out_as_anything_but_unreachable(
    proxy: Proxy, dovecot: Dovecot, user: str, secret: Path, said: bytes, instead: bytes
) -> None:
    dovecot.deliver(letter(), user)
    mailbox = box(proxy.port, user, secret, timeout="1s")
    proxy.on_server = lambda data: re.sub(said, lambda _: instead, data)
    with contextlib.suppress(UnreachableError):
        mailbox.open()
        fetched(mailbox)
        mailbox.wait(0.3)
    mailbox.close()
    proxy.on_server = lambda data: data
    mailbox.config.__dict__["timeout"] = timedelta(seconds=60)  # the short one was for what never comes
    mailbox.open()
    assert len(fetched(mailbox)) == 1
    mailbox.close()


def test_a_server_without_uidnext_is_asked_for_its_last_uid(
    proxy: Proxy, dovecot: Dovecot, user: str, secret: Path
) -> None:
    proxy.on_server = lambda data: re.sub(rb"\* OK \[UIDNEXT \d+\][^\r]*\r\n", b"", data)
    mailbox = box(proxy.port, user, secret)
    assert mailbox.open().uidnext == 1
    dovecot.deliver(letter(), user)
    assert mailbox.wait(0.2) is True
    assert mailbox.open().uidnext == 2
    assert mailbox.wait(0.2) is False
    mailbox.close()
