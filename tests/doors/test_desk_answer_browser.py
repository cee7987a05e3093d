"""An agent answers in a real browser, with and without JavaScript; what the customer got is read at the SMTP server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from pipeline.desk import accounts
from pipeline.engine.workers.send import Sender
from pipeline.records.account import DeskRole
from pipeline.web.serving import PageServer
from pipeline.wiring.live_doors import LiveDoors
from tests.desk_cast import CAST, hire
from tests.servers.smtp_sink import SmtpSink
from tests.web_doors import complained, pass_by, web_doors

WORDS = "We have found it.\n\nIt comes on Thursday."
with_and_without = pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without"])


@dataclass
class Room:
    """A desk that is up, a case on it, and a browser for whoever comes in."""

    doors: LiveDoors
    base: str
    ref: str
    browser: Any
    sink: SmtpSink

    def enter(self, role: DeskRole = DeskRole.AGENT, *, javascript: bool = True) -> Any:
        """The editor, before somebody of this role."""
        context = self.browser.new_context(java_script_enabled=javascript, viewport={"width": 1000, "height": 900})
        secret = accounts.begin_session(self.doors, CAST[role], "127.0.0.1", "test")
        context.add_cookies([{"name": "desk", "value": secret, "url": self.base}])
        page = context.new_page()
        page.trouble = []
        page.on("console", lambda message: page.trouble.append(message.text))
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.goto(f"{self.base}/desk/case/{self.ref}/answer")
        return page

    def mails(self, **span: float) -> list[EmailMessage]:
        """Time passes, what is due is sent: all that the customers have got."""
        pass_by(self.doors, **span)
        route, outbox = self.doors.route(None), self.doors.outbox()
        Sender(outbox=outbox, journal=self.doors.effects, clock=self.doors.clock, route=lambda: route).drain()
        outbox.close()
        return [message_from_bytes(one.data, policy=policy.default) for one in self.sink.accepted]  # type: ignore[misc]

    def answered(self) -> list[str]:
        return [one.detail for one in self.doors.board.show(self.ref).events if one.kind == "answered"]


@pytest.fixture
def room(tmp_path: Path, sink: SmtpSink, browser: Any) -> Iterator[Room]:
    doors = web_doors(tmp_path, sink.port, web={"listen": "127.0.0.1:0", "limit": "0", "url": ""})
    hire(doors)
    server, enough = PageServer(doors), threading.Event()
    thread = threading.Thread(target=server.serve, args=[enough.is_set])
    thread.start()
    made = Room(doors, f"http://127.0.0.1:{server.port}", complained(doors), browser, sink)
    yield made
    for context in browser.contexts:
        context.close()
    enough.set()
    thread.join()
    doors.close()


@with_and_without
def test_an_agent_answers_takes_it_back_and_sends_it_after_all(room: Room, tmp_path: Path, *, javascript: bool) -> None:
    slip = tmp_path / "slip ü.pdf"
    slip.write_bytes(b"%PDF-1.7 slip")
    page = room.enter(javascript=javascript)
    page.get_by_label("Your answer").fill(WORDS)
    page.get_by_text("Saved replies").click()
    page.get_by_role("button", name="Ask for a photo").click()
    page.get_by_text("Files, copies, subject").click()
    page.get_by_label("Attach files").set_input_files(str(slip))
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("heading", name="As the customer sees it").wait_for()
    frame = page.frame_locator("iframe")
    assert "We have found it." in frame.locator("body").inner_text()
    assert "please send us a photo" in frame.locator("body").inner_text()
    assert page.get_by_text("slip ü.pdf").is_visible()
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("It is sent in some seconds.").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_label("Your answer").wait_for()
    assert page.get_by_label("Your answer").input_value().startswith(WORDS)
    assert page.get_by_text("slip ü.pdf").is_visible()
    assert room.mails(seconds=20) == []
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("It is sent in some seconds.").wait_for()
    assert room.mails(seconds=5) == []
    (mail,) = room.mails(seconds=6)
    body = mail.get_body(("plain",))
    assert body is not None
    said = " ".join(body.get_content().split())
    assert said.startswith(f"Hello Eve Miller, {' '.join(WORDS.split())} So that we can see what happened")
    assert "Kind regards Anna Agent" in said
    assert [(part.get_filename(), part.get_content()) for part in mail.iter_attachments()] == [
        ("slip ü.pdf", b"%PDF-1.7 slip")
    ]
    assert mail["Auto-Submitted"] is None
    assert len(room.answered()) == 1
    page.reload()
    assert page.get_by_text("It was sent.").is_visible()
    assert page.trouble == []


def test_what_is_typed_is_kept_without_a_click_and_the_preview_follows(room: Room) -> None:
    page = room.enter()
    page.get_by_label("Your answer").fill("Half a sen")
    page.locator("[data-saved]", has_text="Saved").wait_for()
    page.reload()
    assert page.get_by_label("Your answer").input_value() == "Half a sen"
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("heading", name="As the customer sees it").wait_for()
    page.get_by_label("Your answer").fill("A whole sentence.")
    page.frame_locator("iframe").get_by_text("A whole sentence.").wait_for()
    page.get_by_label("Your answer").press("Control+Enter")
    page.get_by_text("It is sent in some seconds.").wait_for()
    (mail,) = room.mails(seconds=11)
    assert b"A whole sentence." in mail.as_bytes()
    assert page.trouble == []


def test_two_agents_see_each_other_and_two_windows_lose_nothing(room: Room) -> None:
    anna, window = room.enter(), room.enter()
    anna.get_by_label("Your answer").fill("The first window.")
    anna.locator("[data-saved]", has_text="Saved").wait_for()
    window.get_by_label("Your answer").fill("The second window.")
    window.get_by_text("In another window you had typed this").wait_for()
    assert window.get_by_label("Your answer").input_value() == "The first window."
    assert window.get_by_text("The second window.").is_visible()
    lea = room.enter(DeskRole.LEAD)
    assert lea.get_by_text("Anna Agent is writing to this customer, too.").is_visible()
    assert lea.get_by_label("Your answer").input_value() == ""


@with_and_without
def test_a_late_undo_is_told_openly(room: Room, *, javascript: bool) -> None:
    page = room.enter(javascript=javascript)
    page.get_by_label("Your answer").fill(WORDS)
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_role("button", name="Undo").wait_for()
    assert len(room.mails(seconds=11)) == 1
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("It is too late to take it back").wait_for()
    assert len(room.mails(hours=1)) == 1


def test_on_the_page_of_a_case_one_key_begins_and_one_sends(room: Room) -> None:
    page = room.enter()
    page.goto(f"{room.base}/desk/case/{room.ref}")
    page.keyboard.press("r")
    page.keyboard.type("It is found.")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("heading", name="As the customer sees it").wait_for()
    page.goto(f"{room.base}/desk/case/{room.ref}")
    page.get_by_label("Your answer").press("Control+Enter")
    page.get_by_text("Answer of Anna Agent").wait_for()
    page.get_by_text("It is being sent.").wait_for(timeout=60_000)  # the ten seconds are over
    assert len(room.mails(seconds=11)) == 1
    page.get_by_text("It was sent.").wait_for(timeout=60_000)  # without a click
    page.reload()
    assert page.locator(".conversation").get_by_text("It is found.").count() == 1
    assert page.trouble == []
