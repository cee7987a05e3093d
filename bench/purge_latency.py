"""Are acknowledgements slower while a purge goes on? `python -m bench.purge_latency [MAILS] [LETTERS]`

A ledger of three years, of which two are over: hundreds of thousands of mails are to be emptied. `firstline run`
answers mails that are delivered one by one, in turns with the purge at work in the same process and without it. What is
compared is our own share: from the notice that a bare IDLE client gets to the letter that the server has accepted.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from bench import metrics
from bench.latency import BareClient
from bench.setting import NO_LIMITS, desk
from tests.desk import Desk, letter, stop
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink

ALLOWED = 1.1
TURNS = 3  # of each
PURGING, NOT = "while it purges", "without"
LINES = {PURGING: "* * * * *", NOT: ""}


def main(mails: int = 300_000, letters: int = 60) -> None:
    """Prints the times of each turn, and how they compare."""
    shares: dict[str, list[float]] = {PURGING: [], NOT: []}
    with tempfile.TemporaryDirectory() as name, Dovecot() as dovecot, SmtpSink() as sink:
        user = dovecot.fresh_user()
        made = desk(dovecot, user, sink.port, Path(name) / "desk")
        metrics.fill(made.folder / "var/firstline.db", mails)
        print(f"{mails:,} mails in the ledger", flush=True)
        for turn in range(TURNS):
            for what, line in LINES.items():
                made.more = f"{NO_LIMITS}[schedule]\npurge = '{line}'\n"
                made.write()
                taken, emptied = _turn(made, dovecot, sink, 1 + turn * 1000 + (what == PURGING) * 500, letters)
                shares[what] += taken
                print(f"  {what}: {_told(taken)}; {emptied:,} mails emptied meanwhile", flush=True)
    for what, taken in shares.items():
        print(f"{what}: {_told(taken)} of {len(taken)}")
    for name, figure in (("median", statistics.median), ("mean", statistics.fmean), ("95 %", _late)):
        print(f"  {name}: {figure(shares[PURGING]) / figure(shares[NOT]):.3f} × (asked: at most {ALLOWED})")


def _turn(made: Desk, dovecot: Dovecot, sink: SmtpSink, first: int, letters: int) -> tuple[list[float], int]:
    """Seconds of each letter, and how many mails were emptied while they were measured."""
    process = made.start("run")
    try:
        known = len(sink.accepted)
        dovecot.deliver(letter(first), made.username)
        sink.wait_for(known + 1, 60)
        if "* * *" in made.more:
            _wait_for_the_purge(made)
        bare = BareClient(dovecot.imap_port, made.username)
        bare.start()
        bare.ready.wait(10)
        time.sleep(1)
        before, shares = _emptied(made), []
        for number in range(first + 1, first + 1 + letters):
            known = len(sink.accepted)
            bare.noticed.clear()
            dovecot.deliver(letter(number), made.username)
            assert len(sink.wait_for(known + 1, 30)) == known + 1, "an acknowledgement is missing"
            accepted = time.monotonic()
            bare.noticed.wait(20)
            shares.append(max(accepted - bare.at, 0.0))
        return shares, _emptied(made) - before
    finally:
        stop(process)


def _wait_for_the_purge(made: Desk) -> None:
    before = _emptied(made)
    while _emptied(made) == before:
        time.sleep(0.5)


def _emptied(made: Desk) -> int:
    with closing(sqlite3.connect(made.folder / "var/firstline.db", timeout=30)) as connection:
        return int(connection.execute("select count(*) from mail where erased is not null").fetchone()[0])


def _told(seconds: Sequence[float]) -> str:
    return (
        f"median {statistics.median(seconds) * 1000:.0f} ms, mean {statistics.fmean(seconds) * 1000:.0f} ms, "
        f"95 % {_late(seconds) * 1000:.0f} ms, longest {max(seconds) * 1000:.0f} ms"
    )


def _late(seconds: Sequence[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)]


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
