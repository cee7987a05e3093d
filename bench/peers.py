"""fastText and Vowpal Wabbit beside us: the same rows, one thread each, settings tuned on the train parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

Pairs = Sequence[tuple[str, str]]  # text, label
_WORD = re.compile(r"\w+|[^\w\s]")
FASTTEXT = {
    "short": {"lr": 1.0, "epoch": 60, "wordNgrams": 2, "minn": 3, "maxn": 5, "dim": 50, "bucket": 200_000},
    "long": {"lr": 1.0, "epoch": 25, "wordNgrams": 2, "minn": 0, "maxn": 0, "dim": 50, "bucket": 200_000},
    "sentiment": {"lr": 0.3, "epoch": 25, "wordNgrams": 2, "minn": 0, "maxn": 0, "dim": 50, "bucket": 200_000},
}
VOWPAL = "--loss_function logistic -b 22 --passes 20 --holdout_off --kill_cache --random_seed 1 --quiet"


@dataclass(frozen=True, kw_only=True, slots=True)
class Peer:
    """A fitted model of another project."""

    name: str
    fit_seconds: float
    size: int  # bytes on disk
    predict: Callable[[str], str]


def fasttext_peer(pairs: Pairs, kind: str, folder: Path) -> Peer:
    """fastText, fitted on (text, label) pairs; `kind`: short, long or sentiment, for its settings."""
    import fasttext

    data = folder / "fasttext.txt"
    names = {label: f"__label__{number}" for number, label in enumerate(sorted({label for _, label in pairs}))}
    data.write_text("".join(f"{names[label]} {_spaced(text)}\n" for text, label in pairs), encoding="utf-8")
    began = perf_counter()
    model = fasttext.train_supervised(str(data), thread=1, verbose=0, seed=1, **FASTTEXT[kind])
    spent = perf_counter() - began
    model.save_model(str(folder / "fasttext.bin"))
    labels = {name: label for label, name in names.items()}

    def predict(text: str) -> str:
        # Its Python wrapper does not know NumPy 2; this is the call that it makes.
        found = model.f.predict(_spaced(text) + "\n", 1, 0.0, "replace")
        return labels[found[0][1]] if found else ""

    return Peer(name="fastText", fit_seconds=spent, size=(folder / "fasttext.bin").stat().st_size, predict=predict)


def vowpal_peer(pairs: Pairs, folder: Path) -> Peer:
    """Vowpal Wabbit, fitted on (text, label) pairs."""
    from vowpalwabbit import Workspace

    labels = sorted({label for _, label in pairs})
    number = {label: place for place, label in enumerate(labels, start=1)}
    data, cache, saved = folder / "vw.txt", folder / "vw.cache", folder / "vw.model"
    data.write_text("".join(f"{number[label]} {_features(text)}\n" for text, label in pairs), encoding="utf-8")
    began = perf_counter()
    options = f"--oaa {len(labels)} {VOWPAL} -d {data} --cache_file {cache} -f {saved}"
    Workspace(options).finish()
    spent = perf_counter() - began
    model: Any = Workspace(f"-i {saved} -t --quiet")
    return Peer(
        name="Vowpal Wabbit",
        fit_seconds=spent,
        size=saved.stat().st_size,
        predict=lambda text: labels[int(model.predict(_features(text))) - 1],
    )


def _spaced(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _features(text: str) -> str:
    """Words one and two at a time, and runs of two to five letters inside words."""
    words = [_safe(word) for word in _WORD.findall(text.lower())]
    pairs = [f"{one}_{two}" for one, two in pairwise(words)]
    runs = [_safe(run) for word in text.lower().split() for run in _runs(f"_{word}_")]
    return f"|w {' '.join(words + pairs)} |c {' '.join(runs)}"


def _runs(word: str) -> list[str]:
    return [word[at : at + size] for size in range(2, 6) for at in range(len(word) - size + 1)]


def _safe(token: str) -> str:
    """Colon, bar and white space are Vowpal Wabbit's own."""
    return token.replace(":", "\u2236").replace("|", "\u2223").replace(" ", "_")
