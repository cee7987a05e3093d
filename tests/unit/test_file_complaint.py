"""What an outside tracker is told of a complaint, how urgent it is, and when something is told: tables."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from pipeline.config.trackers import TrackerConfig
from pipeline.config.values import Secret
from pipeline.decide import decide
from pipeline.decide.priority import higher, raised
from pipeline.decide.situation import Situation
from pipeline.errors import ConfigError
from pipeline.file_complaint import change, filing, follow_up, note
from pipeline.guard import judge
from pipeline.parse import message
from pipeline.records.decision import Decision
from pipeline.records.filing import Change, FilingAction
from pipeline.records.labels import Label, Labels
from pipeline.records.ledger import LedgerMail
from pipeline.records.mail import Attachment
from pipeline.records.payload import FilingPayload
from pipeline.records.thread import Thread, ThreadKeys
from pipeline.records.ticket import Priority, Ticket, TicketAction, TicketEvent, TicketFacts, TicketStatus
from tests.samples import NOON, config, history, labels, ledger_mail, mail, surroundings, ticket

TRACKER = {"kind": "github", "url": "https://github.com", "project": "acme/support", "token": {"env": "T"}}
PERSONAL = ("Eve", "Miller", "eve@example.org", "+49 170 1234567", "DE89 3704 0044 0532 0130 00")
WORDS = "I am Eve Miller, call +49 170 1234567 or eve@example.org.\nPay DE89 3704 0044 0532 0130 00.\n@alice /close"


def settings(**more: Any) -> TrackerConfig:
    return TrackerConfig(**{**TRACKER, "token": Secret(env="T"), **more})


def a_ticket(**changes: Any) -> Ticket:
    return ticket(**{"checklist": ("ask the carrier", "tell the customer"), **changes})


def a_mail(**changes: Any) -> LedgerMail:
    files = (Attachment(name="eve.png", content_type="image/png", size=5),)
    return ledger_mail(**{"text": WORDS, "attachments": files, **changes})


def a_note() -> TicketEvent:
    return TicketEvent(id=1, at=NOON, kind="comment", actor="anna", mail_id="", detail=WORDS, public=False)


# --- priority ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "negative", "repeated", "overdue", "found"),
    [
        ("normal", False, False, False, "normal"),
        ("normal", True, False, False, "high"),
        ("normal", False, True, False, "high"),
        ("normal", False, False, True, "high"),
        ("normal", True, True, False, "urgent"),
        ("low", True, False, False, "normal"),
        ("low", True, True, True, "urgent"),
        ("urgent", True, True, True, "urgent"),
    ],
)
def test_each_thing_that_makes_it_worse_raises_the_priority_a_step(
    base: str, negative: bool, repeated: bool, overdue: bool, found: str
) -> None:
    assert raised(Priority(base), negative=negative, repeated=repeated, overdue=overdue) == found


def test_the_higher_of_two_is_the_more_urgent_one() -> None:
    order = list(Priority)
    for one, other in product(order, order):
        assert higher(one, other) is order[max(order.index(one), order.index(other))]


def decided(
    says: Labels, ticket: TicketFacts | None = None, complaints: int = 0, now: Any = NOON, **tables: Any
) -> Decision:
    found = Thread(ref="AAAA-0001", new=ticket is None, ticket=ticket)
    letter = mail()
    verdict = judge.judge(letter, surroundings(), ThreadKeys(), history())
    settings = config(**tables)
    situation = Situation(
        mail=letter, verdict=verdict, labels=says, thread=found, config=settings, now=now, complaints=complaints
    )
    return decide.decide(situation)


def facts(**changes: Any) -> TicketFacts:
    values: dict[str, Any] = {"ref": "AAAA-0001", "status": TicketStatus.OPEN, "participants": ("eve@example.org",)}
    return TicketFacts(**{**values, "tracker": "github", **changes})


def test_the_priority_of_a_new_ticket() -> None:
    calm = Label(value="neutral", confidence=0.9, sure=True)
    unsure = Label(value="negative", confidence=0.4, sure=False)
    topics = {"delivery": {"priority": "low"}}
    assert decided(labels(complaint=True)).priority == "high"
    assert decided(labels(complaint=True, sentiment=calm)).priority == "normal"
    assert decided(labels(complaint=True, sentiment=unsure)).priority == "normal"
    assert decided(labels(complaint=True, sentiment=calm), complaints=1).priority == "high"
    assert decided(labels(complaint=False, sentiment=calm), complaints=1).priority == "normal"
    assert decided(labels(complaint=True, sentiment=calm), topics=topics).priority == "low"


def test_a_further_mail_raises_the_priority_of_its_ticket_and_never_lowers_it() -> None:
    calm = Label(value="neutral", confidence=0.9, sure=True)
    thanks, again = labels(complaint=False, sentiment=calm), labels(complaint=True, sentiment=calm)
    assert decided(thanks, facts()).priority == "normal"
    assert decided(thanks, facts(priority=Priority.URGENT)).priority == "urgent"
    assert decided(again, facts()).priority == "high"
    assert decided(thanks, facts(respond_by=NOON - timedelta(hours=1))).priority == "high"  # a promise was broken
    assert decided(thanks, facts(respond_by=NOON + timedelta(hours=1))).priority == "normal"


@pytest.mark.parametrize(
    ("status", "on_closed", "action"),
    [
        ("open", "reopen", TicketAction.UPDATE),
        ("resolved", "reopen", TicketAction.UPDATE),
        ("closed", "reopen", TicketAction.OPEN),
        ("open", "linked", TicketAction.UPDATE),
        ("resolved", "linked", TicketAction.OPEN),
        ("closed", "linked", TicketAction.OPEN),
    ],
)
def test_who_writes_to_a_closed_ticket_reopens_it_or_opens_a_linked_one(
    status: str, on_closed: str, action: TicketAction
) -> None:
    tracker = {**TRACKER, "on_closed": on_closed}
    assert decided(labels(), facts(status=TicketStatus(status)), tracker=tracker).ticket is action


# --- which tracker ----------------------------------------------------------------------------------------------------

OTHER = {"kind": "webhook", "url": "https://hooks.example.com/x", "token": {"env": "T"}}


@pytest.mark.parametrize(
    ("tables", "name"),
    [
        ({}, "board"),
        ({"tracker": TRACKER}, "github"),
        ({"tracker": TRACKER, "topics": {"delivery": {"tracker": "board"}}}, "board"),
        ({"tracker": TRACKER, "trackers": {"hook": OTHER}, "topics": {"delivery": {"tracker": "hook"}}}, "hook"),
        ({"trackers": {"hook": OTHER}, "topics": {"delivery": {"tracker": "hook"}}}, "hook"),
        ({"trackers": {"own": {"kind": "board"}}, "topics": {"delivery": {"tracker": "own"}}}, "board"),
    ],
)
def test_the_prepared_situation_says_where_a_ticket_is_filed(tables: dict[str, Any], name: str) -> None:
    assert decided(labels(complaint=True), **tables).tracker == name


def test_the_prepared_situation_says_how_it_is_filed_and_resolved() -> None:
    delivery = {"project": "acme/parcels", "labels": ["parcel"], "checklist": ["ask the carrier"]}
    found = decided(labels(complaint=True), topics={"delivery": delivery})
    assert (found.project, found.labels, found.checklist) == ("acme/parcels", ("parcel",), ("ask the carrier",))


def test_a_tracker_that_is_not_configured_is_refused_with_those_that_are() -> None:
    topics = {"delivery": {"tracker": "hok"}}
    with pytest.raises(ConfigError, match=r'\[topics.delivery\] tracker: there is no \[trackers.hok\]; one of "board"'):
        config(trackers={"hook": OTHER}, topics=topics)
    with pytest.raises(ConfigError, match="another name"):
        config(trackers={"board": OTHER})


def test_files_go_along_only_where_everything_does() -> None:
    with pytest.raises(ConfigError, match="everything"):
        config(tracker={**TRACKER, "attachments": True})
    assert config(tracker={**TRACKER, "attachments": True, "share": "everything"}).tracker.attachments


# --- what is told -----------------------------------------------------------------------------------------------------


def test_nothing_of_the_mail_goes_along_when_nothing_is_shared() -> None:
    told = filing(a_ticket(), a_mail(), settings(share="nothing"), "UTC")
    assert told.title == "Complaint about delivery (7K3M-9QTX)"
    assert told.text == (
        "Reference: 7K3M-9QTX\nTopic: delivery\nPriority: high\n\n"
        "To resolve it:\n[ ] ask the carrier\n[ ] tell the customer\n\n"
        "The whole of it: firstline ticket show 7K3M-9QTX"
    )
    again = follow_up("7K3M-9QTX:comment", a_ticket(), a_mail(), settings(share="nothing"))
    assert again.text == "The customer wrote again. The whole of it: firstline ticket show 7K3M-9QTX"
    added = note("x", a_note(), a_mail(), settings(share="nothing"))
    assert not any(one in added.text for one in PERSONAL)


def test_who_is_not_the_customer_is_said_to_be_somebody_else() -> None:
    mallorys = a_mail(sender="mallory@example.net", sender_name="Mallory", customer="mallory@example.net", text="Hi")
    told = follow_up("x", a_ticket(), mallorys, settings(share="everything")).text
    assert told == "Mallory <mallory@example.net> wrote, who is not the customer:\n\n> Hi"
    assert (
        follow_up("x", a_ticket(), mallorys, settings()).text == "Somebody else wrote, who is not the customer:\n\n> Hi"
    )
    nothing = follow_up("x", a_ticket(), mallorys, settings(share="nothing")).text
    assert nothing.startswith("Somebody else wrote, who is not the customer.")


def test_no_name_no_address_and_no_number_goes_along_when_it_is_redacted() -> None:
    told = filing(a_ticket(), a_mail(), settings(), "Europe/Helsinki")
    again = follow_up("x", a_ticket(), a_mail(), settings())
    added = note("x", a_note(), a_mail(), settings())
    for text in (told.title, told.text, again.text, added.text):
        assert not any(one in text for one in PERSONAL), text
    assert told.title == "Where is <name>'s parcel?"
    assert "> I am <name>, call <phone> or <email>." in told.text
    assert "Answer promised by: 2026-11-18 14:00 (Europe/Helsinki)" in told.text
    assert "Attached to the mail: 1 file" in told.text
    assert "Responsible: logistics@example.com" in told.text
    assert "Language: en\nSentiment: negative" in told.text


def test_everything_goes_along_when_everything_is_shared() -> None:
    told = filing(a_ticket(), a_mail(), settings(share="everything"), "UTC")
    assert "Customer: Eve Miller <eve@example.org>" in told.text
    assert "Attached to the mail: eve.png" in told.text
    assert all(f"> {line}" in told.text for line in WORDS.splitlines())


def test_the_tracker_is_told_who_where_and_under_which_labels() -> None:
    mine = settings(owners={"logistics@example.com": "alice"}, labels=("complaint", "x"))
    told = filing(a_ticket(project="acme/other"), a_mail(), mine, "UTC", labels=("x", "parcel"))
    assert (told.owner, told.project, told.labels) == ("alice", "acme/other", ("complaint", "x", "parcel"))
    assert (told.key, told.priority) == ("firstline-7K3M9QTX", "high")
    assert "Responsible" not in told.text
    unknown = filing(a_ticket(owner="night@example.com"), a_mail(), mine, "UTC")
    assert unknown.owner == ""
    assert "Responsible: night@example.com" in unknown.text


def test_a_suspicion_is_called_one_and_an_earlier_ticket_is_pointed_to() -> None:
    earlier = ticket(ref="AAAA-0001", url="https://tracker.example.com/7")
    told = filing(a_ticket(to_check=True), a_mail(), settings(), "UTC", earlier=earlier)
    assert "What: Perhaps a complaint" in told.text
    assert "Goes on from: AAAA-0001 https://tracker.example.com/7" in told.text


@pytest.mark.parametrize(
    ("details", "told"),
    [
        ({"status": TicketStatus.RESOLVED}, Change(status=TicketStatus.RESOLVED)),
        ({"owner": "logistics@example.com"}, Change(owner="alice")),
        ({"owner": "unknown@example.com"}, Change()),
        ({"priority": Priority.URGENT}, Change(priority=Priority.URGENT)),
    ],
)
def test_a_change_on_our_board_in_the_words_of_the_tracker(details: dict, told: Change) -> None:
    assert (
        change(
            FilingPayload(action=FilingAction.UPDATE, **details), settings(owners={"logistics@example.com": "alice"})
        )
        == told
    )


def test_the_attachments_of_a_mail_and_what_is_missing_of_one_that_was_cut() -> None:
    raw = (
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nSee these.\r\n--x\r\n"
        b'Content-Type: image/png; name="one.png"\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--x\r\n'
        b'Content-Disposition: attachment; filename="two.txt"\r\n\r\nwhole\r\n--x--\r\n'
    )
    assert [(one.name, one.data) for one in message.files(raw)] == [("one.png", b"hello"), ("two.txt", b"whole")]
    cut = raw[: raw.index(b"whole") + 3]
    assert [one.name for one in message.files(cut, whole=False)] == ["one.png"]
