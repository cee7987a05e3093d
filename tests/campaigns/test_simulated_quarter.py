"""A quarter of a busy desk, seeded: the weekly reports find what was planted in its tenth week, and nothing else.

20,000 mails, 3,000 tickets. Customers' scores follow how they were treated: a slow answer, a broken promise and a
letter that annoys each make a worse score more likely. Planted: a topic that got slow, a letter whose new version
annoys, an owner who breaks promises.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from pipeline.config.load import load
from pipeline.config.settings import Config
from pipeline.figures.finding import ReportFinding
from pipeline.figures.report import make_report
from pipeline.store import schema
from pipeline.store.database import Database
from tests.acceptance.test_report import mails
from tests.samples import NOON

WEEKS, PLANTED = 13, 9  # the weeks count from 0
WEEK = timedelta(days=7)
START = NOON - WEEKS * WEEK
TOPICS = ("delivery", "refund", "invoice", "technical", "account", "praise")
OWNERS = ("ann@example.com", "bob@example.com", "cid@example.com")
SLOW, LATE, ANNOYING = "technical", "bob@example.com", "en/refund b2"
COMPARED = {"slow", "owner", "template", "growing", "unsure", "words"}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder: Path = tmp_path_factory.mktemp("quarter")
    topics = "".join(f"[topics.{topic}]\nowner = '{OWNERS[number % 3]}'\n" for number, topic in enumerate(TOPICS))
    (folder / "config.toml").write_text(topics, encoding="utf-8")
    return load(folder / "config.toml")


@pytest.fixture(scope="module")
def database(config: Config) -> Iterator[Database]:
    made = Database(config.store_url())
    made.prepare()
    dice = random.Random(11)
    with made.writing() as connection:
        for week in range(WEEKS):
            for table, rows in lived(dice, week).items():
                connection.execute(insert(schema.metadata.tables[table]), rows)
    yield made
    made.close()


def lived(dice: random.Random, week: int) -> dict[str, list[dict[str, Any]]]:
    """The rows of one week."""
    end = START + (week + 1) * WEEK
    counts = dice.choices(TOPICS, k=20_000 // WEEKS)
    rows: dict[str, list[dict[str, Any]]] = {"mail": [], "ticket": [], "promise": [], "survey": [], "survey_answer": []}
    for topic in TOPICS:
        rows["mail"] += mails(counts.count(topic), end, topic, topic_sure=True)
    for row in rows["mail"]:
        row["topic_sure"] = dice.random() < 0.8
    for number in range(3_000 // WEEKS):
        for table, row in case(dice, week, number).items():
            rows[table].append(row)
    return rows


def case(dice: random.Random, week: int, number: int) -> dict[str, dict[str, Any]]:
    """A ticket, its promise, and perhaps what its customer says of it."""
    ref, topic, owner = f"W{week}N{number}", dice.choice(TOPICS), dice.choice(OWNERS)
    opened = START + week * WEEK + dice.random() * WEEK
    planted = week == PLANTED
    hours = dice.expovariate(1 / (24.0 if planted and topic == SLOW else 4.0))
    broken = dice.random() < (0.45 if planted and owner == LATE else 0.1)
    letter = ANNOYING if planted and topic == "refund" else f"en/{topic} a1"
    rows: dict[str, dict[str, Any]] = {
        "ticket": {
            "ref": ref, "thread": ref, "status": "resolved", "participants": [], "topic": topic, "owner": owner,
            "opened": opened, "changed": opened, "responded": opened + timedelta(hours=hours),
            "resolved": opened + timedelta(hours=3 * hours),
        },
        "promise": {
            "mail_id": ref, "kind": "respond", "ticket": ref, "given": opened, "due": opened + timedelta(hours=8),
            "kept": None if broken else opened, "state": "broken" if broken else "kept",
        },
    }  # fmt: skip
    if dice.random() < 0.6:
        mood = 0.9 - 0.3 * broken - 0.15 * (hours > 12) - 0.65 * (letter == ANNOYING)
        score = dice.choice((4, 5)) if dice.random() < mood else dice.choice((1, 2, 3))
        asked = {"id": f"{ref}:csat", "kind": "csat", "ticket": ref, "thread": ref, "mail_id": ref, "customer": "c"}
        more = {"language": "en", "template": letter, "owner": owner, "topic": topic, "complaint": True}
        rows["survey"] = {**asked, **more, "created": opened, "sent": opened, "state": "answered"}
        rows["survey_answer"] = {"survey": f"{ref}:csat", "at": opened, "score": score, "channel": "link"}
    return rows


def said(database: Database, config: Config, week: int) -> dict[str, ReportFinding]:
    made = make_report(database, config, START + (week + 1) * WEEK, WEEK)
    compared = (one for one in made.findings if one.kind in COMPARED)
    # How much is unsure is said at any level; only that it is more than before would be an alarm.
    return {one.kind: one for one in compared if one.kind != "unsure" or "more often" in one.what}


def test_what_was_planted_is_found(database: Database, config: Config) -> None:
    found = said(database, config, PLANTED)
    assert {kind: one.about for kind, one in found.items()} == {
        "slow": (SLOW,),
        "owner": (LATE,),
        "template": (ANNOYING,),
    }


@pytest.mark.parametrize("week", [week for week in range(1, WEEKS) if week != PLANTED])
def test_a_week_in_which_nothing_was_planted_raises_no_alarm(database: Database, config: Config, week: int) -> None:
    assert said(database, config, week) == {}
