"""What a machine reports about a mail that we sent: not delivered, or read. Used by `parse`.

Delivery reports are read by RFC 3464, read receipts by RFC 8098; for the bounces of servers that keep to neither there
is flufl.bounce, asked only about mail that comes from a mailer daemon or the null path.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from email import message_from_bytes

from pipeline.parse import addresses, headers
from pipeline.parse.headers import Header
from pipeline.parse.mime import Part, Structure
from pipeline.records.mail import FailedRecipient, MachineReport
from pipeline.text.refusals import says_dead

RECIPIENTS = 100
CONTENT = 64_000  # bytes of a report that are read
LINES = 1_500  # lines that flufl.bounce is given: it needs 50 µs a line

_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_RETURNED = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
_ID_IN_TEXT = re.compile(
    rb"^[>\s]{0,8}Message-ID:\s{0,80}(<[^<>\s]{1,400}@[^<>\s]{1,400}>)", re.IGNORECASE | re.MULTILINE
)


def read(header: Header, structure: Structure) -> MachineReport | None:
    """The report inside a multipart/report (RFC 6522), also where a gateway or a list has put it into a
    multipart/mixed; None when the message is something else. One that somebody attaches is a file, not a report."""
    whole = structure.content_type == "multipart/report"
    begins = next((part for part in structure.leaves if not part.content_type.startswith("text/")), None)
    told = begins is not None and begins.content_type in _TOLD_IN and begins.disposition != "attachment"
    if not whole and not told:  # behind a whole message it was quoted, or hangs loose where a boundary is used twice
        return None
    parts = {part.content_type: part for part in reversed(structure.leaves)}
    named = headers.parameters(header.first("content-type")).get("report-type", "").lower()
    kind = _KINDS.get(named) or next((_TOLD_IN[one] for one in _TOLD_IN if one in parts), named or "report")
    if kind == "disposition":
        return MachineReport(kind=kind, about=_about_receipt(parts.get("message/disposition-notification"), parts))
    status = parts.get("message/delivery-status") or parts.get("message/global-delivery-status")
    return MachineReport(
        kind=kind,
        about=_about(parts.values()),
        recipients=tuple(_recipients(status.content(CONTENT))) if status else (),
    )


_KINDS = {"delivery-status": "delivery", "disposition-notification": "disposition"}  # the others are called as they are
_TOLD_IN = {
    "message/disposition-notification": "disposition",
    "message/global-disposition-notification": "disposition",
    "message/delivery-status": "delivery",
    "message/global-delivery-status": "delivery",
    "message/feedback-report": "feedback-report",  # RFC 5965
    "application/tlsrpt+gzip": "tlsrpt",  # RFC 8460
    "application/tlsrpt+json": "tlsrpt",
}


def _about(parts: Iterable[Part]) -> str:
    """The Message-ID of the mail that came back, whole or only its header."""
    for part in parts:
        if part.content_type in _RETURNED:
            content = part.content(CONTENT)
            if found := headers.message_id(headers.read(content, 0, len(content)).first("message-id")):
                return found
    return ""


def _about_receipt(receipt: Part | None, parts: dict[str, Part]) -> str:
    """RFC 8098 section 3.2.5 names the mail, else it may be enclosed."""
    if receipt:
        content = receipt.content(CONTENT)
        for block in _blocks(content):
            if found := headers.message_id(block.first("original-message-id")):
                return found
    return _about(parts.values())


def _blocks(content: bytes) -> Sequence[Header]:
    """The groups of fields between empty lines (RFC 3464 section 2.1)."""
    pieces = re.split(rb"\n(?:\r?\n)+", content.replace(b"\r\n", b"\n").strip(b"\n"), maxsplit=RECIPIENTS + 1)
    return [headers.read(piece, 0, len(piece), 50) for piece in pieces]


def _recipients(content: bytes) -> Iterable[FailedRecipient]:
    """RFC 3464 section 2.3. The address we wrote to is the original one; only some servers name it."""
    for block in _blocks(content)[: RECIPIENTS + 1]:
        address = _typed_address(block.first("original-recipient")) or _typed_address(block.first("final-recipient"))
        if not address:
            continue
        status = _STATUS.search(block.first("status"))
        failed = block.first("action").strip().lower().startswith("failed")
        code, said = status[1] if status else "", block.first("diagnostic-code")
        permanent = failed and code.startswith("5")
        dead = permanent and says_dead(code, said)
        yield FailedRecipient(address=address, status=code, permanent=permanent, dead=dead)


def _typed_address(value: str) -> str:
    """`rfc822; alice@example.org`, with or without the type."""
    found = addresses.read(value.rpartition(";")[2])
    return found[0].email if found else ""


def guess(raw: bytes) -> MachineReport | None:
    """A bounce that follows no standard; None when flufl.bounce finds no failed address in it."""
    from flufl.bounce import all_failures  # slow to import, rarely needed

    # It logs a traceback for each detector that trips over hostile text: for us that only means "not found".
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
    head = b"\n".join(raw[:CONTENT].split(b"\n", LINES)[:LINES])
    try:
        temporary, permanent = all_failures(message_from_bytes(head))
    except Exception:  # its three dozen detectors read hostile text with no promise of what they raise
        return None
    found = [(address, False) for address in sorted(temporary - permanent)]
    found += [(address, True) for address in sorted(permanent)]
    dead = _guessed_dead(head.decode("utf-8", "replace"))
    recipients = tuple(
        FailedRecipient(address=usable[0].email, status="", permanent=forever, dead=forever and dead)
        for address, forever in found[:RECIPIENTS]
        if (usable := addresses.read(address.decode("utf-8", "replace")))
    )
    if not recipients:
        return None
    named = _ID_IN_TEXT.findall(head.partition(b"\n\n")[2] or head)
    return MachineReport(kind="delivery", about=_first_id(named), recipients=recipients)


def _guessed_dead(text: str) -> bool:
    """By the status that stands in its text, else by its words."""
    status = _STATUS.search(text.partition("\n\n")[2] or text)
    return says_dead(status[1] if status else "", text)


def _first_id(named: Sequence[bytes]) -> str:
    return headers.message_id(named[0].decode("utf-8", "replace")) if named else ""
