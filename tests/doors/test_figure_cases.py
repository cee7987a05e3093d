"""Behind every figure there are as many cases as it says, whatever it is narrowed to; on both databases."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipeline.errors import NotFoundError, UsageError
from pipeline.figures import behind, measure
from pipeline.figures.lines import LINES
from pipeline.figures.metrics_document import FiguresDocument, MetricsDocument
from pipeline.records.survey import SurveyKind
from pipeline.store import schema
from pipeline.store.behind import PAGE
from pipeline.store.database import Database
from pipeline.store.metrics import Period
from pipeline.store.splitting import EVERYTHING, SPLITS, Only
from tests.doors.test_store_metrics import _effect_of, a_mail, a_ticket, put
from tests.samples import NOON

ZONE = ZoneInfo("Europe/Helsinki")
TOPICS, LANGUAGES, OWNERS = ("delivery", "refund", ""), ("en", "fi"), ("ann@example.com", "bob@example.com", "")
LETTERS = ("en/neutral v1", "fi/refund v2", None)
PERIOD = Period(since=NOON - timedelta(days=2), until=NOON)
ONLY: list[Only] = [
    EVERYTHING,
    {"topic": "delivery"},
    {"topic": None},
    {"language": "fi"},
    {"owner": "bob@example.com"},
    {"owner": None},
    {"template": "en/neutral v1"},
    {"template": None},
    {"complaint": True},
    {"complaint": False},
    {"topic": "refund", "language": "en", "complaint": True},
    {"owner": "ann@example.com", "template": "fi/refund v2"},
]
COUNTS: dict[str, Callable[[FiguresDocument], int]] = {
    **{name: lambda of, name=name: of["mails"][name] for name in ("received", "by_people", "complaints")},  # type: ignore[misc]
    **{name: lambda of, name=name: of["mails"][name] for name in ("acknowledged", "silent", "limited")},  # type: ignore[misc]
    **{name: lambda of, name=name: of["mails"][name] for name in ("parked", "recorded")},  # type: ignore[misc]
    "unsure": lambda of: of["automation"]["unsure"]["count"],
    "unanswered": lambda of: of["mails"]["by_people"] - of["automation"]["acknowledged"]["count"],
    "topic_wrong": lambda of: of["automation"]["error"]["topic"]["at_least"]["count"],
    "complaint_wrong": lambda of: of["automation"]["error"]["complaint"]["at_least"]["count"],
    "opened": lambda of: of["tickets"]["opened"],
    "responded": lambda of: of["tickets"]["first_response"]["count"],
    "resolved": lambda of: of["tickets"]["resolution"]["count"],
    "respond_over": lambda of: of["promises"]["respond"]["kept"]["of"],
    "respond_missed": lambda of: of["promises"]["respond"]["kept"]["of"] - of["promises"]["respond"]["kept"]["count"],
    "respond_open": lambda of: of["promises"]["respond"]["open"],
    "respond_given": lambda of: of["promises"]["respond"]["given"],
    "resolve_over": lambda of: of["promises"]["resolve"]["kept"]["of"],
    **{kind: lambda of, kind=kind: of[kind]["of"] for kind in SurveyKind},  # type: ignore[misc]
    **{f"{kind}_sent": lambda of, kind=kind: of[kind]["response_rate"]["of"] for kind in SurveyKind},  # type: ignore[misc]
    "improving": lambda of: of["ctt"]["improving"]["count"],
    "steady": lambda of: of["ctt"]["steady"]["count"],
    "worsening": lambda of: of["ctt"]["worsening"]["count"],
}


def fill(database: Database, dice: random.Random, count: int) -> None:
    """Mails of three days with all that may hang on one: ticket, promises, letter, surveys, label, a second mail."""
    rows: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("mail", "ticket", "effect", "promise", "survey", "survey_answer")
    }
    for number in range(count):
        _case(rows, dice, f"m{number}", NOON - timedelta(days=3) * dice.random() + timedelta(hours=1))
    for name, some in rows.items():
        put(database, schema.metadata.tables[name], *some)


def _case(rows: dict[str, list[dict[str, Any]]], dice: random.Random, name: str, at: Any) -> None:
    topic, language, complaint = dice.choice(TOPICS), dice.choice(LANGUAGES), dice.random() < 0.4
    owner, letter = dice.choice(OWNERS), dice.choice(LETTERS)
    labelled, robot = dice.random() < 0.3, dice.random() < 0.1
    said = {"topic": "refund", "complaint": not complaint, "by": "ann", "at": at.isoformat()}
    mail = a_mail(
        name, received=at, topic=topic or None, language=language, complaint=complaint, ticket=name,
        topic_sure=dice.random() < 0.7, complaint_sure=dice.random() < 0.7, robot=robot,
        verdict=dice.choice(("answer", "silent", "limit", "park")), acknowledge=not robot and dice.random() < 0.7,
        only_recorded=dice.random() < 0.1, by_staff=dice.random() < 0.05, labelled=labelled,
        decision={"labelled": said} if labelled else {}, sentiment="negative", sentiment_confidence=0.9,
    )  # fmt: skip
    rows["mail"].append(mail)
    after = {"received": at + timedelta(hours=1), "thread": name, "sentiment": dice.choice(("positive", "negative"))}
    rows["mail"].append(a_mail(f"{name}b", **{**after, "language": language, "topic": topic or None}))
    fields = {"topic": topic, "language": language, "complaint": complaint, "owner": owner}
    times = {"responded": at + timedelta(hours=dice.random()), "resolved": dice.choice((None, at + timedelta(days=1)))}
    rows["ticket"].append(a_ticket(name, thread=name, opened=at, **fields, **times))
    effect = _effect_of(name, letter)
    failed = letter is None and mail["acknowledge"] and dice.random() < 0.3
    rows["effect"].append({**effect, "state": "failed"} if failed else effect)
    for kind in ("respond", "resolve"):
        promise = {"mail_id": name, "kind": kind, "ticket": name, "given": at, "due": at}
        state, warned = dice.choice(("kept", "broken", "open", "renewed")), dice.choice((None, at))
        rows["promise"].append({**promise, "state": state, "warned": warned})
    for kind in SurveyKind:
        if dice.random() < 0.5:
            _survey(rows, dice, f"{name}:{kind}", {**fields, "template": letter or ""}, name, kind, at)


def _survey(
    rows: dict[str, list[dict[str, Any]]],
    dice: random.Random,
    survey: str,
    fields: dict[str, Any],
    case: str,
    kind: SurveyKind,
    at: Any,
) -> None:
    asked = {"id": survey, "kind": kind.value, "state": "sent", "ticket": case, "thread": case, "mail_id": case}
    rows["survey"].append({**asked, **fields, "customer": "c", "created": at, "sent": dice.choice((None, at))})
    for later in range(dice.choice((0, 1, 2))):
        score = dice.choice(kind.scale)
        given = {"survey": survey, "at": at + timedelta(minutes=later), "score": score, "channel": "link"}
        rows["survey_answer"].append(given)


@pytest.fixture
def filled(database: Database) -> Database:
    fill(database, random.Random(5), 130)
    return database


def everything(database: Database, only: Only) -> MetricsDocument:
    return measure.measure(database, ZONE, NOON, PERIOD, only=only)


def test_as_many_cases_are_behind_a_figure_as_it_says(filled: Database) -> None:
    seen = set()
    for only in ONLY:
        total = everything(filled, only)["total"]
        for name, count in COUNTS.items():
            found = list(behind.documents(filled, name, PERIOD, only))
            assert len(found) == behind.look(filled, name, PERIOD, only).total == count(total), (name, only)
            seen |= {name} if found else set()
    assert seen == set(COUNTS)  # each list had something in it at least once


def test_every_figure_of_the_page_has_a_list_and_every_list_is_compared() -> None:
    assert {line.behind for line in LINES} <= set(COUNTS)
    assert set(behind.LISTS) - set(COUNTS) == {"resolve_missed", "resolve_open", "resolve_given"}  # as those to respond


@pytest.mark.parametrize("by", SPLITS)
def test_what_is_narrowed_to_a_group_is_that_group(filled: Database, by: str) -> None:
    groups = measure.measure(filled, ZONE, NOON, PERIOD, by)["groups"]
    assert len(groups) > 1
    for group in groups:
        total = everything(filled, {by: group["value"]})["total"]
        assert {name: group[name] for name in total} == total, group["value"]  # type: ignore[literal-required]


def test_the_worst_come_first_and_pages_do_not_overlap(filled: Database) -> None:
    first, second = (behind.look(filled, "respond_over", PERIOD, page=page) for page in (0, 1))
    rows = [one.row for page in (first, second) for one in page.cases]
    assert len(first.cases) == PAGE
    assert len({row.case for row in rows}) == len(rows)
    assert [row.value for row in rows] == sorted((row.value for row in rows), key=lambda value: -(value or 0.0))
    scores = [one["value"] for one in behind.documents(filled, "nps", PERIOD)]
    assert scores == sorted(scores, key=lambda value: value or 0.0)
    slow = [one["value"] or 0.0 for one in behind.documents(filled, "responded", PERIOD)]
    assert slow == sorted(slow, reverse=True)


def test_a_list_that_is_none_says_which_there_are(database: Database) -> None:
    with pytest.raises(NotFoundError) as raised:
        behind.look(database, "nonsense", PERIOD)
    assert "complaints" in raised.value.remedy


@pytest.mark.parametrize(
    ("pairs", "only"),
    [
        (["topic=delivery", "complaint=yes"], {"topic": "delivery", "complaint": True}),
        (["owner="], {"owner": None}),
        (["template=en/neutral v1"], {"template": "en/neutral v1"}),
        (["complaint=no"], {"complaint": False}),
    ],
)
def test_what_narrows_is_read(pairs: list[str], only: Only) -> None:
    assert measure.narrowed(pairs) == only


@pytest.mark.parametrize("pair", ["topic", "mood=good", "complaint=perhaps", ""])
def test_what_does_not_narrow_is_refused_with_an_example(pair: str) -> None:
    with pytest.raises(UsageError) as raised:
        measure.narrowed([pair])
    assert "topic=delivery" in raised.value.remedy
