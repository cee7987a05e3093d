"""Verdict + labels + thread + prepared situations → what is to happen, and why in words."""

from __future__ import annotations

from pipeline.decide.news import asks_for_news
from pipeline.decide.priority import higher, raised
from pipeline.decide.reasons import reasons
from pipeline.decide.situation import Situation
from pipeline.records.decision import Decision
from pipeline.records.labels import Labels
from pipeline.records.promise import Promise, PromiseKind
from pipeline.records.survey import SurveyReply
from pipeline.records.thread import Thread
from pipeline.records.ticket import Priority, TicketAction, TicketStatus
from pipeline.records.verdict import Verdict, VerdictKind

NEUTRAL = "neutral"  # thanks, reference, time: right for every mail
UNSURE_COMPLAINT = "complaint"  # the five steps, without the details of a topic
PERHAPS = "perhaps"  # right for a complaint, and for what is none
COMPLAINT = "{}-complaint"  # the name of a topic's letter to somebody who complains
_ONLY_ONCE = {"thread-acknowledged", "limit-thread", "same-subject"}  # rules that speak of our acknowledgements alone
_NEW_TICKET = {*_ONLY_ONCE, "thread-closed"}  # they don't hold for the one letter that tells of a new ticket


def decide(situation: Situation) -> Decision:
    """The order: what a person must see first, what only answers a question of ours, what is only recorded, then topic,
    ticket and letter."""
    verdict = situation.verdict
    if verdict.kind is VerdictKind.PARK:
        return Decision(acknowledge=False, review=False, why=("a person looks first: " + ", ".join(verdict.reasons),))
    if situation.reply and _is_only_reply(situation, situation.reply):
        return _noted(situation.reply, situation.thread)
    if verdict.hit("first-run"):
        return Decision(acknowledge=False, recorded=True, why=("lay there at the first run: recorded only",))
    if verdict.hit("archived"):
        return Decision(acknowledge=False, recorded=True, why=("dragged in out of an archive: recorded only",))
    return _acted_on(situation)


def _acted_on(situation: Situation) -> Decision:
    """Topic, ticket and letter."""
    verdict, prepared = situation.verdict, situation.prepared
    topic = situation.topic if situation.is_customers else ""  # somebody else hears nothing of the case
    to_check = situation.may_be_complaint and not verdict.robot
    ticket = _ticket(situation, to_check=to_check)
    held = _is_held(situation)
    answers = verdict.kind is VerdictKind.ANSWER or held or _tells_of_ticket(situation, ticket)
    acknowledge = answers and (prepared.acknowledge or not situation.topic)
    template = _template(situation, to_check=to_check) if acknowledge else ""
    apologise = acknowledge and situation.is_complaint and template != NEUTRAL
    tell = situation.is_customers and _may_tell(verdict, ticket)
    quieted = situation.is_silenced_person
    return Decision(
        acknowledge=acknowledge,
        template=template,
        ticket=ticket,
        to_check=to_check and ticket is TicketAction.OPEN,
        review=quieted or (not verdict.robot and (not situation.topic or to_check)),
        topic=topic,
        complaint=situation.is_complaint,
        owner=prepared.owner_address,
        promise=_promise(situation),
        told=_told(acknowledge=acknowledge, apologise=apologise),
        grants=_grants(situation) if apologise and topic and ticket in _KEPT else (),
        tracker=situation.config.tracker_of(prepared),
        project=prepared.project,
        labels=prepared.labels,
        priority=_priority(situation, ticket),
        checklist=prepared.checklist,
        held=held and acknowledge,
        quieted=quieted,
        recorded=verdict.hit("too-old"),
        tell=tell,
        asks_news=tell and asks_for_news(situation.mail),
        why=tuple(reasons(situation, to_check=to_check)),
    )


def _tells_of_ticket(situation: Situation, ticket: TicketAction) -> bool:
    """The mail that opens a ticket in a conversation is told so, once a conversation (rule 18)."""
    verdict, thread = situation.verdict, situation.thread
    if ticket is not TicketAction.OPEN or verdict.customer is None:
        return False
    only_said_before = verdict.hit("thread-acknowledged") and set(verdict.reasons) <= _NEW_TICKET
    return only_said_before and verdict.customer.folded not in thread.told_twice


def _is_held(situation: Situation) -> bool:
    """The circuit breaker alone speaks against an answer to somebody whom we know: it goes out when it closes."""
    return set(situation.verdict.reasons) == {"limit-system"} and situation.is_known


def _is_only_reply(situation: Situation, reply: SurveyReply) -> bool:
    """It answers a question of ours, and neither complains nor, from somebody who was not asked, says anything else."""
    complains = situation.labels.complaint_suspected or situation.is_complaint
    return not complains and (reply.was_asked or reply.answer.score is not None)


def _noted(reply: SurveyReply, thread: Thread) -> Decision:
    kind = reply.answer.kind
    if reply.was_asked:
        return Decision(acknowledge=False, why=(f"an answer to the survey {kind}: noted, not acknowledged",))
    ticket = TicketAction.NOTE if thread.ticket else TicketAction.NONE
    return Decision(acknowledge=False, ticket=ticket, why=(f"somebody else answers the survey {kind}: not counted",))


def _may_tell(verdict: Verdict, ticket: TicketAction) -> bool:
    """A further mail by somebody who would be answered, were the thread not acknowledged already."""
    return ticket is TicketAction.UPDATE and verdict.customer is not None and set(verdict.reasons) <= _ONLY_ONCE


def _ticket(situation: Situation, *, to_check: bool) -> TicketAction:
    """Whoever is not the customer changes nothing in the case: what they write is noted there, and a complaint of
    theirs, or what would open a ticket, gets one of its own (see judging)."""
    known, robot, track = situation.thread.ticket, situation.verdict.robot, situation.prepared.track
    complains = situation.is_complaint or to_check
    if known and situation.is_strangers and not (complains and not robot):
        return TicketAction.NOTE
    if known and not robot and (situation.goes_on or situation.is_strangers):
        return TicketAction.OPEN  # over, and the customer writes again: somebody must look
    if known and known.status is not TicketStatus.CLOSED:
        return TicketAction.NOTE if robot else TicketAction.UPDATE
    if track == "never" and situation.topic:  # no complaint is lost because it is perhaps about that
        return TicketAction.NONE
    wanted = complains or (track == "all" and not robot)
    return TicketAction.OPEN if wanted else TicketAction.NONE


def _priority(situation: Situation, ticket: TicketAction) -> Priority:
    """Of the ticket; one that there is already never becomes less urgent by a further mail."""
    known, sentiment = situation.thread.ticket, situation.labels.sentiment
    due = known.respond_by if known else None
    found = raised(
        situation.prepared.priority,
        negative=sentiment.sure and sentiment.value == "negative",
        repeated=situation.is_complaint and (situation.complaints > 0 or known is not None),
        overdue=due is not None and due < situation.now,
    )
    return higher(found, known.priority) if known and ticket is TicketAction.UPDATE else found


def _template(situation: Situation, *, to_check: bool) -> str:
    if not situation.is_customers:
        return NEUTRAL
    if to_check:
        return PERHAPS
    if not situation.topic:
        return UNSURE_COMPLAINT if situation.is_complaint else NEUTRAL
    name = situation.prepared.template or situation.topic
    return COMPLAINT.format(name) if situation.is_complaint else name


# A grant is offered only where the agent finds it: on a ticket that the complaint opens or carries on.
_KEPT = (TicketAction.OPEN, TicketAction.UPDATE)


def _grants(situation: Situation) -> tuple[str, ...]:
    """The first of `may_grant` that this customer may still have: the order says what is rather given."""
    for name in situation.prepared.may_grant:
        limit, offered = situation.config.grants[name].per_customer, situation.granted.get(name, ())
        if limit.count == 0 or sum(at > situation.now - limit.window for at in offered) < limit.count:
            return (name,)
    return ()


def _told(*, acknowledge: bool, apologise: bool) -> tuple[PromiseKind, ...]:
    """Every letter says when a person answers; by when it is solved stands only in those to a complaint."""
    told = [PromiseKind.RESPOND] if acknowledge else []
    return (*told, PromiseKind.RESOLVE) if apologise else tuple(told)


def _promise(situation: Situation) -> Promise:
    """To the minute, as the letter says it: what is watched is what the customer has read. Of topics that it may be
    about as well, the smallest promise is kept to."""
    working_time = situation.config.calendar.working_time
    spans = (
        min(one.respond_within for one in situation.possible),
        min(one.resolve_within for one in situation.possible),
    )
    respond_by, resolve_by = (working_time.add(situation.now, span).replace(second=0, microsecond=0) for span in spans)
    return Promise(respond_by=respond_by, resolve_by=resolve_by)


def wants_articles(decision: Decision, labels: Labels) -> bool:
    """Help pages are for questions: who may have complained is not told to read, and who praises us asks nothing."""
    asks = labels.is_complaint is False and not labels.complaint_suspected and labels.sentiment.value != "positive"
    return decision.acknowledge and asks
