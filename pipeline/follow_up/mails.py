"""The letters to customers and the notices to staff that following up needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.follow_up.draft import STATUS, WITH_WORDS, Draft
from pipeline.records.effect import Effect, EffectKind
from pipeline.records.payload import NoticePayload
from pipeline.records.promise import PromiseKind, WatchedPromise


def tell_customer(draft: Draft, letter: str, closes_by: datetime | None = None) -> None:
    """The letter that says how it stands. `closes_by`: when a quiet ticket will be closed."""
    case = draft.case
    answers = letter == STATUS
    draft.change = replace(draft.change, told_status=case.status)
    if answers:
        draft.change = replace(draft.change, answered=draft.now)
    notice = replace(
        _notice(draft, letter),
        language=case.language or _language(draft),
        name="" if case.unproven else case.name,
        subject="" if case.unproven else case.subject,
        message_id=case.message_id,
        comment=case.comment,
        said_since=case.moved if case.comment and letter in WITH_WORDS else None,
        said=case.said if letter in WITH_WORDS else (),
        due_by=draft.late,
        closes_by=closes_by,
        respond_by=draft.standing(PromiseKind.RESPOND),
        resolve_by=draft.standing(PromiseKind.RESOLVE),
        auto_submitted="auto-replied" if answers else "auto-generated",
    )
    _journal(draft, notice, case.customer)


def tell_staff(draft: Draft, letter: str, whom: str, one: WatchedPromise | None) -> str:
    """Says in words who was told."""
    if "@" not in whom or draft.setting.config.smtp is None or not draft.setting.has(letter):
        return "nobody could be told"
    left = draft.setting.working_time.between(draft.now, one.due) if one else timedelta(0)
    notice = replace(
        _notice(draft, letter),
        promise=one.kind if one else None,
        due_by=one.due if one else None,
        left=left.total_seconds(),
        customer=draft.case.customer,
    )
    _journal(draft, notice, whom)
    return f"{whom} was told"


def _notice(draft: Draft, letter: str) -> NoticePayload:
    """What all of them say."""
    case = draft.case
    return NoticePayload(
        template=letter,
        language=draft.setting.config.replies.language,
        topic=case.topic,
        ref=case.ref,
        ticket=True,
        name=case.name,
        subject=case.subject,
        decided=draft.now,
        mailbox=case.mailbox,
        status=case.status,
        in_hand=case.in_hand,
        auto_submitted="auto-generated",
    )


def _journal(draft: Draft, notice: NoticePayload, recipient: str) -> None:
    """Numbered, so that each has a Message-ID of its own, and the same one whenever it is tried."""
    case, smtp = draft.case, draft.setting.config.smtp
    assert smtp is not None  # noqa: S101  (nobody is told anything without [smtp])
    number = case.notices + len(draft.effects)
    draft.effects.append(
        Effect(
            key=f"{case.ref}:{notice.template}:{number}",
            mail_id=case.ref,
            kind=EffectKind.NOTIFY,
            message_id=draft.setting.signer.message_id(case.ref, f"n{number}", smtp.domain),
            recipient=recipient,
            ticket=case.ref,
            payload=notice,
        )
    )


def _language(draft: Draft) -> str:
    """Of the mailbox, when the customer's can't be told."""
    box = draft.setting.config.boxes.get(draft.case.mailbox)
    return box.language if box else draft.setting.config.replies.language
