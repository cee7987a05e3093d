"""A decision becomes effects: what is sent, marked and filed."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipeline.decide.effects import acknowledgement, filings, mark
from pipeline.decide.words import in_words
from pipeline.records.decision import Decision, Judged
from pipeline.records.filing import FilingAction
from pipeline.records.letter import Article
from pipeline.records.mail import Location
from pipeline.records.payload import AcknowledgementPayload
from pipeline.records.thread import Role, Thread
from pipeline.records.ticket import Priority, TicketAction, TicketFacts, TicketStatus
from pipeline.records.verdict import Verdict, VerdictKind
from tests.samples import EVE, HELSINKI, NOON, labels, mail, raw_mail

OPEN, UPDATE, NOTE, NONE = TicketAction.OPEN, TicketAction.UPDATE, TicketAction.NOTE, TicketAction.NONE


def judged(
    *,
    status: TicketStatus | None = None,
    tracker: str = "github",
    kind: VerdictKind = VerdictKind.ANSWER,
    role: Role = Role.CUSTOMER,
    robot: bool = False,
    **decision: Any,
) -> Judged:
    """Eve's mail; `status`: of the ticket that its conversation has already."""
    ticket = None
    if status:
        ticket = TicketFacts(ref="BBBB-0001", status=status, participants=(EVE.folded,), tracker=tracker)
    return Judged(
        id="AAAA-0001",
        raw=raw_mail(),
        mail=mail(references=tuple(f"<{number}@example.org>" for number in range(30))),
        thread=Thread(ref="AAAA-0001", new=ticket is None, ticket=ticket, role=role),
        verdict=Verdict(kind=kind, reasons=(), rules=(), customer=EVE, robot=robot),
        labels=labels(),
        decision=Decision(**{"acknowledge": True, "template": "delivery", "tracker": tracker, **decision}),
        effects=(),
    )


def test_an_acknowledgement_carries_all_that_its_letter_needs() -> None:
    page = Article(name="track", language="en", title="Track it", link="https://www.example.com")
    effect = acknowledgement(judged(topic="delivery"), "<a@x>", "de", HELSINKI, NOON, [page])
    letter = effect.letter
    assert (effect.key, effect.recipient, effect.message_id) == ("AAAA-0001:acknowledge", EVE.email, "<a@x>")
    assert (letter.template, letter.language, letter.topic, letter.ref) == ("delivery", "en", "delivery", "AAAA-0001")
    assert (letter.name, letter.decided, letter.mailbox) == (EVE.name, NOON, "support")
    assert len(letter.references) == 20  # the newest: a long conversation would fill the header


@pytest.mark.parametrize(("zone", "named"), [("Europe/Helsinki", True), ("UTC", False), ("Africa/Abidjan", False)])
def test_the_zone_is_named_where_the_customers_clock_shows_another_time(zone: str, named: bool) -> None:
    letter = acknowledgement(judged(), "<a@x>", "de", ZoneInfo(zone), NOON).letter
    assert letter.names_zone is named


@pytest.mark.parametrize(
    ("action", "ref"), [(UPDATE, "BBBB-0001"), (NOTE, "BBBB-0001"), (OPEN, "AAAA-0001"), (NONE, "AAAA-0001")]
)
def test_the_link_shows_the_ticket_where_the_mail_belongs_to_one(action: TicketAction, ref: str) -> None:
    letter = acknowledgement(judged(status=TicketStatus.OPEN, ticket=action), "<a@x>", "de", HELSINKI, NOON).letter
    assert isinstance(letter, AcknowledgementPayload)
    assert (letter.ref, letter.status_of) == ("AAAA-0001", ref)


def test_who_is_not_the_customer_gets_no_link() -> None:
    one = judged(status=TicketStatus.OPEN, ticket=NOTE, role=Role.OTHER)
    letter = acknowledgement(one, "<a@x>", "de", HELSINKI, NOON).letter
    assert isinstance(letter, AcknowledgementPayload)
    assert letter.status_of == ""


def test_a_mark_is_named_by_its_place() -> None:
    place = Location(mailbox="support", uidvalidity=7, uid=3)
    assert mark("AAAA-0001", place).key == "AAAA-0001:mark:support:7:3"


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (judged(ticket=NONE), []),
        (judged(ticket=OPEN, tracker="board"), []),
        (judged(ticket=OPEN), [(FilingAction.OPEN, None)]),
        (judged(ticket=NOTE, status=TicketStatus.OPEN, robot=True), []),  # a tracker would talk with itself
        (judged(ticket=NOTE, status=TicketStatus.RESOLVED), [(FilingAction.COMMENT, None)]),  # somebody else's
        (judged(ticket=UPDATE, status=TicketStatus.OPEN, tracker="board"), []),
        (judged(ticket=UPDATE, status=TicketStatus.OPEN), [(FilingAction.COMMENT, None)]),
        (
            judged(ticket=UPDATE, status=TicketStatus.RESOLVED),
            [(FilingAction.COMMENT, None), (FilingAction.UPDATE, TicketStatus.OPEN)],
        ),
        (judged(ticket=UPDATE, status=TicketStatus.WAITING, asks_news=True), [(FilingAction.COMMENT, None)]),
        (
            judged(ticket=UPDATE, status=TicketStatus.OPEN, priority=Priority.HIGH),
            [(FilingAction.COMMENT, None), (FilingAction.UPDATE, None)],
        ),
    ],
)
def test_what_an_outside_tracker_is_told(one: Judged, told: list[tuple[FilingAction, TicketStatus | None]]) -> None:
    assert [(effect.filing.action, effect.filing.status) for effect in filings(one)] == told


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (judged(), "acknowledge (delivery)"),
        (judged(ticket=OPEN, to_check=True), "acknowledge (delivery), open ticket, to check"),
        (judged(acknowledge=False, kind=VerdictKind.PARK), "park"),
        (judged(acknowledge=False, recorded=True), "record only"),
        (judged(acknowledge=False, ticket=NOTE), "no answer, note on ticket"),
        (judged(acknowledge=False, ticket=UPDATE), "no answer, update ticket"),
    ],
)
def test_what_happens_with_a_mail_in_a_few_words(one: Judged, words: str) -> None:
    assert in_words(one) == words
