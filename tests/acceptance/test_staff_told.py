"""Staff are told: new complaints at once, answers that are due, the morning digest, and what is not well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.desk.alarm import Alarm
from pipeline.engine.jobs import staff
from pipeline.records.ticket import TicketStatus
from pipeline.replies.letters import TemplateLetters
from pipeline.store.database import Database
from pipeline.wiring.live_doors import build
from tests.acceptance.test_promises import HOUR, Desk, Post, letters  # noqa: F401  (a fixture)
from tests.desk import letter
from tests.doors.test_given import settings
from tests.doors.test_route import Fixed, take
from tests.samples import NOON, labels

TOPICS = {"delivery": {"owner": "logistics@example.com"}, "billing": {}, "account": {"owner": "support@example.com"}}
FOLLOW_UP = {"staff": ["lead@example.com"]}


@pytest.fixture
def desk(database: Database, tmp_path: Any, letters: TemplateLetters) -> Iterator[Desk]:  # noqa: F811
    more = {"topics": TOPICS, "follow_up": FOLLOW_UP, "health": {"tell": ["ops@example.com"]}}
    made = build(check(settings({"url": database.url}) | more, tmp_path / "config.toml"), FakeClock(NOON))
    made.letters = letters
    found = Desk(made, Post())
    made.outbox = lambda: found.post  # type: ignore[assignment, method-assign]
    yield found
    made.close()


def comes(desk: Desk, number: int, **says: Any) -> str:
    raw = letter(number, f"Eve {number} <eve{number}@example.org>")
    ref: str = take(desk.doors.route(Fixed(labels(**says))), raw, first=number)[0].id
    return ref


def told(desk: Desk, work: Callable[[Any], object], span: timedelta = timedelta(0)) -> list[tuple[str, EmailMessage]]:
    desk.doors.clock.pass_by(span)  # type: ignore[attr-defined]
    before = len(desk.post.sent)
    work(desk.doors)
    sent = desk.post.sent[before:]
    return [(one.recipient, message_from_bytes(one.data, policy=policy.default)) for one in sent]  # type: ignore[misc]


# --- new complaints ---------------------------------------------------------------------------------------------------


def test_the_owner_hears_of_a_new_complaint_once_with_the_words_and_the_promise(desk: Desk) -> None:
    ref = comes(desk, 1, complaint=True)
    ((whom, mail),) = told(desk, staff.tell_of_complaints)
    text = mail.get_content()
    assert whom == "logistics@example.com"
    assert ref in mail["Subject"]
    assert "| parcel 1 was due on Tuesday. Where is it?" in text
    assert "The customer was promised an answer by Thu 19 Nov 14:00 EET" in text
    assert f"firstline ticket show {ref}" in text
    assert mail["Auto-Submitted"] == "auto-generated"
    assert told(desk, staff.tell_of_complaints) == []
    assert "logistics@example.com: told of the complaint" in [one.detail for one in desk.doors.board.show(ref).events]


def test_many_complaints_make_one_mail_a_person(desk: Desk) -> None:
    refs = [comes(desk, number, complaint=True) for number in range(1, 26)]
    ((whom, mail),) = told(desk, staff.tell_of_complaints)
    assert whom == "logistics@example.com"
    assert mail["Subject"].startswith("25 new complaints")
    assert all(ref in mail.get_content() for ref in refs)


@pytest.mark.parametrize("topic", ["billing", "account"])
def test_without_an_owner_who_can_be_written_to_staff_are_told(desk: Desk, topic: str) -> None:
    """Nor is anything sent to an address of our own: it would come back as mail."""
    comes(desk, 1, topic=topic, complaint=True)
    assert [whom for whom, _ in told(desk, staff.tell_of_complaints)] == ["lead@example.com"]


def test_questions_and_what_is_over_are_not_told(desk: Desk) -> None:
    comes(desk, 1)
    ref = comes(desk, 2, complaint=True)
    desk.doors.board.close_silently(ref, "anna", NOON)
    assert told(desk, staff.tell_of_complaints) == []


def test_while_the_server_is_away_it_is_shown_and_tried_again(desk: Desk) -> None:
    comes(desk, 1, complaint=True)
    desk.post.away = True
    assert told(desk, staff.tell_of_complaints) == []
    assert desk.doors.reading.passes()[staff.COMPLAINTS].error
    desk.post.away = False
    assert len(told(desk, staff.tell_of_complaints)) == 1
    assert desk.doors.reading.passes()[staff.COMPLAINTS].error == ""


# --- promises without a ticket ----------------------------------------------------------------------------------------


def states(desk: Desk) -> list[str]:
    return sorted(one.state for ref in _mails(desk) for one in desk.doors.promises.of_mail(ref))


def _mails(desk: Desk) -> list[str]:
    return [one.id for one in desk.doors.reading.mails()]


def test_an_answer_to_a_mail_without_a_ticket_is_watched(desk: Desk) -> None:
    ref = comes(desk, 1)
    assert told(desk, staff.tell_of_promises, 2 * HOUR) == []
    ((whom, mail),) = told(desk, staff.tell_of_promises, 20 * HOUR)
    assert whom == "logistics@example.com"
    assert ref in mail.get_content()
    assert told(desk, staff.tell_of_promises) == []
    assert states(desk) == ["open"]
    ((_, late),) = told(desk, staff.tell_of_promises, 48 * HOUR)
    assert late["Subject"] == "1 answer due to customers, 1 of them late"
    assert states(desk) == ["broken"]
    assert told(desk, staff.tell_of_promises) == []


def test_who_says_that_it_is_answered_keeps_the_promise(desk: Desk) -> None:
    ref = comes(desk, 1)
    assert [one.promise.mail_id for one in desk.doors.promises.open_ones()] == [ref]
    desk.doors.promises.answered(ref, "anna", NOON + HOUR)
    assert states(desk) == ["kept"]
    ((kept),) = desk.doors.promises.of_mail(ref)
    assert (kept.kept, kept.kept_by) == (NOON + HOUR, "anna")
    assert desk.doors.promises.open_ones() == []


def test_it_breaks_also_when_nobody_can_be_told(desk: Desk) -> None:
    comes(desk, 1)
    desk.post.away = True
    told(desk, staff.tell_of_promises, 96 * HOUR)
    assert states(desk) == ["broken"]


def test_a_renewal_does_not_hide_that_the_first_time_is_over(desk: Desk) -> None:
    ref = comes(desk, 1, complaint=True)
    desk.go_on()
    desk.go_on(23 * HOUR)
    (one,) = [one for one in desk.doors.promises.open_ones() if one.promise.kind == "respond"]
    assert one.promise.number == 1
    assert one.first_due < one.promise.due
    assert desk.states(ref)["respond 0"] == "renewed"


# --- closing silently -------------------------------------------------------------------------------------------------


def test_spam_is_closed_without_a_word_and_without_a_survey(desk: Desk) -> None:
    ref = comes(desk, 1, complaint=True)
    desk.go_on()
    desk.doors.board.close_silently(ref, "anna", NOON)
    assert desk.go_on(100 * HOUR) == []
    assert set(desk.states(ref).values()) == {"dropped"}
    assert desk.doors.board.show(ref).status is TicketStatus.CLOSED
    since = NOON - 100 * HOUR
    assert desk.doors.surveys.askable(resolved_since=since, asked_since=since, bounced_since=since) == []


# --- the digest and the alarm -----------------------------------------------------------------------------------------


def test_the_digest_counts_what_waits(desk: Desk) -> None:
    comes(desk, 1, complaint=True)
    comes(desk, 2, sure=False)
    ((whom, mail),) = told(desk, staff.send_digest, 96 * HOUR)
    assert whom == "lead@example.com"
    assert mail["Subject"] == "This morning: 1 complaint open, 2 promises late"
    assert "Open complaints: 1 logistics@example.com" in mail.get_content()
    assert "To review (the machine was unsure): 1:" in mail.get_content()


def test_the_alarm_is_told_once_when_it_lasts_and_when_it_is_well_again(desk: Desk) -> None:
    alarm = Alarm(desk.doors)

    def look(_doors: object) -> None:
        alarm.look()

    assert told(desk, look) == []  # it may pass by itself
    ((whom, mail),) = told(desk, look, timedelta(minutes=4))
    assert whom == "ops@example.com"
    assert mail["Subject"].startswith("Firstline needs a person: ")
    assert "there is no model" in mail.get_content()
    assert told(desk, look, timedelta(minutes=9)) == []
    again = Alarm(desk.doors)  # after a restart
    assert told(desk, lambda _: again.look(), timedelta(minutes=9)) == []


def test_the_alarm_ends_when_all_is_well(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    document: dict[str, Any] = {"healthy": False, "problems": [{"what": "no disk", "remedy": "buy one", "since": None}]}
    monkeypatch.setattr("pipeline.desk.alarm.health", lambda _doors: document)
    alarm = Alarm(desk.doors)
    assert len(told(desk, lambda _: alarm.look(settled=timedelta(0)))) == 1
    document["healthy"] = True
    ((_, mail),) = told(desk, lambda _: alarm.look(settled=timedelta(0)))
    assert mail["Subject"] == "Firstline is well again"
    assert told(desk, lambda _: alarm.look(settled=timedelta(0))) == []
