"""Verdict + labels + thread + prepared situations → what is to happen, and why in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from pipeline.clock import WorkingTime
from pipeline.config.settings import Config
from pipeline.config.topics import TopicConfig
from pipeline.config.trackers import TrackerConfig
from pipeline.decide.priority import higher, raised
from pipeline.records.decision import Decision
from pipeline.records.labels import Labels
from pipeline.records.promise import Promise, PromiseKind
from pipeline.records.thread import Thread
from pipeline.records.ticket import Priority, TicketAction, TicketStatus
from pipeline.records.verdict import Verdict, VerdictKind

NEUTRAL = "neutral"  # thanks, reference, time: right for every mail
COMPLAINT = "{}-complaint"  # the name of a topic's letter to somebody who complains
_ONLY_ONCE = {"thread-acknowledged", "limit-thread", "same-subject"}  # rules that speak of our acknowledgements alone
Granted = Mapping[str, Sequence[datetime]]  # name of a grant → when it was offered to this customer


def decide(
    verdict: Verdict,
    labels: Labels,
    thread: Thread,
    config: Config,
    now: datetime,
    granted: Granted | None = None,
    complaints: int = 0,
) -> Decision:
    """The order: what a person must see first, what is only recorded, then topic, ticket and letter.

    `granted`: what was offered to this customer before; `complaints`: tickets they have complained in lately.
    """
    robot = verdict.robot
    if verdict.kind is VerdictKind.PARK:
        return Decision(acknowledge=False, review=False, why=("a person looks first: " + ", ".join(verdict.reasons),))
    if verdict.hit("first-run"):
        return Decision(acknowledge=False, recorded=True, why=("lay there at the first run: recorded only",))
    topic = labels.topic.value if labels.topic.sure and labels.topic.value else ""
    situation = config.topic(topic)
    to_check = _suspected(labels) and not robot
    linked = _is_linked(thread, config)
    ticket = _ticket(thread, situation, _is_complaint(labels), to_check, robot=robot, linked=linked)
    acknowledge = verdict.kind is VerdictKind.ANSWER and situation.acknowledge
    apologise = acknowledge and bool(topic) and _is_complaint(labels)
    return Decision(
        acknowledge=acknowledge,
        template=_template(topic, situation, labels, to_check=to_check) if acknowledge else "",
        ticket=ticket,
        to_check=to_check and ticket is TicketAction.OPEN,
        review=not robot and (not topic or to_check),
        topic=topic,
        complaint=_is_complaint(labels),
        owner=situation.owner_address,
        promise=_promise(situation, config.calendar.working_time, now),
        told=_told(acknowledge=acknowledge, apologise=apologise),
        grants=_grants(situation, config, granted or {}, now) if apologise and ticket in _KEPT else (),
        tracker=config.tracker_of(situation),
        project=situation.project,
        labels=situation.labels,
        priority=_priority(situation, labels, thread, ticket, now, complaints),
        checklist=situation.checklist,
        recorded=verdict.hit("too-old"),
        tell=_may_tell(verdict, ticket),
        why=tuple(_why(verdict, labels, topic, situation, thread, to_check=to_check)),
    )


def _may_tell(verdict: Verdict, ticket: TicketAction) -> bool:
    """A further mail by somebody who would be answered, were the thread not acknowledged already."""
    return ticket is TicketAction.UPDATE and verdict.customer is not None and set(verdict.reasons) <= _ONLY_ONCE


def _is_complaint(labels: Labels) -> bool:
    """Certainly one."""
    return labels.complaint.sure and labels.complaint.value == "true"


def _suspected(labels: Labels) -> bool:
    """Perhaps one: a person decides. The customer gets the neutral text, never the apology."""
    return labels.complaint_suspected and not labels.complaint.sure


def _ticket(
    thread: Thread, situation: TopicConfig, complaint: bool, to_check: bool, *, robot: bool, linked: bool
) -> TicketAction:
    if thread.ticket and not robot and linked:  # over, and the customer writes again: somebody must look
        return TicketAction.OPEN
    if thread.ticket and thread.ticket.status is not TicketStatus.CLOSED:
        return TicketAction.NOTE if robot else TicketAction.UPDATE
    if situation.track == "never":
        return TicketAction.NONE
    wanted = complaint or to_check or (situation.track == "all" and not robot)
    return TicketAction.OPEN if wanted else TicketAction.NONE


def _is_linked(thread: Thread, config: Config) -> bool:
    """What a customer writes now opens a new ticket that points to the old one: that is closed for good, or resolved
    in a tracker with `on_closed = "linked"`."""
    if thread.ticket is None:
        return False
    settings = config.outside_trackers.get(thread.ticket.tracker, TrackerConfig())
    resolved = thread.ticket.status is TicketStatus.RESOLVED
    return thread.ticket.status is TicketStatus.CLOSED or (resolved and settings.on_closed == "linked")


def _priority(
    situation: TopicConfig, labels: Labels, thread: Thread, ticket: TicketAction, now: datetime, complaints: int
) -> Priority:
    """Of the ticket; one that there is already never becomes less urgent by a further mail."""
    due = thread.ticket.respond_by if thread.ticket else None
    found = raised(
        situation.priority,
        negative=labels.sentiment.sure and labels.sentiment.value == "negative",
        repeated=_is_complaint(labels) and (complaints > 0 or thread.ticket is not None),
        overdue=due is not None and due < now,
    )
    known = thread.ticket if ticket is TicketAction.UPDATE else None
    return higher(found, known.priority) if known else found


def _template(topic: str, situation: TopicConfig, labels: Labels, *, to_check: bool) -> str:
    if not topic or to_check:
        return NEUTRAL
    name = situation.template or topic
    return COMPLAINT.format(name) if _is_complaint(labels) else name


# A grant is offered only where the agent finds it: on a ticket that the complaint opens or carries on.
_KEPT = (TicketAction.OPEN, TicketAction.UPDATE)


def _grants(situation: TopicConfig, config: Config, granted: Granted, now: datetime) -> tuple[str, ...]:
    """The first of `may_grant` that this customer may still have: the order says what is rather given."""
    for name in situation.may_grant:
        limit = config.grants[name].per_customer
        if limit.count == 0 or sum(at > now - limit.window for at in granted.get(name, ())) < limit.count:
            return (name,)
    return ()


def _told(*, acknowledge: bool, apologise: bool) -> tuple[PromiseKind, ...]:
    """Every letter says when a person answers; by when it is solved stands only in those to a complaint."""
    told = [PromiseKind.RESPOND] if acknowledge else []
    return (*told, PromiseKind.RESOLVE) if apologise else tuple(told)


def _promise(situation: TopicConfig, working_time: WorkingTime, now: datetime) -> Promise:
    """To the minute, as the letter says it: what is watched is what the customer has read."""
    respond_by, resolve_by = (
        working_time.add(now, span).replace(second=0, microsecond=0)
        for span in (situation.respond_within, situation.resolve_within)
    )
    return Promise(respond_by=respond_by, resolve_by=resolve_by)


def _why(
    verdict: Verdict, labels: Labels, topic: str, situation: TopicConfig, thread: Thread, *, to_check: bool
) -> list[str]:
    """The decision in words, for `mail explain` and the ticket's timeline."""
    why = [f"{verdict.kind}: {', '.join(verdict.reasons)}" if verdict.reasons else "no rule speaks against an answer"]
    if not labels.model:
        why.append("no usable model: everything is unsure")
    elif not topic:
        why.append(f"topic unsure ({labels.topic.value or 'none'}): neutral text, review list")
    if topic and not situation.acknowledge:
        why.append(f"[topics.{topic}] acknowledge = false")
    if _is_complaint(labels):
        why.append("a complaint")
    if to_check:
        why.append("perhaps a complaint: to check, neutral text")
    if thread.ticket:
        why.append(f"belongs to ticket {thread.ticket.ref} ({thread.ticket.status})")
    if thread.possibly_about:
        why.append(f"possibly about {thread.possibly_about}")
    return why


def wants_articles(decision: Decision, labels: Labels) -> bool:
    """Help pages are for questions: who may have complained is not told to read, and who praises us asks nothing."""
    asks = labels.is_complaint is False and not labels.complaint_suspected and labels.sentiment.value != "positive"
    return decision.acknowledge and asks
