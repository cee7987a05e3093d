"""Simulated sittings of `data confirm`: how many answers it takes, and how often what is shown is not so.

`python -m bench.confirm [--write]`: people who answer truly, on mail whose truth is known. The starter model on
bench/starter_check.csv, and made-up models: one that knows itself, one that thinks too much of itself, and one that is
wrong a little more often than allowed wherever it is asked. `--write` makes docs/benchmarks/confirm.md.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.learn import label_files, training
from pipeline.learn.confirming import Basis, Certificate, first_floor, looser_floor
from pipeline.learn.dataset import Columns
from pipeline.learn.manifest import threshold_for
from pipeline.learn.registry import Registry
from pipeline.records.confirmation import Confirmation

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "benchmarks" / "confirm.md"
SITTINGS, MOST = 400, 600  # people, and answers after which each goes home
ALLOWED = (0.05, 0.02)
AT, VALID = datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=180)
HEAD = """# Confirming on one's own mail, simulated

Made by `python -m bench.confirm --write`: {sittings} people each, who answer truly, at most {most} answers.

- *From*: the confidence from which mail was drawn first, and how often the machine was wrong there.
- *Sure after*: answers until any threshold held (median of those for whom one did).
- *Sure of*: share of the mail, then; and at the end, after asking about the looser thresholds that were proposed.
- *Not so*: people for whom ever a threshold held above which the machine was in truth wrong more often than allowed. At
  most 5 % may be, in the long run; the last model is made to come as near to that as can be.

| model | allowed | from | wrong there | sure after | people | sure of | at the end | not so |
|---|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class SimulatedMail:
    """Mail of a mailbox: how sure a model is of each, and whether it is right."""

    model: str
    confidence: NDArray[np.floating]
    right: NDArray[np.bool_]
    shipped: dict[float, float | None]  # threshold by what is allowed
    start: dict[float, float]  # the first floor by what is allowed, where it is given; then others are not tried

    def wrong_from(self, threshold: float) -> float:
        """Share of wrong at or above a confidence."""
        sure = self.confidence >= threshold
        return float((~self.right[sure]).mean()) if sure.any() else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Sat:
    """What became of one sitting."""

    answers: int = 0  # until the first threshold held; 0: none did
    coverage: float = 0.0  # then
    end: float = 0.0
    untrue: bool = False  # did ever a threshold hold above which more was wrong than allowed?


def main() -> None:
    """Prints the table, or writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    page = HEAD.format(sittings=SITTINGS, most=MOST) + "".join(f"{row}\n" for row in _rows())
    if parser.parse_args().write:
        PAGE.write_text(page, encoding="utf-8")
    else:
        print(page)


def _rows() -> Iterator[str]:
    dice = np.random.default_rng(2026)
    for mails in [*_starter(), *_made_up(dice)]:
        for allowed in ALLOWED:
            seen = dice.choice(mails.confidence, 1_000).tolist()
            floor = mails.start.get(allowed) or first_floor(seen, mails.shipped.get(allowed), allowed)
            if floor is None or (mails.start and allowed not in mails.start):
                continue
            sat = [_sit(mails, allowed, floor, dice) for _ in range(SITTINGS)]
            sure = [one for one in sat if one.answers]
            after = f"{np.median([one.answers for one in sure]):.0f}" if sure else "–"
            of = f"{np.median([one.coverage for one in sure]):.0%}" if sure else "–"
            end = f"{np.median([one.end for one in sure]):.0%}" if sure else "–"
            untrue = sum(one.untrue for one in sat) / SITTINGS
            yield (
                f"| {mails.model} | {allowed:.0%} | {floor:.3f} | {mails.wrong_from(floor):.1%} | {after} | "
                f"{len(sure) / SITTINGS:.0%} | {of} | {end} | {untrue:.1%} |"
            )


def _sit(mails: SimulatedMail, allowed: float, floor: float, dice: np.random.Generator) -> Sat:
    """Mails are drawn with replacement: the mailbox is as large as one likes."""
    certificate, answers, sat = Certificate(max_error=allowed, threshold=mails.shipped.get(allowed)), [], Sat()
    asked: float | None = floor
    while len(answers) < MOST and asked is not None and not certificate.exhausted:
        place = dice.choice(np.flatnonzero(mails.confidence >= asked))
        answers.append(_answer(mails, place, asked))
        certificate = certificate.after(answers[-1], VALID)
        sat = _after(sat, mails, certificate, len(answers))
        asked = certificate.floor
        if certificate.round and certificate.round.over:
            asked = looser_floor(mails.confidence[:1_000].tolist(), answers, certificate)
    return sat


def _after(sat: Sat, mails: SimulatedMail, certificate: Certificate, given: int) -> Sat:
    threshold = certificate.threshold
    if certificate.basis is not Basis.ANSWERS or threshold is None:
        return sat
    coverage = float((mails.confidence >= threshold).mean())
    untrue = sat.untrue or mails.wrong_from(threshold) > certificate.max_error
    return Sat(answers=sat.answers or given, coverage=sat.coverage or coverage, end=coverage, untrue=untrue)


def _answer(mails: SimulatedMail, place: int, floor: float) -> Confirmation:
    return Confirmation(
        mail_id=str(place),
        head="topic",
        model="m",
        floor=floor,
        confidence=float(mails.confidence[place]),
        said="a",
        truth="a" if mails.right[place] else "b",
        at=AT,
        by="somebody",
        random=True,
    )


def _starter() -> Iterator[SimulatedMail]:
    """The starter model on mails by another hand, by head."""
    rows = label_files.load_rows([ROOT / "bench" / "starter_check.csv"], Columns()).rows
    with tempfile.TemporaryDirectory() as folder:
        registry = Registry(Path(folder), b"a key for the bench")
        shelf = ROOT / "training_data"
        request = training.Request(files=label_files.files_in(shelf), check=label_files.check_in(shelf))
        predictor = registry.predictor(training.train_candidate(request, registry)["version"])
    for head, facts in predictor.facts.items():
        labelled = [row for row in rows if row.label(head) is not None]
        given, known = predictor.probabilities([row.item for row in labelled])
        classes, chances = facts["classes"], given[head]
        said = [classes[chance.argmax()] for chance in chances]
        yield SimulatedMail(
            model=f"starter, {head}",
            confidence=np.where(known, chances.max(axis=1), 0.0).astype(float),
            right=np.array([one == row.label(head) for one, row in zip(said, labelled, strict=True)]),
            shipped={allowed: threshold_for(facts, allowed) for allowed in ALLOWED},
            start={},
        )


def _made_up(dice: np.random.Generator) -> Iterator[SimulatedMail]:
    """20,000 mails each; the doubt of the model is spread so that half of the mail is clear."""
    confidence = 1 - 0.6 * dice.beta(0.5, 2.0, 20_000)
    for model, factor in (("knows itself", 1.0), ("doubts three times too little", 3.0)):
        right = dice.random(len(confidence)) >= np.minimum(1.0, factor * (1 - confidence))
        yield SimulatedMail(model=model, confidence=confidence, right=right, shipped={}, start={})
    for allowed in ALLOWED:
        right = dice.random(len(confidence)) >= 1.05 * allowed
        name = "wrong a little too often everywhere"
        yield SimulatedMail(model=name, confidence=confidence, right=right, shipped={}, start={allowed: 0.7})


if __name__ == "__main__":
    main()
