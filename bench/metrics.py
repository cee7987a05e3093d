"""How long `firstline metrics` takes over a ledger of 1,000,000 mails: `python -m bench.metrics [MAILS]`

Three years of mail as a busy desk would have it: a fifth are further mails of a thread, a quarter open a ticket that
people work on, half of the acknowledgements promise a time, one ticket in four is asked how it went. Rows are as long
as real ones. Each command is a process of its own, so what is timed is what a person waits for.
"""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from pipeline.records.survey import SurveyKind
from pipeline.store.database import Database
from pipeline.tokens import Signer
from tests.desk import COMMAND

START, YEARS = datetime(2023, 11, 18, tzinfo=UTC), timedelta(days=3 * 365)
RULES = json.dumps([[str(number), "some-rule", "silent", "floor", False, "", False] for number in range(30)])
TEXT = "It was due on Tuesday, and nobody could tell me where it is. " * 8
TOPICS = [f"topic {number}" for number in range(30)]
LANGUAGES = ["en", "en", "en", "de", "fr", "es", "fi"]
SIGNER = Signer(b"a key")
COMMANDS = ([], ["--since", "2026-01-01"], *(["--by", by] for by in "month topic owner template complaint".split()))
BLOCK = 20_000
Block = dict[str, list[dict[str, Any]]]  # table → rows


def main(mails: int) -> None:
    """Fills a ledger with this many mails and prints how long `metrics` takes over it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.toml").write_text('[calendar]\ntimezone = "Europe/Helsinki"\n', encoding="utf-8")
        began = time.perf_counter()
        fill(folder / "var/firstline.db", mails)
        print(f"{mails:,} mails written in {time.perf_counter() - began:.0f} s", flush=True)
        for words in COMMANDS:
            taken = sorted(time_command(folder, words) for _ in range(3))
            print(
                f"firstline metrics {' '.join(words)}: {taken[0]:.2f} s (the slowest of 3: {taken[-1]:.2f} s)",
                flush=True,
            )


def time_command(folder: Path, words: list[str]) -> float:
    """Seconds of one `firstline metrics` with these words."""
    began = time.perf_counter()
    subprocess.run([COMMAND, "metrics", "--json", *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def fill(path: Path, mails: int, since: datetime = START, span: timedelta = YEARS) -> None:
    """A database as this many mails of this time would have left it."""
    database = Database(f"sqlite:///{path}")
    database.prepare()
    database.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma synchronous=off")
        for block in blocks(mails, since, span):
            insert_block(connection, block)
            connection.execute("delete from search_waiting")  # as if all were in the index: it is not what is timed
            connection.commit()


def insert_block(connection: sqlite3.Connection, block: Block) -> None:
    """Rows by table."""
    for table, rows in block.items():
        _insert(connection, table, rows)


def _insert(connection: sqlite3.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        names = ", ".join(rows[0])
        marks = ", ".join(f":{name}" for name in rows[0])
        connection.executemany(f"insert into {table} ({names}) values ({marks})", rows)


def blocks(mails: int, since: datetime = START, span: timedelta = YEARS) -> Iterator[Block]:
    """The rows of so many mails that came in equal distances, some thousands of mails at a time."""
    dice, threads = random.Random(f"{since} {mails}"), ["AAAA-AAAA"]
    block: Block = {}
    taken: set[str] = set()
    for number in range(mails):
        at = since + span * (number / mails)
        ref = next(ref for attempt in count() if (ref := SIGNER.ref(f"{at.date()} {number}", attempt)) not in taken)
        taken.add(ref)
        for table, row in _rows(dice, at, ref, threads):
            block.setdefault(table, []).append(row)
        if number % BLOCK == BLOCK - 1:
            yield block
            block, threads = {}, threads[-1000:]
    yield block


def _rows(dice: random.Random, at: datetime, ref: str, threads: list[str]) -> Iterable[tuple[str, dict[str, Any]]]:
    person = f"{dice.getrandbits(40):x}@example.org"
    further, robot = dice.random() < 0.2, dice.random() < 0.15
    thread = dice.choice(threads) if further else ref
    answered = not further and not robot
    ticket = ref if answered and dice.random() < 0.35 else ""
    if answered:
        threads.append(ref)
    about = {"topic": dice.choice(TOPICS), "language": dice.choice(LANGUAGES), "complaint": dice.random() < 0.3}
    yield "mail", _mail(dice, at, ref, thread, person, ticket, about, robot, answered)
    if answered:
        yield (
            "acknowledgement",
            {
                "mail_id": ref,
                "at": _text(at),
                "sender": person,
                "domain": "example.org",
                "thread": ref,
                "subject": "parcel",
            },
        )
        yield "effect", _effect(ref, at, about["language"])
    if answered and dice.random() < 0.5:
        yield "promise", _promise(dice, at, ref, ticket)
    if ticket:
        yield from _ticket(dice, at, ref, person, about)


def _mail(
    dice: random.Random,
    at: datetime,
    ref: str,
    thread: str,
    person: str,
    ticket: str,
    about: dict[str, Any],
    robot: bool,
    answered: bool,
) -> dict[str, Any]:
    return {
        "id": ref,
        "content_hash": f"{at.date()} {dice.getrandbits(256):064x}",
        "message_id": f"<{dice.getrandbits(64):x}@example.org>",
        "thread": thread,
        "ticket": ticket,
        "customer": person,
        "subject": "Where is my parcel?",
        "received": _text(at),
        "recorded": _text(at),
        "text": TEXT,
        "attachments": "[]",
        "notes": "[]",
        "verdict": "answer" if answered else "silent",
        "reasons": "[]",
        "rules": RULES,
        **about,
        "topic_confidence": 0.9,
        "topic_sure": dice.random() < 0.8,
        "model": "m1",
        "sentiment": dice.choice(["negative", "neutral", "positive"]),
        "sentiment_confidence": dice.random(),
        "decision": '{"template": "neutral"}',
        "acknowledge": answered,
        "robot": robot,
    }


def _effect(ref: str, at: datetime, language: str) -> dict[str, Any]:
    sent = {"sent_language": language, "sent_template": "neutral", "sent_version": "1a2b3c4d5e6f", "text": "x" * 300}
    return {
        "key": f"{ref}:acknowledge",
        "mail_id": ref,
        "kind": "acknowledge",
        "state": "done",
        "created": _text(at),
        "changed": _text(at),
        "details": json.dumps(sent),
    }


def _promise(dice: random.Random, at: datetime, ref: str, ticket: str) -> dict[str, Any]:
    return {
        "mail_id": ref,
        "kind": "respond",
        "ticket": ticket,
        "given": _text(at),
        "due": _text(at + timedelta(hours=8)),
        "state": dice.choice(["kept", "kept", "kept", "broken"]),
    }


def _ticket(
    dice: random.Random, at: datetime, ref: str, person: str, about: dict[str, Any]
) -> Iterable[tuple[str, dict[str, Any]]]:
    responded = at + timedelta(seconds=dice.expovariate(1 / 20_000))
    resolved = responded + timedelta(seconds=dice.expovariate(1 / 90_000))
    owner = f"team{dice.randrange(6)}@example.com"
    yield (
        "ticket",
        {
            "ref": ref,
            "thread": ref,
            "status": "resolved",
            "participants": "[]",
            "owner": owner,
            **about,
            "customer": person,
            "subject": "Where is my parcel?",
            "opened": _text(at),
            "changed": _text(resolved),
        },
    )
    for when, kind, actor, detail in (
        (at, "opened", "", "a complaint, sure"),
        (responded, "status", "bob", "open → active"),
        (resolved, "comment", "bob", "It lay at the neighbour's. " * 5),
        (resolved, "status", "bob", "active → resolved"),
    ):
        yield "ticket_event", {"ticket": ref, "at": _text(when), "kind": kind, "actor": actor, "detail": detail}
    if dice.random() < 0.25:
        yield from _survey(dice, resolved, ref, owner, about)


def _survey(
    dice: random.Random, at: datetime, ref: str, owner: str, about: dict[str, Any]
) -> Iterable[tuple[str, dict[str, Any]]]:
    kind = dice.choice(["nps", "ces", "csat"])
    key, moment = f"{ref}:{kind}", _text(at)
    yield (
        "survey",
        {
            "id": key,
            "kind": kind,
            "state": "sent",
            "created": moment,
            "sent": moment,
            "ticket": ref,
            "thread": ref,
            "owner": owner,
            "template": f"{about['language']}/neutral 1a2b3c4d5e6f",
            **about,
        },
    )
    if dice.random() < 0.3:
        score = dice.choice(SurveyKind(kind).scale)
        yield "survey_answer", {"survey": key, "at": moment, "score": score, "channel": "link"}


def _text(at: datetime) -> str:
    """As the store writes times into SQLite."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
