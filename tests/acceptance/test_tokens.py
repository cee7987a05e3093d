"""An installation that knows no password at all: tokens that end while it is at work, and a token server in trouble."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import missing
from tests.desk import Desk, letter, stop
from tests.servers.dovecot import Dovecot, is_installed
from tests.servers.proxy import Proxy
from tests.servers.token_server import DOVECOT, DOVECOT_ASKS, Issuer
from tests.servers.token_sink import TokenSink
from tests.waiting import wait_until

USER = "support@example.com"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with Issuer(USER, rotates="once") as server:
        yield server


@pytest.fixture
def dovecot_of(issuer: Issuer) -> Iterator[Dovecot]:
    if not is_installed():
        missing("Dovecot is not installed: make test-services")
    with tempfile.TemporaryDirectory(prefix="fl-oauth2-") as made:
        Path(made).chmod(0o755)
        file = Path(made) / "oauth2.conf"
        file.write_text(DOVECOT_ASKS.format(url=issuer.url))
        file.chmod(0o644)
        with Dovecot(more=DOVECOT.format(file=file)) as server:
            yield server


@pytest.fixture
def proxy(dovecot_of: Dovecot) -> Iterator[Proxy]:
    with Proxy(dovecot_of.imap_port) as between:
        yield between


@pytest.fixture
def outgoing(issuer: Issuer) -> Iterator[TokenSink]:
    with TokenSink(issuer) as server:
        yield server


@pytest.fixture
def desk(proxy: Proxy, outgoing: TokenSink, issuer: Issuer, tmp_path: Path) -> Desk:
    """Both servers have the same refresh token, which is good once."""
    made = Desk(tmp_path / "desk", proxy.port, outgoing.port, USER, smtp={"username": USER})
    keys = (
        f'flow = "refresh_token"\nclient_id = "client"\nrefresh_token = {{ file = "var/refresh" }}\n'
        f'token_url = "{issuer.url}/token"\nscope = "mail"\n'
    )
    config = made.folder / "config.toml"
    text = config.read_text().replace("password = { env = 'DESK_PASSWORD' }\n", f"[mailbox.support.oauth2]\n{keys}")
    config.write_text(text.replace("[classify]", f"[smtp.oauth2]\n{keys}[classify]"))
    (made.folder / "var" / "refresh").write_text("refresh-0\n")
    return made


def test_mail_is_answered_without_any_password(desk: Desk, dovecot_of: Dovecot, outgoing: TokenSink) -> None:
    dovecot_of.deliver(letter(1))
    assert desk.json("once")["mailboxes"]["support"]["acknowledged"] == 1
    assert outgoing.accepted[0].user == USER
    assert {check["check"] for check in desk.jsonl("doctor", expect=None) if check["ok"]} >= {
        "mailbox support",
        "outgoing server",
    }


def test_tokens_that_end_while_it_is_at_work_are_replaced(
    desk: Desk, dovecot_of: Dovecot, proxy: Proxy, outgoing: TokenSink, issuer: Issuer
) -> None:
    process = desk.start("run")
    dovecot_of.deliver(letter(1))
    assert len(outgoing.wait_for(1, 60)) == 1
    for number in (2, 3):
        issuer.end_all()
        proxy.cut()  # as providers do when the token of a connection ends
        dovecot_of.deliver(letter(number))
        assert len(outgoing.wait_for(number, 60)) == number
    assert stop(process) == 0
    assert not issuer.withdrawn  # though each refresh token is good once, and two servers have it from one file
    assert (desk.folder / "var" / "refresh").read_text().strip() == issuer.newest
    for secret in (*issuer.issued, *issuer.refresh_tokens, "refresh-0"):
        assert secret not in desk.log()


def test_a_token_server_that_is_away_is_waited_for_and_nothing_is_lost(
    desk: Desk, dovecot_of: Dovecot, proxy: Proxy, outgoing: TokenSink, issuer: Issuer
) -> None:
    issuer.plan(503)
    issuer.plan(429, Retry_After="1")
    issuer.plan(500)
    process = desk.start("run")
    dovecot_of.deliver(letter(1))
    assert len(outgoing.wait_for(1, 120)) == 1
    wait_until(lambda: {mail["state"] for mail in desk.jsonl("mail", "list")} == {"done"}, desk.log)
    assert stop(process) == 0
    assert "asks for a pause" in desk.log()


def test_withdrawn_consent_is_in_the_status_until_somebody_signs_in(
    desk: Desk, dovecot_of: Dovecot, outgoing: TokenSink, issuer: Issuer
) -> None:
    issuer.withdrawn = True
    dovecot_of.deliver(letter(1))
    assert "firstline login support" in desk.run("once", expect=3).stderr
    told = [problem["what"] for problem in desk.json("status", expect=1)["problems"]]
    assert any("invalid_grant" in what for what in told), told
    issuer.withdrawn = False
    assert desk.json("once")["mailboxes"]["support"]["acknowledged"] == 1
    told = [problem["what"] for problem in desk.json("status", expect=None)["problems"]]
    assert not any("invalid_grant" in what for what in told), told
