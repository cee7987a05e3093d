"""docs/benchmarks/pipeline.md: what bench/pipeline.py has measured, and whether it is what was asked for."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs/benchmarks/pipeline.md"
HEAD = """# The way of a mail
Written by `python -m bench.pipeline --all`, which measures everything in one run; no figure is typed by hand. The
bare loop fetches 500 mails at a time, parses them with compat32, classifies with one TF-IDF model, records in SQLite
(WAL, synchronous=FULL), answers over one kept connection (each content goes with the envelope that follows it, RFC
2920) and marks: the same steps without anything that makes them safe. The naive form does all that mail by mail, with
a connection and a commit for each. Firstline has everything on: guard, three heads, templates, journal. Of each the
best of three turns is shown. django-helpdesk is set up as its documentation says: SQLite as Django opens it, one queue
that reads over IMAP, its own templates.

"""
WHERE = """
## Where the time goes
Processor time of one process and one thread, in ms a mail. In a backlog a second process parses and classifies while
the first records, and the connections send meanwhile.

| stage | ms |
| --- | --- |
"""
LIMITS = """
## The next limit
On two cores it is the first process. It judges, records, writes the letters and notes what became of them, all under
the interpreter's one lock: in the table above everything but parsing and labelling, which the second process does in
about half the time. So only less work in the first process helps now (recording and the letters come first), or
letters that the second one writes. Up to some thousand mails the start of the second process weighs as well: half a
second in which nothing is recorded yet.

Over a distant line without CHUNKING it is the protocol: a letter's content must wait for the server's go-ahead, so each
takes one round trip at least on its connection: 50 a second with 20 ms. `[smtp] connections = "auto"` opens up to
`max_connections` (10) of them while that is what limits.

What a million mails in the ledger cost is measured by `python -m bench.ledger`.
"""
BUDGET = {"classify": 0.26, "record + claim + settle": 0.30}  # ms of processor time a mail


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


def budget(spent: Mapping[str, float]) -> list[Measured]:
    """What some parts of a mail may cost. `spent`: ms a mail by stage."""
    parts = [(name, sum(spent[stage] for stage in name.split(" + ")), most) for name, most in BUDGET.items()]
    return [
        Measured(f"budget: {name}", f"{each:.2f} ms", f"≤ {most:.2f} ms", each <= most) for name, each, most in parts
    ]


def write(found: Sequence[Measured], stages: Mapping[str, float]) -> None:
    """Writes the page: what was measured, and ms a mail by stage."""
    rows = "".join(f"| {one.what} | {one.asked} | {one.value} | {_verdict(one)} |\n" for one in found)
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}; all servers on the same machine.\n\n"
    spent = "".join(f"| {stage} | {each:.2f} |\n" for stage, each in stages.items())
    table = f"| | asked | measured | |\n| --- | --- | --- | --- |\n{rows}"
    PAGE.write_text(HEAD + machine + table + WHERE + spent + LIMITS, encoding="utf-8")
    print(f"{PAGE.name} written")


def _verdict(one: Measured) -> str:
    verdict = "" if one.met is None else "met" if one.met else "**missed**"
    return "; ".join(filter(None, (verdict, one.more)))
