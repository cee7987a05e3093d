"""Is it the same mail, encoded anew on its way? Decoded and normalised, both must say the same.

Gateways and migrations change the transfer encoding, wrap lines, convert the charset. This normaliser stands for itself
and is never changed: what reads mail better later must not change who is who. A better one gets another number, and a
comparison always uses one number for both sides.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import unicodedata
from email.message import Message

VERSION = 1
LONGEST = 200_000  # characters of a text that are compared: where a kept mail was cut, the beginning decides


def is_same(one: bytes, other: bytes) -> bool:
    """Two messages as they came, with the same From, Date, Subject and Message-ID. Either may be cut at its end."""
    mine, theirs = normalise(one), normalise(other)
    if len(mine) == len(theirs):
        return all(_agree(a, b) for a, b in zip(mine, theirs, strict=True))
    return False


def normalise(raw: bytes) -> list[str]:
    """The parts in order: of a text its characters without white space, of anything else its type and a hash."""
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    return [_part(part) for part in message.walk() if not part.is_multipart()]


def _part(part: Message) -> str:
    data = part.get_payload(decode=True)
    data = data if isinstance(data, bytes) else b""
    kind = part.get_content_type()
    if part.get_content_maintype() != "text":
        return f"{kind} {hashlib.sha256(data).hexdigest()}"
    text = unicodedata.normalize("NFKC", _decoded(data, part.get_content_charset() or "utf-8"))
    return f"{kind} " + "".join(text.split())[:LONGEST]


def _decoded(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def _agree(one: str, other: str) -> bool:
    """The same, or one is the beginning of the other and long: it was cut."""
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) > LONGEST // 2 and longer.startswith(shorter)
