"""`firstline login`: signing in by a code, or by a browser that comes back; and everything after it with tokens."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk import COMMAND, Desk, letter, stop
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.servers.token_server import Issuer
from tests.servers.token_sink import TokenSink
from tests.waiting import wait_until


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with Issuer() as server:
        yield server


@pytest.fixture
def outgoing(issuer: Issuer) -> Iterator[TokenSink]:
    with TokenSink(issuer) as server:
        yield server


@pytest.fixture
def desk(dovecot: Dovecot, outgoing: TokenSink, issuer: Issuer, tmp_path: Path) -> Desk:
    """Its mailbox has a password, its outgoing server takes tokens."""
    made = Desk(tmp_path / "desk", dovecot.imap_port, outgoing.port, dovecot.fresh_user())
    made.smtp = {"username": "support@example.com"}
    # Below [smtp], where `more` would come too late.
    made.write()
    config = made.folder / "config.toml"
    oauth2 = (
        f'[smtp.oauth2]\nflow = "device_code"\nclient_id = "client"\nrefresh_token = {{ file = "var/refresh" }}\n'
        f'token_url = "{issuer.url}/token"\ndevice_url = "{issuer.url}/devicecode"\n'
        f'authorize_url = "{issuer.url}/authorize"\nscope = "mail"\n'
    )
    config.write_text(config.read_text().replace("[classify]", f"{oauth2}[classify]"))
    return made


def signing_in(desk: Desk, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [COMMAND, "login", *words],
        cwd=desk.folder,
        env=desk.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_code_that_is_typed_in_elsewhere_signs_in(desk: Desk, issuer: Issuer) -> None:
    process = signing_in(desk, "smtp", "--json")
    assert process.stderr
    told = process.stderr.readline()
    code = re.search(r"type in (USER-\d+)", told)
    assert code, told
    wait_until(lambda: len(issuer.grants()) > 1, "it asks whether somebody has agreed")
    issuer.approved.add(code[1])
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    file = desk.folder / "var" / "refresh"
    assert json.loads(out) == {"name": "smtp", "file": str(file)}
    assert file.read_text().strip() == issuer.newest
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    checks = {one["check"]: one["ok"] for one in desk.jsonl("doctor", expect=None)}
    assert checks["outgoing server"]


def test_a_browser_that_comes_back_signs_in(desk: Desk, issuer: Issuer) -> None:
    process = signing_in(desk, "smtp", "--browser")
    assert process.stderr
    process.stderr.readline()
    address = process.stderr.readline().strip()
    assert "code_challenge_method=S256" in address
    back = re.search(r"redirect_uri=http%3A%2F%2Flocalhost%3A(\d+)%2F", address)
    assert back, address
    # Somebody else on this machine, who does not know the state, brings a code of their own.
    with urllib.request.urlopen(f"http://127.0.0.1:{back[1]}/?code=evil&state=guessed", timeout=30) as page:
        assert b"not the answer" in page.read()
    with urllib.request.urlopen(address, timeout=30) as page:
        assert b"close this page" in page.read()
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "signed in" in out
    assert (desk.folder / "var" / "refresh").read_text().strip() == issuer.newest
    assert "evil" not in str(issuer.asked)


def test_who_says_no_in_the_browser_is_told_so(desk: Desk) -> None:
    process = signing_in(desk, "smtp", "--browser")
    assert process.stderr
    process.stderr.readline()
    address = process.stderr.readline().strip()
    port, state = re.search(r"localhost%3A(\d+)", address), re.search(r"state=([\w-]+)", address)
    assert port
    assert state
    page = f"http://127.0.0.1:{port[1]}/?error=access_denied&state={state[1]}"
    urllib.request.urlopen(page, timeout=30).close()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "access_denied" in err
    assert not (desk.folder / "var" / "refresh").exists()


def test_a_refused_code_ends_the_sign_in(desk: Desk, issuer: Issuer) -> None:
    process = signing_in(desk, "smtp")
    assert process.stderr
    process.stderr.readline()
    issuer.plan(400, {"error": "access_denied"})
    _, err = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "access_denied" in err


def test_where_nobody_signs_in_it_says_so(desk: Desk) -> None:
    assert "nobody signs in to [mailbox.support]" in desk.run("login", "support", expect=2).stderr
    assert "one of support, smtp" in desk.run("login", "sales", expect=2).stderr


def test_nothing_starts_before_somebody_has_signed_in(desk: Desk) -> None:
    for command in ("run", "once"):
        done = desk.run(command, expect=2)
        assert "firstline login smtp" in done.stderr


def test_letters_wait_while_consent_is_withdrawn_and_go_out_afterwards(
    desk: Desk, issuer: Issuer, dovecot: Dovecot, outgoing: SmtpSink
) -> None:
    (desk.folder / "var" / "refresh").write_text("refresh-0\n")
    issuer.withdrawn = True
    process = desk.start("run")
    dovecot.deliver(letter(1), desk.username)
    wait_until(lambda: "invalid_grant" in desk.log(), desk.log)
    (mail,) = desk.jsonl("mail", "list")
    states = {effect["kind"]: effect["state"] for effect in desk.json("mail", "show", mail["id"])["effects"]}
    assert states["acknowledge"] == "waiting"
    issuer.withdrawn = False
    assert len(outgoing.wait_for(1, 120)) == 1
    assert stop(process) == 0
    for secret in ("refresh-0", *issuer.issued):
        assert secret not in desk.log()
