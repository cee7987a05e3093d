"""What commands say is for people: no bytes of Python, no patterns, "1 mail"; and which values there are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from pipeline.mailbox.connection import one_line
from pipeline.text.numbers import many
from tests.desk import Desk, in_process, letter
from tests.servers.pymap_server import PymapServer
from tests.servers.smtp_sink import SmtpSink


@pytest.fixture
def desk(pymap: PymapServer, sink: SmtpSink, tmp_path: Path) -> Desk:
    user = f"{tmp_path.name}@example.com"
    pymap.add_user(user, "pw-support")
    return Desk(tmp_path / "desk", pymap.port, sink.port, user, more="[topics.delivery]\nowner = 'anna@shop.test'\n")


def checks(desk: Desk) -> dict[str, Any]:
    return {check["check"]: check for check in desk.jsonl("doctor", expect=None)}


@pytest.mark.parametrize(
    ("count", "word", "words"),
    [
        (0, "mail", "0 mails"),
        (1, "mail", "1 mail"),
        (2, "mail", "2 mails"),
        (2, "reply", "2 replies"),
        (2, "day", "2 days"),
        (1, "reply", "1 reply"),
    ],
)
def test_one_is_not_many(count: int, word: str, words: str) -> None:
    assert many(count, word) == words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("b'[AUTHENTICATIONFAILED] Invalid credentials.'", "[AUTHENTICATIONFAILED] Invalid credentials."),
        ('select failed: b"that\'s" all', "select failed: that's all"),
        ("[b'NO', b'more']", "[NO, more]"),
        ("the b'", "the b'"),
        ("Bob's", "Bob's"),
    ],
)
def test_what_a_server_said_is_shown_as_it_said_it(said: str, words: str) -> None:
    assert one_line(said) == words


def test_doctor_tells_a_refused_log_in_in_words(desk: Desk) -> None:
    desk.password = "wrong"
    told = checks(desk)["mailbox support"]["detail"]
    assert "does not accept name and password" in told
    assert "b'" not in told


def test_doctor_says_when_letters_go_out_from_somewhere_else(desk: Desk) -> None:
    assert checks(desk)["sender"]["detail"] == "letters go out from example.com"
    desk.smtp["from"] = "Shop <hello@elsewhere.test>"
    desk.write()
    found = checks(desk)["sender"]
    assert found["ok"]  # a service that sends for others is no mistake
    assert "elsewhere.test, which is the domain of no address" in found["detail"]


def test_nobody_is_assigned_and_who_could_be_is_named(desk: Desk) -> None:
    assert "owners of topics: anna@shop.test" in desk.run("ticket", "assign", "AAAA-AAAA", " ", expect=2).stderr


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (("ticket", "list", "--status", "foo"), "open, active, waiting, resolved, closed"),
        (("mail", "list", "--state", "foo"), "pending, done, parked"),
        (("ticket", "status", "AAAA-AAAA", "foo"), "open, active, waiting, resolved, closed"),
        (("ticket", "priority", "AAAA-AAAA", "foo"), "low, normal, high, urgent"),
    ],
)
def test_a_value_that_there_is_not_is_answered_with_those_that_there_are(
    desk: Desk, words: tuple[str, ...], values: str
) -> None:
    assert values in desk.run(*words, expect=2).stderr


def test_a_second_one_says_that_there_is_one_already(desk: Desk, pymap: PymapServer) -> None:
    pymap.deliver(letter(1), user=desk.username)
    first = desk.start("run")
    try:
        while not desk.jsonl("mail", "list"):
            assert first.poll() is None, desk.log()
        for command in ("run", "once"):
            assert "another `firstline run` or `once` is at work" in desk.run_apart(command, expect=2).stderr
    finally:
        first.terminate()
        first.wait(60)


def test_the_demonstration_needs_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is shipped is used, from a folder of the user's cache."""
    seen: list[Path] = []
    monkeypatch.setattr("pipeline.cli.demo._have_model", lambda config, **_: seen.append(config.folder))
    monkeypatch.setattr("pipeline.demo.show.one_pass", lambda _config: ([], {"mailboxes": {}}, ""))
    where = tmp_path / "elsewhere"
    where.mkdir()
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    for _ in range(2):
        assert in_process(("demo",), where, environment).returncode == 0
    assert seen == [tmp_path / "cache/firstline/demo"] * 2
    assert list(where.iterdir()) == []
    assert in_process(("--config", "none.toml", "demo"), where, environment).returncode == 2  # a file that was named
    (tmp_path / "file").touch()
    done = in_process(("demo",), where, {**environment, "XDG_CACHE_HOME": str(tmp_path / "file")})
    assert (done.returncode, "XDG_CACHE_HOME" in done.stderr) == (2, True)
