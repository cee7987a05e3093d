"""An acknowledgement effect and its letter → the message, headers and all.

It is put together here, because `email.message.EmailMessage` takes longer than all the rest of a mail. What may be in a
header is checked here: nothing that came from outside can break a line."""

from __future__ import annotations

import binascii
import re
from base64 import encodebytes
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime as rfc5322_date
from email.utils import parseaddr
from functools import lru_cache
from urllib.parse import quote

from pipeline.config.servers import SmtpConfig
from pipeline.errors import RejectedError
from pipeline.records.effect import Effect
from pipeline.records.letter import AttachedFile, Letter, Reply
from pipeline.records.mail import is_writable
from pipeline.records.payload import AnswerPayload
from pipeline.tokens import LOOP_HEADER


def compose(
    effect: Effect, letter: Letter, smtp: SmtpConfig, now: datetime, files: Sequence[AttachedFile] = ()
) -> Reply:
    """The message ready for the outbox. Raises RejectedError when nobody can be written to."""
    if not is_writable(effect.recipient):
        raise RejectedError("this is not an address that can be written to", recipient_unknown=True)
    body = _alternatives(letter, effect.message_id) if letter.html else _part("plain", letter.text)
    if files:
        body = _mixed(body, files, effect.message_id)
    head = "\r\n".join(f"{name}: {value}" for name, value in _headers(effect, letter, smtp, now).items() if value)
    return Reply(
        message_id=effect.message_id,
        envelope_from=_return_path(effect, smtp),
        recipient=effect.recipient,
        data=f"{head}\r\n".encode() + body,
    )


def _return_path(effect: Effect, smtp: SmtpConfig) -> str:
    """The null path keeps robots from answering robots (RFC 3834 section 3.3); what a person wrote comes back to us
    when it can't arrive."""
    by_a_person = isinstance(effect.payload, AnswerPayload)
    return _bare(smtp.bounce_address) or (_bare(smtp.sender) if by_a_person else "")


def _headers(effect: Effect, letter: Letter, smtp: SmtpConfig, now: datetime) -> Mapping[str, str]:
    """RFC 3834 section 3.1, and the marks that the common systems look for; none of these where a person wrote it."""
    about = effect.letter
    by_a_person = isinstance(about, AnswerPayload)
    return {
        "From": _sender(smtp.sender),
        "To": about.to if isinstance(about, AnswerPayload) else effect.recipient,
        "Cc": ",\r\n ".join(about.cc) if isinstance(about, AnswerPayload) else "",
        "Subject": encode_header(letter.subject),
        "Date": rfc5322_date(now),
        "Message-ID": effect.message_id,
        "In-Reply-To": _ids([about.message_id]),
        "References": _ids([*about.references, about.message_id]),
        "Auto-Submitted": about.auto_submitted,
        "X-Auto-Response-Suppress": "" if by_a_person else "All",
        LOOP_HEADER: effect.message_id.strip("<>").partition("@")[0],
        "Content-Language": letter.language,
        "MIME-Version": "1.0",
    }


def _ids(ids: list[str]) -> str:
    """Message-IDs that are safe in a header, a line each (RFC 5322 section 3.6.4)."""
    safe = [one for one in dict.fromkeys(ids) if re.fullmatch(r"<[!-;=?-~]{3,250}>", one)]
    return "\r\n ".join(safe)


@lru_cache(maxsize=8)
def _bare(address: str) -> str:
    return parseaddr(address)[1]


@lru_cache(maxsize=8)
def _sender(sender: str) -> str:
    name, address = parseaddr(sender)
    if not name:
        return address
    if name.isascii():
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{address}>'
    return f"{encode_header(name)} <{address}>"


def encode_header(text: str) -> str:
    """RFC 2047: as it is when it is ASCII and short, else UTF-8 words of at most 75 characters, folded."""
    text = " ".join(text.split())
    if not text.isprintable():
        text = "".join(letter for letter in text if letter.isprintable())
    if text.isascii() and len(text) <= 900 and "=?" not in text:
        return _fold(text)
    words = _whole_letters(text.encode("utf-8", "replace"), 45)
    return "\r\n ".join(f"=?utf-8?b?{binascii.b2a_base64(word, newline=False).decode()}?=" for word in words)


def _whole_letters(data: bytes, most: int) -> Iterator[bytes]:
    """UTF-8 in pieces of at most this many bytes; no letter is torn apart (RFC 2047 section 5)."""
    start = 0
    while len(data) - start > most:
        end = start + most
        while data[end] & 0b1100_0000 == 0b1000_0000:  # inside a letter
            end -= 1
        yield data[start:end]
        start = end
    yield data[start:]


def _fold(text: str) -> str:
    """Lines of about 76 characters, broken at spaces (RFC 5322 section 2.2.3)."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) > 64:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + word
    return "\r\n ".join(lines)


def _alternatives(letter: Letter, message_id: str) -> bytes:
    """multipart/alternative, plain part first (RFC 2046 section 5.1.4)."""
    boundary = f"=_{binascii.crc32(message_id.encode()):08x}_firstline"
    mark = f"--{boundary}\r\n".encode()
    plain, html = _part("plain", letter.text), _part("html", letter.html)
    head = f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'.encode()
    return b"".join((head, mark, plain, b"\r\n", mark, html, b"\r\n", f"--{boundary}--\r\n".encode()))


def _mixed(content: bytes, files: Sequence[AttachedFile], message_id: str) -> bytes:
    """multipart/mixed: the letter first, then the files (RFC 2046 section 5.1.3)."""
    boundary = f"=_{binascii.crc32(message_id.encode()):08x}_files"
    mark = f"--{boundary}\r\n".encode()
    head = f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n'.encode()
    parts = [content, *(_file(one) for one in files)]
    return b"".join((head, *(mark + part + b"\r\n" for part in parts), f"--{boundary}--\r\n".encode()))


def _file(file: AttachedFile) -> bytes:
    """As base64, its name as it is or, for all the letters of the world, as RFC 2231 section 4 has it."""
    is_plain = re.fullmatch(r"[\w. ()\-]+", file.name, re.ASCII)
    name = f'filename="{file.name}"' if is_plain else f"filename*=utf-8''{quote(file.name, safe='')}"
    head = (
        f"Content-Type: {file.type}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment;\r\n {name}\r\n\r\n"
    )
    return head.encode() + encodebytes(file.data).replace(b"\n", b"\r\n")


def _part(subtype: str, text: str) -> bytes:
    """A text part as quoted-printable: short lines and seven bits whatever the text (RFC 2045 section 6.7)."""
    data = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace")
    encoded = binascii.b2a_qp(data, istext=True).replace(b"\n", b"\r\n")
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return head.encode() + encoded
