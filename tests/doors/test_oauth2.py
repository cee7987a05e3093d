"""Logging in with tokens: the token server, Dovecot's own oauth2 passdb, and an SMTP server that takes tokens."""

from __future__ import annotations

import json
import stat
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import RSAKey

from pipeline.clock import FakeClock
from pipeline.config.oauth2 import OAuth2Config
from pipeline.config.servers import MailboxConfig, SmtpConfig
from pipeline.errors import ConfigError, LoginError, UncertainError, UnreachableError
from pipeline.mailbox import ImapMailbox
from pipeline.outbox import SmtpOutbox
from pipeline.records.letter import Reply
from pipeline.wiring.sign_in.access import Access
from pipeline.wiring.sign_in.refresh_file import RefreshFile
from tests.conftest import missing
from tests.servers.certificates import Certificates
from tests.servers.dovecot import HOST, Dovecot, is_installed
from tests.servers.token_server import DOVECOT, DOVECOT_ASKS, Issuer
from tests.servers.token_sink import TokenSink

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
USER = "support@example.com"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with Issuer() as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """That of config.toml, with the secrets that it names."""
    (tmp_path / "secret").write_text("client-secret\n")
    (tmp_path / "refresh").write_text("refresh-0\n")
    return tmp_path


def access(issuer: Issuer, folder: Path, clock: FakeClock | None = None, **changes: Any) -> Access:
    table = {
        "flow": "refresh_token",
        "client_id": "client",
        "client_secret": {"file": "secret"},
        "refresh_token": {"file": "refresh"},
        "token_url": f"{issuer.url}/token",
        "scope": "mail",
        "timeout": "5s",
        **changes,
    }
    settings = OAuth2Config.model_validate({name: value for name, value in table.items() if value is not None})
    return Access("support", USER, settings, folder, clock or FakeClock(NOW))


APP = {"flow": "client_credentials", "refresh_token": None}

# --- the token --------------------------------------------------------------------------------------------------------


def test_a_token_is_kept_until_five_minutes_before_its_end(issuer: Issuer, folder: Path) -> None:
    clock = FakeClock(NOW)
    ours = access(issuer, folder, clock, **APP)
    first = ours.current()
    clock.pass_by(timedelta(minutes=54, seconds=59))
    assert ours.current() == first
    clock.pass_by(timedelta(seconds=1))
    assert ours.current() != first
    assert issuer.grants() == ["client_credentials"] * 2
    assert issuer.asked[0]["scope"] == "mail"


def test_threads_share_a_token(issuer: Issuer, folder: Path) -> None:
    ours = access(issuer, folder, **APP)
    together = threading.Barrier(8)

    def ask(_: int) -> str:
        together.wait()
        return ours.current()

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(ask, range(8)))
    assert len(found) == len(issuer.grants()) == 1


def test_a_refused_token_is_dropped_once_though_several_threads_met_the_refusal(issuer: Issuer, folder: Path) -> None:
    ours = access(issuer, folder, **APP)
    first = ours.current()
    ours.drop(first)
    second = ours.current()
    ours.drop(first)  # another thread, which was slower
    assert ours.current() == second != first


def test_a_replaced_refresh_token_is_kept_for_the_next_time(issuer: Issuer, folder: Path) -> None:
    issuer.rotates = "once"
    access(issuer, folder).current()
    file = folder / "refresh"
    assert file.read_text().strip() == issuer.newest != "refresh-0"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    access(issuer, folder).current()  # as after a restart
    assert [form["refresh_token"] for form in issuer.asked[:1]] == ["refresh-0"]
    assert not issuer.withdrawn
    assert {path.name for path in folder.iterdir()} == {"secret", "refresh", "refresh.lock"}


def test_a_token_that_may_be_used_once_is_not_used_by_two_at_the_same_time(issuer: Issuer, folder: Path) -> None:
    """The mailbox, the outgoing server, `doctor`: each has it from the same file."""
    issuer.rotates = "once"
    several = [access(issuer, folder) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(Access.current, several))
    assert not issuer.withdrawn
    assert (folder / "refresh").read_text().strip() == issuer.newest


def test_a_replaced_token_that_cannot_be_saved_is_kept_in_memory(
    issuer: Issuer, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer.rotates, issuer.lives = "once", 0
    ours = access(issuer, folder)

    def full(_self: RefreshFile, _token: str) -> None:
        raise ConfigError("the file can't be written: No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(RefreshFile, "write", full)
        ours.current()
        ours.current()
    assert (folder / "refresh").read_text().strip() == "refresh-0"
    ours.current()
    assert (folder / "refresh").read_text().strip() == issuer.newest
    assert not issuer.withdrawn


def test_a_link_to_the_refresh_token_stays_a_link(issuer: Issuer, folder: Path) -> None:
    issuer.rotates = "each"
    (folder / "secrets").mkdir()
    (folder / "refresh").rename(folder / "secrets" / "real")
    (folder / "refresh").symlink_to(folder / "secrets" / "real")
    access(issuer, folder).current()
    assert (folder / "refresh").is_symlink()
    assert (folder / "secrets" / "real").read_text().strip() == issuer.newest


def test_withdrawn_consent_says_how_to_sign_in_again(issuer: Issuer, folder: Path) -> None:
    issuer.withdrawn = True
    with pytest.raises(LoginError) as caught:
        access(issuer, folder).current()
    assert "invalid_grant: Token has been expired or revoked." in str(caught.value)
    assert "firstline login support" in caught.value.remedy


def test_a_wrong_client_secret_is_a_wrong_password(issuer: Issuer, folder: Path) -> None:
    issuer.client_secret = "another"
    with pytest.raises(LoginError) as caught:
        access(issuer, folder, **APP).current()
    assert "invalid_client" in caught.value.what
    assert "client_secret" in caught.value.remedy
    assert "client-secret" not in str(caught.value)


def test_nobody_has_signed_in_yet(issuer: Issuer, folder: Path) -> None:
    (folder / "refresh").unlink()
    with pytest.raises(ConfigError) as caught:
        access(issuer, folder).current()
    assert "firstline login support" in caught.value.remedy


@pytest.mark.parametrize("status", [500, 502, 503, 404, 302])
def test_a_token_server_in_trouble_is_away(issuer: Issuer, folder: Path, status: int) -> None:
    ours = access(issuer, folder, **APP)
    issuer.plan(status)
    with pytest.raises(UnreachableError) as caught:
        ours.current()
    assert type(caught.value) is UnreachableError
    assert ours.current()


def test_a_pause_that_the_token_server_asks_for_is_kept_by_all(issuer: Issuer, folder: Path) -> None:
    clock = FakeClock(NOW)
    ours = access(issuer, folder, clock, **APP)
    issuer.plan(429, Retry_After="120")
    for _ in range(3):
        with pytest.raises(UnreachableError) as caught:
            ours.current()
        assert caught.value.retry_after == 120
    assert len(issuer.asked) == 1
    clock.pass_by(timedelta(seconds=120))
    assert ours.current()


def test_a_clock_that_is_put_back_does_not_make_a_pause_longer(issuer: Issuer, folder: Path) -> None:
    clock = FakeClock(NOW)
    ours = access(issuer, folder, clock, **APP)
    issuer.plan(429, Retry_After="120")
    with pytest.raises(UnreachableError):
        ours.current()
    clock.pass_by(timedelta(days=-30))
    assert ours.current()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"access_token": ""},
        {"access_token": "two\r\nlines"},
        {"access_token": "x" * 30_000},
        {"access_token": {"a": 1}},
        {"access_token": "good", "refresh_token": "a b"},
        {"access_token": "good", "expires_in": "soon"},
    ],
)
def test_an_answer_without_a_usable_token_means_nothing(issuer: Issuer, folder: Path, body: dict[str, Any]) -> None:
    issuer.plan(200, body)
    with pytest.raises(UnreachableError) as caught:
        access(issuer, folder, **APP).current()
    assert "means nothing" in caught.value.what
    assert (folder / "refresh").read_text() == "refresh-0\n"


def test_a_token_server_that_is_not_there_is_away(issuer: Issuer, folder: Path) -> None:
    ours = access(issuer, folder, token_url="http://127.0.0.1:9/token", **APP)
    with pytest.raises(UnreachableError):
        ours.current()


def test_a_token_server_must_prove_who_it_is(certificates: Certificates, folder: Path) -> None:
    with Issuer(tls=certificates.server_context("127.0.0.1")) as issuer:
        with pytest.raises(UnreachableError) as caught:
            access(issuer, folder, **APP).current()
        assert "certificate" in caught.value.what
        assert issuer.asked == []
        trusting = access(issuer, folder, ca_file=str(certificates.ca_file), **APP)
        assert issuer.is_good(trusting.current())


@pytest.mark.parametrize("code", ["interaction_required", "consent_required", "login_required"])
def test_what_only_a_person_can_mend_says_how(issuer: Issuer, folder: Path, code: str) -> None:
    """Microsoft, after a new rule of the organisation."""
    issuer.plan(400, {"error": code, "error_description": "AADSTS50076: you must use multi-factor authentication"})
    with pytest.raises(LoginError) as caught:
        access(issuer, folder).current()
    assert "firstline login support" in caught.value.remedy


# --- service accounts -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def account() -> RSAKey:
    return RSAKey.generate_key(2048)


def key_file(account: RSAKey) -> str:
    private = account.as_pem(private=True).decode()
    told = {"type": "service_account", "client_email": "desk@project.iam.example.com", "private_key": private}
    return json.dumps({**told, "token_uri": "https://evil.example.net/token"})


SERVICE = {"flow": "service_account", "client_secret": {"file": "key.json"}, "refresh_token": None}


def test_a_service_account_signs_for_a_user_of_its_domain(issuer: Issuer, folder: Path, account: RSAKey) -> None:
    (folder / "key.json").write_text(key_file(account))
    issuer.service_account = RSAKey.import_key(account.as_pem(private=False))
    assert issuer.is_good(access(issuer, folder, **SERVICE).current())
    said = issuer.asked[0]
    assert (said["iss"], said["sub"], said["scope"]) == ("desk@project.iam.example.com", USER, "mail")
    assert int(said["exp"]) - int(said["iat"]) <= 3600
    assert int(said["iat"]) == int(NOW.timestamp())


def test_a_domain_that_has_not_delegated_says_so(issuer: Issuer, folder: Path, account: RSAKey) -> None:
    (folder / "key.json").write_text(key_file(account))
    with pytest.raises(LoginError) as caught:
        access(issuer, folder, **SERVICE).current()
    assert "unauthorized_client" in caught.value.what


@pytest.mark.parametrize("key", ["{}", "{", "no key at all", '{"client_email": "x", "private_key": "secret-stuff"}'])
def test_a_key_file_that_is_none_is_told(issuer: Issuer, folder: Path, key: str) -> None:
    (folder / "key.json").write_text(key)
    with pytest.raises(ConfigError) as caught:
        access(issuer, folder, client_id="desk", **SERVICE).current()
    assert "mailbox.support.oauth2.client_secret" in str(caught.value)
    assert "secret-stuff" not in str(caught.value)


# --- IMAP -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def issuer_of_dovecot() -> Iterator[Issuer]:
    with Issuer() as server:
        yield server


@pytest.fixture(scope="module")
def token_dovecot(issuer_of_dovecot: Issuer) -> Iterator[Dovecot]:
    if not is_installed():
        missing("Dovecot is not installed: make test-services")
    with tempfile.TemporaryDirectory(prefix="fl-oauth2-") as made:
        Path(made).chmod(0o755)
        file = Path(made) / "oauth2.conf"
        file.write_text(DOVECOT_ASKS.format(url=issuer_of_dovecot.url))
        file.chmod(0o644)
        with Dovecot(more=DOVECOT.format(file=file)) as server:
            yield server


def mailbox(port: int, ours: Access, base: Path, **changes: Any) -> ImapMailbox:
    table = {"host": HOST, "port": port, "security": "none", "username": USER, "password": {"file": "none"}, **changes}
    return ImapMailbox("support", MailboxConfig.model_validate(table), base, ours)


@pytest.fixture(params=["XOAUTH2", "OAUTHBEARER"])
def mechanism(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("pipeline.records.bearer.MECHANISMS", (request.param,))
    return str(request.param)


@pytest.mark.usefixtures("mechanism")
def test_dovecot_lets_a_token_in(issuer_of_dovecot: Issuer, token_dovecot: Dovecot, folder: Path) -> None:
    box = mailbox(token_dovecot.imap_port, access(issuer_of_dovecot, folder), folder)
    try:
        assert box.open().uidvalidity
    finally:
        box.close()


@pytest.mark.usefixtures("mechanism")
def test_a_token_that_was_taken_back_is_replaced_at_once(
    issuer_of_dovecot: Issuer, token_dovecot: Dovecot, folder: Path
) -> None:
    ours = access(issuer_of_dovecot, folder)
    first = ours.current()
    issuer_of_dovecot.end_all()
    before = len(issuer_of_dovecot.grants())
    box = mailbox(token_dovecot.imap_port, ours, folder)
    try:
        assert box.open().uidvalidity  # the challenge that explains the refusal was answered, else it would hang
    finally:
        box.close()
    assert ours.current() != first
    assert len(issuer_of_dovecot.grants()) == before + 1


@pytest.mark.usefixtures("mechanism")
def test_a_user_without_rights_is_refused_after_two_tries(
    issuer_of_dovecot: Issuer, token_dovecot: Dovecot, folder: Path
) -> None:
    before = len(issuer_of_dovecot.grants())
    box = mailbox(token_dovecot.imap_port, access(issuer_of_dovecot, folder), folder, username="boss@example.com")
    with pytest.raises(LoginError) as caught:
        box.open()
    assert "our token" in caught.value.what
    assert len(issuer_of_dovecot.grants()) == before + 2


def test_a_server_without_tokens_is_not_asked_for_a_password(issuer: Issuer, folder: Path, dovecot: Dovecot) -> None:
    box = mailbox(dovecot.imap_port, access(issuer, folder), folder)
    with pytest.raises(UnreachableError) as caught:
        box.open()
    assert "XOAUTH2" in caught.value.what
    assert len(issuer.grants()) == 1


# --- SMTP -------------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["XOAUTH2", "OAUTHBEARER"])
def token_sink(request: pytest.FixtureRequest, issuer: Issuer) -> Iterator[TokenSink]:
    with TokenSink(issuer, request.param) as server:
        yield server


def outbox(port: int, ours: Access | None, base: Path, **changes: Any) -> SmtpOutbox:
    table = {"host": HOST, "port": port, "security": "none", "username": USER, "from": USER, "timeout": "5s", **changes}
    return SmtpOutbox(SmtpConfig.model_validate(table), base, ours)


def reply() -> Reply:
    data = b"Message-ID: <r@firstline.example.com>\r\nSubject: Re\r\n\r\nThank you.\r\n"
    return Reply(message_id="<r@firstline.example.com>", envelope_from="", recipient="eve@example.org", data=data)


def test_a_letter_goes_out_with_a_token(issuer: Issuer, token_sink: TokenSink, folder: Path) -> None:
    box = outbox(token_sink.port, access(issuer, folder), folder)
    box.send(reply())
    box.close()
    (accepted,) = token_sink.accepted
    assert accepted.user == USER


def test_an_ended_token_is_replaced_and_the_explanation_answered(
    issuer: Issuer, token_sink: TokenSink, folder: Path
) -> None:
    ours = access(issuer, folder)
    ours.current()
    issuer.end_all()
    box = outbox(token_sink.port, ours, folder)
    box.send(reply())
    box.close()
    assert len(token_sink.accepted) == 1
    assert token_sink.answers == [b"" if token_sink.mechanism == "XOAUTH2" else b"\x01"]
    assert len(issuer.grants()) == 2


def test_a_mail_server_that_takes_no_token_of_ours_is_a_wrong_password(
    issuer: Issuer, token_sink: TokenSink, folder: Path
) -> None:
    box = outbox(token_sink.port, access(issuer, folder), folder, username="boss@example.com")
    with pytest.raises(LoginError) as caught:
        box.check()
    assert "our token" in caught.value.what
    assert len(issuer.grants()) == 2
    assert token_sink.accepted == []


def test_a_shared_mailbox_is_used_with_the_token_of_a_member(
    issuer: Issuer, token_sink: TokenSink, folder: Path
) -> None:
    """As Microsoft has it: the name is that of the mailbox, the token that of whoever signed in."""
    issuer.user, issuer.shared = "anna@example.com", {USER}
    box = outbox(token_sink.port, access(issuer, folder), folder)
    box.send(reply())
    box.close()
    assert token_sink.accepted[0].user == USER


def test_letters_wait_while_no_token_can_be_had(issuer: Issuer, token_sink: TokenSink, folder: Path) -> None:
    ours = access(issuer, folder)
    box = outbox(token_sink.port, ours, folder)
    issuer.withdrawn = True
    outcomes = box.send_all([reply(), reply()])
    assert [type(outcome).__mro__[1] for outcome in outcomes] == [LoginError] * 2
    issuer.withdrawn = False
    assert box.send_all([reply(), reply()]) == [None, None]
    box.close()


@pytest.mark.parametrize("lost", ["refresh", "secret"])
def test_a_secret_that_can_not_be_read_burns_no_letter(
    issuer: Issuer, token_sink: TokenSink, folder: Path, lost: str
) -> None:
    content = (folder / lost).read_text()
    (folder / lost).unlink()
    box = outbox(token_sink.port, access(issuer, folder), folder)
    (outcome,) = box.send_all([reply()])
    assert isinstance(outcome, LoginError)
    (folder / lost).write_text(content)
    assert box.send_all([reply()]) == [None]
    box.close()


def test_a_password_file_that_can_not_be_read_burns_no_letter(folder: Path) -> None:
    box = outbox(9, None, folder, password={"file": "gone"})
    (outcome,) = box.send_all([reply()])
    assert isinstance(outcome, UnreachableError)
    assert not isinstance(outcome, UncertainError)
