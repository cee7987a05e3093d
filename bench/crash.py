"""Killed again and again, at every named point of a mail's way and at any moment: is anything lost, or done twice?

`python -m bench.crash [KILLS] [PAGE] [postgresql]`: `firstline run` reads a mailbox of Dovecot and answers over an SMTP
server; mails keep coming, an agent works on tickets, models and templates are swapped, and the process is ended by
SIGKILL, KILLS times in all: half of them with an SMTP server that files a copy in the sent folder when it accepts one
(with `[smtp] sent_folder` set), half without. Then it may work in peace, and everything is counted. Writes
docs/benchmarks/crash.md (or PAGE); exit code 1 when a promise broke. With `postgresql` the store is one, else SQLite.
"""

from __future__ import annotations

import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from imapclient import IMAPClient
from sqlalchemy.exc import DatabaseError

from bench import crash_letters, crash_report
from bench.crash_child import NOTICE_POINTS, POINTS, QUESTION_POINTS, TOGETHER
from bench.crash_launcher import Launcher
from bench.crash_letters import Agent
from pipeline.demo.delivery import Accepted
from pipeline.learn.registry import Registry
from pipeline.records.effect import MAILS
from pipeline.store.database import Database
from tests.desk import PASSWORD, ROOT, Desk, letter
from tests.learned import KEY, toy_registry
from tests.servers.dovecot import Dovecot
from tests.servers.postgres import postgres
from tests.servers.provider import Provider

AT_ANY_MOMENT = "at any moment"
PROMOTING = ("model about to be promoted", "model half promoted", "model promoted")
LONGEST = 12.0  # seconds until a point should be reached; then it is killed where it stands, and that is reported
QUIET = "[guard]\nlimit_domain = '0'\nlimit_system = '0'\n"
# Who writes again to a ticket that was closed as a quiet one gets another, and that is right.
CAME_BACK = """select distinct later.ref from ticket later join ticket earlier on later.thread = earlier.thread
where earlier.ref <> later.ref and earlier.status = 'closed' and earlier.resolved <= later.opened"""
TWO_OPEN = f"select thread from ticket where ref not in ({CAME_BACK}) group by thread having count(*) > 1"
# Who comes back after their case was closed, as a slow machine closes it before they write again, has a new one, and is
# told so: that is no second answer to the same mail.
TOLD_ANEW = f"select message_id from effect where kind = 'acknowledge' and mail_id in ({CAME_BACK})"
ABOUT_TICKETS = (*NOTICE_POINTS, *QUESTION_POINTS)


def topics(more: str = "") -> str:
    """A ticket for everybody who writes, also where the topic is not certain. `more`: further keys of each."""
    return "".join(f"[topics.{topic}]\ntrack = 'all'\n{more}" for topic in ('""', "parcel", "invoice", "login"))


@dataclass
class Campaign:
    """One installation and what it goes through."""

    desk: Desk
    dovecot: Dovecot
    provider: Provider
    registry: Registry
    database: Database
    launcher: Launcher
    dice: random.Random
    agent: Agent | None = None
    longest: float = LONGEST
    people: int = 0  # wrote one new mail each
    follow_ups: int = 0
    copies: int = 0
    robots: int = 0
    killed: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)  # points that were not reached in time
    claims: set[tuple] = field(default_factory=set)  # of mails that were in `doing` after a kill: key, attempt
    # How many came in by each kill, by kind.
    in_flight: dict[str, list[int]] = field(default_factory=lambda: {kind.value: [] for kind in MAILS})

    # --- what comes in ------------------------------------------------------------------------------------------------

    def deliver_some(self) -> None:
        """Some new mails; now and then a copy, a second mail of somebody, or one of a robot."""
        for _ in range(self.dice.choice((1, 1, 2, 2, 3, 6))):
            self.people += 1
            self._deliver(letter(self.people))
        known = self.dice.randint(1, self.people)
        chance = self.dice.random()
        if chance < 0.15:
            self.copies += 1
            self._deliver(letter(known))
        elif chance < 0.3:
            self.write_again(known)
        elif chance < 0.4:
            self.robots += 1
            self._deliver(letter(10_000 + self.robots, Auto_Submitted="auto-replied"))

    def write_again(self, person: int) -> None:
        """A person writes to the same thread once more."""
        self.follow_ups += 1
        raw = _follow_up(person, self.follow_ups)
        if self.agent and self.dice.random() < 0.5:
            raw = crash_letters.asking_for_news(raw)
        self._deliver(raw)

    def _deliver(self, raw: bytes) -> None:
        self.dovecot.deliver(raw, self.desk.username)

    def let_agent_work(self) -> None:
        """What an agent does in a moment, if there is one."""
        if self.agent:
            self.agent.work(self.ask)

    # --- what is swapped ----------------------------------------------------------------------------------------------

    def other_model(self) -> str:
        """The version that is not in use."""
        return next(name for name in self.registry.names() if name != self.registry.current())

    def swap_model(self) -> None:
        """Puts the other version in use."""
        with self.registry.locked():
            self.registry.use(self.other_model(), "promote", "for the campaign")

    def swap_template(self) -> None:
        """Changes a letter a little."""
        file = self.desk.folder / "templates" / "en" / "neutral.txt"
        text = file.read_text(encoding="utf-8").rstrip("\n.")
        file.write_text(text + "." * self.dice.randint(1, 9) + "\n", encoding="utf-8")

    # --- killing ------------------------------------------------------------------------------------------------------

    def kill_at(self, point: str) -> None:
        """Mail comes, the process works, and dies at this point."""
        # Letters go one by one, each after the answer to the one before, or several together before the first answer.
        self.provider.chunking = point == TOGETHER or (point == AT_ANY_MOMENT and self.dice.random() < 0.5)
        self.deliver_some()
        self.let_agent_work()
        if point in PROMOTING:
            self._kill_promoting(point)
            point = AT_ANY_MOMENT
        swapping = "model" in point or "template" in point
        call = 2 if "model" in point or "checked" in point else 1 if swapping else self.dice.choice((1, 1, 2, 3))
        self._start(point, 1 if point in ABOUT_TICKETS or point == TOGETHER else call, "run")
        if point == AT_ANY_MOMENT:
            time.sleep(self.dice.uniform(0.1, 1.5))
            self.dice.choice((self.swap_model, self.swap_template, self.deliver_some))()
            self.let_agent_work()
            time.sleep(self.dice.uniform(0.0, 0.6))
            self.launcher.kill()
        self._await_end(point, swapping=swapping)
        self._note_in_flight()

    def _await_end(self, point: str, *, swapping: bool) -> None:
        until = time.monotonic() + self.longest
        while self.launcher.poll() is None and time.monotonic() < until:
            if swapping and self._watching():
                (self.swap_model if "model" in point else self.swap_template)()
                swapping = False
            elif point != AT_ANY_MOMENT and self._is_at_rest():
                # So that a later call comes, too. Not sooner: to a slow machine mail would come faster than it can be
                # read, and what is only done when all is read would never come.
                self.deliver_some()
                self.let_agent_work()
            time.sleep(0.05)
        if self.launcher.poll() is None:
            self.missed[point] += 1
            self.launcher.kill()
        self._ended_by_kill()
        self.killed[point] += 1

    def _kill_promoting(self, point: str) -> None:
        self._start(point, 1, "model", "promote", "--force", self.other_model())
        self._ended_by_kill()
        self.killed[point] += 1

    def _ended_by_kill(self) -> None:
        code = self.launcher.wait()
        assert code == -signal.SIGKILL, f"it ended by itself with {code}:\n{self.desk.log()[-3000:]}"

    def _start(self, point: str, call: int, *command: str) -> None:
        (self.desk.folder / "log").write_text("", encoding="utf-8")  # the last victim's says that it was watching
        words = ("--config", str(self.desk.folder / "config.toml"), *command)
        self.launcher.start(point, call, words, self.desk.folder / "log")

    def peace(self) -> None:
        """One pass to its end."""
        self._start("", 1, "once")
        self.launcher.wait()

    def _is_at_rest(self) -> bool:
        """All that was delivered is read and marked."""
        marked = "select count(*) from effect where kind = 'mark' and state = 'done'"
        return int(self.ask(marked)[0][0]) == self.delivered

    @property
    def delivered(self) -> int:
        return self.people + self.follow_ups + self.copies + self.robots

    def _watching(self) -> bool:
        return '"watching"' in self.desk.log()

    # --- what became of it --------------------------------------------------------------------------------------------

    def _note_in_flight(self) -> None:
        """Each claim once: what an earlier kill left in `doing` may still be there after the next one."""
        for kind, counts in self.in_flight.items():
            rows = self.ask(f"select key, attempts from effect where kind = '{kind}' and state = 'doing'")
            claims = {row for row in rows if len(row) == 2}
            counts.append(len(claims - self.claims))
            self.claims |= claims

    def ask(self, query: str) -> list[tuple]:
        """Rows of a query; one row of a zero where there is no table yet."""
        try:
            with self.database.engine.connect() as connection:
                return [tuple(row) for row in connection.exec_driver_sql(query)]
        except DatabaseError as error:
            if "no such table" in str(error) or "does not exist" in str(error):  # killed before there was one
                return [(0,)]
            raise

    def settle(self) -> crash_report.CampaignResult:
        """Lets it work in peace, has a person settle what is uncertain, then counts."""
        for _ in range(3):
            self.desk.run("once")
        uncertain = dict(self.ask("select kind, count(*) from effect where state = 'uncertain' group by kind"))
        if uncertain:
            self.desk.run("mail", "settle", "--resend")
        assert self.desk.json("db", "check")["ok"]
        states: Counter[str] = Counter(
            dict(self.ask("select state, count(*) from effect where kind = 'acknowledge' group by state"))
        )
        accepted = self.provider.accepted
        letters = _by_customer(crash_letters.acknowledgements(accepted, self.ask))
        anew = {row[0] for row in self.ask(TOLD_ANEW)}
        expected = {f"person{number}@example.org" for number in range(1, self.people + 1)}
        recorded = Counter(row[0] for row in self.ask("select message_id from mail"))
        return crash_report.CampaignResult(
            sent_folder=self.provider.sent is not None,
            kills=sum(self.killed.values()),
            killed=self.killed,
            missed=self.missed,
            delivered=self.delivered,
            mails=self.people + self.follow_ups + self.robots,
            recorded=sum(recorded.values()),
            lost=self.people + self.follow_ups + self.robots - len(recorded),
            recorded_twice=sum(recorded.values()) - len(recorded),
            unmarked=self._unmarked(),
            people=self.people,
            tickets=int(self.ask("select count(*) from ticket")[0][0]) - len(self.ask(CAME_BACK)),
            duplicate_tickets=int(self.ask(f"select count(*) from ({TWO_OPEN})")[0][0]),
            unanswered=len(expected - set(letters) - self._uncertain_customers()),
            answered_by_mistake=len(set(letters) - expected),
            two_message_ids=sum(len(ids.keys() - anew) > 1 for ids in letters.values()),
            delivered_twice=sum(count - 1 for ids in letters.values() for count in ids.values()),
            uncertain=uncertain.get("acknowledge", 0),
            open_effects=sum(states[state] for state in ("intended", "doing", "waiting", "failed")),
            in_flight=tuple(self.in_flight["acknowledge"]),
            notices=replace(
                crash_letters.notices(accepted, self.ask, self._said(), self.in_flight["notify"]),
                uncertain=uncertain.get("notify", 0),
            ),
            questions=replace(
                crash_letters.questions(accepted, self.ask, self.in_flight["survey"]),
                uncertain=uncertain.get("survey", 0),
            ),
        )

    def _uncertain_customers(self) -> set[str]:
        query = "select recipient from effect where kind = 'acknowledge' and state = 'uncertain'"
        return {row[0] for row in self.ask(query)}

    def _said(self) -> list[str]:
        return self.agent.said if self.agent else []

    def _unmarked(self) -> int:
        with IMAPClient("127.0.0.1", self.dovecot.imap_port, ssl=False) as client:
            client.login(self.desk.username, PASSWORD)
            client.select_folder("INBOX", readonly=True)
            return len(client.search("UNSEEN"))


def _follow_up(number: int, count: int) -> bytes:
    return letter(
        number,
        subject=f"Re: Where is parcel {number}?",
        message_id=f"<again{count}.letter{number}@example.org>",
        In_Reply_To=f"<letter{number}@example.org>",
    )


def _by_customer(accepted: list[Accepted]) -> dict[str, Counter[str]]:
    """Customer → Message-ID → how often it was accepted."""
    letters: dict[str, Counter[str]] = defaultdict(Counter)
    for message in accepted:
        letters[message.recipients[0]][crash_letters.message_id(message)] += 1
    return letters


@contextmanager
def campaign(
    folder: Path, dovecot: Dovecot, *, sent_folder: bool, following: bool = True, store: str = "", seed: int = 1
) -> Iterator[Campaign]:
    """An installation that is ready to be killed: two models, templates of its own, three mails a batch.

    `following`: an agent works on its tickets, and customers hear of it all the time. `store`: of an empty database.
    """
    user = dovecot.fresh_user()
    with Provider() as provider:
        if sent_folder:
            provider.file_in_sent(dovecot.imap_port, user)
        smtp = {"connections": 2, **({"sent_folder": "Sent"} if sent_folder else {})}
        mailbox = {"done": "seen", "batch": 3}
        store = store or f"sqlite:///{folder}/var/firstline.db"
        more = f"[store]\nurl = '{store}'\n" + QUIET
        more += topics(crash_letters.OWNER) + crash_letters.FOLLOWING if following else topics()
        desk = Desk(folder, dovecot.imap_port, provider.port, user, mailbox=mailbox, smtp=smtp, more=more)
        shutil.copytree(ROOT / "templates", folder / "templates")
        config = folder / "config.toml"
        config.write_text(config.read_text().replace(f"templates = '{ROOT}/templates'", "templates = 'templates'"))
        (folder / "var").mkdir(exist_ok=True)
        (folder / "var" / "key").write_bytes(KEY)
        registry = toy_registry(folder / "models", versions=2)
        launcher, dice = Launcher(desk.environment()), random.Random(seed)
        database = Database(store)
        agent = Agent(database, dice) if following else None
        try:
            yield Campaign(desk, dovecot, provider, registry, database, launcher, dice, agent)
        finally:
            database.close()
            launcher.close()
            provider.hang_up()


def main(kills: int = 320, page: str = "", store: str = "sqlite") -> None:
    """Two campaigns; raises SystemExit(1) when something was lost or done twice."""
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        Dovecot() as dovecot,
        _stores(store) as stores,
        ThreadPoolExecutor(2) as pool,
    ):
        halves = [
            pool.submit(_half, kills // 2, Path(folder) / f"desk{number}", dovecot, stores[number], sent_folder=with_it)
            for number, with_it in enumerate((True, False))
        ]
        found = [half.result() for half in halves]
    crash_report.write(Path(page or ROOT / "docs/benchmarks/crash.md"), found, time.monotonic() - began, store)
    if any(one.broken for one in found):
        raise SystemExit(1)


@contextmanager
def _stores(kind: str) -> Iterator[list[str]]:
    """The URLs of two empty databases; '' is SQLite in the installation's folder."""
    if kind == "sqlite":
        yield ["", ""]
        return
    with postgres() as server:
        yield [server.new_database() for _ in range(2)]


def _half(kills: int, folder: Path, dovecot: Dovecot, store: str, *, sent_folder: bool) -> crash_report.CampaignResult:
    with campaign(folder, dovecot, sent_folder=sent_folder, store=store) as running:
        for number, point in enumerate(_plan(kills, running.dice), 1):
            running.kill_at(point)
            if number % 10 == 0:
                print(f"{'with' if sent_folder else 'without'} a sent folder: {number} of {kills}", flush=True)
        return running.settle()


def _plan(kills: int, dice: random.Random) -> list[str]:
    """Two of three at the named points in turn, the rest at any moment, in a mixed order."""
    named = list(POINTS)
    plan = [named[number % len(named)] for number in range(kills * 2 // 3)]
    plan += [AT_ANY_MOMENT] * (kills - len(plan))
    dice.shuffle(plan)
    return plan


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]), *sys.argv[2:4])
