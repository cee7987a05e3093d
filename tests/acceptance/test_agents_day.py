"""An agent's day at the desk: twelve mails, worked off with the keyboard in one sitting; and a colleague who helps."""

from __future__ import annotations

import email
import email.policy
import re
import shutil
from collections.abc import Iterator
from email.message import EmailMessage
from subprocess import Popen
from typing import Any

import pytest

from pipeline.learn.registry import Registry
from tests.acceptance.test_operators_day import WEB, choose_password
from tests.desk import Desk, stop
from tests.learned import KEY, starter
from tests.pictures import picture
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import wait_until

FURIOUS = (
    "This is the third time I write! My parcel was due two weeks ago, nobody answers, and your hotline hangs up on me. "
    "An outrage. I want my money back, today, or my lawyer will call you."
)
PERHAPS = "I am not sure that the shelf is as it was shown on your page."
FINNISH = (
    "Hei, pakettini piti saapua viime viikolla, mutta seuranta ei ole liikkunut moneen päivään. Olen todella "
    "pettynyt palveluunne. Missä paketti on?"
)
ASKED = (
    "Where is my parcel? The tracking number shows nothing since Monday.",
    "How do I send a pair of shoes back? They are too large.",
    "My invoice shows the wrong company name. Can you correct it?",
    "I can not log in any more, the password link does not arrive.",
    "Could you change the address of my order before it is sent?",
    "When will the blue lamp be in stock again?",
    "I would like to cancel my subscription at the end of the month.",
    "Is the warranty two years or three for the kettle?",
)
OWNER = "[topics.delivery]\ntrack = 'all'\nowner = 'Anna Berg <anna@example.com>'\nrespond_within = '4h'\n"


def mail(number: int, text: str, subject: str, to: str = "support@example.com") -> bytes:
    message = EmailMessage()
    message["From"] = f"Customer {number} <customer{number}@example.org>"
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = f"<agents-day-{number}@example.org>"
    message.set_content(f"{text}\n\nBest regards\nCustomer {number}\n")
    return message.as_bytes().replace(b"\n", b"\r\n")


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Any) -> Desk:
    made = Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user(), more=WEB + OWNER)
    (made.folder / "var/key").write_bytes(KEY)
    shutil.copytree(starter().registry.folder, made.folder / "models")
    registry = Registry(made.folder / "models", KEY)
    with registry.locked():
        registry.use(starter().version.name, "promote", "the agent's day")
    return made


@pytest.fixture
def running(desk: Desk) -> Iterator[Popen[str]]:
    with desk.running() as process:
        yield process


@pytest.fixture
def people(desk: Desk, running: Popen[str], browser: Any) -> Iterator[dict[str, Any]]:
    """Anna and Ben, each in a browser of their own."""
    pages, contexts = {}, []
    for name in ("anna", "ben"):
        contexts.append(browser.new_context(viewport={"width": 1200, "height": 900}))
        page = contexts[-1].new_page()
        page.base, page.trouble = desk.pages(), []
        page.on("console", lambda message, page=page: page.trouble.append(message.text))
        shown = {"anna": "Anna Berg", "ben": "Ben Holm"}[name]
        made = desk.json("user", "add", f"{name}@example.com", "--role", "agent", "--name", shown, "--link")
        choose_password(page, made["link"])
        pages[name] = page
    yield pages
    for context in contexts:
        context.close()


def open_first(page: Any, words: str) -> None:
    """With j and Enter, as one reads down the list."""
    page.goto(f"{page.base}/desk/today")
    rows = page.locator("[data-row]")
    for _ in range(rows.count()):
        page.keyboard.press("j")
        if words in page.evaluate("document.activeElement.textContent"):
            page.keyboard.press("Enter")
            page.wait_for_url("**/desk/case/**")
            return
    raise AssertionError(f"{words} is not in the list: {rows.all_inner_texts()}")


def answer(page: Any, text: str) -> None:
    """With r, the words, what becomes of the case, and Ctrl+Enter."""
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.id") == "answer-text"
    page.keyboard.type(text)
    page.locator("select[name=then]").select_option("resolved")
    page.locator("#answer-text").focus()
    page.keyboard.press("Control+Enter")
    page.get_by_text("Undo").first.wait_for()


def letters_to(sink: SmtpSink, number: int) -> list[Any]:
    """What a customer got, in its order."""
    mine = [one.data for one in sink.accepted if one.recipients == (f"customer{number}@example.org",)]
    return [email.message_from_bytes(data, policy=email.policy.default) for data in mine]


def body(letter: Any) -> str:
    return str(letter.get_body(("plain",)).get_content())


def test_an_agents_day(
    desk: Desk, running: Popen[str], people: dict[str, Any], dovecot: Dovecot, sink: SmtpSink
) -> None:
    anna, ben = people["anna"], people["ben"]
    arriving = [
        mail(1, FURIOUS, "Where is my parcel?!"),
        mail(2, PERHAPS, "The shelf"),
        mail(3, FINNISH, "Paketti on kadonnut"),
        mail(4, ASKED[0], "Parcel for the archive", to="archive@example.net"),  # not to us: parked
        *(mail(number, text, f"Question {number}") for number, text in enumerate(ASKED, start=5)),
    ]
    dovecot.deliver(arriving[0], desk.username)
    wait_until(lambda: len(desk.jsonl("mail", "list")) == 1, desk.log)
    for one in arriving[1:]:
        dovecot.deliver(one, desk.username)
    wait_until(lambda: len(desk.jsonl("mail", "list")) == len(arriving), desk.log)
    wait_until(lambda: all(letters_to(sink, number) for number in (1, 2, 3, *range(5, 13))), desk.log)
    assert letters_to(sink, 4) == []
    refs = {row["subject"]: row["id"] for row in desk.jsonl("mail", "list")}

    # The furious one is among those that are due first: times are whole minutes, and of the same minute any may be the
    # first. Anna answers; for ten seconds she could take it back, then it goes out once.
    anna.goto(f"{anna.base}/desk/today")
    due_first = anna.locator("[data-row]").all_inner_texts()[:3]
    assert any("Where is my parcel?!" in row for row in due_first)
    assert all("4 hours" in row for row in due_first)
    picture(anna, "desk-today")
    picture(anna, "desk-today-telephone", width=360, height=740)
    open_first(anna, "Where is my parcel?!")
    assert "nobody answers, and your hotline" in anna.locator(".conversation").inner_text()
    picture(anna, "desk-case", height=1000)

    # Ben opens the same case: each sees the other. What he saw is old when her answer is out: nothing is overwritten.
    ben.goto(anna.url)
    ben.get_by_text("Anna Berg has this case open.").wait_for()
    answer(anna, "I have found your parcel, and you get your money back today. Call me under 123 if anything is left.")
    wait_until(lambda: len(letters_to(sink, 1)) == 2, desk.log)
    said = letters_to(sink, 1)[1]
    assert "I have found your parcel" in body(said)
    assert "Anna Berg" in body(said)
    assert said["In-Reply-To"] == "<agents-day-1@example.org>"
    assert said["Auto-Submitted"] is None
    ticket = wait_until(lambda: _resolved(desk, refs["Where is my parcel?!"]), desk.log)
    respond = [one for one in ticket["promises"] if one["kind"] == "respond"]
    assert respond
    assert all(one["kept_by"] == "anna@example.com" for one in respond)  # its clock stands
    ben.get_by_label("Owner").select_option("ben@example.com")
    ben.get_by_role("button", name="Assign").click()
    assert "Nothing of it was overwritten" in ben.locator("main").inner_text()

    # A "perhaps" is one key away from a label.
    open_first(anna, "The shelf")
    with anna.expect_navigation():
        anna.keyboard.press("!")
    assert desk.json("ticket", "show", refs["The shelf"])["complaint"] is False
    answer(anna, "Thank you for telling us. I have sent you better ones.")

    # The Finnish customer is answered in Finnish around her words.
    open_first(anna, "Paketti on kadonnut")
    answer(anna, "Paketti löytyi ja tulee huomenna.")
    finnish = wait_until(lambda: letters_to(sink, 3)[1:], desk.log)[0]
    assert "Paketti löytyi" in body(finnish)
    assert re.search(r"Hei\b|Hyvä", body(finnish))

    # What was parked is released, and answered by the machine then.
    open_first(anna, "Parcel for the archive")
    with anna.expect_navigation():
        anna.keyboard.press("e")
    wait_until(lambda: letters_to(sink, 4), desk.log)

    # The rest, until nothing waits.
    for _ in range(60):
        anna.goto(f"{anna.base}/desk/today")
        if anna.get_by_text("Nothing waits here.").count():
            break
        work_off(anna)
    else:
        raise AssertionError(anna.locator("main").inner_text())
    for number in range(1, 13):
        ids = [letter["Message-ID"] for letter in letters_to(sink, number)]
        assert len(ids) == len(set(ids))
        assert len(ids) <= 3, number
    assert [text for text in (*anna.trouble, *ben.trouble) if "status of 4" not in text] == []
    assert stop(running) == 0


def work_off(page: Any) -> None:
    """The first of the list: what it asks for, it gets."""
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/case/**")
    if page.locator("[data-key=y]").count():  # the machine was unsure: yes, so it is
        with page.expect_navigation():
            page.keyboard.press("y")
    elif page.locator("#answer-text").count() and not page.locator("[data-given]").count():
        answer(page, "Thank you for your question. It is done.")
    else:
        with page.expect_navigation():
            page.keyboard.press("e")


def _resolved(desk: Desk, ref: str) -> dict[str, Any]:
    found: dict[str, Any] = desk.json("ticket", "show", ref)
    return found if found["status"] == "resolved" else {}
