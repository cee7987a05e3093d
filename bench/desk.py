"""How quick the desk is over 1,000,000 mails and 100,000 tickets: `python -m bench.desk [MAILS] [--keep FOLDER]`

Writes docs/benchmarks/desk.md. On SQLite and on PostgreSQL a database is filled (bench/desk_rows.py) and taken into the
index of search; `firstline web` serves it, and its pages are asked for over HTTP by people who are signed in. Then
twenty people click while `firstline run`, which serves the pages in the same process, answers mail: how soon, beside
how soon without them (bench/desk_clicks.py). `--keep`: databases that are filled there already are used as they are.
"""

from __future__ import annotations

import http.client
import random
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from bench import desk_clicks, desk_page, desk_rows, setting
from bench.desk_page import HeldRows
from pipeline.config.load import load
from pipeline.desk import accounts
from pipeline.records.account import DeskRole
from pipeline.store import schema
from pipeline.store.database import Database
from pipeline.store.schema_search import search_row
from pipeline.store.search import SearchIndex
from pipeline.wiring.live_doors import build
from tests.desk import Desk, stop
from tests.learned import KEY
from tests.servers.dovecot import Dovecot
from tests.servers.postgres import postgres
from tests.servers.smtp_sink import SmtpSink

MAILS, ROUNDS = 1_000_000, 20
PEOPLE = {role: f"{role}@example.com" for role in (DeskRole.AGENT, DeskRole.DATA, DeskRole.LEAD)}


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedPage:
    """A page that is asked for again and again."""

    name: str
    path: Callable[[], str]
    role: DeskRole = DeskRole.AGENT
    allowed: float = 0.15  # seconds, the middle of all


@dataclass(frozen=True, kw_only=True, slots=True)
class TimedPage:
    """How long it took each time, and how much it weighs with style and script."""

    page: AskedPage
    seconds: Sequence[float]
    weight: int  # bytes, the heaviest

    @property
    def middle(self) -> float:
        """The median."""
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        """What 95 in 100 took at most."""
        return sorted(self.seconds)[min(int(len(self.seconds) * 0.95), len(self.seconds) - 1)]


def main(mails: int, keep: Path | None) -> None:
    """Measures everything; the page is written after each database."""
    held: dict[str, HeldRows] = {}
    found: dict[str, list[TimedPage]] = {}
    clicks: dict[str, desk_clicks.ClickedLatency] = {}
    with tempfile.TemporaryDirectory() as name, _urls(Path(name), keep) as urls:
        for kind, url in urls.items():
            held[kind] = prepare(url, mails)
            print(f"{kind}: {held[kind]}", flush=True)
            found[kind] = [_told(one) for one in measure(Path(name) / kind, url)]
            desk_page.write(held, found, clicks)
        for kind, url in urls.items():
            clicks[kind] = clicking(Path(name), kind, url)
            print(f"{kind}: {clicks[kind].ratio:.2f}", flush=True)
            desk_page.write(held, found, clicks)


@contextmanager
def _urls(folder: Path, keep: Path | None) -> Iterator[dict[str, str]]:
    """Of both databases, by their names. In a folder that is kept: `desk.db`, and the URL in `pg.url`."""
    if keep:
        yield {
            "SQLite": f"sqlite:///{keep}/desk.db",
            "PostgreSQL": (keep / "pg.url").read_text(encoding="utf-8").strip(),
        }
        return
    with postgres() as server:
        yield {"SQLite": f"sqlite:///{folder}/desk.db", "PostgreSQL": server.new_database()}


def prepare(url: str, mails: int) -> HeldRows:
    """Fills the database where it is empty, and the index of search. Returns what it holds."""
    with closing(Database(url)) as database:
        if database.version() is None:
            desk_rows.fill(url, mails, datetime.now(UTC))
        database.upgrade()
        index = SearchIndex(database)
        while index.fill(1_000):
            pass
        with database.reading() as connection:
            counted = (select(func.count()).select_from(table) for table in (schema.mail, schema.ticket, search_row))
            return HeldRows(*(connection.execute(query).scalar_one() for query in counted))


def clicking(folder: Path, kind: str, url: str, mails: int = desk_clicks.MAILS) -> desk_clicks.ClickedLatency:
    """How soon `run` answers mail on this database, with people clicking on its pages and without."""
    with Dovecot() as dovecot, SmtpSink() as sink:
        user = dovecot.fresh_user()
        desk = setting.desk(dovecot, user, sink.port, folder / f"{kind} clicks")
        with serving(desk.folder, url, "run", desk) as (port, cookies):
            paths = [page.path() for page in asked_pages(url) if page.role is DeskRole.AGENT for _ in range(5)]
            line = desk_clicks.AnsweringLine(dovecot=dovecot, user=user, sink=sink)
            return desk_clicks.measure(line, port, cookies[DeskRole.AGENT], paths, mails)


# --- pages ------------------------------------------------------------------------------------------------------------


def measure(folder: Path, url: str, rounds: int = ROUNDS) -> list[TimedPage]:
    """Each page, by turns, so that what else the machine does meets them alike."""
    with serving(folder, url, "web") as (port, cookies):
        pages = asked_pages(url)
        style = sum(_ask(port, path, "")[1] for path in ("/desk/static/desk.css", "/desk/static/desk.js"))
        spent: dict[str, list[float]] = {page.name: [] for page in pages}
        weights = dict.fromkeys(spent, 0)
        for number in range(rounds + 1):
            for page in pages:
                seconds, size = _ask(port, page.path(), cookies[page.role])
                weights[page.name] = max(weights[page.name], size + style)
                if number:  # the first time, all is loaded
                    spent[page.name].append(seconds)
    return [TimedPage(page=page, seconds=spent[page.name], weight=weights[page.name]) for page in pages]


def asked_pages(url: str) -> list[AskedPage]:
    """What people look at."""
    dice = random.Random(5)
    new, old = _cases(url)

    def search(name: str, query: str) -> AskedPage:
        return AskedPage(name=f"search: {name}", path=lambda: f"/desk/search?{query}", allowed=0.3)

    return [
        AskedPage(name="Today", path=lambda: "/desk/today"),
        AskedPage(name="Today, complaints of one topic", path=lambda: "/desk/today?kind=complaint&topic=topic3"),
        AskedPage(name="Today, the numbers alone", path=lambda: "/desk/today/counts"),
        AskedPage(name="a case, new", path=lambda: f"/desk/case/{dice.choice(new)}"),
        AskedPage(name="a case, old", path=lambda: f"/desk/case/{dice.choice(old)}"),
        AskedPage(name="Machine", path=lambda: "/desk/machine"),
        search("a common word", "q=order"),
        search("the beginning of many words", "q=res"),
        search("a rare word", "q=Zimtsterne"),
        search("a rare word and a common one", "q=Zimtstern+order"),
        search("a word that nobody wrote", "q=Quastenflosser"),
        search("common words of two languages", "q=order+bestellung"),
        search("a common word with filters", "q=order&status=open&complaint=yes&language=en"),
        search("filters alone", "status=waiting&owner=team3@example.com"),
        search("an address", "q=person77@example.org"),
        AskedPage(name="Letters", path=lambda: "/desk/letters"),
        AskedPage(name="a letter", path=lambda: "/desk/letters/letter/en/neutral"),
        AskedPage(name="the versions of a letter", path=lambda: "/desk/letters/letter/en/neutral/versions"),
        AskedPage(name="Figures, 4 weeks", path=lambda: "/desk/figures", role=DeskRole.LEAD),
        AskedPage(name="Figures, 4 weeks by topic", path=lambda: "/desk/figures?by=topic&days=28", role=DeskRole.LEAD),
        AskedPage(name="Figures, a year", path=lambda: "/desk/figures?days=364", role=DeskRole.LEAD),
        AskedPage(name="cases behind a figure", path=lambda: "/desk/figures/cases?figure=responded&days=28"),
        AskedPage(name="the report", path=lambda: "/desk/report", role=DeskRole.LEAD),
        AskedPage(name="Label, unsure mails", path=lambda: "/desk/review", role=DeskRole.DATA),
        AskedPage(name="Model", path=lambda: "/desk/model", role=DeskRole.DATA),
        AskedPage(name="Grants", path=lambda: "/desk/grants", role=DeskRole.LEAD),
        AskedPage(name="Topics", path=lambda: "/desk/topics", role=DeskRole.LEAD),
        AskedPage(name="Calendar", path=lambda: "/desk/calendar", role=DeskRole.LEAD),
        AskedPage(name="Known problems", path=lambda: "/desk/announcements", role=DeskRole.LEAD),
        AskedPage(name="audit log", path=lambda: "/desk/audit", role=DeskRole.LEAD),
        AskedPage(
            name="audit log of a case", path=lambda: f"/desk/audit?subject={dice.choice(old)}", role=DeskRole.LEAD
        ),
    ]


def _cases(url: str) -> tuple[list[str], list[str]]:
    """References of the newest tickets and of the oldest."""
    table = schema.ticket.c
    with closing(Database(url)) as database, database.reading() as connection:
        new = connection.execute(select(table.ref).order_by(table.opened.desc()).limit(500)).scalars().all()
        old = connection.execute(select(table.ref).order_by(table.opened).limit(500)).scalars().all()
    return [*new], [*old]


@contextmanager
def serving(
    folder: Path, url: str, command: str, desk: Desk | None = None
) -> Iterator[tuple[int, dict[DeskRole, str]]]:
    """The command with its pages up: their port, and what is in the cookies of people who are signed in."""
    port = _free_port()
    made = desk or Desk(folder, 1, 1, "support@example.com")
    pages = f"[web]\nenabled = true\nlisten = '127.0.0.1:{port}'\nurl = 'http://127.0.0.1:{port}'\nlimit = '0'\n"
    made.more += f"[store]\nurl = '{url}'\n{pages}"
    made.write()
    (made.folder / "var/key").write_bytes(KEY)
    process = made.start(command)
    try:
        _wait_for(port)
        yield port, _sign_in(made)
    finally:
        stop(process)


def _sign_in(desk: Desk) -> dict[DeskRole, str]:
    doors = build(load(desk.folder / "config.toml"))
    try:
        for role, address in PEOPLE.items():
            if address not in [one.address for one in doors.accounts.all()]:
                accounts.add(doors, address, address.partition("@")[0], role)
        return {role: accounts.begin_session(doors, address, "bench", "bench") for role, address in PEOPLE.items()}
    finally:
        doors.close()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + 120
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def _ask(port: int, path: str, cookie: str) -> tuple[float, int]:
    """Seconds to the last byte of the answer, and how many there were. The page must be there."""
    began = time.perf_counter()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        connection.request("GET", path, headers={"Cookie": f"desk={cookie}"})
        answer = connection.getresponse()
        body = answer.read()
    assert answer.status == 200, f"{path}: {answer.status}"
    return time.perf_counter() - began, len(body)


def _told(one: TimedPage) -> TimedPage:
    print(
        f"  {one.page.name}: {1000 * one.middle:.0f} ms, 95 % {1000 * one.p95:.0f} ms, {one.weight:,} bytes", flush=True
    )
    return one


if __name__ == "__main__":
    words = sys.argv[1:]
    folder = Path(words.pop(words.index("--keep") + 1)) if "--keep" in words else None
    numbers = [int(word) for word in words if word.isdecimal()]
    main(numbers[0] if numbers else MAILS, folder)
