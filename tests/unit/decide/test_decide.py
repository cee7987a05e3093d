"""From verdict, labels and thread to a decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pipeline.decide.decide import decide
from pipeline.decide.situation import Situation
from pipeline.guard.judge import judge
from pipeline.records.labels import Label, Labels
from pipeline.records.survey import SurveyAnswer, SurveyKind, SurveyReply
from pipeline.records.thread import Role, Thread, ThreadKeys
from pipeline.records.ticket import TicketAction, TicketFacts, TicketStatus
from tests.samples import NOON, config, history, labels, mail, surroundings

NEW = Thread(ref="AAAA-0001", new=True)


def thread_with(status: TicketStatus) -> Thread:
    facts = TicketFacts(ref="AAAA-0001", status=status, participants=("eve@example.org",))
    return Thread(ref="AAAA-0001", new=False, acknowledged=True, ticket=facts)


def decision_of(mail_=None, labels_=None, thread=NEW, settings=None, past=None, granted=None, reply=None):
    letter = mail_ or mail()
    verdict = judge(letter, surroundings(), ThreadKeys(), past or history(thread_acknowledged=not thread.new))
    situation = Situation(
        mail=letter,
        verdict=verdict,
        labels=labels_ or labels(),
        thread=thread,
        config=settings or config(),
        now=NOON,
        granted=granted or {},
        reply=reply,
    )
    return decide(situation)


def test_a_question_gets_the_letter_of_its_topic_and_no_ticket() -> None:
    decision = decision_of()
    assert (decision.acknowledge, decision.template, decision.ticket) == (True, "delivery", TicketAction.NONE)
    assert decision.owner == "logistics@example.com"
    assert not decision.review


def test_a_complaint_gets_the_complaint_letter_and_a_ticket() -> None:
    decision = decision_of(labels_=labels(complaint=True))
    assert (decision.template, decision.ticket) == ("delivery-complaint", TicketAction.OPEN)
    assert not decision.to_check


def test_an_unsure_topic_gets_the_neutral_letter_and_stands_on_the_review_list() -> None:
    decision = decision_of(labels_=labels(sure=False))
    assert (decision.template, decision.review, decision.topic) == ("neutral", True, "")


def test_a_suspected_complaint_gets_a_ticket_to_check_and_never_the_apology() -> None:
    suspected = labels(complaint=Label(value="true", confidence=0.7, sure=False), complaint_suspected=True)
    decision = decision_of(labels_=suspected)
    assert (decision.template, decision.ticket) == ("perhaps", TicketAction.OPEN)
    assert decision.to_check
    assert decision.review


def unsure(value: str, *nearly: str, **changes: Any) -> Labels:
    """Perhaps this topic, nearly as likely one of those."""
    return labels(**{"topic": Label(value=value, confidence=0.4, nearly=nearly), **changes})


PREPARED = {
    "topics": {
        "delivery": {"owner": "logistics@example.com", "respond_within": "6h", "priority": "high", "track": "all"},
        "billing": {"owner": "accounts@example.com", "respond_within": "2h", "resolve_within": "4h"},
        "praise": {"track": "never", "acknowledge": False},
    }
}


def test_a_sure_complaint_of_an_unsure_topic_gets_the_five_steps_without_a_topic() -> None:
    decision = decision_of(labels_=unsure("delivery", complaint=True), settings=config(**PREPARED))
    assert (decision.template, decision.topic, decision.ticket) == ("complaint", "", TicketAction.OPEN)
    assert decision.grants == ()


def test_staff_work_with_the_likeliest_topic_while_the_words_stay_neutral() -> None:
    decision = decision_of(labels_=unsure("delivery"), settings=config(**PREPARED))
    assert (decision.template, decision.topic) == ("neutral", "")
    assert (decision.owner, decision.priority, decision.ticket) == ("logistics@example.com", "high", TicketAction.OPEN)
    assert decision.review


@pytest.mark.parametrize(("nearly", "hours"), [((), 6), (("billing",), 2), (("praise", "billing"), 2), (("none",), 6)])
def test_of_topics_nearly_as_likely_the_smallest_promise_is_given(nearly: tuple[str, ...], hours: int) -> None:
    decision = decision_of(labels_=unsure("delivery", *nearly), settings=config(**PREPARED))
    assert decision.promise.respond_by == config(**PREPARED).calendar.working_time.add(NOON, timedelta(hours=hours))


def test_a_sure_topic_keeps_its_own_promise() -> None:
    sure = labels(topic=Label(value="delivery", confidence=0.6, sure=True, nearly=("billing",)))
    decision = decision_of(labels_=sure, settings=config(**PREPARED))
    assert decision.promise.respond_by == config(**PREPARED).calendar.working_time.add(NOON, timedelta(hours=6))


def test_what_is_only_perhaps_a_topic_that_gets_no_answer_is_answered() -> None:
    assert decision_of(labels_=unsure("praise"), settings=config(**PREPARED)).acknowledge
    assert not decision_of(labels_=labels(topic="praise"), settings=config(**PREPARED)).acknowledge


def test_no_complaint_is_lost_because_it_is_perhaps_about_what_is_never_tracked() -> None:
    unsure_one = unsure("praise", complaint=True)
    assert decision_of(labels_=unsure_one, settings=config(**PREPARED)).ticket is TicketAction.OPEN


def test_the_decision_says_by_how_much_it_was_not_sure() -> None:
    near = Label(value="delivery", confidence=0.61, nearly=("order",), threshold=0.84)
    (why,) = [why for why in decision_of(labels_=labels(topic=near)).why if "unsure" in why]
    assert "delivery 0.61, sure from 0.84 on, or order" in why


def test_below_the_second_threshold_there_is_no_ticket() -> None:
    unsuspicious = labels(complaint=Label(value="false", confidence=0.6, sure=False), complaint_suspected=False)
    assert decision_of(labels_=unsuspicious).ticket is TicketAction.NONE


def test_without_a_model_everything_is_unsure_and_neutrally_acknowledged() -> None:
    decision = decision_of(labels_=Labels())
    assert (decision.acknowledge, decision.template, decision.ticket) == (True, "neutral", TicketAction.NONE)
    assert decision.review


@pytest.mark.parametrize(
    ("status", "action"),
    [
        (TicketStatus.OPEN, TicketAction.UPDATE),
        (TicketStatus.RESOLVED, TicketAction.UPDATE),
        (TicketStatus.CLOSED, TicketAction.OPEN),
    ],
)
def test_a_follow_up_updates_its_ticket_and_is_not_acknowledged_again(status, action) -> None:
    decision = decision_of(thread=thread_with(status))
    assert decision.ticket is action
    assert decision.acknowledge is (action is TicketAction.OPEN)  # who opens another ticket is told so


def test_a_robot_in_a_thread_is_noted_without_reopening() -> None:
    robot = mail(headers={"Auto-Submitted": "auto-replied"})
    assert decision_of(robot, thread=thread_with(TicketStatus.RESOLVED)).ticket is TicketAction.NOTE


@pytest.mark.parametrize(("complaint", "action"), [(True, TicketAction.OPEN), (False, TicketAction.NONE)])
def test_a_robot_opens_a_ticket_only_if_the_complaint_is_sure(complaint: bool, action) -> None:
    robot = mail(headers={"Auto-Submitted": "auto-generated"})
    decision = decision_of(robot, labels_=labels(complaint=complaint))
    assert decision.ticket is action
    assert not decision.acknowledge
    assert not decision.review


@pytest.mark.parametrize(
    ("text", "complains", "seen"),
    [
        ("My parcel was due on Tuesday. Where is it?", False, True),
        ("Ich warte seit zwei Wochen auf mein Paket.", False, True),
        ("J'attends toujours mon colis, merci de répondre.", False, True),
        ("Minun pakettini ei ole tullut perille vieläkään.", False, True),
        ("The offers of this week are here.", False, False),
        ("The offers of this week are here.", True, True),
        ("We have offers for you. Unsubscribe: https://example.com/stop", False, False),
        ("I am away until Monday and read my mail then.", False, False),
    ],
)
@pytest.mark.parametrize("mark", [{"List-Id": "<x>"}, {"X-Auto-Response-Suppress": "All"}, {"Precedence": "bulk"}])
def test_what_weak_rules_silence_and_reads_like_a_person_is_seen(
    text: str, complains: bool, seen: bool, mark: dict[str, str]
) -> None:
    suspected = labels(complaint=Label(value="true", confidence=0.7), complaint_suspected=complains)
    decision = decision_of(mail(headers=mark, text=text, whole=text), labels_=suspected)
    assert (decision.quieted, decision.review, decision.acknowledge) == (seen, seen, False)
    floor = mail(headers={**mark, "Auto-Submitted": "auto-replied"}, text=text, whole=text)
    assert not decision_of(floor, labels_=suspected).quieted


# --- somebody else in the conversation --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status", "complains", "action"),
    [
        (Role.OTHER, TicketStatus.OPEN, False, TicketAction.NOTE),
        (Role.OTHER, TicketStatus.RESOLVED, False, TicketAction.NOTE),
        (Role.OTHER, TicketStatus.CLOSED, False, TicketAction.NOTE),
        (Role.OTHER, TicketStatus.OPEN, True, TicketAction.OPEN),  # one of their own
        (Role.STAFF, TicketStatus.RESOLVED, False, TicketAction.NOTE),
        (Role.PARTICIPANT, TicketStatus.OPEN, True, TicketAction.UPDATE),
        (Role.PARTICIPANT, TicketStatus.RESOLVED, False, TicketAction.UPDATE),
    ],
)
def test_somebody_else_changes_nothing_in_the_case(role: Role, status, complains: bool, action) -> None:
    thread = replace(thread_with(status), role=role)
    decision = decision_of(thread=thread, labels_=labels(complaint=complains))
    assert decision.ticket is action
    assert (decision.topic, decision.grants, decision.tell) == ("", (), False)


def test_the_mail_that_opens_a_ticket_in_a_conversation_is_told_so_once() -> None:
    said = Thread(ref="AAAA-0001", new=False, acknowledged=True, written_to=frozenset({"eve@example.org"}))
    complaint = labels(complaint=True)
    assert decision_of(thread=said, labels_=complaint).acknowledge
    assert not decision_of(thread=said).acknowledge  # it opens none
    twice = replace(said, told_twice=frozenset({"eve@example.org"}))
    assert not decision_of(thread=twice, labels_=complaint).acknowledge


def test_a_robot_suspected_of_complaining_opens_none() -> None:
    suspected = labels(complaint=Label(value="true", confidence=0.7), complaint_suspected=True)
    assert decision_of(mail(headers={"List-Id": "<x>"}), labels_=suspected).ticket is TicketAction.NONE


def test_a_limited_mail_still_opens_its_ticket() -> None:
    from pipeline.records.verdict import Tallies

    decision = decision_of(labels_=labels(complaint=True), past=history(tallies=Tallies(by_sender=10)))
    assert not decision.acknowledge
    assert decision.ticket is TicketAction.OPEN


def test_a_mail_of_the_first_run_is_only_recorded() -> None:
    decision = decision_of(labels_=labels(complaint=True), past=history(first_run=True))
    assert decision.recorded
    assert not decision.acknowledge
    assert decision.ticket is TicketAction.NONE


def test_a_mail_that_is_too_old_gets_its_ticket_but_no_acknowledgement() -> None:
    decision = decision_of(labels_=labels(complaint=True), past=history(received=NOON - timedelta(days=9)))
    assert decision.recorded
    assert not decision.acknowledge
    assert decision.ticket is TicketAction.OPEN


def test_a_parked_mail_waits_without_any_effect() -> None:
    decision = decision_of(mail(recipients=()), labels_=labels(complaint=True))
    assert not decision.acknowledge
    assert decision.ticket is TicketAction.NONE


@pytest.mark.parametrize(
    ("track", "complaint", "action"),
    [
        ("all", False, TicketAction.OPEN),
        ("complaints", False, TicketAction.NONE),
        ("never", True, TicketAction.NONE),
    ],
)
def test_track_decides_which_mails_become_tickets(track: str, complaint: bool, action) -> None:
    settings = config(topics={"delivery": {"track": track}})
    assert decision_of(labels_=labels(complaint=complaint), settings=settings).ticket is action


def test_a_topic_may_be_switched_off() -> None:
    decision = decision_of(settings=config(topics={"delivery": {"acknowledge": False}}))
    assert not decision.acknowledge
    assert any("acknowledge = false" in why for why in decision.why)


def test_promises_are_given_in_working_time() -> None:
    settings = config(
        topics={"delivery": {"respond_within": "4h"}}, calendar={"timezone": "UTC", "hours": "Mon-Fri 09:00-13:00"}
    )
    respond_by = decision_of(settings=settings).promise.respond_by
    assert respond_by is not None
    assert respond_by.isoformat() == "2026-11-19T12:00:00+00:00"  # one hour today, three tomorrow


GRANTS = {
    "topics": {"delivery": {"may_grant": ["voucher", "gift"]}},
    "grants": {
        "voucher": {"title": {"en": "a voucher"}, "per_customer": "1 per 10d"},
        "gift": {"title": {"en": "a gift"}, "per_customer": "2 per 1d"},
    },
}


@pytest.mark.parametrize(
    ("voucher", "gift", "offered"),
    [
        ([], [], ("voucher",)),
        ([9], [], ("gift",)),
        ([10], [], ("voucher",)),  # ten days ago: outside the window
        ([0], [0], ("gift",)),
        ([0], [0, 0], ()),
        ([0, 12], [0, 2], ("gift",)),
    ],
)
def test_the_first_grant_that_the_customer_may_still_have_is_offered(voucher, gift, offered) -> None:
    granted = {
        name: [NOON - timedelta(days=day) for day in days] for name, days in (("voucher", voucher), ("gift", gift))
    }
    decision = decision_of(labels_=labels(complaint=True), settings=config(**GRANTS), past=history(), granted=granted)
    assert decision.grants == offered


def test_a_grant_without_a_limit_is_offered_every_time() -> None:
    free = {
        **GRANTS,
        "grants": {"voucher": {"title": {"en": "a"}, "per_customer": "0"}, "gift": {"title": {"en": "b"}}},
    }
    granted = {"voucher": [NOON] * 9}
    decision = decision_of(labels_=labels(complaint=True), settings=config(**free), past=history(), granted=granted)
    assert decision.grants == ("voucher",)


@pytest.mark.parametrize("track", ["complaints", "all", "never"])
def test_nothing_is_offered_without_a_ticket_that_an_agent_finds_it_on(track: str) -> None:
    settings = config(**{**GRANTS, "topics": {"delivery": {"may_grant": ["voucher"], "track": track}}})
    assert decision_of(labels_=labels(complaint=True), settings=settings).grants == (
        () if track == "never" else ("voucher",)
    )


@pytest.mark.parametrize(
    ("says", "told"),
    [
        (labels(), ("respond",)),
        (labels(complaint=True), ("respond", "resolve")),
        (labels(complaint=True, topic=""), ("respond", "resolve")),  # the five steps without a topic
        (labels(topic=""), ("respond",)),
    ],
)
def test_only_the_times_that_the_letter_names_are_promised(says: Labels, told: tuple[str, ...]) -> None:
    assert decision_of(labels_=says).told == told


def test_who_is_not_answered_is_promised_and_offered_nothing() -> None:
    decision = decision_of(mail(headers={"List-Id": "<x>"}), labels_=labels(complaint=True), settings=config(**GRANTS))
    assert (decision.told, decision.grants) == ((), ())


def test_a_named_owner_gets_the_ticket_under_the_address() -> None:
    settings = config(topics={"delivery": {"owner": "Anna Virtanen <anna@example.com>"}})
    assert decision_of(settings=settings).owner == "anna@example.com"


@pytest.mark.parametrize(
    ("status", "asks_news", "after"),
    [
        (TicketStatus.OPEN, False, TicketStatus.OPEN),
        (TicketStatus.ACTIVE, False, TicketStatus.ACTIVE),
        (TicketStatus.WAITING, False, TicketStatus.OPEN),
        (TicketStatus.WAITING, True, TicketStatus.WAITING),
        (TicketStatus.RESOLVED, False, TicketStatus.OPEN),
        (TicketStatus.RESOLVED, True, TicketStatus.OPEN),
        (TicketStatus.CLOSED, False, TicketStatus.CLOSED),
    ],
)
def test_what_a_further_mail_makes_of_a_ticket(status: TicketStatus, asks_news: bool, after: TicketStatus) -> None:
    assert status.after_mail(asks_news=asks_news) is after


NPS = SurveyAnswer(ref="AAAA-0001", kind=SurveyKind.NPS, score=9)


@pytest.mark.parametrize(
    ("reply", "complains", "why"),
    [
        (SurveyReply(answer=NPS, was_asked=True), False, "an answer to the survey nps: noted, not acknowledged"),
        (SurveyReply(answer=NPS, was_asked=False), False, "somebody else answers the survey nps: not counted"),
        (SurveyReply(answer=NPS, was_asked=True), True, "no rule speaks against an answer"),
        (SurveyReply(answer=replace(NPS, score=None), was_asked=False), False, "no rule speaks against an answer"),
    ],
)
def test_an_answer_to_a_question_goes_no_further_unless_it_complains(
    reply: SurveyReply, complains: bool, why: str
) -> None:
    decision = decision_of(labels_=labels(complaint=complains), reply=reply)
    assert decision.why[0] == why


# --- languages that the model has not learned -------------------------------------------------------------------------

SWEDISH = "Vasen var trasig när den kom och ingen svarar på mina mejl."


def foreign(text: str = SWEDISH, **changes: Any) -> tuple[Any, Labels]:
    made = labels(sure=False, is_foreign=True, **changes)
    return mail(text=text, whole=text, language="sv"), made


def test_mail_in_a_language_that_was_not_learned_is_checked_by_a_person() -> None:
    letter, made = foreign()
    decision = decision_of(letter, made)
    assert (decision.ticket, decision.to_check, decision.template) == (TicketAction.OPEN, True, "perhaps")
    assert decision.review
    assert any("written in sv" in reason for reason in decision.why)


def test_praise_in_it_opens_no_ticket() -> None:
    letter, made = foreign("Tack så mycket, allt är jättebra!", sentiment=Label(value="positive", confidence=0.6))
    assert decision_of(letter, made).ticket is TicketAction.NONE


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        (SWEDISH, {"sentiment": Label(value="positive", confidence=0.6)}),  # no word of praise
        ("Tack för ingenting", {"sentiment": Label(value="negative", confidence=0.6)}),
        ("Tack", {"sentiment": Label(value="positive", confidence=0.6), "complaint_suspected": True}),
    ],
)
def test_praise_is_only_what_says_so_twice(text: str, changes: dict[str, Any]) -> None:
    letter, made = foreign(text, **changes)
    assert decision_of(letter, made).to_check


def test_in_a_conversation_with_a_ticket_it_is_a_further_mail() -> None:
    letter, made = foreign()
    decision = decision_of(letter, made, thread=thread_with(TicketStatus.OPEN))
    assert decision.ticket is TicketAction.UPDATE


def test_a_colleague_who_writes_it_opens_none() -> None:
    letter, made = foreign()
    thread = replace(thread_with(TicketStatus.OPEN), role=Role.STAFF)
    assert decision_of(letter, made, thread=thread).ticket is not TicketAction.OPEN
