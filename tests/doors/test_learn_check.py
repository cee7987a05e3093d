"""Mails that thresholds are certified on (`check.csv`), the kind of a mail, and what the card says of both."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from pipeline.errors import UsageError
from pipeline.learn import evidence, label_files, training
from pipeline.learn.dataset import Row
from pipeline.learn.manifest import CertifiedOn, HeadFacts, Manifest, certified_on
from pipeline.learn.registry import Registry
from pipeline.learn.shelf import Shelf, export
from pipeline.learn.version import ROWS_FITTED, ROWS_FROZEN
from tests.learned import KEY, folder, toy_rows, write_csv
from tests.samples import mail


def train(files: Path, registry: Registry | None = None) -> tuple[Registry, Manifest]:
    """Trains from a folder as `model train` does."""
    registry = registry or Registry(folder(), KEY)
    request = training.Request(files=label_files.files_in(files), check=label_files.check_in(files))
    document = training.train_candidate(request, registry)
    return registry, registry.version(document["version"]).manifest


def mails(count: int, seed: int = 1) -> list[Row]:
    """Of a toy shop, each with words of its own, so that no two are nearly the same."""
    dice = random.Random(seed)
    names = ["".join(dice.choices("bcdfghklmnprstvz", k=6)) for _ in range(10 * count)]
    return [
        replace(row, text=" ".join([row.text, *names[10 * place : 10 * place + 10]]))
        for place, row in enumerate(toy_rows(count, seed))
    ]


def lesson(count: int, *, wrong: float = 0.0, source: str = "starter", seed: int = 1) -> list[Row]:
    """Mails to learn from; of some the topic is a wrong one, so that nobody can be sure out of fold."""
    dice = random.Random(seed)
    topics = ("parcel", "invoice", "login")
    rows = mails(count, seed)
    return [
        replace(row, source=source, topic=dice.choice(topics) if dice.random() < wrong else row.topic) for row in rows
    ]


def grounds(manifest: Manifest, head: str = "topic") -> tuple[int, int]:
    mails = manifest["heads"][head]["certified_on"]
    return mails["check"], mails["learned"]


def test_thresholds_come_from_the_check_file_where_the_lesson_is_hard(tmp_path: Path) -> None:
    write_csv(tmp_path / "starter-en.csv", lesson(360, wrong=0.4))
    alone = train(tmp_path)[1]["heads"]["topic"]
    write_csv(tmp_path / "check.csv", mails(200, seed=7))
    manifest = train(tmp_path)[1]
    topic = manifest["heads"]["topic"]
    assert alone["threshold"] is None
    assert topic["threshold"] is not None
    assert topic["out_of_fold"]["coverage"] > 0.5
    assert grounds(manifest) == (200, 0)
    assert topic["out_of_fold"]["accuracy"] == alone["out_of_fold"]["accuracy"]  # told of the lesson, as before


def test_no_mail_of_the_check_file_is_fitted_even_if_it_is_in_another_file_too(tmp_path: Path) -> None:
    check = mails(150, seed=7)
    write_csv(tmp_path / "check.csv", check)
    write_csv(tmp_path / "mine.csv", [*lesson(240), *check[:40]])
    registry, manifest = train(tmp_path)
    version = registry.version(manifest["version"])
    fitted = version.rows(ROWS_FITTED)
    loaded = label_files.load_rows([tmp_path / "check.csv"]).rows
    assert not any(row.hash in fitted for row in loaded)
    assert len(fitted) + len(version.rows(ROWS_FROZEN)) <= 280


def test_a_small_check_file_certifies_nothing(tmp_path: Path) -> None:
    write_csv(tmp_path / "starter-en.csv", lesson(240))
    write_csv(tmp_path / "check.csv", mails(evidence.LEAST - 1, seed=7))
    manifest = train(tmp_path)[1]
    assert grounds(manifest) == (0, manifest["rows"])


def test_mail_of_ones_own_counts_beside_it_and_alone_where_there_is_more_of_it(tmp_path: Path) -> None:
    write_csv(tmp_path / "starter-en.csv", lesson(240))
    write_csv(tmp_path / "check.csv", mails(150, seed=7))
    write_csv(tmp_path / "mine.csv", lesson(60, source="review", seed=3))
    check, own = grounds(train(tmp_path)[1])
    assert check == 150
    assert 0 < own <= 60
    write_csv(tmp_path / "mine.csv", lesson(400, source="review", seed=3))
    check, own = grounds(train(tmp_path)[1])
    assert check == 0
    assert 150 < own <= 400


def test_what_was_written_to_be_hard_certifies_nothing_beside_it(tmp_path: Path) -> None:
    write_csv(tmp_path / "starter-en.csv", lesson(120))
    write_csv(tmp_path / "check.csv", mails(150, seed=7))
    hard = [replace(row, kind="hard") for row in lesson(300, source="mine", seed=3)]
    export(hard, tmp_path / "mine.csv")
    assert grounds(train(tmp_path)[1]) == (150, 0)


def test_near_duplicates_of_what_is_learned_are_not_asked_and_that_is_told(tmp_path: Path) -> None:
    rows = lesson(240)
    copies = [replace(row, text=f"{row.text} so") for row in rows[::2]]
    write_csv(tmp_path / "starter-en.csv", rows)
    write_csv(tmp_path / "check.csv", [*mails(150, seed=7), *copies])
    manifest = train(tmp_path)[1]
    assert 130 <= grounds(manifest)[0] <= 150 + len(copies) // 3  # copies of frozen mails stay
    assert any("to certify on left out" in note for note in manifest["notes"])


def test_a_topic_that_is_nowhere_learned_is_not_asked_for_and_a_rare_one_is_wrong() -> None:
    notes: list[str] = []
    fitted = [Row(text=f"{word} one two three", topic=word) for word in ("delivery", "billing")]
    check = [Row(text="something strange and foreign", topic="foreign", sentiment="neutral")]
    (row,) = evidence.usable(check, fitted, notes)
    assert (row.topic, row.sentiment, notes) == (None, "neutral", [])
    (row,) = evidence.usable(check, [*fitted, Row(text="quite another", topic="foreign", rare=True)], notes)
    assert row.topic == "foreign"


def test_other_mails_to_certify_on_make_another_version(tmp_path: Path) -> None:
    write_csv(tmp_path / "starter-en.csv", lesson(240))
    write_csv(tmp_path / "check.csv", mails(150, seed=7))
    registry, first = train(tmp_path)
    assert train(tmp_path, registry)[1]["version"] == first["version"]
    write_csv(tmp_path / "check.csv", mails(150, seed=8))
    assert train(tmp_path, registry)[1]["version"] != first["version"]


@pytest.mark.parametrize(
    ("mails", "error", "told"),
    [
        ({"check": 1480, "learned": 0}, 0.031, "1480 mails of the check file (sure of 70%, 3.1% wrong)"),
        ({"check": 0, "learned": 1}, None, "1 mail of the training data, unseen (never sure)"),
        (
            {"check": 150, "learned": 20},
            0.0,
            "150 mails of the check file and 20 mails of the training data, unseen (sure of 70%, 0.0% wrong)",
        ),
        (None, None, ""),
    ],
)
def test_the_card_says_on_what_mail_a_head_is_certified(
    mails: CertifiedOn | None, error: float | None, told: str
) -> None:
    reached = {"coverage": 0.7, "error_when_sure": error}
    facts = {"out_of_fold": reached} | ({"certified_on": mails} if mails else {})
    assert certified_on(cast("HeadFacts", facts)) == told


# The kind of a mail


def test_a_kind_is_kept_through_files_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    rows = [Row(text="plain", topic="a", kind="ordinary"), Row(text="knotty", topic="a", kind="hard")]
    export([*rows, Row(text="unknown", topic="a")], tmp_path / "mails.csv")
    kinds = {row.text: row.kind for row in label_files.load_rows([tmp_path / "mails.csv"]).rows}
    assert kinds == {"plain": "ordinary", "knotty": "hard", "unknown": ""}
    (tmp_path / "mails.csv").write_text("text,topic,kind\nx,a,Hard\ny,a,tricky\n")
    with pytest.raises(UsageError, match="row 3, column 'kind': expected ordinary or hard, found 'tricky'"):
        label_files.load_rows([tmp_path / "mails.csv"])


def test_the_shelf_tells_mails_to_certify_on_from_those_to_learn_from(tmp_path: Path) -> None:
    write_csv(tmp_path / "mine.csv", mails(6))
    write_csv(tmp_path / "check.csv", mails(4, seed=7))
    shelf = Shelf(tmp_path)
    assert (len(shelf.rows()), len(shelf.learned())) == (10, 6)


def test_a_folder_with_mails_to_certify_on_alone_has_nothing_to_learn_from(tmp_path: Path) -> None:
    write_csv(tmp_path / "check.csv", mails(4))
    with pytest.raises(UsageError, match="no labelled mail"):
        label_files.files_in(tmp_path)


# No topic at all, as after `init --topics-from`


def test_without_any_topic_the_other_heads_are_learned_and_the_card_says_what_that_means(tmp_path: Path) -> None:
    write_csv(tmp_path / "starter-en.csv", [replace(row, topic=None) for row in lesson(240)])
    registry, manifest = train(tmp_path)
    assert set(manifest["heads"]) == {"sentiment", "complaint"}
    assert any("no topic is learned: letters stay neutral" in note for note in manifest["notes"])
    predictor = registry.predictor(manifest["version"])
    assert set(predictor.heads) == {"sentiment", "complaint"}
    (labels,) = predictor.predict([mail(subject="parcel", text="Where is my parcel? Terrible, annoyed again.")])
    assert (labels.topic.value, labels.topic.sure) == (None, False)
    assert labels.sentiment.value == "negative"


def test_the_first_labelled_topics_make_a_version_with_topics(tmp_path: Path) -> None:
    write_csv(tmp_path / "starter-en.csv", [replace(row, topic=None) for row in lesson(240)])
    registry, without = train(tmp_path)
    write_csv(tmp_path / "mine.csv", lesson(90, source="mine", seed=3))
    request = training.Request(files=label_files.files_in(tmp_path), topics=("parcel", "invoice", "login"))
    document = training.train_candidate(request, registry)
    assert document["promoted"], document["reason"]
    assert set(document["heads"]) == {"topic", "sentiment", "complaint"}
    assert document["version"] != without["version"]
