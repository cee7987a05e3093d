"""The pages of the documentation as the tests read them: their code blocks, and the commands that they name."""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import typer.main

from pipeline.cli import app
from tests.desk import ROOT

BESIDE = (
    "README.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md",
    "templates/README.md", "training_data/README.md", "models/README.md",
)  # fmt: skip
_FENCE = re.compile(r"^( *)(?:\d+\. )?```([^\n]*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`(firstline [^`]+)`")


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """What stands between two fences."""

    page: str  # its path in the project
    line: int
    kind: str  # toml, python, sh …; '' where the page does not say
    text: str

    @property
    def name(self) -> str:
        """By which a test calls it."""
        return f"{self.page}:{self.line}"

    @property
    def lines(self) -> list[str]:
        """What is typed: without the prompt, continued lines as one, no empty ones."""
        joined = self.text.replace("\\\n", " ")
        return [line.strip().removeprefix("$ ") for line in joined.splitlines() if line.strip()]


def pages() -> list[str]:
    """All of them that there are."""
    beside = [name for name in BESIDE if (ROOT / name).exists()]
    return [*beside, *(str(page.relative_to(ROOT)) for page in sorted((ROOT / "docs").rglob("*.md")))]


def blocks() -> Iterator[Block]:
    """All blocks of all pages."""
    for page in pages():
        text = (ROOT / page).read_text(encoding="utf-8")
        for found in _FENCE.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            yield Block(page=page, line=line, kind=found[2], text=textwrap.dedent(found[3]))


def spans() -> Iterator[tuple[str, str]]:
    """Each command that a sentence or a table names: its page, and the words."""
    for page in pages():
        text = _FENCE.sub("", (ROOT / page).read_text(encoding="utf-8"))
        for found in _SPAN.finditer(text.replace("\\|", "|")):
            yield page, " ".join(found[1].split())


@cache
def _root() -> Any:
    return typer.main.get_command(app)


def command_of(words: list[str]) -> tuple[Any, list[str]]:
    """The command that these words (after `firstline`) begin with, and the words that are left for it."""
    found, left = _root(), list(words)
    while left and left[0] in ("--config", "--debug"):
        left = left[2:] if left[0] == "--config" else left[1:]
    while getattr(found, "commands", None) and left and left[0] in found.commands:
        found = found.commands[left.pop(0)]
    return found, left


def understood(line: str) -> None:
    """Lets the real command line read it, and does nothing. Raises what it would complain about."""
    command, left = command_of(shlex.split(line, comments=True)[1:])
    if command is _root() and left in (["--help"], ["--version"]):
        return
    assert not getattr(command, "commands", None), f"{line}: there is no such command"
    command.make_context(command.name, left)


def options_of(command: Any) -> set[str]:
    """All options of a command, or of all commands of a group."""
    inner = getattr(command, "commands", {}).values()
    own = {name for one in command.params for name in (*one.opts, *one.secondary_opts) if name.startswith("-")}
    return own.union({"--help"}, *map(options_of, inner))
