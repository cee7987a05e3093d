"""A lead's morning in a browser: what went wrong last week is found by clicking, down to the mails of customers.

The week is the planted one of the simulated quarter: a topic that got slow, an owner who breaks promises, a letter
whose new version annoys.
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import insert

from pipeline.clock import FakeClock
from pipeline.desk import accounts
from pipeline.records.account import DeskRole
from pipeline.store import schema
from pipeline.web.serving import PageServer
from pipeline.wiring.live_doors import LiveDoors
from tests import quarter
from tests.desk_cast import CAST, hire
from tests.pictures import picture
from tests.web_doors import web_doors

WEEKS_BEFORE = 4


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDoors]:
    topics = {topic: {"owner": quarter.OWNERS[number % 3]} for number, topic in enumerate(quarter.TOPICS)}
    web = {"listen": "127.0.0.1:0", "limit": "0", "url": ""}
    doors = web_doors(tmp_path_factory.mktemp("morning"), web=web, topics=topics)
    dice = random.Random(11)
    weeks = [quarter.lived(dice, week) for week in range(quarter.PLANTED + 1)]
    with doors.database.writing() as connection:
        for rows in weeks[-WEEKS_BEFORE - 1 :]:
            for table, some in quarter.with_mails(rows).items():
                connection.execute(insert(schema.metadata.tables[table]), some)
    clock = doors.clock
    assert isinstance(clock, FakeClock)
    clock.pass_by(quarter.START + (quarter.PLANTED + 1) * quarter.WEEK - clock.now())
    hire(doors)
    yield doors
    doors.close()


@pytest.fixture(scope="module")
def base(lived: LiveDoors) -> Iterator[str]:
    server, enough = PageServer(lived), threading.Event()
    thread = threading.Thread(target=server.serve, args=[enough.is_set])
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    enough.set()
    thread.join()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def page(request: pytest.FixtureRequest, lived: LiveDoors, base: str, browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1200, "height": 800}, java_script_enabled=request.param)
    secret = accounts.begin_session(lived, CAST[DeskRole.LEAD], "127.0.0.1", "test")
    context.add_cookies([{"name": "desk", "value": secret, "url": base}])
    opened = context.new_page()
    opened.trouble = []
    opened.on("console", lambda message: opened.trouble.append(message.text))
    opened.goto(f"{base}/desk/report")
    yield opened
    assert opened.trouble == []
    context.close()


def follow(page: Any, name: str) -> None:
    """A link of the report to the figures of what it names."""
    page.get_by_role("link", name=name, exact=True).first.click()
    assert page.locator(".tag.warm").count() == 1  # it says what is left out, and how to see all again


def figure(page: Any, name: str) -> str:
    """What a card says."""
    card = page.locator(".figures .card").filter(has=page.get_by_role("link", name=name, exact=True))
    return str(card.locator(".figure a").inner_text())


def test_a_letter_that_annoys_is_found_down_to_its_mails(page: Any) -> None:
    assert "less satisfied after the letter en/refund b2" in page.inner_text("main")
    follow(page, quarter.ANNOYING)
    assert int(figure(page, "CSAT: satisfied").rstrip("%")) < 40
    card = page.locator(".figures .card").filter(has=page.get_by_role("link", name="CSAT: satisfied", exact=True))
    card.locator(".figure a").click()
    assert page.inner_text("h1") == "Answers to CSAT, the worst first"
    scores = [int(text) for text in page.locator(".hits .tag").all_inner_texts()]
    assert scores == sorted(scores)
    assert scores[0] == 1
    page.locator(".hits a").first.click()
    assert "About my refund" in page.inner_text("h1")
    page.go_back()
    page.get_by_role("link", name="Back to the figures").click()
    assert page.inner_text("h1") == "Figures"


def test_a_topic_that_got_slow_is_found_beside_its_own_past(page: Any, base: str) -> None:
    follow(page, quarter.SLOW)
    page.get_by_role("link", name="4 weeks", exact=True).click()
    page.get_by_role("link", name="First answer, half within", exact=True).click()
    picture(page, "desk-figures", height=900)
    page.locator("#shown svg.chart").wait_for()
    heights = [float(one.get_attribute("cy")) for one in page.locator("#shown circle").all()]
    assert heights  # in most days there are fewer than ten of one topic, so points are few
    page.get_by_role("link", name="12 weeks", exact=True).click()
    heights = [float(one.get_attribute("cy")) for one in page.locator("#shown circle").all()]
    slowest = min(range(len(heights)), key=heights.__getitem__)  # the higher, the smaller is y
    assert slowest >= len(heights) - 2  # the week lies across two of the calendar
    page.locator("#shown svg a").nth(slowest).click()
    assert page.inner_text("h1") == "Cases with a first answer, the slowest first"
    assert page.locator(".hits li").count() >= 10
    assert set(page.locator(".hits a").all_inner_texts()) == {"About my technical"}


def test_who_breaks_promises_is_found_beside_the_others(page: Any, base: str) -> None:
    page.goto(f"{base}/desk/figures?days=7")
    page.get_by_label("Side by side").select_option("owner")
    page.get_by_role("button", name="Show").click()
    header = page.locator("table").last.locator("th").all_inner_texts()
    place = next(number for number, text in enumerate(header) if text == "Promises to answer, kept")
    kept = {
        row.locator("td").first.inner_text(): int(row.locator("td").nth(place).inner_text().rstrip("%"))
        for row in page.locator("table").last.locator("tbody tr").all()
    }
    assert min(kept, key=kept.__getitem__) == quarter.LATE
    assert kept[quarter.LATE] < 70 < min(share for owner, share in kept.items() if owner != quarter.LATE)
    row = page.locator("table").last.locator("tbody tr").filter(has_text=quarter.LATE)
    row.locator("td").nth(place).locator("a").click()
    assert page.locator(".hits .tag").first.inner_text() == "missed"
    missed = page.locator(".hits .tag").count()
    total = re.search(r"(\d+) cases", page.inner_text("main"))
    assert total
    assert round(100 * (1 - missed / int(total[1]))) == kept[quarter.LATE]


@pytest.mark.parametrize("page", [True], indirect=True)
def test_the_pages_with_figures_are_accessible(page: Any, base: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for path in ("/desk/report", "/desk/figures?days=84&by=topic&figure=csat", "/desk/figures/cases?figure=csat"):
        page.goto(base + path)
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert len(page.content()) < 100_000
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
