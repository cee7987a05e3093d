"""The letters to customers and the notices to staff that following up needs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pipeline.follow_up.draft import STATUS, WITH_WORDS, Draft
from pipeline.records.effect import Effect, EffectKind
from pipeline.records.promise import Given, PromiseKind


def tell_customer(draft: Draft, letter: str, closes_by: str = "") -> None:
    case = draft.case
    answers = letter == STATUS
    draft.ticket["told_status"] = case.status.value
    if answers:
        draft.ticket["answered"] = draft.now
    details = {
        "language": case.language or _language(draft),
        "message_id": case.message_id,
        "status": case.status.value,
        "comment": case.comment,
        "said_since": _iso(case.moved) if case.comment and letter in WITH_WORDS else "",
        "said": list(case.said) if letter in WITH_WORDS else [],
        "due_by": _iso(draft.late),
        "closes_by": closes_by,
        "respond_by": _iso(draft.standing(PromiseKind.RESPOND)),
        "resolve_by": _iso(draft.standing(PromiseKind.RESOLVE)),
        "auto_submitted": "auto-replied" if answers else "auto-generated",
    }
    _mail(draft, letter, case.customer, details)


def tell_staff(draft: Draft, letter: str, whom: str, one: Given | None) -> str:
    """Says in words who was told."""
    if "@" not in whom or draft.setting.config.smtp is None or not draft.setting.has(letter):
        return "nobody could be told"
    left = draft.setting.working_time.between(draft.now, one.due) if one else timedelta(0)
    details = {
        "language": draft.setting.config.replies.language,
        "message_id": "",
        "status": draft.case.status.value,
        "promise": one.kind.value if one else "",
        "due_by": _iso(one.due if one else None),
        "left": left.total_seconds(),
        "respond_by": "",
        "resolve_by": "",
        "customer": draft.case.customer,
        "auto_submitted": "auto-generated",
    }
    _mail(draft, letter, whom, details)
    return f"{whom} was told"


def _mail(draft: Draft, letter: str, recipient: str, details: dict[str, Any]) -> None:
    """Numbered, so that each has a Message-ID of its own, and the same one whenever it is tried."""
    case, smtp = draft.case, draft.setting.config.smtp
    assert smtp is not None  # noqa: S101  (nobody is told anything without [smtp])
    number = case.notices + len(draft.effects)
    draft.effects.append(
        Effect(
            key=f"{case.ref}:{letter}:{number}",
            mail_id=case.ref,
            kind=EffectKind.NOTIFY,
            message_id=draft.setting.signer.message_id(case.ref, f"n{number}", smtp.domain),
            recipient=recipient,
            ticket=case.ref,
            details={
                "template": letter,
                "topic": case.topic,
                "ref": case.ref,
                "ticket": True,
                "name": case.name,
                "subject": case.subject,
                "references": [],
                "decided": draft.now.isoformat(),
                "mailbox": case.mailbox,
                **details,
            },
        )
    )


def _language(draft: Draft) -> str:
    """Of the mailbox, when the customer's can't be told."""
    box = draft.setting.config.boxes.get(draft.case.mailbox)
    return box.language if box else draft.setting.config.replies.language


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
