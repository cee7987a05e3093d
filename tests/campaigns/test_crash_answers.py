"""The process that takes or sends an answer is killed at each step: the words are neither lost nor said twice."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from bench.crash_child import ANSWER_POINTS, WRITING_POINTS
from bench.crash_launcher import Launcher
from pipeline.config.load import load
from pipeline.wiring.live_doors import build
from tests.acceptance.test_answer_command import EVE, make_due
from tests.desk import Desk, letter
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink

ANNA = "anna@example.com"
WORDS = "It is found, and with you on Thursday."
# Until the outgoing server has the content, what was not sent is sent; from then on it may be sent once more.
IN_FLIGHT = (
    "answer: content sent, answer not read",
    "answer: accepted, not noted",
    "answers noted, not committed",
    "answer on the ticket, not committed",
)


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    more = '[topics.""]\ntrack = "all"\n'
    made = Desk(
        tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user(), smtp={"connections": 1}, more=more
    )
    (made.folder / "words.txt").write_text(WORDS, encoding="utf-8")
    dovecot.deliver(letter(1, EVE), made.username)
    made.json("once")
    return made


@pytest.fixture
def ref(desk: Desk) -> str:
    (row,) = desk.jsonl("ticket", "list")
    return str(row["ref"])


@pytest.fixture
def launcher(desk: Desk) -> Iterator[Launcher]:
    made = Launcher(desk.environment())
    yield made
    made.close()


def killed(launcher: Launcher, desk: Desk, point: str, *command: str) -> None:
    config = ["--config", str(desk.folder / "config.toml")]
    launcher.start(point, 1, [*config, *command], desk.folder / "victim.log")
    assert launcher.wait() == -9, (desk.folder / "victim.log").read_text()


def answer(desk: Desk, ref: str, *words: str) -> Any:
    return desk.json("ticket", "answer", ref, "--as", ANNA, *words)


def written(desk: Desk, ref: str) -> tuple[list[str], list[str]]:
    """The texts of drafts, and of answers in the journal."""
    doors = build(load(desk.folder / "config.toml"))
    found = doors.drafts.of(ref, ANNA)
    given = doors.given_answers.of(ref)
    doors.close()
    return [found.typed.text] if found else [], [one.text for one in given]


def settled(desk: Desk, sink: SmtpSink, ref: str, *, most: int) -> None:
    """It goes out by the next passes, under one Message-ID, and stands on the ticket once."""
    for _ in range(3):
        make_due(desk)
        desk.json("once")
    mails = [message_from_bytes(one.data) for one in sink.accepted if WORDS.encode() in one.data]
    assert 1 <= len(mails) <= most
    assert len({mail["Message-ID"] for mail in mails}) == 1
    assert {mail["To"] for mail in mails} == {"eve@example.org"}
    ticket = desk.json("ticket", "show", ref)
    told = [(one["actor"], one["detail"]) for one in ticket["events"] if one["kind"] == "answered"]
    assert told == [(ANNA, WORDS)]
    kept = [one for one in ticket["promises"] if one["kind"] == "respond"]
    assert [(one["state"], one["kept_by"]) for one in kept] == [("kept", ANNA)]
    assert written(desk, ref) == ([], [WORDS])
    assert desk.json("db", "check")["ok"]


@pytest.mark.parametrize("point", WRITING_POINTS)
def test_killed_while_it_is_taken_the_words_are_there(
    desk: Desk, sink: SmtpSink, ref: str, launcher: Launcher, point: str
) -> None:
    killed(launcher, desk, point, "ticket", "answer", ref, "--as", ANNA, "--file", str(desk.folder / "words.txt"))
    drafts, given = written(desk, ref)
    assert drafts + given == [WORDS]  # either, never both
    if drafts:
        answer(desk, ref, "--draft")
    settled(desk, sink, ref, most=1)


@pytest.mark.parametrize("point", ANSWER_POINTS)
def test_killed_while_it_is_sent_it_is_said_once(
    desk: Desk, sink: SmtpSink, ref: str, launcher: Launcher, point: str
) -> None:
    answer(desk, ref, "--file", "words.txt")
    make_due(desk)
    killed(launcher, desk, point, "once")
    ticket = desk.json("ticket", "show", ref)
    is_out = point == "answers committed"
    assert ("answered" in {one["kind"] for one in ticket["events"]}) is is_out
    settled(desk, sink, ref, most=2 if point in IN_FLIGHT else 1)
