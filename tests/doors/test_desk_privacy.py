"""The page about personal data: looked up, saved, erased; and nowhere an address that outlives its customer."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.records.account import DeskRole
from pipeline.records.personal import Hold
from pipeline.store.audit import AuditFilter
from pipeline.wiring.live_doors import LiveDoors
from tests.desk_cast import DeskBrowser, browser_of, hire
from tests.web_doors import COMPLAINT, complained, text_of, web_doors

EVE = "eve@example.org"


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[LiveDoors]:
    made = web_doors(tmp_path)
    hire(made)
    complained(made, EVE, text=f"{COMPLAINT} Quetzal.")
    complained(made, "ada@example.com", 2, text=f"{COMPLAINT} My friend is {EVE}.")
    yield made
    made.close()


def post(browser: DeskBrowser, path: str, **form: str) -> tuple[int, str]:
    answer: Any = browser.submit(path, **form)
    return answer.status_code, answer.text


def test_what_there_is_is_shown(doors: LiveDoors) -> None:
    status, page = post(browser_of(doors, DeskRole.LEAD), "/desk/privacy", address="Eve@Example.org")
    assert status == 200
    text = text_of(page)
    assert "Mails of theirs 1" in text
    assert "Mails of others in which they are named 1" in text
    assert "Erase this customer" not in text, "that is for admins"


def test_all_of_it_is_saved(doors: LiveDoors) -> None:
    browser = browser_of(doors, DeskRole.LEAD)
    answer: Any = browser.submit("/desk/privacy/export", address=EVE)
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as whole:
        assert "Quetzal" in whole.read("data.html").decode()


def test_a_customer_is_erased_when_the_address_is_typed_twice(doors: LiveDoors) -> None:
    browser = browser_of(doors, DeskRole.ADMIN)
    status, page = post(browser, "/desk/privacy/erase", address=EVE, again="ada@example.com")
    assert status == 422
    assert "not the same" in text_of(page)
    status, page = post(browser, "/desk/privacy/erase", address=EVE, again=EVE, others="yes")
    assert status == 200
    assert "Erased." in text_of(page)
    assert EVE not in page
    _, after = post(browser, "/desk/privacy", address=EVE)
    assert "Mails of theirs 0" in text_of(after)
    assert "Mails of others in which they are named 0" in text_of(after)


def test_what_must_be_kept_is_shown_and_not_erased(doors: LiveDoors) -> None:
    browser = browser_of(doors, DeskRole.ADMIN)
    doors.holds.put(Hold(what=EVE, at=doors.clock.now(), who="anna", why="a court"))
    _, page = post(browser, "/desk/privacy", address=EVE)
    assert "It must be kept:" in text_of(page)
    assert "Erase this customer" not in text_of(page)
    status, _ = post(browser, "/desk/privacy/erase", address=EVE, again=EVE)
    assert status == 422


def test_the_audit_log_tells_who_did_it_and_not_to_whom(doors: LiveDoors) -> None:
    browser = browser_of(doors, DeskRole.ADMIN)
    post(browser, "/desk/privacy", address=EVE)
    post(browser, "/desk/privacy/erase", address=EVE, again=EVE)
    entries = doors.audit.find(AuditFilter(), limit=0)
    done = {one.action: one for one in entries}
    assert {"look-up-customer", "erase-customer"} <= set(done)
    assert done["erase-customer"].subject.startswith("E-")
    assert EVE not in str(entries)


def test_what_is_no_address_is_refused(doors: LiveDoors) -> None:
    status, page = post(browser_of(doors, DeskRole.ADMIN), "/desk/privacy", address="<script>alert(1)</script>")
    assert status == 422
    assert "<script>alert" not in page
