"""A year of purging on a clock that is told the time. How mail goes meanwhile is measured by bench/purge_latency.py.

`python -m bench.purging [--mails N] [--days N] [--indexed]`: each day as many mails come as a year ago, and the purge
of the night runs. Afterwards the file is compared with one that holds the same and nothing else.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from bench import metrics
from pipeline.clock import SystemClock
from pipeline.config.load import check
from pipeline.engine.jobs import purge
from pipeline.store.database import Database
from pipeline.store.mails import Mails
from pipeline.store.purging import Purging
from pipeline.store.search import SearchIndex

BEGIN = datetime(2026, 1, 1, 3, 20, tzinfo=UTC)
DAY, YEAR = timedelta(days=1), timedelta(days=365)
RAW_KEPT = 30  # days
RAW_SIZE = 8_000  # bytes of a message
ALLOWED_SIZE = 1.15


@dataclass(kw_only=True)
class PurgedYear:
    """What a year has come to."""

    mails: int
    days: int
    indexed: bool
    emptied: int = 0  # mails
    seconds: list[float] = field(default_factory=list)  # of each night
    transactions: list[float] = field(default_factory=list)  # seconds of each
    sizes: list[int] = field(default_factory=list)  # bytes, each night after the purge
    kept: int = 0  # bytes of a file that holds the same and nothing else
    words: int = 0  # rows that are over and still there

    @property
    def ratio(self) -> float:
        """The file beside what is kept."""
        return self.sizes[-1] / self.kept


class ToldClock(SystemClock):
    """Says the day that it is told; seconds go by as they do."""

    def __init__(self) -> None:
        self.day = BEGIN

    def now(self) -> datetime:
        return self.day


class TimedPurging(Purging):
    """Notes how long each transaction takes."""

    taken: list[float] = []  # noqa: RUF012  (of the whole run: the job makes one of these for each kind)

    def let_go(self, *words: Any) -> Any:
        began = time.perf_counter()
        try:
            return super().let_go(*words)
        finally:
            self.taken.append(time.perf_counter() - began)


def simulate(*, mails: int, days: int, indexed: bool) -> PurgedYear:
    """A year's mails are there already; then each day more come, and the night's purge runs."""
    found = PurgedYear(mails=mails, days=days, indexed=indexed)
    TimedPurging.taken = found.transactions
    with tempfile.TemporaryDirectory() as name, patch.object(purge, "Purging", TimedPurging):
        path = Path(name) / "firstline.db"
        _begin(path, mails, indexed=indexed)
        with closing(Database(f"sqlite:///{path}")) as database:
            clock = ToldClock()
            doors: Any = SimpleNamespace(
                database=database, clock=clock, reading=Mails(database), config=check({}, Path(name) / "config.toml")
            )
            for day in range(days):
                clock.day = BEGIN + (day + 1) * DAY
                _one_day(path, max(1, mails // 365), clock.day - DAY, database, indexed=indexed)
                began = time.perf_counter()
                found.emptied += purge.purge(doors, lambda _rest: False).rows["mail"]
                found.seconds.append(time.perf_counter() - began)
                found.sizes.append(database.size())
            found.words = sum(purge.look(doors).rows.values())
            found.kept = _kept(path)
    return found


def _begin(path: Path, mails: int, *, indexed: bool) -> None:
    metrics.fill(path, mails, BEGIN - YEAR, YEAR)
    with closing(sqlite3.connect(path)) as connection:
        since = (BEGIN - RAW_KEPT * DAY).strftime("%Y-%m-%d")
        rows = connection.execute("select id from mail where received >= ?", [since]).fetchall()
        _add_raw(connection, [row[0] for row in rows])
        if indexed:
            connection.execute("insert or ignore into search_waiting (source, received) select id, received from mail")
        connection.commit()
    if indexed:
        _index(path)


def _one_day(path: Path, mails: int, since: datetime, database: Database, *, indexed: bool) -> None:
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.execute("pragma synchronous=off")
        for block in metrics.blocks(mails, since, DAY):
            metrics.insert_block(connection, block)
            _add_raw(connection, [row["id"] for row in block.get("mail", [])])
        if not indexed:
            connection.execute("delete from search_waiting")
        connection.commit()
    if indexed:
        _fill(database)


def _add_raw(connection: sqlite3.Connection, ids: Sequence[str]) -> None:
    dice = random.Random(len(ids))
    words = [dice.randbytes(RAW_SIZE) for _ in range(50)]
    rows = ((one, dice.choice(words)) for one in ids)
    connection.executemany(f"insert into raw (mail_id, raw, size) values (?, ?, {RAW_SIZE})", rows)


def _index(path: Path) -> None:
    with closing(Database(f"sqlite:///{path}")) as database:
        _fill(database)


def _fill(database: Database) -> None:
    index = SearchIndex(database)
    while index.fill():
        pass


def _kept(path: Path) -> int:
    """Bytes of a file that holds the same and nothing else."""
    beside = path.with_name("kept.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("vacuum into ?", [str(beside)])
    size = beside.stat().st_size
    beside.unlink()
    return size


def told(one: PurgedYear) -> Iterator[str]:
    """In lines."""
    longest = sorted(one.transactions)
    yield f"{one.mails:,} mails a year, {one.days} nights{', with the index of search' if one.indexed else ''}:"
    yield f"  {one.emptied:,} mails emptied, {one.words} left over"
    yield f"  a night: median {statistics.median(one.seconds):.2f} s, longest {max(one.seconds):.2f} s"
    yield (
        f"  a transaction: median {statistics.median(longest) * 1000:.0f} ms, "
        f"99 % {longest[int(len(longest) * 0.99)] * 1000:.0f} ms, longest {longest[-1] * 1000:.0f} ms, "
        f"of {len(longest):,}"
    )
    yield f"  {one.sizes[-1] / 1e6:,.0f} MB at the end, {max(one.sizes) / 1e6:,.0f} MB at most"
    yield f"  {one.ratio:.3f} × what is kept ({one.kept / 1e6:,.0f} MB; asked: at most {ALLOWED_SIZE})"


def main() -> None:
    """Prints what it measures."""
    words = argparse.ArgumentParser()
    words.add_argument("--mails", type=int, default=1_000_000)
    words.add_argument("--days", type=int, default=365)
    words.add_argument("--indexed", action="store_true")
    asked = words.parse_args(sys.argv[1:])
    began = time.perf_counter()
    for line in told(simulate(mails=asked.mails, days=asked.days, indexed=asked.indexed)):
        print(line, flush=True)
    print(f"measured in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
