"""What the labelled mail lacks: which topics have too few labels, and how many more until the machine is sure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from pipeline.learn.calibrate import holds
from pipeline.learn.dataset import Row
from pipeline.learn.manifest import CurvePoint, HeadFacts

ENOUGH = 10  # labels of a topic from which on it is learned tolerably
HALF = 0.5  # of the mail
_USUAL = 0.5  # exponent by which errors shrink with the number of labels, where no curve tells it
_SLOWEST, _FASTEST = 0.15, 1.0
_STEP, _MOST = 1.05, 100.0  # numbers of labels that are tried, up to so many times what there is


def starved_topics(rows: Iterable[Row], topics: Iterable[str]) -> dict[str, int]:
    """The labels of each topic that has too few, those with the fewest first. `topics`: of `[topics]`."""
    counts = Counter(dict.fromkeys(topics, 0))
    counts.update(row.topic for row in rows if row.topic)
    return {topic: count for topic, count in sorted(counts.items(), key=lambda pair: pair[1]) if count < ENOUGH}


def more_until_half(facts: HeadFacts, labels: int, curve: Sequence[CurvePoint] = ()) -> int | None:
    """About how many more labels until a head is sure of half of the mail; 0: it is; None: that can't be told.

    The error on the half that it is surest of shrinks as all errors do, by a power of the number of labels (the
    learning curve of the version); and so many mails must have been right that the bound holds (calibrate.holds).
    """
    if facts["out_of_fold"]["coverage"] >= HALF:
        return 0
    risks = [point["error"] for point in facts["test"].get("risk_coverage", ()) if point["coverage"] >= HALF]
    if not risks or not labels:
        return None
    power, times = _exponent(curve), 1.0
    while times <= _MOST:
        sure = round(HALF * labels * times)
        if holds(round(risks[0] * times**-power * sure), sure, facts["max_error"]):
            return max(10, 10 * round(labels * (times - 1) / 10))
        times *= _STEP
    return None


def _exponent(curve: Sequence[CurvePoint]) -> float:
    """How fast errors shrink: the slope of the learning curve in logarithms (a power law: Hestness et al. 2017)."""
    points = [(point["rows"], 1 - point["accuracy"]) for point in curve if point["accuracy"] < 1]
    if len(points) < 2:
        return _USUAL
    rows, errors = np.log(np.array(points)).T
    return float(np.clip(-np.polyfit(rows, errors, 1)[0], _SLOWEST, _FASTEST))
