"""The same mail, encoded anew on its way, is the same mail; a changed word makes it another one."""

from __future__ import annotations

import base64
import quopri

import pytest

from pipeline.parse.identity import LONGEST, is_same

TEXT = (
    "Grüße aus Köln,\n\nmein Paket ist beschädigt angekommen, und niemand antwortet mir seit zwei Wochen darauf.\n\nEva"
)
HEAD = (
    "From: Eva <eva@example.org>\r\nTo: support@example.com\r\nSubject: Paket\r\n"
    "Date: Wed, 18 Nov 2026 12:00:00 +0000\r\nMessage-ID: <e1@example.org>\r\nMIME-Version: 1.0\r\n"
)


def mail(body: bytes, charset: str = "utf-8", encoding: str = "8bit", more: str = "") -> bytes:
    kind = f"Content-Type: text/plain; charset={charset}{more}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return (HEAD + kind).encode() + body


def as_8bit(text: str = TEXT) -> bytes:
    return mail(text.encode().replace(b"\n", b"\r\n"))


def as_quoted_printable(text: str = TEXT) -> bytes:
    return mail(quopri.encodestring(text.encode()), encoding="quoted-printable")


def as_base64(text: str = TEXT) -> bytes:
    return mail(base64.encodebytes(text.encode()), encoding="base64")


def as_latin1(text: str = TEXT) -> bytes:
    return mail(text.encode("latin-1"), charset="iso-8859-1")


def wrapped_anew(text: str = TEXT) -> bytes:
    return mail(text.replace(" und ", " und \r\n").encode(), more="; format=flowed")


WAYS = [as_8bit, as_quoted_printable, as_base64, as_latin1, wrapped_anew]


@pytest.mark.parametrize("one", WAYS)
@pytest.mark.parametrize("other", WAYS)
def test_another_encoding_is_the_same_mail(one, other) -> None:
    assert is_same(one(), other())


@pytest.mark.parametrize("way", WAYS)
def test_a_changed_word_is_another_mail(way) -> None:
    assert not is_same(as_8bit(), way(TEXT.replace("zwei", "drei")))


def test_another_attachment_is_another_mail() -> None:
    def with_file(data: bytes) -> bytes:
        head = HEAD.encode() + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee this.\r\n--b\r\n"
        kind = b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        return head + kind + base64.encodebytes(data) + b"--b--\r\n"

    assert is_same(with_file(b"one"), with_file(b"one"))
    assert not is_same(with_file(b"one"), with_file(b"two"))
    assert not is_same(with_file(b"one"), as_8bit())


def test_of_a_mail_that_was_cut_the_beginning_decides() -> None:
    long = "".join(f"{number} " for number in range(LONGEST))
    assert is_same(as_8bit(long), as_8bit(long)[: LONGEST * 2])
    assert not is_same(as_8bit("short"), as_8bit("short and more"))
