"""A team answers from its mail programs: the sent folder tells, and the promise is kept. Against real servers."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient

from tests.desk import Desk, letter, stop
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import wait_until

EVERY_TICKET = '[topics.""]\ntrack = "all"\n'
EVE, ANNA = "Eve Miller <eve@example.org>", "Anna <anna@example.com>"
EVES = letter(1, EVE, "My parcel", message_id="<eve-1@example.org>")


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user(), more=EVERY_TICKET)


@pytest.fixture
def sent(desk: Desk, dovecot: Dovecot) -> Iterator[IMAPClient]:
    """Anna's mail program."""
    with IMAPClient("127.0.0.1", dovecot.imap_port, ssl=False) as client:
        client.login(desk.username, desk.password)
        client.create_folder("Sent")
        yield client


def answer(number: int = 1, to: str = EVE, sender: str = ANNA, **headers: str) -> bytes:
    told = {"message_id": f"<anna-{number}@example.com>", "In_Reply_To": "<eve-1@example.org>", **headers}
    return letter(number, sender, "Re: My parcel", to, **told)


def comes(desk: Desk, dovecot: Dovecot, *mails: bytes) -> Any:
    for mail in mails:
        dovecot.deliver(mail, desk.username)
    return desk.json("once")["mailboxes"]["support"]


def ticket_of(desk: Desk) -> Any:
    (row,) = [row for row in desk.jsonl("mail", "list") if row["message_id"] == "<eve-1@example.org>"]
    return desk.json("ticket", "show", row["ticket"])


def is_promised(desk: Desk) -> bool:
    return bool(desk.jsonl("ticket", "due"))


def test_an_answer_from_a_mail_program_keeps_the_promise_and_stands_on_the_ticket(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, sent: IMAPClient
) -> None:
    comes(desk, dovecot, EVES)
    assert is_promised(desk)
    sent.append("Sent", answer())
    counts = comes(desk, dovecot)
    assert set(counts.values()) == {0}
    assert not is_promised(desk)
    ticket = ticket_of(desk)
    assert [(one["actor"], one["detail"]) for one in ticket["events"] if one["kind"] == "answered"] == [
        ("anna@example.com", "answered the customer from a mail program")
    ]
    assert len(sink.accepted) == 1


def test_its_copy_in_the_inbox_is_another_place_of_the_same_mail(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, sent: IMAPClient
) -> None:
    comes(desk, dovecot, EVES)
    sent.append("Sent", answer(Cc="support@example.com"))
    comes(desk, dovecot)
    counts = comes(desk, dovecot, answer(Cc="support@example.com"))
    assert (counts["fetched"], counts["known"]) == (1, 1)
    (row,) = [row for row in desk.jsonl("mail", "list") if row["message_id"] == "<anna-1@example.com>"]
    places = desk.json("mail", "show", row["id"])["locations"]
    assert sorted(place["mailbox"] for place in places) == ["support", "support/sent"]
    assert len(sink.accepted) == 1
    assert len([one for one in ticket_of(desk)["events"] if one["kind"] == "answered"]) == 1


def test_the_copy_may_come_first_and_proves_nothing_by_itself(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, sent: IMAPClient
) -> None:
    """Without [guard] authserv anybody can write such a From."""
    ours = "Support <support@example.com>"
    comes(desk, dovecot, EVES)
    comes(desk, dovecot, answer(sender=ours, Cc=ours))
    assert is_promised(desk)
    sent.append("Sent", answer(sender=ours, Cc=ours))
    comes(desk, dovecot)
    assert not is_promised(desk)
    assert len(sink.accepted) == 1


@pytest.mark.parametrize(("verdict", "kept"), [("dmarc=pass", True), ("dmarc=fail", False)])
def test_in_the_inbox_only_what_is_authentic_counts(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, verdict: str, kept: bool
) -> None:
    desk.more = EVERY_TICKET + '[guard]\nauthserv = ["mx.example.com"]\n'
    desk.write()
    proved = {"Authentication_Results": "mx.example.com; dmarc=pass header.from=example.org"}
    comes(desk, dovecot, letter(1, EVE, "My parcel", message_id="<eve-1@example.org>", **proved))
    told = {"Authentication_Results": f"mx.example.com; {verdict} header.from=example.com"}
    comes(desk, dovecot, answer(sender="support@example.com", Cc="support@example.com", **told))
    assert is_promised(desk) is not kept
    assert len(sink.accepted) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "Bob <bob@example.com>"},
        {"In_Reply_To": "<another@example.org>"},
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "auto_reply"},
    ],
)
def test_what_does_not_answer_the_customer_keeps_nothing_and_is_not_recorded(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, sent: IMAPClient, changes: dict[str, str]
) -> None:
    comes(desk, dovecot, EVES)
    sent.append("Sent", answer(**changes))
    comes(desk, dovecot)
    assert is_promised(desk)
    assert len(desk.jsonl("mail", "list")) == 1


def test_an_invitation_is_no_answer(desk: Desk, dovecot: Dovecot, sink: SmtpSink, sent: IMAPClient) -> None:
    comes(desk, dovecot, EVES)
    message = email.message_from_bytes(answer(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    message.add_alternative("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", subtype="calendar")
    sent.append("Sent", message.as_bytes())
    comes(desk, dovecot)
    assert is_promised(desk)


def test_our_own_letters_in_the_sent_folder_are_no_answers(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, sent: IMAPClient
) -> None:
    comes(desk, dovecot, EVES)
    sent.append("Sent", sink.accepted[0].data)
    comes(desk, dovecot)
    assert is_promised(desk)
    assert len(desk.jsonl("mail", "list")) == 1


def test_what_was_sent_while_nobody_read_is_found_from_the_oldest_promise_on(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, sent: IMAPClient
) -> None:
    desk.mailbox["sent_folder"] = "none"
    desk.write()
    comes(desk, dovecot, EVES)
    sent.append("Sent", answer())
    comes(desk, dovecot)
    assert is_promised(desk)
    desk.mailbox["sent_folder"] = "Sent"
    desk.write()
    comes(desk, dovecot)
    assert not is_promised(desk)


def test_the_customer_who_answers_the_colleague_stays_in_the_case(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, sent: IMAPClient
) -> None:
    comes(desk, dovecot, EVES)
    sent.append("Sent", answer())
    comes(desk, dovecot)
    comes(desk, dovecot, letter(2, EVE, "Re: My parcel", message_id="<eve-2@x>", In_Reply_To="<anna-1@example.com>"))
    rows = {row["message_id"]: row for row in desk.jsonl("mail", "list")}
    assert rows["<eve-2@x>"]["ticket"] == rows["<eve-1@example.org>"]["ticket"]


def test_answers_of_colleagues_are_not_counted_as_mail_to_us(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, sent: IMAPClient
) -> None:
    comes(desk, dovecot, EVES)
    sent.append("Sent", answer())
    comes(desk, dovecot)
    (row,) = [row for row in desk.jsonl("mail", "list") if row["message_id"] == "<anna-1@example.com>"]
    assert "is not judged" in desk.run("mail", "replay", row["id"], expect=2).stderr
    document = desk.json("metrics")
    assert document["total"]["mails"]["received"] == 1


def test_a_mailbox_without_a_sent_folder_is_read_all_the_same(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    assert comes(desk, dovecot, EVES)["acknowledged"] == 1
    desk.run("status", expect=1)
    assert all("sent" not in one["what"] for one in desk.json("status", expect=1)["problems"])
    assert "no folder is marked" in desk.run("doctor", expect=1).stdout


def test_a_sent_folder_that_is_not_there_is_told(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    desk.mailbox["sent_folder"] = "Gesendet"
    desk.write()
    dovecot.deliver(EVES, desk.username)
    desk.run("once", expect=3)
    problems = [one["what"] for one in desk.json("status", expect=1)["problems"]]
    assert any(what.startswith("mailbox.support/sent: ") and '"Gesendet" can' in what for what in problems)
    assert '"Gesendet" can' in desk.run("doctor", expect=3).stdout


def test_run_reads_it_too(desk: Desk, dovecot: Dovecot, sink: SmtpSink, sent: IMAPClient) -> None:
    comes(desk, dovecot, EVES)
    sent.append("Sent", answer())
    process = desk.start("run")
    wait_until(lambda: not is_promised(desk), "the promise to be kept")
    assert stop(process) == 0
