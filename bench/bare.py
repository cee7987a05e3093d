"""The bare loop that the whole way of a mail is compared with: the same steps without anything that makes them safe.

`python -m bench.bare IMAP_PORT USER SMTP_PORT FOLDER [naive]`: fetches 500 at a time, parses with compat32, classifies
with one TF-IDF model, records in SQLite (WAL, synchronous=FULL), answers over one kept connection with PIPELINING
(RFC 2920), marks per batch. Prints seconds for each stage as JSON. `naive`: one by one, a connection each, a commit
each, smtplib.
"""

from __future__ import annotations

import contextlib
import email
import json
import smtplib
import socket
import sqlite3
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from email.message import Message
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol

from imapclient import IMAPClient
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from pipeline.learn import label_files
from tests.desk import PASSWORD, ROOT

BATCH = 500


class Smtp(Protocol):
    """What takes the answers of a batch."""

    def send_all(self, recipients: Sequence[str]) -> None:
        """One to each of them; all are accepted when it returns."""


class OneByOne:
    """As smtplib does it: a round trip for each command."""

    def __init__(self, port: int) -> None:
        self.port = port

    def send_all(self, recipients: Sequence[str]) -> None:
        """See Smtp."""
        with smtplib.SMTP("127.0.0.1", self.port) as smtp:
            for recipient in recipients:
                smtp.sendmail("support@example.com", [recipient], _answer(recipient))


class Pipelined:
    """As quick as RFC 2920 lets one be: DATA ends a group, so a content goes with the envelope that follows it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answers = self.socket.makefile("rb")
        self._taken([b"220"])
        self.socket.sendall(b"EHLO bare.example\r\n")
        self._taken([b"250"])

    def send_all(self, recipients: Sequence[str]) -> None:
        """See Smtp."""
        content = b""
        for recipient in recipients:
            envelope = f"MAIL FROM:<support@example.com>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n".encode()
            self.socket.sendall(content + envelope)
            self._taken([b"250"] * (bool(content) + 2) + [b"354"])
            content = _answer(recipient).encode() + b".\r\n"
        self.socket.sendall(content)
        self._taken([b"250"])

    def _taken(self, codes: Iterable[bytes]) -> None:
        for code in codes:
            while (line := self.answers.readline())[3:4] == b"-":
                pass
            assert line.startswith(code), line


def _answer(recipient: str) -> str:
    return f"Subject: Received\r\nTo: {recipient}\r\n\r\nThank you.\r\n"


def naive(imap_port: int, user: str, smtp_port: int, folder: Path) -> None:
    """One mail at a time, with a new connection for each answer, as most people would write it. Prints JSON."""
    model = fit_model()
    began = time.perf_counter()
    with IMAPClient("127.0.0.1", imap_port, ssl=False) as box:
        box.login(user, PASSWORD)
        box.select_folder("INBOX")
        uids = box.search("ALL")
    for uid in uids:
        _one(imap_port, user, smtp_port, folder, model, uid)
    print(json.dumps({"mails": len(uids), "seconds": time.perf_counter() - began, "stages": {}}))


def _one(imap_port: int, user: str, smtp_port: int, folder: Path, model: Pipeline, uid: int) -> None:
    with (
        IMAPClient("127.0.0.1", imap_port, ssl=False) as box,
        contextlib.closing(sqlite3.connect(folder / "naive.db")) as store,
    ):
        store.execute("create table if not exists mail (id, subject, text, topic)")
        box.login(user, PASSWORD)
        box.select_folder("INBOX")
        _batch(box, OneByOne(smtp_port), store, model, [uid], defaultdict(float))


def main(imap_port: int, user: str, smtp_port: int, folder: Path) -> None:
    """Hundreds of mails at a time over kept connections. Prints JSON: mails, seconds, seconds by stage."""
    model = fit_model()
    store = sqlite3.connect(folder / "bare.db")
    store.executescript(
        "pragma journal_mode=wal; pragma synchronous=full; create table mail (id, subject, text, topic)"
    )
    spent: dict[str, float] = defaultdict(float)
    began = time.perf_counter()
    with IMAPClient("127.0.0.1", imap_port, ssl=False) as box:
        smtp = Pipelined(smtp_port)
        box.login(user, PASSWORD)
        box.select_folder("INBOX")
        uids = box.search("ALL")
        for at in range(0, len(uids), BATCH):
            _batch(box, smtp, store, model, uids[at : at + BATCH], spent)
    print(json.dumps({"mails": len(uids), "seconds": time.perf_counter() - began, "stages": spent}))


def _batch(
    box: IMAPClient,
    smtp: Smtp,
    store: sqlite3.Connection,
    model: Pipeline,
    uids: list[int],
    spent: dict[str, float],
) -> None:
    at = time.perf_counter()

    def lap(stage: str) -> None:
        nonlocal at
        now = time.perf_counter()
        spent[stage] += now - at
        at = now

    fetched = box.fetch(uids, ["BODY.PEEK[]"])
    lap("fetch")
    messages = [email.message_from_bytes(fetched[uid][b"BODY[]"]) for uid in uids]
    texts = [_text(message) for message in messages]
    lap("parse")
    topics = model.predict(texts)
    lap("classify")
    rows = [
        (message["Message-ID"], str(message["Subject"]), text, topic)
        for message, text, topic in zip(messages, texts, topics, strict=True)
    ]
    with store:
        store.executemany("insert into mail values (?, ?, ?, ?)", rows)
    lap("record")
    smtp.send_all([parseaddr(str(message["From"]))[1] or "nobody@example.org" for message in messages])
    lap("send")
    box.add_flags(uids, [b"\\Seen"], silent=True)
    lap("mark")


def _text(message: Message) -> str:
    """The first plain part."""
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            payload = part.get_payload(decode=True)
            return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return ""


def fit_model() -> Pipeline:
    """One model of topics from the starter data."""
    rows = [row for row in label_files.load_rows(label_files.files_in(ROOT / "training_data")).rows if row.topic]
    model = make_pipeline(TfidfVectorizer(sublinear_tf=True), LogisticRegression(max_iter=200))
    return model.fit([row.text for row in rows], [row.topic for row in rows])


if __name__ == "__main__":
    work = naive if "naive" in sys.argv[5:] else main
    work(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
