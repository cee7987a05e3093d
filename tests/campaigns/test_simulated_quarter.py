"""A quarter of a busy desk, seeded: the weekly reports find what was planted in its tenth week, and nothing else.

20,000 mails, 3,000 tickets: see tests/quarter.py.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from pipeline.config.load import load
from pipeline.config.settings import Config
from pipeline.figures.finding import ReportFinding
from pipeline.figures.report import make_report
from pipeline.store import schema
from pipeline.store.database import Database
from tests.quarter import ANNOYING, LATE, OWNERS, PLANTED, SLOW, START, TOPICS, WEEK, WEEKS, lived

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
