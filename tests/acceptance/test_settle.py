"""Refusals, end to end: letters wait while the server refuses us; and what a person says closes any letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desk import Desk, letter
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    made = Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user())
    dovecot.deliver(letter(1), made.username)
    return made


def told(desk: Desk) -> list[str]:
    """What `status` complains of in letters and the outgoing server."""
    found = [problem["what"] for problem in desk.json("status", expect=None)["problems"]]
    return [what for what in found if "effects are" in what or what.startswith("smtp")]


def only_mail(desk: Desk) -> str:
    (mail,) = desk.jsonl("mail", "list")
    return str(mail["id"])


def test_a_failed_letter_is_red_until_a_person_has_seen_it(desk: Desk, sink: SmtpSink) -> None:
    sink.plan("RCPT", "550 5.1.1 no such user")
    desk.run("once")
    assert told(desk) == ["1 effects are failed"]
    refused = desk.run("mail", "settle", only_mail(desk), "--again", expect=2).stderr
    assert "firstline mail bounces forget person1@example.org" in refused
    assert desk.json("mail", "settle", "--seen") == {"settled": [only_mail(desk)], "sent": False, "said": "seen"}
    assert told(desk) == []
    (effect,) = [one for one in desk.json("mail", "show", only_mail(desk))["effects"] if one["kind"] == "acknowledge"]
    assert effect["state"] == "cancelled"
    assert "no such user" in effect["error"]


def test_a_failed_letter_is_sent_when_a_person_says_so(desk: Desk, sink: SmtpSink) -> None:
    sink.plan("CONTENT", "554 5.6.0 this is not to my liking")
    desk.run("once")
    assert told(desk) == ["1 effects are failed"]
    assert desk.json("mail", "settle", only_mail(desk), "--again")["settled"] == [only_mail(desk)]
    assert len(sink.accepted) == 1
    assert told(desk) == []


@pytest.mark.parametrize(("word", "state"), [("--seen", "cancelled"), ("--sent", "done")])
def test_a_waiting_letter_can_be_closed(desk: Desk, sink: SmtpSink, word: str, state: str) -> None:
    sink.always("RCPT", "450 4.2.2 mailbox full")
    desk.run("once")
    desk.run("mail", "settle", only_mail(desk), word)
    sink.as_planned_from_now()
    desk.run("once")
    assert sink.accepted == []
    (effect,) = [one for one in desk.json("mail", "show", only_mail(desk))["effects"] if one["kind"] == "acknowledge"]
    assert effect["state"] == state


def test_exactly_one_word_is_asked_for(desk: Desk) -> None:
    assert "--sent, --again and --seen" in desk.run("mail", "settle", expect=2).stderr
    assert "--sent, --again and --seen" in desk.run("mail", "settle", "--sent", "--seen", expect=2).stderr


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("MAIL", "550 5.7.60 Client does not have permissions to send as this sender"),
        ("RCPT", "550 relay access denied"),
        ("CONTENT", "554 5.2.252 SendAsDenied; support@example.com not allowed to send as support@example.com"),
        ("RCPT", "550 5.4.5 Daily user sending quota exceeded"),
    ],
)
def test_while_the_server_refuses_us_letters_wait_and_status_says_so_and_they_go_out_when_it_is_mended(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, stage: str, answer: str
) -> None:
    for number in (2, 3, 4):
        dovecot.deliver(letter(number), desk.username)
    sink.always(stage, answer)
    assert "it refuses us" in desk.run("once", expect=3).stderr
    (what,) = told(desk)
    assert what.startswith("smtp: ")
    assert answer[:20] in what
    assert desk.jsonl("mail", "bounces", "list") == []
    sink.as_planned_from_now()
    desk.run("once")
    assert len(sink.accepted) == 4
    assert told(desk) == []
