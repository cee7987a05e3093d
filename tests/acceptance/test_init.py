"""`init` on a terminal and without one: what it asks and tries; and that nothing of the example stays in a letter."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.config.load import load
from pipeline.desk import accounts
from pipeline.records.account import DeskRole
from pipeline.replies.letters import TemplateLetters
from pipeline.replies.variables import samples
from pipeline.wiring.live_doors import build
from tests.desk import COMMAND, in_process
from tests.servers.pymap_server import PymapServer
from tests.servers.smtp_sink import SmtpSink

HIDDEN = "SUPPORT_PASSWORD): "  # its last space comes when nothing is shown any more
USER = "support@example.com"  # known to the server


@pytest.fixture
def servers(pymap: PymapServer, sink: SmtpSink) -> tuple[str, str]:
    """As `init` takes them."""
    return f"127.0.0.1:{pymap.port}", f"127.0.0.1:{sink.port}"


@pytest.fixture
def no_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes half a minute, and test_commands.py shows it."""
    monkeypatch.setattr("pipeline.learn.training.train_starter", lambda *_: "20260101T000000-00000000")


def init(folder: Path, *words: str, expect: int = 0, **environment: str) -> str:
    done = in_process(("init", "desk", *words), folder, {**os.environ, "NO_COLOR": "1", **environment})
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout + done.stderr


class Terminal:
    """The command as a person sees it, who answers what it asks."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.ours, theirs = pty.openpty()
        environment = {**os.environ, "NO_COLOR": "1", "TERM": "xterm", "LC_ALL": "en_GB.UTF-8", "TZ": "Europe/London"}
        environment.pop("SUPPORT_PASSWORD", None)
        self.process = subprocess.Popen(
            [COMMAND, "init", *words], cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs,
            start_new_session=True,  # else it would ask for the password on the terminal of whoever runs the tests
        )  # fmt: skip
        os.close(theirs)
        self.seen, self.at = "", 0

    def wait_for(self, text: str, seconds: float = 60.0) -> None:
        """Behind what was waited for before."""
        until = time.monotonic() + seconds
        while text not in self.seen[self.at :]:
            assert time.monotonic() < until, self.seen
            if select.select([self.ours], [], [], 1.0)[0]:
                self.seen += os.read(self.ours, 4096).decode(errors="replace")
        self.at = self.seen.index(text, self.at) + len(text)

    def answer(self, question: str, text: str) -> None:
        self.wait_for(question)
        os.write(self.ours, f"{text}\n".encode())

    def leave(self) -> None:
        self.process.terminate()
        self.process.wait(30)
        os.close(self.ours)


def test_on_a_terminal_it_asks_tries_the_log_ins_and_lets_them_be_corrected(
    tmp_path: Path, servers: tuple[str, str]
) -> None:
    imap, smtp = servers
    terminal = Terminal(tmp_path, "desk")
    try:
        terminal.answer("Your company", "Nordkauf Oy")
        terminal.answer("customers write to", "nonsense")
        terminal.answer("not an address", "help@nordkauf.test")
        terminal.answer("IMAP server", "127.0.0.1:1")
        terminal.answer("SMTP server", smtp)
        terminal.answer("Log in as", USER)
        terminal.answer("time zone", "")
        terminal.answer("public holidays", "-")
        terminal.answer("language", "")
        terminal.answer("Who answers for complaints", "anna@nordkauf.test")
        terminal.answer("to sign in at the desk", "")
        terminal.answer(HIDDEN, "pw-support")
        terminal.answer("Correct the servers", "y")
        terminal.answer("IMAP server", imap)
        terminal.answer("SMTP server", "")
        terminal.answer("Log in as", "")
        terminal.answer(HIDDEN, "pw-support")
        terminal.wait_for("outgoing server: logged in")
        terminal.wait_for("reading")  # how the training goes
    finally:
        terminal.leave()
    assert "mailbox support: logged in" in terminal.seen
    assert "pw-support" not in terminal.seen
    made = load(tmp_path / "desk/config.toml")
    assert made.mailbox["support"].password is not None
    kept = made.at(made.mailbox["support"].password.file)
    assert kept.read_text() == "pw-support\n"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert (made.calendar.timezone, made.calendar.holidays) == ("Europe/London", "")
    assert made.topics["delivery"].owner == "anna@nordkauf.test"


@pytest.mark.usefixtures("no_training")
def test_elsewhere_it_asks_nothing_and_tries_what_it_can(tmp_path: Path, servers: tuple[str, str]) -> None:
    imap, smtp = servers
    words = ("--company", "Nordkauf", "--address", "help@nordkauf.test", "--username", USER, "--imap", imap)
    told = init(tmp_path, *words, "--smtp", smtp, "--owner", "anna@nordkauf.test", SUPPORT_PASSWORD="pw-support")
    assert "mailbox support: logged in" in told
    assert "export" not in told


@pytest.mark.usefixtures("no_training")
def test_the_first_admin_gets_a_link_to_a_desk_that_run_serves(tmp_path: Path) -> None:
    told = init(tmp_path, "--admin", "Anna@nordkauf.test", "--yes")
    (link,) = re.findall(r"http://127\.0\.0\.1:8025/desk/invitation/(\S+)", told)
    made = load(tmp_path / "desk/config.toml")
    assert made.web.enabled
    assert made.web.token is None  # else `run` would ask for a secret that nobody has
    with closing(build(made)) as doors:
        found = accounts.invited(doors, link)
        assert found
        assert (found.address, found.role) == ("anna@nordkauf.test", DeskRole.ADMIN)


@pytest.mark.usefixtures("no_training")
def test_a_log_in_that_fails_is_told_and_the_folder_is_there(tmp_path: Path) -> None:
    words = ("--address", "help@nordkauf.test", "--imap", "127.0.0.1:1", "--smtp", "127.0.0.1:1", "--yes")
    told = init(tmp_path, *words, SUPPORT_PASSWORD="x")
    assert "correct the log-ins in desk/config.toml" in told
    assert (tmp_path / "desk/templates/en/neutral.txt").is_file()


@pytest.mark.usefixtures("no_training")
def test_no_letter_says_anything_of_the_example(tmp_path: Path) -> None:
    init(tmp_path, "--company", "Nordkauf", "--address", "help@nordkauf.test", "--timezone", "Europe/Berlin")
    config = load(tmp_path / "desk/config.toml")
    letters = TemplateLetters.of(config)
    assert len(letters.names) > 150
    shown = {name: "" if "xample" in str(value) else value for name, value in samples().items()}  # the operator's words
    shown |= {"company": "Nordkauf", "articles": [], "scores": []}
    for language, name in letters.names:
        letter = letters.render(name, language, shown)
        assert not {word for word in ("Example", "example.com", "Helsinki") if word in letter.text + letter.html}
    assert list((tmp_path / "desk/templates").glob("*/articles")) == []


@pytest.mark.usefixtures("no_training")
def test_topics_of_ones_own_take_the_place_of_the_starters(tmp_path: Path) -> None:
    (tmp_path / "topics.txt").write_text("lost card\nforeign transfer\n")
    told = init(tmp_path, "--topics-from", "topics.txt", "--owner", "lost card=cards@bank.test", "--yes")
    assert "no topic is learned yet" in told
    config = load(tmp_path / "desk/config.toml")
    assert {name: topic.owner for name, topic in config.topics.items()} == {
        "lost card": "cards@bank.test",
        "foreign transfer": "",
    }
    lint = in_process(("template", "lint"), tmp_path / "desk", {**os.environ, "NO_COLOR": "1"})
    assert "0 errors, 0 warnings" in lint.stdout


def test_a_wrong_option_makes_no_folder(tmp_path: Path) -> None:
    for words in (
        ("--address", "x"),
        ("--owner", "Anna"),
        ("--timezone", "Mars"),
        ("--owner", "gardening=a@b.test"),
        ("--topics-from", "no.txt"),
    ):
        assert "→" in init(tmp_path, *words, expect=2)
        assert not (tmp_path / "desk").exists(), words
