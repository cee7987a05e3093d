"""The editor of letters in a real browser: with and without a script, and with texts and mails that want to run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from pipeline.desk import accounts
from pipeline.records.account import DeskRole
from pipeline.web.serving import PageServer
from pipeline.wiring.live_doors import LiveDoors
from tests import bad_templates as bad
from tests.desk_cast import CAST, hire
from tests.doors.test_texts import letter, own_doors, path_of
from tests.waiting import wait_until
from tests.web_doors import complained

PLACE = "/desk/letters/letter/en/neutral"
EVIL = "</textarea></pre><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
RUNS = [  # HTML parts that want to run or load something, and one that only looks like a page
    "<script>parent.document.title='owned'</script>",
    "<img src='https://evil.example/x.gif' onerror='parent.document.title=1'>",
    "<iframe src='javascript:parent.document.title=1'></iframe>",
    "<form action='https://evil.example'><button>Press</button></form>",
]


@dataclass
class Edited:
    """A desk that is up, with letters of its own."""

    doors: LiveDoors
    base: str

    def page(self, browser: Any, role: DeskRole = DeskRole.AGENT, **options: Any) -> Any:
        """A page of somebody who is signed in; what goes wrong in it, and what it fetches, is collected."""
        context = browser.new_context(viewport={"width": 1200, "height": 900}, **options)
        secret = accounts.begin_session(self.doors, CAST[role], "127.0.0.1", "test")
        context.add_cookies([{"name": "desk", "value": secret, "url": self.base}])
        page = context.new_page()
        page.trouble, page.fetched = [], []
        page.on("console", lambda message: page.trouble.append(message.text))
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.on("dialog", lambda dialog: page.trouble.append(dialog.message) or dialog.dismiss())
        page.on("request", lambda request: page.fetched.append(request.url))
        return page


@pytest.fixture
def edited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edited]:
    doors = own_doors(tmp_path_factory.mktemp("letters"), web={"listen": "127.0.0.1:0", "limit": "0", "url": ""})
    hire(doors)
    server, enough = PageServer(doors), threading.Event()
    thread = threading.Thread(target=server.serve, args=[enough.is_set])
    thread.start()
    yield Edited(doors, f"http://127.0.0.1:{server.port}")
    enough.set()
    thread.join()
    doors.close()


def press(page: Any, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def unharmed(page: Any, edited: Edited) -> None:
    assert "owned" not in page.title()
    assert [text for text in page.trouble if "status of 4" not in text] == []
    assert all(url.startswith(edited.base) for url in page.fetched)


def test_without_a_script_a_letter_is_checked_shown_and_saved(edited: Edited, browser: Any) -> None:
    page = edited.page(browser, java_script_enabled=False)
    page.goto(edited.base + PLACE)
    text = page.locator("#text")
    right = text.input_value().replace("Thank you", "Many thanks to you")
    text.fill(right.replace("{{ ref }}.", "{{ reff }}."))
    press(page, "Check")
    assert "did you mean 'ref'?" in page.locator("#findings").inner_text()
    page.locator("#text").fill(right)
    press(page, "Preview")
    assert "Many thanks to you" in page.locator("#preview").inner_text()
    press(page, "What changes?")
    assert "+ Many thanks to you" in page.locator("#difference").inner_text()
    page.locator("#why").fill("kinder")
    press(page, "Save")
    assert "kinder" in page.locator("main").inner_text()
    assert "Many thanks to you" in path_of(edited.doors, letter(edited.doors, "neutral")).read_text(encoding="utf-8")


def test_a_variable_is_put_in_where_one_types_and_a_finding_leads_to_its_line(edited: Edited, browser: Any) -> None:
    page = edited.page(browser)
    page.goto(edited.base + PLACE)
    text = page.locator("#text")
    text.fill("Subject: Hello\n\nHello \nBye {{ nmae }}\n")
    page.evaluate("document.querySelector('#text').setSelectionRange(22, 22)")
    page.get_by_role("button", name="{{ ref }}").click()
    assert text.input_value() == "Subject: Hello\n\nHello {{ ref }}\nBye {{ nmae }}\n"
    page.get_by_role("button", name="line 4").click()
    selected = page.evaluate("(() => { const t = document.querySelector('#text'); "
                             "return t.value.slice(t.selectionStart, t.selectionEnd) })()")  # fmt: skip
    assert selected == "Bye {{ nmae }}"
    unharmed(page, edited)


def test_what_was_typed_last_is_kept_when_one_leaves_at_once(edited: Edited, browser: Any) -> None:
    page = edited.page(browser)
    page.goto(edited.base + PLACE)
    page.locator("#text").fill(page.locator("#text").input_value() + "{# the last words #}")
    page.get_by_role("navigation", name="Languages").get_by_role("link", name="de").click()
    page.wait_for_url("**/letter/de/neutral")
    agent, place = CAST[DeskRole.AGENT], letter(edited.doors, "neutral")
    draft = wait_until(lambda: edited.doors.text_drafts.of(agent, place), "the draft")
    assert "{# the last words #}" in draft.parts["en/neutral.txt"]


def test_everything_is_reached_by_the_keyboard_alone(edited: Edited, browser: Any) -> None:
    page = edited.page(browser)
    page.goto(edited.base + PLACE)
    page.locator("#text").focus()
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim().slice(0, 40)"))
    assert {"Save", "Check", "Preview", "What changes?", "Send it to me", "{{ name }}"} <= set(reached)


@pytest.mark.parametrize("evil", RUNS)
def test_a_page_that_wants_to_run_is_refused_and_does_not(edited: Edited, browser: Any, evil: str) -> None:
    page = edited.page(browser)
    page.goto(edited.base + PLACE)
    page.locator("#text").fill(bad.HEAD + "Hello." + EVIL)
    page.get_by_text("HTML part").first.click()
    page.locator("#page").fill(evil)
    page.locator("#why").fill(EVIL)
    for button in ("Check", "Preview", "What changes?", "Send it to me", "Save"):
        press(page, button)
        assert page.locator("#page").input_value() == evil
        unharmed(page, edited)
    assert "Hello." not in path_of(edited.doors, letter(edited.doors, "neutral")).read_text(encoding="utf-8")
    page.goto(edited.base + PLACE)  # and the draft of it
    unharmed(page, edited)


def test_a_letter_to_somebody_hostile_is_only_looked_at(edited: Edited, browser: Any) -> None:
    complained(edited.doors, name=EVIL, subject=EVIL, text=EVIL + "My parcel is late, this is unacceptable.")
    page = edited.page(browser)
    page.goto(edited.base + PLACE)
    page.locator("#text").fill(page.locator("#text").input_value().replace("Thank you", f"{EVIL} Thank you"))
    press(page, "Preview")
    page.get_by_text("As a page, wide and on a telephone").first.click()
    page.frame_locator("#preview iframe").first.get_by_text("Thank you").wait_for()
    unharmed(page, edited)


def test_of_two_who_edit_each_sees_the_other_and_that_the_file_has_changed(edited: Edited, browser: Any) -> None:
    anna, lea = edited.page(browser), edited.page(browser, DeskRole.LEAD)
    anna.goto(edited.base + PLACE)
    lea.goto(edited.base + PLACE)
    lea.get_by_text("Anna Agent has this text open.").wait_for()
    anna.locator("#text").fill(anna.locator("#text").input_value() + "{# anna #}")
    anna.locator("#why").fill("hers")
    press(anna, "Save")
    lea.locator("#text").fill(lea.locator("#text").input_value() + "{# lea #}")
    lea.locator("#why").fill("mine")
    press(lea, "Save")
    assert "somebody has changed its file" in lea.locator("#conflict").inner_text()
    assert "{# lea #}" in lea.locator("#text").input_value()
    assert "{# anna #}" in path_of(edited.doors, letter(edited.doors, "neutral")).read_text(encoding="utf-8")
