"""docs/benchmarks/pipeline.md: what bench/pipeline.py has measured, and whether it is what was asked for."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs/benchmarks/pipeline.md"
HEAD = """# The way of a mail
Written by `python -m bench.pipeline --all`, which measures everything in one run; nothing here is typed by hand. The
bare loop fetches 200 mails at a time, parses them with compat32, classifies with one TF-IDF model, records in SQLite
(WAL, synchronous=FULL), answers over one kept connection and marks: the same steps without anything that makes them
safe. Firstline has everything on: guard, three heads, templates, journal. django-helpdesk is set up as its
documentation says: SQLite as Django opens it, one queue that reads over IMAP, its own templates.

"""
WHERE = """
## Where the time goes
Processor time of one process and one thread, in ms a mail. In a backlog a second process parses and classifies while
the first records, and the connections send meanwhile.

| stage | ms |
| --- | --- |
"""


@dataclass(frozen=True)
class Measured:
    """One line of the page. `met` None: nothing was asked for."""

    what: str
    value: str
    asked: str
    met: bool | None
    more: str = ""

    def __str__(self) -> str:
        asked = f" (asked {self.asked}: {'met' if self.met else 'MISSED'})" if self.met is not None else ""
        return f"{self.what}: {self.value}{asked} {self.more}".rstrip()


def write(found: Sequence[Measured], stages: Mapping[str, float]) -> None:
    rows = "".join(f"| {one.what} | {one.asked} | {one.value} | {_verdict(one)} |\n" for one in found)
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}; all servers on the same machine.\n\n"
    spent = "".join(f"| {stage} | {each:.2f} |\n" for stage, each in stages.items())
    table = f"| | asked | measured | |\n| --- | --- | --- | --- |\n{rows}"
    PAGE.write_text(HEAD + machine + table + WHERE + spent, encoding="utf-8")
    print(f"{PAGE.name} written")


def _verdict(one: Measured) -> str:
    verdict = "" if one.met is None else "met" if one.met else "**missed**"
    return "; ".join(filter(None, (verdict, one.more)))
