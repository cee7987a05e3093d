"""Each page of the desk in a real browser: readable by everybody, at each width, with and without JavaScript."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from pipeline.desk import accounts, announce
from pipeline.records.account import DeskRole
from pipeline.web.desk.translations import LANGUAGES
from pipeline.web.serving import PageServer
from pipeline.wiring.live_doors import LiveDoors
from tests.desk_cast import CAST, hire
from tests.desk_pages import desk_routes, place
from tests.web_doors import COMPLAINT, complained, web_doors

PHONE, DESK = 360, 1200
LETTER = {"kind": "letter", "language": "en", "name": "delivery-complaint"}
NOT_PAGES = ("static", ".csv", "/oidc", "/enter/", "/events", "/counts", "/frame", "/attachment")
PAGES = sorted(
    path
    for method, path, _ in desk_routes()
    if method == "GET" and path.strip("/") != "desk" and not any(part in path for part in NOT_PAGES)
)


@dataclass
class ServedDesk:
    """A desk that is up, with some work on it."""

    doors: LiveDoors
    base: str
    values: dict[str, str] = field(default_factory=dict)  # for the gaps in paths


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedDesk]:
    web = {"listen": "127.0.0.1:0", "limit": "0", "url": ""}
    doors = web_doors(tmp_path_factory.mktemp("desk"), web=web)
    hire(doors)
    long_words = f"{COMPLAINT}\n\nhttps://example.org/{'x' * 200}\n\n{'Rindfleischetikettierung' * 10}"
    ref = complained(doors, text=long_words, subject="Re: " + "parcel " * 40)
    for number in range(2, 6):
        complained(doors, email=f"eve{number}@example.org", number=number)
    server, enough = PageServer(doors), threading.Event()
    thread = threading.Thread(target=server.serve, args=[enough.is_set])
    thread.start()
    values = {"ref": ref, "id": ref, "topic": "delivery", "grant": "voucher-10", **LETTER}
    values["number"] = str(announce.begin(doors, "delivery", {"en": "Parcels are late."}, None, "anna")[0].id)
    yield ServedDesk(doors, f"http://127.0.0.1:{server.port}", values)
    enough.set()
    thread.join()
    doors.close()


@pytest.fixture
def open_page(served: ServedDesk, browser: Any) -> Iterator[Any]:
    """Opens a page as an admin; what goes wrong in the browser is collected, what is fetched too."""
    contexts: list[Any] = []

    def opened(path: str, *, width: int = DESK, javascript: bool = True, dark: bool = False) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 740},
            java_script_enabled=javascript,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        secret = accounts.begin_session(served.doors, CAST[DeskRole.ADMIN], "127.0.0.1", "test")
        if path != "/desk/sign-in":
            context.add_cookies([{"name": "desk", "value": secret, "url": served.base}])
        page = context.new_page()
        page.trouble, page.fetched = [], []
        page.on("console", lambda message: page.trouble.append(message.text))
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.on("request", lambda request: page.fetched.append(request.url))
        page.goto(served.base + path)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "dark"), [(DESK, False), (PHONE, True)], ids=["desk, light", "telephone, dark"])
def test_a_page_fits_is_accessible_and_fetches_nothing_from_elsewhere(
    served: ServedDesk, open_page: Any, path: str, width: int, dark: bool
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(place(path, served.values), width=width, dark=dark)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert all(url.startswith(served.base) for url in page.fetched)
    assert [text for text in page.trouble if "status of 4" not in text] == []  # pages of troubles are pages, too
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_the_same_without_javascript(served: ServedDesk, open_page: Any, path: str) -> None:
    page = open_page(place(path, served.values), width=PHONE, javascript=False)
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_telephone_in_every_language(served: ServedDesk, open_page: Any, path: str) -> None:
    where = place(path, served.values)
    page = open_page(where, width=PHONE)
    for language in LANGUAGES:
        page.goto(f"{served.base}{where}?lang={language}")
        assert page.locator("html").get_attribute("lang") == language
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, language


def test_the_first_key_leads_past_the_menu(open_page: Any) -> None:
    page = open_page("/desk/machine")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_keys_lead_to_other_pages_and_not_while_one_types(open_page: Any) -> None:
    page = open_page("/desk/machine")
    page.keyboard.press("?")
    page.wait_for_url("**/desk/keys")
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/desk/machine")
    page.goto(page.url.replace("machine", "account"))
    page.get_by_label("Name, as customers see it").fill("")
    page.keyboard.type("gm?/")
    assert page.url.endswith("/desk/account")
    assert page.get_by_label("Name, as customers see it").input_value() == "gm?/"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_an_admin_changes_a_topic_sees_what_follows_and_puts_it_back(
    served: ServedDesk, open_page: Any, javascript: bool
) -> None:
    before = served.doors.config.path.read_bytes()
    page = open_page("/desk/topics", javascript=javascript)
    page.get_by_role("link", name="delivery", exact=True).click()
    page.get_by_label("Who is responsible").fill("ben@example.com")
    page.get_by_role("button", name="What would follow?").click()
    assert "goes to ben@example.com" in page.get_by_role("status").first.inner_text()
    assert page.get_by_label("Who is responsible").input_value() == "ben@example.com"
    page.get_by_role("button", name="Save").click()  # the browser asks why
    assert served.doors.config.path.read_bytes() == before
    page.get_by_role("textbox", name="Why").fill("Anna is on holiday")
    page.get_by_role("textbox", name="Why").press("Enter")
    page.wait_for_url("**/desk/topics/delivery?done=*")
    assert served.doors.config.topics["delivery"].owner == "ben@example.com"
    page.get_by_role("button", name="Put change").first.click()
    page.wait_for_url("**/desk/topics/delivery?done=*")
    assert served.doors.config.path.read_bytes() == before
    assert page.trouble == []
