"""The first step: bytes → Mail. Any bytes give a Mail and notes about what was odd; nothing raises.

Headers, addresses, parts, quotations and reports are read by the modules of those names; here is only what a mail is
made of, and which part is its text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipeline.parse import addresses, body, delivery_report, form, headers, mime, reading
from pipeline.parse.body import TextReader
from pipeline.parse.headers import Header
from pipeline.parse.mime import Part, Structure
from pipeline.records.filing import File
from pipeline.records.mail import Address, Attachment, MachineReport, Mail, RawMail

if TYPE_CHECKING:  # pydantic is slow to import, and the helper process that a backlog waits for needs none
    from pipeline.config.guard import FormConfig

HEADERS = 200  # fields that are kept
RECIPIENTS = 1_000
REFERENCES = 50
ATTACHMENTS = 100
SUBJECT = 1_000
NOTES = 20
HASHED_OF_CUT = 1_000_000  # bytes of the body that stand for a mail that was cut: where it was cut varies

_ADDRESSED = ("to", "cc")
_TO = (
    *_ADDRESSED,
    *("resent-to", "resent-cc", "delivered-to", "x-original-to"),
    *("envelope-to", "x-envelope-to", "x-delivered-to", "x-forwarded-to"),
)
_OTHERS = ("sender", "resent-from", "resent-sender", "x-original-from")
_AS_THEY_STAND = ("authentication-results",)  # an encoded word in them is no word of the server's
_IDENTITY = ("from", "date", "subject", "message-id")
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")


CALENDAR = 10_000  # bytes of a calendar in which its method is looked for
_METHOD_LINE = re.compile(r"(?s).*?^METHOD[^:\n]{0,40}:[ \t]*([A-Za-z-]{1,20}).*|.*", re.MULTILINE)

NOT_UNDERSTOOD = "could not be understood"  # begins the note of a mail of which nothing can be said
NOT_DELIVERED = "the server does not give it out"


def parse(
    raw: bytes, *, size: int | None = None, languages: Sequence[str] = (), forms: Sequence[FormConfig] = ()
) -> Mail:
    """The Mail in `raw`. `size`: of the whole message when `raw` is only its beginning. `languages`: may be met too.

    `forms`: contact forms, whose fields are read.
    """
    whole_size = len(raw) if size is None else size
    try:
        return form.read(_parse(_with_line_ends(raw), whole_size, languages), forms, languages)
    except Exception as problem:
        # A hole in what we foresaw, whatever it raises: this mail must not stop its neighbours.
        return _unreadable(raw, whole_size, f"{NOT_UNDERSTOOD}: {type(problem).__name__}: {problem}")


def undelivered(raw: RawMail) -> Mail:
    """What stands for a mail that its server never gave out. Its hash is that of its place: nothing is its copy."""
    place = raw.location
    stand_in = f"{place.mailbox}:{place.uidvalidity}:{place.uid}".encode()
    return _unreadable(stand_in, raw.size, f"{NOT_DELIVERED}: {raw.missing} (UID {place.uid})")


def plain(text: bytes) -> Mail:
    """A Mail of nothing but this text."""
    return parse(_PLAIN + text)


_PLAIN = b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"


def _parse(raw: bytes, size: int, languages: Sequence[str]) -> Mail:
    first = header = headers.read(raw, 0, len(raw))
    structure = mime.structure(raw, header, len(raw))
    if header.is_guessed and (charset := body.charset_of(structure)):
        header = headers.read(raw, 0, len(raw), charset=charset)
    found = TextReader()
    found.note(*header.notes, *structure.notes)
    cut = size > len(raw)
    found.note("the message was cut, its end was not read" if cut else "")
    whole = body.whole_text(found, structure, enclosed=structure.content_type != "multipart/report")
    subject = _subject(header)
    sender = _sender(found, header)
    return_path = _return_path(header)
    message_id = headers.message_id(header.first("message-id"))
    sent = headers.date(header.first("date"))
    _note_what_is_missing(found, header, message_id, dated=sent is not None)
    mail = Mail(
        message_id=message_id,
        content_hash=_hash(raw, first, cut, sent),
        sender=sender,
        reply_to=next(iter(addresses.read(header.first("reply-to"))), None),
        return_path=return_path,
        recipients=_recipients(header, _TO),
        addressees=_recipients(header, _ADDRESSED),
        others=_others(header),
        subject=subject,
        sent=sent,
        text="",
        whole=whole,
        language="",
        attachments=_attachments(found, structure),
        in_reply_to=headers.message_ids(header.first("in-reply-to"))[:REFERENCES],
        references=_references(header),
        headers=_headers(header),
        content_type=structure.content_type,
        parts=tuple(structure.types),
        bodies=tuple(dict.fromkeys(_body_type(part) for part in structure.leaves if _is_no_file(part))),
        report=_report(raw, header, structure, sender, return_path),
        size=size,
        notes=tuple(headers.one_line(note)[:200] for note in found.notes)[:NOTES],
    )
    return reading.with_new_text(mail, (), languages)


def _with_line_ends(raw: bytes) -> bytes:
    """Mail of old Macs, with CR alone."""
    return raw.replace(b"\r", b"\n") if b"\r" in raw[:10_000] and b"\n" not in raw[:10_000] else raw


def _unreadable(raw: bytes, size: int, note: str) -> Mail:
    return Mail(
        message_id="", content_hash=hashlib.sha256(raw).hexdigest(), sender=None, reply_to=None, return_path=None,
        recipients=(), subject="", sent=None, text="", whole="", language="", attachments=(), in_reply_to=(),
        references=(), headers={}, content_type="text/plain", parts=(), report=None, size=size,
        notes=(headers.one_line(note)[:200],),
    )  # fmt: skip


# --- identity ---------------------------------------------------------------------------------------------------------


def content_hash(raw: bytes, *, cut: bool = False) -> str:
    """What makes two messages the same mail: From, Date, Subject, Message-ID and the body; not the trace headers.

    Hex, after the day in UTC where the mail has a date: what came on one day lies side by side in the ledger's index.
    `cut`: `raw` is only the beginning of the message. White space in headers and line ends do not count.
    """
    raw = _with_line_ends(raw)
    header = headers.read(raw, 0, len(raw))
    return _hash(raw, header, cut, headers.date(header.first("date")))


def _hash(raw: bytes, header: Header, cut: bool, sent: datetime | None) -> str:
    digest = hashlib.sha256()
    for name in _IDENTITY:
        values = "\0".join(" ".join(value.split()) for value in header.all(name))
        digest.update(f"{name}:{values}\n".encode("utf-8", "replace"))
    body = raw[header.body :]
    if b"\r" in body:
        body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    digest.update(body[:HASHED_OF_CUT] if cut else body.rstrip())
    day = f"{sent.astimezone(UTC).date()} " if sent else ""
    return day + digest.hexdigest()


# --- headers ----------------------------------------------------------------------------------------------------------


def _headers(header: Header) -> dict[str, tuple[str, ...]]:
    kept: dict[str, tuple[str, ...]] = {}
    for name, value in header.fields[:HEADERS]:
        text = headers.one_line(value[: headers.VALUE]) if name in _AS_THEY_STAND else headers.text(value)
        kept[name] = (*kept.get(name, ()), text)
    return kept


def _subject(header: Header) -> str:
    return headers.text(header.first("subject"))[:SUBJECT].rstrip()


def _sender(mail: TextReader, header: Header) -> Address | None:
    for value in header.all("from"):
        if found := addresses.read(value):
            return found[0]
    mail.note("no usable From")
    return None


def _return_path(header: Header) -> str | None:
    """The first one, our server's; '' is the null path (RFC 5321 section 4.5.5)."""
    value = next(header.all("return-path"), None)
    if value is None:
        return None
    found = addresses.read(value)
    return found[0].email if found else ""


def _others(header: Header) -> dict[str, Address]:
    read = {name: addresses.read(header.first(name)) for name in _OTHERS if header.first(name)}
    return {name: found[0] for name, found in read.items() if found}


def _recipients(header: Header, names: Sequence[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name, value in header.fields:
        if name in names and len(found) < RECIPIENTS:
            found.update((address.email.lower(), None) for address in addresses.read(value, RECIPIENTS))
    return tuple(found)[:RECIPIENTS]


def _references(header: Header) -> tuple[str, ...]:
    """The first one (it began the thread) and the last ones."""
    ids = headers.message_ids(" ".join(header.all("references")))
    return ids if len(ids) <= REFERENCES else (ids[0], *ids[1 - REFERENCES :])


def _note_what_is_missing(mail: TextReader, header: Header, message_id: str, *, dated: bool) -> None:
    mail.note("" if message_id else "no Message-ID")
    if not dated:
        mail.note("the Date can't be read" if header.first("date").strip() else "no Date")
    for name in ("from", "subject", "message-id"):
        if len(list(header.all(name))) > 1:
            mail.note(f"more than one {name} field; the first counts")


def _report(
    raw: bytes, header: Header, structure: Structure, sender: Address | None, return_path: str | None
) -> MachineReport | None:
    report = delivery_report.read(header, structure)
    from_a_daemon = return_path == "" or (sender is not None and sender.local in ("mailer-daemon", "postmaster"))
    return delivery_report.guess(raw) if report is None and from_a_daemon else report


# --- attachments ------------------------------------------------------------------------------------------------------


def _is_no_file(part: Part) -> bool:
    return part.disposition != "attachment"


def _body_type(part: Part) -> str:
    """A calendar with its method: an invitation is a body, a booking that somebody sends along is none."""
    if part.content_type != "text/calendar":
        return part.content_type
    method = part.parameters.get("method", "") or _METHOD_LINE.sub(r"\1", part.text(CALENDAR)[0][:CALENDAR])
    return f"text/calendar {method[:20].strip().lower()}"


def files(raw: bytes, *, whole: bool = True) -> tuple[File, ...]:
    """The attachments themselves. `whole`: nothing is missing at its end; else the last one is left out."""
    raw = _with_line_ends(raw)
    leaves = mime.structure(raw, headers.read(raw, 0, len(raw)), len(raw)).leaves
    found = [part for part in _attached(leaves) if whole or part.end < len(raw)]
    return tuple(
        File(name=part.name, content_type=part.content_type, data=part.content()) for part in found[:ATTACHMENTS]
    )


def _attached(leaves: Sequence[Part]) -> list[Part]:
    parts: Iterable[Part] = leaves if len(leaves) > 1 or not _is_text(leaves) else ()
    return [part for part in parts if not body.is_body(part)]


def _attachments(mail: TextReader, structure: Structure) -> tuple[Attachment, ...]:
    found = _attached(structure.leaves)
    if any(part.content_type in _TNEF or part.name.lower() == "winmail.dat" for part in found):
        mail.note("a TNEF attachment (winmail.dat): what it holds is not shown")
    if len(found) > ATTACHMENTS:
        mail.note(f"{len(found)} attachments, {ATTACHMENTS} of them are listed")
    return tuple(
        Attachment(name=part.name, content_type=part.content_type, size=part.size) for part in found[:ATTACHMENTS]
    )


def _is_text(leaves: Sequence[Part]) -> bool:
    return len(leaves) == 1 and leaves[0].content_type in ("text/plain", "text/html") and not leaves[0].name
