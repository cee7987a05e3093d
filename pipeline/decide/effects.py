"""A decision → its effects: the acknowledgement, the mark in the mailbox, what an outside tracker is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.records.decision import Judged
from pipeline.records.effect import Effect, EffectKind
from pipeline.records.filing import FilingAction
from pipeline.records.letter import Article
from pipeline.records.mail import Location
from pipeline.records.payload import AcknowledgementPayload, FilingPayload
from pipeline.records.thread import Role
from pipeline.records.ticket import BOARD, TicketAction


def acknowledgement(
    judged: Judged, message_id: str, language: str, zone: ZoneInfo, now: datetime, articles: Sequence[Article] = ()
) -> Effect:
    """The effect that tells the outbox what to send; all that the letter needs travels with it.

    `language`: of the mailbox, when the mail's can't be told; `zone`: ours.
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
            ref=judged.id,
            ticket=decision.ticket is TicketAction.OPEN,
            name=customer.name if judged.echo else "",
            subject=mail.subject if judged.echo else "",
            status_of=_status_of(judged),
            held=decision.held,
            message_id=mail.message_id,
            references=mail.references[-20:],
            decided=now,
            respond_by=decision.promise.respond_by,
            resolve_by=decision.promise.resolve_by,
            grants=decision.grants,
            articles=tuple(articles),
            mailbox=judged.raw.location.mailbox,
            names_zone=_elsewhere(mail.sent, zone),
        ),
    )


def _elsewhere(sent: datetime | None, zone: ZoneInfo) -> bool:
    """The clock of the customer's mail program shows another time than ours."""
    return sent is not None and sent.utcoffset() != sent.astimezone(zone).utcoffset()


def _status_of(judged: Judged) -> str:
    """What the letter's link shows: the ticket where its customer wrote, or this mail where there is none; '' where
    somebody else wrote."""
    ticket, action = judged.thread.ticket, judged.decision.ticket
    if not judged.thread.new and judged.thread.role is not Role.CUSTOMER:
        return ""
    return ticket.ref if ticket and action in (TicketAction.UPDATE, TicketAction.NOTE) else judged.id


def mark(mail_id: str, location: Location) -> Effect:
    """The effect that marks one place where a mail lies."""
    key = f"{mail_id}:mark:{location.mailbox}:{location.uidvalidity}:{location.uid}"
    return Effect(key=key, mail_id=mail_id, kind=EffectKind.MARK, location=location)


def filings(judged: Judged) -> list[Effect]:
    """The effects that tell an outside tracker what becomes of its ticket; none where the ticket is on the board only.

    Mails of robots are not passed on: a tracker that writes to our mailbox would talk with itself.
    What somebody else writes is told as such, and changes nothing.
    """
    decision, ticket = judged.decision, judged.thread.ticket
    if decision.ticket is TicketAction.OPEN and decision.tracker != BOARD:
        told = FilingPayload(action=FilingAction.OPEN, labels=decision.labels, earlier=ticket.ref if ticket else "")
        return [_filing(judged, "file", judged.id, told)]
    noted = decision.ticket is TicketAction.NOTE and not judged.verdict.robot
    if not (noted or decision.ticket is TicketAction.UPDATE) or ticket is None or ticket.tracker == BOARD:
        return []
    said = _filing(judged, "comment", ticket.ref, FilingPayload(action=FilingAction.COMMENT))
    if noted:
        return [said]
    status = ticket.status.after_mail(asks_news=decision.asks_news)
    change = FilingPayload(
        action=FilingAction.UPDATE,
        status=status if status is not ticket.status else None,
        priority=decision.priority if decision.priority is not ticket.priority else None,
    )
    return [said, _filing(judged, "update", ticket.ref, change)] if change.tells else [said]


def _filing(judged: Judged, name: str, ticket: str, told: FilingPayload) -> Effect:
    return Effect(key=f"{judged.id}:{name}", mail_id=judged.id, kind=EffectKind.FILE, ticket=ticket, payload=told)
