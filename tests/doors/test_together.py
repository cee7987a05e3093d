"""Cases that are joined and split, grants, two people at one case, and many done at once: on SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.desk import batch, case, deeds, today
from pipeline.engine.jobs import follow
from pipeline.errors import ChangedMeanwhileError, FirstlineError, NotFoundError, UsageError
from pipeline.records.batch import BatchAction
from pipeline.records.effect import EffectKind, EffectState, Outcome
from pipeline.records.labels import Correction
from pipeline.records.presence import Doing
from pipeline.records.ticket import Priority, TicketStatus
from pipeline.records.today import TodayFilter, TodayKind
from pipeline.replies.letters import TemplateLetters
from pipeline.wiring.keys import key_of
from pipeline.wiring.live_doors import LiveDoors, build
from tests.desk import letter
from tests.doors.test_given import COMPLAINT, EVE, QUESTION, SUSPECTED, letters, route_of, settings  # noqa: F401
from tests.doors.test_route import take
from tests.samples import NOON

ANNA, BEN = "anna@example.com", "ben@example.com"
HOUR = timedelta(hours=1)
EVE_AT = "eve@example.org"


@pytest.fixture
def either(database: Any, tmp_path: Path, letters: TemplateLetters) -> Iterator[LiveDoors]:  # noqa: F811
    made = build(check(settings({"url": database.url}), tmp_path / "config.toml"), FakeClock(NOON))
    made.letters = letters
    key_of(made.config)
    yield made
    made.close()


def complain(doors: LiveDoors, number: int, sender: str = EVE, says: Any = COMPLAINT, **headers: str) -> str:
    (judged,) = take(route_of(doors, says), letter(number, sender=sender, **headers), first=number)
    return str(judged.id)


def kinds(doors: LiveDoors, ref: str) -> list[str]:
    return [one.kind for one in doors.board.show(ref).events]


# --- joining ----------------------------------------------------------------------------------------------------------


def test_later_mail_of_both_goes_to_the_case_that_stays(either: LiveDoors) -> None:
    one, two = complain(either, 1), complain(either, 2)
    deeds.join(either, one, two, ANNA)
    kept, gone = either.board.show(one), either.board.show(two)
    assert set(kept.mails) == {one, two}
    assert (gone.status, gone.mails) == (TicketStatus.CLOSED, ())
    for number, about in ((3, "<letter1@example.org>"), (4, "<letter2@example.org>")):
        later = complain(either, number, says=QUESTION, In_Reply_To=about)
        assert either.reading.mail(later).ticket == one
    assert [link.ref for link in either.repeats.of(two)] == [one]
    assert "joined" in kinds(either, one)
    assert "joined" in kinds(either, two)


def test_a_joined_promise_keeps_its_time_and_is_kept_in_the_case_that_stays(either: LiveDoors) -> None:
    one = complain(either, 1)
    due = min(promise.due for promise in either.promises.of_ticket(one))
    either.clock.pass_by(2 * HOUR)  # type: ignore[attr-defined]
    two = complain(either, 2)
    deeds.join(either, two, one, ANNA)
    given = either.promises.of_ticket(two)
    assert (len(given), min(promise.due for promise in given)) == (4, due)
    assert {promise.state for promise in given} == {"open"}
    assert either.board.show(two).respond_by == due
    either.board.comment(two, "We send another one.", ANNA, either.clock.now(), public=True)
    answered = [promise for promise in either.promises.of_ticket(two) if promise.kind == "respond"]
    assert [promise.kept_by for promise in answered] == [ANNA, ANNA]


def test_what_was_said_to_the_customer_and_is_not_sent_yet_is_not_lost(either: LiveDoors) -> None:
    one, two = complain(either, 1), complain(either, 2)
    either.board.comment(two, "The courier has it.", ANNA, either.clock.now(), public=True)
    deeds.join(either, one, two, ANNA)
    followed = either.promises.of(one, NOON - HOUR)
    assert followed
    assert followed.comment == "The courier has it."
    assert followed.moved == NOON


def test_cases_of_two_customers_are_not_joined(either: LiveDoors) -> None:
    one, two = complain(either, 1), complain(either, 2, sender="Mallory <mallory@example.net>")
    with pytest.raises(UsageError, match="another customer"):
        deeds.join(either, one, two, ANNA)
    assert either.board.show(two).status is TicketStatus.OPEN
    later = complain(
        either, 3, sender="Mallory <mallory@example.net>", says=QUESTION, In_Reply_To="<letter1@example.org>"
    )
    assert either.reading.mail(later).ticket != one


def test_nothing_is_joined_to_itself_to_nothing_or_to_what_is_closed(either: LiveDoors) -> None:
    one, two = complain(either, 1), complain(either, 2)
    with pytest.raises(UsageError, match="itself"):
        deeds.join(either, one, one, ANNA)
    with pytest.raises(NotFoundError):
        deeds.join(either, one, "AAAA-AAAA", ANNA)
    either.board.set_status(one, TicketStatus.CLOSED, ANNA, NOON)
    with pytest.raises(UsageError, match="closed for good"):
        deeds.join(either, one, two, ANNA)
    assert either.database.check() == []


def test_an_open_case_opens_the_solved_one_that_it_joins(either: LiveDoors) -> None:
    one, two = complain(either, 1), complain(either, 2)
    either.board.set_status(one, TicketStatus.RESOLVED, ANNA, NOON)
    either.board.set_priority(two, Priority.URGENT, ANNA, NOON)
    deeds.join(either, one, two, ANNA)
    kept = either.board.show(one)
    assert (kept.status, kept.resolved, kept.priority) == (TicketStatus.OPEN, None, Priority.URGENT)


# --- splitting --------------------------------------------------------------------------------------------------------


def test_a_mail_becomes_a_case_of_its_own_and_its_answers_go_there(either: LiveDoors) -> None:
    one = complain(either, 1)
    two = complain(either, 2, In_Reply_To="<letter1@example.org>")
    assert either.reading.mail(two).ticket == one
    done = deeds.split(either, one, two, ANNA)
    assert (done.ref, done.was) == (two, one)
    new = either.board.show(two)
    assert (new.customer, new.complaint, new.mails) == ("eve@example.org", True, (two,))
    assert either.board.show(one).mails == (one,)
    for number, about, ref in ((3, "<letter2@example.org>", two), (4, "<letter1@example.org>", one)):
        later = complain(either, number, says=QUESTION, In_Reply_To=about)
        assert either.reading.mail(later).ticket == ref
    assert either.database.check() == []
    assert [item.ref for item in today.page(either, "agent", TodayFilter(kinds=(TodayKind.CASE,))).items] == sorted(
        [one, two]
    )


def test_what_was_joined_can_be_split_again(either: LiveDoors) -> None:
    one, two = complain(either, 1), complain(either, 2)
    deeds.join(either, one, two, ANNA)
    deeds.split(either, one, two, ANNA)
    again = either.board.show(two)
    assert (again.status, again.mails) == (TicketStatus.OPEN, (two,))
    assert {promise.mail_id for promise in either.promises.of_ticket(two)} == {two}


def test_a_stranger_whose_mail_is_split_off_gains_nothing_in_the_other_case(either: LiveDoors) -> None:
    one = complain(either, 1)
    copied = letter(2, sender=EVE, In_Reply_To="<letter1@example.org>", Cc="Bob <bob@example.org>")
    take(route_of(either, QUESTION), copied, first=2)
    bobs = complain(either, 3, sender="Bob <bob@example.org>", says=QUESTION, In_Reply_To="<letter1@example.org>")
    assert either.reading.mail(bobs).ticket == one
    deeds.split(either, one, bobs, ANNA)
    new = either.board.show(bobs)
    assert (new.customer, new.participants) == ("bob@example.org", ("bob@example.org",))
    later = complain(either, 4, says=QUESTION, In_Reply_To="<letter3@example.org>")  # Eve, to whom nobody gave it
    assert either.reading.mail(later).ticket != bobs


@pytest.mark.parametrize("which", ["first", "elsewhere", "nothing"])
def test_only_a_further_mail_of_the_case_is_split_off(either: LiveDoors, which: str) -> None:
    one, other = complain(either, 1), complain(either, 2)
    mail_id = {"first": one, "elsewhere": other, "nothing": "AAAA-AAAA"}[which]
    with pytest.raises((UsageError, NotFoundError)):
        deeds.split(either, one, mail_id, ANNA)


# --- grants -----------------------------------------------------------------------------------------------------------


def test_a_grant_is_given_within_its_limits(either: LiveDoors) -> None:
    one = complain(either, 1, says=SUSPECTED)
    either.board.correct(one, Correction(topic="delivery"), ANNA, NOON)
    (free,) = case.view(either, one, None).grants
    assert (free.name, free.title, free.left) == ("voucher", "a 10 € voucher", 1)
    assert deeds.give(either, one, "voucher", ANNA).now == "voucher"
    assert [grant.name for grant in either.board.show(one).grants] == ["voucher"]
    with pytest.raises(UsageError, match="has had"):
        deeds.give(either, one, "voucher", ANNA)
    with pytest.raises(UsageError, match="may not be given"):
        deeds.give(either, one, "shipping", ANNA)
    assert case.view(either, one, None).grants[0].left == 0


def test_two_who_give_at_once_give_once(either: LiveDoors) -> None:
    refs = [complain(either, number, says=SUSPECTED) for number in (1, 2)]
    for ref in refs:
        either.board.correct(ref, Correction(topic="delivery"), ANNA, NOON)
    together, told = threading.Barrier(2), []

    def give(ref: str, who: str) -> None:
        together.wait()
        try:
            deeds.give(either, ref, "voucher", who)
            told.append("given")
        except FirstlineError as error:
            told.append(error.what)

    threads = [threading.Thread(target=give, args=pair) for pair in zip(refs, (ANNA, BEN), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["given", "this customer has had 'voucher' already"]


# --- two people -------------------------------------------------------------------------------------------------------


def test_what_somebody_else_did_meanwhile_is_told_and_not_overwritten(either: LiveDoors) -> None:
    ref = complain(either, 1)
    seen = deeds.mark_of(either, ref)
    deeds.assign(either, ref, BEN, BEN)
    for deed in (
        lambda: deeds.assign(either, ref, ANNA, ANNA, seen),
        lambda: deeds.set_status(either, ref, "closed", ANNA, seen),
        lambda: deeds.set_priority(either, ref, "low", ANNA, seen),
        lambda: deeds.close_silently(either, ref, ANNA, seen),
        lambda: deeds.correct(either, ref, Correction(complaint=False), ANNA, seen),
        lambda: deeds.give(either, ref, "voucher", ANNA, seen),
        lambda: deeds.join(either, ref, complain(either, 2), ANNA, seen),
    ):
        with pytest.raises(ChangedMeanwhileError, match=r"ben@example\.com: assigned") as raised:
            deed()
        assert [(who, what) for _, who, what in raised.value.happened] == [
            (BEN, "assigned logistics@example.com → ben@example.com")
        ]
    ticket = either.board.show(ref)
    assert (ticket.owner, ticket.status, ticket.complaint) == (BEN, TicketStatus.OPEN, True)


def test_one_is_not_in_ones_own_way_and_a_note_in_nobodys(either: LiveDoors) -> None:
    ref = complain(either, 1)
    seen = deeds.mark_of(either, ref)
    deeds.assign(either, ref, ANNA, ANNA, seen)
    deeds.set_priority(either, ref, "high", ANNA, seen)
    deeds.note(either, ref, "I call her.", BEN)
    assert either.board.show(ref).events[-1].detail == "I call her."


def test_a_mail_of_the_customer_is_something_that_happened(either: LiveDoors) -> None:
    ref = complain(either, 1)
    seen = deeds.mark_of(either, ref)
    complain(either, 2, says=QUESTION, In_Reply_To="<letter1@example.org>")
    with pytest.raises(ChangedMeanwhileError, match="the machine: mail"):
        deeds.set_status(either, ref, "closed", ANNA, seen)


def test_of_two_who_act_at_once_one_is_told(either: LiveDoors) -> None:
    ref = complain(either, 1)
    seen, together, told = deeds.mark_of(either, ref), threading.Barrier(2), []

    def assign(who: str) -> None:
        together.wait()
        try:
            deeds.assign(either, ref, who, who, seen)
            told.append("done")
        except ChangedMeanwhileError:
            told.append("told")

    threads = [threading.Thread(target=assign, args=(who,)) for who in (ANNA, BEN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["done", "told"]


def test_one_sees_who_else_has_the_case_before_them(either: LiveDoors) -> None:
    presence = either.presence
    presence.note("X", ANNA, Doing.LOOKS, NOON)
    presence.note("X", BEN, Doing.LOOKS, NOON)
    presence.note("X", BEN, Doing.WRITES, NOON + HOUR / 120)
    assert [(one.account, one.doing) for one in presence.of("X", NOON + HOUR / 60)] == [
        (BEN, Doing.WRITES),
        (ANNA, Doing.LOOKS),
    ]
    assert [one.account for one in presence.of("X", NOON + HOUR / 60, but=BEN)] == [ANNA]
    assert [one.account for one in presence.of("X", NOON + timedelta(seconds=80))] == [BEN]
    presence.leave("X", BEN)
    assert presence.of("X", NOON + timedelta(seconds=80)) == []
    assert presence.of("Y", NOON) == []


# --- many at once -----------------------------------------------------------------------------------------------------


def test_one_that_fails_does_not_stop_the_others(either: LiveDoors) -> None:
    refs = [complain(either, number) for number in (1, 2)]
    done = batch.do(either, BatchAction.ASSIGN, [refs[0], "AAAA-AAAA", refs[1], refs[0]], BEN, ANNA)
    assert [(one.ref, bool(one.error)) for one in done.steps] == [
        (refs[0], False),
        ("AAAA-AAAA", True),
        (refs[1], False),
    ]
    assert [either.board.show(ref).owner for ref in refs] == [BEN, BEN]
    assert [one.ref for one in done.failed] == ["AAAA-AAAA"]


@pytest.mark.parametrize(
    ("action", "value"),
    [("assign", BEN), ("status", "closed"), ("status", "waiting"), ("priority", "low"), ("close-silently", "")],
)
def test_undone_it_is_as_it_was(either: LiveDoors, action: str, value: str) -> None:
    refs = [complain(either, number) for number in (1, 2)]

    def stand() -> list[Any]:
        tickets = [either.board.show(ref) for ref in refs]
        promises = [either.promises.of_ticket(ref) for ref in refs]
        return [[(t.status, t.owner, t.priority, t.responded, t.resolved) for t in tickets], promises]

    before = stand()
    done = batch.do(either, BatchAction(action), refs, value, ANNA)
    assert stand() != before
    assert [one.error for one in batch.undo(either, done.id, ANNA)] == ["", ""]
    assert stand() == before


def to_the_customer(doors: LiveDoors, ref: str) -> list[Any]:
    """Letters about how it stands, the first one first."""
    return [one for one in doors.effects.of_mail(ref) if one.kind is EffectKind.NOTIFY and one.recipient == EVE_AT]


@pytest.mark.parametrize("sent", [False, True], ids=["not sent yet", "sent"])
def test_a_letter_that_undoing_makes_untrue_is_not_sent_or_followed_by_another(either: LiveDoors, sent: bool) -> None:
    ref = complain(either, 1)
    done = batch.do(either, BatchAction.STATUS, [ref], "resolved", ANNA)
    follow.follow(either)
    (solved,) = to_the_customer(either, ref)
    if sent:
        either.effects.claim([solved.key], either.clock.now())
        either.effects.settle([Outcome(key=solved.key, state=EffectState.DONE)], either.clock.now())
    either.clock.pass_by(timedelta(minutes=1))  # type: ignore[attr-defined]
    batch.undo(either, done.id, ANNA)
    follow.follow(either)
    told = {one.key: one.state for one in to_the_customer(either, ref)}
    assert told.pop(solved.key) is (EffectState.DONE if sent else EffectState.CANCELLED)
    if sent:
        assert list(told.values()) == [EffectState.INTENDED]


def test_what_somebody_else_did_since_is_not_undone(either: LiveDoors) -> None:
    refs = [complain(either, number) for number in (1, 2)]
    before = either.board.show(refs[1]).priority
    done = batch.do(either, BatchAction.PRIORITY, refs, "low", ANNA)
    deeds.assign(either, refs[0], BEN, BEN)
    errors = [one.error for one in batch.undo(either, done.id, ANNA)]
    assert errors[0].startswith("it has changed since you looked at it (ben@example.com")
    assert errors[1] == ""
    assert [either.board.show(ref).priority for ref in refs] == [Priority.LOW, before]


def test_only_ones_own_are_undone_and_once(either: LiveDoors) -> None:
    ref = complain(either, 1)
    done = batch.do(either, BatchAction.PRIORITY, [ref], "low", ANNA)
    with pytest.raises(NotFoundError):
        batch.undo(either, done.id, BEN)
    batch.undo(either, done.id, ANNA)
    with pytest.raises(UsageError, match="already"):
        batch.undo(either, done.id, ANNA)
    later = batch.do(either, BatchAction.PRIORITY, [ref], "low", ANNA)
    either.clock.pass_by(25 * HOUR)  # type: ignore[attr-defined]
    with pytest.raises(NotFoundError):
        batch.undo(either, later.id, ANNA)


def test_a_discarded_mail_is_parked_again_and_a_released_one_is_not(either: LiveDoors) -> None:
    parked = [complain(either, number, to="else@example.net") for number in (1, 2)]
    assert all(either.reading.mail(one).parked for one in parked)
    released = batch.do(either, BatchAction.RELEASE, parked[:1], "", ANNA)
    discarded = batch.do(either, BatchAction.DISCARD, parked[1:], "", ANNA)
    (cannot,) = batch.undo(either, released.id, ANNA)
    assert "can't be taken back" in cannot.error
    (can,) = batch.undo(either, discarded.id, ANNA)
    assert (can.error, either.reading.mail(parked[1]).parked) == ("", True)
    assert [effect.kind for effect in either.effects.of_mail(parked[0]) if effect.state is EffectState.INTENDED].count(
        EffectKind.ACKNOWLEDGE
    ) == 1


@pytest.mark.parametrize(("action", "value"), [("status", "gone"), ("priority", "huge")])
def test_a_wrong_value_is_told_before_anything_is_done(either: LiveDoors, action: str, value: str) -> None:
    ref = complain(either, 1)
    with pytest.raises(UsageError, match="there is no"):
        batch.do(either, BatchAction(action), [ref], value, ANNA)
    with pytest.raises(UsageError, match="1 to 200"):
        batch.do(either, BatchAction(action), [], value, ANNA)


# --- a case -----------------------------------------------------------------------------------------------------------


def test_a_case_has_the_conversation_as_it_was(either: LiveDoors) -> None:
    ref = complain(either, 1)
    deeds.note(either, ref, "She is right.", ANNA)
    complain(either, 2, says=QUESTION, In_Reply_To="<letter1@example.org>", subject="<script>alert(1)</script>")
    seen = case.view(either, ref, None)
    assert [type(one).__name__ for one in seen.moments].count("CaseMail") == 2
    assert [one.event.detail for one in seen.moments if type(one).__name__ == "CaseLine" and one.event.actor] == [
        "She is right."
    ]
    (sent,) = [one for one in seen.moments if type(one).__name__ == "CaseLetter"]
    assert sent.state is EffectState.INTENDED
    assert "Person 1" in sent.text or "parcel" in sent.subject
    assert all(one.whole for one in seen.mails)
    assert {one.mail.id: one.passages[0].text for one in seen.mails}[ref].startswith("Hello,\n\nparcel 1 was due")
    assert [one.left for one in seen.promises if one.left] != []
    assert seen.mark == deeds.mark_of(either, ref)
    assert [label.value for label in seen.labels] == ["delivery", "negative", "yes"]


def test_a_mail_without_a_ticket_is_a_case_too(either: LiveDoors) -> None:
    ref = complain(either, 1, says=QUESTION)
    seen = case.view(either, ref, None)
    assert (seen.ticket, [one.mail.id for one in seen.mails]) == (None, [ref])
    assert [one.promise.kind for one in seen.promises] == ["respond"]
    assert case.ref_of(either, ref) == ref
    with pytest.raises(NotFoundError):
        case.view(either, "AAAA-AAAA", None)


def test_a_mail_of_a_case_leads_to_the_case(either: LiveDoors) -> None:
    ref = complain(either, 1)
    later = complain(either, 2, says=QUESTION, In_Reply_To="<letter1@example.org>")
    assert case.ref_of(either, later) == ref


def test_similar_cases_are_those_in_like_words_the_solved_ones_first(either: LiveDoors) -> None:
    refs = [complain(either, number, sender=f"Person <p{number}@example.org>") for number in (1, 2, 3)]
    either.board.set_status(refs[1], TicketStatus.RESOLVED, ANNA, NOON)
    similar = case.view(either, refs[0], None).similar
    assert [one.ref for one in similar] == [refs[1], refs[2]]
    assert all(0 < one.alike <= 1 for one in similar)


def test_of_a_very_long_conversation_the_newest_is_shown(either: LiveDoors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case, "SHOWN", 2)
    ref = complain(either, 1)
    for number in (2, 3):
        either.clock.pass_by(HOUR)  # type: ignore[attr-defined]
        complain(either, number, says=QUESTION, In_Reply_To="<letter1@example.org>")
    seen = case.view(either, ref, None)
    assert (len(seen.mails), seen.earlier) == (2, 1)
    assert ref not in [one.mail.id for one in seen.mails]


def test_where_nothing_is_kept_of_a_mail_its_words_are_shown(either: LiveDoors) -> None:
    ref = complain(either, 1)
    with either.database.writing() as connection:
        connection.execute(text("delete from raw"))
    (only,) = case.view(either, ref, None).mails
    assert not only.whole
    assert "parcel 1 was due" in only.passages[0].text


# --- a mail of its own ------------------------------------------------------------------------------------------------


def test_a_person_makes_a_case_of_a_mail_with_what_its_topic_prepares(either: LiveDoors) -> None:
    ref = complain(either, 1, says=QUESTION)
    later = complain(either, 2, says=QUESTION, In_Reply_To="<letter1@example.org>")
    deeds.open_case(either, ref, "delivery", ANNA, complaint=True)
    ticket = either.board.show(ref)
    assert (ticket.owner, ticket.topic, ticket.complaint) == ("logistics@example.com", "delivery", True)
    assert set(ticket.mails) == {ref, later}
    assert (ticket.customer, ticket.customer_name) == ("eve@example.org", "Eve")
    assert [promise.ticket for promise in either.promises.of_mail(ref)] == [ref]
    third = complain(either, 3, says=QUESTION, In_Reply_To="<letter2@example.org>")
    assert either.reading.mail(third).ticket == ref
    with pytest.raises(UsageError, match="belongs to a case"):
        deeds.open_case(either, ref, "delivery", ANNA, complaint=False)
    assert either.database.check() == []


@pytest.mark.parametrize("what", ["parked", "unknown topic", "nothing"])
def test_no_case_is_made_of_what_can_be_none(either: LiveDoors, what: str) -> None:
    ref = complain(either, 1, says=QUESTION, **({"to": "else@example.net"} if what == "parked" else {}))
    topic = "none" if what == "unknown topic" else "delivery"
    with pytest.raises((UsageError, NotFoundError)):
        deeds.open_case(either, "AAAA-AAAA" if what == "nothing" else ref, topic, ANNA, complaint=True)
    with pytest.raises(NotFoundError):
        either.board.show(ref)


def test_a_further_mail_is_named_by_itself_and_the_first_one_names_its_case(either: LiveDoors) -> None:
    ref = complain(either, 1)
    later = complain(either, 2, says=QUESTION, In_Reply_To="<letter1@example.org>")
    either.labels.reopen(later)
    deeds.name_mail(either, later, Correction(complaint=False), ANNA)
    mail = either.reading.mail(later)
    assert (mail.review, mail.labelled, either.board.show(ref).complaint) == (False, True, True)
    deeds.name_mail(either, ref, Correction(complaint=False), ANNA)
    assert either.board.show(ref).complaint is False
    with pytest.raises(UsageError, match="nothing is said"):
        deeds.name_mail(either, later, Correction(), ANNA)
    with pytest.raises(UsageError, match="no topic"):
        deeds.name_mail(either, later, Correction(topic="none"), ANNA)


def test_what_was_answered_by_telephone_keeps_its_promise(either: LiveDoors) -> None:
    ref = complain(either, 1, says=QUESTION)
    deeds.answered(either, ref, ANNA)
    assert [(promise.state, promise.kept_by) for promise in either.promises.of_mail(ref)] == [("kept", ANNA)]
