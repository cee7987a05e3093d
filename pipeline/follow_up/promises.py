"""Promises that are watched: told of before they are over, renewed, broken."""

from __future__ import annotations

from dataclasses import replace

from pipeline.follow_up.draft import (
    OWNER_DUE,
    OWNER_ESCALATION,
    STILL_WORKING,
    Draft,
    Setting,
    moment,
    next_look,
)
from pipeline.follow_up.mails import tell_staff
from pipeline.records.promise import PromiseState, WatchedPromise


def watch(draft: Draft, one: WatchedPromise) -> None:
    """One promise, by how much of its working time is left."""
    if draft.case.status.is_over:
        draft.note(replace(one, state=PromiseState.KEPT))
    elif draft.now >= one.due:
        _break(draft, one)
    elif draft.now >= moment(one, draft.setting.config, 0.5):
        _about_to_break(draft, one)
    elif draft.now >= moment(one, draft.setting.config, 1.0):
        _due_soon(draft, one)
    elif one.look is None:
        draft.note(replace(one, look=next_look(one, draft.setting)))


def _due_soon(draft: Draft, one: WatchedPromise) -> None:
    if not one.told:
        told = tell_staff(draft, OWNER_DUE, draft.case.owner, one)
        draft.events.append(("told", f"{_named(one, draft.setting)} is due soon: {told}"))
        one = replace(one, told=draft.now)
    draft.note(replace(one, look=next_look(one, draft.setting)))


def _about_to_break(draft: Draft, one: WatchedPromise) -> None:
    """The customer hears of it before it breaks: with a new time, or that none can be named any more."""
    if _renewable(draft, one):
        draft.late = one.due
        _escalate(draft, one, "is renewed")
        draft.note(replace(one, state=PromiseState.RENEWED, warned=draft.now))  # so that it counts as missed
        draft.give(one.kind, one.mail_id, one.number + 1)
        return
    if not one.warned:
        draft.late = one.due
        _escalate(draft, one, "is about to break")
        one = replace(one, warned=draft.now)
    draft.note(replace(one, look=one.due))


def _break(draft: Draft, one: WatchedPromise) -> None:
    """Nobody was there to keep it, or to renew it in time."""
    draft.events.append(("broken", f"{_named(one, draft.setting)} was not kept"))
    _escalate(draft, one, "is broken", further=1)
    draft.note(replace(one, state=PromiseState.BROKEN))
    if not one.warned:
        draft.late = one.due
        if _renewable(draft, one):
            draft.give(one.kind, one.mail_id, one.number + 1)


def _renewable(draft: Draft, one: WatchedPromise) -> bool:
    return one.number < draft.setting.config.follow_up.renewals and draft.can_tell(STILL_WORKING)


def _escalate(draft: Draft, one: WatchedPromise, what: str, further: int = 0) -> None:
    """The next of the chain is told; without a chain the owner is, once more."""
    chain = draft.setting.config.follow_up.chain
    whom = chain[min(one.number + further, len(chain) - 1)] if chain else draft.case.owner
    told = tell_staff(draft, OWNER_ESCALATION, whom, one)
    draft.events.append(("escalated", f"{_named(one, draft.setting)} {what}: {told}"))


def _named(one: WatchedPromise, setting: Setting) -> str:
    local = one.due.astimezone(setting.working_time.timezone)
    return f"the promise to {one.kind} by {local:%Y-%m-%d %H:%M}"
