"""docs/benchmarks/evening.md: what a data person's evening at the desk costs and brings. `python -m bench.evening`

The evening is that of tests/acceptance/test_data_evening.py: in a browser, against a mailbox of 2,000 mails that nobody
has labelled. What the person knows of a mail is the label that it has in the starter's data.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.report import Target, table

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "benchmarks" / "evening.md"
TEST = "tests/acceptance/test_data_evening.py"
MAILS, HALF, A_MINUTE = 2_000, 0.5, 20
HEAD = """# A data person's evening
Written by `python -m bench.evening`; nothing here is typed by hand. {mails:,} mails that nobody has labelled lie in
the mailbox; a person at the desk (Chromium, the pages of `firstline run`) lets groups be found, names the largest,
trains, confirms by lot what the machine would be sure of, labels {answers} of the most useful mails, trains, and so on,
until it is sure of the topic of half of {next} further mails. A *decision* is one key: a name for a group, a label for
a mail, or whether the machine is right. It may be wrong in {allowed:.0%} of what it is sure of. *Keyboard*: what the
pages took for all decisions so far, from the key to the next mail, without the thinking.

"""
COLUMNS = (
    "after",
    "decisions",
    "mails with a label",
    "keyboard",
    "training",
    "right",
    "sure of",
    "wrong of these",
    "by its card",
)


def main() -> None:
    """Runs the evening and writes the page, also when the machine was wrong more often than it may be: exit code 1."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.json"
        environment = {**os.environ, "EVENING": str(MAILS), "EVENING_TOLD": str(told)}
        done = subprocess.run([sys.executable, "-m", "pytest", "-q", TEST], cwd=ROOT, env=environment, check=False)
        write(json.loads(told.read_text(encoding="utf-8")))
    sys.exit(done.returncode)


def write(told: Mapping[str, Any]) -> None:
    """The page of what the test has told."""
    cores = f"{os.cpu_count()} cores, Python {platform.python_version()}; load {os.getloadavg()[0]:.1f} at the end.\n"
    rows = [_row(step) for step in told["steps"]]
    targets = table(("what", "asked", "measured", ""), [one.row() for one in _targets(told)])
    parts = (HEAD.format(**told), cores, "\n", targets, "\n", table(COLUMNS, rows))
    PAGE.write_text("".join(parts), encoding="utf-8")
    print(f"{PAGE.name} written")


def _targets(told: Mapping[str, Any]) -> Sequence[Target]:
    minute = 60 * told["answers"] / told["seconds"]
    half = next((step["decisions"] for step in told["steps"] if step["sure"] >= HALF), None)
    reached = "" if half else f"; not reached with {told['steps'][-1]['decisions']}"
    wrong = max((step["wrong"] for step in told["steps"] if step["wrong"] is not None), default=None)
    return (
        Target(
            what="mails a minute, without thinking", value=minute, wanted=A_MINUTE, shown=lambda value: f"{value:.0f}"
        ),
        Target(
            what=f"decisions until sure of half (a tenth of the mails){reached}",
            value=half,
            wanted=MAILS / 10,
            least=False,
            shown=lambda value: f"{value:.0f}",
        ),
        Target(
            what="wrong of what it is sure of, at worst",
            value=wrong,
            wanted=told["allowed"],
            least=False,
            shown=lambda value: f"{value:.1%}",
        ),
    )


def _row(step: Mapping[str, Any]) -> list[str]:
    shares = (step["accuracy"], step["sure"], step["wrong"], step["certified"])
    return [
        step["after"],
        str(step["decisions"]),
        f"{step['labels']:,}",
        f"{step['keyboard']:.0f} s",
        f"{step['training']:.0f} s",
        *("–" if share is None else f"{share:.1%}" for share in shares),
    ]


if __name__ == "__main__":
    main()
