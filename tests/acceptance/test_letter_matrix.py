"""`template matrix --html`: each letter as it is sent, all languages side by side, to be read by people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.desk import Desk

MORE = """
[web]
url = 'https://support.shop.test'
[calendar]
timezone = 'Europe/Berlin'
[topics.delivery]
title = { en = 'your delivery', de = 'Ihre Lieferung' }
owner = 'Lars <lars@shop.test>'
respond_within = '2h'
[topics.gardening]
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("matrix") / "desk", 1, 1, "u", more=MORE)


@pytest.fixture(scope="module")
def letters(desk: Desk) -> dict[tuple[str, str], Any]:
    return {(one["name"], one["language"]): one for one in desk.jsonl("template", "matrix")}


def test_every_letter_is_there_in_every_language(desk: Desk, letters: dict[tuple[str, str], Any]) -> None:
    there = {(row["name"], language) for row in desk.jsonl("template", "list") for language in row["languages"]}
    assert set(letters) >= there
    for (name, language), one in letters.items():
        missing = name.startswith("gardening")
        assert one["sent"] == f"{language}/{'neutral' if missing else name}"
        assert one["subject"]
        assert one["text"]
        assert "{{" not in one["text"]


def test_it_speaks_as_the_configuration_says(letters: dict[tuple[str, str], Any]) -> None:
    assert "Ihre Lieferung" in letters["delivery", "de"]["text"]
    assert "https://support.shop.test/q/" in letters["survey-csat", "en"]["text"]
    assert "lars" not in letters["delivery", "en"]["text"]


@pytest.mark.parametrize("name", ["still-working", "closing-soon", "owner-due", "moved", "status"])
def test_letters_of_following_up_name_their_times(letters: dict[tuple[str, str], Any], name: str) -> None:
    """None says "by ." because a time is missing."""
    for language in ("de", "en", "es", "fi", "fr"):
        lines = letters[name, language]["text"].splitlines()
        assert not [line for line in lines if line.strip() in (".", ",", "…")], (name, language)


def test_the_page_shows_all_and_what_is_missing_first(desk: Desk) -> None:
    done = desk.run("template", "matrix", "--html", "letters.html")
    assert "letters.html: open it in a browser" in done.stdout
    page = (desk.folder / "letters.html").read_text(encoding="utf-8")
    assert "10 missing:" in page  # gardening, with and without a complaint, in five languages
    assert page.index("de/gardening: de/neutral is sent instead") < page.index('<section id="delivery">')
    assert page.count("<section id=") == len(set(page.split('href="#')[1:]))
    assert "<script" not in page
    assert "instead: de/neutral" in page


def test_without_a_page_it_is_the_table(desk: Desk) -> None:
    assert "which letter is sent" in desk.run("template", "matrix").stdout


def test_a_mailbox_shows_the_letters_it_has_for_itself(tmp_path: Path) -> None:
    own = tmp_path / "shop" / "en"
    own.mkdir(parents=True)
    (own / "neutral.txt").write_text("Subject: Hi {{ ref }}\n\nThe blue door. {{ ref }}\n", encoding="utf-8")
    desk = Desk(tmp_path / "desk", 1, 1, "u", mailbox={"templates": str(tmp_path / "shop")})
    rows = [one for one in desk.jsonl("template", "matrix") if one["mailbox"]]
    assert {(one["mailbox"], one["name"]) for one in rows} == {("support", "neutral")}
    assert next(one["text"] for one in rows if one["language"] == "en").startswith("The blue door.")
