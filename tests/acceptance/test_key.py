"""The key that signs: made once and whole, never taken for one when it is none, never replaced when it is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.config.load import check
from pipeline.errors import ConfigError
from pipeline.store.database import Database
from pipeline.wiring.keys import key_of
from tests.desk import COMMAND, Desk, letter
from tests.doors.test_migrations import fill, mail
from tests.learned import toy_registry
from tests.samples import NOON, table
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink

AT_ONCE = 8
# Each waits for the others at the door, then asks for the key as every command does.
ASK = """
import sys
from pathlib import Path
from pipeline.config.load import check
from pipeline.wiring.keys import key_of
print(flush=True)
sys.stdin.readline()
for number in range(30):
    config = check({}, Path(sys.argv[1]) / str(number) / "config.toml")
    print(key_of(config).decode(), flush=True)
    sys.stdin.readline()
"""


def test_the_key_is_made_for_this_user_only_and_then_kept(tmp_path: Path) -> None:
    config = check(table(), tmp_path / "config.toml")
    first = key_of(config)
    assert len(first) == 64
    assert key_of(config) == config.key() == first
    assert (tmp_path / "var/key").stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path / "var") == ["key"]


def test_who_starts_at_the_same_time_gets_the_same_whole_key(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / str(number)).mkdir()
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", ASK, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        for _ in range(AT_ONCE)
    ]
    try:
        for racer in racers:
            assert racer.stdout
            racer.stdout.readline()
        for number in range(30):
            for racer in racers:
                assert racer.stdin
                racer.stdin.write("\n")
            keys = {racer.stdout.readline().strip() for racer in racers if racer.stdout}
            assert len(keys) == 1, number
            assert len(keys.pop()) == 64
    finally:
        for racer in racers:
            racer.communicate("\n")


@pytest.mark.parametrize("stood", [b"", b"\n", b"short", b"x" * 31, b" " * 100])
@pytest.mark.parametrize("place", ["file", "env"])
def test_what_is_too_short_to_be_a_key_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stood: bytes, place: str
) -> None:
    monkeypatch.setenv("THE_KEY", stood.decode().strip())
    (tmp_path / "key").write_bytes(stood)
    secret = {"file": "key"} if place == "file" else {"env": "THE_KEY"}
    with pytest.raises(ConfigError, match=r"security\.key"):
        key_of(check({**table(), "security": {"key": secret}}, tmp_path / "config.toml"))
    assert (tmp_path / "key").read_bytes() == stood


def test_a_key_that_models_were_signed_with_is_never_made_anew(tmp_path: Path) -> None:
    toy_registry(tmp_path / "models")
    with pytest.raises(ConfigError, match="put back your copy"):
        key_of(check(table(), tmp_path / "config.toml"))
    assert not (tmp_path / "var/key").exists()


def test_a_key_that_mails_were_answered_with_is_never_made_anew(tmp_path: Path, database: Database) -> None:
    """Also not where the database is of an older version, or of a server."""
    config = check({**table(), "store": {"url": database.url}}, tmp_path / "config.toml")
    fill(database, mail=[mail("AAAA-AAAA", "a hash", NOON)])
    with pytest.raises(ConfigError, match="mails were answered"):
        key_of(config)
    assert not (tmp_path / "var/key").exists()


def test_no_command_goes_on_without_the_key(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> None:
    user = dovecot.fresh_user()
    dovecot.deliver(letter(1), user)
    desk = Desk(tmp_path / "desk", dovecot.imap_port, sink.port, user)
    desk.run("once")
    key = desk.folder / "var/key"
    kept = key.rename(tmp_path / "copy")
    another = tmp_path / "a.eml"
    another.write_bytes(letter(2))
    for words in (("once",), ("run",), ("classify", str(another)), ("model", "list"), ("status",), ("doctor",)):
        said = desk.run(*words, expect=2)
        assert "put back your copy" in said.stdout + said.stderr, words
        assert not key.exists(), words
    shutil.copy(kept, key)
    desk.run("once")


def test_everything_that_a_command_writes_is_for_this_user_only(initialised: Path, tmp_path: Path) -> None:
    """With the umask that most systems have, whatever the command; `init` ran with it too."""
    desk = shutil.copytree(initialised, tmp_path / "desk")

    def run(*words: str) -> None:
        subprocess.run([COMMAND, *words], cwd=desk, check=True, umask=0o022, timeout=200, capture_output=True)

    run("db", "backup", "copy.db")
    run("db", "restore", "copy.db")
    run("report", "--out", "report.html")
    run("data", "export", "all.csv")
    assert desk.stat().st_mode & 0o777 == 0o700
    made = [desk / "copy.db", desk / "report.html", desk / "all.csv", *(desk / "var").rglob("*")]
    made += [desk / "var", desk / "models", *(desk / "models").rglob("*")]
    assert len(made) > 12
    opened = {str(path): oct(path.stat().st_mode) for path in made if path.stat().st_mode & 0o077}
    assert not opened
