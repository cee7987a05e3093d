"""What an acknowledgement gives: promised times, grants, articles; recorded once, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.records.effect import EffectKind
from pipeline.records.labels import Label, Labels
from pipeline.records.ticket import OfferedGrant, TicketStatus
from pipeline.replies.letters import TemplateLetters
from pipeline.route import Route
from pipeline.store.database import Database
from pipeline.wiring.live_doors import LiveDoors, build
from tests.desk import ROOT, letter
from tests.doors.test_route import CURSOR, Fixed, take
from tests.samples import NOON, labels, table

QUESTION, COMPLAINT = labels(), labels(complaint=True)
SUSPECTED = labels(complaint=Label(value="true", confidence=0.7, sure=False), complaint_suspected=True)
YEAR = timedelta(days=365)
EVE, BOB = "Eve <eve@example.org>", "Bob <bob@example.org>"


def settings(store: dict[str, str], **changes: Any) -> dict[str, Any]:
    document = table(
        store=store,
        replies={"templates": str(ROOT / "templates"), "company": "Example Ltd"},
        grants={
            "voucher": {"title": {"en": "a 10 € voucher"}, "per_customer": "1 per 365d"},
            "shipping": {"title": {"en": "free shipping"}, "per_customer": "2 per 30d"},
        },
        calendar={"timezone": "Europe/Helsinki", "hours": "Mon-Fri 09:00-17:00"},
    )
    document["topics"]["delivery"] |= {"respond_within": "4h", "resolve_within": "16h", "may_grant": ["voucher"]}
    document["topics"]["delivery"] |= changes
    document["mailbox"]["support"]["max_age"] = "3650d"
    return document


@pytest.fixture(scope="module")
def letters() -> TemplateLetters:
    """Checked once for all tests."""
    return build(check(settings({}), ROOT / "config.toml"), FakeClock(NOON)).letters


@pytest.fixture
def doors(tmp_path: Path, letters: TemplateLetters) -> Iterator[LiveDoors]:
    made = build(check(settings({}), tmp_path / "config.toml"), FakeClock(NOON))
    made.letters = letters
    yield made
    made.close()


@pytest.fixture
def either(database: Database, tmp_path: Path, letters: TemplateLetters) -> Iterator[LiveDoors]:
    """On SQLite and on PostgreSQL."""
    made = build(check(settings({"url": database.url}), tmp_path / "config.toml"), FakeClock(NOON))
    made.letters = letters
    yield made
    made.close()


def route_of(doors: LiveDoors, says: Labels) -> Route:
    return doors.route(Fixed(says))


def grants_of(doors: LiveDoors, ref: str) -> list[str]:
    return [grant.name for grant in doors.board.show(ref).grants]


def body(doors: LiveDoors, route: Route, mail_id: str) -> str:
    (effect,) = [one for one in doors.effects.of_mail(mail_id) if one.kind is EffectKind.ACKNOWLEDGE]
    rendered = route.writer.letter(effect, doors.clock.now())
    assert rendered is not None
    assert rendered.problem == ""
    return rendered.text


# --- promises ---------------------------------------------------------------------------------------------------------


def test_a_letter_to_a_complaint_promises_both_times_and_they_are_open(either: LiveDoors) -> None:
    (judged,) = take(route_of(either, COMPLAINT), letter(1))
    respond, resolve = either.given.promises(judged.id)
    assert (respond.kind, respond.ticket, respond.state) == ("respond", judged.id, "open")
    assert (respond.given, respond.kept) == (NOON, None)
    assert respond.due == NOON + timedelta(hours=20)  # 14:00 in Helsinki: three hours today, one tomorrow
    assert resolve.kind == "resolve"
    assert resolve.due > respond.due


def test_a_question_gets_one_promise_that_belongs_to_no_ticket(doors: LiveDoors) -> None:
    (judged,) = take(route_of(doors, QUESTION), letter(1))
    assert [(one.kind, one.ticket) for one in doors.given.promises(judged.id)] == [("respond", "")]


def test_what_is_promised_is_to_the_minute_what_the_letter_says(doors: LiveDoors) -> None:
    doors.clock.pass_by(timedelta(seconds=59, microseconds=7))  # type: ignore[attr-defined]
    route = route_of(doors, COMPLAINT)
    (judged,) = take(route, letter(1))
    due = doors.given.promises(judged.id)[0].due
    assert (due.second, due.microsecond) == (0, 0)
    assert "Thursday, 19 November, 10:00" in body(doors, route, judged.id)


@pytest.mark.parametrize("robot", [True, False])
def test_nobody_who_is_not_written_to_is_promised_anything(doors: LiveDoors, robot: bool) -> None:
    route = route_of(doors, COMPLAINT)
    first = take(route, letter(1))
    headers = {"Auto_Submitted": "auto-replied"} if robot else {"In_Reply_To": "<letter1@example.org>"}
    again = letter(2, sender="Person 1 <person1@example.org>", message_id="<second@x>", **headers)
    (judged,) = take(route, again, first=2)
    assert not judged.decision.acknowledge
    assert doors.given.promises(judged.id) == []
    assert len(doors.given.promises(first[0].id)) == 2


def test_without_an_outgoing_server_nothing_is_promised(tmp_path: Path) -> None:
    document = settings({})
    del document["smtp"]
    silent = build(check(document, tmp_path / "config.toml"), FakeClock(NOON))
    (judged,) = take(route_of(silent, COMPLAINT), letter(1))
    assert silent.given.promises(judged.id) == []
    assert grants_of(silent, judged.id) == []
    silent.close()


# --- grants -----------------------------------------------------------------------------------------------------------


def test_a_complaint_is_offered_a_grant_and_the_ticket_says_so(either: LiveDoors) -> None:
    route = route_of(either, COMPLAINT)
    (judged,) = take(route, letter(1))
    assert "a 10 € voucher" in body(either, route, judged.id)
    ticket = either.board.show(judged.id)
    assert ticket.grants == (OfferedGrant(name="voucher", mail_id=judged.id, at=NOON),)
    assert [(event.kind, event.detail) for event in ticket.events][1:] == [
        ("offered", "voucher: offered in the acknowledgement, to be honoured")
    ]


@pytest.mark.parametrize("says", [QUESTION, SUSPECTED, labels(complaint=True, topic="")])
def test_only_a_sure_complaint_about_a_sure_topic_is_offered_anything(doors: LiveDoors, says: Labels) -> None:
    route = route_of(doors, says)
    (judged,) = take(route, letter(1))
    assert judged.decision.grants == ()
    assert "voucher" not in body(doors, route, judged.id)


def test_a_customer_is_offered_it_once_within_the_same_batch(doors: LiveDoors) -> None:
    mails = [letter(1, EVE), letter(2, "E. Miller <Eve+shop@example.org>"), letter(3, BOB)]
    assert [one.decision.grants for one in take(route_of(doors, COMPLAINT), *mails)] == [("voucher",), (), ("voucher",)]


def test_the_limit_holds_over_batches_and_restarts_until_its_period_is_over(either: LiveDoors, tmp_path: Path) -> None:
    take(route_of(either, COMPLAINT), letter(1, EVE))
    again = build(either.config, FakeClock(NOON + YEAR - timedelta(seconds=1)))
    (early,) = take(route_of(again, COMPLAINT), letter(2, EVE), first=2)
    again.close()
    later = build(either.config, FakeClock(NOON + YEAR))
    (due,) = take(route_of(later, COMPLAINT), letter(3, EVE), first=3)
    later.close()
    assert (early.decision.grants, due.decision.grants) == ((), ("voucher",))


def test_the_next_grant_is_offered_where_the_first_was_had(tmp_path: Path) -> None:
    document = settings({}, may_grant=["voucher", "shipping"])
    doors = build(check(document, tmp_path / "config.toml"), FakeClock(NOON))
    mails = [letter(number, EVE) for number in range(1, 6)]
    offered = [one.decision.grants for one in take(route_of(doors, COMPLAINT), *mails)]
    assert offered == [("voucher",), ("shipping",), ("shipping",), (), ()]
    doors.close()


def test_recording_or_judging_the_same_mail_again_offers_nothing_more(either: LiveDoors) -> None:
    route = route_of(either, COMPLAINT)
    judged = take(route, letter(1, EVE))
    either.ledger.record(judged, [], CURSOR, NOON)
    assert grants_of(either, judged[0].id) == ["voucher"]
    assert len(either.given.promises(judged[0].id)) == 2
    raw = either.reading.raw(judged[0].id)
    again = route.again(judged[0].id, raw, judged[0].mail, release=False, now=NOON)
    assert again.decision.grants == ("voucher",)  # as it was found then, not counted against itself


# --- articles ---------------------------------------------------------------------------------------------------------


def question(number: int) -> bytes:
    return letter(number, subject=f"When will parcel {number} arrive? Where is it?")


def test_a_question_is_offered_a_page_in_its_letter_and_the_offer_is_counted(doors: LiveDoors) -> None:
    route = route_of(doors, QUESTION)
    (judged,) = take(route, question(1))
    assert "How to follow your parcel\nhttps://www.example.com/help/track-your-parcel" in body(doors, route, judged.id)
    assert doors.given.article_offers() == {("en", "track-your-parcel"): (1, 0)}


PRAISE = labels(sentiment=Label(value="positive", confidence=0.9, sure=True))


@pytest.mark.parametrize("says", [COMPLAINT, SUSPECTED, PRAISE, Labels()])
def test_no_page_is_offered_to_who_may_complain_or_asks_nothing(doors: LiveDoors, says: Labels) -> None:
    route = route_of(doors, says)
    (judged,) = take(route, question(1))
    assert "example.com/help" not in body(doors, route, judged.id)
    assert doors.given.article_offers() == {}


def test_a_page_named_for_the_topic_is_offered_to_every_question_of_it(tmp_path: Path) -> None:
    document = settings({}, articles=["ways-to-pay", "no-such-page"])
    doors = build(check(document, tmp_path / "config.toml"), FakeClock(NOON))
    take(route_of(doors, QUESTION), question(1))
    assert set(doors.given.article_offers()) == {("en", "track-your-parcel"), ("en", "ways-to-pay")}
    doors.close()


def reply(number: int, **headers: str) -> bytes:
    return letter(number, "Person 1 <person1@example.org>", In_Reply_To="<letter1@example.org>", **headers)


def test_who_writes_again_in_the_thread_was_not_helped(either: LiveDoors) -> None:
    route = route_of(either, QUESTION)
    take(route, question(1), question(2))
    take(route, reply(3, Auto_Submitted="auto-replied"), first=3)  # an out-of-office reply is no question
    assert either.given.article_offers() == {("en", "track-your-parcel"): (2, 0)}
    take(route, reply(4), first=4)
    take(route, reply(5), first=5)
    assert either.given.article_offers() == {("en", "track-your-parcel"): (2, 1)}


def test_an_answer_in_the_same_batch_counts_too(doors: LiveDoors) -> None:
    take(route_of(doors, QUESTION), question(1), reply(2))
    assert doors.given.article_offers() == {("en", "track-your-parcel"): (1, 1)}


def test_a_ticket_that_is_closed_keeps_what_was_offered(doors: LiveDoors) -> None:
    (judged,) = take(route_of(doors, COMPLAINT), letter(1))
    doors.board.set_status(judged.id, TicketStatus.CLOSED, "anna", NOON)
    assert grants_of(doors, judged.id) == ["voucher"]
