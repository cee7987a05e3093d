"""Does a mail cost more with a million others in the ledger? `python -m bench.ledger` writes docs/benchmarks/ledger.md

A thousand mails go the whole way, in turns on a small ledger and on a large one; the middle of three, after a turn that
warms up. `bench/metrics.py` makes the ledgers.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import metrics
from bench.parse import make_mails
from bench.setting import desk, fill, once, sink
from tests.desk import ROOT
from tests.servers.dovecot import Dovecot

FEW, MANY = 1_000, 1_000_000  # mails in the ledgers
MAILS, TURNS = 1_000, 3
ALLOWED = 1.1
PAGE = ROOT / "docs/benchmarks/ledger.md"
HEAD = """# A mail, and how many were there before
Written by `python -m bench.ledger`; no figure is typed by hand. `firstline once` takes a thousand mails the whole way,
in turns on a ledger of 1,000 mails and on one of 1,000,000 with their tickets, promises and surveys.

"""
WHY = """
References and content hashes begin with the day a mail was sent, so that the rows of a day lie together in each index,
and a mail touches as few pages among a million as among a thousand. Message-IDs have no order: their index is what is
left, with about one page a mail.
"""


def main() -> None:
    """Compares a small ledger with one of a million mails; prints and writes the page."""
    spent: dict[int, list[float]] = {FEW: [], MANY: []}
    with tempfile.TemporaryDirectory() as name, Dovecot() as dovecot, sink() as port:
        desks = {rows: desk(dovecot, "", port, Path(name) / f"desk{rows}") for rows in spent}
        for rows, made in desks.items():
            metrics.fill(made.folder / "var/firstline.db", rows)
        os.sync()  # five gigabytes that the system would write out meanwhile
        for turn in range(1 + TURNS):
            for rows, made in desks.items():
                made.username = fill(dovecot, make_mails(MAILS, turn))
                made.write()
                spent[rows].append(once(made)["seconds"])
                print(f"{rows:>9,} mails in the ledger: {spent[rows][-1]:.2f} s", flush=True)
    PAGE.write_text(page({rows: seconds[1:] for rows, seconds in spent.items()}), encoding="utf-8")


def page(spent: Mapping[int, Sequence[float]]) -> str:
    """`spent`: by mails in the ledger, the seconds of each turn."""
    middle = {rows: statistics.median(seconds) for rows, seconds in spent.items()}
    ratio = middle[MANY] / middle[FEW]
    verdict = "met" if ratio <= ALLOWED else "**missed**"
    turns = [
        f"| {rows:,} | {', '.join(f'{one:.2f}' for one in seconds)} | {middle[rows]:.2f} |"
        for rows, seconds in spent.items()
    ]
    rows = ["| mails in the ledger | s for 1,000 mails, in each turn | the middle one |", "|---|---|---|", *turns]
    return f"{HEAD}{chr(10).join(rows)}\n\n{ratio:.2f} × (asked: at most {ALLOWED} ×): {verdict}.\n{WHY}"


if __name__ == "__main__":
    main()
