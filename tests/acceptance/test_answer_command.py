"""`firstline ticket answer` as a process; the customer's mail is read at a real SMTP server."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from pipeline.clock import FakeClock
from pipeline.config.load import load
from pipeline.store import schema
from pipeline.wiring.live_doors import build
from tests.desk import Desk, letter
from tests.doors.test_route import Fixed, take
from tests.samples import NOON, labels
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink

EVE = "Eve Miller <eve@example.org>"
MORE = '[topics.delivery]\nowner = "Anna Virtanen <anna@example.com>"\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk", imap_port=1, smtp_port=1, username="support", more=MORE)


@pytest.fixture
def ref(desk: Desk) -> str:
    """A ticket, as a pass would have opened it."""
    doors = build(load(desk.folder / "config.toml"), FakeClock(NOON))
    judged = take(doors.route(Fixed(labels(complaint=True))), letter(1, EVE))
    doors.close()
    return judged[0].id


@pytest.fixture
def words(desk: Desk) -> str:
    (desk.folder / "words.txt").write_text("It is found.\n", encoding="utf-8")
    return "words.txt"


def answer(desk: Desk, ref: str, *words: str, **more: Any) -> Any:
    return desk.json("ticket", "answer", ref, "--as", "anna@example.com", *words, **more)


def test_an_answer_is_given_to_the_journal_and_taken_back(desk: Desk, ref: str, words: str) -> None:
    given = answer(desk, ref, "--file", words, "--attach", words, "--status", "resolved")
    assert (given["state"], given["to"], given["by"]) == ("intended", "eve@example.org", "anna@example.com")
    assert (given["text"], given["files"], given["status"]) == ("It is found.", ["words.txt"], "resolved")
    assert given["sends_at"]
    back = answer(desk, ref, "--undo")
    assert (back["text"], back["files"], back["status"]) == ("It is found.", ["words.txt"], "resolved")
    late = desk.run("ticket", "answer", ref, "--as", "anna@example.com", "--undo", expect=2)
    assert "taken back before" in late.stderr


def test_what_was_taken_back_is_not_overwritten_and_sent_as_it_is(desk: Desk, ref: str, words: str) -> None:
    answer(desk, ref, "--file", words)
    answer(desk, ref, "--undo")
    refused = desk.run("ticket", "answer", ref, "--as", "anna@example.com", "--file", words, expect=2)
    assert "you have a draft" in refused.stderr
    assert answer(desk, ref, "--draft")["text"] == "It is found."


def test_a_preview_shows_the_whole_mail_and_keeps_nothing(desk: Desk, ref: str, words: str) -> None:
    shown = answer(desk, ref, "--file", words, "--attach", words, "--cc", "carl@example.net", "--preview")
    assert (shown["to"], shown["cc"], shown["files"]) == ("eve@example.org", ["carl@example.net"], ["words.txt"])
    assert shown["subject"] == "Re: Where is parcel 1?"
    assert shown["text"].startswith("Hello Eve Miller,\n\nIt is found.\n\nKind regards\nAnna Virtanen\n")
    assert "<p>It is found.</p>" in shown["html"]
    assert (shown["template"], shown["problem"]) == ("answer", "")
    printed = desk.run("ticket", "answer", ref, "--file", words, "--preview", "--name", "Bob").stdout
    assert "Kind regards\nBob\n" in printed
    assert answer(desk, ref, "--file", words)["state"] == "intended"


def test_the_name_is_that_of_the_account(desk: Desk, ref: str, words: str) -> None:
    desk.run("user", "add", "anna@example.com", "--role", "agent", "--name", "Anna Berg", "--link")
    assert "Kind regards\nAnna Berg\n" in answer(desk, ref, "--file", words, "--preview")["text"]


def test_a_saved_reply_comes_before_the_text(desk: Desk, ref: str, words: str) -> None:
    shown = answer(desk, ref, "--saved", "photo", "--file", words, "--preview")
    assert "please send us a photo" in shown["text"]
    assert shown["text"].index("photo") < shown["text"].index("It is found.")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "what is the answer?"),
        (["--file", "nowhere.txt"], "can't be read"),
        (["--saved", "nonsense"], "there are: more-time, on-its-way, order-number, photo, refund-done"),
        (["--file", "words.txt", "--status", "done"], "one of open, active"),
        (["--file", "words.txt", "--subject", "a\nBcc: b@example.org"], "line break"),
        (["--file", "words.txt", "--cc", "nobody"], "is not an address"),
        (["--file", "words.txt", "--attach", "nowhere.pdf"], "can't be read"),
        (["--file", "latin.txt"], "not UTF-8"),
        (["--file", "empty.txt"], "says nothing"),
        (["--file", "large.txt"], "at most 50,000"),
        (["--undo"], "no answer of yours"),
    ],
)
def test_wrong_use_is_told_and_leaves_nothing_behind(
    desk: Desk, ref: str, words: str, options: list[str], said: str
) -> None:
    (desk.folder / "latin.txt").write_bytes(b"Gr\xfc\xdfe")
    (desk.folder / "empty.txt").write_bytes(b" \n")
    (desk.folder / "large.txt").write_bytes(b"x" * 1_000_000)
    refused = desk.run("ticket", "answer", ref, "--as", "anna@example.com", *options, expect=2)
    assert said in refused.stderr
    assert answer(desk, ref, "--file", words)["state"] == "intended"


def test_the_customer_gets_it_once_from_a_pass(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> None:
    desk = Desk(
        tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user(), more='[topics.""]\ntrack = "all"\n'
    )
    (desk.folder / "words.txt").write_text("It is found.\n", encoding="utf-8")
    dovecot.deliver(letter(1, EVE), desk.username)
    desk.json("once")
    (row,) = desk.jsonl("ticket", "list")
    given = answer(desk, row["ref"], "--file", "words.txt", "--attach", "words.txt")
    desk.json("once")
    assert len(sink.accepted) == 1  # the ten seconds are not over
    make_due(desk)
    desk.json("once")
    desk.json("once")
    (mail,) = sent(sink)[1:]
    assert (mail["To"], mail["Message-ID"]) == ("eve@example.org", given["message_id"])
    assert [said for stage, said in sink.heard if stage == "MAIL"] == ["", "support@example.com"]
    assert [part.get_filename() for part in mail.iter_attachments()] == ["words.txt"]
    ticket = desk.json("ticket", "show", row["ref"])
    told = [(one["actor"], one["detail"]) for one in ticket["events"] if one["kind"] == "answered"]
    assert told == [("anna@example.com", "It is found.")]
    assert [one["kept_by"] for one in ticket["promises"] if one["kind"] == "respond"] == ["anna@example.com"]


def make_due(desk: Desk) -> None:
    """As if the ten seconds were over."""
    doors = build(load(desk.folder / "config.toml"))
    with doors.database.writing() as connection:
        waiting = schema.effect.c.state == "intended"
        connection.execute(update(schema.effect).where(waiting).values(next_try=NOON))
    doors.close()


def sent(sink: SmtpSink) -> list[EmailMessage]:
    return [message_from_bytes(one.data, policy=policy.default) for one in sink.accepted]  # type: ignore[misc]
