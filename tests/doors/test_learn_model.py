"""Training, thresholds, figures and the model at work, on the starter data and on a toy."""

from __future__ import annotations

import re
import subprocess
import sys
import zlib
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta
from sklearn.pipeline import FeatureUnion, Pipeline

from pipeline.errors import UsageError
from pipeline.learn import calibrate, evaluate, features, grouping, label_files, served, terms, train, training
from pipeline.learn.dataset import Row
from pipeline.learn.languages import learned
from pipeline.learn.lexicon import ideas_in
from pipeline.learn.manifest import threshold_for
from pipeline.learn.plain import PlainFeatures
from pipeline.learn.predictor import ModelPredictor
from pipeline.learn.registry import Registry
from pipeline.learn.version import MODEL, ROWS_FITTED, ROWS_FROZEN, SERVED
from tests.learned import KEY, TRAINING_DATA, folder, starter, toy_model, toy_registry, toy_rows, write_csv
from tests.samples import mail


@pytest.fixture(scope="module")
def predictor() -> ModelPredictor:
    return ModelPredictor(starter().version)


def test_the_starter_model_learns_all_three_heads() -> None:
    heads = starter().document["heads"]
    assert starter().document["promoted"]
    assert heads["topic"]["classes"] == 12
    assert heads["topic"]["accuracy"] > 0.6
    assert heads["sentiment"]["macro_f1"] > 0.7
    assert heads["complaint"]["accuracy"] > 0.8
    for figures in heads.values():
        assert {"accuracy", "macro_f1", "ece", "threshold", "coverage", "error_when_sure"} <= set(figures)
        assert {"precision", "recall", "f1", "support"} == set(next(iter(figures["per_class"].values())))


def test_every_language_of_the_starter_data_is_far_above_guessing() -> None:
    languages = starter().document["heads"]["topic"]["languages"]
    assert set(languages) == {"en", "de", "fr", "es", "fi", "it", "pt", "nl", "pl", "sv"}
    assert all(figures["accuracy"] > 0.4 for figures in languages.values())


def test_ordinary_mail_is_told_apart_from_what_was_written_to_be_hard_and_is_easier() -> None:
    kinds = starter().document["heads"]["topic"]["kinds"]
    assert set(kinds) == {"ordinary", "hard"}
    assert kinds["ordinary"]["accuracy"] > kinds["hard"]["accuracy"]


def test_the_file_of_the_starter_model_is_small() -> None:
    assert (starter().version.path / "model.joblib").stat().st_size < 8_000_000


def test_no_frozen_row_was_fitted() -> None:
    fitted, frozen = starter().version.rows(ROWS_FITTED), starter().version.rows(ROWS_FROZEN)
    assert len(fitted) == starter().document["rows"]
    assert len(frozen) == starter().document["test_rows"]
    assert not fitted.names & frozen.names


def test_the_same_data_gives_the_same_name_and_the_same_figures(tmp_path) -> None:  # type: ignore[no-untyped-def]
    rows = toy_rows(90)
    documents = []
    for name, order in (("a.csv", rows), ("b.csv", rows[::-1])):
        request = training.Request(files=[write_csv(tmp_path / name, order)])
        documents.append(training.train_candidate(request, Registry(folder(), KEY)))
    one, other = documents
    assert one["version"].split("-")[1] == other["version"].split("-")[1]
    assert one["heads"] == other["heads"]


@pytest.mark.parametrize(
    ("subject", "text", "topic", "complaint"),
    [
        ("Invoice", "Please send me the invoice with our VAT number for the bookkeeping.", "billing", "false"),
        ("Password", "I forgot my password and can't log in to my account.", "account", "false"),
        ("Passwort", "Ich habe mein Passwort vergessen und kann mich nicht einloggen.", "account", "false"),
        ("Colis", "Mon colis n'est toujours pas livré, le suivi ne bouge plus depuis lundi.", "delivery", "true"),
        ("Lasku", "Voisitteko lähettää laskun uudestaan, siitä puuttuu alv-erittely.", "billing", None),
        ("Cancel", "Please cancel my subscription at the end of the month.", "cancellation", "false"),
    ],
)
def test_plain_mails_are_understood(
    predictor: ModelPredictor, subject: str, text: str, topic: str, complaint: str | None
) -> None:
    (labels,) = predictor.predict([mail(subject=subject, text=text)])
    assert labels.topic.value == topic
    assert labels.model == starter().document["version"]
    assert complaint is None or labels.complaint.value == complaint


def test_an_angry_mail_is_at_least_suspected_to_be_a_complaint(predictor: ModelPredictor) -> None:
    angry = "Third time I write!! The lamp arrived broken, AGAIN, and nobody answers. This is a disgrace."
    (labels,) = predictor.predict([mail(subject="Broken again", text=angry)])
    assert labels.complaint.value == "true"
    assert labels.complaint_suspected
    assert labels.sentiment.value == "negative"


@pytest.mark.parametrize("text", ["", "  \n ", "…", "你好", "\x00\ufffd\ud800", "!" * 50_000, "a" * 1_000_000])
def test_any_text_gets_labels_and_nonsense_is_never_sure_of_its_topic(predictor: ModelPredictor, text: str) -> None:
    (labels,) = predictor.predict([mail(subject="", text=text)])
    assert labels.topic.value is not None
    assert labels.topic.sure is False


def test_only_what_holds_a_known_word_can_be_sure(predictor: ModelPredictor) -> None:
    _given, known = predictor.probabilities([("", ""), ("", "你好,请问"), ("", "Where is my parcel?")])
    assert known.tolist() == [False, False, True]


def test_a_batch_gives_what_one_by_one_gives(predictor: ModelPredictor) -> None:
    mails = [
        mail(subject=row.subject, text=row.text)
        for row in label_files.load_rows(label_files.files_in(TRAINING_DATA)).rows[:30]
    ]
    together = predictor.predict(mails)
    for one, labels in zip(mails, together, strict=True):
        (alone,) = predictor.predict([one])
        assert alone.topic.value == labels.topic.value
        assert alone.topic.confidence == pytest.approx(labels.topic.confidence, abs=1e-5)
    assert predictor.predict([]) == []


@settings(max_examples=200, deadline=None, derandomize=True)
@given(item=st.tuples(st.text(max_size=40), st.text(max_size=200)))
def test_the_plain_path_gives_the_pipelines_scores_for_any_text(opened: Pipeline, item: terms.Item) -> None:
    assert_plain_equals_pipeline(opened, [item])


def test_the_plain_path_gives_the_pipelines_scores_for_real_mails(opened: Pipeline) -> None:
    assert_plain_equals_pipeline(
        opened, [row.item for row in label_files.load_rows(label_files.files_in(TRAINING_DATA)).rows[::10]]
    )


@pytest.fixture(scope="module")
def opened() -> Pipeline:
    """The starter model as scikit-learn has it."""
    return starter().version.open()


@cache
def plain_of(union: FeatureUnion) -> PlainFeatures:
    return PlainFeatures.of_union(union)


def assert_plain_equals_pipeline(opened: Pipeline, items: list[terms.Item]) -> None:
    union, heads = opened["features"], opened["heads"]
    matrix = union.transform(items)
    arrays = heads.arrays
    plain, known = plain_of(union).scores(items, arrays.weights, arrays.intercepts)
    assert np.abs(plain - (matrix @ arrays.weights + arrays.intercepts)).max() < 1e-5
    assert known.tolist() == features.known(union, matrix).tolist()


def test_what_is_kept_for_labelling_is_what_was_fitted() -> None:
    fitted = served.of_pipeline(starter().version.open())
    again = served.unpack(served.pack(fitted))
    assert again.features.vocabularies == fitted.features.vocabularies
    assert np.array_equal(again.features.idf, fitted.features.idf)
    assert np.array_equal(again.features.weights, fitted.features.weights)
    assert np.array_equal(again.heads.weights, fitted.heads.weights)
    assert np.array_equal(again.heads.intercepts, fitted.heads.intercepts)
    assert [list(classes) for classes in again.heads.classes] == [list(classes) for classes in fitted.heads.classes]
    assert again.heads.temperatures == pytest.approx(fitted.heads.temperatures)
    assert again.encoded is None


@pytest.mark.parametrize("name", ["subject_words", "text_words", "letters", "ideas", "subject_ideas", "marks"])
def test_a_model_of_an_older_version_finds_its_tokens_where_they_were(name: str) -> None:
    assert getattr(features, name) is getattr(terms, name)


def test_a_version_without_the_file_for_labelling_serves_from_its_joblib_file(tmp_path: Path) -> None:
    registry = toy_registry(tmp_path)
    version = registry.version(registry.current())
    sums = {file: mark for file, mark in version.manifest["sha256"].items() if file != SERVED}
    older = replace(version, manifest={**version.manifest, "sha256": sums})
    one = mail(subject="Refund", text="Where is my refund?")
    assert ModelPredictor(older).predict([one]) == ModelPredictor(version).predict([one])


def test_a_saved_model_names_only_what_is_to_stay_in_its_place() -> None:
    """A pickle finds classes and functions by the path of their module: moving one of these loses saved models."""
    registry = starter().registry
    data = zlib.decompress((registry.folder / registry.current() / MODEL).read_bytes())
    named = set(re.findall(rb"\bpipeline(?:\.[a-z_]+)+", data))
    assert named == {b"pipeline.learn.features", b"pipeline.learn.terms"}


def test_labelling_needs_no_scikit_learn() -> None:
    code = (
        "import sys; from pathlib import Path; from pipeline.learn.registry import open_predictor; "
        "predictor, note = open_predictor(Path(sys.argv[1]), sys.argv[2].encode()); assert predictor, note; "
        "print(sorted({'sklearn', 'scipy', 'joblib'} & sys.modules.keys()))"
    )
    words = [sys.executable, "-c", code, str(starter().registry.folder), KEY.decode()]
    assert subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_a_worker_keeps_neither_texts_nor_runs_of_letters(predictor: ModelPredictor) -> None:
    terms._kept_tone.cache_clear()
    terms._kept_grams.cache_clear()
    predictor.predict([mail(subject=f"Parcel {word}", text=f"{word} is terrible") for word in ("one", "two")])
    assert terms._kept_tone.cache_info().currsize == terms._kept_grams.cache_info().currsize == 0


def test_pairs_are_found_as_if_they_had_been_written(predictor: ModelPredictor) -> None:
    features = predictor._features
    for row in label_files.load_rows(label_files.files_in(TRAINING_DATA)).rows[::20]:
        written: Counter[int | None] = Counter()
        for name, vocabulary in features.vocabularies.items():
            written.update(map(vocabulary.get, terms.TOKENS[name](row.item)))
        del written[None]
        assert features._counts(row.item) == written


def test_the_words_that_decided_are_named(predictor: ModelPredictor) -> None:
    asked = mail(subject="Invoice", text="Could you send me the invoice with VAT once more?")
    told = predictor.explain(asked)
    assert set(told) == {"topic", "sentiment", "complaint"}
    names = [name for name, _ in told["topic"]]
    assert {"invoice", "idea: invoice"} <= set(names)
    shares = [share for _, share in told["topic"]]
    assert shares == sorted(shares, reverse=True)
    assert all(share > 0 for share in shares)
    assert len(predictor.explain(asked, top=3)["topic"]) == 3


def test_explanations_add_up_to_the_score(predictor: ModelPredictor) -> None:
    one = mail(subject="Refund", text="Where is my refund? You promised it for Monday, it is Friday now!")
    item = (one.subject, one.text)
    given, _known = predictor.probabilities([item])
    weights = predictor._heads.of_winner("topic", int(given["topic"][0].argmax()))
    whole = sum(share for _, share in predictor._shares(item, weights))
    scores, _known = predictor._features.scores([item], weights[:, None], np.zeros(1, dtype=np.float32))
    # Runs of letters in pieces that are only punctuation have no word to stand under.
    assert whole == pytest.approx(float(scores[0, 0]), abs=0.05)


def test_a_head_without_a_column_is_not_trained(tmp_path) -> None:  # type: ignore[no-untyped-def]
    rows = [replace(row, sentiment=None, complaint=None) for row in toy_rows(90)]
    request = training.Request(files=[write_csv(tmp_path / "a.csv", rows)])
    registry = Registry(folder(), KEY)
    document = training.train_candidate(request, registry)
    assert set(document["heads"]) == {"topic"}
    (labels,) = ModelPredictor(registry.version(document["version"])).predict([mail()])
    assert labels.sentiment.value is None
    assert labels.is_complaint is None
    assert labels.complaint_suspected is False


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            [replace(row, topic="same", sentiment=None, complaint=None) for row in toy_rows(60)],
            "topic head is not trained",
        ),
        (toy_rows(8), "too few"),
        ([replace(row, text="hello there everybody", subject="") for row in toy_rows(60)], "too few"),
    ],
)
def test_what_nothing_can_be_learnt_from_is_said_in_words(tmp_path, rows: list[Row], told: str) -> None:  # type: ignore[no-untyped-def]
    request = training.Request(files=[write_csv(tmp_path / "a.csv", rows)])
    with pytest.raises(UsageError, match=told):
        training.train_candidate(request, Registry(folder(), KEY))


def test_each_step_of_a_training_is_told() -> None:
    steps: list[str] = []
    train.fit(grouping.with_groups(toy_rows(60)), train.Settings(), steps.append)
    assert steps == [*(f"fold {number} of 5" for number in range(1, 6)), "fitting on all rows"]


# Thresholds


@pytest.mark.parametrize("wrong", [0, 1, 5, 40])
@pytest.mark.parametrize("max_error", [0.02, 0.1])
def test_the_bound_is_the_exact_binomial_one(wrong: int, max_error: float) -> None:
    for count in range(wrong + 1, 4000, 7):
        bound = beta.ppf(0.95, wrong + 1, count - wrong)  # Clopper and Pearson's upper limit
        assert calibrate.holds(wrong, count, max_error) is bool(bound <= max_error)


def test_two_percent_take_at_least_149_mails_without_a_mistake() -> None:
    assert calibrate.holds(0, 149, 0.02)
    assert not calibrate.holds(0, 148, 0.02)
    assert not calibrate.holds(5, 5, 0.99)


def drawn(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Confidences that are perfectly honest: each is right as often as it says."""
    dice = np.random.default_rng(seed)
    confidence = dice.beta(8, 1, size=count)
    return confidence, dice.random(count) < confidence


@pytest.mark.parametrize("max_error", [0.02, 0.05, 0.1])
def test_the_promised_error_holds_on_unseen_mail_in_nineteen_of_twenty_cases(max_error: float) -> None:
    unseen, right = drawn(200_000, seed=999)
    broken = certified = 0
    for seed in range(200):
        found = calibrate.certify(*drawn(5_000, seed), max_error)
        if found.threshold is not None:
            certified += 1
            broken += (~right[unseen >= found.threshold]).mean() > max_error
    assert certified > 100
    assert broken / 200 <= 0.05


@pytest.mark.parametrize(
    ("right", "certifies"),
    [(np.ones(149, dtype=bool), True), (np.ones(148, dtype=bool), False), (np.arange(1000) % 10 > 0, False)],
)
def test_nothing_is_sure_where_nothing_certifies(right: np.ndarray, certifies: bool) -> None:
    found = calibrate.certify(np.linspace(1, 0.5, len(right)), right, 0.02)
    assert (found.threshold is not None) is certifies
    assert certifies or (found.coverage, found.error) == (0.0, None)


def test_mails_with_equal_confidence_are_sure_together_or_not_at_all() -> None:
    right = np.ones(400, dtype=bool)
    right[200:] = False
    assert calibrate.certify(np.full(400, 0.9), right, 0.02).threshold is None


def test_the_temperature_makes_overconfident_scores_honest() -> None:
    dice = np.random.default_rng(3)
    truth = dice.integers(0, 3, 3000)
    scores = dice.normal(size=(3000, 3)) + 2.0 * np.eye(3)[truth]
    loud = scores * 10
    degree = calibrate.temperature(loud, truth)
    given = served.probabilities(loud, degree)
    right = given.argmax(axis=1) == truth
    assert evaluate.calibration_error(given.max(axis=1), right) < 0.03
    assert evaluate.calibration_error(served.probabilities(loud, 1.0).max(axis=1), right) > 0.1
    assert (given.argmax(axis=1) == loud.argmax(axis=1)).all()


def test_nineteen_of_twenty_complaints_are_at_least_suspected() -> None:
    dice = np.random.default_rng(5)
    is_complaint = dice.random(1000) < 0.3
    share = np.where(is_complaint, dice.beta(4, 2, 1000), dice.beta(2, 4, 1000))
    suspect = calibrate.suspicion(share, is_complaint)
    assert suspect is not None
    assert (share[is_complaint] >= suspect).mean() >= 0.95
    assert calibrate.suspicion(share, np.zeros(1000, dtype=bool)) is None


# Features


@pytest.mark.parametrize(
    ("text", "idea"),
    [("the invoice", "invoice"), ("Rechnungen", "invoice"), ("la factura", "invoice"), ("laskun", "invoice")],
)
def test_one_idea_has_words_in_five_languages(text: str, idea: str) -> None:
    assert idea in ideas_in(text)


def test_numbers_are_all_alike_to_the_features() -> None:
    assert terms.text_words(("", "order 60-4419")) == terms.text_words(("", "order 71-0002"))
    assert terms.letters(("", "order 60-4419")) == terms.letters(("", "order 71-0002"))


def test_the_english_lexicon_keeps_out_of_other_languages() -> None:
    assert "tone unknown" in terms.marks(("", "Bitte schicken Sie mir die Rechnung, die noch fehlt."))
    assert "tone +4" in terms.marks(("", "I love it, it is wonderful and you are the best."))


def test_the_score_of_a_pruned_model_is_one_product_for_all_heads() -> None:
    pipeline = toy_model().pipeline
    given = pipeline.predict_proba([("password", "my account is locked, terrible")])
    assert [part.shape for part in given] == [(1, 3), (1, 3), (1, 2)]
    assert all(part.sum() == pytest.approx(1.0, abs=1e-5) for part in given)


@pytest.mark.parametrize(
    ("max_error", "threshold"),
    [(None, 0.9), (0.02, 0.9), (0.05, 0.7), (0.06, 0.7), (0.2, 0.5), (0.04, None), (0.01, None)],
)
def test_another_max_error_takes_the_threshold_of_the_next_stricter_level(max_error, threshold) -> None:
    levels = {"0.03": {"threshold": None}, "0.05": {"threshold": 0.7}, "0.1": {"threshold": 0.5}}
    facts = {"max_error": 0.02, "threshold": 0.9, "levels": levels}
    assert threshold_for(facts, max_error) == threshold


@pytest.mark.parametrize(
    ("language", "foreign"), [("cs", True), ("ro", True), ("da", True), ("en", False), ("fi", False), ("", False)]
)
def test_in_a_language_that_was_not_learned_it_is_sure_of_nothing(
    predictor: ModelPredictor, language: str, foreign: bool
) -> None:
    text = "Where is my parcel? It should have been delivered on Friday and the tracking does not move."
    (labels,) = predictor.predict([mail(subject="Where is my parcel?", text=text, language=language)])
    assert labels.is_foreign is foreign
    if foreign:
        assert not any(label.sure for label in (labels.topic, labels.sentiment, labels.complaint))


@pytest.mark.parametrize(
    ("mix", "rows", "languages"),
    [
        ({"en": 0.9, "sv": 0.1}, 200, {"en", "sv"}),
        ({"en": 0.95, "sv": 0.05}, 200, {"en"}),
        ({"": 1.0}, 200, None),
        ({}, 200, None),
        ({"": 0.4, "en": 0.6}, 200, {"en"}),
    ],
)
def test_a_language_is_learned_from_twenty_rows_on(
    mix: dict[str, float], rows: int, languages: set[str] | None
) -> None:
    assert learned({"mix": {"language": mix}, "rows": rows}) == languages  # type: ignore[typeddict-item]
