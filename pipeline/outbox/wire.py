"""How envelopes and messages look on the wire."""

from __future__ import annotations

import re

from pipeline.errors import RejectedError
from pipeline.records.letter import Reply

_UNSAFE = re.compile(r"[\x00-\x20\x7f<>]")


def envelope(sender: str, recipient: str, options: str = "") -> tuple[str, str, str]:
    """The commands before a message, without line ends: MAIL, RCPT and DATA (RFC 5321 section 3.3)."""
    return f"MAIL FROM:<{sender}>{options}", f"RCPT TO:<{recipient}>", "DATA"


def in_one_go(reply: Reply) -> bytes:
    """A message with its envelope (RFC 3030). RSET first: after a refusal the last envelope may still be open."""
    content = lines(reply.data)
    commands = ("RSET", *envelope(reply.envelope_from, reply.recipient)[:2], f"BDAT {len(content)} LAST")
    return said(*commands) + content


def said(*commands: str) -> bytes:
    """Commands as bytes on the wire, each with its line end."""
    return "".join(f"{command}\r\n" for command in commands).encode()


def dotted(data: bytes) -> bytes:
    """The content as DATA wants it: a leading dot is doubled, a lone dot ends it."""
    return re.sub(rb"(?m)^\.", b"..", lines(data)) + b".\r\n"


def lines(data: bytes) -> bytes:
    """Every line ends with CRLF.

    A bare CR or LF must not get through: servers differ in what they take for the end (SMTP smuggling).
    """
    ended = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    return ended if ended.endswith(b"\r\n") else ended + b"\r\n"


def is_plain(recipient: str) -> bool:
    """An address that needs no extension and no check by `spelled`."""
    return recipient.isascii() and not _UNSAFE.search(recipient) and 0 < recipient.find("@") < len(recipient) - 1


def spelled(recipient: str, *, smtputf8: bool) -> tuple[str, str]:
    """The recipient as this server can take it, and the options of MAIL that go with it (RFC 6531)."""
    local, _, domain = recipient.rpartition("@")
    if not local or not domain or _UNSAFE.search(recipient):
        raise _no_address(recipient)
    if recipient.isascii():
        return recipient, ""
    if smtputf8:
        return recipient, " SMTPUTF8"
    try:
        if local.isascii():
            return f"{local}@{domain.encode('idna').decode()}", ""
    except UnicodeError:  # no such domain can exist
        raise _no_address(recipient) from None
    raise RejectedError(
        "this server can't send to an address with such characters before the @ (it has no SMTPUTF8)",
        remedy="answer by another way",
    )


def _no_address(recipient: str) -> RejectedError:
    return RejectedError(
        f"this is not an address: {recipient[:100]!r}", remedy="nothing can be sent there", recipient_unknown=True
    )
