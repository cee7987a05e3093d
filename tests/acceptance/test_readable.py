"""Nothing that comes from outside commands a terminal or a spreadsheet: a server's words, a file's name, a cell."""

from __future__ import annotations

import csv
import io
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import logs
from pipeline.cli import main
from pipeline.errors import ConfigError, FirstlineError, UnreachableError, readable
from pipeline.learn import shelf
from pipeline.learn.dataset import Row
from pipeline.store.connection import secured
from pipeline.store.database import Database
from tests.desk import Desk, in_process
from tests.learned import toy_rows, write_csv
from tests.servers.smtp_sink import SmtpSink

COMMANDS = {
    "colour": "\x1b[31mred",
    "title": "\x1b]0;owned\x07",
    "clipboard": "\x1b]52;c;ZXZpbA==\x07",
    "bell": "\x07",
    "8-bit": "\x9b31m\x9d0;x\x9c",
    "backspace": "ok\b\bno",
    "return": "hidden\rshown",
    "delete": "\x7f",
    "zero": "\0",
    "right to left": "\u202egpj.exe\u2066x\u2069",
    "invisible": "a\u200bb\ufeffc\u00ad",
    "half a character": "\ud800",
    "line separator": "a\u2028b\u0085c\x0b\x0c",
}


@pytest.mark.parametrize("said", COMMANDS.values(), ids=COMMANDS)
def test_what_is_said_on_a_terminal_commands_nothing(said: str) -> None:
    for text in (readable(said), str(FirstlineError(said, where=said, remedy=said))):
        assert all(letter.isprintable() or letter == "\n" for letter in text), ascii(text)
        text.encode()


@pytest.mark.parametrize("words", ["Grüße, это 10\u202f€\u00a0✓ 😀", "two\nlines", "שלום"])
def test_words_of_all_languages_stay(words: str) -> None:
    assert readable(words) == words


class Rude:
    """A server that greets with commands for a terminal."""

    def __init__(self, greeting: bytes) -> None:
        self.greeting = greeting
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                line, _ = self.listening.accept()
            except OSError:
                return
            with line:
                line.sendall(self.greeting)
                line.settimeout(5)
                try:
                    line.recv(1000)
                except OSError:
                    continue


@pytest.fixture
def rude() -> Iterator[Rude]:
    server = Rude(b"* BYE \x1b]0;owned\x07\x1b[2J \x9b31m go away\r\n")
    yield server
    server.listening.close()


def test_the_words_of_a_server_reach_no_terminal_as_they_are(rude: Rude, sink: SmtpSink, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "desk", rude.port, sink.port, "anna", smtp={"port": rude.port})
    said = ""
    for words in (("once",), ("doctor",), ("status",), ("mail", "reconcile")):
        done = desk.run_apart(*words, expect=None)
        assert done.returncode != 0
        said += done.stdout + done.stderr
    assert "go away" in said
    assert all(letter.isprintable() or letter == "\n" for letter in said)


@pytest.mark.parametrize("words", [("mail", "show", "\x1b[31m"), ("\x1b[31m",), ("once", "--\x1b[31m")])
def test_nor_do_the_words_of_a_command(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert main
    done = in_process(("--config", "\x1b[2Jno.toml", *words), tmp_path, dict(os.environ))
    assert done.returncode == 2
    assert "\x1b" not in done.stdout + done.stderr


def test_nor_does_the_log_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("NO_COLOR", "1")
    logs.set_up()
    for said in COMMANDS.values():
        logs.get("run").warning("a server said", problem=f"<{said}>", error=ValueError(said))
    for one in ("\x1b]", "\x07", "\x9b", "\x1b[31mred", "\u202e", "\x1b[2J"):
        assert one not in terminal.getvalue()


# --- spreadsheets -----------------------------------------------------------------------------------------------------

FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "=cmd|' /C calc'!A0",
)


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_computed(tmp_path: Path, formula: str) -> None:
    row = Row(text=formula, subject=formula, topic=formula, source=formula, labelled_by=formula, sender=formula)
    shelf.export([row], tmp_path / "plain.csv")
    shelf.export([row], tmp_path / "safe.csv", for_spreadsheets=True)
    with (tmp_path / "plain.csv").open(newline="", encoding="utf-8") as file:
        assert next(csv.DictReader(file))["text"] == formula
    with (tmp_path / "safe.csv").open(newline="", encoding="utf-8") as file:
        for cell in next(csv.DictReader(file)).values():
            assert cell in ("", f"'{formula}")


def test_both_commands_that_write_tables_can_do_it(sink: SmtpSink, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "desk", 1, sink.port, "anna")
    (desk.folder / "training_data").mkdir()
    rows = [Row(text=f"={row.text}", topic="parcel", subject="-x", labelled_by="anna") for row in toy_rows()]
    write_csv(desk.folder / "training_data/some.csv", rows)
    desk.run("data", "export", "out.csv", "--for-spreadsheets")
    desk.run("data", "discover", "training_data/some.csv", "--out", "found.csv", "--for-spreadsheets")
    for name in ("out.csv", "found.csv"):
        with (desk.folder / name).open(newline="", encoding="utf-8") as file:
            cells = [cell for row in csv.DictReader(file) for cell in row.values()]
        assert any(cell.startswith("'=") for cell in cells)
        assert not [cell for cell in cells if cell[:1] in set("=+-@")]
    assert "only a table" in desk.run("data", "export", "out.jsonl", "--for-spreadsheets", expect=2).stderr


# --- PostgreSQL on another machine ------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["db.example.com", "192.0.2.7", "2001:db8::1", "localhost,db.example.com", "10.0.0.1"])
def test_a_database_elsewhere_must_prove_who_it_is(host: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PGSSLROOTCERT", raising=False)
    assert secured({"host": host}) == {"host": host, "sslmode": "verify-full", "sslrootcert": "system"}
    own = {"host": host, "sslrootcert": "/etc/our-authority.pem"}
    assert secured(own) == {**own, "sslmode": "verify-full"}
    for mode in ("disable", "prefer", "require", "verify-ca"):
        assert secured({"host": host, "sslmode": mode}) == {"host": host, "sslmode": mode}


@pytest.mark.parametrize("host", ["", "localhost", "127.0.0.1", "127.8.8.8", "::1", "/var/run/postgresql", "@abstract"])
def test_one_on_this_machine_need_not(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGHOST", raising=False)
    assert secured({"host": host}) == {"host": host}


def test_one_that_does_not_is_a_mistake_of_the_configuration() -> None:
    """0.0.0.0 is this machine, by an address that is not known as its own."""
    with socket.create_server(("0.0.0.0", 0)) as listening:
        port = listening.getsockname()[1]

        def refuse() -> None:
            while True:
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                with line:
                    line.recv(8)
                    line.sendall(b"N")  # no TLS here

        threading.Thread(target=refuse, daemon=True).start()
        database = Database(f"postgresql://anna:secret@0.0.0.0:{port}/support")
        with pytest.raises(ConfigError) as refused:
            database.version()
        assert "sslmode=disable" in refused.value.remedy
        assert "secret" not in str(refused.value)
        database = Database(f"postgresql://anna:secret@0.0.0.0:{port}/support?sslmode=require")
        with pytest.raises(UnreachableError):
            database.version()
        listening.shutdown(socket.SHUT_RDWR)
