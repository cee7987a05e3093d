"""Mail made to hurt: each gives a valid Mail in bounded time."""

from __future__ import annotations

import base64
import gzip
import random
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.parse import message
from pipeline.records.mail import Address, Attachment, MachineReport, Mail

HEADER = b"From: Alice <alice@example.org>\nSubject: help\nDate: Mon, 3 Nov 2025 10:10:00 +0100\n"
SECONDS = 2.0
UNSEEN = re.compile("[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def header(name: bytes, value: bytes) -> bytes:
    return name + b": " + value + b"\n" + HEADER + b"\nIt is broken.\n"


def nested_multiparts(depth: int) -> bytes:
    head = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(depth)
    )
    return HEADER + head + b"Content-Type: text/plain\n\nIt is broken.\n"


def siblings(count: int) -> bytes:
    part = b"--b\nContent-Type: text/plain\n\nIt is broken.\n"
    return HEADER + b"Content-Type: multipart/mixed; boundary=b\n\n" + part * count + b"--b--\n"


def html(content: bytes) -> bytes:
    return HEADER + b"Content-Type: text/html; charset=utf-8\n\n<p>It is broken.</p>" + content


def html_parts(content: bytes, count: int) -> bytes:
    part = b"--b\nContent-Type: text/html\n\n" + content + b"\n"
    return HEADER + b"Content-Type: multipart/mixed; boundary=b\n\n" + part * count


def plain(content: bytes, kind: bytes = b"text/plain; charset=utf-8") -> bytes:
    return HEADER + b"Content-Type: " + kind + b"\n\nIt is broken.\n\n" + content


def bounce(content: bytes) -> bytes:
    return b"Return-Path: <>\nFrom: mailer-daemon@example.org\nSubject: failure\n\n" + content


def report(content: bytes) -> bytes:
    head = b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
    return HEADER + head + b"Content-Type: message/delivery-status\n\n" + content + b"\n--b--\n"


def bomb() -> bytes:
    """30 KB that are 30 MB when they are unpacked: nobody may."""
    return gzip.compress(bytes(30_000_000), 9, mtime=0)


def attachment(kind: bytes, content: bytes) -> bytes:
    head = b"Content-Type: " + kind + b"\nContent-Encoding: gzip\nContent-Transfer-Encoding: base64\n\n"
    return siblings(1).removesuffix(b"--b--\n") + b"--b\n" + head + content + b"\n--b--\n"


HOSTILE: Mapping[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "only a line end": lambda: b"\n",
    "only line ends": lambda: b"\r\n" * 100_000,
    "only a header": lambda: HEADER,
    "only nul bytes": lambda: b"\0" * 100_000,
    "only 8-bit bytes": lambda: b"\xff" * 100_000,
    "one long line": lambda: b"x" * 3_000_000,
    "one long header line": lambda: b"Subject: " + b"x" * 3_000_000,
    "50 KB of quotation marks in From": lambda: header(b"From", b'"' * 50_000),
    "odd quotation marks in From": lambda: header(b"From", b'"' * 50_001),
    "escaped quotation marks in From": lambda: header(b"From", b'"' + b'\\"' * 25_000 + b'" <a@example.org>'),
    "nested parentheses in From": lambda: header(b"From", b"(" * 50_000 + b")" * 50_000),
    "angle brackets in From": lambda: header(b"From", b"<" * 100_000),
    "white space in From": lambda: header(b"From", b"a" + b" " * 100_000 + b"@example.org"),
    "at signs in From": lambda: header(b"From", b"@" * 100_000),
    "30,000 recipients": lambda: header(b"To", b", ".join(b"N <r%d@example.org>" % n for n in range(30_000))),
    "30,000 recipients in one word": lambda: header(b"To", b"a" * 300_000),
    "30,000 commas": lambda: header(b"Cc", b"," * 30_000),
    "20,000 header fields": lambda: header(b"X-A", b"1\n" + b"X-B: 2\n" * 20_000 + b"X-C: 3"),
    "20,000 To fields": lambda: header(b"X-A", b"1\n" + b"To: a@example.org\n" * 20_000 + b"X-C: 3"),
    "20,000 From fields": lambda: b"From: nobody\n" * 20_000 + HEADER + b"\nIt is broken.",
    "20,000 folds": lambda: header(b"Subject", b"x\n " * 20_000),
    "20,000 encoded words": lambda: header(b"Subject", b"=?utf-8?q?a?= " * 20_000),
    "20,000 charsets": lambda: header(b"Subject", b"".join(b"=?x-%d?q?a?= " % n for n in range(20_000))),
    "unfinished encoded words": lambda: header(b"Subject", b"=?utf-8?q?" * 20_000),
    "20,000 references": lambda: header(b"References", b"<a@b>\n " * 20_000),
    "unclosed references": lambda: header(b"References", b"<a@b" * 20_000),
    "a long message id": lambda: header(b"Message-ID", b"<" + b"a" * 100_000 + b"@b>"),
    "a long date": lambda: header(b"Date", b"1" * 100_000),
    "20,000 parameters": lambda: plain(b"", b"text/plain" + b"; a=b" * 20_000),
    "20,000 numbered parameters": lambda: plain(b"", b"text/plain" + b"".join(b"; a*%d=b" % n for n in range(20_000))),
    "unclosed parameters": lambda: plain(b"", b"text/plain" + b'; a="b' * 20_000),
    "an endless boundary": lambda: plain(b"--" + b"b" * 9_000, b"multipart/mixed; boundary=" + b"b" * 9_000),
    "an empty boundary": lambda: plain(b"--\n--\n" * 20_000, b'multipart/mixed; boundary=""'),
    "5,000 nested multiparts": lambda: nested_multiparts(5_000),
    "20,000 sibling parts": lambda: siblings(20_000),
    "200,000 lines like a boundary": lambda: plain(b"\n--b x" * 200_000, b"multipart/mixed; boundary=b"),
    "multiparts with the same boundary": lambda: HEADER + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 5_000,
    "3,000 nested messages": lambda: HEADER + b"Content-Type: message/rfc822\n\n" * 3_000 + b"It is broken.",
    "20,000 line ends": lambda: plain(b"\n" * 20_000),
    "40 KB after On": lambda: plain(b"On " + b"x" * 40_000),
    "40 KB of dates after On": lambda: plain(b"On " + b"1.1.2025 10:10 " * 3_000 + b" wrote:"),
    "5,000 attributions": lambda: plain(b"On 1.1.2025 at 10:10 A <a@b.c> wrote:\n" * 5_000),
    "20,000 header labels": lambda: plain(b"From:\n" * 20_000),
    "dashes": lambda: plain(b"-" * 100_000 + b"\n-- -" * 10_000),
    "flowed lines": lambda: plain(b"> x \n" * 200_000, b"text/plain; format=flowed"),
    "combining marks": lambda: plain(("a" + "\u0316\u0301" * 100_000).encode()),
    "punycode": lambda: plain(b"a-" + b"z" * 300_000, b"text/plain; charset=punycode"),
    "idna": lambda: plain(b"xn--" + b"z" * 300_000, b"text/plain; charset=idna"),
    "utf-7": lambda: plain(b"+" + b"A" * 300_000, b"text/plain; charset=utf-7"),
    "giant HTML": lambda: html(b"<p>again</p>" * 400_000),
    "20,000 nested div": lambda: html(b"<div>" * 20_000),
    "150,000 unclosed formats": lambda: html(b"<a><b><i>" * 150_000),
    "nested quotations": lambda: html(b"<blockquote>" * 50_000),
    "hidden paragraphs": lambda: html(b"<p style='display:none'>" * 60_000),
    "an unclosed comment": lambda: html(b"<!--" * 300_000),
    "450 parts of unclosed formats": lambda: html_parts(b"<a><b><i>" * 5_000, 450),
    "120 parts of unclosed formats": lambda: html_parts(b"<a><b><i>" * 15_000, 120),
    "400 parts of nothing": lambda: html_parts(b" \n\0" * 20_000, 400).replace(b"text/html", b"text/plain"),
    "broken base64": lambda: HEADER + b"Content-Transfer-Encoding: base64\n\n" + b"A=\x00" * 400_000,
    "broken quoted-printable": lambda: HEADER + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=\n=" * 400_000,
    "broken uuencode": lambda: HEADER + b"Content-Transfer-Encoding: uuencode\n\n" + b"\x80\xff\n" * 200_000,
    "a bounce of many lines": lambda: bounce(b"<a@example.org>: failed\n" * 50_000),
    "a bounce of nested multiparts": lambda: bounce(b"x") .replace(b"\n\n", b"\n", 1) + nested_multiparts(2_000),
    "a report on 50,000 addresses": lambda: report(b"Final-Recipient: rfc822;a@b.c\nStatus: 5.1.1\n\n" * 50_000),
    "a header smuggled with CR": lambda: header(b"Subject", b"help\rBcc: eve@example.org\r\rbody"),
    "a header smuggled in an encoded word": lambda: header(b"Subject", b"=?utf-8?q?help=0D=0ABcc:_eve=40example.org?="),
    "a header smuggled in a name": lambda: header(b"From", b"=?utf-8?q?A=0ABcc:_x?= <alice@example.org>"),
    "a name that turns direction": lambda: header(b"From", "\u202eecilA\u2066 <alice@example.org>".encode()),
    "a nul byte in From": lambda: header(b"From", b"Al\0ice <ali\0ce@example.org>"),
    "a control character in References": lambda: header(b"References", b"<a\x1b\x06@b.example> <c\xc2\xad@d.example>"),
    "a zip bomb": lambda: attachment(b"application/zip", base64.encodebytes(bomb())),
    "a gzip bomb that says it is text": lambda: attachment(b"text/plain; charset=utf-8", base64.encodebytes(bomb())),
    "an image of nothing, a thousand times": lambda: attachment(b"image/png", b"AAAA\n") * 1_000,
    "look-alike letters in the address": lambda: header(b"From", "\u0455upport@\u0435xample.com".encode()),
    "full-width signs in the address": lambda: header(b"From", "support\uff20example\uff0ecom".encode()),
    "an invisible letter in our address": lambda: header(b"From", "sup\u200bport@example.com".encode()),
    "a message after the end of the message": lambda: plain(b"\n.\nMAIL FROM:<eve@evil.example>\nDATA\n"),
    "a message after a bare CR": lambda: plain(b"\r.\rMAIL FROM:<eve@evil.example>\r\n.\r"),
    "surrogates": lambda: plain(b"\xed\xa0\x80 \xed\xb0\x80"),
}  # fmt: skip


def assert_valid(mail: Mail) -> None:
    """Every field holds what its type says, encodable and on one line where it is one line."""
    one_line = [mail.subject, mail.message_id, mail.content_type, mail.language, *mail.notes, *mail.parts]
    one_line += [*mail.recipients, *mail.in_reply_to, *mail.references, mail.return_path or ""]
    for address in (mail.sender, mail.reply_to):
        assert address is None or isinstance(address, Address)
        one_line += [address.email, address.name] if address else []
        assert address is None or re.fullmatch(r"\S.*@\S+", address.email)
    for values in mail.headers.values():
        one_line += values
    for attachment in mail.attachments:
        assert isinstance(attachment, Attachment)
        assert attachment.size >= 0
        one_line += [attachment.name, attachment.content_type]
    if mail.report:
        one_line += [mail.report.about, *(f"{failed.address} {failed.status}" for failed in mail.report.recipients)]
    for value in one_line:
        assert not UNSEEN.search(value), value[:200]
        value.encode()
    for body in (mail.text, mail.whole):
        assert len(body) <= 100_000
        assert not UNSEEN.search(body.replace("\n", "").replace("\t", ""))
        body.encode()
    assert len(mail.subject) <= 1_000
    assert len(mail.recipients) <= 1_000
    assert len(mail.references) <= 50
    assert sum(map(len, mail.headers.values())) <= 200
    assert mail.sent is None or (isinstance(mail.sent, datetime) and mail.sent.tzinfo)
    assert mail.report is None or isinstance(mail.report, MachineReport)
    assert re.fullmatch("([0-9]{4}-[0-9]{2}-[0-9]{2} )?[0-9a-f]{64}", mail.content_hash)
    assert not [note for note in mail.notes if note.startswith("could not be understood")], mail.notes


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """What is loaded once a process is not part of the time of a mail."""
    message.parse(html(b"<p>It has been broken since Friday.</p>"))
    message.parse(bounce(b"It has been broken since Friday."))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mail_gives_a_valid_mail_in_bounded_time(name: str) -> None:
    raw = HOSTILE[name]()
    began = time.thread_time()  # not what else the machine is at
    mail = message.parse(raw)
    took = time.thread_time() - began
    assert_valid(mail)
    assert took < SECONDS


@pytest.mark.parametrize(
    "name",
    [
        "5,000 nested multiparts",
        "20,000 sibling parts",
        "giant HTML",
        "20,000 parameters",
        "20,000 header fields",
        "20,000 line ends",
        "multiparts with the same boundary",
    ],
)
def test_hostile_mail_still_tells_who_and_what(name: str) -> None:
    mail = message.parse(HOSTILE[name]())
    assert mail.sender == Address(email="alice@example.org", name="Alice") or name == "20,000 header fields"
    assert mail.subject == "help" or name == "20,000 header fields"
    assert "It is broken." in mail.whole or name in ("5,000 nested multiparts", "multiparts with the same boundary")


def test_a_smuggled_header_is_no_header() -> None:
    for name in HOSTILE:
        if "smuggled" in name:
            mail = message.parse(HOSTILE[name]())
            assert "bcc" not in mail.headers, name


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_mail_is_still_a_mail(seed: int) -> None:
    chance = random.Random(seed)
    raw = bytearray(siblings(3) + nested_multiparts(4))
    for _ in range(chance.randint(1, 40)):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    assert_valid(message.parse(bytes(raw)))


@given(st.binary(max_size=2_000))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_any_bytes_are_a_mail(raw: bytes) -> None:
    assert_valid(message.parse(raw))


PIECES = (
    b'From: |a@b.c|<|>|"|(|)|=?utf-8?q?|?=|\n|\r\n|\r| |\xff|--b|Content-Type: |multipart/alternative|; boundary=b|\0|'
    b"; name*0*=utf-8''%FF|text/html|message/rfc822|Content-Transfer-Encoding: base64|Subject:|\xe2\x80\xae|<p>|> |"
    b"On 1.1.2025 10:10 wrote:"
).split(b"|")


@given(st.lists(st.sampled_from(PIECES), max_size=60))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_any_pieces_of_mail_are_a_mail(pieces: list[bytes]) -> None:
    assert_valid(message.parse(b"".join(pieces)))
