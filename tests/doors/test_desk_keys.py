"""An agent works off the queue with the keyboard alone; and the same pages without a script."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from pipeline.desk import accounts, deeds
from pipeline.records.account import DeskRole
from pipeline.records.ticket import TicketStatus
from pipeline.web.serving import PageServer
from pipeline.wiring.live_doors import LiveDoors
from tests.agenda_rows import cases, fill, mail
from tests.desk_cast import CAST, hire
from tests.web_doors import web_doors

ONE, TWO, PARKED = "7K3M-9QTX", "8M2P-4RSV", "9N3Q-5TVW"
AGENT, LEAD = CAST[DeskRole.AGENT], CAST[DeskRole.LEAD]


@dataclass
class AgentsDesk:
    """A desk with two complaints and a parked mail, and a browser at it."""

    doors: LiveDoors
    base: str
    browser: Any

    def page(self, path: str, *, javascript: bool = True) -> Any:
        context = self.browser.new_context(java_script_enabled=javascript, viewport={"width": 1200, "height": 740})
        secret = accounts.begin_session(self.doors, AGENT, "127.0.0.1", "test")
        context.add_cookies([{"name": "desk", "value": secret, "url": self.base}])
        page = context.new_page()
        page.goto(self.base + path)
        return page


@pytest.fixture
def agents(tmp_path: Any, browser: Any) -> Iterator[AgentsDesk]:
    doors = web_doors(tmp_path, web={"listen": "127.0.0.1:0", "limit": "0", "url": ""})
    hire(doors)
    first = {"complaint": True, "responded": None, "status": "open", "subject": "The first"}
    cases(doors.database, **{ONE: first, TWO: {**first, "subject": "The second"}})
    fill(doors.database, mail=[mail(PARKED, parked=True, verdict="park", subject="Parked")])
    server, enough = PageServer(doors), threading.Event()
    thread = threading.Thread(target=server.serve, args=[enough.is_set])
    thread.start()
    yield AgentsDesk(doors, f"http://127.0.0.1:{server.port}", browser)
    enough.set()
    thread.join()
    doors.close()


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_the_queue_is_worked_off_with_keys(agents: AgentsDesk) -> None:
    page = agents.page("/desk/today")
    press(page, "j", "Enter")
    page.wait_for_url(f"**/desk/case/{ONE}")
    with page.expect_navigation():
        press(page, "!")
    assert agents.doors.board.show(ONE).complaint is False
    with page.expect_navigation():
        press(page, "e")
    assert agents.doors.board.show(ONE).status is TicketStatus.RESOLVED
    with page.expect_navigation():
        press(page, "z")
    assert agents.doors.board.show(ONE).status is TicketStatus.OPEN
    press(page, "n")
    page.keyboard.type("Called her: j k x # are only letters here.")
    with page.expect_navigation():
        press(page, "Control+Enter")
    assert agents.doors.board.show(ONE).events[-1].detail.startswith("Called her")
    press(page, "u")
    page.wait_for_url("**/desk/today")


def test_what_is_chosen_with_keys_is_done_and_undone(agents: AgentsDesk) -> None:
    page = agents.page("/desk/today?kind=complaint")
    press(page, "j", "x", "j", "x", "b")
    page.locator("#what").select_option(f"assign:{AGENT}")
    with page.expect_navigation():
        page.get_by_role("button", name="Do it").click()
    assert [agents.doors.board.show(ref).owner for ref in (ONE, TWO)] == [AGENT, AGENT]
    assert "2 were done." in page.inner_text("main")
    with page.expect_navigation():
        press(page, "z")
    assert [agents.doors.board.show(ref).owner for ref in (ONE, TWO)] == ["", ""]


def test_without_a_script_all_of_it_works_too(agents: AgentsDesk) -> None:
    page = agents.page("/desk/today", javascript=False)
    page.get_by_role("link", name="Parked", exact=True).click()
    page.get_by_role("button", name="Discard it").click()
    assert not agents.doors.reading.mail(PARKED).parked
    page.get_by_role("button", name="Undo").click()
    assert agents.doors.reading.mail(PARKED).parked


def test_two_agents_are_told_of_each_other(agents: AgentsDesk) -> None:
    page = agents.page(f"/desk/case/{ONE}")
    deeds.assign(agents.doors, ONE, LEAD, LEAD)
    page.locator("#owner").select_option(AGENT)
    with page.expect_navigation():
        page.get_by_role("button", name="Assign").click()
    assert "Lea Lead" in page.inner_text("main")
    assert agents.doors.board.show(ONE).owner == LEAD
