"""Few labels: everything is fitted, and the gate compares on what was said out of fold."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from pipeline.learn import said, training
from pipeline.learn.dataset import HEADS, Row
from pipeline.learn.model_document import TrainingDocument
from pipeline.learn.registry import Registry
from pipeline.learn.version import ROWS_SAID
from tests.learned import KEY, toy_rows, write_csv

TOPICS = ("parcel", "invoice", "login")


class Shop:
    """A registry and the labelled mail of a shop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.registry = Registry(folder / "models", KEY)

    def train(self, rows: list[Row], topics: Collection[str] = ()) -> TrainingDocument:
        file = write_csv(self.folder / f"{len(self.registry.names())}.csv", rows)
        return training.train_candidate(training.Request(files=[file], topics=topics), self.registry)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    assert shop.train(toy_rows(240))["promoted"]
    return shop


def renamed(names: dict[str, str]) -> Callable[[list[Row]], list[Row]]:
    return lambda rows: [replace(row, topic=names.get(row.topic or "", row.topic)) for row in rows]


def dealt_anew(rows: list[Row]) -> list[Row]:
    topics = [row.topic for row in rows]
    Random(7).shuffle(topics)
    return [replace(row, topic=topic) for row, topic in zip(rows, topics, strict=True)]


def turned_over(rows: list[Row]) -> list[Row]:
    return [replace(row, complaint="false" if row.complaint == "true" else "true") for row in rows]


def test_all_of_few_labels_are_fitted_and_the_figures_are_out_of_fold(shop: Shop) -> None:
    version = shop.registry.version(shop.registry.current())
    assert (version.manifest["rows"], version.manifest["test_rows"]) == (240, 0)
    for facts in version.manifest["heads"].values():
        assert facts["test"]["measured"] == "out of fold"
        assert facts["test"]["rows"] == 240
        assert facts["test"]["accuracy"] == pytest.approx(facts["out_of_fold"]["accuracy"], abs=1e-6)
    assert any("no mail was kept out" in note for note in version.manifest["notes"])
    assert version.manifest["learning_curve"]["topic"][-1]["rows"] == pytest.approx(192, abs=12)


def test_more_labels_are_taken(shop: Shop) -> None:
    """What the version in use says of new mail is compared with what the candidate says of it out of fold."""
    document = shop.train([*toy_rows(240), *toy_rows(240, seed=5)])
    assert document["promoted"], document["reason"]
    assert document["rows"] == 480


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (dealt_anew, "topic: "),
        (renamed({"parcel": "invoice", "invoice": "parcel"}), "'invoice' may have been exchanged"),
        (renamed({"parcel": "invoice", "invoice": "login", "login": "parcel"}), "'login' may have been exchanged"),
        (turned_over, "complaint 'false' may have been exchanged"),
        (lambda rows: [row for row in rows if row.topic != "login"], "topic 'login' has vanished"),
        (lambda rows: rows[:25], "not better than always saying the commonest class"),
        (lambda rows: [replace(row, sentiment=None) for row in rows], "the sentiment head is missing"),
        (lambda rows: [replace(row, language="sv") for row in rows], "language 'en' is lost"),
    ],
)
def test_spoilt_labels_are_refused_without_any_mail_kept_out(
    shop: Shop, spoil: Callable[[list[Row]], list[Row]], why: str
) -> None:
    before = shop.registry.current()
    document = shop.train(spoil(toy_rows(240)), TOPICS)
    assert not document["promoted"]
    assert why in document["reason"]
    assert shop.registry.current() == before


@pytest.mark.parametrize(
    ("topics", "promoted"), [((), True), (("delivery", "invoice", "login"), True), (("delivery", *TOPICS), False)]
)
def test_a_topic_with_another_name_is_the_same_topic_unless_the_old_name_is_still_in_use(
    shop: Shop, topics: tuple[str, ...], *, promoted: bool
) -> None:
    document = shop.train(renamed({"parcel": "delivery"})(toy_rows(240)), topics)
    assert document["promoted"] is promoted, document["reason"]


def test_what_was_said_out_of_fold_is_kept_without_a_readable_hash(shop: Shop) -> None:
    version = shop.registry.version(shop.registry.current())
    rows = toy_rows(240)
    lines = version.said([row.hash for row in rows])
    assert all(len(line.split()) == len(HEADS) for line in lines)
    stored = (version.path / ROWS_SAID).read_text()
    assert not any(row.hash in stored for row in rows)
    words = said.words_of(version, shop.registry.predictor(version.name), [*rows, *toy_rows(30, seed=9)])
    assert words["topic"].given.all()
    assert version.said(["0" * 16]) == [""]


def test_the_word_of_a_version_on_mail_that_it_has_fitted_counts_for_nothing(tmp_path: Path) -> None:
    rows, test = toy_rows(200), toy_rows(90, seed=8)
    files = [write_csv(tmp_path / "a.csv", rows)]
    request = training.Request(files=files, test=write_csv(tmp_path / "test.csv", test))
    registry = Registry(tmp_path / "models", KEY)
    version = registry.version(training.train_candidate(request, registry)["version"])
    assert ROWS_SAID not in version.manifest["sha256"]
    words = said.words_of(version, registry.predictor(version.name), [*rows, *test])
    assert not words["topic"].given[: len(rows)].any()
    assert words["topic"].given[len(rows) :].all()
