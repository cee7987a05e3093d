"""Texts as files: what their names are, and in which shape what was typed is written."""

from __future__ import annotations

import pytest

from pipeline.desk.texts.opened import same, shaped
from pipeline.desk.texts.places import new_place
from pipeline.errors import UsageError
from pipeline.records.texts import TextKind, TextPlace
from pipeline.store.texts import mark_of_parts

FILE = "en/x.txt"


@pytest.mark.parametrize(
    ("kind", "mailbox", "files", "key"),
    [
        (TextKind.LETTER, "", ("en/photo.txt", "en/photo.html"), "en/photo"),
        (TextKind.SAVED, "", ("en/saved/photo.txt",), "en/saved/photo"),
        (TextKind.ARTICLE, "shop", ("en/articles/photo.md",), "shop: en/articles/photo"),
    ],
)
def test_a_text_knows_its_files_and_its_key(kind: TextKind, mailbox: str, files: tuple[str, ...], key: str) -> None:
    place = TextPlace(kind=kind, language="en", name="photo", mailbox=mailbox)
    assert (place.files, place.key) == (files, key)


def test_parts_and_questions_are_letters_of_their_own_kind() -> None:
    letter = {"kind": TextKind.LETTER, "language": "en"}
    assert TextPlace(name="base-complaint", **letter).is_part
    assert not TextPlace(name="neutral", **letter).is_part
    assert TextPlace(name="survey-csat", **letter).asks
    assert not TextPlace(name="survey-csat", kind=TextKind.SAVED, language="en").asks


@pytest.mark.parametrize(
    ("before", "typed", "written"),
    [
        ("a\n", "b\r\nc", "b\nc\n"),  # a browser sends CRLF
        ("a\r\nb\r\n", "b\nc\n\n\n", "b\r\nc\r\n"),  # the file has CRLF and keeps it; one line end at the end
        ("a\nb\nc\r\n", "b\rc", "b\nc\n"),  # most line ends count
        ("", "new", "new\n"),
    ],
)
def test_what_is_typed_gets_the_line_ends_of_its_file(before: str, typed: str, written: str) -> None:
    assert shaped({FILE: before}, {FILE: typed}) == {FILE: written}


def test_what_is_empty_is_no_file() -> None:
    assert shaped({FILE: "a", "en/x.html": "<p>"}, {FILE: "a", "en/x.html": " \r\n"}) == {FILE: "a\n"}


def test_the_same_words_are_the_same_whatever_their_line_ends() -> None:
    assert same({FILE: "a\r\nb\r\n"}, {FILE: "a\nb", "en/x.html": ""})
    assert not same({FILE: "a"}, {FILE: "a", "en/x.html": "<p>"})
    assert not same({FILE: "a b"}, {FILE: "a  b"})


def test_a_mark_tells_files_and_their_words_apart() -> None:
    marks = [mark_of_parts(parts) for parts in ({}, {FILE: "a"}, {FILE: "b"}, {"en/y.txt": "a"}, {FILE: "a", "z": ""})]
    assert len(set(marks)) == len(marks)
    assert marks[0] == ""


@pytest.mark.parametrize(
    "name", ["", "..", "a/b", "a..b", "../base", "Photo", "a b", "-a", "a-", "ä", "a" * 61, "a\n", "a.txt", "%2e%2e"]
)
def test_what_could_be_no_file_of_ours_is_no_name(name: str) -> None:
    with pytest.raises(UsageError, match="no name"):
        new_place(TextKind.SAVED, "en", name)
