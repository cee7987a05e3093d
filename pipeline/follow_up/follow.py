"""What a ticket needs now: its promises, what moved, and whether it has gone quiet."""

from __future__ import annotations

from datetime import datetime

from pipeline.follow_up.draft import STILL_WORKING, Draft, Setting
from pipeline.follow_up.mails import tell_customer
from pipeline.follow_up.promises import watch
from pipeline.follow_up.quiet import look_at_quiet, news_for, take_up_again
from pipeline.records.follow_up import FollowedTicket, FollowUp
from pipeline.records.promise import PromiseState


def follow_up(case: FollowedTicket, setting: Setting, now: datetime) -> FollowUp | None:
    """What this ticket needs now; None when there is nothing to be done, told or noted."""
    draft = Draft(case, setting, now)
    for one in case.promises:
        if one.state is PromiseState.OPEN:
            watch(draft, one)
    news = ""
    if not case.answering:  # else it is looked at when that is out
        news = news_for(draft)
        look_at_quiet(draft)
    if news and draft.can_tell(news):
        take_up_again(draft)
        tell_customer(draft, news)
    elif draft.late and draft.can_tell(STILL_WORKING):
        tell_customer(draft, STILL_WORKING)
    if not (draft.promises or draft.events or draft.effects or draft.change.anything):
        return None
    return FollowUp(
        of=case,
        promises=tuple(draft.promises),
        effects=tuple(draft.effects),
        events=tuple(draft.events),
        change=draft.change,
    )
