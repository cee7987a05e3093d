"""What moved, was asked, or has gone quiet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.follow_up.draft import (
    CLOSED,
    CLOSING_SOON,
    IN_HAND,
    MOVED,
    OWNER_DUE,
    STATUS,
    STATUS_AT_MOST,
    Draft,
)
from pipeline.follow_up.mails import tell_customer, tell_staff
from pipeline.records.promise import PromiseKind, PromiseState
from pipeline.records.ticket import OVER, TicketStatus


def news_for(draft: Draft) -> str:
    """The letter that says how it stands, '' when there is nothing new; either way it is dealt with."""
    case, asked, moved = draft.case, draft.case.asked, draft.case.moved is not None
    if asked:
        draft.change = replace(draft.change, asked="")
    if moved:
        draft.change = replace(draft.change, moved=None)
    if asked and (case.answered is None or draft.now - case.answered >= STATUS_AT_MOST):
        return STATUS
    return MOVED if moved and _worth_telling(draft) else ""


def _worth_telling(draft: Draft) -> bool:
    """What the customer does not know: a step of ours, words for them, or that their answer has arrived."""
    case = draft.case
    known = case.told_status or TicketStatus.OPEN
    same = known == case.status or {known, case.status} <= set(OVER)
    by_themselves = case.status is TicketStatus.OPEN and bool(case.last_mail)
    return bool(case.comment) or (not same and (draft.setting.config.follow_up.tell_moves or by_themselves))


def take_up_again(draft: Draft) -> None:
    """The customer has answered, or come back: what rested goes on with a new time."""
    case = draft.case
    if case.status not in IN_HAND:
        return
    for one in case.promises:
        if one.state is PromiseState.HELD:
            draft.note(replace(one, state=PromiseState.RENEWED))
            draft.give(one.kind, one.mail_id, one.number + 1)
    came_back = case.told_status in (TicketStatus.WAITING, *OVER) and case.last_mail
    if case.status is TicketStatus.OPEN and came_back and not draft.standing(PromiseKind.RESPOND):
        draft.give(PromiseKind.RESPOND, case.last_mail, 0)


def look_at_quiet(draft: Draft) -> None:
    """A ticket that waits for the customer: they are warned, then it is closed; about complaints a person decides."""
    case, settings = draft.case, draft.setting.config.follow_up
    if case.status is not TicketStatus.WAITING or not _over(draft, case.changed, settings.quiet_after):
        return
    warned = case.warned if case.warned and case.warned >= case.changed else None
    if warned is None and (case.a_person_decides or not draft.can_tell(CLOSING_SOON)):
        told = tell_staff(draft, OWNER_DUE, case.owner, None)
        draft.events.append(("quiet", f"the customer has not answered; a person decides whether it is closed: {told}"))
        draft.change = replace(draft.change, warned=draft.now)
    elif warned is None:
        closes = draft.setting.working_time.next_opening(draft.now + settings.close_after)
        draft.change = replace(draft.change, warned=draft.now)
        tell_customer(draft, CLOSING_SOON, closes_by=closes)
        draft.events.append(("quiet", "the customer was told that it will be closed"))
    elif draft.can_tell(CLOSED) and not case.a_person_decides and _over(draft, warned, settings.close_after):
        _close(draft)


def _over(draft: Draft, since: datetime, span: timedelta) -> bool:
    """Calendar days, but nothing is closed while nobody is at work."""
    return draft.now >= draft.setting.working_time.next_opening(since + span)


def _close(draft: Draft) -> None:
    draft.change = replace(draft.change, status=TicketStatus.CLOSED, changed=draft.now, resolved=draft.now)
    draft.events.append(("status", f"{draft.case.status} → {TicketStatus.CLOSED}: the customer has not answered"))
    for one in draft.case.promises:
        draft.note(replace(one, state=PromiseState.KEPT))
    draft.case = replace(draft.case, status=TicketStatus.CLOSED)
    tell_customer(draft, CLOSED)
