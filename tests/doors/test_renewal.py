"""The version in use must go after an erasure: another one takes its place, or words are cut out of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.pipeline import Pipeline

from pipeline.errors import TooLittleToLearnError, UsageError
from pipeline.learn import promote, training
from pipeline.learn.cutting import NOTE, without_words
from pipeline.learn.dataset import Row
from pipeline.learn.gate import judgements
from pipeline.learn.model_document import TrainingDocument
from pipeline.learn.registry import Registry
from pipeline.learn.version import ROWS_FITTED
from tests.learned import KEY, POOLS, toy_model, toy_rows

MARKER = "xyqqova"


def table(folder: Path, rows: Sequence[Row]) -> Path:
    names = ("text", "subject", "topic", "sentiment", "complaint", "language", "labelled_by")
    path = folder / "mine.jsonl"
    path.write_text("".join(json.dumps({name: getattr(row, name) for name in names}) + "\n" for row in rows))
    return path


def train(folder: Path, rows: Sequence[Row], **asked: bool) -> TrainingDocument:
    request = training.Request(files=[table(folder, rows)], **asked)  # type: ignore[arg-type]
    return training.train_candidate(request, Registry(folder / "models", KEY))


def theirs() -> list[Row]:
    return [replace(row, text=f"{row.text} {MARKER}") for row in toy_rows(9, seed=5)]


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """The version in use has learned from somebody whose rows are gone, and must go."""
    train(tmp_path, [*toy_rows(150), *theirs()])
    made = Registry(tmp_path / "models", KEY)
    with made.locked():
        made.retire([made.current()], "erased")
    return made


def words(registry: Registry) -> set[str]:
    vocabularies = registry.version(registry.current()).serve().features.vocabularies
    return {word for vocabulary in vocabularies.values() for word in vocabulary}


def refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = promote.Gate(passed=False, reason="topic is significantly worse")
    monkeypatch.setattr(promote, "against", lambda *_sides, **_asked: gate)


def test_a_training_takes_its_place(tmp_path: Path, registry: Registry) -> None:
    assert MARKER in words(registry)
    document = train(tmp_path, toy_rows(150))
    assert document["promoted"]
    assert registry.names() == [document["version"]] == [document["in_use"]]
    assert MARKER not in words(registry)


def test_one_that_is_significantly_worse_does_not_but_their_words_are_cut_out(
    tmp_path: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, before = registry.current(), judgements(registry.predictor(registry.current()), toy_rows(150))
    assert "xyqqo" in words(registry)
    refuse(monkeypatch)
    document = train(tmp_path, toy_rows(150))
    assert not document["promoted"]
    assert NOTE in document["reason"]
    assert document["in_use"] == registry.current() != document["version"]
    assert old not in registry.names()
    assert registry.leaving() is None
    assert not {word for word in words(registry) if "xyq" in word or "qov" in word}
    after = judgements(registry.predictor(registry.current()), toy_rows(150))
    for head, judged in before.items():
        assert np.array_equal(judged.predicted, after[head].predicted), "mail without these words is read as before"
    version = registry.version(registry.current())
    version.check_files()
    assert NOTE in version.manifest["notes"]
    assert not any(row.hash in version.rows(ROWS_FITTED) for row in theirs())


def test_so_are_they_where_too_little_is_left_to_learn_from(tmp_path: Path, registry: Registry) -> None:
    with pytest.raises(TooLittleToLearnError):
        train(tmp_path, toy_rows(6))
    assert registry.leaving() is None
    assert MARKER not in words(registry)


def test_a_training_that_is_not_to_be_promoted_changes_nothing_in_use(tmp_path: Path, registry: Registry) -> None:
    old = registry.current()
    assert not train(tmp_path, toy_rows(150), promote=False)["promoted"]
    assert registry.current() == old


def test_a_version_that_may_stay_is_not_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = train(tmp_path, [*toy_rows(150), *theirs()])["version"]
    refuse(monkeypatch)
    assert train(tmp_path, toy_rows(150))["in_use"] == name


def by_word(pipeline: Pipeline) -> dict[tuple[str, str], tuple[float, ...]]:
    """(block, word) → its frequency and its weights."""
    found, start = {}, 0
    weights = pipeline["heads"].weights.toarray()
    for name, block in pipeline["features"].transformer_list:
        for word, place in block.vocabulary_.items():
            found[name, word] = (float(block.idf_[place]), *map(float, weights[start + place]))
        start += len(block.vocabulary_)
    return found


def test_what_stays_weighs_what_it_weighed_and_nothing_else_is_there() -> None:
    pipeline, rows = toy_model().pipeline, toy_rows(30)
    before, after = by_word(pipeline), by_word(without_words(pipeline, rows, least=5))
    assert after.items() < before.items()
    mails = [row.text.lower().split() for row in rows]
    learned = {word for word in POOLS["login"] if sum(word in mail for mail in mails) > 1}
    assert {word for block, word in after if block == "text" and word in POOLS["login"]} == learned


def test_rows_that_leave_while_they_are_learned_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit = training.train.fit

    def erased_meanwhile(*given: object, **more: object) -> object:
        table(tmp_path, toy_rows(150))
        return fit(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(training.train, "fit", erased_meanwhile)
    with pytest.raises(UsageError, match="9 rows that this training learned from left the files meanwhile"):
        train(tmp_path, [*toy_rows(150), *theirs()])
    assert Registry(tmp_path / "models", KEY).names() == []


def test_rows_that_join_meanwhile_do_not_disturb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fit = training.train.fit

    def labelled_meanwhile(*given: object, **more: object) -> object:
        table(tmp_path, toy_rows(160))
        return fit(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(training.train, "fit", labelled_meanwhile)
    assert train(tmp_path, toy_rows(150))["promoted"]
