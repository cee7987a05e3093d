"""The first moments of the command."""

from __future__ import annotations

import pytest

from pipeline.__main__ import command_of


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
