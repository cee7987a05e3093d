"""The short form of bench/desk.py: every page is there and weighs what it may, on both databases. Nothing is timed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import desk, desk_rows
from bench.desk import AskedPage, TimedPage
from bench.desk_clicks import ClickedLatency
from bench.desk_page import HEAVIEST, HeldRows, page
from pipeline.store.database import Database
from tests.servers.dovecot import is_installed

MAILS = 1_000


@pytest.fixture
def full(database: Database) -> str:
    """The URL of a database with a thousand mails, all in the index."""
    desk_rows.fill(database.url, MAILS, datetime.now(UTC))
    assert database.check() == []
    held = desk.prepare(database.url, MAILS)
    assert (held.mails, held.tickets) == (MAILS, MAILS // 10)
    assert held.found > MAILS  # comments, too
    return database.url


def test_every_page_is_there_and_is_not_too_heavy(full: str, tmp_path: Path) -> None:
    found = desk.measure(tmp_path / "desk", full, rounds=1)
    assert {one.page.name for one in found} >= {"Today", "a case, new", "Machine", "search: a rare word", "audit log"}
    assert {one.page.name: one.weight for one in found if one.weight >= HEAVIEST} == {}


@pytest.mark.skipif(not is_installed(), reason="Dovecot is not installed: make test-services")
def test_mail_is_answered_while_people_click(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/desk.db"
    desk.prepare(url, 200)
    found = desk.clicking(tmp_path, "SQLite", url, mails=2)
    assert (len(found.alone), len(found.clicked)) == (2, 2)


def test_the_page_says_what_was_missed() -> None:
    asked = AskedPage(name="Today", path=lambda: "/desk/today")
    times = [
        TimedPage(page=asked, seconds=[0.1, 0.1, 0.3], weight=50_000),
        TimedPage(page=asked, seconds=[0.2], weight=50_000),
        TimedPage(page=asked, seconds=[0.1], weight=HEAVIEST),
    ]
    clicks = ClickedLatency(alone=[0.1], clicked=[0.12], clicks=10, took=5.0, slowest=(0.2, 0.3))
    written = page({"SQLite": HeldRows(MAILS, 100, 1_090)}, {"SQLite": times}, {"SQLite": clicks})
    rows = [line for line in written.splitlines() if line.startswith("| Today")]
    assert ["missed" in row for row in rows] == [False, True, True]
    assert "| SQLite | 100 ms | 120 ms | 1.20 | ≤ 1.1 | **missed** | 2.0 a second" in written
    assert "100 tickets" in written
