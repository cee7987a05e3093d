"""docs/reference/commands.md: every command with its options, from the command line itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

import typer.main

from pipeline.cli import app

WORDS: Mapping[object, str] = {int: "NUMBER", float: "NUMBER", Path: "PATH"}  # for a value that has no word of its own
HEAD = """# Commands and their options
*For everybody who types commands.*

Every command with all its options, as `--help` shows them; made from the program. What they are for, on one page:
[commands](../commands.md). What they print with `--json`: [JSON documents](../documents.md). Exit codes: 0 done, 1 a
check found a problem, 2 wrong use or configuration, 3 a server could not be reached, 4 stored data is damaged or newer
([more](../operating.md#exit-codes)).

`firstline [--config FILE] [--debug] COMMAND …`: these two stand before the command.
"""


def page() -> str:
    """The page, in Markdown."""
    return HEAD + "".join(_section(name, command) for name, command in commands())


def commands() -> Iterator[tuple[str, Any]]:
    """Every command: its name without `firstline`, and click's object."""
    yield from _inside(typer.main.get_command(app), "")


def _inside(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for word, one in sorted(inner.items()):
        if not one.hidden:
            yield from _inside(one, f"{name} {word}".strip())


def _section(name: str, command: Any) -> str:
    words = "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    usage = " ".join(
        [f"firstline {name}", *(given(one) for one in command.params if one.param_type_name == "argument")]
    )
    rows = "".join(_row(one) for one in command.params if is_shown(one))
    table = f"\n| option | means |\n|---|---|\n{rows}" if rows else ""
    return f"\n## firstline {name}\n{words}\n\n`{usage}`\n{table}"


def is_shown(option: Any) -> bool:
    """Whether it is an option that is told of."""
    return option.param_type_name == "option" and not option.hidden and option.name != "help"


def given(argument: Any) -> str:
    """How an argument is written behind its command."""
    word = (argument.metavar or argument.name or "").upper()
    word = f"{word}…" if argument.nargs == -1 else word
    return word if argument.required else f"[{word}]"


def names_of(option: Any) -> str:
    """All names of an option, and what follows them."""
    names = " ".join([*option.opts, *option.secondary_opts])
    return names if option.is_flag else f"{names} {_value(option)}"


def _row(option: Any) -> str:
    words = _in_table(" ".join((option.help or "").split()))
    default = option.default
    said = (
        f" Default: `{default}`." if isinstance(default, str | int | float) and default and default is not True else ""
    )
    return f"| `{_in_table(names_of(option))}` | {words}{said} |\n"


def _value(option: Any) -> str:
    if option.metavar:
        return str(option.metavar)
    annotation = option.type_descriptor.annotation
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return "|".join(str(one.value) for one in annotation)
    return WORDS.get(annotation, option.name.upper())


def _in_table(text: str) -> str:
    return text.replace("|", "\\|")
