"""Letters that change while the worker runs: taken up when they are fit, else the last good version serves."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pipeline.errors import TemplateError
from pipeline.replies import child, supervise
from pipeline.replies.letters import TemplateLetters
from pipeline.replies.variables import samples
from tests import bad_templates as bad
from tests.desk import ROOT, Desk
from tests.desk import letter as mail
from tests.servers.pymap_server import PymapServer
from tests.servers.smtp_sink import SmtpSink

VALUES = samples()
BASE = "Hello {{ name }},\n\n{% block body %}{% endblock %}\n\n{{ ref }}\n"


def letter(text: str) -> str:
    return bad.HEAD + '{% extends "base.txt" %}\n{% block body %}\n' + text + "\n{% endblock %}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "en/base.txt", BASE)
    write(tmp_path, "en/neutral.txt", letter("Soon."))
    write(tmp_path, "en/delivery.txt", letter("We look for it."))
    write(tmp_path, "de/neutral.txt", bad.HEAD + "Bald.\n")
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text, encoding="utf-8", newline="")
    os.utime(path, ns=(0, max(path.stat().st_mtime_ns, before + 1_000_000)))


def text_of(letters: TemplateLetters, name: str, language: str = "en") -> str:
    return letters.render(name, language, VALUES).text


BOMBS = [body for body, code in bad.BODIES if code in ("arithmetic", "growth", "nesting", "cycle", "call")]


def test_whatever_is_saved_the_worker_goes_on_with_the_last_good_version(folder: Path) -> None:
    letters = TemplateLetters(folder, "en")
    for body in BOMBS[::6]:
        write(folder, "en/delivery.txt", bad.HEAD + body)
        letters.refresh()
        assert "We look for it." in text_of(letters, "delivery"), body[:100]
        assert list(letters.problems) == ["en/delivery.txt"]
    write(folder, "en/delivery.txt", letter("Mended."))
    letters.refresh()
    assert "Mended." in text_of(letters, "delivery")
    assert letters.problems == {}


def test_a_bad_base_leaves_all_its_letters_as_they_were(folder: Path) -> None:
    letters = TemplateLetters(folder, "en")
    write(folder, "en/base.txt", "{{ nonsense }}")
    letters.refresh()
    assert text_of(letters, "delivery").startswith("Hello Eve Miller,")
    assert "en/base.txt" in letters.problems["en/delivery.txt"]
    assert text_of(letters, "neutral", "de") == "Bald.\n"


def test_a_good_base_is_taken_up_by_all_its_letters_and_changes_their_versions(folder: Path) -> None:
    letters = TemplateLetters(folder, "en")
    before = letters.loaded["en", "delivery"].version
    write(folder, "en/base.txt", BASE.replace("Hello", "Dear"))
    letters.refresh()
    assert text_of(letters, "delivery").startswith("Dear Eve Miller,")
    assert letters.loaded["en", "delivery"].version != before
    assert letters.loaded["en", "delivery"].version != letters.loaded["en", "neutral"].version


def test_the_last_good_version_survives_a_restart(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "var" / "templates.json"
    TemplateLetters(folder, "en", kept=kept)
    write(folder, "en/delivery.txt", bad.HEAD + "{{ nonsense }}")
    again = TemplateLetters(folder, "en", kept=kept)
    assert "We look for it." in text_of(again, "delivery")
    assert "en/delivery.txt" in again.problems


def test_what_was_found_fit_is_not_looked_at_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "var" / "templates.json"
    TemplateLetters(folder, "en", kept=kept)
    monkeypatch.setattr(supervise, "check", lambda *_args, **_more: pytest.fail("looked again"))
    assert "We look for it." in text_of(TemplateLetters(folder, "en", kept=kept), "delivery")


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"checker": "another", "letters": {}, "texts": {}}', "\x00"])
def test_a_damaged_memory_is_a_fresh_start(folder: Path, tmp_path: Path, damage: str) -> None:
    kept = tmp_path / "templates.json"
    kept.write_text(damage, encoding="utf-8")
    assert "We look for it." in text_of(TemplateLetters(folder, "en", kept=kept), "delivery")
    assert json.loads(kept.read_text(encoding="utf-8"))["letters"]


def test_a_deleted_letter_is_gone(folder: Path) -> None:
    letters = TemplateLetters(folder, "en")
    (folder / "en/delivery.txt").unlink()
    letters.refresh()
    assert letters.names == {("en", "neutral"), ("de", "neutral")}


def test_an_html_part_that_comes_later_is_taken_up(folder: Path) -> None:
    letters = TemplateLetters(folder, "en")
    write(folder, "en/delivery.html", "<p>{{ subject }}</p>")
    letters.refresh()
    hostile = {**VALUES, "subject": '<a href="https://evil.example">'}
    assert letters.render("delivery", "en", hostile).html == "<p>&lt;a href=&#34;https://evil.example&#34;&gt;</p>"


def test_when_nothing_can_be_checked_all_stays_and_it_is_tried_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = TemplateLetters(folder, "en")
    write(folder, "en/delivery.txt", letter("Changed."))

    def refuse(*_args: object, **_more: object) -> None:
        raise TemplateError("no memory")

    with monkeypatch.context() as broken:
        broken.setattr(supervise, "check", refuse)
        letters.refresh()
    assert "We look for it." in text_of(letters, "delivery")
    assert letters.problems
    letters.refresh()
    assert "Changed." in text_of(letters, "delivery")


def test_the_languages_to_try_are_configured_one_by_one(folder: Path) -> None:
    letters = TemplateLetters(folder, "en", chains={"fi": ["de"], "sv": ["fi", "de"]})
    assert letters.chain("sv") == ["sv", "fi", "de", "en"]
    assert letters.language("neutral", "fi") == "de"
    assert letters.chosen("delivery", "fi") == ("en", "delivery")
    assert letters.chosen("nonsense", "sv") == ("de", "neutral")
    assert letters.render("neutral", "sv", VALUES).text == "Bald.\n"


def test_style_sheets_of_the_page_are_put_where_they_apply(folder: Path) -> None:
    write(folder, "en/delivery.html", "<style>p { color: red }</style><p>{{ name }}</p>")
    letters = TemplateLetters(folder, "en")
    assert '<p style="color: red' in letters.render("delivery", "en", VALUES).html


def test_html_made_from_text_is_escaped_and_links_only_to_our_own_pages(folder: Path) -> None:
    body = "{{ subject }}\n{% for article in articles %}{{ article.link }}{% endfor %}"
    write(folder, "en/delivery.txt", letter(body))
    letters = TemplateLetters(folder, "en", make_html=True)
    page = letters.render("delivery", "en", {**VALUES, "subject": "<b> https://evil.example"}).html
    link = VALUES["articles"][0]["link"]
    assert f'<a href="{link}">{link}</a>' in page
    assert page.count("<a ") == 1
    assert "&lt;b&gt; https://evil.example" in page
    assert TemplateLetters(folder, "en").render("delivery", "en", VALUES).html == ""


def test_the_child_can_write_nothing_and_take_no_large_memory(tmp_path: Path) -> None:
    import subprocess
    import sys

    script = """
from pipeline.replies import child
child.limit()
try:
    bytearray(400 * 1024 * 1024)
except MemoryError:
    print("no memory")
try:
    with open("written", "w") as file:
        file.write("x")
except OSError:
    print("no file")
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.stdout.split("\n")[:2] == ["no memory", "no file"], done.stderr
    assert child.MEMORY <= 256 * 1024 * 1024


def test_once_answers_with_the_last_good_letter_and_status_says_so(
    folder: Path, tmp_path: Path, pymap: PymapServer, sink: SmtpSink
) -> None:
    user = f"{tmp_path.name}@example.com"
    pymap.add_user(user, "pw-support")
    desk = Desk(tmp_path / "desk", pymap.port, sink.port, user)
    config = desk.folder / "config.toml"
    config.write_text(config.read_text(encoding="utf-8").replace(f"{ROOT}/templates", str(folder)), encoding="utf-8")
    for number, text in enumerate((letter("Soon."), bad.HEAD + "{{ 9**9**9 }}"), 1):
        write(folder, "en/neutral.txt", text)
        pymap.deliver(mail(number), user=user)
        desk.run("once")
        accepted = sink.wait_for(number, 60)
        assert b"Soon." in accepted[-1].data
    problems = desk.json("status", expect=1)["templates"]["problems"]
    assert "arithmetic" in problems["en/neutral.txt"]
