"""Customers in every place; some of them erased, killed at random and asked again; then every byte is searched.

`python -m bench.erasing [CUSTOMERS] [ERASED]` (200 and 20) writes docs/benchmarks/erasing.md. Mails, tickets in two
trackers, notes, drafts, answers to surveys, a bounce, an opt-out, mails of others that name them, the index of search,
a backup. With PostgreSQL: the short form in tests/campaigns.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bench.setting import NO_LIMITS
from pipeline.config.load import load
from pipeline.desk.privacy.subject import subject_of
from pipeline.store import schema
from pipeline.store.personal import Whose, entries
from pipeline.store.schema_drafts import draft
from pipeline.wiring.live_doors import LiveDoors, build
from tests.desk import COMMAND, ROOT, Desk
from tests.learned import KEY, starter
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.servers.tracker_apis import Api
from tests.servers.tracker_kinds import TOKEN, GitHub, GitLab

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
APART = ("search_word", "search_row", "search_waiting", "health", "erasure", "worker")  # tables that are the machine's
WORDS = ("street", "detail", "note", "draft", "answer", "subject")  # kinds of words that only their own things hold


@dataclass(frozen=True)
class Customer:
    """Somebody, and words that nobody else uses."""

    number: int

    @property
    def tag(self) -> str:
        """Letters that make every word of theirs their own."""
        return "".join(chr(ord("a") + int(digit)) for digit in f"{self.number:04}")

    @property
    def address(self) -> str:
        """As they write it."""
        return f"Quell.{self.tag}@example.org"

    @property
    def name(self) -> str:
        """First and last."""
        return f"Quell{self.tag} Zander{self.tag}"

    def word(self, kind: str) -> str:
        """A word of this kind."""
        return f"{kind}{self.tag}x"

    @property
    def named(self) -> tuple[str, ...]:
        """What others may write of them."""
        return (self.address.lower(), self.name)

    def mails(self, before: Customer | None) -> Iterator[bytes]:
        """A complaint about a parcel, one about money; the second names somebody else where there is one."""
        other = f"My friend {before.name} ({before.address}) had the same trouble." if before else ""
        parcel = f"My parcel never arrived at {self.word('street')} 7. {self.word('detail')}! I am furious."
        money = f"Where is my refund? I have waited for weeks, {self.word('detail')}. {other}"
        for place, text in enumerate((parcel, money)):
            yield (
                f"From: {self.name} <{self.address}>\r\nTo: support@example.com\r\n"
                f"Subject: {self.word('subject')} {place}\r\nMessage-ID: <{self.number}.{place}@example.net>\r\n"
                f"Date: Mon, 30 Nov 2026 10:00:00 +0000\r\n\r\n{text}\r\n\r\nRegards\r\n{self.name}\r\n"
            ).encode()


@dataclass
class Erased:
    """What became of it."""

    customers: int
    erased: int
    kills: int = 0
    left_in_files: dict[str, list[str]] = field(default_factory=dict)  # word → files
    left_after_restore: dict[str, list[str]] = field(default_factory=dict)
    left_in_trackers: list[str] = field(default_factory=list)
    left_in_mailbox: list[str] = field(default_factory=list)
    changed_of_others: list[str] = field(default_factory=list)
    letters_afterwards: int = 0
    figures_agree: bool = False


def campaign(customers: int, erased: int, *, seed: int = 1, kills: int = 2, store: str = "") -> Erased:
    """The whole of it. `kills`: times that each erasure is killed at most; `store`: another database, by its URL."""
    dice, everybody = random.Random(seed), [Customer(number) for number in range(customers)]
    gone = dice.sample(everybody, erased)
    found = Erased(customers=customers, erased=erased)
    with tempfile.TemporaryDirectory() as name, Dovecot() as dovecot, SmtpSink() as sink:
        hub, lab = GitHub(), GitLab()
        try:
            desk = _desk(Path(name) / "desk", dovecot, sink, hub, lab, store)
            for place, one in enumerate(everybody):
                for mail in one.mails(everybody[place - 1] if place else None):
                    dovecot.deliver(mail, desk.username)
            desk.run_apart("once")
            with _doors(desk) as doors:
                _write_about(doors, everybody)
            backup = Path(name) / "elsewhere" / "backup.db"
            backup.parent.mkdir()
            if not store:
                desk.run_apart("db", "backup", str(backup))
            before, figures, letters = _rows(desk, gone), _figures(desk), len(sink.accepted)
            for one in gone:
                found.kills += _erase(desk, one, dice, kills)
            found.left_in_files = _left(desk, gone)
            found.changed_of_others = _changed(before, _rows(desk, gone))
            found.figures_agree = _figures(desk) == figures
            found.left_in_trackers = _left_in_trackers((hub, lab), gone)
            found.left_in_mailbox = _left_in_mailbox(dovecot, desk, gone)
            desk.run_apart("once")
            found.letters_afterwards = len(sink.accepted) - letters
            if not store:
                desk.run_apart("db", "restore", str(backup))
                found.left_after_restore = _left(desk, gone)
        finally:
            hub.stop()
            lab.stop()
    return found


def _desk(folder: Path, dovecot: Dovecot, sink: SmtpSink, hub: Api, lab: Api, store: str) -> Desk:
    more = (
        f"{NO_LIMITS}[privacy]\nmailbox = true\n"
        f"[tracker]\nkind = 'github'\nproject = 'acme/support'\nurl = '{hub.url}'\ntoken = {{ file = 'token' }}\n"
        f"share = 'everything'\n[trackers.lab]\nkind = 'gitlab'\nproject = 'acme/support'\nurl = '{lab.url}'\n"
        f"token = {{ file = 'token' }}\nshare = 'everything'\n[topics.refund]\ntracker = 'lab'\n"
        + (f"[store]\nurl = '{store}'\n" if store else "")
    )
    desk = Desk(folder, dovecot.imap_port, sink.port, dovecot.fresh_user(), more=more, models=starter().registry.folder)
    (folder / "token").write_text(TOKEN)
    (folder / "token").chmod(0o600)
    (folder / "var/key").write_bytes(KEY)
    return desk


def _doors(desk: Desk) -> Any:
    from contextlib import closing

    return closing(build(load(desk.folder / "config.toml")))


def _write_about(doors: LiveDoors, everybody: Sequence[Customer]) -> None:
    """Notes, drafts, answers, a dead address, somebody who is not to be asked: as people and machines leave them."""
    with doors.database.writing() as connection:
        tickets = {row.folded: row for row in connection.execute(select(schema.ticket))}
        for one in everybody:
            folded = one.address.lower()
            ticket = tickets.get(folded)
            if ticket is None:
                continue
            event = {"ticket": ticket.ref, "at": NOW, "kind": "note", "actor": "anna", "detail": one.word("note")}
            connection.execute(insert(schema.ticket_event).values(event))
            text = {"id": f"d{one.number}", "ticket": ticket.ref, "author": "anna", "text": one.word("draft")}
            connection.execute(insert(draft).values(**text, changed=NOW))
            survey = {"id": f"{ticket.ref}:nps", "kind": "nps", "state": "answered", "created": NOW}
            connection.execute(insert(schema.survey).values(**survey, ticket=ticket.ref, customer=folded))
            answer = {"survey": survey["id"], "at": NOW, "score": 3, "text": one.word("answer"), "channel": "link"}
            connection.execute(insert(schema.survey_answer).values(answer))
            if one.number % 2:
                connection.execute(insert(schema.bounce).values(address=folded, at=NOW, status="5.1.1"))
            else:
                connection.execute(insert(schema.opt_out).values(address=folded, at=NOW))


def _erase(desk: Desk, one: Customer, dice: random.Random, kills: int) -> int:
    """Until it is done; killed at any moment before. How often."""
    words = [COMMAND, "privacy", "erase", one.address, "--others", "--yes"]
    done = 0
    for _ in range(kills):
        with subprocess.Popen(words, cwd=desk.folder, env=desk.environment(), stdout=subprocess.DEVNULL) as process:
            try:
                process.wait(dice.uniform(0.3, 1.5))
            except subprocess.TimeoutExpired:
                process.kill()
                done += 1
    desk.run_apart("privacy", "erase", one.address, "--others", "--yes")
    return done


# --- what is left -----------------------------------------------------------------------------------------------------


def _left(desk: Desk, gone: Sequence[Customer]) -> dict[str, list[str]]:
    words = [word for one in gone for word in (*one.named, *map(one.word, WORDS))]
    texts = {path.name: path.read_bytes().lower() for path in desk.folder.rglob("*") if path.is_file()}
    with _doors(desk) as doors:
        if not doors.database.is_sqlite:
            texts["database"] = _dump(doors).encode().lower()
    found = {word: [name for name, text in texts.items() if word.lower().encode() in text] for word in words}
    return {word: names for word, names in found.items() if names}


def _dump(doors: LiveDoors) -> str:
    with doors.database.reading() as connection:
        rows = [
            dict(row) for table in schema.metadata.sorted_tables for row in connection.execute(select(table)).mappings()
        ]
    return json.dumps(rows, default=str, ensure_ascii=False)


def _left_in_trackers(apis: Sequence[Api], gone: Sequence[Customer]) -> list[str]:
    there = json.dumps([[api.issues, api.said] for api in apis])  # type: ignore[attr-defined]
    return [one.word(kind) for one in gone for kind in WORDS if one.word(kind) in there]


def _left_in_mailbox(dovecot: Dovecot, desk: Desk, gone: Sequence[Customer]) -> list[str]:
    home = dovecot.base / "mail" / desk.username
    files = (path for path in home.rglob("*") if path.is_file() and not path.name.startswith("dovecot"))  # its caches
    there = b"".join(path.read_bytes() for path in files)
    return [one.word(kind) for one in gone for kind in WORDS if one.word(kind).encode() in there]


def _figures(desk: Desk) -> Any:
    """All but the promises that are still open: who is erased is promised nothing any more."""
    told = json.loads(desk.run_apart("metrics", "--json").stdout)
    for promises in told["total"]["promises"].values():
        promises.pop("open")
    return {name: value for name, value in told.items() if name != "period"}


Rows = dict[tuple[str, str], str]  # table and key → the row


def _rows(desk: Desk, gone: Sequence[Customer]) -> Rows:
    """Of everybody else: rows that are not theirs, and in which they are not named. Taken before, these are not there
    afterwards under another name; taken afterwards, what is left of them says nothing of them."""
    made: Rows = {}
    with _doors(desk) as doors:
        theirs = _theirs(doors, gone)
        with doors.database.reading() as connection:
            for entry in entries():
                keys = [column.name for column in entry.table.primary_key.columns]
                if entry.table.name in APART:
                    continue
                for row in connection.execute(select(entry.table)).mappings():
                    if not any(str(row[column]) in theirs for column, whose in entry.whose if whose is not Whose.DRAFT):
                        made[entry.table.name, "|".join(str(row[key]) for key in keys)] = str(dict(row))
    return made


_KNOWN: set[str] = set()  # what was found before they were erased: afterwards nobody can tell


def _theirs(doors: LiveDoors, gone: Sequence[Customer]) -> set[str]:
    for one in gone:
        found = doors.personal_data.find(subject_of(one.address, doors.signer))
        surveys = {f"{ref}:nps" for ref in found.tickets}
        _KNOWN.update(found.mails, found.tickets, found.threads, found.others, surveys, [found.person.folded])
        with doors.database.reading() as connection:
            others = select(schema.mail.c.ticket).where(schema.mail.c.id.in_(found.others))
            _KNOWN.update(connection.execute(others).scalars())  # their events tell of them, too
    return _KNOWN - {""}


def _changed(before: Rows, after: Rows) -> list[str]:
    return [f"{table} {key}" for (table, key), row in before.items() if after.get((table, key)) != row]


PAGE = ROOT / "docs" / "benchmarks" / "erasing.md"
_PREFACE = """# Erasing customers
Written by `python -m bench.erasing`; no figure is typed by hand. Customers are put into mail (two each, one of which
names another), tickets in two trackers, notes, drafts, answers to surveys, the memory of dead addresses or of who does
not want to be asked, the index of search and a backup. Some are erased, each killed at random moments and asked for
again. Then every byte of the installation is searched for the words that only they used, so are both trackers, the
mailbox, and the installation once more after the backup was put back; the rows of everybody else are compared one by
one.
"""


def main(customers: int = 200, erased: int = 20) -> None:
    """Prints what was left, and writes the page."""
    lines = [f"| {_words(name)} | {_told(value)} |" for name, value in vars(campaign(customers, erased)).items()]
    print("\n".join(lines))
    PAGE.write_text("\n".join([_PREFACE, "| | |", "| --- | --- |", *lines]) + "\n", encoding="utf-8")


def _words(name: str) -> str:
    return name.replace("_", " ")


def _told(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "**no**"
    return str(value) if isinstance(value, int) else (f"**{value}**" if value else "nothing")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
