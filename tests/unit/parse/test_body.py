"""Which parts of a message are its text: the rule as a table, one row a shape of mail."""

from __future__ import annotations

import base64

import pytest

from pipeline.parse.message import parse
from pipeline.records.mail import Mail

PHOTO = "Content-Type: image/jpeg; name=photo.jpg\nContent-Disposition: attachment; filename=photo.jpg\n\nAAAA"
INLINE = (
    "Content-Type: image/png\nContent-ID: <a>\nContent-Disposition: inline\nContent-Transfer-Encoding: base64\n\nAAAA"
)
LOG = "Content-Type: text/plain; name=run.log\nContent-Disposition: attachment; filename=run.log\n\nerror 17"
TEXT = "Content-Type: text/plain; charset=utf-8\n\nMy vase is broken."
HTML = "Content-Type: text/html; charset=utf-8\n\n<p>My <b>vase</b> is broken.</p>"
EMPTY = "Content-Type: text/plain\n\n  \n"
NAMED = 'Content-Type: text/plain; name="message.txt"\nContent-Disposition: inline\n\nMy vase is broken.'
NAMED_HTML = "Content-Type: text/html; name=body.html\n\n<p>My vase is broken.</p>"
MARKED = "Content-Type: text/plain\nContent-Disposition: attachment\n\nMy vase is broken."
MARKED_NAMED = 'Content-Type: text/plain\nContent-Disposition: attachment; filename="text.txt"\n\nMy vase is broken.'
TABLE = "Content-Type: text/plain\nContent-Disposition: attachment; filename=orders.csv\n\n1;2;3"
AFTER = "Content-Type: text/plain\n\nPlease send another one."
PDF = "Content-Type: application/pdf; name=letter.pdf\nContent-Disposition: attachment\n\nx"
INNER = "Content-Type: message/rfc822\n\nSubject: inner\n\nMy vase is broken."
BROKEN = "My vase is broken."


def multipart(kind: str, *parts: str) -> str:
    boundary = f"=_{kind}"
    inner = "".join(f"--{boundary}\n{part}\n" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n{inner}--{boundary}--\n'


def read(content: str) -> Mail:
    head = "From: alice@example.org\nDate: Mon, 3 Nov 2025 10:10:00 +0100\nMessage-ID: <one@example.org>\nSubject: x\n"
    return parse((head + content).encode())


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (TEXT, BROKEN),
        (HTML, BROKEN),
        (NAMED, BROKEN),
        (MARKED, BROKEN),
        (multipart("alternative", TEXT, HTML), BROKEN),
        (multipart("alternative", EMPTY, HTML), BROKEN),
        (multipart("alternative", EMPTY, NAMED_HTML), BROKEN),
        (multipart("alternative", TEXT, multipart("related", HTML, INLINE)), BROKEN),
        (multipart("related", multipart("mixed", multipart("alternative", TEXT, HTML), PHOTO), INLINE), BROKEN),
        (multipart("mixed", multipart("related", multipart("alternative", EMPTY, HTML), INLINE), PHOTO), BROKEN),
        (multipart("alternative", TEXT, multipart("mixed", HTML, PDF, AFTER)), f"{BROKEN}\n\nPlease send another one."),
        (multipart("mixed", NAMED, PHOTO), BROKEN),
        (multipart("mixed", NAMED_HTML, PHOTO), BROKEN),
        (multipart("mixed", MARKED, PHOTO), BROKEN),
        (multipart("mixed", MARKED_NAMED, PHOTO), BROKEN),
        (multipart("mixed", PHOTO, MARKED_NAMED), BROKEN),
        (multipart("mixed", EMPTY, MARKED_NAMED, PHOTO), BROKEN),
        (multipart("mixed", TEXT, LOG), BROKEN),
        (multipart("mixed", TEXT, NAMED.replace(BROKEN, "a note")), BROKEN),
        (multipart("mixed", TEXT, INLINE, AFTER), f"{BROKEN}\n\nPlease send another one."),
        (multipart("mixed", TEXT, HTML), BROKEN),
        (multipart("mixed", HTML, TEXT), BROKEN),
        (multipart("mixed", TEXT, TEXT), BROKEN),
        (multipart("mixed", TEXT, HTML, PHOTO), BROKEN),
        (multipart("mixed", multipart("alternative", TEXT, HTML), HTML), BROKEN),
        (multipart("mixed", INNER), BROKEN),
        (multipart("mixed", EMPTY, INNER), BROKEN),
        (multipart("mixed", TEXT, INNER.replace("vase", "lamp")), BROKEN),
        (multipart("mixed", TABLE, PHOTO), ""),
        (multipart("mixed", EMPTY, LOG), ""),
        (multipart("related", INLINE), ""),
        (multipart("mixed", PDF), ""),
    ],
)
def test_what_is_the_text_of_a_mail(content: str, text: str) -> None:
    assert read(content).text == text


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (multipart("mixed", NAMED, PHOTO), ["message.txt", "photo.jpg"]),
        (multipart("mixed", MARKED_NAMED, PHOTO), ["text.txt", "photo.jpg"]),
        (multipart("mixed", TEXT, LOG), ["run.log"]),
    ],
)
def test_no_file_is_lost_to_the_text(content: str, names: list[str]) -> None:
    assert [attachment.name for attachment in read(content).attachments] == names


def test_a_text_out_of_an_attachment_is_noted() -> None:
    assert "the text is that of an attachment (text.txt)" in read(multipart("mixed", MARKED_NAMED, PHOTO)).notes
    assert read(multipart("mixed", NAMED, PHOTO)).notes == ()


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (multipart("mixed", PDF), "nothing was written in it: what it is about stands in letter.pdf"),
        (multipart("related", INLINE), "nothing was written in it: what it is about stands in image/png"),
        (multipart("mixed", TEXT.replace(BROKEN, "see attached"), PDF), "what it is about may stand in letter.pdf"),
        (multipart("mixed", TEXT, INNER), "what it is about may stand in message/rfc822"),
    ],
)
def test_what_a_person_must_open_is_noted(content: str, note: str) -> None:
    assert any(one.startswith(note) for one in read(content).notes), read(content).notes


def test_an_ordinary_attachment_needs_no_note() -> None:
    assert read(multipart("mixed", TEXT, PHOTO)).notes == ()


def test_a_text_that_is_nearly_the_same_is_read_once_and_another_one_is_kept() -> None:
    long = "My vase is broken, and so are both of the lamps that came with it. Please send others. " * 3
    twice = multipart("mixed", f"Content-Type: text/plain\n\n{long}", f"Content-Type: text/html\n\n<p>{long}</p>sent")
    assert read(twice).text == long.strip()
    other = multipart("mixed", TEXT, "Content-Type: text/html\n\n<p>My vase is broken. And I want my money.</p>")
    assert "I want my money" in read(other).text


def test_base64_and_a_name_together() -> None:
    content = base64.encodebytes("Grüße, meine Vase ist kaputt.".encode()).decode()
    part = f"Content-Type: text/plain; charset=utf-8; name=teil1\nContent-Transfer-Encoding: base64\n\n{content}"
    assert read(multipart("mixed", part, PHOTO)).text == "Grüße, meine Vase ist kaputt."
