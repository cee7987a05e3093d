"""How long each command takes to begin: `python -m bench.start` writes docs/benchmarks/start.md

Each command finds next to nothing to do, so what is timed is its start: the median of five, each a process of its own.
Beside them what Python itself takes, and what it takes to import the libraries that nearly all need.
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.setting import desk, sink
from tests.desk import COMMAND, ROOT, Desk
from tests.servers.dovecot import Dovecot

TURNS = 5
PAGE = ROOT / "docs/benchmarks/start.md"
ONCE, STATUS, HELP, OTHERS = 0.8, 0.4, 0.15, 0.6  # seconds, at most
BESIDE = ("pass", "import typer, pydantic, sqlalchemy")
COMMANDS = (
    *("once", "status", "today", "metrics", "ticket list", "ticket show AAAA-AAAA", "mail list", "mail show AAAA-AAAA"),
    *("search parcel", "audit", "user list", "announcement list", "view list", "mail bounces list", "db check"),
    *("data stats", "model list", "template list", "template lint", "--help"),
)
HEAD = """# How soon a command begins
Written by `python -m bench.start`; no figure is typed by hand. Each command finds an empty mailbox, an empty database
and the starter model, and is a process of its own: the median of five, in seconds. Met or missed is said by the time of
the processor: it is what a start takes where nothing else is at work, and a little less than where much is.

"""


@dataclass(frozen=True)
class StartTime:
    """By one process."""

    seconds: float
    processor: float  # seconds, too


def main() -> None:
    """Prints and writes the page."""
    rows = ["| | asked | processor time | by the clock | |", "| --- | --- | --- | --- | --- |"]
    for code in BESIDE:
        rows.append(_row(f'python -c "{code}"', [_timed([sys.executable, "-c", code], ROOT) for _ in range(TURNS)], 0))
        print(rows[-1], flush=True)
    with tempfile.TemporaryDirectory() as name, Dovecot() as dovecot, sink() as port:
        made = desk(dovecot, dovecot.fresh_user(), port, Path(name) / "desk")
        made.run_apart("once")  # makes the database
        for command in COMMANDS:
            asked = {"once": ONCE, "status": STATUS, "--help": HELP}.get(command, OTHERS)
            rows.append(_row(f"firstline {command}", [_command(made, command) for _ in range(TURNS)], asked))
            print(rows[-1], flush=True)
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}; "
    load = f"other work on it while this was measured: a load of {os.getloadavg()[1]:.1f}.\n\n"
    PAGE.write_text(HEAD + machine + load + "\n".join(rows) + "\n", encoding="utf-8")


def _command(made: Desk, command: str) -> StartTime:
    return _timed([str(COMMAND), *command.split()], made.folder, made.environment())


def _timed(words: Sequence[str], folder: Path, environment: dict[str, str] | None = None) -> StartTime:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(words, cwd=folder, env=environment, check=False, **quiet)  # type: ignore[call-overload]
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return StartTime(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _row(what: str, taken: Sequence[StartTime], asked: float) -> str:
    median = statistics.median(one.seconds for one in taken)
    processor = statistics.median(one.processor for one in taken)
    verdict = "" if not asked else "met" if processor <= asked else "**missed**"
    return f"| `{what}` | {f'≤ {asked} s' if asked else ''} | {processor:.2f} s | {median:.2f} s | {verdict} |"


if __name__ == "__main__":
    main()
