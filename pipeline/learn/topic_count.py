"""How many topics unlabelled mails have: as many as tell apart also mails that did not place the centres.

One half of the mails places the centres, the other half is judged by its silhouette (Rousseeuw 1987), and the other way
round: after the idea of prediction strength (Tibshirani and Walther 2005). On the mails that placed the centres a
silhouette grows with every further group, down to pairs of twins; on others it falls where a topic is torn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import normalize

from pipeline.learn.points import SEED
from pipeline.learn.terms import Floats

Progress = Callable[[str], None]  # called when a step begins

_PER_TOPIC = 8  # mails a topic has at least on average
_FEW = 8  # topics that are proposed at least where there is mail enough: a name can be given twice, a group not be cut
_MAILS_OF_FEW = 50  # mails for each of these
_STEP = 1.25  # from one number that is tried to the next
_SAMPLE = 4_000  # mails by which the number is chosen
_SPLITS = 2  # into halves, each judged both ways: k-means is a little lucky or unlucky each time
_JUDGED = 1_500  # of a half whose silhouettes are computed: they grow with the square
_HOPELESS = 0.8  # of the best: so far below it, for some numbers on end, nothing better comes
_ON_END = 3
_MANY = 10_000  # mails beyond which k-means works in small batches


def best_number(places: Floats, progress: Progress = lambda _step: None) -> tuple[int, float]:
    """How many topics these points have, and how well they are apart then (-1 … 1)."""
    pairs = [pair for seed in range(_SPLITS) for pair in _halves(places, SEED + seed)]
    numbers = _numbers(len(places))
    scores: list[float] = []
    for number in numbers:
        progress(f"are there {number} topics?")
        scores.append(float(np.mean([_apart(placing, judged, number) for placing, judged in pairs])))
        if len(scores) > _ON_END and max(_smooth(scores)[-_ON_END:]) < _HOPELESS * max(scores):
            break
    smooth = _smooth(scores)
    chosen = smooth.index(max(smooth))
    return numbers[chosen], scores[chosen]


def centres_of(places: Floats, number: int, starts: int = 4) -> Floats:
    """The centres of so many groups, each of length 1."""
    kind = MiniBatchKMeans if len(places) > _MANY else KMeans
    return np.asarray(normalize(kind(number, n_init=starts, random_state=SEED).fit(places).cluster_centers_))


def nearest_centre(places: Floats, centres: Floats) -> NDArray[np.intp]:
    """The group of each point."""
    return np.asarray((places @ centres.T).argmax(axis=1))


def _numbers(mails: int) -> list[int]:
    """What is tried: few numbers, each a quarter above the one before."""
    number, most = max(2, min(_FEW, mails // _MAILS_OF_FEW)), max(2, mails // _PER_TOPIC)
    numbers: list[int] = []
    while number <= most:
        numbers.append(number)
        number = max(number + 1, round(number * _STEP))
    return numbers or [2]


def _halves(places: Floats, seed: int) -> Iterator[tuple[Floats, Floats]]:
    """The half that places the centres and the half that is judged, both ways round."""
    order = np.random.default_rng(seed).permutation(len(places))[:_SAMPLE]
    one, other = places[order[: len(order) // 2]], places[order[len(order) // 2 :]]
    yield one, other
    yield other, one


def _apart(placing: Floats, judged: Floats, number: int) -> float:
    """How well mails are apart by the centres that others have placed; -1 where they are not."""
    if number >= len(placing):
        return -1.0
    some = judged[:_JUDGED]
    labels = nearest_centre(some, centres_of(placing, number, starts=2))
    several = 1 < len(set(labels.tolist())) < len(labels)
    return float(silhouette_score(some, labels)) if several else -1.0


def _smooth(scores: list[float]) -> list[float]:
    """Each with a quarter of its neighbours."""
    padded = [scores[0], *scores, scores[-1]]
    return [(padded[at - 1] + 2 * padded[at] + padded[at + 1]) / 4 for at in range(1, len(padded) - 1)]
