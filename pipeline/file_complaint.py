"""A ticket of ours and the mails in it → what an outside tracker is told: a new ticket, a remark, a change.

How much of it goes there is up to `share` of the tracker: nothing (reference, topic, priority and the command that
shows the rest), redacted (no names, addresses and numbers), everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.config.trackers import TrackerConfig
from pipeline.records.filing import Change, File, Filing, Remark
from pipeline.records.ledger import LedgerMail
from pipeline.records.payload import FilingPayload
from pipeline.records.ticket import Ticket, TicketEvent
from pipeline.text.numbers import many
from pipeline.text.redact import redact
from pipeline.text.redaction.known_names import Known

PREFIX = "firstline-"


def key_of(ref: str) -> str:
    """What a ticket is found by in the tracker."""
    return PREFIX + ref.replace("-", "")


def filing(
    ticket: Ticket,
    mail: LedgerMail,
    settings: TrackerConfig,
    zone: str,
    *,
    labels: Sequence[str] = (),
    files: Sequence[File] = (),
    earlier: Ticket | None = None,
) -> Filing:
    """A new ticket. `mail`: the one that opened it; `earlier`: the ticket it goes on from."""
    topic = ticket.topic or "an unknown topic"
    subject = _shared(ticket.subject, mail, settings)
    return Filing(
        key=key_of(ticket.ref),
        title=subject or f"{_kind(ticket)} about {topic} ({ticket.ref})",
        text=_text(ticket, mail, settings, ZoneInfo(zone), earlier),
        priority=ticket.priority,
        labels=tuple(dict.fromkeys([*settings.labels, *labels])),
        project=ticket.project,
        owner=settings.owners.get(ticket.owner, ""),
        files=tuple(files),
    )


def follow_up(
    effect_key: str, ticket: Ticket, mail: LedgerMail, settings: TrackerConfig, files: Sequence[File] = ()
) -> Remark:
    """A further mail of the customer, or of somebody else, who is named as such. `files`: its attachments."""
    said, who = _shared(mail.text, mail, settings), _who(ticket, mail, settings)
    text = f"{who}:\n\n{_quoted(said)}" if said else _untold(f"{who}.", mail)
    return Remark(key=remark_key(effect_key), text=text, files=tuple(files))


def _who(ticket: Ticket, mail: LedgerMail, settings: TrackerConfig) -> str:
    if mail.customer == ticket.folded:
        return "The customer wrote again"
    named = f"{mail.sender_name} <{mail.customer or mail.sender}>".strip()
    name = named if settings.share == "everything" else "Somebody else"
    return f"{name} wrote, who is not the customer"


def note(effect_key: str, event: TicketEvent, mail: LedgerMail, settings: TrackerConfig) -> Remark:
    """What somebody has noted on our board. `mail`: the one that opened the ticket, to know whose name is left out."""
    said = _shared(event.detail, mail, settings)
    text = f"Noted by {event.actor}:\n\n{said}" if said else _untold("A note was added.", mail)
    return Remark(key=remark_key(effect_key), text=text)


def remark_key(effect_key: str) -> str:
    """What a remark is found by."""
    return PREFIX + effect_key.replace(":", "-")


def change(told: FilingPayload, settings: TrackerConfig) -> Change:
    """What was changed on our board. An owner that the tracker has no name for stays out of it."""
    return Change(status=told.status, owner=settings.owners.get(told.owner, ""), priority=told.priority)


# --- the text ---------------------------------------------------------------------------------------------------------


def _text(ticket: Ticket, mail: LedgerMail, settings: TrackerConfig, zone: ZoneInfo, earlier: Ticket | None) -> str:
    parts = [
        "\n".join(f"{name}: {value}" for name, value in _facts(ticket, mail, settings, zone, earlier) if value),
        "\n".join(["To resolve it:", *(f"[ ] {item}" for item in ticket.checklist)]) if ticket.checklist else "",
    ]
    if said := _shared(mail.text, mail, settings):
        parts.append(f"The customer wrote:\n\n{_quoted(said)}")
    return "\n\n".join([*filter(None, parts), _shown(ticket.ref)])


def _facts(
    ticket: Ticket, mail: LedgerMail, settings: TrackerConfig, zone: ZoneInfo, earlier: Ticket | None
) -> list[tuple[str, str]]:
    """What there is to know, line by line."""
    facts = [("Reference", ticket.ref), ("Topic", ticket.topic), ("Priority", ticket.priority)]
    if earlier:
        facts.append(("Goes on from", f"{earlier.ref} {earlier.url}".strip()))
    if settings.share == "nothing":
        return facts
    customer = f"{ticket.customer_name} <{ticket.customer}>".strip() if settings.share == "everything" else ""
    return [
        ("What", _kind(ticket)),
        *facts,
        ("Customer", customer),
        ("Language", ticket.language),
        ("Sentiment", ticket.sentiment),
        ("Answer promised by", _when(ticket.respond_by, zone)),
        ("To be solved by", _when(ticket.resolve_by, zone)),
        ("Responsible", "" if ticket.owner in settings.owners else ticket.owner),
        ("Attached to the mail", _files(mail, settings)),
    ]


def _kind(ticket: Ticket) -> str:
    if ticket.to_check:
        return "Perhaps a complaint"
    return "Complaint" if ticket.complaint else "Mail"


def _when(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})" if at else ""


def _files(mail: LedgerMail, settings: TrackerConfig) -> str:
    """Names may name people: so only how many, unless everything goes there."""
    names = [one.name or one.content_type for one in mail.attachments]
    return ", ".join(names) if settings.share == "everything" else many(len(names), "file") if names else ""


def _untold(what: str, mail: LedgerMail) -> str:
    return f"{what} {_shown(mail.ticket)}"


def _shown(ref: str) -> str:
    return f"The whole of it: firstline ticket show {ref}"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


# --- personal data ----------------------------------------------------------------------------------------------------


def _shared(text: str, mail: LedgerMail, settings: TrackerConfig) -> str:
    """As much of a text as the tracker may know."""
    if settings.share == "nothing":
        return ""
    return text if settings.share == "everything" else redact(text, Known.of([mail.sender_name]))
