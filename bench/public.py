"""Our classifier on public sets beside fastText and Vowpal Wabbit, all in one run: `make bench-classifier`.

Writes docs/benchmarks/classifier.md. Accuracies stand for themselves; times are compared within the run only. With
names of sets, `make bench-classifier ARGS=Banking77`, only these are measured and nothing is written.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from bench import peers, report
from bench.public_sets import ENCODER, PublicSet, all_sets, few_labels
from bench.set_result import SetResult
from pipeline.errors import ConfigError
from pipeline.learn import calibrate, gate, label_files, training
from pipeline.learn.encoder import Encoder
from pipeline.learn.evaluate import Judgement, calibration_error, macro_f1
from pipeline.learn.registry import Registry
from pipeline.learn.version import MODEL
from tests.samples import mail

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks" / "classifier.md"
RESPLITS = 200
_SINGLES, _ROUNDS, _BATCH = 200, 5, 256
_KEY = b"a key for the bench"


def main() -> None:
    """Measures all sets and writes the page; or only those that are named, and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", metavar="SET", help="only these sets, and nothing is written")
    chosen = parser.parse_args().sets
    began = perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sets = all_sets(folder)
        wanted = [one for one in [*sets, few_labels(sets[0], folder)] if not chosen or one.name in chosen]
        results = {one.name: _measure(one, folder) for one in wanted}
        plain = 0.0 if chosen else plain_fit(sets[0])
    if not chosen:
        report.write(PAGE, wanted, results, plain, perf_counter() - began)


def _measure(one: PublicSet, folder: Path) -> dict[str, SetResult]:
    """All models on one set, told as they come."""
    found: dict[str, SetResult] = {}
    for name, measure in _models(one, folder):
        found[name] = measure()
        print(f"{one.name} · {name}: {found[name]}", flush=True)
    return found


def _models(one: PublicSet, folder: Path) -> list[tuple[str, Callable[[], SetResult]]]:
    pairs = one.pairs(one.train)
    kind = "sentiment" if one.head == "sentiment" else "long" if one.long_texts else "short"
    models: list[tuple[str, Callable[[], SetResult]]] = [
        ("fastText", lambda: _of_peer(peers.fasttext_peer(pairs, kind, folder), one)),
        ("Vowpal Wabbit", lambda: _of_peer(peers.vowpal_peer(pairs, folder), one)),
        ("lean", lambda: of_ours(one, folder / f"{one.name} lean", None)),
    ]
    if _has_encoder():
        models.append(("encoder", lambda: of_ours(one, folder / f"{one.name} encoder", ENCODER)))
    return models


def _has_encoder() -> bool:
    try:
        Encoder(ENCODER)
    except ConfigError as error:
        print(f"without the encoder profile: {error.what}")
        return False
    return True


def _of_peer(peer: peers.Peer, one: PublicSet) -> SetResult:
    pairs = one.pairs(one.test)
    predicted = np.array([peer.predict(text) for text, _ in pairs], dtype=object)
    truth = np.array([label for _, label in pairs], dtype=object)
    texts = [text for text, _ in pairs]
    return SetResult(
        accuracy=float((predicted == truth).mean()),
        macro_f1=macro_f1(truth, predicted),
        fit=peer.fit_seconds,
        one=_each(peer.predict, texts[:_SINGLES]),
        batch=_each(peer.predict, texts[:_BATCH]) * _BATCH,
        size=peer.size,
    )


def of_ours(one: PublicSet, folder: Path, encoder: Path | None) -> SetResult:
    """As `model train --data … --test …` does it, every fold, the saving and the gate included."""
    registry = Registry(folder, _KEY, encoder=encoder)
    began = perf_counter()
    document = training.train_candidate(training.Request(files=[one.train], test=one.test), registry)
    fit = perf_counter() - began
    figures = document["heads"][one.head]
    predictor = registry.predictor(document["version"])
    rows = label_files.load_rows([one.test]).rows
    mails = [mail(subject=row.subject, text=row.text) for row in rows]
    judged = gate.judgements(predictor, rows)[one.head]
    registry.cache().unlink(missing_ok=True)  # a mail that arrives has no vector yet
    return SetResult(
        accuracy=figures["accuracy"],
        macro_f1=figures["macro_f1"],
        fit=fit,
        one=_each(lambda one_mail: predictor.predict([one_mail]), mails[:_SINGLES], rounds=1 if encoder else _ROUNDS),
        batch=_once(lambda: predictor.predict(mails[-_BATCH:])),
        size=(folder / document["version"] / MODEL).stat().st_size,
        ece=figures["ece"],
        coverage=figures["coverage"],
        error=figures["error_when_sure"],
        chance=_chance(judged),
        broken=_broken(judged, figures["max_error"]),
    )


def _chance(judged: Judgement) -> float:
    """The mean calibration error if each mail were right exactly as often as the confidence says."""
    dice = np.random.default_rng(1)
    drawn = (dice.random(len(judged.confidence)) < judged.confidence for _ in range(RESPLITS))
    return float(np.mean([calibration_error(judged.confidence, right) for right in drawn]))


def _broken(judged: Judgement, max_error: float) -> float | None:
    """How often a threshold certified on one half of the test mails lets more than promised be wrong in the other."""
    dice = np.random.default_rng(1)
    broken = certified = 0
    for _ in range(RESPLITS):
        half = dice.permutation(len(judged.right)) < len(judged.right) // 2
        found = calibrate.certify(judged.confidence[half], judged.right[half], max_error)
        if found.threshold is not None:
            certified += 1
            sure = ~half & (judged.confidence >= found.threshold)
            broken += bool(sure.any()) and (~judged.right[sure]).mean() > max_error
    return broken / RESPLITS if certified else None


def plain_fit(one: PublicSet) -> float:
    """Seconds of one fit of the usual recipe, without any choosing or calibrating: what ours are compared with."""
    from scipy import sparse
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    texts, labels = zip(*one.pairs(one.train), strict=True)
    began = perf_counter()
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, dtype=np.float32)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2, dtype=np.float32)
    matrix = sparse.hstack([words.fit_transform(texts), letters.fit_transform(texts)], format="csr")
    LinearSVC(random_state=0).fit(matrix, labels)
    return perf_counter() - began


def _each(work: Callable[[Any], object], inputs: Sequence[Any], rounds: int = _ROUNDS) -> float:
    """Seconds for one input, the best of some rounds: a shared machine only ever adds."""
    work(inputs[-1])  # what is loaded lazily
    return min(_once(lambda: [work(one) for one in inputs]) for _ in range(rounds)) / len(inputs)


def _once(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


if __name__ == "__main__":
    main()
