"""A database as a busy desk would have it after three years, for bench/desk.py: the same on SQLite and PostgreSQL.

Written by bulk inserts, as the program itself would take a day for a million mails. Texts are put together from the
starter's mails in five languages, so that words are as common as words are.
"""

from __future__ import annotations

import csv
import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import psycopg

from pipeline.records.effect import EffectKind
from pipeline.records.payload import AcknowledgementPayload, to_json
from pipeline.store.database import Database
from pipeline.tokens import Signer
from tests.desk import ROOT

YEARS = timedelta(days=3 * 365)
BLOCK = 20_000
RARE, RARELY = "Zimtstern", 20_000  # a word that one mail in so many has
PEOPLE, OWNERS = 200_000, [f"team{number}@example.com" for number in range(8)]
NEW = 0.03  # of the tickets are not solved yet
RULES = [[str(number), "some-rule", "silent", "floor", False, "", False] for number in range(30)]
_SIGNER = Signer(b"a key")
Row = dict[str, Any]  # of a table, by its columns
Rows = dict[str, list[Row]]  # by table


def fill(url: str, mails: int, until: datetime) -> None:
    """Writes so many mails, one in ten with a ticket of its own, the last of them just before `until`."""
    with closing(Database(url)) as database:
        database.prepare()
        write = _write_sqlite if database.is_sqlite else _write_postgresql
        for block in _blocks(mails, until):
            write(database, block)


def _write_sqlite(database: Database, block: Rows) -> None:
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute("pragma synchronous=off")
        for table, rows in block.items():
            names = ", ".join(rows[0])
            marks = ", ".join("?" * len(rows[0]))
            cells = ([_cell(value) for value in row.values()] for row in rows)
            connection.executemany(f'insert into "{table}" ({names}) values ({marks})', cells)
        connection.commit()


def _write_postgresql(database: Database, block: Rows) -> None:
    with psycopg.connect(database.url) as connection:
        connection.execute("set timezone = 'UTC'")
        for table, rows in block.items():
            names = ", ".join(f'"{name}"' for name in rows[0])
            with connection.cursor().copy(f'copy "{table}" ({names}) from stdin') as copy:
                for row in rows:
                    copy.write_row([_cell(value) for value in row.values()])


def _cell(value: Any) -> Any:
    """As the store writes it: times without a zone, JSON as text."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return json.dumps(value) if isinstance(value, dict | list) else value


# --- the rows ---------------------------------------------------------------------------------------------------------


def _blocks(mails: int, until: datetime) -> Iterator[Rows]:
    making = _Making(mails, until)
    for start in range(0, mails, BLOCK):
        block: Rows = {}
        for number in range(start, min(start + BLOCK, mails)):
            for table, row in making.mail(number):
                block.setdefault(table, []).append(row)
        yield block


def _texts() -> dict[str, list[str]]:
    """Of the starter's mails, by language."""
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / "training_data").glob("starter-*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            found[file.stem.removeprefix("starter-")] = [row["text"] for row in csv.DictReader(lines)]
    return found


class _Making:
    """One mail after the other, with all that belongs to it."""

    def __init__(self, mails: int, until: datetime) -> None:
        self.mails, self.until = mails, until
        self.dice, self.texts = random.Random(11), _texts()
        self.languages = [*self.texts, "en", "en", "en"]
        self.taken: set[str] = set()
        self.cases: list[Row] = []  # the last ones that were opened: people write again

    def mail(self, number: int) -> Iterator[tuple[str, Row]]:
        """Rows with the names of their tables."""
        at = self.until - YEARS * ((self.mails - number) / self.mails)
        ref = next(one for more in count() if (one := _SIGNER.ref(f"{at.date()} {number}", more)) not in self.taken)
        self.taken.add(ref)
        opens, again = number % 10 == 0, number % 10 == 5 and self.cases
        case = self.dice.choice(self.cases) if again else None
        row = self._row(ref, at, case, number)
        if opens:
            row["ticket"], row["complaint"] = ref, True
            ticket = self._ticket(row, is_new=number > (1 - NEW) * self.mails)
            self.cases = [*self.cases[-499:], ticket]
            yield "ticket", ticket
            yield from self._events(ticket)
        yield "mail", row
        yield "location", {"mailbox": "support", "uidvalidity": 1, "uid": number + 1, "mail_id": ref, "received": at}
        if number > (1 - NEW) * self.mails:
            yield "raw", {"mail_id": ref, "raw": _raw(row), "size": 1000}
        yield from self._effects(row, number)

    def _row(self, ref: str, at: datetime, case: Row | None, number: int) -> Row:
        dice = self.dice
        language = case["language"] if case else dice.choice(self.languages)
        person = case["customer"] if case else f"person{dice.randrange(PEOPLE)}@example.org"
        words = " ".join(dice.choices(self.texts[language], k=dice.choice((1, 1, 2, 3))))
        text = f"{words}\n\nOrder {dice.randrange(10**6):06}{' ' + RARE if number % RARELY == 0 else ''}"
        late = self.mails - number
        return {
            "id": ref, "content_hash": f"{at.date()} {dice.getrandbits(256):064x}",
            "message_id": f"<{dice.getrandbits(64):x}@example.org>", "thread": case["ref"] if case else ref,
            "ticket": case["ref"] if case else "", "mailbox": "support", "sender": person, "sender_name": "Eve Miller",
            "customer": person, "subject": f"{words[:50]}", "sent": at, "received": at, "recorded": at, "text": text,
            "language": language, "attachments": [], "notes": [], "verdict": "answer", "reasons": [], "rules": RULES,
            "topic": f"topic{dice.randrange(20)}", "topic_confidence": dice.random(), "topic_sure": dice.random() < 0.8,
            "sentiment": "negative", "sentiment_confidence": dice.random(), "complaint": dice.random() < 0.1,
            "complaint_confidence": dice.random(), "model": "m1", "decision": {"template": "neutral"},
            "acknowledge": True, "parked": late <= 2_000 and number % 10 == 3,
            "review": late <= 20_000 and number % 10 == 7,
        }  # fmt: skip

    def _ticket(self, mail: Row, *, is_new: bool) -> Row:
        dice, at = self.dice, mail["received"]
        responded = at + timedelta(hours=dice.expovariate(1 / 6))
        status = dice.choice(["open", "active", "waiting"]) if is_new else dice.choice(["resolved", "closed"])
        answered = status != "open"
        return {
            "ref": mail["id"], "thread": mail["id"], "status": status, "customer": mail["customer"],
            "customer_name": "Eve Miller", "folded": mail["customer"], "participants": [mail["customer"]],
            "subject": mail["subject"], "topic": mail["topic"], "sentiment": "negative", "complaint": True,
            "language": mail["language"], "owner": dice.choice(OWNERS), "opened": at, "changed": responded,
            "respond_by": at + timedelta(hours=8), "responded": responded if answered else None,
            "resolved": None if is_new else responded, "tracker": "board", "priority": "normal", "compared": True,
        }  # fmt: skip

    def _events(self, ticket: Row) -> Iterator[tuple[str, Row]]:
        lines = [(ticket["opened"], "opened", "", "a complaint, sure")]
        if ticket["responded"]:
            said = "Called her: it lay at the neighbour's."
            at = ticket["responded"]
            lines += [(at, "comment", "anna", said), (at, "status", "anna", "open → active")]
        for at, kind, actor, detail in lines:
            yield "ticket_event", {"ticket": ticket["ref"], "at": at, "kind": kind, "actor": actor, "detail": detail}
        kept = bool(ticket["responded"])
        yield "promise", {
            "mail_id": ticket["ref"], "kind": "respond", "ticket": ticket["ref"], "given": ticket["opened"],
            "due": ticket["respond_by"], "kept": ticket["responded"], "kept_by": "anna" if kept else "",
            "state": "kept" if kept else "open",
        }  # fmt: skip

    def _effects(self, mail: Row, number: int) -> Iterator[tuple[str, Row]]:
        late, at = self.mails - number, mail["received"]
        state = {1: "failed", 2: "uncertain"}.get(number % 50, "done") if late <= 2_000 else "done"
        payload = AcknowledgementPayload(
            template="neutral", language=mail["language"], ref=mail["id"], decided=at, message_id=mail["message_id"]
        )
        sent = {"sent_language": mail["language"], "sent_template": "neutral", "sent_version": "1a2b3c4d5e6f"}
        details = {**to_json(EffectKind.ACKNOWLEDGE, payload), **sent}
        yield "effect", {
            "key": f"{mail['id']}:acknowledge", "mail_id": mail["id"], "kind": "acknowledge", "state": state,
            "attempts": 1, "created": at, "changed": at, "error": "" if state == "done" else "550 no such user",
            "message_id": f"<{mail['id']}@support.example.com>", "recipient": mail["customer"], "details": details,
        }  # fmt: skip
        if number % 10 == 0:
            yield "audit", {
                "at": at, "account": "agent@example.com", "action": "assign", "subject": mail["id"],
                "before": {"owner": ""}, "after": {"owner": "agent@example.com"}, "outcome": "done",
                "client": "10.0.0.7",
            }  # fmt: skip


def _raw(mail: Row) -> bytes:
    head = (
        f"From: {mail['sender']}\r\nTo: support@example.com\r\nSubject: a mail\r\nMessage-ID: {mail['message_id']}\r\n"
    )
    return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{mail['text']}\r\n".encode()
