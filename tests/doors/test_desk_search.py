"""The page of search: what it shows, and what it makes of whatever is typed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.desk import accounts
from pipeline.desk.search import catch_up
from pipeline.records.account import DeskRole
from pipeline.web.serving import PageServer
from pipeline.wiring.live_doors import LiveDoors
from tests.desk_cast import CAST, DeskBrowser, browser_of, hire
from tests.web_doors import complained, text_of, web_doors

XSS = "<script>alert(1)</script> \"><img src=x onerror=alert(2)> {{ 7*7 }} '"


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDoors]:
    folder: Path = tmp_path_factory.mktemp("search")
    made = web_doors(folder)
    hire(made)
    for number in range(25):
        complained(made, f"person{number}@example.org", number)
    complained(made, "evil@example.org", 99, subject=f"refund {XSS}", text=f"refunded {XSS} never", name=XSS)
    catch_up(made, 10)
    yield made
    made.close()


@pytest.fixture
def agent(doors: LiveDoors) -> DeskBrowser:
    return browser_of(doors, DeskRole.AGENT)


def test_without_a_question_there_is_the_form_alone(agent: DeskBrowser) -> None:
    page = agent.get("/desk/search")
    assert page.status_code == 200
    assert 'name="q"' in page.text
    assert "Found" not in page.text


def test_hits_lead_to_their_cases_with_the_words_marked(doors: LiveDoors, agent: DeskBrowser) -> None:
    page = agent.get("/desk/search", params={"q": "couriers person7@example.org"})
    (ticket,) = [one.ref for one in doors.board.list() if one.customer == "person7@example.org"]
    assert f'href="/desk/case/{ticket}"' in page.text
    assert "<mark>courier</mark>" in page.text
    assert page.text.count("data-row") == 1


def test_pages_follow_each_other_with_their_filters(agent: DeskBrowser) -> None:
    seen: list[str] = []
    where = "/desk/search?q=courier&complaint=yes"
    while where:
        page = agent.get(where).text
        seen += [part.partition('"')[0] for part in page.split('href="/desk/case/')[1:]]
        where = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        assert not where or "complaint=yes" in where
    assert len(seen) == len(set(seen)) == 25


def test_what_a_customer_wrote_stays_text(agent: DeskBrowser) -> None:
    page = agent.get("/desk/search", params={"q": "refund"})
    assert page.text.count("data-row") == 1
    for tag in ("<script>alert", "<img src=x", "{{ 7*7 }} &#39;</script>", " 49 "):
        assert tag not in page.text
    assert "<mark>refunded</mark> &lt;script&gt;alert" in page.text


@pytest.mark.parametrize(
    "q", [XSS, "\x00", "a\x00b", '"unbalanced', "* OR NEAR(", "'; drop table mail;", "\u202e", "%", "x" * 900]
)
def test_whatever_is_typed_the_page_answers(agent: DeskBrowser, q: str) -> None:
    page = agent.get("/desk/search", params={"q": q})
    assert page.status_code in (200, 422)
    assert "onerror=alert(2)>" not in page.text
    assert "A mistake of ours" not in page.text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"q": "?!"}, "There is no word in it to look for"),
        ({"q": "x" * 1001}, "That is too long"),
        ({"q": "a " * 40}, "too many words"),
        ({"status": "lost"}, "There is no such status"),
        ({"q": "parcel", "after": "1'"}, "There is no such page"),
    ],
)
def test_what_can_not_be_looked_for_is_said(agent: DeskBrowser, asked: dict[str, str], said: str) -> None:
    page = agent.get("/desk/search", params=asked)
    assert page.status_code == 422
    assert said in text_of(page.text)


def test_days_and_truths_that_are_none_are_left_open(agent: DeskBrowser) -> None:
    asked = {"q": "courier", "since": "yesterday", "until": "9999-12-31", "complaint": "perhaps", "ticket": "2"}
    assert agent.get("/desk/search", params=asked).text.count("data-row") == 20


def test_what_is_not_in_the_index_yet_is_said(
    doors: LiveDoors, agent: DeskBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors.search, "fill", lambda: 0)
    complained(doors, "late@example.org", 500)
    page = text_of(agent.get("/desk/search", params={"q": "late@example.org"}).text)
    assert "not in the index yet" in page
    monkeypatch.undo()
    assert "data-row" in agent.get("/desk/search", params={"q": "late@example.org"}).text


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Where pages are served over plain HTTP, and what is in the cookie of an agent."""
    doors = web_doors(
        tmp_path_factory.mktemp("served"), web={"listen": "127.0.0.1:0", "limit": "0", "url": "http://127.0.0.1:8025"}
    )
    hire(doors)
    complained(doors, subject="Re: " + "Rindfleischetikettierung" * 8, text=f"refunded {'x' * 400}")
    server, enough = PageServer(doors), threading.Event()
    thread = threading.Thread(target=server.serve, args=[enough.is_set])
    thread.start()
    yield f"http://127.0.0.1:{server.port}", accounts.begin_session(doors, CAST[DeskRole.AGENT], "test", "test")
    enough.set()
    thread.join()
    doors.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_it_is_used_on_a_telephone_and_accessible(
    served: tuple[str, str], browser: Any, dark: bool, javascript: bool
) -> None:
    base, secret = served
    scheme = "dark" if dark else "light"
    shown = {"viewport": {"width": 360, "height": 740}, "color_scheme": scheme, "java_script_enabled": javascript}
    context = browser.new_context(**shown)
    context.add_cookies([{"name": "desk", "value": secret, "url": base}])
    page, trouble = context.new_page(), []
    page.on("console", lambda message: trouble.append(message.text))
    page.goto(f"{base}/desk/search")
    page.get_by_label("Words, an address or a reference").fill("refund")
    page.keyboard.press("Enter")
    assert page.locator("mark").inner_text() == "refunded"
    page.get_by_text("Filters").click()
    page.get_by_label("Complaint").select_option("yes")
    page.get_by_role("button", name="Filter").click()
    assert "Nothing was found" in page.locator("main").inner_text()
    page.get_by_role("link", name="Without filters").click()
    assert page.locator("mark").count() == 1
    if javascript:
        from axe_playwright_python.sync_playwright import Axe

        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    assert trouble == []
    context.close()
