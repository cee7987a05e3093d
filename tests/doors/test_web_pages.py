"""The pages in a real browser: with JavaScript and without, on a telephone, readable by everybody."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from pipeline.letter import links
from pipeline.records.survey import SurveyKind
from pipeline.web import wordings
from pipeline.web.serving import PageServer
from pipeline.wiring.live_doors import LiveDoors
from tests.web_doors import COMPLAINT, asked, complained, path_of, solved, web_doors

PHONE, DESK = 360, 1200
each_way = pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])


@dataclass
class Served:
    """Doors with their pages up, and the links that its customers got."""

    doors: LiveDoors
    base: str
    paths: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    doors = web_doors(tmp_path_factory.mktemp("doors"), web={"listen": "127.0.0.1:0", "limit": "0"})
    server, enough = PageServer(doors), threading.Event()
    thread = threading.Thread(target=server.serve, args=[enough.is_set])
    thread.start()
    made = Served(doors, f"http://127.0.0.1:{server.port}")
    made.paths = _paths(doors)
    yield made
    enough.set()
    thread.join()
    doors.close()


def _paths(doors: LiveDoors) -> dict[str, str]:
    """One of each page."""
    long_words = f"{COMPLAINT}\n\nhttps://example.org/{'x' * 200}\n\n{'Rindfleischetikettierung' * 10}"
    ref = complained(doors, text=long_words, subject="Re: " + "parcel " * 40)
    doors.board.comment(ref, "We have found it. It left today.", "anna", doors.clock.now())
    with doors.database.writing() as connection:
        from pipeline.store.schema import ticket_event

        connection.execute(ticket_event.update().where(ticket_event.c.kind == "comment").values(public=True))
    standing = links.status_link(doors.config, doors.signer, ref, doors.clock.now())
    question = asked(doors, solved(doors, email="bob@example.org", number=2))
    return {
        "status": path_of(standing),
        "survey": path_of(question["scores"][3]["link"]),
        "stop": path_of(question["stop_link"]),
        "form": "/feedback",
        "trouble": "/s/wrong",
    }


@pytest.fixture
def open_page(served: Served, browser: Any) -> Iterator[Any]:
    """Opens a page at a width; what goes wrong in the browser is collected, what is fetched too."""
    contexts: list[Any] = []

    def opened(path: str, *, width: int = DESK, javascript: bool = True, dark: bool = False) -> Any:
        scheme = "dark" if dark else "light"
        context = browser.new_context(
            viewport={"width": width, "height": 740}, java_script_enabled=javascript, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.trouble, page.fetched = [], []
        page.on("console", lambda message: page.trouble.append(message.text))
        page.on("request", lambda request: page.fetched.append(request.url))
        page.goto(served.base + path)
        return page

    yield opened
    for context in contexts:
        assert context.cookies() == []
        context.close()


@pytest.mark.parametrize("name", ["status", "survey", "stop", "form", "trouble"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_page_fits_a_telephone_is_accessible_and_fetches_nothing_from_elsewhere(
    served: Served, open_page: Any, name: str, dark: bool
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(served.paths[name], width=PHONE, dark=dark)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert {url.removeprefix(served.base) for url in page.fetched} <= {served.paths[name], "/style.css", "/favicon.ico"}
    assert [text for text in page.trouble if "404" not in text] == []  # the page of troubles is one itself
    # axe is put into the page by the test, beside its policy; the pages themselves run nothing.
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("language", wordings.LANGUAGES)
def test_the_form_fits_a_telephone_in_every_language(open_page: Any, language: str) -> None:
    page = open_page(f"/feedback?lang={language}", width=PHONE)
    assert page.locator("html").get_attribute("lang") == language
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


@each_way
def test_a_message_is_written_and_sent(served: Served, open_page: Any, javascript: bool) -> None:
    page = open_page("/feedback", width=PHONE, javascript=javascript)
    page.get_by_label("Your message").fill(f"{COMPLAINT} {javascript}")
    page.get_by_label("Your e-mail address").fill(f"eve{javascript}@example.org")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    ref = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", page.locator("main").inner_text())
    assert ref
    assert served.doors.reading.mail(ref[0]).customer == f"eve{javascript}@example.org".lower()


@each_way
def test_a_question_is_answered_with_the_keyboard_alone(served: Served, open_page: Any, javascript: bool) -> None:
    doors = served.doors
    ref = solved(doors, email=f"keys{javascript}@example.org", number=10 + javascript)
    link = path_of(asked(doors, ref)["scores"][4]["link"])
    page = open_page(link, width=PHONE, javascript=javascript)
    assert page.get_by_role("radio", checked=True).get_attribute("value") == "5"
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    assert page.get_by_role("radio", checked=True).get_attribute("value") == "4"
    page.get_by_role("button", name="Send").press("Enter")
    page.locator("main", has_text="noted").wait_for()
    row = doors.surveys.find(f"{ref}:{SurveyKind.CSAT}")
    assert row
    assert row.state == "answered"
    page.goto(served.base + link)
    assert "answered already" in page.locator("main").inner_text()


def test_nobody_can_read_what_is_typed_into_the_hidden_field(open_page: Any) -> None:
    page = open_page("/feedback", width=PHONE)
    field_of_robots = page.locator("#website")
    assert field_of_robots.bounding_box()["x"] < 0
    assert page.locator("[aria-hidden=true] #website").count() == 1
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") != "website"


def test_what_the_customer_wrote_stands_there_whole(served: Served, open_page: Any) -> None:
    page = open_page(served.paths["status"], width=PHONE, javascript=False)
    text = page.locator("main").inner_text()
    for part in ("in line to be worked on", "We have found it", "Terrible and unacceptable", "Rindfleisch"):
        assert part in text
    assert page.locator("main").bounding_box()["width"] <= PHONE
