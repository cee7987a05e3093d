"""firstline privacy redact: a text goes in, what is left of it comes out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.desk import Desk

LETTER = (
    "Dear Ms Kettle,\nmy name is Ulpu Rautalampi, born 3 May 1980.\nThe iPhone 15 costs 1,199 €.\nBest regards\nUlpu\n"
)
LEFT = "Dear Ms <name>,\nmy name is <name>, born <birth>.\nThe iPhone 15 costs 1,199 €.\nBest regards\n<name>\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "desk", 1, 1, "support@example.com")


def test_a_text_is_printed_redacted_and_nothing_else(desk: Desk) -> None:
    (desk.folder / "mail.txt").write_text(LETTER, encoding="utf-8")
    assert desk.run("privacy", "redact", "mail.txt").stdout == LEFT


def test_names_that_are_given_go_wherever_they_stand(desk: Desk) -> None:
    (desk.folder / "mail.txt").write_text("Sanottiin Rautalammen olevan myöhässä", encoding="utf-8")
    told = desk.run("privacy", "redact", "mail.txt", "--name", "Ulpu Rautalampi").stdout
    assert told == "Sanottiin <name> olevan myöhässä"


def test_a_text_of_any_length_comes_out_whole(desk: Desk) -> None:
    (desk.folder / "long.txt").write_text("My iron is broken. " * 20_000 + "Write to eve@example.org", encoding="utf-8")
    assert desk.run("privacy", "redact", "long.txt").stdout == "My iron is broken. " * 20_000 + "Write to <email>"


def test_each_line_of_jsonl_gets_its_document(desk: Desk) -> None:
    rows = [{"id": 1, "text": LETTER}, {"text": "nothing in it\u2028at all"}, {"text": ""}]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (desk.folder / "mails.jsonl").write_text(lines + "\n\n", encoding="utf-8")
    printed = desk.run("privacy", "redact", "mails.jsonl", "--json").stdout.split("\n")
    assert [json.loads(line) for line in printed if line] == [
        {"text": LETTER, "redacted": LEFT, "kinds": ["name", "birth"]},
        {"text": "nothing in it\u2028at all", "redacted": "nothing in it\u2028at all", "kinds": []},
        {"text": "", "redacted": "", "kinds": []},
    ]


def test_a_plain_text_gets_one_document(desk: Desk) -> None:
    (desk.folder / "mail.txt").write_text(LETTER, encoding="utf-8")
    assert desk.jsonl("privacy", "redact", "mail.txt") == [
        {"text": LETTER, "redacted": LEFT, "kinds": ["name", "birth"]}
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"text": "a"}\n{"text": 3}\n', "line 2: has no `text`"),
        (b'{"text": "a"}\nnothing\n', "line 2: is no JSON"),
        (b"{" * 100_000, "line 1: is no JSON"),
        (b"caf\xe9", "is no text in UTF-8: byte 4"),
    ],
)
def test_what_can_not_be_read_is_named_with_its_place(desk: Desk, content: bytes, told: str) -> None:
    (desk.folder / "bad.jsonl").write_bytes(content)
    assert told in desk.run("privacy", "redact", "bad.jsonl", "--json", expect=2).stderr


def test_a_file_that_is_not_there_is_named(desk: Desk) -> None:
    assert "none.txt" in desk.run("privacy", "redact", "none.txt", expect=2).stderr
