"""What a stranger can send, carried out on the installed command against real servers: they learn nothing about another
customer, change nothing in another's case, reach nobody through our letters, and make us silent to nobody."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from pipeline.demo.delivery import Accepted
from tests.desk import Desk, letter
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink

PAGES = '[web]\nurl = "https://help.example.com"\n'
EVERY_TICKET = '[topics.""]\ntrack = "all"\n'
QUIETLY = '[topics.""]\ntrack = "all"\nacknowledge = false\n'
EVE, MALLORY = "Eve Miller <eve@example.org>", "Mallory <mallory@example.net>"
ALIVE = re.compile(r"https?://(?!help\.example\.com)|www\.|evil\.example|\d+\.\d+\.\d+\.\d+", re.IGNORECASE)


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user(), more=PAGES + EVERY_TICKET)


def comes(desk: Desk, dovecot: Dovecot, *mails: bytes) -> None:
    for mail in mails:
        dovecot.deliver(mail, desk.username)
    desk.run("once")


def row_of(desk: Desk, message_id: str) -> dict[str, Any]:
    (row,) = [row for row in desk.jsonl("mail", "list") if row["message_id"] == message_id]
    return row


def letters_to(sink: SmtpSink, address: str) -> list[str]:
    """The texts and subjects of what went there."""
    return [text_of(one) for one in sink.accepted if list(one.recipients) == [address]]


def text_of(one: Accepted) -> str:
    message = email.message_from_bytes(one.data, policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    return f"{message['Subject']}\n{body.get_content()}"


def id_of(one: Accepted) -> str:
    return str(email.message_from_bytes(one.data)["Message-ID"])


EVES = letter(1, EVE, "My parcel", message_id="<eve-1@example.org>")


# --- a conversation of somebody else's --------------------------------------------------------------------------------


@pytest.mark.parametrize("named", ["In_Reply_To", "References"])
def test_who_names_a_known_message_id_gets_neither_ticket_nor_link(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, named: str
) -> None:
    """Nobody had been acknowledged there, so that the stranger would have been the first."""
    desk.more = PAGES + QUIETLY
    desk.write()
    comes(desk, dovecot, EVES)
    desk.more = PAGES + EVERY_TICKET
    desk.write()
    eves = row_of(desk, "<eve-1@example.org>")
    before = desk.json("ticket", "show", eves["ticket"])
    comes(desk, dovecot, letter(2, MALLORY, "Re: My parcel", message_id="<m-1@x>", **{named: "<eve-1@example.org>"}))
    mallorys = row_of(desk, "<m-1@x>")
    assert mallorys["ticket"] != eves["ticket"]
    (told,) = letters_to(sink, "mallory@example.net")
    assert eves["id"] not in told
    assert eves["id"].lower() not in told
    assert mallorys["id"] in told
    assert desk.json("ticket", "show", eves["ticket"]) == before


def test_who_guesses_a_message_id_and_writes_first_does_not_get_the_mail_of_its_owner(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink
) -> None:
    comes(desk, dovecot, letter(2, MALLORY, "First", message_id="<eve-1@example.org>"), EVES)
    first, second = desk.jsonl("mail", "list")
    assert first["ticket"] != second["ticket"]
    assert len(letters_to(sink, "eve@example.org")) == 1


def test_a_reference_in_the_subject_opens_nothing(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    comes(desk, dovecot, EVES)
    ref = row_of(desk, "<eve-1@example.org>")["ticket"]
    desk.run("ticket", "status", ref, "resolved")
    comes(desk, dovecot, letter(2, MALLORY, f"Re: [{ref}]", message_id="<m-1@x>"))
    assert row_of(desk, "<m-1@x>")["ticket"] != ref
    assert desk.json("ticket", "show", ref)["status"] == "resolved"
    assert desk.json("mail", "show", row_of(desk, "<m-1@x>")["id"])["possibly_about"] == ref


def test_who_holds_a_letter_of_ours_writes_into_the_ticket_as_somebody_else(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink
) -> None:
    comes(desk, dovecot, EVES)
    ref, ours = row_of(desk, "<eve-1@example.org>")["ticket"], id_of(sink.accepted[0])
    desk.run("ticket", "status", ref, "resolved")
    promises = desk.json("ticket", "show", ref).get("promises")
    comes(desk, dovecot, letter(2, MALLORY, "I was forwarded this", message_id="<m-1@x>", In_Reply_To=ours))
    row, ticket = row_of(desk, "<m-1@x>"), desk.json("ticket", "show", ref)
    assert (row["ticket"], ticket["status"]) == (ref, "resolved")
    assert "by Mallory <mallory@example.net>: not the customer" in [event["detail"] for event in ticket["events"]]
    (told,) = letters_to(sink, "mallory@example.net")
    assert row["id"] in told
    assert ref not in told
    assert "https://" not in told
    comes(desk, dovecot, letter(3, MALLORY, "And again", message_id="<m-2@x>", In_Reply_To=ours))
    assert len(letters_to(sink, "mallory@example.net")) == 1
    assert desk.json("ticket", "show", ref).get("promises") == promises
    assert desk.json("mail", "show", row["id"])["role"] == "other"
    comes(desk, dovecot, letter(4, EVE, "Re: My parcel", message_id="<eve-2@example.org>", In_Reply_To=ours))
    assert desk.json("ticket", "show", ref)["status"] == "open"


def test_whom_the_customer_sent_a_copy_takes_part(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    copied = letter(1, EVE, "Our parcel", message_id="<eve-1@example.org>", Cc="Bob <bob@example.org>")
    comes(desk, dovecot, copied)
    bobs = letter(2, "Bob <bob@example.org>", "Re: Our parcel", message_id="<b-1@x>", In_Reply_To="<eve-1@example.org>")
    comes(desk, dovecot, bobs)
    ref = row_of(desk, "<eve-1@example.org>")["ticket"]
    assert row_of(desk, "<b-1@x>")["ticket"] == ref
    (told,) = letters_to(sink, "bob@example.org")
    assert "https://" not in told
    assert ref not in told
    friends = letter(3, MALLORY, "Re: Our parcel", message_id="<m-1@x>", In_Reply_To="<b-1@x>")
    comes(desk, dovecot, friends)  # Bob brings in nobody
    assert row_of(desk, "<m-1@x>")["ticket"] != ref


def test_a_status_link_goes_to_the_ticket_s_customer_alone(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    comes(desk, dovecot, EVES)
    (told,) = letters_to(sink, "eve@example.org")
    assert f"https://help.example.com/s/{row_of(desk, '<eve-1@example.org>')['ticket']}" in told


def test_with_authserv_a_from_that_is_not_proved_is_a_stranger(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    desk.more = PAGES + EVERY_TICKET + '[guard]\nauthserv = ["mx.example.com"]\n'
    desk.write()
    proved = {"Authentication_Results": "mx.example.com; dmarc=pass header.from=example.org"}
    comes(desk, dovecot, letter(1, EVE, "My parcel", message_id="<eve-1@example.org>", **proved))
    ref = row_of(desk, "<eve-1@example.org>")["ticket"]
    desk.run("ticket", "status", ref, "resolved")
    answer = {"In_Reply_To": "<eve-1@example.org>", "sender": EVE, "subject": "Re: My parcel"}
    forged = {"Authentication_Results": 'mx.example.com; spf=pass smtp.mailfrom="a;dmarc=pass"@evil.example'}
    comes(desk, dovecot, letter(2, message_id="<f-1@x>", **answer, **forged), letter(3, message_id="<f-2@x>", **answer))
    for message_id in ("<f-1@x>", "<f-2@x>"):
        row = row_of(desk, message_id)
        assert (row["state"], row["ticket"]) == ("parked", None)
    assert desk.json("ticket", "show", ref)["status"] == "resolved"
    comes(desk, dovecot, letter(4, message_id="<eve-2@example.org>", **answer, **proved))
    assert desk.json("ticket", "show", ref)["status"] == "open"


# --- silence for others -----------------------------------------------------------------------------------------------


def forged_report(*victims: str, about: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "Mail Delivery System <mailer-daemon@evil.example>", "support@example.com"
    message["Subject"], message["Message-ID"] = "Undelivered", "<report@evil.example>"
    failed = "".join(f"\nFinal-Recipient: rfc822; {one}\nAction: failed\nStatus: 5.1.1\n" for one in victims)
    parts = [("text/plain", "Not delivered."), ("message/delivery-status", f"Reporting-MTA: dns; mx\n{failed}")]
    parts.append(("text/rfc822-headers", f"Message-ID: {about}\n"))
    body = "".join(f"--b\nContent-Type: {kind}\n\n{content}\n" for kind, content in parts)
    kind = 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"'
    return f"{message.as_string().strip()}\n{kind}\n\n{body}--b--\n".replace("\n", "\r\n").encode()


def test_a_forged_delivery_report_silences_nobody(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    """Neither about nothing of ours, nor about a letter that went to the forger."""
    comes(desk, dovecot, letter(1, MALLORY, "Hello", message_id="<m-1@x>"))
    victims = [f"person{number}@example.org" for number in range(2, 90)]
    for about in ("<x@y>", "<m-1@x>", id_of(sink.accepted[0])):
        comes(
            desk, dovecot, forged_report(*victims, about=about).replace(b"report@evil", about[1:9].encode() + b"@evil")
        )
    comes(desk, dovecot, letter(2), letter(3))
    assert letters_to(sink, "person2@example.org")
    assert letters_to(sink, "person3@example.org")


def test_spellings_of_one_address_share_its_limit(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    spellings = ["evemiller", "eve.miller", "e.v.e.miller", "EveMiller", "eve.miller+a", "e.vemiller+b"]
    spellings += [f"evemille.r+{number}" for number in range(8)]
    mails = [
        letter(number, f"{local}@{'gmail.com' if number % 2 else 'googlemail.com'}")
        for number, local in enumerate(spellings)
    ]
    comes(desk, dovecot, *mails)
    assert len(sink.accepted) == 10  # [guard] limit_sender


def test_a_flood_does_not_make_us_silent_to_who_was_known_before(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    """And `status` says that the circuit breaker is open."""
    desk.more = (
        EVERY_TICKET + '[guard]\nlimit_system = "5 per 1h"\nauthserv = ["mx.example.com"]\nallow = ["flood.example"]\n'
    )
    desk.write()
    comes(desk, dovecot, *(letter(number, f"a{number}@flood.example") for number in range(8)))
    assert len(sink.accepted) == 5
    assert "circuit breaker is open" in str(desk.json("status", expect=1)["problems"])
    proved = {"Authentication_Results": "mx.example.com; dmarc=pass header.from=example.org"}
    comes(desk, dovecot, letter(20, EVE, "My parcel", message_id="<eve-1@example.org>", **proved))
    assert letters_to(sink, "eve@example.org")


def test_what_the_breaker_alone_held_back_from_who_is_known_waits_for_it(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink
) -> None:
    desk.more = EVERY_TICKET + '[guard]\nlimit_system = "2 per 1h"\nauthserv = ["mx.example.com"]\n'
    desk.write()
    proved = {"Authentication_Results": "mx.example.com; dmarc=pass header.from=example.org"}
    counts = []
    for number in range(4):
        dovecot.deliver(letter(number, **proved), desk.username)
        counts.append(desk.json("once")["mailboxes"]["support"])
    assert [one["acknowledged"] for one in counts] == [1, 1, 0, 0]
    assert [one["limited"] for one in counts] == [0, 0, 1, 1]
    waiting = [
        effect for row in desk.jsonl("mail", "list") for effect in desk.json("mail", "show", row["id"])["effects"]
    ]
    held = [effect for effect in waiting if effect["kind"] == "acknowledge" and effect["state"] == "waiting"]
    assert len(held) == 2
    assert all("circuit breaker" in effect["error"] and effect["next_try"] for effect in held)


# --- letters as a relay -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bait",
    ["http:www.//evil.example/login", "evil%2Eexample", "evil。example", "http://0x7f.1.2.3/", "eve@evil.example"],
)
def test_no_letter_carries_a_link_that_somebody_wrote(desk: Desk, dovecot: Dovecot, sink: SmtpSink, bait: str) -> None:
    comes(desk, dovecot, letter(1, f'"Log in {bait}" <victim@example.org>', f"Your account: {bait} " + "x" * 300))
    (told,) = letters_to(sink, "victim@example.org")
    assert not ALIVE.search(told)
    assert "x" * 81 not in told


def test_a_form_writes_nothing_to_a_third_party_that_its_visitor_typed(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink
) -> None:
    desk.more = EVERY_TICKET + '[guard]\nforms = ["form@shop.example"]\n'
    desk.write()
    typed = letter(1, "Form <form@shop.example>", "Buy cheap pills", Reply_To="Cheap Pills Today <victim@example.org>")
    comes(desk, dovecot, typed)
    (told,) = letters_to(sink, "victim@example.org")
    assert "ills" not in told
    (ticket,) = desk.jsonl("ticket", "list")
    assert ticket["customer"] == "victim@example.org"


# --- silence that is seen ---------------------------------------------------------------------------------------------


def test_a_person_whom_a_weak_rule_silenced_is_seen_and_explained(desk: Desk, dovecot: Dovecot) -> None:
    marked = letter(1, "Exchange User <eva@exchange.example>", message_id="<e-1@x>", X_Auto_Response_Suppress="All")
    robot = letter(2, message_id="<r-1@x>", Auto_Submitted="auto-replied")
    news = letter(3, message_id="<n-1@x>", List_Id="<news.example>").replace(b"Where is it?", b"Unsubscribe: https://x")
    comes(desk, dovecot, marked, robot, news)
    (found,) = desk.jsonl("mail", "list", "--silent", "--reads-like-a-person")
    assert found["message_id"] == "<e-1@x>"
    assert found["why"] == ["silent-weak"]
    assert {row["message_id"] for row in desk.jsonl("mail", "list", "--review")} == {"<e-1@x>"}
    assert len(desk.jsonl("mail", "list", "--silent")) == 3
    said = desk.json("mail", "explain", found["id"])["decided"]
    assert said == ('silent because X-Auto-Response-Suppress: all; `allow = ["exchange.example"]` would let it pass')
    assert said in desk.run("mail", "explain", found["id"]).stdout


def test_doctor_proposes_what_our_server_calls_itself(desk: Desk, dovecot: Dovecot) -> None:
    results = {"Authentication_Results": "mx.example.com; spf=pass smtp.mailfrom=example.org"}
    comes(desk, dovecot, *(letter(number, **results) for number in range(3)))
    (found,) = [row for row in desk.jsonl("doctor", expect=None) if row["check"] == "authentication"]
    assert 'authserv = ["mx.example.com"]' in found["detail"]
