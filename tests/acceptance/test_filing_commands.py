"""The installed command with a tracker configured: filed, shown, told, followed; and mail is answered all the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk import Desk, letter, stop
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.servers.tracker_kinds import TOKEN, GitHub

# A ticket for everybody who writes, as there is no model.
TOPIC = "[topics.'']\ntrack = 'all'\npriority = 'high'\nchecklist = ['ask the carrier']\n"


class Hanging(GitHub):
    """Answers nothing."""

    def next_fault(self, method: str) -> str:
        return "hang"


@pytest.fixture(params=[GitHub])
def github(request: pytest.FixtureRequest) -> Iterator[GitHub]:
    server = request.param()
    yield server
    server.stop()


@pytest.fixture
def desk(github: GitHub, dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    tracker = f"[tracker]\nkind = 'github'\nurl = '{github.url}'\nproject = 'acme/support'\n"
    more = f"{TOPIC}{tracker}timeout = '2s'\npoll = '1h'\ntoken = {{ file = 'token' }}\n"
    made = Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user(), more=more)
    (made.folder / "token").write_text(TOKEN)
    return made


def again(number: int = 1) -> bytes:
    """Whoever wrote letter 1 writes again."""
    return letter(1, subject="Re: Where is parcel 1?", message_id=f"<again{number}@example.org>",
                  In_Reply_To="<letter1@example.org>")  # fmt: skip


def test_a_complaint_is_filed_shown_told_and_followed(desk: Desk, dovecot: Dovecot, github: GitHub) -> None:
    dovecot.deliver(letter(1), desk.username)
    desk.run_apart("once")
    (ticket,) = desk.jsonl("ticket", "list")
    assert (ticket["tracker"], ticket["url"]) == ("github", f"{github.url}/acme/support/issues/1")
    assert (ticket["priority"], ticket["checklist"]) == ("high", ["ask the carrier"])
    assert ticket["outside"]["id"] == "acme/support#1"
    assert "[ ] ask the carrier" in github.issues["1"]["body"]

    dovecot.deliver(again(), desk.username)
    desk.run("ticket", "priority", ticket["ref"], "urgent")
    desk.run("ticket", "status", ticket["ref"], "resolved")
    waiting = desk.json("status", expect=None)["trackers"]["github"]
    assert waiting["filings"]["intended"] == 2
    desk.run("once")
    assert "The customer wrote again" in github.said["1"][0]["body"]
    assert github.issues["1"]["state"] == "open"  # resolved, and then the customer wrote again
    assert desk.json("status", expect=None)["trackers"]["github"]["filings"] == {}
    assert "github" in desk.run("ticket", "show", ticket["ref"]).stdout
    assert "github" in desk.run("ticket", "list").stdout

    asked = len(github.log)
    desk.run("once")  # an hour has not passed
    assert len(github.log) == asked


def test_what_fails_is_seen_and_filed_again(desk: Desk, dovecot: Dovecot, github: GitHub) -> None:
    github.labels.add("bug")
    desk.more = desk.more.replace("acme/support", "acme/nowhere")
    desk.write()
    dovecot.deliver(letter(1), desk.username)
    desk.run("once")
    problems = desk.json("status", expect=1)["problems"]
    assert any("github refused 1 filings" in problem["what"] for problem in problems)
    desk.more = desk.more.replace("acme/nowhere", "acme/support")
    desk.write()
    assert len(desk.json("ticket", "refile")["tickets"]) == 1
    assert desk.json("ticket", "refile")["tickets"] == []
    desk.run("once")
    assert len(github.issues) == 1


def test_complaints_without_a_prepared_situation_are_listed(desk: Desk, dovecot: Dovecot) -> None:
    dovecot.deliver(letter(1), desk.username)
    desk.run("once")
    ref = desk.jsonl("ticket", "list")[0]["ref"]
    assert desk.jsonl("ticket", "unprepared") == []
    desk.run("ticket", "correct", ref, "--complaint", "yes")
    (row,) = desk.jsonl("ticket", "unprepared", "--since", "2026-01-01")
    assert (row["topic"], row["complaints"], row["prepared"]) == ("", 1, False)
    assert "taken for" in desk.run("ticket", "unprepared").stdout


@pytest.mark.parametrize("github", [Hanging], indirect=True)
def test_once_answers_first_and_says_that_the_tracker_is_away(desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
    dovecot.deliver(letter(1), desk.username)
    done = desk.run("once", expect=3)
    assert "does not answer in time" in done.stderr
    assert len(sink.accepted) == 1
    assert desk.jsonl("ticket", "list")[0]["outside"]["id"] == ""
    assert any("tracker.github" in problem["what"] for problem in desk.json("status", expect=1)["problems"])


@pytest.mark.parametrize("github", [Hanging], indirect=True)
def test_a_tracker_that_hangs_keeps_no_acknowledgement_waiting(
    desk: Desk, dovecot: Dovecot, sink: SmtpSink, github: GitHub
) -> None:
    desk.more = desk.more.replace("timeout = '2s'", "timeout = '1h'")
    desk.write()
    process = desk.start("run")
    for number in range(1, 6):
        dovecot.deliver(letter(number), desk.username)
        assert len(sink.wait_for(number, 60)) == number
    github.over.set()  # it may end now
    assert stop(process) == 0
    assert all(ticket["outside"]["id"] == "" for ticket in desk.jsonl("ticket", "list"))
