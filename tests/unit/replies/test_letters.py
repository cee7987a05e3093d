"""Templates: found, rendered, reloaded; and what happens when one is broken."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.config.load import check
from pipeline.errors import NotFoundError, TemplateError
from pipeline.replies.files import read_head
from pipeline.replies.letters import SAFE, TemplateLetters
from pipeline.replies.saved import SavedReplies
from pipeline.replies.variables import samples
from tests.samples import table

VALUES = {"ref": "7K3M-9QTX", "name": "Eve", "subject": "<b>parcel</b>"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "en/base.txt", "Hello {{ name }},\n\n{% block body %}{% endblock %}\n\n-- \n{{ ref }}\n")
    write(
        tmp_path,
        "en/neutral.txt",
        'Subject: Thanks [{{ ref }}]\n\n{% extends "base.txt" %}{% block body %}Soon.{% endblock %}',
    )
    write(
        tmp_path,
        "en/delivery.txt",
        'Subject: Re: {{ subject }}\nDescription: Questions about parcels\n\n{% extends "base.txt" %}\n'
        "{% block body %}We look for it.{% endblock %}",
    )
    write(tmp_path, "en/delivery.html", "<p>{{ subject }}</p>")
    write(tmp_path, "de/neutral.txt", "Subject: Danke [{{ ref }}]\r\n\r\nBald, {{ name }}.\r\n")
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + 1_000_000))


def test_a_letter_has_subject_text_and_html_with_what_came_from_outside_escaped(folder: Path) -> None:
    letter = TemplateLetters(folder, "en").render("delivery", "en", VALUES)
    assert letter.subject == "Re: <b>parcel</b>"
    assert letter.text == "Hello Eve,\n\nWe look for it.\n-- \n7K3M-9QTX\n"
    assert letter.html == "<p>&lt;b&gt;parcel&lt;/b&gt;</p>"
    assert letter.problem == ""


def test_a_missing_language_falls_back_and_a_missing_letter_becomes_the_neutral_one(folder: Path) -> None:
    letters = TemplateLetters(folder, "en")
    assert letters.render("delivery", "de", VALUES).language == "en"
    assert letters.language("delivery", "de") == "en"
    assert letters.render("refund", "de", VALUES).subject == "Danke [7K3M-9QTX]"
    assert letters.language("refund", "de") == "de"


def test_a_change_is_picked_up_and_changes_the_version(folder: Path) -> None:
    letters = TemplateLetters(folder, "en")
    before = letters.render("neutral", "en", VALUES)
    write(folder, "en/neutral.txt", "Subject: New\n\nNew text.\n")
    letters.refresh()
    after = letters.render("neutral", "en", VALUES)
    assert after.text == "New text.\n"
    assert after.version != before.version


@pytest.mark.parametrize(
    "broken", ["Subject: x\n\n{% if %}", "no subject\n\nbody", "Subject: x\n\n{% extends 'gone.txt' %}{{"]
)
def test_a_broken_file_leaves_the_last_good_version_in_use(folder: Path, broken: str) -> None:
    letters = TemplateLetters(folder, "en")
    write(folder, "en/neutral.txt", broken)
    letters.refresh()
    assert letters.render("neutral", "en", VALUES).text.startswith("Hello Eve")
    assert list(letters.problems) == ["en/neutral.txt"]


@pytest.mark.parametrize(
    "body",
    [
        "{{ nonsense }}",
        "{{ 1 / 0 }}",
        "{% for a in name * 9999 %}{% for b in name * 9999 %}{{ ref }}{% endfor %}{% endfor %}",
        "{{ ''.__class__.__mro__ }}",
        "{{ range(10) }}",
        '{% include "../../etc/passwd" %}',
        '{% include "missing.txt" %}',
    ],
)
def test_a_letter_that_fails_gives_way_to_the_neutral_one_and_says_so(folder: Path, body: str) -> None:
    write(folder, "en/delivery.txt", f"Subject: x\n\n{body}")
    letter = TemplateLetters(folder, "en").render("delivery", "en", VALUES)
    assert letter.template == "neutral"
    assert letter.problem.startswith("en/delivery")


@pytest.mark.parametrize("language", [*SAFE, "sv"])
def test_without_any_usable_letter_the_safe_text_goes_out(tmp_path: Path, language: str) -> None:
    letter = TemplateLetters(tmp_path, "en").render("delivery", language, VALUES)
    assert "7K3M-9QTX" in letter.subject
    assert "7K3M-9QTX" in letter.text
    assert letter.problem


def test_a_subject_of_several_lines_becomes_one(folder: Path) -> None:
    letter = TemplateLetters(folder, "en").render("delivery", "en", {**VALUES, "subject": "a\r\nBcc: x@y.z"})
    assert letter.subject == "Re: a Bcc: x@y.z"


def test_the_head_ends_at_the_first_empty_line() -> None:
    head = read_head("Subject: a\nDescription: b\n\nSubject: no head\n")
    assert (head.fields, head.body) == ({"subject": "a", "description": "b"}, "Subject: no head\n")
    assert (read_head("just text").fields, read_head("just text").body) == ({}, "just text")


# --- letters of one mailbox ---


def own_letters(folder: Path, tmp_path: Path) -> tuple[TemplateLetters, TemplateLetters, Path]:
    """Those of all, those of the mailbox `shop`, and the shop's folder."""
    own = tmp_path / "shop"
    write(own, "en/base.txt", "Hi from the shop\n\n{% block body %}{% endblock %}\n")
    said = table(replies={"templates": str(folder)})
    said["mailbox"]["shop"] = {**said["mailbox"]["support"], "templates": str(own)}
    letters = TemplateLetters.of(check(said, tmp_path / "config.toml"))
    return letters, letters.of_mailbox("shop"), own


@pytest.fixture
def shared(tmp_path: Path, folder: Path) -> Path:
    """The folder of all letters, beside others."""
    place = tmp_path / "all"
    for file in sorted(folder.glob("*/*")):
        write(place, f"{file.parent.name}/{file.name}", file.read_text(encoding="utf-8"))
    return place


def test_a_file_of_the_mailbox_takes_the_place_of_the_one_of_all(tmp_path: Path, shared: Path) -> None:
    every, shop, _own = own_letters(shared, tmp_path)
    assert every.render("delivery", "en", VALUES).text.startswith("Hello Eve")
    letter = shop.render("delivery", "en", VALUES)
    assert letter.text == "Hi from the shop\n\nWe look for it.\n"
    assert letter.mailbox == "shop"
    german = shop.render("neutral", "de", VALUES)  # of all
    assert (german.text, german.mailbox) == (every.render("neutral", "de", VALUES).text, "")
    assert every.of_mailbox("support") is every
    assert every.of_mailbox("shop/sent") is shop


def test_versions_of_its_own_letters_are_recorded_beside_those_of_all(tmp_path: Path, shared: Path) -> None:
    every, _shop, _own = own_letters(shared, tmp_path)
    recorded = {(one.language, one.name): one.version for one in every.versions}
    assert set(recorded) == {
        ("en", "neutral"),
        ("en", "delivery"),
        ("de", "neutral"),
        ("en", "shop/neutral"),
        ("en", "shop/delivery"),
    }
    assert recorded["en", "delivery"] != recorded["en", "shop/delivery"]


def test_a_change_of_its_files_is_picked_up_and_a_broken_one_is_named(tmp_path: Path, shared: Path) -> None:
    every, shop, own = own_letters(shared, tmp_path)
    before = every.taken_up
    every.refresh()
    assert every.taken_up == before
    write(own, "en/base.txt", "Hi again\n\n{% block body %}{% endblock %}\n")
    every.refresh()
    assert every.taken_up != before
    assert shop.render("delivery", "en", VALUES).text.startswith("Hi again")
    write(own, "en/delivery.txt", "Subject: x\n\n{{ nonsense }}")
    every.refresh()
    assert list(every.problems) == ["shop: en/delivery.txt"]
    assert shop.render("delivery", "en", VALUES).text.startswith("Hi again")


# --- what a person writes ---------------------------------------------------------------------------------------------

WORDS = VALUES | {"comment": "It is  found.\n\nIt comes on Thursday.", "agent": "Anna", "token": "t.r.1"}
WORDS |= {"signature": "Us", "company": "Us"}


def test_what_a_person_writes_is_never_replaced_by_another_letter(folder: Path) -> None:
    """A folder of an earlier version has no such letter."""
    letters = TemplateLetters(folder, "en")
    letter = letters.render("answer", "de", WORDS)
    assert letter.text == (
        "Guten Tag Eve,\n\nIt is  found.\n\nIt comes on Thursday.\n\nFreundliche Grüße\nAnna\nUs\n\n"
        "Bitte lassen Sie diese Zeile stehen, wenn Sie antworten:\n7K3M-9QTX · t.r.1\n"
    )
    assert (letter.subject, letter.template, letter.language) == ("Re: <b>parcel</b>", "(answer)", "de")
    assert "<p>It comes on Thursday.</p>" in letter.html
    assert letters.language("answer", "sv") == "en"


def test_a_letter_that_loses_the_words_is_not_sent(folder: Path) -> None:
    """It was fit once, and is taken up as such: the sender looks again."""
    write(folder, "en/answer.txt", "Subject: Re\n\n{{ comment }} {{ ref }}")
    letters = TemplateLetters(folder, "en")
    assert letters.render("answer", "en", WORDS).template == "answer"
    loaded = letters._shelf.letters["en", "answer"]
    loaded.press.sources = {**loaded.press.sources, "en/answer.txt": "Subject: Re\n\nSoon. {{ ref }}"}
    loaded.press.plain.loader.sources = loaded.press.sources  # type: ignore[union-attr]
    loaded.press.plain.cache = None
    letter = letters.render("answer", "en", WORDS)
    assert "It comes on Thursday." in letter.text
    assert (letter.template, letter.problem) == (
        "(answer)",
        "en/answer: ValueError: it does not say what the person wrote",
    )


def test_saved_replies_are_no_letters_and_come_in_the_first_language_that_has_them(folder: Path) -> None:
    write(folder, "en/saved/photo.txt", "Description: A photo\n\nSend a photo, {{ name }}.\n")
    write(folder, "de/saved/photo.txt", "Description: Ein Foto\n\nSchicken Sie ein Foto, {{ name }}.\n")
    write(folder, "en/saved/wait.txt", "We need more time.")
    write(folder, "en/saved/bad.txt", "{{ nonsense }}")
    letters, saved = TemplateLetters(folder, "en"), SavedReplies((folder,))
    assert not any("photo" in name for _, name in letters.names)
    found = {one.name: one for one in saved.all(["de", "en"])}
    assert {name: (one.language, one.title) for name, one in found.items()} == {
        "bad": ("en", "bad"),
        "photo": ("de", "Ein Foto"),
        "wait": ("en", "wait"),
    }
    values = {**samples(), "name": "{{ ref }}"}
    assert saved.text(found["photo"], values) == "Schicken Sie ein Foto, {{ ref }}."
    with pytest.raises(TemplateError, match="nonsense"):
        saved.text(found["bad"], values)
    (folder / "de/saved/photo.txt").unlink()
    with pytest.raises(NotFoundError):
        saved.text(found["photo"], values)
