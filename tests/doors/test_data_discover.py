"""Mail that nobody has labelled is put into groups, and a person names a whole group with one answer."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import UsageError
from pipeline.learn.dataset import Row
from pipeline.learn.discover import discover
from pipeline.learn.terms import Floats, Item
from tests import onnx_file
from tests.data_folder import CONFIG, DataFolder
from tests.learned import POOLS, toy_rows, write_csv


def unlabelled(count: int = 150) -> list[Row]:
    return [replace(row, topic=None, sentiment=None, complaint=None) for row in toy_rows(count)]


def pure(rows: Sequence[Row]) -> float:
    """The share of toy mails whose group is mostly about their topic."""
    truth = {row.hash: row.topic or "" for row in toy_rows(len(rows))}
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(row.topic or "", []).append(truth[row.hash])
    return sum(max(map(members.count, POOLS)) for members in groups.values()) / len(rows)


def test_topics_are_found_again_in_unlabelled_mail() -> None:
    document, rows = discover(unlabelled(), wanted=3)
    assert pure(rows) == 1
    assert sum(one["mails"] for one in document["topics"]) == len(rows) == 150
    first = document["topics"][0]
    assert first["name"].startswith("cluster-1 ")
    assert len(first["typical"]) == 3
    assert set(first["words"]) <= {word.lower() for pool in POOLS.values() for word in pool}


def test_the_number_of_topics_is_chosen_and_the_same_mails_give_the_same_topics() -> None:
    document, rows = discover(unlabelled())
    assert 3 <= len(document["topics"]) <= 12
    assert pure(rows) > 0.95
    assert discover(unlabelled())[0] == document


@pytest.mark.parametrize(
    ("rows", "wanted", "told"),
    [
        (unlabelled(10), 0, "too few"),
        (unlabelled(60), 59, "--topics"),
        ([Row(text=f"w{at}") for at in range(30)], 0, "no words in common"),
    ],
)
def test_what_holds_no_topics_is_said(rows: list[Row], wanted: int, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        discover(rows, wanted=wanted)


# --- with an encoder --------------------------------------------------------------------------------------------------

WORDS = [f"word{letter}{other}" for letter in "abcdefghij" for other in "abcdefghij"]


class Meanings:
    """An encoder that knows what the mails are about, though their words say nothing."""

    def __init__(self, topics: int, mails: int, seed: int = 3) -> None:
        dice, noise = random.Random(seed), np.random.default_rng(seed)
        self.rows = [Row(text=" ".join(dice.sample(WORDS, 6)), language="en") for _ in range(topics * mails)]
        centres = noise.normal(size=(topics, 40))
        points = np.repeat(centres, mails, axis=0) + 0.35 * noise.normal(size=(topics * mails, 40))
        self.topic_of = {row.hash: at // mails for at, row in enumerate(self.rows)}
        self._vector_of = {row.item: point for row, point in zip(self.rows, points, strict=True)}

    def encode(self, items: Sequence[Item]) -> Floats:
        vectors = np.array([self._vector_of[item] for item in items])
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def pure(self, rows: Sequence[Row]) -> float:
        groups: dict[str, list[int]] = {}
        for row in rows:
            groups.setdefault(row.topic or "", []).append(self.topic_of[row.hash])
        return sum(max(map(members.count, set(members))) for members in groups.values()) / len(rows)


def test_the_encoder_finds_topics_that_no_word_tells_and_their_number_has_no_ceiling() -> None:
    meanings = Meanings(topics=48, mails=20)
    document, rows = discover(meanings.rows, encode=meanings.encode)
    assert 32 <= len(document["topics"]) <= 72
    assert meanings.pure(rows) > 0.9
    assert meanings.pure(discover(meanings.rows, wanted=48)[1]) < 0.5  # by their words alone


def test_a_group_is_told_from_its_centre_to_its_edge() -> None:
    meanings = Meanings(topics=4, mails=30)
    stranger, other = meanings.rows[0], meanings.rows[30]
    vectors = meanings._vector_of
    vectors[stranger.item] = vectors[stranger.item] + 0.8 * vectors[other.item]
    document, rows = discover(meanings.rows, wanted=4, encode=meanings.encode)
    (group,) = {row.topic for row in rows if row.hash == stranger.hash}
    told = next(one for one in document["topics"] if one["name"] == group)
    assert [row.hash for row in rows if row.topic == group][-1] == stranger.hash
    assert told["farthest"][-1]["hash"] == stranger.hash
    assert len(told["farthest"]) == 5


def test_the_command_asks_the_encoder_of_the_configuration(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime", reason="the extra `encoder` is not installed: make encoder")
    pytest.importorskip("tokenizers", reason="the extra `encoder` is not installed: make encoder")
    onnx_file.write(tmp_path / "encoder", pooled=True)
    place = DataFolder(tmp_path, f'{CONFIG}\n[classify]\nencoder = "encoder"\n')
    write_csv(tmp_path / "mails.csv", unlabelled())
    assert len(place.json("data", "discover", str(tmp_path / "mails.csv"), "--topics", "3")["topics"]) == 3
    assert (tmp_path / "models/vectors.db").exists()


# --- naming -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path) -> DataFolder:
    """A folder with three groups of mail in `proposed.csv`."""
    made = DataFolder(tmp_path)
    write_csv(tmp_path / "mails.csv", unlabelled())
    made.json("data", "discover", str(tmp_path / "mails.csv"), "--topics", "3", "--out", str(tmp_path / "proposed.csv"))
    return made


def groups(place: DataFolder) -> list[dict[str, object]]:
    return place.jsonl("data", "name", str(place.folder / "proposed.csv"))


def named(place: DataFolder) -> list[tuple[str, str, str]]:
    if not (place.training_data / "named.csv").exists():
        return []
    return [(row["topic"], row["source"], row["labelled_by"]) for row in place.rows("named")]


def test_a_group_is_labelled_at_once_without_its_exceptions(place: DataFolder) -> None:
    table, first = str(place.folder / "proposed.csv"), groups(place)[0]
    edge = first["farthest"][-1]["hash"]  # type: ignore[index]
    (told,) = place.jsonl("data", "name", table, "cluster-1", "delivery", "--except", edge, "--by", "alice")
    assert (told["topic"], told["labelled"]) == ("delivery", first["mails"] - 1)  # type: ignore[operator]
    assert {(topic, source) for topic, source, _who in named(place)} == {("delivery", "named")}
    assert len(named(place)) == told["labelled"]
    left = groups(place)
    assert [one["mails"] for one in left if one["group"] == first["group"]] == [1]  # the exception is still to be named
    assert sum(int(str(one["mails"])) for one in left) == 150 - told["labelled"]
    assert place.json("data", "stats")["topic"]["delivery"] == told["labelled"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("cluster-1",), "without a topic"),
        (("cluster-9", "delivery"), "no group 'cluster-9'"),
        (("cluster-1", "delivri"), r"(?s)no topic 'delivri'.*a new one is \+NAME"),
        (("cluster-1", "+"), "1 to 100 characters"),
        (("cluster-1", "delivery", "--except", "abc"), "no mail abc in cluster-1"),
    ],
)
def test_what_names_nothing_is_refused(place: DataFolder, words: tuple[str, ...], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        place.say("data", "name", str(place.folder / "proposed.csv"), *words)
    assert named(place) == []


def test_another_table_is_refused(place: DataFolder) -> None:
    with pytest.raises(UsageError, match="no groups in it"):
        place.say("data", "name", str(place.folder / "mails.csv"))


def test_a_sitting_goes_from_group_to_group(place: DataFolder) -> None:
    sizes = [int(str(one["mails"])) for one in groups(place)]
    lines = ["nonsense", "deliv", "+log in -1 -2", "u", "log in", "+log in -9", "+Log in -2", "", "s"]  # known by now
    said = place.say("data", "name", str(place.folder / "proposed.csv"), "--by", "alice", lines=lines)
    assert "there is no topic 'nonsense'" in said
    assert "has no name any more" in said
    assert "there is no mail 9" in said
    assert "[Enter: " in said  # once a group is named, what is most like it is proposed
    assert "log in, without 1 mail" in said
    topics = [topic for topic, _source, _by in named(place)]
    assert topics.count("delivery") + topics.count("log in") == sum(sizes) - 1
    assert "0 groups" not in place.say("data", "name", str(place.folder / "proposed.csv"), lines=["q"])  # one is left


def test_undo_to_the_beginning_leaves_nothing(place: DataFolder) -> None:
    said = place.say("data", "name", str(place.folder / "proposed.csv"), lines=["delivery", "u", "u", "q"])
    assert "nothing to undo" in said
    assert "0 mails labelled" in said
    assert named(place) == []
    assert len(groups(place)) == 3


def test_proposals_may_also_be_named_on_their_way_back_in(place: DataFolder) -> None:
    first = groups(place)[0]
    out = str(place.folder / "proposed.csv")
    told = place.json("data", "import", out, "--map", f"{first['group']}=delivery", "--by", "alice")
    assert told["topics"] == {"delivery": first["mails"]}
    assert told["unlabelled"] == 150 - int(str(first["mails"]))  # what has no name stays out
    assert {len(row["labelled_by"]) for row in place.rows("proposed")} == {16}, "a keyed hash"
