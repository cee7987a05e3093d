"""What a mail costs a worker and PostgreSQL: `python -m bench.scale_costs [MAILS]` measures it for bench/scale.py.

One worker in this process, on a PostgreSQL of its own, over 1,000 mails: processor time by stage as bench.stages takes
it, the statements a batch takes while nobody else may record (each is a round trip at least), those of a group of
letters, and the processor time and bytes of PostgreSQL. Written to bench/scale_costs.json.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event, text

from bench import stages
from bench.parse import make_mails
from bench.setting import desk, fill, sink
from tests.learned import KEY
from tests.servers.dovecot import Dovecot
from tests.servers.postgres import Postgres, postgres

FILE = Path(__file__).parent / "scale_costs.json"
MAILS = 1_000
BATCH = 200  # mails that are recorded together
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True)
class Costs:
    """Of one mail in ms of processor time, but for what is said."""

    understand: float  # parse, classify
    turn: float  # look up, guard, decide, record: one worker at a time
    fetch: float
    send: float  # claim, render, to the server, settle
    mark: float
    database: float  # of PostgreSQL, all in all
    trips_reading: float  # statements a batch, in the turn
    trips_sending: float  # statements a letter
    bytes: float  # in the database, a mail


class Statements:
    """Counts what is said to the database."""

    def __init__(self) -> None:
        self.count = 0

    def watch(self, engine: Any) -> None:
        """Each statement, and the beginning and the end of each transaction."""
        for name in ("before_cursor_execute", "begin", "commit"):
            event.listen(engine, name, self._said)

    def _said(self, *_: object) -> None:
        self.count += 1


def main(mails: int = MAILS) -> Costs:
    """Measures and writes."""
    said, parts = Statements(), {}
    with tempfile.TemporaryDirectory() as name, postgres() as server, Dovecot() as dovecot, sink() as port:
        user = fill(dovecot, make_mails(mails))
        made = desk(dovecot, user, port, Path(name) / "desk")
        made.more += f"[store]\nurl = '{server.url}'\n"
        made.write()
        (made.folder / "var/key").write_bytes(KEY)
        os.environ["DESK_PASSWORD"] = made.password
        before, empty = _processor_time(server), _size(server.url)
        watch = stages.Watch()
        with _counted(said, parts, watch):
            stages._work(made.folder / "config.toml", watch)
        spent, size = _processor_time(server) - before, _size(server.url) - empty
    each = {stage: 1000 * watch.spent[stage] / mails for stage in stages.STAGES}
    costs = Costs(
        understand=each["parse"] + each["classify"],
        turn=sum(each[name] for name in ("look up", "guard", "decide", "record")),
        fetch=each["fetch"],
        send=each["sending, all"],
        mark=each["marking, all"],
        database=1000 * spent / mails,
        trips_reading=parts["reading, all"] / (mails / BATCH),
        trips_sending=parts["sending, all"] / mails,
        bytes=size / mails,
    )
    FILE.write_text(json.dumps({name: round(value, 4) for name, value in asdict(costs).items()}, indent=2) + "\n")
    return costs


def read() -> Costs:
    """What was measured last."""
    return Costs(**json.loads(FILE.read_text()))


@contextmanager
def _counted(said: Statements, parts: dict[str, int], watch: stages.Watch) -> Iterator[None]:
    """Counts the statements of each part of the work."""
    from pipeline.store.database import Database

    prepare, lap = Database.prepare, watch.lap

    def prepared(database: Database) -> None:
        prepare(database)
        said.watch(database.engine)

    @contextmanager
    def counted(stage: str) -> Iterator[None]:
        began = said.count
        with lap(stage):
            yield
        parts[stage] = parts.get(stage, 0) + said.count - began

    Database.prepare = prepared  # type: ignore[method-assign]
    watch.lap = counted  # type: ignore[method-assign]
    try:
        yield
    finally:
        Database.prepare = prepare  # type: ignore[method-assign]


def _processor_time(server: Postgres) -> float:
    """Seconds that the processes of this PostgreSQL, and those of them that have ended, have had."""
    folder = Path(str(server.server.pgdata))
    postmaster = int((folder / "postmaster.pid").read_text().split()[0])
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, parent, spent = _told(stat.read_text())
        except OSError:  # it has ended
            continue
        if pid == postmaster:
            ticks += sum(spent)
        elif parent == postmaster:
            ticks += sum(spent[:2])
    return ticks / _TICK


def _told(stat: str) -> tuple[int, int, list[int]]:
    """A process: its number, its parent's, and the ticks that it and those that it has waited for have had."""
    words = stat.rpartition(")")[2].split()
    return int(stat.split()[0]), int(words[1]), [*map(int, words[11:15])]


def _size(url: str) -> int:
    from pipeline.store.database import Database

    database = Database(url)
    database.prepare()
    with database.reading() as connection:
        size = connection.execute(text("select pg_database_size(current_database())")).scalar_one()
    database.close()
    return int(size)


if __name__ == "__main__":
    for name, value in asdict(main(int(sys.argv[1]) if len(sys.argv) > 1 else MAILS)).items():
        print(f"{name:15} {value:.3f}")
