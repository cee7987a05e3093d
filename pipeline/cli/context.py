"""What all commands share: the configuration, the doors, output as tables for people and JSON for programs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from pipeline.desk.work import STEPS
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.config.settings import Config
    from pipeline.text.passages import Passage
    from pipeline.wiring.live_doors import LiveDoors

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document (or one a line) for programs.")]

Dask = Annotated[
    str, typer.Option("--dask", metavar="URL", help="A Dask scheduler (tcp://HOST:8786) whose workers do the work.")
]

DEFAULT_CONFIG = Path("config.toml")  # in the folder that one is in


class _Zone:
    """The operator's, as [calendar] says it: in it times are shown to people, with its name."""

    name = "UTC"


_zone = _Zone()


def config_of(context: typer.Context) -> Config:
    """The checked configuration. Raises ConfigError."""
    from pipeline.config.load import load

    return load(Path(context.obj["config"]))


@contextmanager
def doors_of(context: typer.Context, *, quiet: bool = True) -> Iterator[LiveDoors]:
    """Everything wired, closed at the end. `quiet`: only warnings in the log, and on standard error."""
    from pipeline import logs
    from pipeline.wiring.live_doors import build

    config = config_of(context)
    _zone.name = config.calendar.timezone
    logs.set_up(quiet=quiet, file=config.at(config.log.file) if config.log.file and not quiet else None)
    doors = build(config)
    try:
        yield doors
    finally:
        doors.close()


@contextmanager
def counting(what: str, *, quiet: bool) -> Iterator[Callable[[int], None]]:
    """A counter that moves on a terminal, silence elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield lambda _count: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description} {task.completed} mails"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda count: bar.update(task, completed=count)


@contextmanager
def telling_steps(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """A line that moves on a terminal, silence elsewhere; a line each for whoever asks for them, as the desk does."""
    if os.environ.get(STEPS):
        yield lambda step: print(step, file=sys.stderr, flush=True)
        return
    if quiet or not sys.stderr.isatty():
        yield lambda _step: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda step: bar.update(task, description=step)


def write_page(file: Path, page: str) -> None:
    """Readable by its owner only: it holds what customers wrote. Raises UsageError."""
    try:
        file.touch(mode=0o600)
        file.write_text(page, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"can't be written: {error.strerror}", where=str(file), remedy="name another file") from error


def print_json(document: object) -> None:
    """One document on one line."""
    print(json.dumps(document, ensure_ascii=False, default=_plain))


def print_jsonl(documents: Iterable[object]) -> None:
    """One document a line."""
    for document in documents:
        print_json(document)


def _plain(value: object) -> object:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} does not go into JSON")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> None:
    """A table as wide as the terminal; nothing in it is read as markup."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    console = Console(width=None if sys.stdout.isatty() else 140, soft_wrap=False)
    console.print(table)


# How each kind of line is shown; its name stands before it too, for who sees no colours.
_STYLES = {"new": "bold", "forwarded": "yellow", "quoted": "dim", "signature": "cyan", "frame": "magenta"}


def print_passages(passages: Iterable[Passage]) -> None:
    """The lines of a mail, in colours on a terminal, each with what it is."""
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    for passage in passages:
        for line in passage.text.split("\n"):
            console.print(Text(f"{passage.kind:<9} │ {printable(line)}".rstrip(), style=_STYLES[passage.kind]))


def print_words(words: Mapping[str, Sequence[tuple[str, float]]], labels: Mapping[str, object]) -> None:
    """Why each head says what it says. `labels`: a document with the head's value and confidence."""
    for head, features in words.items():
        value, confidence = labels[head], labels[f"{head}_confidence"]
        spoke = ", ".join(f"{printable(feature)} {weight:+.2f}" for feature, weight in features)
        known = confidence if isinstance(confidence, float) else 0.0
        print(f"{head}: {value} (confidence {known:.0%}) because of {spoke or 'nothing in particular'}")


def percent(value: object) -> str:
    """A share, for people; None: nobody has measured it."""
    return f"{value:.1%}" if isinstance(value, float | int) else "not measured"


def printable(cell: object) -> str:
    """For a terminal: no control characters (a subject may hold any)."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else ""
    if isinstance(cell, datetime):
        return f"{cell.astimezone(ZoneInfo(_zone.name)):%Y-%m-%d %H:%M %Z}"
    return "".join(letter if letter.isprintable() else " " for letter in str(cell))
