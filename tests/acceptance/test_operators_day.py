"""An operator's day at the desk: a link, a password, is the machine well, a letter that failed, a new colleague."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from tests.desk import Desk, letter, stop
from tests.learned import KEY, toy_registry
from tests.pictures import picture
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import wait_until

PASSWORD = "four words nobody expects"
WEB = "[web]\nlisten = '127.0.0.1:0'\nenabled = true\n"


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    made = Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user(), more=WEB)
    (made.folder / "var/key").write_bytes(KEY)
    toy_registry(made.folder / "models")
    return made


@pytest.fixture
def running(desk: Desk) -> Iterator[Popen[str]]:
    with desk.running() as process:
        yield process


@pytest.fixture
def page(desk: Desk, running: Popen[str], browser: Any) -> Iterator[Any]:
    """Chromium, at the door."""
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    opened = context.new_page()
    opened.base = desk.pages()
    opened.trouble = []
    opened.on("console", lambda message: opened.trouble.append(message.text))
    yield opened
    context.close()


def choose_password(page: Any, link: str) -> None:
    """By the path of the link: the port was not known when it was made."""
    page.goto(page.base + re.sub(r"^https?://[^/]+", "", link))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Once more").fill(PASSWORD)
    page.get_by_role("button", name="Choose it").click()
    page.wait_for_url("**/desk/today")


def verdict(page: Any) -> str:
    page.goto(f"{page.base}/desk/machine")
    return str(page.locator(".verdict").inner_text())


def test_an_operators_day(desk: Desk, running: Popen[str], page: Any, dovecot: Dovecot, sink: SmtpSink) -> None:
    made = desk.json("user", "add", "olga@example.com", "--role", "admin", "--name", "Olga", "--link")
    choose_password(page, made["link"])

    wait_until(lambda: "All is well" in verdict(page), lambda: page.locator("main").inner_text())

    # A letter is refused for good.
    sink.always("CONTENT", "554 5.6.0 this can not be read")
    dovecot.deliver(letter(1), desk.username)
    wait_until(lambda: "not well" in verdict(page), desk.log)
    said = desk.json("status", expect=1)
    shown = [" ".join(text.split()) for text in page.locator(".problems strong").all_inner_texts()]
    assert shown == [" ".join(problem["what"].split()) for problem in said["problems"]]
    sink.as_planned_from_now()
    picture(page, "desk-machine")

    # Its line says why; "try again" sends it, and all is well.
    page.get_by_role("row", name="failed").get_by_role("link").click()
    assert "can not be read" in page.locator("tbody").inner_text()
    page.get_by_role("button", name="Try again").click()
    (accepted,) = sink.wait_for(1, 60)
    assert accepted.recipients == ("person1@example.org",)
    wait_until(lambda: "All is well" in verdict(page), desk.log)

    # A colleague gets an account, and a role that fits better.
    page.get_by_role("link", name="Accounts").click()
    page.get_by_label("E-mail address").fill("anna@example.com")
    page.get_by_label("Name").fill("Anna Berg")
    page.get_by_role("button", name="Add and make a link").click()
    link = page.locator("code").inner_text()
    page.get_by_label("Role of Anna Berg").select_option("lead")
    page.get_by_role("row", name="Anna Berg").get_by_role("button", name="Change").click()

    # All of it stands in the audit log.
    page.get_by_role("link", name="Audit log").click()
    log = page.locator("tbody").inner_text()
    for line in ("change a role", "add an account", "say what became of a letter", "choose a password"):
        assert line in log
    page.locator("select[name=action]").select_option(label="change a role")
    page.get_by_role("button", name="Filter").click()
    assert page.locator("tbody tr").count() == 1
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as a table").click()
    assert '{""role"": ""lead""}' in Path(saved.value.path()).read_text(encoding="utf-8")

    # Signing out; the colleague signs in, and sees no accounts.
    page.get_by_text("Olga", exact=True).click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/desk/sign-in")
    page.goto(f"{page.base}/desk/machine")
    page.wait_for_url("**/desk/sign-in?next=**")
    choose_password(page, link)
    assert page.get_by_role("link", name="Accounts").count() == 0
    assert page.goto(f"{page.base}/desk/accounts").status == 403
    assert [text for text in page.trouble if "status of 4" not in text] == []
    assert stop(running) == 0
    assert json.loads(desk.run("status", "--json").stdout)["healthy"]
