"""The commands that show what letters may say and what was given, run as a process."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.clock import FakeClock
from pipeline.config.load import load
from pipeline.replies.variables import VARIABLES
from pipeline.wiring.live_doors import build
from tests.desk import Desk, letter
from tests.doors.test_route import Fixed, take
from tests.samples import NOON, labels

MORE = """
[topics.delivery]
may_grant = ["voucher"]
articles = ["ways-to-pay"]
[grants.voucher]
title = { en = "a 10 € voucher" }
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk", imap_port=1, smtp_port=1, username="support", more=MORE)


def received(desk: Desk, *mails: bytes, complaint: bool) -> str:
    """Mails as a pass would have recorded them; the reference of the first."""
    doors = build(load(desk.folder / "config.toml"), FakeClock(NOON))
    judged = take(doors.route(Fixed(labels(complaint=complaint))), *mails)
    doors.close()
    return judged[0].id


def test_template_variables_lists_every_variable_with_a_sample(desk: Desk) -> None:
    rows = desk.jsonl("template", "variables")
    assert [(row["name"], row["sample"]) for row in rows] == [(one.name, one.sample) for one in VARIABLES]
    shown = desk.run("template", "variables").stdout
    assert all(variable.name in shown for variable in VARIABLES)


def test_template_articles_counts_offers_and_who_wrote_again(desk: Desk) -> None:
    again = letter(2, "Person 1 <person1@example.org>", In_Reply_To="<letter1@example.org>")
    received(desk, letter(1), again, letter(3), complaint=False)
    rows = {(row["language"], row["name"]): row for row in desk.jsonl("template", "articles")}
    assert (rows["en", "ways-to-pay"]["offered"], rows["en", "ways-to-pay"]["wrote_again"]) == (2, 1)
    assert rows["de", "ways-to-pay"]["offered"] == 0
    assert "ways-to-pay" in desk.run("template", "articles").stdout


def test_ticket_show_says_what_was_offered(desk: Desk) -> None:
    ref = received(desk, letter(1), complaint=True)
    document = desk.json("ticket", "show", ref)
    assert [grant["name"] for grant in document["grants"]] == ["voucher"]
    assert [event["kind"] for event in document["events"]] == ["opened", "offered"]
    assert "voucher (offered" in desk.run("ticket", "show", ref).stdout


def test_an_article_that_nobody_wrote_is_reported(desk: Desk) -> None:
    desk.more = MORE.replace("ways-to-pay", "ways-to-fly")
    desk.write()
    (check,) = [one for one in desk.jsonl("doctor", expect=None) if one["check"] == "articles"]
    assert not check["ok"]
    assert "ways-to-fly" in check["detail"]
    assert "ways-to-fly.md" in check["remedy"]
    assert any("ways-to-fly" in problem["what"] for problem in desk.json("status", expect=1)["problems"])
    findings = desk.json("template", "lint", expect=None)["findings"]
    assert any(one["code"] == "article" and "ways-to-fly" in one["message"] for one in findings)
