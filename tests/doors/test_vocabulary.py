"""What a model holds in the clear: words that several people use, and nobody's name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.config.load import load
from pipeline.learn import training
from pipeline.learn.dataset import Row
from pipeline.learn.features import make_features
from pipeline.learn.label_files import load_rows
from pipeline.learn.plain import PlainFeatures
from pipeline.learn.registry import Registry
from pipeline.learn.version import Version
from pipeline.learn.vocabulary import Writers
from pipeline.text.regular_files import read_below
from tests.learned import KEY, toy_rows

RARE, KNOWN = "xyqqova", "kzwwimbo"  # used by four customers, and by five: not a run of letters in common


def words(texts: Sequence[str], writers: Writers | None) -> set[str]:
    items = [("", text) for text in texts]
    union = make_features(items, writers)
    union.fit(items)
    learned = PlainFeatures.of_union(union).vocabularies
    return {word for word in learned.get("text", ()) if " " not in word}


@pytest.mark.parametrize(
    ("writers", "learned"),
    [
        ("abcde", True),
        ("abcd", False),
        ("aaaaaaaa", False),
        ("abcda", False),
        ("aabbccddee", True),
        ("--", True),  # nobody knows who wrote them: as it always was
        ("-", False),
        ("abcd-", True),  # he is another one
        ("abc-", False),
        ("a--", True),
    ],
)
def test_a_word_is_learned_when_enough_different_writers_use_it(writers: str, learned: bool) -> None:
    names = ["" if name == "-" else name for name in writers]
    others = [f"x{number}" for number in range(9)]
    texts = [*("the word" for _name in names), *("the others" for _name in others)]
    found = words(texts, Writers([*names, *others]))
    assert ("word" in found) is learned
    assert "the" in found


def test_without_known_writers_the_same_is_learned_as_ever() -> None:
    texts = [row.text for row in toy_rows(40)]
    assert words(texts, Writers([""] * 40)) == words(texts, None) != set()


def test_ideas_tone_and_shape_are_lists_of_ours_and_name_nobody() -> None:
    items = [("", "two mails of one and the same")] * 2
    union = make_features(items, Writers(["eve", "eve"]))
    assert [name for name, _block in union.transformer_list] == ["idea", "mark"]


def marked_rows() -> list[Row]:
    """Mail of 40 customers, three each. Four of them write one word, five another."""
    rows = [replace(row, sender=f"customer {number % 40}") for number, row in enumerate(toy_rows(120))]
    for count, word in ((4, RARE), (5, KNOWN)):
        rows = [replace(row, text=f"{row.text} {word}") if int(row.sender.split()[1]) < count else row for row in rows]
    return rows


def trained(folder: Path, rows: Sequence[Row], **settings: int) -> Version:
    path = folder / "mine.jsonl"
    path.write_text("".join(_line(row) for row in rows), encoding="utf-8")
    registry = Registry(folder / "models", KEY)
    request = training.Request(files=[path], settings=training.train.Settings(**settings))  # type: ignore[arg-type]
    return registry.version(training.train_candidate(request, registry)["version"])


def _line(row: Row) -> str:
    names = ("text", "subject", "topic", "sentiment", "complaint", "language", "sender", "labelled_by")
    return json.dumps({name: getattr(row, name) for name in names}) + "\n"


def held(version: Version) -> bytes:
    """All that its files hold, as it is and taken apart."""
    files = [read_below(version.path, path.name, 10**9) for path in version.path.iterdir()]
    served = version.serve().features.vocabularies
    steps = dict(version.open()["features"].transformer_list)
    told = repr([list(words) for words in served.values()]) + repr([vars(one) for one in steps.values()])
    return b"".join([*files, told.encode()])


def test_in_no_byte_of_a_version_is_what_four_customers_write_but_what_five_do_is(tmp_path: Path) -> None:
    version = trained(tmp_path, marked_rows())
    assert KNOWN.encode() in held(version)
    assert b"kzw" in held(version)
    for run in (RARE, RARE[:5], RARE[-4:], "xyq"):
        assert run.encode() not in held(version), run


def test_how_many_is_for_the_operator_to_say_and_a_new_number_is_a_new_version(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("[privacy]\nmin_senders = 4\n", encoding="utf-8")
    least = training.settings_of(load(tmp_path / "config.toml")).min_senders
    first, second = trained(tmp_path, marked_rows()), trained(tmp_path, marked_rows(), min_senders=least)
    assert first.name != second.name
    assert RARE.encode() in held(second)


def test_a_writer_of_very_many_mails_is_still_one_writer_and_the_version_says_so(tmp_path: Path) -> None:
    rows = [replace(row, text=f"{row.text} {RARE}", sender="busy") for row in toy_rows(60, seed=5)]
    version = trained(tmp_path, [*marked_rows(), *rows])
    assert any("60 mails came from one writer" in note for note in version.manifest["notes"])
    assert RARE.encode() in held(version)  # four others use it too, so it is five


def test_the_rows_of_a_table_keep_their_writers_until_they_are_learned(tmp_path: Path) -> None:
    trained(tmp_path, marked_rows())
    assert {row.sender for row in load_rows([tmp_path / "mine.jsonl"]).rows} == {f"customer {n}" for n in range(40)}
