"""A working folder with a configuration, and the command run in it: in this process, or as one of its own."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

import pytest
import structlog

from pipeline import errors, logs
from pipeline.cli import main
from pipeline.errors import name_config_file
from pipeline.replies.letters import KEPT, TemplateLetters
from tests.waiting import wait_until

ROOT = Path(__file__).parent.parent
COMMAND = Path(sys.executable).parent / "firstline"
PASSWORD = "pw-support"


def letter(
    number: int = 1, sender: str = "", subject: str = "", to: str = "support@example.com", **headers: str
) -> bytes:
    """A mail from somebody, each number from another person about another thing."""
    message = EmailMessage()
    message["From"] = sender or f"Person {number} <person{number}@example.org>"
    message["To"] = to
    message["Subject"] = subject or f"Where is parcel {number}?"
    message["Date"] = "Wed, 18 Nov 2026 12:00:00 +0000"
    message["Message-ID"] = headers.pop("message_id", f"<letter{number}@example.org>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(f"Hello,\n\nparcel {number} was due on Tuesday. Where is it?\n\nPerson {number}\n")
    return message.as_bytes().replace(b"\n", b"\r\n")


@cache
def checked_templates() -> bytes:
    """What a first start finds out about the shipped templates: once for all desks, as it takes two seconds."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "templates.json"
        TemplateLetters(ROOT / "templates", "en", kept=kept)
        return kept.read_bytes()


@dataclass
class Desk:
    """One installation: its folder, and how it reaches its servers."""

    folder: Path
    imap_port: int
    smtp_port: int
    username: str
    password: str = PASSWORD
    mailbox: dict[str, Any] = field(default_factory=dict)  # keys of [mailbox.support] beside the usual
    smtp: dict[str, Any] = field(default_factory=dict)
    more: str = ""  # further tables, as text
    models: Path | None = None
    # Commands run in this process, which has loaded already what a new one loads for seconds: conftest.py sets it.
    quick: ClassVar[bool] = False

    def __post_init__(self) -> None:
        self.write()

    def write(self) -> None:
        """Writes config.toml; call it again after a change."""
        self.folder.mkdir(exist_ok=True)
        mailbox = {
            "host": "127.0.0.1",
            "port": self.imap_port,
            "security": "none",
            "username": self.username,
            "addresses": ["support@example.com"],
            "first_run": "acknowledge",
            "max_age": "3650d",
            "poll": "1s",
            **self.mailbox,
        }
        smtp = {
            "host": "127.0.0.1",
            "port": self.smtp_port,
            "security": "none",
            "from": "Example Support <support@example.com>",
            **self.smtp,
        }
        if not (self.folder / KEPT).exists():
            (self.folder / KEPT).parent.mkdir(mode=0o700, exist_ok=True)
            (self.folder / KEPT).write_bytes(checked_templates())
            (self.folder / KEPT).chmod(0o600)
        models = self.models or self.folder / "models"
        (self.folder / "config.toml").write_text(
            f"[mailbox.support]\n{_lines(mailbox)}password = {{ env = 'DESK_PASSWORD' }}\n"
            f"[smtp]\n{_lines(smtp)}"
            f"[classify]\nmodels = '{models}'\n"
            f"[replies]\ntemplates = '{ROOT}/templates'\ncompany = 'Example Ltd'\n{self.more}",
            encoding="utf-8",
        )

    def environment(self, **more: str) -> dict[str, str]:
        return {**os.environ, "DESK_PASSWORD": self.password, "NO_COLOR": "1", "COLUMNS": "200", **more}

    def run(self, *words: str, expect: int | None = 0, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs the command to its end; `expect` is the exit code it must have."""
        if not self.quick:
            return self.run_apart(*words, expect=expect, **environment)
        return _as_expected(in_process(words, self.folder, self.environment(**environment)), expect)

    def run_apart(self, *words: str, expect: int | None = 0, **environment: str) -> subprocess.CompletedProcess[str]:
        """The same always as a process of its own, as it is installed."""
        done = subprocess.run(
            [COMMAND, *words],
            cwd=self.folder,
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        return _as_expected(done, expect)

    def json(self, *words: str, expect: int | None = 0) -> Any:
        """The one document that the command prints with --json."""
        return json.loads(self.run(*words, "--json", expect=expect).stdout)

    def jsonl(self, *words: str, expect: int | None = 0) -> list[Any]:
        return [json.loads(line) for line in self.run(*words, "--json", expect=expect).stdout.splitlines()]

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[str]]:
        """`run`, which does not outlive the test."""
        process = self.start("run")
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def pages(self) -> str:
        """Where its pages are, once its log says so."""
        found = wait_until(lambda: re.search(r'"listen": "([^"]+)"', self.log()), self.log)
        return f"http://{found[1]}"

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Starts the command and leaves it running."""
        with (self.folder / "log").open("a", encoding="utf-8") as log:
            return subprocess.Popen(
                [COMMAND, *words],
                cwd=self.folder,
                env=self.environment(),
                stdout=subprocess.DEVNULL,
                stderr=log,
                text=True,
            )

    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")


def stop(process: subprocess.Popen[str], sign: int = signal.SIGTERM, seconds: float = 60.0) -> int:
    """Sends a signal and waits for the end; returns the exit code."""
    process.send_signal(sign)
    return process.wait(seconds)


def in_process(words: Sequence[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The command as if it had been started in the folder; what it changes for all of a process is put back."""
    umask = os.umask(0o077)
    os.umask(umask)
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
    with (
        chdir(folder),
        patch.dict(os.environ, environment, clear=True),
        patch.object(sys, "argv", [str(COMMAND), *words]),
        redirect_stdout(out),
        redirect_stderr(err),
        as_it_was(),
        pytest.raises(SystemExit) as leaving,
    ):
        main()
    os.umask(umask)
    told = [(stream.flush(), stream.buffer.getvalue().decode())[1] for stream in (out, err)]  # type: ignore[attr-defined]
    return subprocess.CompletedProcess([*words], int(leaving.value.code or 0), *told)


@contextmanager
def as_it_was() -> Iterator[None]:
    """What a command sets up for its whole process (logging, the name of its configuration) is put back afterwards."""
    root, settings, config_file = logging.getLogger(), structlog.get_config(), errors._ConfigFile.name
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        structlog.configure(**settings)
        logs._NotSetUp.level = None
        root.handlers[:], root.level = handlers, level
        name_config_file(config_file)


def _as_expected(done: subprocess.CompletedProcess[str], expect: int | None) -> subprocess.CompletedProcess[str]:
    if expect is not None:
        assert done.returncode == expect, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr, done.stderr
    return done


def _lines(table: dict[str, Any]) -> str:
    return "".join(f"{name} = {_toml(value)}\n" for name, value in table.items())


def _toml(value: Any) -> str:
    return json.dumps(value) if not isinstance(value, bool) else str(value).lower()
