"""The bare loop that the whole way of a mail is compared with: the same steps without anything that makes them safe.

`python -m bench.bare IMAP_PORT USER SMTP_PORT FOLDER [naive]`: fetches 200 at a time, parses with compat32, classifies
with one TF-IDF model, records in SQLite (WAL, synchronous=FULL), answers over one kept connection, marks per batch.
Prints seconds for each stage as JSON. `naive`: one by one, a connection each, a commit each.
"""

from __future__ import annotations

import contextlib
import email
import json
import smtplib
import sqlite3
import sys
import time
from collections import defaultdict
from email.message import Message
from email.utils import parseaddr
from pathlib import Path

from imapclient import IMAPClient
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from pipeline.learn import label_files
from tests.desk import PASSWORD, ROOT

BATCH = 200


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
        smtplib.SMTP("127.0.0.1", smtp_port) as smtp,
        contextlib.closing(sqlite3.connect(folder / "naive.db")) as store,
    ):
        store.execute("create table if not exists mail (id, subject, text, topic)")
        box.login(user, PASSWORD)
        box.select_folder("INBOX")
        _batch(box, smtp, store, model, [uid], defaultdict(float))


def main(imap_port: int, user: str, smtp_port: int, folder: Path) -> None:
    """Two hundred mails at a time over kept connections. Prints JSON: mails, seconds, seconds by stage."""
    model = fit_model()
    store = sqlite3.connect(folder / "bare.db")
    store.executescript(
        "pragma journal_mode=wal; pragma synchronous=full; create table mail (id, subject, text, topic)"
    )
    spent: dict[str, float] = defaultdict(float)
    began = time.perf_counter()
    with IMAPClient("127.0.0.1", imap_port, ssl=False) as box, smtplib.SMTP("127.0.0.1", smtp_port) as smtp:
        box.login(user, PASSWORD)
        box.select_folder("INBOX")
        uids = box.search("ALL")
        for at in range(0, len(uids), BATCH):
            _batch(box, smtp, store, model, uids[at : at + BATCH], spent)
    print(json.dumps({"mails": len(uids), "seconds": time.perf_counter() - began, "stages": spent}))


def _batch(
    box: IMAPClient,
    smtp: smtplib.SMTP,
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
    for message in messages:
        sender = parseaddr(str(message["From"]))[1] or "nobody@example.org"
        smtp.sendmail("support@example.com", [sender], f"Subject: Received\r\nTo: {sender}\r\n\r\nThank you.\r\n")
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
