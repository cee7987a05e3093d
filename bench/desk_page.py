"""docs/benchmarks/desk.md: what bench/desk.py has measured, and whether it is what was asked for."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.desk_clicks import PEOPLE, REST, ClickedLatency
from tests.desk import ROOT

if TYPE_CHECKING:
    from bench.desk import TimedPage

PAGE = ROOT / "docs/benchmarks/desk.md"
HEAVIEST, SLOWER = 100_000, 1.1
HEAD = """# The desk
Written by `python -m bench.desk`; no figure is typed by hand. The database is that of three years of a busy desk in
five languages; `firstline web` serves it, and each page is asked for over HTTP by somebody who is signed in, a
connection a page, by turns with all others. The time is that to the last byte. The weight is that of page, style and
script, not compressed. {cores} cores, Python {python}; load {load:.1f} when this was written: what is above the number
of cores is waiting for others.

"""
CLICKS = f"""
## Twenty people clicking while mail is answered
`firstline run` on the same database, with the pages in its own process. Mail comes in one by one; in turns nobody is at
the desk, and {PEOPLE} people are, who look at a page for {REST:.0f} s on average. The time is that from the
delivery to the accepted acknowledgement, with what the mail server takes to announce the mail.

"""


@dataclass(frozen=True, slots=True)
class HeldRows:
    """What a database holds."""

    mails: int
    tickets: int
    found: int  # in the index of search: mails, comments and answers

    def __str__(self) -> str:
        words = f"{self.mails:,} mails, {self.tickets:,} tickets"
        return f"{words}; the newest {self.found:,} mails, comments and answers are in the index of search"


def write(
    held: Mapping[str, HeldRows], found: Mapping[str, Sequence[TimedPage]], clicks: Mapping[str, ClickedLatency]
) -> None:
    """What was measured until now; what was not is not on it."""
    PAGE.write_text(page(held, found, clicks), encoding="utf-8")


def page(
    held: Mapping[str, HeldRows], found: Mapping[str, Sequence[TimedPage]], clicks: Mapping[str, ClickedLatency]
) -> str:
    """By database."""
    facts = {"cores": os.cpu_count(), "python": platform.python_version(), "load": os.getloadavg()[1]}
    parts = [HEAD.format(**facts)]
    for kind, pages in found.items():
        parts.append(
            f"## {kind}\n{held[kind]}.\n\n| page | median | 95 % | asked | weight | |\n|---|---|---|---|---|---|\n"
        )
        parts += [*_rows(pages), "\n"]
    if clicks:
        parts += [CLICKS, "| | alone | with people | ratio | asked | | clicks |\n|---|---|---|---|---|---|---|\n"]
        parts += [_clicked(kind, one) for kind, one in clicks.items()]
    return "".join(parts).rstrip() + "\n"


def _rows(pages: Sequence[TimedPage]) -> Iterator[str]:
    for one in pages:
        met = one.middle < one.page.allowed and one.weight < HEAVIEST
        asked = f"< {1000 * one.page.allowed:.0f} ms"
        times = f"{1000 * one.middle:.0f} ms | {1000 * one.p95:.0f} ms"
        yield f"| {one.page.name} | {times} | {asked} | {one.weight / 1000:.0f} kB | {_verdict(met)} |\n"


def _clicked(kind: str, one: ClickedLatency) -> str:
    alone, clicked = (1000 * statistics.median(some) for some in (one.alone, one.clicked))
    pace = f"{one.clicks / one.took:.1f} a second, 95 % within {1000 * one.slowest[0]:.0f} ms" if one.clicks else "none"
    verdict = _verdict(one.ratio <= SLOWER)
    return f"| {kind} | {alone:.0f} ms | {clicked:.0f} ms | {one.ratio:.2f} | ≤ {SLOWER} | {verdict} | {pace} |\n"


def _verdict(met: bool) -> str:
    return "met" if met else "**missed**"
