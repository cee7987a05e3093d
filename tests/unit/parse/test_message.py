"""Parsing: what a Mail says about well-formed, odd and broken messages."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime

import pytest

from pipeline.parse import addresses, headers, mime
from pipeline.parse import message as parse_message
from pipeline.records.mail import Address, FailedRecipient, Mail

HEADER = {
    "From": "Alice Example <alice@example.org>",
    "To": "Support <support@example.com>",
    "Subject": "Where is my parcel?",
    "Date": "Mon, 3 Nov 2025 10:10:00 +0100",
    "Message-ID": "<one@example.org>",
}


def message(body: str | bytes = "It was due on Friday.\n", **changes: str | None) -> bytes:
    """A message with the usual header; `Reply_To="…"` sets a field, None leaves it out."""
    fields = HEADER | {name.replace("_", "-"): value for name, value in changes.items()}
    head = "".join(f"{name}: {value}\n" for name, value in fields.items() if value is not None)
    return head.encode() + b"\n" + (body if isinstance(body, bytes) else body.encode())


def read(body: str | bytes = "It was due on Friday.\n", **changes: str | None) -> Mail:
    return parse_message.parse(message(body, **changes))


def multipart(kind: str, *parts: str) -> dict[str, str]:
    body = "".join(f"--=_b\n{part}\n" for part in parts) + "--=_b--\n"
    return {"body": body, "Content_Type": f'multipart/{kind}; boundary="=_b"'}


def part(kind: str, content: str, **fields: str) -> str:
    more = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in fields.items())
    return f"Content-Type: {kind}\n{more}\n{content}"


# --- headers ----------------------------------------------------------------------------------------------------------


def test_a_plain_mail_is_read_in_full() -> None:
    mail = read(Return_Path="<alice@example.org>", Reply_To="Bob <bob@example.org>", Cc="Carol <Carol@Example.org>")
    assert mail.sender == Address(email="alice@example.org", name="Alice Example")
    assert mail.reply_to == Address(email="bob@example.org", name="Bob")
    assert mail.return_path == "alice@example.org"
    assert mail.recipients == ("support@example.com", "carol@example.org")
    assert mail.subject == "Where is my parcel?"
    assert mail.sent == datetime(2025, 11, 3, 9, 10, tzinfo=UTC)
    assert mail.message_id == "<one@example.org>"
    assert mail.text == mail.whole == "It was due on Friday."
    assert mail.language == "en"
    assert mail.content_type == "text/plain"
    assert mail.parts == ("text/plain",)
    assert (mail.attachments, mail.report, mail.notes) == ((), None, ())
    assert mail.size == len(message(Return_Path="<alice@example.org>", Reply_To="Bob <bob@example.org>",
                                    Cc="Carol <Carol@Example.org>"))  # fmt: skip


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends_of_any_kind_are_understood(end: bytes) -> None:
    mail = parse_message.parse(message("one\ntwo\n").replace(b"\n", end))
    assert mail.text == "one\ntwo"
    assert mail.subject == "Where is my parcel?"


@pytest.mark.parametrize(
    ("value", "email", "name"),
    [
        ("alice@example.org", "alice@example.org", ""),
        ("<alice@example.org>", "alice@example.org", ""),
        ('"Example, Alice" <alice@example.org>', "alice@example.org", "Example, Alice"),
        ('"Alice \\"Al\\" Example" <alice@example.org>', "alice@example.org", 'Alice "Al" Example'),
        ("alice@example.org (Alice Example)", "alice@example.org", "Alice Example"),
        ("Alice (at (home)) <alice@example.org>", "alice@example.org", "Alice"),
        ("Staff: Alice <alice@example.org>, bob@example.org;", "alice@example.org", "Alice"),
        ("=?utf-8?q?J=C3=B6rg?= <joerg@example.org>", "joerg@example.org", "Jörg"),
        ("=?utf-8?q?Jörg?= <joerg@example.org>", "joerg@example.org", "Jörg"),
        ('"=?utf-8?q?J=C3=B6rg?=" <joerg@example.org>', "joerg@example.org", "Jörg"),
        ("Jörg <joerg@example.org>", "joerg@example.org", "Jörg"),
        ("=?utf-8?q?Alice_=3Calice=40example.org=3E?=", "alice@example.org", "Alice"),
        ("Alice alice@example.org", "alice@example.org", "Alice"),
        ("Alice <alice@example.org", "alice@example.org", "Alice"),
        ("Alice (home <alice@example.org>", "alice@example.org", "Alice (home"),
        ('Al"ice <alice@example.org>', "alice@example.org", "Alice"),
        ("Alice <mailto:alice@example.org>", "alice@example.org", "Alice"),
        ("<@relay.example,@two.example:alice@example.org>", "alice@example.org", ""),
        ('"al ice"@example.org', '"al ice"@example.org', ""),
        ("alice@[192.0.2.1]", "alice@[192.0.2.1]", ""),
        ("nobody, Alice <alice@example.org>", "alice@example.org", "Alice"),
        ("A\u202elice\u200b\x07 <alice@example.org>", "alice@example.org", "Alice"),
        ("alice@müller.example", "alice@müller.example", ""),
        ("x" * 300 + " <alice@example.org>", "alice@example.org", "x" * 200),
    ],
)
def test_the_sender_is_found_however_it_is_written(value: str, email: str, name: str) -> None:
    assert read(From=value).sender == Address(email=email, name=name)


@pytest.mark.parametrize(
    "value", ["", "Alice", "<>", "@", "alice@", "@example.org", "undisclosed-recipients:;", "a b c"]
)
def test_a_from_without_an_address_gives_no_sender_and_a_note(value: str) -> None:
    mail = read(From=value)
    assert mail.sender is None
    assert "no usable From" in mail.notes


@pytest.mark.parametrize(
    ("missing", "note"), [("From", "no usable From"), ("Date", "no Date"), ("Message-ID", "no Message-ID")]
)
def test_what_is_missing_is_noted(missing: str, note: str) -> None:
    assert note in read(**{missing.replace("-", "_"): None}).notes


@pytest.mark.parametrize(
    ("value", "subject"),
    [
        ("plain", "plain"),
        ("=?utf-8?b?w6TDtg==?= =?utf-8?q?=C3=BC?=", "äöü"),
        ("=?utf-8?b?w6Q=?=\n =?utf-8?b?w7Y=?= end", "äö end"),
        ("=?utf-8?b?w6TD?= =?utf-8?b?tg==?=", "äö"),
        ("a =?iso-8859-1?q?=FC?= b", "a ü b"),
        ("=?x-nonsense?q?caf=C3=A9?=", "café"),
        ("=?iso-8859-1*de?q?=FC?=", "ü"),
        ("=?utf-8?q?two words in one?=", "two words in one"),
        ("=?utf-8?b?broken!base64?=", headers.text("=?utf-8?b?broken!base64?=")),
        ("=?utf-8?q?line=0D=0AX-Evil:_yes?=", "line X-Evil: yes"),
        ("=?utf-8?q?=00nul=07?=", "nul"),
        ("raw ümläut", "raw ümläut"),
        ("folded\n\t  over\n lines", "folded over lines"),
        ("=?utf-8?q?unfinished", "=?utf-8?q?unfinished"),
        ("x" * 3000, "x" * 1000),
        ("", ""),
    ],
)
def test_the_subject_is_one_decoded_line(value: str, subject: str) -> None:
    assert read(Subject=value).subject == subject


def test_a_raw_western_subject_is_read() -> None:
    assert (
        parse_message.parse(message().replace(b"Where is my parcel?", "Schöne Grüße".encode("latin-1"))).subject
        == "Schöne Grüße"
    )


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<>", ""),
        ("< >", ""),
        ("<bounce@example.org>", "bounce@example.org"),
        ("bounce@example.org", "bounce@example.org"),
    ],
)
def test_the_null_path_differs_from_a_missing_one(value: str, expected: str) -> None:
    assert read(Return_Path=value).return_path == expected
    assert read().return_path is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<a@b>", "<a@b>"),
        ("a@b", "<a@b>"),
        ("<no-at-sign>", "<no-at-sign>"),
        ("  <a@b> (comment)", "<a@b>"),
        ("<>", ""),
        ("", ""),
    ],
)
def test_message_ids_get_brackets(value: str, expected: str) -> None:
    assert read(Message_ID=value).message_id == expected


def test_references_keep_the_first_and_the_last() -> None:
    mail = read(References=" ".join(f"<{number}@x>" for number in range(200)), In_Reply_To="Your mail of Monday <9@x>")
    assert mail.in_reply_to == ("<9@x>",)
    assert len(mail.references) == 50
    assert (mail.references[0], mail.references[1], mail.references[-1]) == ("<0@x>", "<151@x>", "<199@x>")


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("3 Nov 2025 10:10 GMT", datetime(2025, 11, 3, 10, 10, tzinfo=UTC)),
        ("Mon, 3 Nov 2025 10:10:00 -0000", datetime(2025, 11, 3, 10, 10, tzinfo=UTC)),
        ("Mon, 3 Nov 25 10:10:00 +0000", datetime(2025, 11, 3, 10, 10, tzinfo=UTC)),
        ("Fri, 3 Nov 2025 10(ten):10:00 +0000 (UTC)", datetime(2025, 11, 3, 10, 10, tzinfo=UTC)),
        ("tomorrow", None),
        ("Mon, 3 Nov 9999 10:10:00 +0000", None),
        ("Mon, 99 Nov 2025 10:10:00 +0000", None),
        ("Mon, 3 Nov 2025 10:10:00 +9999999", None),
        ("", None),
    ],
)
def test_a_date_is_aware_or_none(value: str, sent: datetime | None) -> None:
    assert read(Date=value).sent == sent


def test_headers_are_kept_decoded_by_lower_case_name() -> None:
    mail = read(X_Spam_Flag="YES", Received="from a\n\tby b")
    assert mail.headers["x-spam-flag"] == ("YES",)
    assert mail.header("Received") == "from a by b"
    assert mail.header("X-Missing") == ""


def test_repeated_headers_are_all_kept_and_noted_where_only_one_may_be() -> None:
    mail = parse_message.parse(b"Received: one\nReceived: two\nSubject: first\nSubject: second\n\nbody")
    assert mail.headers["received"] == ("one", "two")
    assert mail.subject == "first"
    assert "more than one subject field; the first counts" in mail.notes


def test_an_mbox_line_and_a_garbled_one_are_skipped() -> None:
    mail = parse_message.parse(b"From alice Mon Nov  3 10:10:00 2025\nthis is no field\n" + message())
    assert mail.subject == "Where is my parcel?"
    assert "a line of the header is no field" in mail.notes


def test_text_without_any_header_is_the_text() -> None:
    mail = parse_message.parse(b"Hello there\nI have a question: where is it?\n")
    assert mail.text == "Hello there\nI have a question: where is it?"


# --- text -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("charset", "encoded", "note"),
    [
        ("utf-8", "Grüße".encode(), ""),
        ("iso-8859-1", "Grüße".encode("latin-1"), ""),
        ("windows-1252", "Grüße".encode("cp1252"), ""),
        ('"UTF-8"', "Grüße".encode(), ""),
        ("utf-16", "Grüße".encode("utf-16"), ""),
        ("utf-8", "Grüße".encode("latin-1"), "the text is not in the charset it names, utf-8"),
        ("us-ascii", "Grüße".encode(), ""),
        ("x-unknown", "Grüße".encode(), "unknown charset x-unknown"),
        ("punycode", "Grüße".encode(), "unknown charset punycode"),
        ("base64", "Grüße".encode(), "unknown charset base64"),
        ("a\x00b", "Grüße".encode(), "unknown charset ab"),
    ],
)
def test_a_wrong_or_unknown_charset_is_survived(charset: str, encoded: bytes, note: str) -> None:
    mail = read(encoded, Content_Type=f"text/plain; charset={charset}")
    assert mail.text == "Grüße"
    assert mail.notes == ((note,) if note else ())


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("quoted-printable", "Gr=C3=BC=\n=C3=9Fe"),
        ("base64", base64.encodebytes("Grüße".encode()).decode()),
        ("BASE64", "R3LDvMOfZQ"),
        ("8bit", "Grüße"),
        ("x-nonsense", "Grüße"),
        ("x-uuencode", "begin 644 text\n'1W+#O,.?90  \n`\nend\n"),
    ],
)
def test_bodies_are_decoded(encoding: str, body: str) -> None:
    mail = read(body, Content_Type="text/plain; charset=utf-8", Content_Transfer_Encoding=encoding)
    assert mail.text == "Grüße"


def test_flowed_text_is_joined() -> None:
    body = "One sentence that \ngoes on.\nAnother.\n> quoted \n> too\n-- \nAlice\n"
    mail = read(body, Content_Type="text/plain; format=flowed")
    assert mail.whole == "One sentence that goes on.\nAnother.\n> quoted too\n--\nAlice"
    assert mail.text == "One sentence that goes on.\nAnother."


def test_the_plain_alternative_is_preferred() -> None:
    mail = read(**multipart("alternative", part("text/plain", "plain one"), part("text/html", "<p>html one</p>")))
    assert mail.text == "plain one"
    assert mail.parts == ("multipart/alternative", "text/plain", "text/html")
    assert mail.attachments == ()


@pytest.mark.parametrize(
    "plain", ["", "  \n", "Please view this mail in an HTML capable browser.", "Im Browser ansehen"]
)
def test_html_is_read_where_there_is_no_usable_plain_text(plain: str) -> None:
    mail = read(**multipart("alternative", part("text/plain", plain), part("text/html", "<p>The <b>real</b> text</p>")))
    assert mail.text == "The real text"


def test_html_mail_is_cut_like_plain_mail() -> None:
    html = (
        "<p>It is broken.</p><div class=gmail_quote>On Mon, 3 Nov 2025 at 10:12, Shop &lt;s@example.com&gt; wrote:<br>"
        "<blockquote>Is it all right?</blockquote></div>"
    )
    mail = read(html, Content_Type="text/html; charset=utf-8")
    assert mail.text == "It is broken."
    assert "> Is it all right?" in mail.whole


def test_html_that_calls_itself_plain_is_read_as_html() -> None:
    assert read("<html><body><p>Hello</p></body></html>").text == "Hello"


def test_the_charset_of_html_may_stand_in_its_head() -> None:
    body = '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-2"><p>Łódź</p>'.encode("iso-8859-2")
    assert read(body, Content_Type="text/html").text == "Łódź"


def test_text_parts_around_an_attachment_belong_together() -> None:
    parts = (
        part("text/plain", "before"),
        part("image/png", "AAAA", Content_Transfer_Encoding="base64"),
        part("text/plain", "after"),
    )
    mail = read(**multipart("mixed", *parts))
    assert mail.whole == "before\n\nafter"
    assert [attachment.content_type for attachment in mail.attachments] == ["image/png"]


def test_a_mail_that_is_all_forward_keeps_its_text() -> None:
    body = "---------- Forwarded message ---------\nFrom: Shop <shop@example.com>\n\nYour order was sent.\n"
    assert "Your order was sent." in read(body).text


# --- parts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="bill.pdf"', "bill.pdf"),
        ("attachment; filename=bill.pdf", "bill.pdf"),
        ("attachment; filename*=utf-8''Rechnung%20%C3%BC.pdf", "Rechnung ü.pdf"),
        ("attachment; filename*0*=iso-8859-1'de'R%FC; filename*1=\"ck.pdf\"", "Rück.pdf"),
        ("attachment; filename*1=b.pdf; filename*0=a", "ab.pdf"),
        ('attachment; filename="=?utf-8?q?B=C3=BCrste.pdf?="', "Bürste.pdf"),
        ('attachment; filename="Bürste.pdf"', "Bürste.pdf"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\temp\\\\a.exe"', "a.exe"),
        ('attachment; filename="cut off', "cut off"),
        ('attachment; filename="evil\u202efdp.exe"', "evilfdp.exe"),
        ("attachment", ""),
    ],
)
def test_attachments_have_their_names(disposition: str, name: str) -> None:
    parts = (part("text/plain", "see there"), part("application/pdf", "x", Content_Disposition=disposition))
    assert [attachment.name for attachment in read(**multipart("mixed", *parts)).attachments] == [name]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 56, 57, 58, 1000])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_size_of_an_attachment_is_that_of_its_content(size: int, end: str) -> None:
    content = base64.encodebytes(b"x" * size).decode()
    parts = (part("text/plain", "hi"), part("image/png", content, Content_Transfer_Encoding="base64"))
    raw = message(**multipart("mixed", *parts)).replace(b"\n", end.encode())
    assert parse_message.parse(raw).attachments[0].size == size


def test_an_outlook_bundle_is_listed_and_noted() -> None:
    parts = (
        part("text/plain", "hi"),
        part("application/ms-tnef", "x", Content_Disposition="attachment; filename=winmail.dat"),
    )
    mail = read(**multipart("mixed", *parts))
    assert mail.attachments[0].name == "winmail.dat"
    assert any("TNEF" in note for note in mail.notes)


def test_a_message_inside_is_an_attachment_and_not_the_text() -> None:
    inner = message("inner text", Subject="inner").decode()
    mail = read(**multipart("mixed", part("text/plain", "look at this"), part("message/rfc822", inner)))
    assert mail.text == "look at this"
    assert [attachment.content_type for attachment in mail.attachments] == ["message/rfc822"]


def test_the_text_of_a_message_inside_is_read_where_there_is_no_other() -> None:
    inner = message("the parcel is broken").decode()
    mail = read(**multipart("mixed", part("text/plain", ""), part("message/rfc822", inner)))
    assert mail.text == "the parcel is broken"
    assert "the text is that of an enclosed message" in mail.notes


def test_a_multipart_whose_end_is_missing_is_read_and_noted() -> None:
    mail = read("--=_b\nContent-Type: text/plain\n\nhalf a te", Content_Type='multipart/mixed; boundary="=_b"')
    assert mail.text == "half a te"
    assert "the last part has no end" in mail.notes


@pytest.mark.parametrize("kind", ["multipart/mixed", 'multipart/mixed\n\tboundary="=_b"', "multipart/mixed; boundary="])
def test_a_boundary_that_is_missing_is_guessed(kind: str) -> None:
    mail = read(**(multipart("mixed", part("text/plain", "found")) | {"Content_Type": kind}))
    assert mail.text == "found"


def test_a_boundary_that_never_comes_leaves_the_text() -> None:
    mail = read("just text\n", Content_Type="multipart/mixed; boundary=never")
    assert mail.text == "just text"
    assert mail.notes


def test_an_invitation_and_an_encrypted_mail_show_in_parts() -> None:
    mail = read(**multipart("mixed", part("text/plain", "x"), part("text/calendar; method=REQUEST", "BEGIN:VCALENDAR")))
    assert "text/calendar" in mail.parts
    assert read(**multipart("encrypted", part("application/pgp-encrypted", "1"))).content_type == "multipart/encrypted"


def test_a_message_that_was_cut_says_so_and_has_its_full_size() -> None:
    raw = message("x" * 1000)
    mail = parse_message.parse(raw[:500], size=len(raw))
    assert mail.size == len(raw)
    assert "the message was cut, its end was not read" in mail.notes


# --- identity ---------------------------------------------------------------------------------------------------------


def test_the_same_mail_delivered_twice_has_one_hash() -> None:
    first = message("body\n")
    trace = b"Return-Path: <x@y>\nReceived: by two; today\nDelivered-To: other@example.com\n"
    second = trace + first.replace(b"\n", b"\r\n") + b"\r\n\r\n"
    assert (
        parse_message.content_hash(first)
        == parse_message.content_hash(second)
        == parse_message.parse(second).content_hash
    )


@pytest.mark.parametrize(
    "change", [{"Subject": "Other"}, {"Date": "x"}, {"Message_ID": "<two@x>"}, {"From": "b@x.org"}]
)
def test_other_content_has_another_hash(change: dict[str, str]) -> None:
    assert parse_message.content_hash(message()) != parse_message.content_hash(message(**change))
    assert parse_message.content_hash(message("a")) != parse_message.content_hash(message("b"))


@pytest.mark.parametrize(
    ("date", "begins"),
    [
        ("Wed, 18 Nov 2026 12:00:00 +0000", "2026-11-18 "),
        ("Wed, 18 Nov 2026 23:00:00 -0500", "2026-11-19 "),  # in UTC
        ("Thu, 1 Jan 1970 00:00:00 +0000", "1970-01-01 "),
        ("Wed, 18 Nov 9999 12:00:00 +0000", ""),
        ("yesterday", ""),
    ],
)
def test_a_hash_begins_with_the_day_the_mail_was_sent(date: str, begins: str) -> None:
    assert re.fullmatch(f"{begins}[0-9a-f]{{64}}", parse_message.content_hash(message(Date=date)))


def test_a_long_mail_cut_at_two_places_is_one_mail() -> None:
    body = bytes(range(32, 120)) * 20_000
    first, second = message(body)[:1_400_000], (b"Received: x\n" + message(body))[:1_300_000]
    assert parse_message.content_hash(first, cut=True) == parse_message.content_hash(second, cut=True)


def test_headers_do_not_run_into_each_other_in_the_hash() -> None:
    one, two = message(Subject="a", Message_ID="b"), message(Subject="a b", Message_ID="")
    assert parse_message.content_hash(one) != parse_message.content_hash(two)


# --- reports ----------------------------------------------------------------------------------------------------------

STATUS = """Reporting-MTA: dns; mx.example.net

Original-Recipient: rfc822;bob@example.org
Final-Recipient: RFC822; bob@inner.example.org
Action: failed
Status: 5.1.1 (no such user)

Final-Recipient: rfc822; carol@example.org
Action: delayed
Status: 4.4.1
"""


def report_of(status: str = STATUS, returned: str = "text/rfc822-headers") -> Mail:
    fields = multipart(
        "report; report-type=delivery-status",
        part("text/plain", "It could not be delivered."),
        part("message/delivery-status", status),
        part(returned, "Subject: ours\nMessage-ID: <ours@example.com>\n\n"),
    )
    return read(**fields, Return_Path="<>", From="MAILER-DAEMON@example.net")


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
def test_a_delivery_report_names_the_mail_and_the_addresses(returned: str) -> None:
    report = report_of(returned=returned).report
    assert report
    assert (report.kind, report.about) == ("delivery", "<ours@example.com>")
    assert report.recipients == (
        FailedRecipient(address="bob@example.org", status="5.1.1", permanent=True, dead=True),
        FailedRecipient(address="carol@example.org", status="4.4.1", permanent=False),
    )


def test_a_delayed_delivery_is_not_permanent_whatever_its_status() -> None:
    report = report_of(
        "Reporting-MTA: x\n\nFinal-Recipient: rfc822;bob@example.org\nAction: delayed\nStatus: 5.0.0\n"
    ).report
    assert report
    assert not report.recipients[0].permanent


def test_a_read_receipt_is_a_disposition_report() -> None:
    receipt = part("message/disposition-notification", "Final-Recipient: x\nOriginal-Message-ID: <ours@example.com>\n")
    mail = read(**multipart("report; report-type=disposition-notification", part("text/plain", "read"), receipt))
    assert mail.report
    assert (mail.report.kind, mail.report.about) == ("disposition", "<ours@example.com>")


def test_a_bounce_after_no_standard_is_recognised() -> None:
    body = (
        "Hi. This is the qmail-send program at example.net.\nI'm afraid I wasn't able to deliver your message to the "
        "following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        "<bob@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the "
        "message.\n\nReturn-Path: <support@example.com>\nMessage-ID: <ours@example.com>\nSubject: ours\n"
    )
    report = read(body, Return_Path="<>", From="MAILER-DAEMON@example.net").report
    assert report
    assert report.about == "<ours@example.com>"
    assert [(found.address, found.permanent) for found in report.recipients] == [("bob@example.org", True)]


def test_a_person_who_quotes_a_bounce_is_no_report() -> None:
    inner = message(
        **multipart("report; report-type=delivery-status", part("message/delivery-status", STATUS))
    ).decode()
    assert read(**multipart("mixed", part("text/plain", "what is this?"), part("message/rfc822", inner))).report is None


def test_an_answering_machine_on_the_null_path_is_no_bounce() -> None:
    assert read("I am away until Monday.", Return_Path="<>", Auto_Submitted="auto-replied").report is None


def test_a_hole_in_the_parser_gives_a_mail_with_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(mime, "structure", fail)
    mail = read()
    assert mail.sender is None
    assert mail.notes == ("could not be understood: RecursionError: too deep",)


# --- the pieces -------------------------------------------------------------------------------------------------------


def test_a_list_of_addresses_is_read_up_to_its_limit() -> None:
    value = ", ".join(f"Nr {number} <a{number}@example.org>" for number in range(50))
    assert [found.email for found in addresses.read(value, 3)] == ["a0@example.org", "a1@example.org", "a2@example.org"]
    assert len(addresses.read(value, 1000)) == 50


def test_a_part_with_uuencoded_nonsense_is_read_as_far_as_it_goes() -> None:
    raw = b"Content-Transfer-Encoding: uuencode\n\nbegin 644 x\n\x80\x81\nend\n"
    found = mime.structure(raw, headers.read(raw, 0, len(raw)), len(raw))
    assert isinstance(found.leaves[0].content(), bytes)


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ("<a@b> <c@d>", ("<a@b>", "<c@d>")),
        ("a@b, c@d", ("<a@b>", "<c@d>")),
        ("<4711-0815-abc>", ("<4711-0815-abc>",)),
        ("4711-0815-abc", ("<4711-0815-abc>",)),
        ("=?utf-8?q?=3Ca=40b=3E?= =?utf-8?b?PGNAZD4=?=", ("<a@b>", "<c@d>")),
        ("=?utf-8?q?a=40b?=", ("<a@b>",)),
        ("Your message of Mon, 9 Nov 2026 <a@b>", ("<a@b>",)),
        ("Your message of Monday", ()),
        ("", ()),
    ],
)
def test_ids_are_read_alike_in_brackets_without_and_encoded(value: str, ids: tuple[str, ...]) -> None:
    assert headers.message_ids(value) == ids
    if len(ids) == 1 and "message of" not in value:
        assert (headers.message_id(value),) == ids


@pytest.mark.parametrize(
    ("status", "said", "dead"),
    [
        ("5.1.1", "", True),
        ("5.1.10", "smtp; 550 5.1.10 RecipientNotFound", True),
        ("5.2.1", "smtp; 550 5.2.1 The email account that you tried to reach is disabled", True),
        ("5.2.1", "smtp; 550-5.2.1 The user is receiving mail at a rate that prevents more", False),
        ("5.2.2", "smtp; 552 5.2.2 mailbox full", False),
        ("5.7.1", "smtp; 550 5.7.1 message refused by policy", False),
        ("5.0.0", "smtp; 550 no such user here", False),
    ],
)
def test_only_an_address_that_is_no_more_is_dead(status: str, said: str, dead: bool) -> None:
    told = f"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; bob@example.org\nAction: failed\nStatus: {status}\n"
    told += f"Diagnostic-Code: {said}\n" if said else ""
    report = read(**multipart("report; report-type=delivery-status", part("message/delivery-status", told))).report
    assert report is not None
    assert [one.dead for one in report.recipients] == [dead]


@pytest.mark.parametrize(
    ("kind", "inside", "told"),
    [
        ("report; report-type=feedback-report", "message/feedback-report", "feedback-report"),
        ("report; report-type=tlsrpt", "application/tlsrpt+gzip", "tlsrpt"),
        ("report; report-type=x-new", "application/x-new", "x-new"),
        ("mixed", "message/disposition-notification", "disposition"),
        ("mixed", "message/delivery-status", "delivery"),
    ],
)
def test_what_machines_report_is_told_by_its_type(kind: str, inside: str, told: str) -> None:
    report = read(**multipart(kind, part("text/plain", "A report."), part(inside, "Version: 1"))).report
    assert report is not None
    assert report.kind == told


def test_a_report_that_a_person_attaches_is_a_file() -> None:
    attached = "Content-Type: message/delivery-status\nContent-Disposition: attachment\n\nReporting-MTA: dns; mx\n"
    assert read(**multipart("mixed", part("text/plain", "What does this mean?"), attached)).report is None
