"""From scores to honest confidence: the temperature, and the threshold above which the machine may call itself sure.

The threshold comes from learn-then-test (Angelopoulos et al. 2021): a fixed sequence of thresholds, strictest first, is
tested with the exact binomial bound; the last one before the first failure stands. So the share of wrong among the sure
is at most `max_error` on unseen mail of the same kind, with 95 % confidence, and not only on the rows it was chosen on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import bdtr

from pipeline.learn.served import probabilities

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


def temperature(scores: NDArray[np.floating], truth: NDArray[np.intp]) -> float:
    """The temperature at which out-of-fold scores have the highest likelihood (Guo et al. 2017).

    `scores`: rows × columns of the head; `truth`: per row the index of its class.
    """

    def loss(logarithm: float) -> float:
        given = probabilities(scores, float(np.exp(logarithm)))[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(given, 1e-12)).mean())

    found = minimize_scalar(loss, bounds=(np.log(_COLDEST), np.log(_HOTTEST)), method="bounded")
    return float(np.exp(found.x))


def holds(wrong: int, count: int, max_error: float) -> bool:
    """Do `wrong` of `count` rule out an error rate above `max_error`? (The one-sided Clopper-Pearson bound is below.)

    Asked the other way round, which needs no inverse: were the rate `max_error`, would so few be a rare luck?
    """
    return wrong < count and float(bdtr(wrong, count, max_error)) <= 1 - CONFIDENCE


def certify(confidence: NDArray[np.floating], right: NDArray[np.bool_], max_error: float) -> Certified:
    """The lowest threshold that certifies `max_error` (a share), from rows the model was not fitted on.

    `confidence` and `right`: one a row. NOTHING where no threshold certifies it.
    """
    order = np.argsort(-confidence, kind="stable")
    ranked, wrong = confidence[order], np.cumsum(~right[order])
    best = NOTHING
    for count in _sequence(len(ranked), max_error):
        threshold = float(ranked[count - 1])
        reached = int(np.searchsorted(-ranked, -threshold, side="right"))  # ties belong to it
        mistakes = int(wrong[reached - 1])
        if not holds(mistakes, reached, max_error):
            break
        best = Certified(threshold=threshold, coverage=reached / len(ranked), error=mistakes / reached)
    return best


def _sequence(rows: int, max_error: float) -> list[int]:
    """How many rows lie above each threshold of the sequence: chosen without looking at what is right.

    Each is a count at which one more mistake is just allowed, for in between the bound only gets stricter.
    """
    counts: list[int] = []
    step = max(1, rows // _STEPS)
    for target in range(max(_least_count(0, max_error), round(_BEGIN * rows)), rows + 1, step):
        count = _least_count(_allowed(target - 1, max_error) + 1, max_error)  # at the target or just above
        if count <= rows and (not counts or count > counts[-1]):
            counts.append(count)
    return [*counts, rows] if counts and counts[-1] < rows else counts


def _allowed(count: int, max_error: float) -> int:
    """The most mistakes with which `count` rows still certify; -1: they are too few even without one."""
    low, high = -1, count
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle, count, max_error) else (low, middle)
    return low


def _least_count(wrong: int, max_error: float) -> int:
    """The smallest count with which `wrong` mistakes still certify."""
    low, high = wrong, wrong + 1
    while not holds(wrong, high, max_error):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(wrong, middle, max_error) else (middle, high)
    return high


def suspicion(complaint: NDArray[np.floating], is_complaint: NDArray[np.bool_]) -> float | None:
    """The probability above which 95 % of the true complaints lie, out of fold; None where there is none.

    `complaint`: the probability, `is_complaint`: the truth; one a row.
    """
    of_true = np.sort(complaint[is_complaint])
    if not len(of_true):
        return None
    return float(of_true[int(np.floor((1 - RECALL) * len(of_true)))])
