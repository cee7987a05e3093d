"""Rows change where they stand: in any table, and nothing else changes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.learn.dataset import Row
from pipeline.learn.shelf import LEFT_OUT, Shelf


def without_bob(row: Row) -> Row | None:
    if row.sender == "bob":
        return None
    return replace(row, text="changed") if row.sender == "eve" else row


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    (tmp_path / LEFT_OUT).mkdir()
    return Shelf(tmp_path)


def test_a_row_goes_or_is_changed_and_other_cells_stay_as_they_were(shelf: Shelf) -> None:
    path = shelf.folder / "mine.csv"
    text = 'text;sender;colour\n"a; b\nc";ann;red\nold;eve;blue\nbobs;bob;green\n'
    path.write_bytes(text.encode("utf-16"))
    assert shelf.rewrite(without_bob) == []
    assert path.read_text("utf-8").splitlines() == ["text,sender,colour", '"a; b', 'c",ann,red', "changed,eve,blue"]


def test_lines_of_json_and_what_was_left_out_are_changed_too(shelf: Shelf) -> None:
    lines = [{"text": "a", "sender": "bob"}, {"text": "b", "sender": "ann", "stars": 4}, {"text": "c", "sender": "eve"}]
    (shelf.folder / "mine.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (shelf.folder / LEFT_OUT / "mine.csv").write_text("text,sender,why\nbobs,bob,no label\n", encoding="utf-8")
    shelf.rewrite(without_bob)
    kept = (shelf.folder / "mine.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in kept] == [lines[1], {"text": "changed", "sender": "eve"}]
    assert (shelf.folder / LEFT_OUT / "mine.csv").read_text("utf-8").splitlines() == ["text,sender,why"]


def test_a_file_in_which_nothing_changes_is_not_written_and_what_a_killed_writer_left_goes(shelf: Shelf) -> None:
    path, left = shelf.folder / "mine.csv", shelf.folder / ".mine.csv.4711.unfinished"
    path.write_bytes(b"text;sender\nx;ann")
    left.write_bytes(b"text,sender\nbobs,bob\n")
    shelf.rewrite(without_bob)
    assert path.read_bytes() == b"text;sender\nx;ann"
    assert not left.exists()


def test_a_file_that_can_not_be_read_is_named_and_the_others_are_changed(shelf: Shelf) -> None:
    (shelf.folder / "a.csv").write_text("text,sender\nx,bob,cell,too many\ny,eve,also,too many\n", encoding="utf-8")
    (shelf.folder / "b.csv").write_text("text,sender\nx,bob\n", encoding="utf-8")
    assert shelf.rewrite(without_bob) == ["a.csv: a row has more cells than columns"]
    assert (shelf.folder / "b.csv").read_text("utf-8").splitlines() == ["text,sender"]
