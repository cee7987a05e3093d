"""A decision → its effects: the acknowledgement, the mark in the mailbox, what an outside tracker is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pipeline.records.decision import Judged
from pipeline.records.effect import Effect, EffectKind
from pipeline.records.filing import FilingAction
from pipeline.records.letter import Article
from pipeline.records.mail import Location
from pipeline.records.payload import AcknowledgementPayload, FilingPayload
from pipeline.records.ticket import BOARD, TicketAction


def acknowledgement(
    judged: Judged, message_id: str, language: str, now: datetime, articles: Sequence[Article] = ()
) -> Effect:
    """The effect that tells the outbox what to send; all that the letter needs travels with it.

    `language`: of the mailbox, when the mail's can't be told.
    """
    mail, decision, customer = judged.mail, judged.decision, judged.verdict.customer
    assert customer is not None  # noqa: S101  (only a mail with somebody to write to is acknowledged)
    return Effect(
        key=f"{judged.id}:acknowledge",
        mail_id=judged.id,
        kind=EffectKind.ACKNOWLEDGE,
        message_id=message_id,
        recipient=customer.email,
        payload=AcknowledgementPayload(
            template=decision.template,
            language=mail.language or language,
            topic=decision.topic,
            ref=_reference(judged),
            ticket=decision.ticket is not TicketAction.NONE,
            name=customer.name,
            subject=mail.subject,
            message_id=mail.message_id,
            references=mail.references[-20:],
            decided=now,
            respond_by=decision.promise.respond_by,
            resolve_by=decision.promise.resolve_by,
            grants=decision.grants,
            articles=tuple(articles),
            mailbox=judged.raw.location.mailbox,
        ),
    )


def _reference(judged: Judged) -> str:
    """What the customer quotes: the ticket's reference where there is one, else the mail's own."""
    ticket = judged.thread.ticket
    updated = judged.decision.ticket in (TicketAction.UPDATE, TicketAction.NOTE)
    return ticket.ref if ticket and updated else judged.id


def mark(mail_id: str, location: Location) -> Effect:
    """The effect that marks one place where a mail lies."""
    key = f"{mail_id}:mark:{location.mailbox}:{location.uidvalidity}:{location.uid}"
    return Effect(key=key, mail_id=mail_id, kind=EffectKind.MARK, location=location)


def filings(judged: Judged) -> list[Effect]:
    """The effects that tell an outside tracker what becomes of its ticket; none where the ticket is on the board only.

    Mails of robots are not passed on: a tracker that writes to our mailbox would talk with itself.
    """
    decision, ticket = judged.decision, judged.thread.ticket
    if decision.ticket is TicketAction.OPEN and decision.tracker != BOARD:
        told = FilingPayload(action=FilingAction.OPEN, labels=decision.labels, earlier=ticket.ref if ticket else "")
        return [_filing(judged, "file", judged.id, told)]
    if decision.ticket is not TicketAction.UPDATE or ticket is None or ticket.tracker == BOARD:
        return []
    said = _filing(judged, "comment", ticket.ref, FilingPayload(action=FilingAction.COMMENT))
    status = ticket.status.after_mail(asks_news=decision.asks_news)
    change = FilingPayload(
        action=FilingAction.UPDATE,
        status=status if status is not ticket.status else None,
        priority=decision.priority if decision.priority is not ticket.priority else None,
    )
    return [said, _filing(judged, "update", ticket.ref, change)] if change.tells else [said]


def _filing(judged: Judged, name: str, ticket: str, told: FilingPayload) -> Effect:
    return Effect(key=f"{judged.id}:{name}", mail_id=judged.id, kind=EffectKind.FILE, ticket=ticket, payload=told)
