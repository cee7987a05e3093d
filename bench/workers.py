"""How much more several workers do, where round trips are what takes the time.

`python -m bench.workers [MAILS]`: 20 ms on every round trip to IMAP, SMTP and PostgreSQL, one connection to the
outgoing server for each worker; 1, 2, 4 and 8 workers work off MAILS mails each (1,500). What is timed begins with the
first letter: before that a worker loads its model. Writes docs/benchmarks/workers.md.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from bench.parse import make_mails
from bench.setting import NO_LIMITS, fill, sink
from pipeline.store.database import Database
from tests.desk import ROOT, Desk
from tests.learned import KEY, starter
from tests.servers.distant import distant
from tests.servers.dovecot import Dovecot
from tests.servers.postgres import Postgres, postgres
from tests.waiting import wait_until

ROUND_TRIP = 20.0  # ms
NUMBERS = (1, 2, 4, 8)
EACH = 1_500  # mails
LONGEST = 900.0  # seconds
DONE = "select count(*) from effect where kind = 'acknowledge' and state in ('done', 'cancelled', 'failed')"
ALL = "select count(*) from effect where kind = 'acknowledge'"
AT_WORK = "select count(*) from worker where ended is null"
RECORDED = "select count(*) from mail"


@dataclass(frozen=True, kw_only=True)
class WorkersPoint:
    """One measurement."""

    workers: int
    mails: int
    timed: int  # of these mails, those that were answered after the first letter
    seconds: float
    busy: float  # share of the machine's processors that was at work
    processor: float  # ms a mail, of all workers
    database: float  # ms a mail, of PostgreSQL
    connections: float  # to PostgreSQL, for each worker
    rows: float  # a mail
    size: float  # bytes a mail in the database

    @property
    def rate(self) -> float:
        """Mails a second."""
        return self.timed / self.seconds


def measure(workers: int, mails: int, round_trip: float = ROUND_TRIP) -> WorkersPoint:
    """So many workers on a fresh database work off so many mails that lie in one mailbox."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        dovecot, server = stack.enter_context(Dovecot()), stack.enter_context(postgres())
        desk = _desk(stack, folder, dovecot, server, round_trip)
        database = Database(server.url)
        stack.callback(database.close)
        database.prepare()
        started = stack.enter_context(_started(desk, workers))
        wait_until(
            lambda: _ask(database, "select count(*) from worker where ended is null") == workers, desk.log, LONGEST
        )
        before, of_database = sum(_processor(one.pid) for one in started), _processor_below(_postmaster(server))
        size = _ask(database, "select pg_database_size(current_database())")
        fill(dovecot, make_mails(mails), desk.username)
        wait_until(lambda: _ask(database, DONE) > 0, desk.log, LONGEST)
        began, machine, early = time.perf_counter(), _machine(), int(_ask(database, DONE))
        wait_until(lambda: _ask(database, RECORDED) >= 0.95 * mails and _is_done(database), desk.log, LONGEST)
        seconds, after = time.perf_counter() - began, _machine()
        ours = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        rows = "select sum(n_live_tup) from pg_stat_user_tables"
        return WorkersPoint(
            workers=workers,
            mails=mails,
            timed=mails - early,
            seconds=seconds,
            busy=(after[0] - machine[0]) / (after[1] - machine[1]),
            processor=1000 * (sum(_processor(one.pid) for one in started) - before) / mails,
            database=1000 * (_processor_below(_postmaster(server)) - of_database) / mails,
            connections=_ask(database, ours) / workers,
            rows=_ask(database, rows) / mails,
            size=(_ask(database, "select pg_database_size(current_database())") - size) / mails,
        )


def _desk(stack: ExitStack, folder: Path, dovecot: Dovecot, server: Postgres, round_trip: float) -> Desk:
    far_store = stack.enter_context(distant(server.socket, round_trip))
    far_imap = stack.enter_context(distant(dovecot.imap_port, round_trip))
    far_smtp = stack.enter_context(distant(stack.enter_context(sink(chunking=False)), round_trip))
    url = server.url.partition("?")[0].replace("@/", f"@127.0.0.1:{far_store}/")
    made = Desk(
        folder / "desk",
        far_imap,
        far_smtp,
        dovecot.fresh_user(),
        mailbox={"done": "seen"},
        smtp={"connections": 1},
        more=f'[store]\nurl = "{url}"\n[engine]\nkind = "procrastinate"\n{NO_LIMITS}',
        models=starter().registry.folder,
    )
    (made.folder / "var/key").write_bytes(KEY)  # which the model is signed with
    return made


@contextmanager
def _started(desk: Desk, number: int) -> Iterator[list[subprocess.Popen[str]]]:
    processes = [desk.start("worker") for _ in range(number)]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _is_done(database: Database) -> bool:
    return _ask(database, DONE) == _ask(database, ALL)


def _ask(database: Database, query: str) -> float:
    with database.reading() as connection:
        return float(connection.execute(text(query)).scalar_one())


def _processor(process: int) -> float:
    """Seconds of processor time, its own and of the children that it has waited for."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _machine() -> tuple[int, int]:
    """Ticks of all processors so far: at work, and in all (proc(5), /proc/stat)."""
    ticks = [int(word) for word in Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:9]]
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)  # idle, and waiting for a disk


def _postmaster(server: Postgres) -> int:
    return int((Path(server.server.pgdata) / "postmaster.pid").read_text(encoding="ascii").split()[0])


def _processor_below(process: int) -> float:
    """The same of a process and those that it has started."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    return _processor(process) + sum(_processor(int(one)) for one in children)


def _page(points: list[WorkersPoint]) -> str:
    first = points[0].rate
    rows = "\n".join(f"| {' | '.join(_cells(one, first))} |" for one in points)
    return f"""# Several workers
Written by `python -m bench.workers`; no figure is typed by hand. {ROUND_TRIP:.0f} ms on every round trip to IMAP, SMTP
(without CHUNKING) and PostgreSQL, one connection to the outgoing server for each worker, {os.cpu_count()} cores for all
of it: workers, servers and the proxies that delay. Each measurement has a fresh database; the workers are up when the
mails come in, and the time is that from the first letter to the last.

| {" | ".join(COLUMNS)} |
|{"---|" * len(COLUMNS)}
{rows}

A figure under 0.85 in the fourth column is either the processor (the fifth says how much of it was at work), or what
one worker at a time may do: judging and recording a batch.
"""


COLUMNS = (
    *("workers", "mails", "a second", "beside as many times one", "processors at work"),
    *("ms of processor a mail", "… of PostgreSQL", "connections to it, each", "rows a mail", "kB a mail"),
)


def _cells(one: WorkersPoint, first: float) -> list[str]:
    beside = one.rate / first / one.workers
    figures = (beside, one.busy, one.processor, one.database, one.connections, one.rows, one.size / 1000)
    return [str(one.workers), f"{one.mails:,}", f"{one.rate:.0f}", *(f"{figure:.2f}" for figure in figures)]


def main(each: int) -> None:
    """Prints each point, and writes the page."""
    points = []
    for number in NUMBERS:
        points.append(measure(number, each * number))
        print(points[-1], f"{points[-1].rate:.0f} a second", flush=True)
        (ROOT / "docs/benchmarks/workers.md").write_text(_page(points), encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else EACH)
