"""The column `details` of the journal: what an effect carries, and what became of it. Nobody else knows its keys."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, func

from pipeline.records.effect import Effect, Outcome, SentVersion
from pipeline.records.payload import NoticePayload, Payload, from_json, to_json
from pipeline.store import schema

Json = Mapping[str, object]
_COLUMN = schema.effect.c.details
_RESTORED = {"restored": True}  # joined to what was journalled before a restore

# For queries; '' or NULL where a letter has none.
SAID_SINCE: ColumnElement[str] = func.coalesce(_COLUMN["said_since"].as_string(), "")


def to_row(effect: Effect) -> dict[str, object]:
    """As it is journalled."""
    return {**to_json(effect.kind, effect.payload), **(_RESTORED if effect.restored else {})}


def of_outcome(outcome: Outcome) -> dict[str, object]:
    """What is joined to a row when its effect is settled; empty for most."""
    sent = outcome.sent
    told: dict[str, object] = {"resolved": outcome.resolved} if outcome.resolved else {}
    if sent:
        told |= {"sent_template": sent.template, "sent_version": sent.version, "sent_language": sent.language}
        told |= {} if sent.problems is None else {"sent_problems": list(sent.problems)}
    return told


def of_row(kind: str, details: Json) -> Payload:
    """What the effect of this kind carries. `details`: the column of that name."""
    return from_json(kind, details)


# Of what an effect carries these say nothing of whom it goes to, and what was written.
_WORDLESS = (
    *("template", "language", "topic", "ref", "ticket", "decided", "respond_by", "resolve_by", "mailbox", "names_zone"),
    *(
        "auto_submitted",
        "grants",
        "articles",
        "status_of",
        "held",
        "status",
        "in_hand",
        "said_since",
        "said",
        "promise",
    ),
    *("due_by", "left", "closes_by", "survey", "action", "event", "labels", "earlier", "owner", "priority", "then"),
    *("sent_template", "sent_version", "sent_language", "sent_problems", "restored"),
)


def without_words(details: Json) -> Json:
    """The column without what was written, and to whom: what was sent when can still be counted."""
    return {name: value for name, value in details.items() if name in _WORDLESS}


def sent(details: Json) -> SentVersion | None:
    """The letter that was sent, None before."""
    if "sent_template" not in details:
        return None
    names = ("template", "version", "language")
    numbers = details.get("sent_problems")
    problems = tuple(int(one) for one in numbers) if isinstance(numbers, list) else None
    return SentVersion(**{name: str(details[f"sent_{name}"]) for name in names}, problems=problems)


def resolution(details: Json) -> str:
    """How what was unknown was decided, in words; '' where there was nothing to decide."""
    return str(details.get("resolved", ""))


def as_restored(details: Json) -> dict[str, object]:
    """The same, journalled before the database was put back from a backup."""
    return {**details, **_RESTORED}


def is_restored(details: Json) -> bool:
    """Was it journalled before the database was put back from a backup?"""
    return bool(details.get("restored", False))


def lines_said(details: Json) -> tuple[int, ...]:
    """The lines of the timeline that a notice tells of."""
    payload = from_json("notify", details)
    return payload.said if isinstance(payload, NoticePayload) else ()
