"""Mail of ours that comes back: tied to the mail it answered, remembered, and shown on the ticket."""

from __future__ import annotations

import email
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.desk import Desk, letter
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink

TRACK_ALL = '[topics.""]\ntrack = "all"\n'  # also where the topic is not certain


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    """With a ticket of Person 1, who has been answered."""
    made = Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user(), more=TRACK_ALL)
    dovecot.deliver(letter(1), made.username)
    made.run("once")
    return made


def report(message_id: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A delivery report as RFC 3464 has it."""
    message = EmailMessage()
    message["From"] = "Mail Delivery System <mailer-daemon@mx.example.org>"
    message["To"] = "support@example.com"
    message["Subject"] = "Undelivered Mail Returned to Sender"
    message["Auto-Submitted"] = "auto-replied"
    message["Message-ID"] = "<report@mx.example.org>"
    parts = (
        ("text/plain", "Your mail could not be delivered."),
        (
            "message/delivery-status",
            f"Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; person1@example.org\n"
            f"Action: {action}\nStatus: {status}\n",
        ),
        ("text/rfc822-headers", f"Message-ID: {message_id}\nSubject: We have it\n"),
    )
    body = "".join(f"--b\nContent-Type: {kind}\n\n{content}\n" for kind, content in parts)
    kind = 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"'
    whole = f"{message.as_string().strip()}\n{kind}\n\n{body}--b--\n"
    return whole.replace("\n", "\r\n").encode()


def test_a_permanent_one_stands_on_the_ticket_and_its_address_is_not_written_to_again(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink
) -> None:
    ours = email.message_from_bytes(sink.accepted[0].data)["Message-ID"]
    dovecot.deliver(report(ours), desk.username)
    desk.run("once")
    (row,) = desk.jsonl("ticket", "list")
    ticket = desk.json("ticket", "show", row["ref"])
    assert [event["kind"] for event in ticket["events"]] == ["opened", "bounced"]
    assert ticket["events"][1]["detail"] == "could not be delivered to person1@example.org (5.1.1, permanently)"
    assert [(bounce["address"], bounce["status"]) for bounce in ticket["bounces"]] == [("person1@example.org", "5.1.1")]
    assert "person1@example.org (5.1.1" in desk.run("ticket", "show", row["ref"]).stdout

    new = letter(2, sender="Person 1 <person1@example.org>", subject="Something else", message_id="<x@example.org>")
    dovecot.deliver(new, desk.username)
    desk.run("once")
    assert len(sink.accepted) == 1
    assert {"bounced-before"} <= {reason for mail in desk.jsonl("mail", "list") for reason in mail["reasons"]}
    assert len(desk.jsonl("ticket", "list")) == 2  # it is answered by nobody, but not lost


def test_a_person_can_say_that_an_address_is_well_again(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    assert desk.run("mail", "bounces", "list").stdout.strip() == "every address is written to"
    dovecot.deliver(report(email.message_from_bytes(sink.accepted[0].data)["Message-ID"]), desk.username)
    desk.run("once")
    (bounce,) = desk.jsonl("mail", "bounces", "list")
    assert (bounce["address"], bounce["status"]) == ("person1@example.org", "5.1.1")

    desk.run("mail", "bounces", "forget", "Person1+shop@Example.org")  # however it is written
    assert desk.jsonl("mail", "bounces", "list") == []
    assert "not known to have failed" in desk.run("mail", "bounces", "forget", "person1@example.org", expect=2).stderr
    new = letter(2, sender="Person 1 <person1@example.org>", subject="Something else", message_id="<x@example.org>")
    dovecot.deliver(new, desk.username)
    desk.run("once")
    assert len(sink.accepted) == 2


def test_an_answer_that_waited_while_its_address_failed_is_not_sent(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink
) -> None:
    ours = email.message_from_bytes(sink.accepted[0].data)["Message-ID"]
    sink.always("EHLO", "421 4.3.2 not now")
    again = letter(2, sender="Person 1 <person1@example.org>", subject="Something else", message_id="<x@example.org>")
    dovecot.deliver(again, desk.username)
    dovecot.deliver(letter(3), desk.username)
    desk.run("once", expect=3)
    dovecot.deliver(report(ours), desk.username)
    desk.run("once", expect=3)
    sink.as_planned_from_now()
    desk.run("once")
    assert [message.recipients[0] for message in sink.accepted] == ["person1@example.org", "person3@example.org"]
    (waited,) = [mail["id"] for mail in desk.jsonl("mail", "list") if mail["message_id"] == "<x@example.org>"]
    (effect,) = desk.json("mail", "show", waited)["effects"]
    assert (effect["state"], effect["error"]) == (
        "cancelled",
        "not sent: mail to this address has failed permanently (5.1.1)",
    )
    assert "cancelled" in desk.run("mail", "show", waited).stdout


def test_a_delay_is_shown_and_not_remembered(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    ours = email.message_from_bytes(sink.accepted[0].data)["Message-ID"]
    dovecot.deliver(report(ours, "4.4.7", "delayed"), desk.username)
    desk.run("once")
    (row,) = desk.jsonl("ticket", "list")
    ticket = desk.json("ticket", "show", row["ref"])
    assert ticket["events"][1]["detail"] == "could not be delivered to person1@example.org (4.4.7, for now)"
    assert ticket["bounces"] == []


def test_an_address_that_our_own_server_refuses_stands_on_the_ticket_too(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink
) -> None:
    sink.plan("RCPT", "550 5.1.1 no such user")
    dovecot.deliver(letter(2), desk.username)
    desk.run("once")
    ticket = next(row for row in desk.jsonl("ticket", "list") if row["customer"] == "person2@example.org")
    shown = desk.json("ticket", "show", ticket["ref"])
    assert [event["kind"] for event in shown["events"]] == ["opened", "bounced"]
    assert [bounce["address"] for bounce in shown["bounces"]] == ["person2@example.org"]
