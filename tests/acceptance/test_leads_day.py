"""A lead's day in a browser, beside a running Firstline: a topic gets another owner, customers hear of a problem."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from pipeline.config.load import load
from pipeline.desk import accounts
from pipeline.wiring.live_doors import build
from tests.desk import Desk, stop
from tests.learned import KEY, toy_registry
from tests.pictures import picture
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import wait_until
from tests.web_doors import COMPLAINT

TOPICS = """
[topics.parcel]  # who has it
title = { en = "your parcel" }
owner = "logistics@example.com"  # a team
template = "delivery"
track = "all"
"""
WEB = "[web]\nlisten = '127.0.0.1:0'\nenabled = true\n"
LATE = "Since this morning parcels are late."


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    made = Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user(), more=WEB + TOPICS)
    (made.folder / "var/key").write_bytes(KEY)
    toy_registry(made.folder / "models")
    made.run("user", "add", "olga@example.com", "--role", "admin", "--link")
    return made


@pytest.fixture
def running(desk: Desk) -> Iterator[Popen[str]]:
    with desk.running() as process:
        yield process


@pytest.fixture
def page(desk: Desk, running: Popen[str], browser: Any) -> Iterator[Any]:
    """Chromium, signed in."""
    base = desk.pages()
    with closing(build(load(desk.folder / "config.toml"))) as doors:
        secret = accounts.begin_session(doors, "olga@example.com", "127.0.0.1", "test")
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    context.add_cookies([{"name": "desk", "value": secret, "url": base}])
    opened = context.new_page()
    opened.base, opened.trouble = base, []
    opened.on("console", lambda message: opened.trouble.append(message.text))
    yield opened
    context.close()


class Customers:
    """Each complains once, and reads the answer."""

    def __init__(self, desk: Desk, dovecot: Dovecot, sink: SmtpSink) -> None:
        self.desk, self.dovecot, self.sink, self.number = desk, dovecot, sink, 0

    def ask(self) -> tuple[str, str]:
        """The owner of the next one's ticket, and the answer."""
        self.number += 1
        mail = EmailMessage()
        mail["From"], mail["To"] = f"Eve <eve{self.number}@example.org>", "support@example.com"
        mail["Subject"], mail["Message-ID"] = f"Parcel {self.number}", f"<eve{self.number}@example.org>"
        mail.set_content(COMPLAINT)
        self.dovecot.deliver(mail.as_bytes(), self.desk.username)
        answer = self.sink.wait_for(self.number, 60)[-1]
        tickets = {one["customer"]: one["owner"] for one in self.desk.jsonl("ticket", "list")}
        plain = message_from_bytes(answer.data, policy=default).get_body(("plain",))
        assert plain is not None
        return tickets[f"eve{self.number}@example.org"], " ".join(plain.get_content().split())


def test_a_leads_day(desk: Desk, running: Popen[str], page: Any, dovecot: Dovecot, sink: SmtpSink) -> None:
    customers, config = Customers(desk, dovecot, sink), desk.folder / "config.toml"
    before = config.read_bytes()
    owner, answer = customers.ask()
    assert owner == "logistics@example.com"
    assert LATE not in answer

    # Who has it is on holiday: the topic gets another owner.
    page.goto(f"{page.base}/desk/topics")
    picture(page, "desk-topics")
    page.get_by_role("link", name="parcel", exact=True).click()
    page.get_by_label("Who is responsible").fill("ben@example.com")
    page.get_by_role("button", name="What would follow?").click()
    assert "goes to ben@example.com, not to logistics@example.com" in page.locator("main").inner_text()
    page.get_by_role("textbox", name="Why").fill("the team is on holiday")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/desk/topics/parcel?done=*")
    wait_until(lambda: customers.ask()[0] == "ben@example.com", desk.log)
    assert "# who has it" in config.read_text()
    assert "# a team" in config.read_text()

    # Many write about the same: customers are told before they ask.
    page.get_by_role("link", name="Known problems").click()
    page.get_by_text("Tell of a problem").click()
    page.get_by_label("English").fill(LATE)
    page.get_by_role("button", name="See it in the letter").click()
    assert page.locator("mark").inner_text() == LATE
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/desk/announcements/1?done=*")
    wait_until(lambda: LATE in customers.ask()[1], desk.log)

    # It is solved: they hear so, and the topic goes back to whom it belongs.
    page.get_by_label("Tell those whose letter told of it").check()
    page.get_by_role("button", name="End it").click()
    page.wait_for_url("**done=over**")
    assert "1 customer hears that it is over." in page.locator("main").inner_text()
    last = sink.wait_for(customers.number + 1, 60)[-1]
    assert last.recipients == (f"eve{customers.number}@example.org",)
    page.goto(f"{page.base}/desk/topics/parcel")
    page.get_by_role("button", name="Put change").click()
    page.wait_for_url("**/desk/topics/parcel?done=*")
    assert config.read_bytes() == before
    assert [one["why"] for one in desk.jsonl("config", "history", "topics")][-1] == "the team is on holiday"
    assert page.trouble == []
    assert stop(running) == 0
