"""What somebody sees who is about to answer a customer: their draft, who else writes, what is on its way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.desk import answer
from pipeline.desk.answer import Pen
from pipeline.desk.doors import AnswerSheetDoors
from pipeline.records.answer import AnswerDraft, GivenAnswer, OtherWriter
from pipeline.records.effect import EffectState
from pipeline.records.mail import bare_subject
from pipeline.records.ticket import TicketStatus
from pipeline.replies.saved import SavedReply
from pipeline.store import conversation

STATUSES = (TicketStatus.ACTIVE, TicketStatus.WAITING, TicketStatus.RESOLVED, TicketStatus.CLOSED)
SHOWN = timedelta(minutes=10)  # for so long an answer that is out stands above the next one


@dataclass(frozen=True, kw_only=True)
class AnswerSheet:
    """For one person and ticket."""

    ref: str
    to: str  # the customer's address
    name: str
    subject: str  # of the customer's newest mail, as it is sent unless another one is written
    language: str
    words: str  # what they wrote last
    draft: AnswerDraft
    others: tuple[OtherWriter, ...]
    given: tuple[GivenAnswer, ...]  # on its way, or in trouble; and what has just gone out
    mine: frozenset[str]  # keys of those that this person may take back
    saved: tuple[SavedReply, ...]
    participants: tuple[str, ...]  # who else takes part: offered as copies


def sheet_of(doors: AnswerSheetDoors, pen: Pen) -> AnswerSheet:
    """Raises NotFoundError when there is no such ticket."""
    ticket, draft = doors.board.show(pen.ticket), answer.draft_of(doors, pen)
    replying, mails = doors.given_answers.replying_to(pen.ticket), conversation.mails_of(doors.database, pen.ticket)
    given = [one for one in doors.given_answers.of(pen.ticket) if _is_news(one, doors.clock.now())]
    theirs = [mail.text for mail in mails if not mail.by_staff]
    return AnswerSheet(
        ref=ticket.ref,
        to=ticket.customer,
        name=ticket.customer_name,
        subject=bare_subject(replying.subject or ticket.subject),
        language=ticket.language,
        words=theirs[-1] if theirs else "",
        draft=draft,
        others=tuple(answer.others(doors, pen)),
        given=tuple(given),
        mine=frozenset(one.key for one in given if one.author == pen.author and one.can_be_taken_back),
        saved=tuple(answer.saved_replies(doors, pen.ticket)),
        participants=tuple(one for one in ticket.participants if one != ticket.folded),
    )


def put_in(doors: AnswerSheetDoors, pen: Pen, draft: AnswerDraft, name: str) -> AnswerDraft:
    """The draft with a saved reply at its end, not kept yet. Raises NotFoundError, TemplateError."""
    text = "\n\n".join(filter(None, (draft.typed.text, answer.saved_reply(doors, pen, name))))
    return replace(draft, typed=replace(draft.typed, text=text))


def _is_news(one: GivenAnswer, now: datetime) -> bool:
    if one.state is EffectState.CANCELLED:
        return False
    return one.state is not EffectState.DONE or now - one.at < SHOWN
