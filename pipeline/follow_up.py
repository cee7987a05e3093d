"""A ticket, its promises and the time → what is due: owners told, customers written to, new times given.

A promise goes: its owner is told when little of its time is left; at half of that the customer is told that we are
still working on it and gets a new time, and the next of the chain is told; after so many renewals the customer is told
that it will be late, and it breaks. A ticket that waits for the customer too long is closed after a warning.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from pipeline.clock import WorkingTime
from pipeline.config.settings import Config
from pipeline.records.effect import Effect, EffectKind
from pipeline.records.promise import Followed, FollowUp, Given, PromiseKind, PromiseState
from pipeline.records.ticket import TicketStatus
from pipeline.tokens import Signer

STILL_WORKING, STATUS, MOVED, CLOSING_SOON, CLOSED = "still-working", "status", "moved", "closing-soon", "closed"
OWNER_DUE, OWNER_ESCALATION = "owner-due", "owner-escalation"
_WITH_WORDS = (STATUS, MOVED)  # of the person who works on it
LETTERS = (STILL_WORKING, STATUS, MOVED, CLOSING_SOON, CLOSED, OWNER_DUE, OWNER_ESCALATION)
STATUS_AT_MOST = timedelta(days=1)  # between two answers to "any news?"
_OVER = (TicketStatus.RESOLVED, TicketStatus.CLOSED)
_IN_HAND = (TicketStatus.OPEN, TicketStatus.ACTIVE)


@dataclass(frozen=True, kw_only=True)
class House:
    """What following up needs to know of the house. `has`: is there a letter of this name?"""

    config: Config
    signer: Signer
    has: Callable[[str], bool]

    @property
    def working_time(self) -> WorkingTime:
        return self.config.calendar.working_time

    def span(self, case: Followed, kind: PromiseKind) -> timedelta:
        """The working time that a promise of this kind is given."""
        situation = self.config.topic(case.topic)
        return situation.respond_within if kind is PromiseKind.RESPOND else situation.resolve_within


@dataclass
class _Draft:
    """What is being put together for one ticket."""

    case: Followed
    house: House
    now: datetime
    promises: list[Given] = field(default_factory=list)
    events: list[tuple[str, str]] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    ticket: dict[str, Any] = field(default_factory=dict)
    late: datetime | None = None  # the time that will not be, or was not, kept

    def can_tell(self, letter: str) -> bool:
        """The customer can be written to, and there are words for it."""
        return self.case.writable and self.house.config.smtp is not None and self.house.has(letter)

    def note(self, one: Given, **changes: Any) -> Given:
        """A promise as it is from now on."""
        self.promises = [known for known in self.promises if _key(known) != _key(one)]
        self.promises.append(replace(one, **changes))
        return self.promises[-1]

    def give(self, kind: PromiseKind, mail_id: str, number: int) -> None:
        """A new time, to the minute as the letter says it."""
        due = self.house.working_time.add(self.now, self.house.span(self.case, kind)).replace(second=0, microsecond=0)
        one = Given(mail_id=mail_id, kind=kind, number=number, ticket=self.case.ref, given=self.now, due=due)
        self.note(one, look=_next_look(one, self.house))

    def standing(self, kind: PromiseKind) -> datetime | None:
        """The nearest time of this kind that still counts."""
        changed = {_key(one): one for one in (*self.case.promises, *self.promises)}
        counting = (one for one in changed.values() if one.kind is kind and one.state is PromiseState.OPEN)
        return min((one.due for one in counting if one.due > self.now and not one.warned), default=None)


def follow_up(case: Followed, house: House, now: datetime) -> FollowUp | None:
    """What this ticket needs now; None when there is nothing to be done, told or noted."""
    draft = _Draft(case, house, now)
    for one in case.promises:
        if one.state is PromiseState.OPEN:
            _watch(draft, one)
    news = _news(draft)
    _look_at_quiet(draft)
    if news and draft.can_tell(news):
        _take_up_again(draft)
        _tell_customer(draft, news)
    elif draft.late and draft.can_tell(STILL_WORKING):
        _tell_customer(draft, STILL_WORKING)
    if not (draft.promises or draft.events or draft.effects or draft.ticket):
        return None
    return FollowUp(
        of=case,
        promises=tuple(draft.promises),
        effects=tuple(draft.effects),
        events=tuple(draft.events),
        ticket=draft.ticket,
    )


# --- promises ---------------------------------------------------------------------------------------------------------


def _watch(draft: _Draft, one: Given) -> None:
    """One promise, by how much of its working time is left."""
    if draft.case.status in _OVER:
        draft.note(one, state=PromiseState.KEPT)
    elif draft.now >= one.due:
        _break(draft, one)
    elif draft.now >= _moment(one, draft.house, 0.5):
        _about_to_break(draft, one)
    elif draft.now >= _moment(one, draft.house, 1.0):
        _due_soon(draft, one)
    elif one.look is None:
        draft.note(one, look=_next_look(one, draft.house))


def _due_soon(draft: _Draft, one: Given) -> None:
    if not one.told:
        told = _tell_staff(draft, OWNER_DUE, draft.case.owner, one)
        draft.events.append(("told", f"{_named(one, draft.house)} is due soon: {told}"))
        one = replace(one, told=draft.now)
    draft.note(one, look=_next_look(one, draft.house))


def _about_to_break(draft: _Draft, one: Given) -> None:
    """The customer hears of it before it breaks: with a new time, or that none can be named any more."""
    if _renewable(draft, one):
        draft.late = one.due
        _escalate(draft, one, "is renewed")
        draft.note(one, state=PromiseState.RENEWED)
        draft.give(one.kind, one.mail_id, one.number + 1)
        return
    if not one.warned:
        draft.late = one.due
        _escalate(draft, one, "is about to break")
        one = replace(one, warned=draft.now)
    draft.note(one, look=one.due)


def _break(draft: _Draft, one: Given) -> None:
    """Nobody was there to keep it, or to renew it in time."""
    draft.events.append(("broken", f"{_named(one, draft.house)} was not kept"))
    _escalate(draft, one, "is broken", further=1)
    draft.note(one, state=PromiseState.BROKEN)
    if not one.warned:
        draft.late = one.due
        if _renewable(draft, one):
            draft.give(one.kind, one.mail_id, one.number + 1)


def _renewable(draft: _Draft, one: Given) -> bool:
    return one.number < draft.house.config.follow_up.renewals and draft.can_tell(STILL_WORKING)


def _escalate(draft: _Draft, one: Given, what: str, further: int = 0) -> None:
    """The next of the chain is told; without a chain the owner is, once more."""
    chain = draft.house.config.follow_up.chain
    whom = chain[min(one.number + further, len(chain) - 1)] if chain else draft.case.owner
    told = _tell_staff(draft, OWNER_ESCALATION, whom, one)
    draft.events.append(("escalated", f"{_named(one, draft.house)} {what}: {told}"))


def _next_look(one: Given, house: House) -> datetime:
    """When there is something to be done about it, if nobody keeps it before."""
    if not one.told:
        return _moment(one, house, 1.0)
    return one.due if one.warned else _moment(one, house, 0.5)


def _moment(one: Given, house: House, part: float) -> datetime:
    """When this part of `due_soon` is left of its working time."""
    span = house.working_time.between(one.given, one.due)
    return house.working_time.add(one.given, span * (1 - house.config.follow_up.due_soon * part))


def _key(one: Given) -> tuple[str, PromiseKind, int]:
    return one.mail_id, one.kind, one.number


def _named(one: Given, house: House) -> str:
    local = one.due.astimezone(house.working_time.timezone)
    return f"the promise to {one.kind} by {local:%Y-%m-%d %H:%M}"


# --- what moved, was asked, or is quiet -------------------------------------------------------------------------------


def _news(draft: _Draft) -> str:
    """The letter that says how it stands, '' when there is nothing new; either way it is dealt with."""
    case, asked, moved = draft.case, draft.case.asked, draft.case.moved is not None
    if asked:
        draft.ticket["asked"] = ""
    if moved:
        draft.ticket["moved"] = None
    if asked and (case.answered is None or draft.now - case.answered >= STATUS_AT_MOST):
        return STATUS
    return MOVED if moved and _worth_telling(draft) else ""


def _worth_telling(draft: _Draft) -> bool:
    """What the customer does not know: a step of ours, words for them, or that their answer has arrived."""
    case = draft.case
    known = case.told_status or TicketStatus.OPEN
    same = known == case.status or {known, case.status} <= set(_OVER)
    by_themselves = case.status is TicketStatus.OPEN and bool(case.last_mail)
    return bool(case.comment) or (not same and (draft.house.config.follow_up.tell_moves or by_themselves))


def _take_up_again(draft: _Draft) -> None:
    """The customer has answered, or come back: what rested goes on with a new time."""
    case = draft.case
    if case.status not in _IN_HAND:
        return
    for one in case.promises:
        if one.state is PromiseState.HELD:
            draft.note(one, state=PromiseState.RENEWED)
            draft.give(one.kind, one.mail_id, one.number + 1)
    came_back = case.told_status in (TicketStatus.WAITING, *_OVER) and case.last_mail
    if case.status is TicketStatus.OPEN and came_back and not draft.standing(PromiseKind.RESPOND):
        draft.give(PromiseKind.RESPOND, case.last_mail, 0)


def _look_at_quiet(draft: _Draft) -> None:
    """A ticket that waits for the customer: they are warned, then it is closed; about complaints a person decides."""
    case, settings = draft.case, draft.house.config.follow_up
    if case.status is not TicketStatus.WAITING or not _over(draft, case.changed, settings.quiet_after):
        return
    warned = case.warned if case.warned and case.warned >= case.changed else None
    if warned is None and (case.a_person_decides or not draft.can_tell(CLOSING_SOON)):
        told = _tell_staff(draft, OWNER_DUE, case.owner, None)
        draft.events.append(("quiet", f"the customer has not answered; a person decides whether it is closed: {told}"))
        draft.ticket["warned"] = draft.now
    elif warned is None:
        closes = draft.house.working_time.next_opening(draft.now + settings.close_after)
        draft.ticket["warned"] = draft.now
        _tell_customer(draft, CLOSING_SOON, closes_by=closes.isoformat())
        draft.events.append(("quiet", "the customer was told that it will be closed"))
    elif draft.can_tell(CLOSED) and not case.a_person_decides and _over(draft, warned, settings.close_after):
        _close(draft)


def _over(draft: _Draft, since: datetime, span: timedelta) -> bool:
    """Calendar days, but nothing is closed while nobody is at work."""
    return draft.now >= draft.house.working_time.next_opening(since + span)


def _close(draft: _Draft) -> None:
    draft.ticket |= {"status": TicketStatus.CLOSED.value, "changed": draft.now, "resolved": draft.now}
    draft.events.append(("status", f"{draft.case.status} → {TicketStatus.CLOSED}: the customer has not answered"))
    for one in draft.case.promises:
        draft.note(one, state=PromiseState.KEPT)
    draft.case = replace(draft.case, status=TicketStatus.CLOSED)
    _tell_customer(draft, CLOSED)


# --- mails ------------------------------------------------------------------------------------------------------------


def _tell_customer(draft: _Draft, letter: str, closes_by: str = "") -> None:
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
        "said_since": _iso(case.moved) if case.comment and letter in _WITH_WORDS else "",
        "said": list(case.said) if letter in _WITH_WORDS else [],
        "due_by": _iso(draft.late),
        "closes_by": closes_by,
        "respond_by": _iso(draft.standing(PromiseKind.RESPOND)),
        "resolve_by": _iso(draft.standing(PromiseKind.RESOLVE)),
        "auto_submitted": "auto-replied" if answers else "auto-generated",
    }
    _mail(draft, letter, case.customer, details)


def _tell_staff(draft: _Draft, letter: str, whom: str, one: Given | None) -> str:
    """Says in words who was told."""
    if "@" not in whom or draft.house.config.smtp is None or not draft.house.has(letter):
        return "nobody could be told"
    left = draft.house.working_time.between(draft.now, one.due) if one else timedelta(0)
    details = {
        "language": draft.house.config.replies.language,
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


def _mail(draft: _Draft, letter: str, recipient: str, details: dict[str, Any]) -> None:
    """Numbered, so that each has a Message-ID of its own, and the same one whenever it is tried."""
    case, smtp = draft.case, draft.house.config.smtp
    assert smtp is not None  # noqa: S101  (nobody is told anything without [smtp])
    number = case.notices + len(draft.effects)
    draft.effects.append(
        Effect(
            key=f"{case.ref}:{letter}:{number}",
            mail_id=case.ref,
            kind=EffectKind.NOTIFY,
            message_id=draft.house.signer.message_id(case.ref, f"n{number}", smtp.domain),
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


def _language(draft: _Draft) -> str:
    """Of the mailbox, when the customer's can't be told."""
    box = draft.house.config.boxes.get(draft.case.mailbox)
    return box.language if box else draft.house.config.replies.language


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
