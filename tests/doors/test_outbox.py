"""The SMTP door against a real server that refuses, delays and drops as it is told."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.config.servers import SmtpConfig
from pipeline.demo.delivery import ACCEPT
from pipeline.errors import (
    ConfigError,
    DeferredError,
    LoginError,
    RejectedError,
    SenderRefusedError,
    UncertainError,
    UnreachableError,
)
from pipeline.outbox import SmtpOutbox, connection
from pipeline.records.letter import Reply
from tests.servers.certificates import Certificates
from tests.servers.dovecot import free_port
from tests.servers.proxy import Cut, Proxy
from tests.servers.smtp_sink import DROP, SmtpSink

HOST = "127.0.0.1"
OWN = "support@example.com"


def reply(number: int = 1, **changes: Any) -> Reply:
    values = {
        "message_id": f"<r{number}@firstline.example.com>",
        "envelope_from": "",
        "recipient": "eve@example.org",
        "data": f"Message-ID: <r{number}@firstline.example.com>\r\nSubject: Re\r\n\r\nThank you.\r\n".encode(),
    }
    return Reply(**{**values, **changes})


def outbox(port: int, base: Path, **changes: Any) -> SmtpOutbox:
    table = {"host": HOST, "port": port, "security": "none", "from": "support@example.com", "timeout": "2s", **changes}
    return SmtpOutbox(SmtpConfig.model_validate(table), base)


@pytest.fixture(params=[True, False], ids=["pipelining", "one by one"])
def sink(request: pytest.FixtureRequest) -> Iterator[SmtpSink]:
    """Both kinds of servers: those that take several commands at once, and those that don't."""
    with SmtpSink(pipelining=request.param) as server:
        yield server


@pytest.fixture
def sender(sink: SmtpSink, secret: Path) -> Iterator[SmtpOutbox]:
    box = outbox(sink.port, secret)
    yield box
    box.close()


@pytest.fixture
def proxy(sink: SmtpSink) -> Iterator[Proxy]:
    with Proxy(sink.port) as proxy:
        yield proxy


@pytest.fixture
def proxied(proxy: Proxy, secret: Path) -> Iterator[SmtpOutbox]:
    box = outbox(proxy.port, secret)
    yield box
    box.close()


# --- what goes out ----------------------------------------------------------------------------------------------------


def test_a_reply_goes_to_its_one_recipient_with_the_null_path(sink: SmtpSink, sender: SmtpOutbox) -> None:
    sender.send(reply())
    (message,) = sink.accepted
    assert (message.sender, message.recipients) == ("", ("eve@example.org",))
    assert message.data == reply().data


def test_the_null_path_stands_on_the_wire_as_two_brackets(proxy: Proxy, proxied: SmtpOutbox) -> None:
    said: list[bytes] = []
    proxy.on_client = lambda data: said.append(data) or data
    proxied.send(reply())
    lines = b"".join(said).split(b"\r\n")
    assert b"MAIL FROM:<>" in lines
    assert b"RCPT TO:<eve@example.org>" in lines


def test_a_server_that_takes_several_commands_at_once_gets_them_at_once(proxy: Proxy, proxied: SmtpOutbox) -> None:
    said: list[bytes] = []
    proxy.on_client = lambda data: said.append(data) or data
    proxied.send(reply())
    together = b"MAIL FROM:<>\r\nRCPT TO:<eve@example.org>\r\nDATA\r\n" in said
    assert together is (b"PIPELINING" in proxied.connection.open().ehlo_resp)  # type: ignore[operator]


def test_no_empty_message_is_left_behind_when_a_server_wants_content_after_a_refusal(secret: Path) -> None:
    """It refuses the recipient and asks for the content all the same."""
    heard: list[bytes] = []

    def serve(listener: socket.socket) -> None:
        line, _ = listener.accept()
        with line:
            line.sendall(b"220 odd\r\n")
            for answer in (b"250-odd\r\n250 PIPELINING\r\n", b"250 ok\r\n550 5.1.1 nobody\r\n354 go on\r\n"):
                heard.append(line.recv(4096))
                line.sendall(answer)
            heard.append(line.recv(4096))

    with socket.create_server((HOST, 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        with pytest.raises(RejectedError, match=r"550 5\.1\.1"):
            outbox(listener.getsockname()[1], secret).send(reply())
        thread.join(5)
    assert heard[-1] == b""  # hung up: not even a dot


def test_a_bounce_address_is_the_envelope_sender(sink: SmtpSink, sender: SmtpOutbox) -> None:
    sender.send(reply(envelope_from="bounces@example.com"))
    assert sink.accepted[0].sender == "bounces@example.com"


@pytest.mark.parametrize(
    ("body", "arrives"),
    [
        (b".\r\n", b".\r\n"),
        (b"..\r\n.x\r\nx.\r\n", b"..\r\n.x\r\nx.\r\n"),
        (b"a\r\n.\r\nQUIT\r\n", b"a\r\n.\r\nQUIT\r\n"),
        (b"no end of line", b"no end of line\r\n"),
        (b"a\nb\rc\r\n", b"a\r\nb\r\nc\r\n"),
        (b"a\n.\nMAIL FROM:<x@y>\r\n", b"a\r\n.\r\nMAIL FROM:<x@y>\r\n"),
        (b"a\r.\rb\r\n", b"a\r\n.\r\nb\r\n"),
    ],
)
def test_lines_with_dots_and_odd_line_ends_arrive_as_text_and_never_as_commands(
    sink: SmtpSink, sender: SmtpOutbox, body: bytes, arrives: bytes
) -> None:
    head = b"Subject: dots\r\n\r\n"
    sender.send(reply(data=head + body))
    sender.send(reply(2))
    assert sink.accepted[0].data == head + arrives
    assert len(sink.accepted) == 2


def test_two_hundred_mails_go_over_one_connection(sink: SmtpSink, sender: SmtpOutbox) -> None:
    for number in range(200):
        sender.send(reply(number))
    assert len(sink.accepted) == 200
    assert sink.connections == 1


def test_an_address_with_other_characters_needs_a_server_that_can(secret: Path, sink: SmtpSink) -> None:
    with SmtpSink(smtputf8=False) as old:
        can, cannot = outbox(sink.port, secret), outbox(old.port, secret)
        can.send(reply(recipient="jörg@bücher.example"))
        assert sink.accepted[0].recipients == ("jörg@bücher.example",)
        assert "SMTPUTF8" in sink.accepted[0].options
        can.send(reply(recipient="eve@example.org"))
        assert sink.accepted[1].options == ()
        cannot.send(reply(recipient="joerg@bücher.example"))
        assert old.accepted[0].recipients == ("joerg@xn--bcher-kva.example",)
        with pytest.raises(RejectedError, match="SMTPUTF8"):
            cannot.send(reply(recipient="jörg@example.org"))
        cannot.send(reply())
        assert old.connections == 1
        for box in (can, cannot):
            box.close()


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "eve",
        "@example.org",
        "eve@",
        "a@b>\r\nDATA",
        "a@b> NOTIFY=NEVER",
        "a b@example.org",
        "<a@b>",
        "a\0@b",
        "ä@" + "ü" * 80,
    ],
)
def test_what_is_no_address_is_rejected_and_says_nothing_to_the_server(
    sink: SmtpSink, sender: SmtpOutbox, recipient: str
) -> None:
    sink.smtputf8 = False
    with pytest.raises(RejectedError):
        sender.send(reply(recipient=recipient))
    assert {"MAIL", "RCPT"}.isdisjoint(sink.stages())


# --- what the server says ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "CONTENT"])
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("451 4.7.1 Greylisted: your sender is new", DeferredError),
        ("452 4.2.2 full", DeferredError),
        ("554 5.6.0 never", RejectedError),
        ("554 5.7.1 never", SenderRefusedError),
        ("550 5.1.8 bad sender", SenderRefusedError),
        ("550 Sender is not allowed to relay", SenderRefusedError),
        ("530 log in first", SenderRefusedError),
        ("554 5.2.252 SendAsDenied; support@example.com", SenderRefusedError),
        ("550 5.4.5 Daily user sending quota exceeded", SenderRefusedError),
        ("454 Throttling failure: Maximum sending rate exceeded", SenderRefusedError),
        ("451 4.3.0 try later", DeferredError),
    ],
)
def test_not_now_and_never_are_told_apart_and_the_next_mail_goes_over_the_same_connection(
    sink: SmtpSink, sender: SmtpOutbox, stage: str, answer: str, error: type[Exception]
) -> None:
    sink.plan(stage, answer)
    if stage == "MAIL":  # nobody else has been named yet
        error = SenderRefusedError
    with pytest.raises(error, match=answer[4:]) as caught:
        sender.send(reply(1))
    assert type(caught.value) is error
    assert getattr(caught.value, "recipient_unknown", False) is False
    sender.send(reply(2))
    assert [b"<r2@" in message.data for message in sink.accepted] == [True]
    assert sink.connections == 1


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("MAIL", "452 4.3.1 Insufficient system storage"),
        ("MAIL", "452 space shortage"),
        ("CONTENT", "451 4.3.2 closed"),
    ],
)
def test_a_server_that_is_full_or_closed_is_as_good_as_away(
    sink: SmtpSink, sender: SmtpOutbox, stage: str, answer: str
) -> None:
    sink.plan(stage, answer)
    with pytest.raises(UnreachableError, match="takes no mail"):
        sender.send(reply())
    sender.send(reply())
    assert len(sink.accepted) == 1


@pytest.mark.parametrize(
    ("answer", "unknown"),
    [
        ("550 5.1.1 no such user", True),
        ("550 no such user here", True),
        ("550 5.2.1 this account is disabled", True),
        ("553 mailbox name not allowed", False),
        ("551 user not local", False),
        ("550 relaying denied", False),
        ("550 relay not permitted: unknown user", False),
        ("550 sender address does not exist", False),
        ("550 rejected by policy", False),
        ("550 too many messages for this user, unknown reputation", False),
        ("550 5.1.3 bad destination mailbox address syntax", False),
        ("554 5.1.10 null MX", True),
        ("550 5.7.1 relaying denied", False),
        ("550 5.7.26 unauthenticated mail", False),
        ("550 5.2.2 mailbox full", False),
        ("552 too much", False),
        ("550 5.1.8 your sender address does not exist", False),
        ("501 syntax", False),
    ],
)
def test_an_unknown_recipient_is_told_from_other_refusals(
    sink: SmtpSink, sender: SmtpOutbox, answer: str, unknown: bool
) -> None:
    sink.plan("RCPT", answer)
    with pytest.raises((RejectedError, SenderRefusedError)) as caught:
        sender.send(reply())
    assert getattr(caught.value, "recipient_unknown", False) is unknown


def test_a_refused_sender_says_nothing_about_the_recipient_and_the_key_is_named(
    sink: SmtpSink, sender: SmtpOutbox
) -> None:
    sink.plan("MAIL", "550 5.1.1 who are you")
    with pytest.raises(SenderRefusedError) as caught:
        sender.send(reply())
    assert "[smtp] bounce_address" in caught.value.remedy


@pytest.mark.parametrize("chunking", [False, True])
def test_after_a_refusal_about_us_the_rest_is_not_tried_unless_it_is_on_its_way_already(
    secret: Path, chunking: bool
) -> None:
    with SmtpSink(pipelining=True, chunking=chunking) as sink:
        sender = outbox(sink.port, secret)
        sender.send(reply(0))
        sink.plan("RCPT", "550 5.7.1 not from you")
        outcomes = sender.send_all([reply(number) for number in (1, 2, 3)])
        sender.close()
    assert isinstance(outcomes[0], SenderRefusedError)
    assert all(error is outcomes[0] or error is None for error in outcomes)
    assert len(sink.accepted) - 1 == outcomes.count(None)


# --- which envelope senders it takes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bounce", "refused", "says"),
    [
        ("", (), "takes letters from <> and <support@example.com>"),
        ("b@example.com", (), "takes letters from <b@example.com> and <>"),
        ("", ("support@example.com",), "takes letters from <>, refuses <support@example.com>: it refuses us: 550"),
        ("b@example.com", ("",), "takes letters from <b@example.com>, refuses <>: it refuses us: 550"),
    ],
)
def test_the_envelope_senders_are_tried_and_nothing_is_sent(
    sink: SmtpSink, secret: Path, bounce: str, refused: tuple[str, ...], says: str
) -> None:
    sink.plan("MAIL", *("550 5.7.1 not you" if one in refused else ACCEPT for one in (bounce, "" if bounce else OWN)))
    box = outbox(sink.port, secret, bounce_address=bounce)
    assert box.try_envelopes().startswith(says)
    box.send(reply())
    box.close()
    assert len(sink.accepted) == 1
    assert sink.stages().count("RCPT") == 3 - len(refused)


@pytest.mark.parametrize(
    ("bounce", "stage", "answers", "remedy"),
    [
        ("", "MAIL", ("501 5.5.4 no null path",), 'set bounce_address = "support@example.com" in [smtp]'),
        ("", "RCPT", ("550 5.7.1 null path refused",), 'set bounce_address = "support@example.com" in [smtp]'),
        ("b@example.com", "MAIL", ("550 not yours",), 'correct bounce_address in [smtp], or set it to ""'),
        ("", "MAIL", ("550 5.7.1 no", "550 5.7.1 no"), "refuses <support@example.com>, too"),
    ],
)
def test_an_envelope_sender_that_is_refused_is_told_with_the_key_to_set(
    sink: SmtpSink, secret: Path, bounce: str, stage: str, answers: tuple[str, ...], remedy: str
) -> None:
    sink.plan(stage, *answers)
    box = outbox(sink.port, secret, bounce_address=bounce)
    with pytest.raises(SenderRefusedError) as caught:
        box.try_envelopes()
    box.close()
    assert remedy in caught.value.remedy
    assert answers[0] in caught.value.what
    assert sink.accepted == []


def test_what_a_server_thinks_of_the_recipient_says_nothing_about_the_sender(sink: SmtpSink, secret: Path) -> None:
    sink.plan("RCPT", "450 4.7.1 greylisted", "550 5.1.1 no such user")
    box = outbox(sink.port, secret)
    assert box.try_envelopes() == "takes letters from <> and <support@example.com>"
    box.close()


# --- lines that break -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("how", [DROP, "421 4.3.2 closing"])
def test_a_line_lost_before_the_content_means_that_nothing_was_sent(
    sink: SmtpSink, sender: SmtpOutbox, stage: str, how: str
) -> None:
    sink.plan(stage, how)
    with pytest.raises(UnreachableError) as caught:
        sender.send(reply())
    assert caught.value.where == f"{HOST}:{sink.port}"
    sender.send(reply())
    assert len(sink.accepted) == 1


def test_a_line_lost_while_the_content_is_on_its_way_leaves_its_fate_open(sink: SmtpSink, sender: SmtpOutbox) -> None:
    sink.plan("CONTENT", DROP)
    with pytest.raises(UncertainError):
        sender.send(reply(1))
    sender.send(reply(2))
    assert [b"<r2@" in message.data for message in sink.accepted] == [True]


def test_an_accepted_message_whose_answer_is_lost_is_uncertain_and_not_sent_again(
    sink: SmtpSink, proxy: Proxy, proxied: SmtpOutbox
) -> None:
    proxied.send(reply(1))

    def lose(data: bytes) -> bytes:
        if b"2.0.0 taken" in data:
            raise Cut
        return data

    proxy.on_server = lose
    with pytest.raises(UncertainError):
        proxied.send(reply(2))
    assert len(sink.accepted) == 2
    assert proxy.connections == 1


def test_a_server_that_is_slow_to_judge_the_content_is_waited_for(
    sink: SmtpSink, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = outbox(sink.port, secret)
    monkeypatch.setattr(connection, "PATIENCE_FOR_CONTENT", 30)
    sink.plan("CONTENT", 2.5)  # longer than its time-out
    box.send(reply(1))
    monkeypatch.setattr(connection, "PATIENCE_FOR_CONTENT", 0.3)
    sink.plan("CONTENT", 60.0)
    with pytest.raises(UncertainError, match="in time"):
        box.send(reply(2))
    box.close()


@pytest.mark.parametrize("stage", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_a_server_too_slow_before_the_content_is_unreachable(sink: SmtpSink, secret: Path, stage: str) -> None:
    box = outbox(sink.port, secret, timeout="1s")
    sink.plan(stage, 60.0)
    with pytest.raises(UnreachableError, match="in time"):
        box.send(reply())
    assert sink.accepted == []
    box.close()


def test_an_answer_to_the_content_that_means_nothing_is_uncertain(proxy: Proxy, proxied: SmtpOutbox) -> None:
    for nonsense in (b"hello\r\n", b"354 more\r\n", b"999 what\r\n", b"2" * 9000 + b"\r\n"):
        proxy.on_server = lambda data, put=nonsense: put if b"2.0.0 taken" in data else data
        with pytest.raises(UncertainError):
            proxied.send(reply())
        proxy.on_server = lambda data: data


@pytest.mark.parametrize(
    "nonsense", [b"hello\r\n", b"354 go on\r\n", b"999 what\r\n", b"2" * 9000 + b"\r\n", b"\xff\r\n"]
)
def test_an_answer_before_the_content_that_means_nothing_is_unreachable(
    sink: SmtpSink, proxy: Proxy, proxied: SmtpOutbox, nonsense: bytes
) -> None:
    proxy.on_server = lambda data: nonsense if b"sender taken" in data else data
    with pytest.raises(UnreachableError):
        proxied.send(reply())
    assert sink.accepted == []


def test_a_connection_closed_while_idle_is_made_anew_without_a_word(
    sink: SmtpSink, proxy: Proxy, proxied: SmtpOutbox
) -> None:
    proxied.send(reply(1))
    proxy.cut()
    proxied.send(reply(2))
    sink.plan("MAIL", "421 4.4.2 idle too long")
    proxied.send(reply(3))
    assert len(sink.accepted) == 3
    assert proxy.connections == 3


def test_a_new_connection_that_breaks_too_is_not_tried_a_third_time(
    sink: SmtpSink, proxy: Proxy, proxied: SmtpOutbox
) -> None:
    proxied.send(reply(1))
    sink.always("MAIL", DROP)
    with pytest.raises(UnreachableError):
        proxied.send(reply(2))
    assert proxy.connections == 2
    with pytest.raises(UnreachableError):
        proxied.send(reply(3))  # has no kept connection to begin with
    assert proxy.connections == 3


def test_a_connection_that_was_idle_for_long_is_asked_first(
    sink: SmtpSink, proxy: Proxy, proxied: SmtpOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[bytes] = []
    proxy.on_client = lambda data: said.append(data) or data
    proxied.send(reply(1))
    proxied.send(reply(2))
    assert not any(b"noop" in line.lower() for line in said)
    monkeypatch.setattr(connection, "STALE_AFTER", 0.0)
    proxied.send(reply(3))
    assert sum(b"noop" in line.lower() for line in said) == 1
    assert len(sink.accepted) == 3


@pytest.mark.parametrize(
    "greeting", [b"421 too many\r\n", b"554 not you\r\n", b"* OK IMAP4rev1\r\n", b"", b"\xff\xff\r\n"]
)
def test_a_server_that_turns_us_away_at_the_door_is_unreachable(secret: Path, greeting: bytes) -> None:
    with socket.create_server((HOST, 0)) as listener:

        def serve() -> None:
            client, _ = listener.accept()
            with client, contextlib.suppress(OSError):
                client.sendall(greeting)

        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(UnreachableError):
            outbox(listener.getsockname()[1], secret).send(reply())


def test_a_server_that_is_not_there_is_unreachable(secret: Path) -> None:
    box = outbox(free_port(), secret)
    with pytest.raises(UnreachableError, match="nothing listens there"):
        box.send(reply())
    with pytest.raises(UnreachableError, match="nothing listens there"):
        box.check()
    box.close()


# --- encryption and login ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("immediate", [True, False])
@pytest.mark.parametrize("password", ["pw-support", "pässwörd ÿ"])
def test_a_reply_goes_over_an_encrypted_line_after_login(
    certificates: Certificates, secret: Path, immediate: bool, password: str
) -> None:
    context = certificates.server_context("127.0.0.1")
    (secret / "pw").write_text(password)
    with SmtpSink(users={"support": password}, tls=context, immediate_tls=immediate) as sink:
        box = outbox(
            sink.port,
            secret,
            security="tls" if immediate else "starttls",
            username="support",
            password={"file": "pw"},
            ca_file=str(certificates.ca_file),
        )
        box.check()
        box.send(reply())
        box.close()
        (message,) = sink.accepted
    assert message.encrypted
    assert message.user == "support"
    assert sink.connections == 1


@pytest.mark.parametrize("immediate", [True, False])
@pytest.mark.parametrize(
    ("names", "expired", "trusted", "why"),
    [
        ((HOST,), False, False, "unable to get local issuer"),
        (("other.example",), False, True, "mismatch"),
        ((HOST,), True, True, "expired"),
    ],
)
def test_a_certificate_that_does_not_fit_is_refused(
    certificates: Certificates,
    secret: Path,
    immediate: bool,
    names: tuple[str, ...],
    expired: bool,
    trusted: bool,
    why: str,
) -> None:
    context = certificates.server_context(*names, expired=expired)
    with SmtpSink(tls=context, immediate_tls=immediate) as sink:
        box = outbox(
            sink.port,
            secret,
            security="tls" if immediate else "starttls",
            ca_file=str(certificates.ca_file) if trusted else "",
        )
        with pytest.raises(UnreachableError, match=f"certificate is not accepted.*{why}"):
            box.send(reply())
        assert sink.accepted == []


def test_a_line_where_starttls_was_taken_out_is_not_used(certificates: Certificates, secret: Path) -> None:
    with (
        SmtpSink(users={"support": "pw-support"}, tls=certificates.server_context(HOST)) as sink,
        Proxy(sink.port) as proxy,
    ):
        said: list[bytes] = []
        proxy.replace((b"250-STARTTLS\r\n", b"250-AUTH PLAIN\r\n"))
        proxy.on_client = lambda data: said.append(data) or data
        box = outbox(
            proxy.port,
            secret,
            security="starttls",
            username="support",
            password={"file": "pw"},
            ca_file=str(certificates.ca_file),
        )
        with pytest.raises(UnreachableError, match="no STARTTLS"):
            box.send(reply())
        proxy.on_server = lambda data: b"454 not now\r\n" if data.startswith(b"220 Ready") else data
        with pytest.raises(UnreachableError, match="not now"):
            box.send(reply())
        assert sink.accepted == []
    assert not any(line.startswith((b"AUTH", b"MAIL")) for line in said)


@pytest.mark.parametrize("password", ["guess", "gürss"])
def test_a_wrong_password_is_a_login_error(secret: Path, password: str) -> None:
    (secret / "pw").write_text(password)
    with SmtpSink(users={"support": "pw-support"}) as sink:
        box = outbox(sink.port, secret, username="support", password={"file": "pw"})
        for attempt in (box.check, lambda: box.send(reply())):
            with pytest.raises(LoginError, match="535") as caught:
                attempt()
            assert password not in str(caught.value)
        (secret / "pw").write_text("pw-support")
        box.send(reply())
        box.close()


@pytest.mark.parametrize("said", ["454 4.7.0 directory is down", "535 5.7.0 too many connections, try again later"])
def test_a_login_that_is_not_possible_now_or_not_offered_is_explained(secret: Path, sink: SmtpSink, said: str) -> None:
    with SmtpSink(users={"support": "pw-support"}) as strict:
        strict.always("AUTH", said)
        box = outbox(strict.port, secret, username="support", password={"file": "pw"})
        with pytest.raises(UnreachableError, match=said[4:]) as caught:
            box.send(reply())
        assert not isinstance(caught.value, LoginError)
        box.close()
    open_to_all = outbox(sink.port, secret, username="support", password={"file": "pw"})
    with pytest.raises(LoginError, match="offers no login"):
        open_to_all.check()


def test_a_username_without_a_password_is_a_mistake_in_the_configuration(secret: Path, sink: SmtpSink) -> None:
    with pytest.raises(ConfigError, match=r"smtp\.password"):
        outbox(sink.port, secret, username="support").check()


def test_closing_does_not_wait_for_a_server_that_hangs(
    proxy: Proxy, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "FAREWELL", 0.3)
    box = outbox(proxy.port, secret, timeout="1h")
    box.check()
    proxy.hanging.set()
    box.close()
    proxy.hanging.clear()


# --- several at once --------------------------------------------------------------------------------------------------


@pytest.fixture
def group_sink() -> Iterator[SmtpSink]:
    with SmtpSink(chunking=True) as server:
        yield server


@pytest.fixture
def group_sender(group_sink: SmtpSink, secret: Path) -> Iterator[SmtpOutbox]:
    box = outbox(group_sink.port, secret)
    box.check()
    yield box
    box.close()


def five() -> list[Reply]:
    return [reply(number, recipient=f"person{number}@example.org") for number in range(5)]


def kinds(outcomes: list[Any]) -> list[str]:
    return ["" if outcome is None else type(outcome).__name__ for outcome in outcomes]


def test_a_server_with_chunking_gets_several_in_one_go_each_as_it_was_written(
    group_sink: SmtpSink, group_sender: SmtpOutbox
) -> None:
    assert kinds(group_sender.send_all(five())) == [""] * 5
    assert [one.recipients for one in group_sink.accepted] == [(f"person{number}@example.org",) for number in range(5)]
    assert [one.data for one in group_sink.accepted] == [one.data for one in five()]
    assert group_sink.connections == 1
    assert "DATA" not in group_sink.stages()
    assert group_sender.at_once > 5


@pytest.mark.parametrize(
    ("stage", "answer", "kind"),
    [
        ("RCPT", "451 4.3.0 later", "DeferredError"),
        ("RCPT", "550 5.1.1 nobody of that name", "RejectedError"),
        ("RCPT", "452 4.2.2 full", "DeferredError"),
        ("CONTENT", "554 5.6.0 not this", "RejectedError"),
    ],
)
def test_what_is_refused_in_a_group_leaves_the_others_alone(
    group_sink: SmtpSink, group_sender: SmtpOutbox, stage: str, answer: str, kind: str
) -> None:
    group_sink.plan(stage, ACCEPT, ACCEPT, answer)
    outcomes = group_sender.send_all(five())
    assert kinds(outcomes) == ["", "", kind, "", ""]
    assert getattr(outcomes[2], "recipient_unknown", False) == ("5.1.1" in answer)
    assert len(group_sink.accepted) == 4
    assert kinds(group_sender.send_all(five())) == [""] * 5


def test_a_line_that_breaks_in_a_group_leaves_the_rest_uncertain(
    group_sink: SmtpSink, group_sender: SmtpOutbox
) -> None:
    group_sink.plan("CONTENT", ACCEPT, ACCEPT, DROP)
    assert kinds(group_sender.send_all(five())) == ["", "", *["UncertainError"] * 3]
    assert kinds(group_sender.send_all(five())) == [""] * 5


@pytest.mark.parametrize(("stage", "answer"), [("MAIL", "452 no room"), ("CONTENT", "452 4.3.1 disk full")])
def test_a_server_that_is_full_in_a_group_is_waited_for_with_what_it_has_not_taken(
    group_sink: SmtpSink, group_sender: SmtpOutbox, stage: str, answer: str
) -> None:
    group_sink.plan(stage, ACCEPT, answer)
    assert kinds(group_sender.send_all(five())) == ["", "UnreachableError", "", "", ""]
    assert len(group_sink.accepted) == 4  # what it says about the others counts


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "CONTENT"])
def test_a_server_that_closes_the_line_in_a_group_has_not_taken_the_rest(
    group_sink: SmtpSink, group_sender: SmtpOutbox, stage: str
) -> None:
    group_sink.plan(stage, ACCEPT, "421 4.7.0 enough for now")
    assert kinds(group_sender.send_all(five())) == ["", *["UnreachableError"] * 4]


def test_an_address_that_needs_a_closer_look_goes_alone(group_sink: SmtpSink, group_sender: SmtpOutbox) -> None:
    group = five()
    group[2] = reply(2, recipient="zoë@example.org")
    group[3] = reply(3, recipient="no address")
    assert kinds(group_sender.send_all(group)) == ["", "", "", "RejectedError", ""]
    assert sorted(one.recipients[0] for one in group_sink.accepted)[-1] == "zoë@example.org"


def test_a_server_without_chunking_gets_one_after_the_other(sink: SmtpSink, sender: SmtpOutbox) -> None:
    sink.plan("RCPT", ACCEPT, "550 5.1.1 nobody of that name")
    assert kinds(sender.send_all(five())) == ["", "RejectedError", "", "", ""]
    assert [one.data for one in sink.accepted] == [one.data for number, one in enumerate(five()) if number != 1]
    assert sink.connections == 1


def test_an_envelope_goes_with_the_content_before_it(secret: Path) -> None:
    said: list[bytes] = []
    with SmtpSink() as sink, Proxy(sink.port) as proxy:
        proxy.on_client = lambda data: said.append(data) or data
        box = outbox(proxy.port, secret)
        box.check()
        said.clear()
        assert kinds(box.send_all(five())) == [""] * 5
        box.close()
        assert [one.data for one in sink.accepted] == [one.data for one in five()]
    words = b"".join(said)
    assert words.count(b"\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<person") == 4
    assert len(said) <= 7  # round trips: the first envelope, five contents, and the goodbye


@pytest.mark.parametrize("stage", ["RCPT", "DATA", "CONTENT"])
@pytest.mark.parametrize(
    ("answer", "kind"), [("451 4.3.0 later", "DeferredError"), ("554 5.6.0 not this", "RejectedError")]
)
def test_what_is_refused_among_several_leaves_the_others_alone(
    sink: SmtpSink, sender: SmtpOutbox, stage: str, answer: str, kind: str
) -> None:
    sink.plan(stage, ACCEPT, ACCEPT, answer)
    assert kinds(sender.send_all(five())) == ["", "", kind, "", ""]
    assert len(sink.accepted) == 4
    assert sink.connections == 1


@pytest.mark.parametrize("how", [DROP, "421 4.7.0 enough for this connection"])
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_a_line_lost_between_two_messages_costs_none_of_them(
    sink: SmtpSink, sender: SmtpOutbox, stage: str, how: str
) -> None:
    sink.plan(stage, ACCEPT, ACCEPT, how)
    assert kinds(sender.send_all(five())) == [""] * 5
    assert [one.data for one in sink.accepted] == [one.data for one in five()]
    assert sink.connections == 2


def test_a_line_lost_in_a_content_leaves_only_that_message_uncertain(sink: SmtpSink, sender: SmtpOutbox) -> None:
    sink.plan("CONTENT", ACCEPT, ACCEPT, DROP)
    assert kinds(sender.send_all(five())) == ["", "", "UncertainError", "", ""]
    assert len(sink.accepted) == 4


def test_a_content_answered_with_a_goodbye_was_not_taken_and_goes_over_a_new_line(
    sink: SmtpSink, sender: SmtpOutbox
) -> None:
    sink.plan("CONTENT", ACCEPT, "421 4.3.2 enough for this connection")
    assert kinds(sender.send_all(five())) == [""] * 5
    assert [one.data for one in sink.accepted] == [one.data for one in five()]
    assert sink.connections == 2


def test_a_server_that_goes_down_between_two_messages_leaves_the_rest_unsent(
    sink: SmtpSink, sender: SmtpOutbox
) -> None:
    sink.plan("MAIL", ACCEPT, ACCEPT)
    sink.always("MAIL", "421 4.3.2 going down")
    assert kinds(sender.send_all(five())) == ["", "", *["UnreachableError"] * 3]
    assert len(sink.accepted) == 2


def test_a_slow_server_gets_fewer_at_a_time(secret: Path) -> None:
    with SmtpSink() as sink:
        box = outbox(sink.port, secret)
        box.send_all(five())
        assert box.at_once > 5
        sink.always("CONTENT", 0.2)
        box.send_all(five()[:2])
        assert box.at_once == 1
        box.close()


def test_no_bare_line_end_gets_through_in_a_group(group_sink: SmtpSink, group_sender: SmtpOutbox) -> None:
    smuggled = [reply(number, data=b"Subject: x\n\nHello\r.\r\nMAIL FROM:<a@b.c>\n.\n") for number in range(2)]
    assert kinds(group_sender.send_all(smuggled)) == ["", ""]
    assert len(group_sink.accepted) == 2
    for one in group_sink.accepted:
        assert b"\n" not in one.data.replace(b"\r\n", b"")
        assert b"\r" not in one.data.replace(b"\r\n", b"")
