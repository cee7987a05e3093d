"""An agent's hour with a letter: found by a customer, changed in three languages, tried, saved, taken back."""

from __future__ import annotations

import email
import email.policy
import re
import shutil
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from tests.acceptance.test_operators_day import WEB, choose_password
from tests.desk import ROOT, Desk, letter
from tests.learned import KEY
from tests.pictures import picture
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import wait_until

MAILS = 50
GERMAN = "Guten Tag, wann öffnet Ihr Geschäft am Samstag, und kann ich dort mit Karte bezahlen? Vielen Dank im Voraus."
FRENCH = "Bonjour, à quelle heure votre magasin ouvre-t-il le samedi, et puis-je y payer par carte ? Merci d'avance."
NEW = {
    "en": ("Thank you for writing to us.", "Good that you write to us."),
    "de": ("vielen Dank für Ihre Nachricht.", "schön, dass Sie uns schreiben."),
    "fr": ("Merci de nous avoir écrit.", "C'est bien que vous nous écriviez."),
}
MISTAKES = (  # what is put in place of the sentence, and the words that help
    ("Thank you, {{ nmae }}.", "did you mean 'name'?"),
    ("{% if name %}Thank you.", "needs its end"),
    ("Offers: {{ grants }}", "go over it"),
    ("{% include '../../config.toml' %}", "there is no file"),
)


@pytest.fixture
def desk(dovecot: Dovecot, sink: SmtpSink, tmp_path: Path) -> Desk:
    """Without a model: every mail gets the neutral letter."""
    made = Desk(tmp_path / "desk", dovecot.imap_port, sink.port, dovecot.fresh_user(), more=WEB)
    (made.folder / "var/key").write_bytes(KEY)
    shutil.copytree(ROOT / "templates", made.folder / "templates")
    config = made.folder / "config.toml"
    text = config.read_text(encoding="utf-8").replace(f"{ROOT}/templates", "templates")
    config.write_text(text, encoding="utf-8")
    return made


@pytest.fixture
def running(desk: Desk) -> Iterator[Popen[str]]:
    with desk.running() as process:
        yield process


@pytest.fixture
def anna(desk: Desk, running: Popen[str], browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.base, page.trouble = desk.pages(), []
    page.on("console", lambda message: page.trouble.append(message.text))
    page.on("pageerror", lambda error: page.trouble.append(str(error)))
    made = desk.json("user", "add", "anna@example.com", "--role", "agent", "--name", "Anna Berg", "--link")
    choose_password(page, made["link"])
    yield page
    context.close()


def of_another_language(number: int, text: str) -> bytes:
    message = EmailMessage()
    message["From"] = f"Person {number} <person{number}@example.org>"
    message["To"] = "support@example.com"
    message["Subject"] = f"Samstag {number}"
    message["Message-ID"] = f"<letters-hour-{number}@example.org>"
    message.set_content(text)
    return message.as_bytes().replace(b"\n", b"\r\n")


def got(desk: Desk, sink: SmtpSink, address: str) -> Any:
    """The first letter to somebody, once it is there."""

    def first() -> Any:
        mine = [one.data for one in sink.accepted if one.recipients == (address,)]
        return email.message_from_bytes(mine[0], policy=email.policy.default) if mine else None

    return wait_until(first, desk.log)


def words(mail: Any) -> str:
    return " ".join(str(mail.get_body(("plain",)).get_content()).split())


def press(page: Any, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def change(page: Any, old: str, new: str) -> None:
    """As one types: the page checks it by itself, and keeps it."""
    area = page.locator("#text")
    assert old in area.input_value()
    with page.expect_response("**/check"):
        area.fill(area.input_value().replace(old, new))


def test_an_agents_hour_with_a_letter(
    desk: Desk, running: Popen[str], anna: Any, dovecot: Dovecot, sink: SmtpSink
) -> None:
    for number in range(MAILS):
        dovecot.deliver(letter(number), desk.username)
    dovecot.deliver(of_another_language(60, GERMAN), desk.username)
    dovecot.deliver(of_another_language(61, FRENCH), desk.username)
    wait_until(lambda: len(sink.accepted) == MAILS + 2, desk.log)
    assert NEW["de"][0] in words(got(desk, sink, "person60@example.org"))

    # Which letter did person 7 get? From the case to its template.
    anna.goto(f"{anna.base}/desk/search?q=person7@example.org")
    anna.locator(".hits a").first.click()
    anna.get_by_role("link", name="The template of this letter").click()
    anna.wait_for_url("**/desk/letters/letter/en/neutral?sent=*")
    assert "The customer got this text as it is now." in anna.locator("main").inner_text()

    # Five mistakes, each told at its line while one types, and nothing is saved with one.
    file = desk.folder / "templates/en/neutral.txt"
    before, (old, new) = file.read_text(encoding="utf-8"), NEW["en"]
    anna.locator("#why").fill("warmer")
    for mistake, help_ in MISTAKES:
        change(anna, old, mistake)
        anna.locator("#findings", has_text=help_).wait_for()
        assert re.search(r"Error · line \d+", anna.locator("#findings").inner_text())
        press(anna, "Save")
        assert help_ in anna.locator("#findings").inner_text()
        change(anna, mistake, old)
    change(anna, old, new)
    anna.get_by_text("Nothing is wrong.").wait_for()
    anna.locator("#why").fill("")
    press(anna, "Save")
    assert "colleagues read it later" in anna.locator("main").inner_text()
    assert file.read_text(encoding="utf-8") == before

    # What the last 50 mails would have got instead.
    press(anna, "What changes?")
    difference = anna.locator("#difference").inner_text()
    assert f"Of the last {MAILS} mails that it was for, {MAILS} would get something else" in difference
    assert difference.count("\n-") == difference.count("\n+") == 1  # the line once, not for each mail
    assert f"+ {new}" in difference
    picture(anna, "desk-letter", height=1250)

    # The same sentence in the other languages, one click away. What is typed waits as a draft.
    for language in ("de", "fr"):
        anna.get_by_role("navigation", name="Languages").get_by_role("link", name=language).click()
        change(anna, *NEW[language])
    anna.get_by_role("navigation", name="Languages").get_by_role("link", name="en").click()
    assert new in anna.locator("#text").input_value()

    # To oneself, marked as a test: read at the server. It is no letter to a customer.
    press(anna, "Send it to me")
    test = got(desk, sink, "anna@example.com")
    assert test["Subject"].startswith("[Test] Received [")
    assert new in words(test)
    assert new in str(test.get_body(("html",)).get_content())
    assert test["Auto-Submitted"] == "auto-generated"
    press(anna, "Preview")
    anna.locator("#preview article").nth(4).wait_for()
    assert new in anna.locator("#preview article").first.inner_text()

    # Saved, in French beside an edit on disk, which is shown and not lost.
    for language in ("en", "de"):
        anna.get_by_role("navigation", name="Languages").get_by_role("link", name=language).click()
        anna.locator("#why").fill("warmer")
        press(anna, "Save")
        anna.get_by_text("Saved by Anna Berg").wait_for()
    anna.get_by_role("navigation", name="Languages").get_by_role("link", name="fr").click()
    on_disk = desk.folder / "templates/fr/neutral.txt"
    on_disk.write_text(
        on_disk.read_text(encoding="utf-8").replace("Pour ajouter", "Pour vite ajouter"), encoding="utf-8"
    )
    anna.locator("#why").fill("warmer")
    press(anna, "Save")
    assert "somebody has changed its file" in anna.locator("#conflict").inner_text()
    assert (
        "Pour vite ajouter" in anna.locator("#conflict").inner_text() or anna.locator("#conflict details").count() == 2
    )
    assert "Pour vite ajouter" in on_disk.read_text(encoding="utf-8")
    change(anna, "Pour ajouter", "Pour vite ajouter")
    press(anna, "Save")
    anna.get_by_text("Saved by Anna Berg").wait_for()
    assert [
        NEW["fr"][1] in on_disk.read_text(encoding="utf-8"),
        "Pour vite" in on_disk.read_text(encoding="utf-8"),
    ] == [True] * 2

    # A running Firstline takes it up: the next customers get it.
    wait_until(lambda: all(_in_use(desk, language) for language in NEW), desk.log)
    arriving = {70: letter(70), 71: of_another_language(71, GERMAN), 72: of_another_language(72, FRENCH)}
    for data in arriving.values():
        dovecot.deliver(data, desk.username)
    for number, language in zip(arriving, NEW, strict=True):
        assert NEW[language][1] in words(got(desk, sink, f"person{number}@example.org")), language
    sent = {row["by"]: row["sent"] for row in desk.jsonl("template", "history", "neutral", "--language", "en")}
    assert sent == {"": MAILS, "anna@example.com": 1}  # the test mail is none of them

    # And back, with one click.
    anna.goto(f"{anna.base}/desk/letters/letter/en/neutral/versions")
    assert f"{MAILS} mails" in anna.locator("main").inner_text()
    press(anna, "Go back to it")
    assert file.read_text(encoding="utf-8") == before
    wait_until(lambda: _in_use(desk, "en", why="back to version"), desk.log)
    dovecot.deliver(letter(80), desk.username)
    assert old in words(got(desk, sink, "person80@example.org"))
    assert [text for text in anna.trouble if "status of 4" not in text] == []


def _in_use(desk: Desk, language: str, why: str = "warmer") -> bool:
    """Has the running Firstline taken up what was saved for this reason?"""
    rows = desk.jsonl("template", "history", "neutral", "--language", language)
    return any(row["in_use"] and row["why"].startswith(why) for row in rows)
