"""Three workers on one PostgreSQL, killed, hung and cut off from time itself: is anything lost, or done twice?

`python -m bench.crash_workers [KILLS] [PAGE]`: mail keeps coming, some of it twice; a worker is ended by SIGKILL at any
moment and another one started, now and then PostgreSQL is restarted without a word, or a worker hangs for half a
minute. The clock of one worker is five minutes fast, that of another five minutes slow. Then all may work in peace, and
everything is counted. Writes docs/benchmarks/crash_workers.md (or PAGE); exit code 1 when a promise broke.
"""

from __future__ import annotations

import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from pipeline.errors import FirstlineError
from pipeline.store.database import Database
from tests.desk import ROOT, Desk, letter
from tests.servers.dovecot import Dovecot
from tests.servers.postgres import Postgres, postgres
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import wait_until

WORKERS = 3
SKEWS = (0, 300, -300)  # seconds that their clocks are fast
QUIET = "[guard]\nlimit_domain = '0'\nlimit_system = '0'\n[topics.\"\"]\ntrack = 'all'\n"
LONGEST = 600.0  # seconds for what is left in the end
OUTAGE, HANG = 0.05, 0.04  # shares of the blows that are something else than a kill


@dataclass
class CrashCounts:
    """What came of it."""

    kills: int = 0
    outages: int = 0
    hangs: int = 0
    customers: int = 0
    lost: int = 0
    under_two_ids: int = 0
    tickets_twice: int = 0
    again: int = 0  # letters that arrived once more under the same Message-ID

    @property
    def broken(self) -> bool:
        """Was a promise broken?"""
        return bool(self.lost or self.under_two_ids or self.tickets_twice)


@dataclass
class Crowd:
    """The workers and what they go through."""

    desk: Desk
    dovecot: Dovecot
    server: Postgres
    sink: SmtpSink
    dice: random.Random
    found: CrashCounts = field(default_factory=CrashCounts)
    workers: list[subprocess.Popen[str]] = field(default_factory=list)

    def begin(self) -> None:
        """All of them."""
        self.workers = [self._start(skew) for skew in SKEWS]
        wait_until(lambda: self._at_work() == WORKERS, "all workers", LONGEST)

    def _at_work(self) -> int:
        with suppress(FirstlineError, ProgrammingError), self._reading() as connection:  # it is just being made
            return int(connection.execute(text("select count(*) from worker where ended is null")).scalar_one())
        return 0

    def _start(self, skew: int) -> subprocess.Popen[str]:
        with (self.desk.folder / "log").open("a", encoding="utf-8") as log:
            return subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "bench.skewed",
                    str(skew),
                    "--config",
                    str(self.desk.folder / "config.toml"),
                    "worker",
                ],
                cwd=ROOT,
                env=self.desk.environment(),
                stdout=subprocess.DEVNULL,
                stderr=log,
                text=True,
            )

    def deliver_some(self) -> None:
        """New mail; now and then the same mail again."""
        for _ in range(self.dice.choice((1, 2, 4, 8))):
            self.found.customers += 1
            self.dovecot.deliver(letter(self.found.customers), self.desk.username)
        if self.dice.random() < 0.2:
            self.dovecot.deliver(letter(self.dice.randint(1, self.found.customers)), self.desk.username)

    def strike(self) -> None:
        """One blow."""
        chance, place = self.dice.random(), self.dice.randrange(WORKERS)
        if chance < OUTAGE:
            self.found.outages += 1
            self.server.restart()
        elif chance < OUTAGE + HANG:
            self.found.hangs += 1
            self.workers[place].send_signal(signal.SIGSTOP)
            time.sleep(30)
            self.workers[place].send_signal(signal.SIGCONT)
        else:
            self.found.kills += 1
            self.workers[place].kill()
            self.workers[place].wait()
            self.workers[place] = self._start(SKEWS[place])

    def revive(self) -> None:
        """Whoever ended by itself, as a supervisor would."""
        for place, worker in enumerate(self.workers):
            if worker.poll() is not None:
                self.workers[place] = self._start(SKEWS[place])

    def count(self) -> CrashCounts:
        """Once all is done."""
        wait_until(self._is_quiet, self._left, LONGEST)
        found, ids, ids_of = self.found, Counter[str](), defaultdict(set)
        for one in self.sink.accepted:
            match = re.search(rb"(?im)^message-id:\s*(\S+)", one.data)
            name = match[1].decode() if match else ""
            ids[name] += 1
            ids_of[one.recipients[0]].add(name)
        found.lost = found.customers - len(ids_of)
        found.under_two_ids = sum(len(names) > 1 for names in ids_of.values())
        found.again = sum(number - 1 for number in ids.values())
        with self._reading() as connection:
            twice = "select count(*) from (select thread from ticket group by thread having count(*) > 1) as twice"
            found.tickets_twice = connection.execute(text(twice)).scalar_one()
        return found

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        url = re.search(r'url = "([^"]+)"', self.desk.more)
        assert url
        with closing(Database(url[1])) as database, database.reading() as connection:
            yield connection

    def _is_quiet(self) -> bool:
        self.revive()
        with suppress(FirstlineError):
            return not self._left() and len({one.recipients[0] for one in self.sink.accepted}) == self.found.customers
        return False

    def _left(self) -> str:
        query = "select kind, state, count(*) from effect where state not in ('done', 'cancelled') group by 1, 2"
        with self._reading() as connection:
            rows = connection.execute(text(query)).all()
        return ", ".join(f"{row[2]} {row[0]} {row[1]}" for row in rows)


def campaign(kills: int, seed: int = 1, pause: float = 1.0) -> CrashCounts:
    """So many blows; about `pause` seconds between."""
    with tempfile.TemporaryDirectory() as name, Dovecot() as dovecot, postgres() as server, SmtpSink() as sink:
        shared = f'[store]\nurl = "{server.new_database()}"\n[engine]\nkind = "procrastinate"\n{QUIET}'
        desk = Desk(Path(name) / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user(), more=shared)
        crowd = Crowd(desk, dovecot, server, sink, random.Random(seed))
        crowd.begin()
        try:
            while crowd.found.kills + crowd.found.outages + crowd.found.hangs < kills:
                crowd.deliver_some()
                time.sleep(crowd.dice.expovariate(1 / pause))
                crowd.strike()
                crowd.revive()
            return crowd.count()
        finally:
            for worker in crowd.workers:
                worker.kill()
                worker.wait()


def _page(found: CrashCounts) -> str:
    return f"""# Three workers, killed again and again
Written by `python -m bench.crash_workers`; no figure is typed by hand. Three workers share one PostgreSQL; their clocks
are right, {timedelta(seconds=300)} fast and as much slow. Each blow is a SIGKILL at any moment, a restart of PostgreSQL
without a word (`immediate`), or half a minute in which a worker hangs.

| | |
|---|---|
| kills | {found.kills} |
| restarts of PostgreSQL | {found.outages} |
| workers that hung for 30 s | {found.hangs} |
| customers who wrote | {found.customers:,} |
| … who got no letter | {found.lost} |
| … who got letters under two Message-IDs | {found.under_two_ids} |
| conversations with two tickets | {found.tickets_twice} |
| letters that arrived once more under the same Message-ID | {found.again} |
"""


def main(kills: int, page: Path) -> int:
    """Writes the page; 1 when a promise broke."""
    found = campaign(kills)
    print(found)
    page.write_text(_page(found), encoding="utf-8")
    return int(found.broken)


if __name__ == "__main__":
    words = sys.argv[1:]
    where = Path(words[1]) if len(words) > 1 else ROOT / "docs/benchmarks/crash_workers.md"
    sys.exit(main(int(words[0]) if words else 300, where))
