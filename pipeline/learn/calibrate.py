"""From scores to honest confidence: the temperature, and the threshold above which the machine may call itself sure.

The threshold comes from learn-then-test (Angelopoulos et al. 2021): a fixed sequence of thresholds, strictest first, is
tested with the exact binomial bound; the last one before the first failure stands. So the share of wrong among the sure
is at most `max_error` on unseen mail of the same kind, with 95 % confidence, and not only on the rows it was chosen on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.stats import beta

from pipeline.learn.features import probabilities

CONFIDENCE = 0.95
RECALL = 0.95  # of complaints that must at least be suspected
_STEPS = 40  # thresholds tried at most
_BEGIN = 0.1  # share of rows at the strictest threshold: one odd label at the very top must not decide alone
_COLDEST, _HOTTEST = 0.02, 20.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Certified:
    """What may be called sure; `threshold` None: nothing."""

    threshold: float | None
    coverage: float  # share of rows at or above it
    error: float | None  # share of wrong among them, as seen (the bound is higher)


NOTHING = Certified(threshold=None, coverage=0.0, error=None)


def temperature(scores: NDArray[Any], truth: NDArray[np.intp]) -> float:
    """The temperature at which out-of-fold scores have the highest likelihood."""

    def loss(logarithm: float) -> float:
        given = probabilities(scores, float(np.exp(logarithm)))[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(given, 1e-12)).mean())

    found = minimize_scalar(loss, bounds=(np.log(_COLDEST), np.log(_HOTTEST)), method="bounded")
    return float(np.exp(found.x))


def upper_bound(wrong: int, count: int) -> float:
    """The highest error rate that still goes with `wrong` of `count` (Clopper-Pearson, one-sided)."""
    return 1.0 if wrong >= count else float(beta.ppf(CONFIDENCE, wrong + 1, count - wrong))


def certify(confidence: NDArray[Any], right: NDArray[np.bool_], max_error: float) -> Certified:
    """The lowest threshold that certifies `max_error`, from rows the model was not fitted on."""
    order = np.argsort(-confidence, kind="stable")
    ranked, wrong = confidence[order], np.cumsum(~right[order])
    best = NOTHING
    for count in _sequence(len(ranked), max_error):
        threshold = float(ranked[count - 1])
        reached = int(np.searchsorted(-ranked, -threshold, side="right"))  # ties belong to it
        mistakes = int(wrong[reached - 1])
        if upper_bound(mistakes, reached) > max_error:
            break
        best = Certified(threshold=threshold, coverage=reached / len(ranked), error=mistakes / reached)
    return best


def _sequence(rows: int, max_error: float) -> list[int]:
    """How many rows lie above each threshold of the sequence: chosen without looking at what is right.

    Each is a count at which one more mistake is just allowed, for in between the bound only gets stricter.
    """
    counts: list[int] = []
    wrong, step = 0, max(1, rows // _STEPS)
    least = _BEGIN * rows
    while True:
        count = _least_count(wrong, max_error)
        if count > rows:
            return counts
        if count >= least and (not counts or count >= counts[-1] + step):
            counts.append(count)
        wrong += 1


def _least_count(wrong: int, max_error: float) -> int:
    """The smallest count with which `wrong` mistakes still certify."""
    low, high = wrong + 1, wrong + 2
    while upper_bound(wrong, high) > max_error:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if upper_bound(wrong, middle) > max_error else (low, middle)
    return high if upper_bound(wrong, low) > max_error else low


def suspicion(complaint: NDArray[Any], is_complaint: NDArray[np.bool_]) -> float | None:
    """The probability above which 95 % of the true complaints lie, out of fold."""
    of_true = np.sort(complaint[is_complaint])
    if not len(of_true):
        return None
    return float(of_true[int(np.floor((1 - RECALL) * len(of_true)))])
