"""The encoder profile: vectors of both shapes, and what happens when the encoder is missing, another one, or broken."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import ConfigError
from pipeline.learn import onnx_model, training
from pipeline.learn.encoder import Encoder, text_of
from pipeline.learn.onnx_model import OnnxModel, pool
from pipeline.learn.predictor import MEANING, ModelPredictor
from pipeline.learn.registry import Registry, open_predictor
from pipeline.learn.vectors import Vectors
from tests import onnx_file
from tests.learned import KEY, REPOSITORY, toy_rows, write_csv
from tests.samples import mail

REAL = REPOSITORY.parent / "shared" / "encoder" / "all-MiniLM-L6-v2-int8"


@pytest.fixture
def extra() -> None:
    pytest.importorskip("onnxruntime", reason="the extra `encoder` is not installed: make encoder")
    pytest.importorskip("tokenizers", reason="the extra `encoder` is not installed: make encoder")


@pytest.fixture(params=[True, False], ids=["one vector a text", "one vector a token"])
def tiny(request: pytest.FixtureRequest, tmp_path: Path, extra: None) -> Path:
    return onnx_file.write(tmp_path / "encoder", pooled=request.param)


@pytest.fixture
def real(extra: None) -> Path:
    if not REAL.is_dir():
        pytest.skip("there is no ../shared/encoder")
    return REAL


def test_vectors_a_token_are_averaged_over_the_tokens_that_are_there() -> None:
    outputs = {"last_hidden_state": np.array([[[3.0, 0.0], [0.0, 4.0], [9.0, 9.0]]], dtype=np.float32)}
    vectors = pool(outputs, np.array([[1, 1, 0]]))
    assert vectors.tolist() == [[pytest.approx(0.6), pytest.approx(0.8)]]


def test_one_vector_a_text_is_taken_before_one_a_token_and_brought_to_length_one() -> None:
    outputs = {"last_hidden_state": np.ones((1, 3, 2)), "emb": np.array([[0.0, 5.0]])}
    assert pool(outputs, np.ones((1, 3), np.int64)).tolist() == [[0.0, 1.0]]


def test_an_output_of_another_shape_is_refused_in_words() -> None:
    with pytest.raises(ConfigError, match="neither a vector"):
        pool({"logits": np.ones(3)}, np.ones((1, 3), np.int64))


@pytest.mark.parametrize("text", ["", "\ud800 half a pair", "a" * 100_000, "你好", "\x00"])
def test_any_text_can_be_read(tiny: Path, text: str) -> None:
    (vector,) = Encoder(tiny).vectors([("subject", text)])
    assert np.isfinite(vector).all()
    assert len(text_of(("", text))) <= 2_000


def test_a_vector_does_not_depend_on_its_neighbours(tiny: Path) -> None:
    items = [("", "parcel courier please"), ("", "invoice"), ("", "my password locked " * 40)]
    together = Encoder(tiny).vectors(items)
    for item, vector in zip(items, together, strict=True):
        assert Encoder(tiny).vectors([item])[0] == pytest.approx(vector, abs=2e-3)


def test_nor_with_the_real_encoder_whose_eight_bits_take_their_scale_from_the_batch(real: Path) -> None:
    items = [("", "Where is my card?"), ("Refund", "You promised it for Monday. " * 8)]
    together = Encoder(real).vectors(items)
    assert together.shape == (2, 384)
    for item, vector in zip(items, together, strict=True):
        assert np.abs(Encoder(real).vectors([item])[0] - vector).max() < 1e-6


def test_the_real_encoder_finds_sense_in_sentences(real: Path) -> None:
    asked, same, other = Encoder(real).vectors(
        [("", "My parcel has not arrived."), ("", "The delivery is late."), ("", "How do I change my password?")]
    )
    assert asked @ same > asked @ other + 0.2


def test_what_was_computed_once_is_not_computed_again(tiny: Path, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    cache = tmp_path / "vectors.db"
    before = Encoder(tiny, cache).vectors([("", "parcel"), ("", "invoice")])
    monkeypatch.setattr(OnnxModel, "encode", None)  # would fail when called
    after = Encoder(tiny, cache).vectors([("", "invoice"), ("", "parcel")])
    assert (after == before[::-1]).all()


def test_a_damaged_file_of_vectors_is_gone_without(tmp_path: Path) -> None:
    cache = tmp_path / "vectors.db"
    cache.write_bytes(b"no database" * 1000)
    vectors = Vectors(cache, "abc")
    vectors.keep({"a": np.ones(3, np.float16)})
    assert vectors.known(["a"]) == {}


def test_vectors_belong_to_their_encoder(tmp_path: Path) -> None:
    cache = tmp_path / "vectors.db"
    vectors = Vectors(cache, "abc")
    vectors.keep({"a": np.ones(3, np.float16), "b": np.zeros(3, np.float16)})
    assert set(vectors.known(["a", "b", "c"])) == {"a", "b"}
    assert Vectors(cache, "another").known(["a"]) == {}


def test_a_folder_without_an_encoder_is_a_mistake_in_the_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"model\.onnx") as refused:
        Encoder(tmp_path)
    assert "docs/model.md" in refused.value.remedy


def test_a_missing_extra_is_told_with_what_installs_it(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_text("")
    monkeypatch.setattr(onnx_model, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match="onnxruntime") as refused:
        Encoder(tmp_path)
    assert "make encoder" in refused.value.remedy


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json"])
def test_a_broken_file_is_named(tiny: Path, file: str) -> None:
    (tiny / file).write_text("broken")
    with pytest.raises(ConfigError, match=file):
        Encoder(tiny).vectors([("", "parcel")])


# A version of the encoder profile


def trained(folder: Path, encoder: Path | None) -> Registry:
    registry = Registry(folder / "models", KEY, encoder=encoder)
    request = training.Request(files=[write_csv(folder / "rows.csv", toy_rows(200))])
    training.train_candidate(request, registry)
    return registry


def test_a_version_says_what_it_was_made_with_and_holds_lean_heads_too(tiny: Path, tmp_path: Path) -> None:
    registry = trained(tmp_path, tiny)
    manifest = registry.version(registry.current()).manifest
    assert manifest["profile"] == "encoder"
    assert manifest["encoder"]["sha256"] == Encoder(tiny).sha256
    assert set(manifest["lean"]) == set(manifest["heads"])
    assert manifest["lean"]["topic"]["temperature"] != manifest["heads"]["topic"]["temperature"]


def test_it_predicts_with_the_encoder_and_names_the_share_of_the_meaning(tiny: Path, tmp_path: Path) -> None:
    trained(tmp_path, tiny)
    predictor, note = open_predictor(tmp_path / "models", KEY, encoder=tiny)
    assert predictor is not None
    assert note == ""
    one = mail(subject="password", text="my password is locked, angry")
    assert predictor.predict([one])[0].topic.value == "login"
    named = {name for head in predictor.explain(one, top=50).values() for name, _ in head}
    assert MEANING in named


def test_a_batch_and_one_mail_agree(tiny: Path, tmp_path: Path) -> None:
    registry = trained(tmp_path, tiny)
    predictor = registry.predictor(registry.current())
    mails = [mail(subject=row.subject, text=row.text) for row in toy_rows(80, seed=5)]
    for labels, one in zip(predictor.predict(mails), mails, strict=True):
        assert predictor.predict([one])[0].topic.confidence == pytest.approx(labels.topic.confidence, abs=1e-5)


@pytest.mark.parametrize("trouble", ["not set", "gone", "another", "broken"])
def test_without_its_encoder_it_works_lean_with_its_own_thresholds_and_says_so(
    tiny: Path, tmp_path: Path, trouble: str
) -> None:
    registry = trained(tmp_path, tiny)
    one = mail(subject="password", text="my password is locked, angry")
    folder: Path | None = tiny
    if trouble == "not set":
        folder = None
    elif trouble == "gone":
        shutil.rmtree(tiny)
    elif trouble == "another":
        onnx_file.write(tiny, pooled=True, seed=9)
    predictor, note = open_predictor(tmp_path / "models", KEY, encoder=folder)
    assert predictor is not None
    if trouble == "broken":
        registry.cache().unlink()
        predictor._encoder._model._run = _out_of_order  # type: ignore[union-attr]
        predictor.predict([one])
        note = predictor.note
    assert "without its encoder" in note
    assert predictor.facts == predictor.manifest["lean"]
    assert predictor.predict([one])[0].topic.value == "login"


def _out_of_order(_texts: object) -> object:
    raise ConfigError("out of order", where="", remedy="")


def test_the_encoder_is_never_saved_with_the_version(tiny: Path, tmp_path: Path) -> None:
    registry = trained(tmp_path, tiny)
    pipeline = registry.version(registry.current()).open()
    assert "encoder" not in {type(value).__name__.lower() for value in vars(pipeline["heads"]).values()}
    assert b"onnxruntime" not in (registry.version(registry.current()).path / "model.joblib").read_bytes()


def test_a_version_trained_without_an_encoder_works_lean_beside_one(tiny: Path, tmp_path: Path) -> None:
    trained(tmp_path, None)
    predictor, note = open_predictor(tmp_path / "models", KEY, encoder=tiny)
    assert isinstance(predictor, ModelPredictor)
    assert (predictor.manifest["profile"], note) == ("lean", "")
    assert predictor.predict([mail(subject="password", text="my account is locked")])[0].topic.value == "login"
