"""A data person's evening in a browser: mail that nobody has labelled becomes a version that is in use.

The mails are those of the starter, English and about eight matters, without their labels; what stands there is what the
person at the keyboard says. Here so many that it fits into the suite; `EVENING=2000` takes more.
"""

from __future__ import annotations

import csv
import os
import random
import time
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from bench.setting import fill
from tests.desk import ROOT, Desk
from tests.learned import KEY
from tests.pictures import picture
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import wait_until

MAILS = int(os.environ.get("EVENING", "360"))
REVIEWED = 12 if MAILS < 1_000 else 100
GROUPS, NAMED = 24, 14  # the smallest ones are left: they are labelled one by one
MATTERS = ("account", "billing", "cancellation", "delivery", "order", "product", "refund", "technical")
PASSWORD = "four words nobody expects"
MORE = """[web]
listen = '127.0.0.1:0'
enabled = true
"""
Truth = Mapping[str, str]  # subject and beginning of the text → topic


def mails_of(count: int) -> tuple[list[bytes], Truth]:
    """So many, evenly about the matters as far as there are enough; and what each is about, by its mark."""
    with (ROOT / "training_data/starter-en.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["topic"] in MATTERS]
    random.Random(7).shuffle(rows)
    made, truth = [], {}
    for number, row in enumerate(rows[:count]):
        mail = EmailMessage()
        mail["From"], mail["To"] = f"Person {number} <person{number}@example.org>", "support@example.com"
        mail["Subject"] = row["subject"] or row["text"][:40].replace("\n", " ")
        mail["Message-ID"] = f"<evening{number}@example.org>"
        mail["Date"] = f"Mon, {number % 28 + 1} Sep 2025 10:00:00 +0000"
        mail.set_content(row["text"])
        made.append(mail.as_bytes())
        truth[" ".join(row["text"].split())[:60]] = row["topic"]
    return made, truth


@pytest.fixture
def evening(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Iterator[tuple[Desk, Truth]]:
    """All of it lies in the mailbox before the machine looks into it for the first time."""
    user = dovecot.fresh_user()
    desk = Desk(tmp_path / "desk", dovecot.imap_port, sink.port, user, mailbox={"first_run": "record"}, more=MORE)
    (desk.folder / "var/key").write_bytes(KEY)
    mails, truth = mails_of(MAILS)
    fill(dovecot, mails, user)
    desk.run("once", expect=None)
    with desk.running():
        yield desk, truth


@pytest.fixture
def page(evening: tuple[Desk, Truth], browser: Any) -> Iterator[Any]:
    desk, _ = evening
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    opened = context.new_page()
    opened.base, opened.trouble = desk.pages(), []
    opened.on("console", lambda message: opened.trouble.append(message.text))
    made = desk.json("user", "add", "dora@example.com", "--role", "data", "--name", "Dora", "--link")
    opened.goto(opened.base + made["link"][made["link"].index("/desk") :])
    opened.get_by_label("Password").fill(PASSWORD)
    opened.get_by_label("Once more").fill(PASSWORD)
    opened.get_by_role("button", name="Choose it").click()
    opened.wait_for_url("**/desk/today")
    yield opened
    assert [text for text in opened.trouble if "403" not in text] == []
    context.close()


def topic_of(text: str, truth: Truth) -> str:
    """What the person at the keyboard knows of a mail."""
    plain = " ".join(text.split())
    return next((topic for mark, topic in truth.items() if mark[:40] in plain), "account")


def begin(page: Any, button: str, groups: int = 0) -> None:
    """Long work, until it has ended."""
    page.goto(f"{page.base}/desk/model")
    if groups:
        page.get_by_label("Groups (0").fill(str(groups))
    page.get_by_role("button", name=button, exact=True).click()

    def ended() -> bool:
        page.goto(f"{page.base}/desk/model")
        return bool(page.locator("[data-work]").count() == 0)

    wait_until(ended, lambda: str(page.locator("main").inner_text()), 300)


def name_groups(page: Any, truth: Truth, most: int) -> None:
    """The largest, each with one answer."""
    page.goto(f"{page.base}/desk/model/groups")
    for _ in range(most):
        typical = [topic_of(text, truth) for text in page.locator("article .text").all_inner_texts()]
        topic = max(set(typical), key=typical.count)
        if page.locator(f'button[name=topic][value="{topic}"]').count():
            key = page.locator(f'button[name=topic][value="{topic}"]').get_attribute("data-key")
            with page.expect_navigation():
                page.keyboard.press(key)
        else:
            page.get_by_label("Or one that is not there yet").fill(topic)
            with page.expect_navigation():
                page.get_by_role("button", name="Take it").click()


def review(page: Any, truth: Truth, count: int) -> float:
    """One key each; returns the seconds that it took, the thinking left out."""
    page.goto(f"{page.base}/desk/review")
    took = 0.0
    for _ in range(count):
        topic = topic_of(page.locator("article .text").first.inner_text(), truth)
        key = page.locator(f'button[name=topic][value="{topic}"]').get_attribute("data-key")
        before = page.locator("input[name=mail]").first.get_attribute("value")
        began = time.monotonic()
        with page.expect_navigation():
            page.keyboard.press(key)
        took += time.monotonic() - began
        assert page.locator("input[name=mail]").first.get_attribute("value") != before
    return took


def test_an_evening(evening: tuple[Desk, Truth], page: Any) -> None:
    desk, truth = evening
    page.goto(f"{page.base}/desk/model")
    assert "There is no version yet" in page.inner_text("main")

    # Groups are found, and named with one answer each.
    begin(page, "Find groups of mail", groups=GROUPS)
    name_groups(page, truth, NAMED)
    assert f"{GROUPS - NAMED} groups left" in page.inner_text("main")
    labelled = sum(1 for row in rows_of(desk, "named"))
    assert labelled > MAILS / 2

    # A first version; then the mails that teach most are labelled, one key each.
    begin(page, "Train")
    assert page.locator(".tag.good", has_text="in use").count() == 1, page.inner_text("main")
    page.goto(f"{page.base}/desk/review")
    picture(page, "desk-review")
    took = review(page, truth, REVIEWED)
    assert sum(1 for row in rows_of(desk, "reviewed")) == REVIEWED
    page.keyboard.press("z")
    page.get_by_text("Your last answer is taken back").wait_for()
    assert sum(1 for row in rows_of(desk, "reviewed")) == REVIEWED - 1
    review(page, truth, 1)

    # The next one waits for a person, who looks at what it would change.
    begin(page, "Train, and let me decide")
    page.locator("tbody a").first.click()
    page.get_by_role("link", name="What would it change?").click()
    assert f"On the newest {min(MAILS, 500)} mails" in page.inner_text("main")
    page.goto(f"{page.base}/desk/model")
    picture(page, "desk-model")
    offered = page.get_by_role("button", name="Take it into use")
    if offered.count():  # else the gate has refused it, and says so
        offered.click()
        page.get_by_text("It is in use").wait_for()
        assert page.locator("tbody tr").first.locator(".tag.good").count() == 1
        page.get_by_role("button", name="Go back to the one before").click()
        page.get_by_text("The version before is in use again").wait_for()
    else:
        assert "refused" in page.locator("tbody tr").first.inner_text()

    # What it is sure of is confirmed by lot.
    page.goto(f"{page.base}/desk/confirm")
    if page.locator("article").count():
        with page.expect_navigation():
            page.keyboard.press("1")
        assert page.locator("[role=alert]").count() == 0
    log = page.goto(f"{page.base}/desk/audit")
    assert log.status == 403  # for leads and admins
    for action in ("find-groups", "name-group", "train-model", "label-mail"):
        assert desk.jsonl("audit", "--action", action), action
    print(f"{MAILS} mails, {NAMED} groups, {labelled} named; {REVIEWED} answers in {took:.1f} s without thinking")


def rows_of(desk: Desk, name: str) -> list[dict[str, str]]:
    """Of a file of labels."""
    with (desk.folder / f"training_data/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
