"""What effects carry, to and from the JSON of the journal; rows of version 0.1 too."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.records.filing import FilingAction
from pipeline.records.letter import Article
from pipeline.records.payload import (
    AcknowledgementPayload,
    AnswerPayload,
    AskedSurvey,
    FilingPayload,
    NoPayload,
    NoticePayload,
    Payload,
    QuestionPayload,
    UnreadablePayload,
    from_json,
    to_json,
)
from pipeline.records.promise import PromiseKind
from pipeline.records.survey import SurveyKind
from pipeline.records.ticket import Priority, TicketStatus
from tests.samples import NOON

LETTER = {"template": "delivery", "language": "en", "ref": "7K3M-9QTX", "decided": NOON, "respond_by": NOON}
ARTICLE = Article(name="track", language="en", title="Track your parcel", link="https://www.example.com/track")
SURVEY = AskedSurvey(id="7K3M-9QTX:nps", kind=SurveyKind.NPS, expires=NOON)


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("acknowledge", AcknowledgementPayload(**LETTER, grants=("voucher",), articles=(ARTICLE,))),
        (
            "notify",
            NoticePayload(
                **LETTER, status=TicketStatus.WAITING, said=(3, 4), promise=PromiseKind.RESPOND, left=60.0, due_by=NOON
            ),
        ),
        (
            "answer",
            AnswerPayload(
                **LETTER,
                words="Hi",
                author="anna",
                to="eve@example.org",
                cc=("a@b.example",),
                draft="d1",
                files=("a.pdf",),
                then=TicketStatus.RESOLVED,
            ),
        ),
        ("survey", QuestionPayload(**LETTER, survey=SURVEY)),
        ("file", FilingPayload(action=FilingAction.UPDATE, event=7, status=TicketStatus.CLOSED, labels=("a",))),
        ("mark", NoPayload()),
    ],
)
def test_what_is_journalled_comes_back_the_same(kind: str, payload: Payload) -> None:
    assert from_json(kind, to_json(kind, payload)) == payload


# As version 0.1 wrote them: '' where there is nothing, and what came of it among the keys.
OLD = {
    "template": "delivery",
    "language": "en",
    "topic": "",
    "ref": "7K3M-9QTX",
    "ticket": True,
    "name": "Eve",
    "subject": "Where?",
    "message_id": "<m@x>",
    "references": ["<a@x>"],
    "decided": "2026-11-18T12:00:00+00:00",
    "respond_by": "2026-11-18T15:00:00+00:00",
    "resolve_by": "",
    "mailbox": "support",
    "sent_template": "delivery",
    "sent_version": "v",
    "sent_language": "en",
    "restored": True,
}
NOTICE = {
    "status": "waiting",
    "comment": "",
    "said_since": "",
    "said": [5],
    "promise": "",
    "due_by": "",
    "left": 0.0,
    "customer": "eve@example.org",
    "auto_submitted": "auto-generated",
}


def test_rows_of_the_first_version_are_read() -> None:
    acknowledgement = from_json("acknowledge", {**OLD, "grants": [], "articles": []})
    assert isinstance(acknowledgement, AcknowledgementPayload)
    assert (acknowledgement.references, acknowledgement.resolve_by) == (("<a@x>",), None)
    assert acknowledgement.respond_by == datetime(2026, 11, 18, 15, tzinfo=UTC)
    notice = from_json("notify", {**OLD, **NOTICE})
    assert isinstance(notice, NoticePayload)
    assert (notice.status, notice.said, notice.said_since, notice.promise) == (TicketStatus.WAITING, (5,), None, None)
    question = from_json("survey", {**OLD, "survey": {"id": "a:nps", "kind": "nps", "expires": OLD["decided"]}})
    assert isinstance(question, QuestionPayload)
    assert question.survey.kind is SurveyKind.NPS
    told = from_json("file", {"action": "update", "status": "", "priority": "high", "event": 4})
    assert told == FilingPayload(action=FilingAction.UPDATE, priority=Priority.HIGH, event=4)


@pytest.mark.parametrize(
    ("kind", "row", "why"),
    [
        ("acknowledge", {}, "template"),
        ("notify", {**OLD, "status": "on holiday"}, "status"),
        ("survey", OLD, "survey"),
        ("file", {"action": "burn"}, "action"),
    ],
)
def test_a_damaged_row_says_what_is_wrong_instead_of_raising(kind: str, row: dict, why: str) -> None:
    found = from_json(kind, row)
    assert isinstance(found, UnreadablePayload)
    assert why in found.why


@pytest.mark.parametrize(
    ("payload", "tells"),
    [
        (FilingPayload(action=FilingAction.COMMENT), {"mail"}),
        (FilingPayload(action=FilingAction.COMMENT, event=3), set()),
        (FilingPayload(action=FilingAction.UPDATE, status=TicketStatus.OPEN, owner="a"), {"status", "owner"}),
        (FilingPayload(action=FilingAction.OPEN, labels=("a",)), set()),
    ],
)
def test_a_filing_knows_what_the_tracker_does_not_know_yet(payload: FilingPayload, tells: set[str]) -> None:
    assert payload.tells == tells
