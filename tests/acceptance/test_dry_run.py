"""`once --dry-run`: what would happen, with the letters, before anything does; also with mail that came long ago."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient

from tests.desk import Desk, letter
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user())


@pytest.fixture
def imap(desk: Desk) -> Iterator[IMAPClient]:
    client = IMAPClient("127.0.0.1", desk.imap_port, ssl=False)
    client.login(desk.username, desk.password)
    client.select_folder("INBOX")
    yield client
    client.logout()


def deliver(desk: Desk, dovecot: Dovecot) -> None:
    mails = [
        letter(1),
        letter(2, Auto_Submitted="auto-replied"),
        letter(3, to="else@example.net"),
        letter(1),
        letter(4, sender="Person 1 <person1@example.org>", subject="Where is parcel 1?"),
    ]
    for mail in mails:
        dovecot.deliver(mail, desk.username)


def dry(desk: Desk, *words: str, expect: int = 0) -> Any:
    return desk.json("once", "--dry-run", *words, expect=expect)


def test_it_changes_nothing(desk: Desk, dovecot: Dovecot, sink: SmtpSink, imap: IMAPClient) -> None:
    desk.mailbox["done"] = "seen"
    desk.write()
    dovecot.deliver(letter(1), desk.username)
    for words in ((), ("--as-if-new",)):
        (would,) = dry(desk, *words)["mails"]
        assert would["would"] == "acknowledge (neutral)"
        assert would["letter"]["template"] == "neutral"
        assert would["id"] in would["letter"]["subject"]
    assert sink.accepted == []
    assert desk.jsonl("mail", "list") == []
    imap.noop()
    assert imap.search("UNSEEN") == [1]
    assert desk.json("once")["mailboxes"]["support"]["acknowledged"] == 1


def test_it_counts_as_the_pass_does(desk: Desk, dovecot: Dovecot) -> None:
    deliver(desk, dovecot)
    foreseen, as_if_new = dry(desk)["mailboxes"], dry(desk, "--as-if-new")["mailboxes"]
    assert foreseen == as_if_new == desk.json("once")["mailboxes"]
    assert dry(desk)["mailboxes"]["support"]["fetched"] == 0
    assert desk.run("once", "--dry-run").stdout == "nothing new\n"


def test_mail_of_the_past_is_judged_as_if_it_came_now(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, imap: IMAPClient
) -> None:
    """Neither what was there at the first run nor what is old, known or answered counts."""
    desk.mailbox |= {"first_run": "record", "max_age": "3d"}
    desk.write()
    deliver(desk, dovecot)
    imap.append("INBOX", letter(6), msg_time=datetime(2020, 1, 1, tzinfo=UTC))
    assert desk.json("once")["mailboxes"]["support"]["recorded"] == 5
    run = dry(desk, "--as-if-new")
    assert min(mail["received"] for mail in run["mails"]).startswith("2020-01-01")  # when it really came
    found = run["mailboxes"]["support"]
    assert (found["recorded"], found["acknowledged"], found["known"], found["limited"]) == (0, 2, 1, 1)
    assert dry(desk)["mails"] == []
    assert sink.accepted == []


def test_the_page_shows_every_mail_with_its_letter(desk: Desk, dovecot: Dovecot) -> None:
    deliver(desk, dovecot)
    dovecot.deliver(letter(5, subject="<script>alert(1)</script>"), desk.username)
    done = desk.run("once", "--dry-run", "--as-if-new", "--html", "look.html")
    assert "look.html: open it in a browser" in done.stdout
    file = desk.folder / "look.html"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    page = file.read_text(encoding="utf-8")
    assert "Answered in neutral words (2)" in page
    assert "Parked: a person looks first (1)" in page
    assert "Where is parcel 1?" in page
    assert "<script" not in page
    assert page.count("<iframe sandbox=") == 2


def test_a_server_that_is_away_hides_no_other(desk: Desk, dovecot: Dovecot) -> None:
    desk.more = (
        "[mailbox.other]\nhost = '127.0.0.1'\nport = 1\nsecurity = 'none'\nusername = 'other'\n"
        "password = { env = 'DESK_PASSWORD' }\n"
    )
    desk.write()
    dovecot.deliver(letter(1), desk.username)
    found = dry(desk, expect=3)
    assert [mail["mailbox"] for mail in found["mails"]] == ["support"]
    assert len(found["unreachable"]) == 1


@pytest.mark.parametrize("words", [("--as-if-new",), ("--html", "x.html")])
def test_what_is_for_a_dry_run_does_nothing_real(desk: Desk, words: tuple[str, ...], sink: SmtpSink) -> None:
    assert "--dry-run" in desk.run("once", *words, expect=2).stderr
    assert sink.accepted == []
