"""Those who answer for complaints hear of them: each week of all, and at once where promises were missed again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.clock import FakeClock
from pipeline.config.load import check
from pipeline.engine.jobs import leadership, surveys
from pipeline.errors import UsageError
from pipeline.records.survey import SurveyKind
from pipeline.records.ticket import TicketStatus
from pipeline.replies.letters import TemplateLetters
from pipeline.store import answerable
from pipeline.store.database import Database
from pipeline.wiring.live_doors import build
from tests.acceptance.test_promises import HOUR, Desk, Post, letters  # noqa: F401  (a fixture)
from tests.acceptance.test_staff_told import told
from tests.doors.test_given import settings
from tests.samples import NOON

LEADERS = {"leadership": ["ceo@example.com", "support@example.com"]}  # the second is a mailbox of ours: mail to us


@pytest.fixture
def desk(database: Database, tmp_path: Path, letters: TemplateLetters) -> Iterator[Desk]:  # noqa: F811
    made = build(
        check(settings({"url": database.url}) | {"follow_up": LEADERS}, tmp_path / "config.toml"), FakeClock(NOON)
    )
    made.letters = letters
    found = Desk(made, Post())
    made.outbox = lambda: found.post  # type: ignore[assignment, method-assign]
    yield found
    made.close()


def wrong(desk: Desk) -> dict[str, tuple[str, ...]]:
    now = desk.doors.clock.now()
    return {one.ref: one.wrong for one in answerable.of_the_week(desk.doors.database, now - leadership.WEEK, now)}


def test_open_late_reopened_and_badly_scored_complaints_are_on_the_page(desk: Desk) -> None:
    opened, reopened, scored, fine = (
        desk.write(sender=f"{name} <{name}@example.org>").id for name in ("ann", "ben", "cy", "dan")
    )
    board, clock = desk.doors.board, desk.doors.clock
    for ref in (reopened, scored, fine):
        board.set_status(ref, TicketStatus.RESOLVED, "bob", clock.now())
    board.set_status(reopened, TicketStatus.OPEN, "bob", clock.now())
    surveys.record(desk.doors, scored, SurveyKind.CSAT, 1, "never again", "bob")
    surveys.record(desk.doors, fine, SurveyKind.CSAT, 5, "", "bob")
    assert wrong(desk) == {
        opened: ("open",),
        reopened: ("open", "reopened"),
        scored: ("scored csat 1",),
    }
    clock.pass_by(30 * HOUR)  # type: ignore[attr-defined]
    assert wrong(desk)[opened] == ("open", "late", "1 promise missed")


def test_the_page_of_the_week_says_who_answers_for_each_and_what_was_said(desk: Desk) -> None:
    first, second = desk.write().id, desk.write(sender="Dan <dan@example.org>").id
    desk.doors.board.answer_for(first, "I call her today, Maria", "maria", desk.doors.clock.now())
    ((whom, mail),) = told(desk, leadership.send_page)
    assert (whom, mail["Subject"]) == (
        "ceo@example.com",
        "Complaints this week: 2 open, 0 late, 0 reopened, 0 badly scored, 1 that nobody has answered for",
    )
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "seen by maria: I call her today, Maria" in text
    assert text.count("nobody has said yet") == 1
    (page,) = mail.iter_attachments()
    for words in (first, second, "seen by maria: I call her today, Maria", "nobody has said yet"):
        assert words in page.get_content()


def test_a_second_promise_that_is_missed_goes_to_leaders_at_once_and_once(desk: Desk) -> None:
    ref = desk.write().id
    desk.write(sender="Dan <dan@example.org>")
    desk.go_on()
    assert told(desk, leadership.tell_at_once, 2 * HOUR) == []
    desk.doors.board.comment(ref, "I look into it", "bob", desk.doors.clock.now(), public=True)  # the answer is kept
    desk.go_on(20 * HOUR)
    assert told(desk, leadership.tell_at_once) == []  # of Dan's only the answer is late
    desk.go_on(20 * HOUR)
    desk.go_on(20 * HOUR)
    desk.post.away = True
    assert told(desk, leadership.tell_at_once) == []
    assert desk.doors.reading.passes()[leadership.NAME].error
    desk.post.away = False
    ((whom, mail),) = told(desk, leadership.tell_at_once)
    assert whom == "ceo@example.com"
    assert mail["Subject"].startswith("Promises missed again")
    assert re.search(r"late, \d promises missed; due since", mail.get_content())  # a later time does not hide it
    assert told(desk, leadership.tell_at_once) == []


def test_what_a_leader_says_stands_on_the_ticket_and_keeps_no_promise(desk: Desk, tmp_path: Path) -> None:
    ref = desk.write().id
    desk.go_on()
    before = len(desk.post.sent)
    desk.doors.board.answer_for(ref, "the depot is spoken to", "maria", desk.doors.clock.now())
    assert desk.go_on(HOUR) == []
    assert len(desk.post.sent) == before  # customers hear nothing of it
    shown = desk.doors.board.show(ref)
    assert ("seen", "maria", "the depot is spoken to") in [(one.kind, one.actor, one.detail) for one in shown.events]
    assert shown.responded is None
    assert desk.states(ref)["respond 0"] == "open"


def test_the_command_prints_the_page_and_takes_the_answer(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("", encoding="utf-8")

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(app, ["--config", str(tmp_path / "config.toml"), *arguments])

    assert "No complaint is open" in run("report", "--complaints").stdout
    assert run("report", "--complaints", "--json").stdout == ""
    assert run("report", "--complaints", "--out", str(tmp_path / "page.html")).exit_code == 0
    assert "No complaint is open" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert isinstance(run("ticket", "seen", "K2AB-CDEF", " ").exception, UsageError)
