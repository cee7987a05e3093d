"""The page Today: what each role sees, hostile words, views, and the same done to many with undo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.records.account import DeskRole
from pipeline.records.ticket import TicketStatus
from pipeline.store.audit import AuditFilter
from pipeline.wiring.live_doors import LiveDoors
from tests.agenda_rows import cases, effect, fill, mail, promise
from tests.desk_cast import CAST, browser_of, hire
from tests.samples import NOON
from tests.web_doors import text_of, web_doors

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
ONE, TWO, LATE = "7K3M-9QTX", "8M2P-4RSV", "9N3Q-5TVW"
AGENT = CAST[DeskRole.AGENT]


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    made = web_doors(tmp_path)
    hire(made)
    cases(
        made.database,
        **{
            ONE: {"complaint": True, "responded": None, "subject": HOSTILE, "customer_name": HOSTILE},
            TWO: {"owner": AGENT, "topic": HOSTILE, "language": "fi"},
            LATE: {"status": "waiting"},
        },
    )
    fill(
        made.database,
        promise=[promise(LATE, NOON - timedelta(hours=2))],
        mail=[mail("BBBB-0001", parked=True, subject=HOSTILE, sender=HOSTILE), mail("BBBB-0002", review=True)],
        effect=[effect("BBBB-0002", error=HOSTILE)],
    )
    yield made
    made.close()


def page_of(doors: LiveDoors, role: DeskRole = DeskRole.AGENT, query: str = "") -> str:
    answer = browser_of(doors, role).get(f"/desk/today{query}")
    assert answer.status_code == 200
    return str(answer.text)


def linked(page: str) -> list[str]:
    return re.findall(r'<a href="/desk/case/([^"]+)">', page)


def test_an_agent_sees_what_waits_the_most_urgent_first(doors: LiveDoors) -> None:
    page = page_of(doors)
    assert linked(page) == [LATE, ONE, "BBBB-0002", "BBBB-0001", TWO]
    assert "2 hours of working time late. The customer was promised an answer" in text_of(page)
    assert 'data-kind="machine"' not in page


def test_data_staff_see_what_a_label_helps_and_can_do_nothing_to_many(doors: LiveDoors) -> None:
    page = page_of(doors, DeskRole.DATA)
    assert linked(page) == ["BBBB-0002"]
    assert "/desk/today/batch" not in page or 'name="what"' not in page


def test_every_number_leads_to_the_cases_behind_it(doors: LiveDoors) -> None:
    for role in DeskRole:
        page = page_of(doors, role)
        tabs = re.findall(r'<a href="\?(kind=[^"]+)" data-kind="(\w+)"[^>]*>[^<]+<b data-number>(\d+)</b>', page)
        assert tabs
        for query, _kind, number in tabs:
            assert page_of(doors, role, f"?{query}").count("<li data-row>") == int(number), (role, query)
        counted = browser_of(doors, role).get("/desk/today/counts").json()
        assert {kind: counted[kind] for _, kind, _ in tabs} == {kind: number for _, kind, number in tabs}


def test_words_of_a_mail_stay_words(doors: LiveDoors) -> None:
    for role in DeskRole:
        page = page_of(doors, role, f"?text={HOSTILE}") + page_of(doors, role)
        assert "<script>alert" not in page
        assert "<img" not in page


@pytest.mark.parametrize("query", ["?kind=nothing", "?after=1.2.3"])
def test_a_wrong_address_says_so(doors: LiveDoors, query: str) -> None:
    assert browser_of(doors, DeskRole.AGENT).get(f"/desk/today{query}").status_code == 422


def test_filters_stand_in_the_address_and_in_the_form(doors: LiveDoors) -> None:
    assert linked(page_of(doors, query="?owner=mine")) == [TWO]
    assert linked(page_of(doors, query="?language=fi&kind=case")) == [TWO]
    page = page_of(doors, query="?owner=mine&kind=case&after=")
    assert '<option value="mine" selected>' in page
    assert '<input type="hidden" name="kind" value="case">' in page


def test_a_view_is_saved_for_oneself_and_given_up(doors: LiveDoors) -> None:
    browser: Any = browser_of(doors, DeskRole.AGENT)
    answer = browser.submit("/desk/today/views/save", name="my own", query="owner=mine&next=//evil.example")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/today?owner=mine")
    assert "☆ my own" in page_of(doors)
    assert "☆ my own" not in page_of(doors, DeskRole.LEAD)
    lead: Any = browser_of(doors, DeskRole.LEAD)
    assert lead.submit("/desk/today/views/delete", name="my own").status_code == 404
    assert browser.submit("/desk/today/views/delete", name="my own").status_code == 303
    assert "☆ my own" not in page_of(doors)


def test_many_are_done_at_once_told_and_undone(doors: LiveDoors) -> None:
    browser: Any = browser_of(doors, DeskRole.AGENT)
    chosen = [ONE, TWO, "AAAA-AAAA"]
    answer = browser.submit("/desk/today/batch", ref=chosen, what="status:resolved", query="kind=case")
    assert answer.status_code == 303
    where = answer.headers["location"]
    assert where.startswith("/desk/today?kind=case&done=")
    assert doors.board.show(ONE).status is TicketStatus.RESOLVED
    page = browser.get(where).text
    assert "2 were done." in text_of(page)
    assert "AAAA-AAAA was not done: there is no such ticket" in text_of(page)
    done = where.rpartition("=")[2]
    lead: Any = browser_of(doors, DeskRole.LEAD)
    assert "were done" not in lead.get(where).text
    assert lead.submit("/desk/today/undo", done=done).status_code == 404
    assert (
        browser.submit("/desk/today/undo", done=done, query="kind=case").headers["location"] == "/desk/today?kind=case"
    )
    assert doors.board.show(ONE).status is TicketStatus.ACTIVE
    undone, did = doors.audit.find(AuditFilter(action="batch", account=AGENT), limit=2)
    assert (did.before, did.subject) == ({ONE: "active", TWO: "active"}, "status:resolved")
    assert undone.after == {ONE: "active", TWO: "active"}


def test_what_was_changed_since_is_told_at_the_undo(doors: LiveDoors) -> None:
    browser: Any = browser_of(doors, DeskRole.AGENT)
    where = browser.submit("/desk/today/batch", ref=[TWO], what="assign:").headers["location"]
    doors.board.assign(TWO, "ben@example.com", "ben@example.com", NOON)
    answer = browser.submit("/desk/today/undo", done=where.rpartition("=")[2])
    assert answer.status_code == 409
    assert "ben@example.com" in text_of(answer.text)


@pytest.mark.parametrize(
    "fields", [{}, {"what": "erase", "ref": ONE}, {"what": "status:gone", "ref": ONE}, {"what": "assign:"}]
)
def test_nothing_chosen_or_nothing_known_is_told(doors: LiveDoors, fields: dict[str, str]) -> None:
    browser: Any = browser_of(doors, DeskRole.AGENT)
    assert browser.submit("/desk/today/batch", **fields).status_code == 422
