"""The first step: bytes → Mail. Any bytes give a Mail and notes about what was odd; nothing raises.

Headers, addresses, parts, quotations and reports are read by the modules of those names; here is only what a mail is
made of, and which part is its text.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pipeline.config.guard import FormConfig
from pipeline.parse import addresses, delivery_report, form, headers, mime
from pipeline.parse.headers import Header
from pipeline.parse.mime import Part, Structure
from pipeline.records.filing import File
from pipeline.records.mail import Address, Attachment, MachineReport, Mail, RawMail
from pipeline.text.clean import TEXT, tidy
from pipeline.text.html import TAGS, html_to_text
from pipeline.text.language import language_of
from pipeline.text.quotes import new_text

HEADERS = 200  # fields that are kept
RECIPIENTS = 1_000
REFERENCES = 50
ATTACHMENTS = 100
SUBJECT = 1_000
NOTES = 20
BODY = 2_000_000  # encoded bytes of all text parts together that are read
NESTED = 3  # messages in messages that are opened to find a text
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
_STUB = re.compile(
    r"(view|read|see|open|display)[^.\n]{0,60}(html|browser|online|web)|html[^.\n]{0,40}(mail|viewer|version|client)"
    r"|html-(mail|nachricht|ansicht)|im browser|navigateur|navegador|selaime|webversion|nettiversio",
    re.IGNORECASE,
)
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")


CALENDAR = 10_000  # bytes of a calendar in which its method is looked for
_METHOD_LINE = re.compile(r"(?s).*?^METHOD[^:\n]{0,40}:[ \t]*([A-Za-z-]{1,20}).*|.*", re.MULTILINE)

NOT_UNDERSTOOD = "could not be understood"  # begins the note of a mail of which nothing can be said
NOT_DELIVERED = "the server does not give it out"


@dataclass
class _Reading:
    """One message while it is read."""

    raw: bytes
    header: Header
    structure: Structure
    notes: dict[str, None] = field(default_factory=dict)
    bytes_left: int = BODY  # that may still be decoded
    tags_left: int = TAGS  # that may still be read as HTML

    def note(self, *notes: str) -> None:
        self.notes.update((note, None) for note in notes if note)


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
    header = headers.read(raw, 0, len(raw))
    structure = mime.structure(raw, header, len(raw))
    mail = _Reading(raw, header, structure)
    mail.note(*header.notes, *structure.notes)
    cut = size > len(raw)
    mail.note("the message was cut, its end was not read" if cut else "")
    plain, whole = _texts(mail)
    subject = _subject(header)
    sender = _sender(mail)
    return_path = _return_path(header)
    message_id = headers.message_id(header.first("message-id"))
    sent = headers.date(header.first("date"))
    _note_what_is_missing(mail, message_id, dated=sent is not None)
    return Mail(
        message_id=message_id,
        content_hash=_hash(raw, header, cut, sent),
        sender=sender,
        reply_to=next(iter(addresses.read(header.first("reply-to"))), None),
        return_path=return_path,
        recipients=_recipients(header, _TO),
        addressees=_recipients(header, _ADDRESSED),
        others=_others(header),
        subject=subject,
        sent=sent,
        text=plain,
        whole=whole,
        language=language_of(f"{subject}\n{plain}", languages),
        attachments=_attachments(mail),
        in_reply_to=headers.message_ids(header.first("in-reply-to"))[:REFERENCES],
        references=_references(header),
        headers=_headers(header),
        content_type=structure.content_type,
        parts=tuple(structure.types),
        bodies=tuple(dict.fromkeys(_body_type(part) for part in structure.leaves if _is_no_file(part))),
        report=_report(mail, sender, return_path),
        size=size,
        notes=tuple(headers.one_line(note)[:200] for note in mail.notes)[:NOTES],
    )


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


def _sender(mail: _Reading) -> Address | None:
    for value in mail.header.all("from"):
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


def _note_what_is_missing(mail: _Reading, message_id: str, *, dated: bool) -> None:
    mail.note("" if message_id else "no Message-ID")
    if not dated:
        mail.note("the Date can't be read" if mail.header.first("date").strip() else "no Date")
    for name in ("from", "subject", "message-id"):
        if len(list(mail.header.all(name))) > 1:
            mail.note(f"more than one {name} field; the first counts")


def _report(mail: _Reading, sender: Address | None, return_path: str | None) -> MachineReport | None:
    report = delivery_report.read(mail.header, mail.structure)
    from_a_daemon = return_path == "" or (sender is not None and sender.local in ("mailer-daemon", "postmaster"))
    return delivery_report.guess(mail.raw) if report is None and from_a_daemon else report


# --- text and attachments ---------------------------------------------------------------------------------------------


def _texts(mail: _Reading) -> tuple[str, str]:
    """What is new, and all of the text."""
    whole = _whole(mail, mail.structure)
    opened = 0
    structure: Structure | None = mail.structure
    while not whole and structure and opened < NESTED and mail.structure.content_type != "multipart/report":
        structure = _enclosed(structure)
        opened += 1
        if structure and (whole := _whole(mail, structure)):
            mail.note("the text is that of an enclosed message")
    return new_text(whole), whole


def _enclosed(structure: Structure) -> Structure | None:
    """The first message inside the message."""
    part = next((leaf for leaf in structure.leaves if leaf.content_type in ("message/rfc822", "message/global")), None)
    if part is None:
        return None
    content = part.content()
    inner = headers.read(content, 0, len(content))
    return mime.structure(content, inner, len(content))


def _whole(mail: _Reading, structure: Structure) -> str:
    """The text parts in order; of the choices of a multipart/alternative the best one."""
    choices: dict[int, list[Part]] = {}
    for number, part in enumerate(structure.leaves):
        if _is_body(part):
            choices.setdefault(part.alternative if part.alternative >= 0 else -1 - number, []).append(part)
    if not choices:  # no text without a file name: one with a name, such as the only part of a mail, will do
        named = [part for part in structure.leaves if part.content_type in ("text/plain", "text/html")][:1]
        choices = {0: named} if named and len(structure.leaves) == 1 else {}
    pieces: list[str] = []
    for parts in choices.values():
        pieces.append(_best(mail, parts))
        if sum(map(len, pieces)) > TEXT:
            break
    return "\n\n".join(filter(None, pieces))[:TEXT]


def _is_body(part: Part) -> bool:
    if part.content_type not in ("text/plain", "text/html"):
        return False
    return part.disposition != "attachment" and not part.name


def _is_no_file(part: Part) -> bool:
    return part.disposition != "attachment"


def _body_type(part: Part) -> str:
    """A calendar with its method: an invitation is a body, a booking that somebody sends along is none."""
    if part.content_type != "text/calendar":
        return part.content_type
    method = part.parameters.get("method", "") or _METHOD_LINE.sub(r"\1", part.text(CALENDAR)[0][:CALENDAR])
    return f"text/calendar {method[:20].strip().lower()}"


def _best(mail: _Reading, parts: Sequence[Part]) -> str:
    """Plain text where it is usable, else HTML."""
    html = [part for part in parts if part.content_type == "text/html"]
    plain = "\n\n".join(filter(None, (_plain(mail, part) for part in parts if part.content_type == "text/plain")))
    if plain and not (html and len(plain) < 400 and _STUB.search(plain)):
        return plain
    from_html = "\n\n".join(filter(None, (_from_html(mail, part) for part in html)))
    return from_html or plain


def _plain(mail: _Reading, part: Part) -> str:
    text = _decoded(mail, part, TEXT * 4)
    start = text[:200].lstrip().lower()
    if start.startswith(("<html", "<!doctype html")):
        mail.note("HTML that calls itself plain text")
        return _html_text(mail, text)
    return tidy(text)


def _from_html(mail: _Reading, part: Part) -> str:
    return _html_text(mail, _decoded(mail, part, mime.TEXT))


def _decoded(mail: _Reading, part: Part, limit: int) -> str:
    """The text of a part as far as the mail's budget goes: five hundred parts are not given the time of one each."""
    if mail.bytes_left <= 0:
        mail.note("too much text, the rest was not read")
        return ""
    text, note = part.text(min(limit, mail.bytes_left))
    mail.bytes_left -= part.end - part.start
    mail.note(note)
    return text


def _html_text(mail: _Reading, html: str) -> str:
    if mail.tags_left <= 0:
        mail.note("too much HTML, the rest was not read")
        return ""
    mail.tags_left -= html.count("<")
    return html_to_text(html)


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
    return [part for part in parts if not _is_body(part)]


def _attachments(mail: _Reading) -> tuple[Attachment, ...]:
    found = _attached(mail.structure.leaves)
    if any(part.content_type in _TNEF or part.name.lower() == "winmail.dat" for part in found):
        mail.note("a TNEF attachment (winmail.dat): what it holds is not shown")
    if len(found) > ATTACHMENTS:
        mail.note(f"{len(found)} attachments, {ATTACHMENTS} of them are listed")
    return tuple(
        Attachment(name=part.name, content_type=part.content_type, size=part.size) for part in found[:ATTACHMENTS]
    )


def _is_text(leaves: Sequence[Part]) -> bool:
    return len(leaves) == 1 and leaves[0].content_type in ("text/plain", "text/html") and not leaves[0].name
