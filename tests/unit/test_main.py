"""The first moments of the command."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pipeline.__main__ import command_of
from pipeline.cli import app, only


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (["run"], "run"),
        (["--config", "run", "once"], "once"),
        (["--config=web", "--debug", "mail", "list", "--state", "run"], "mail"),
        (["data", "import", "run"], "data"),
        (["--help"], ""),
        (["--config"], ""),
        ([], ""),
    ],
)
def test_the_command_is_known_before_it_is_loaded(words: list[str], command: str) -> None:
    """Only a service may say, when a signal ends it, that all is well."""
    assert command_of(words) == command


def test_typer_makes_ready_only_the_command_that_is_named() -> None:
    assert only("") is only("no such command") is app
    (group,) = only("ticket").registered_groups
    assert (group.name, only("ticket").registered_commands) == ("ticket", [])
    (command,) = only("status").registered_commands
    assert command.callback
    assert (command.callback.__name__, only("status").registered_groups) == ("status", [])
    assert only("status").registered_callback is app.registered_callback  # for the options before its name


def test_python_looks_for_circles_neither_while_a_command_is_loaded_nor_at_its_end() -> None:
    """Both together are a third of a short command."""
    told = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 10_000, gc.get_stats()[2]))"
    words = [sys.executable, "-c", f"{told}; import pipeline.__main__ as m; m.main()", "--help"]
    last = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()[-1]
    assert last.startswith("True {'collections': 0,"), last
