"""The head of the encoder profile: two views of a mail, each made honest first, in the proportion that did best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pipeline.learn import calibrate
from pipeline.learn.heads import BOTH, MEANING, LinearHead, RowsSeen, Task, fit_head, quality_of, winners_of

PROPORTIONS = (0.0, 0.25, 0.5, 0.75, 1.0)  # of meaning alone in the blend


def blend(views: Sequence[Task], part: RowsSeen) -> LinearHead:
    """The encoder profile's head: the proportion of its two views is chosen by their out-of-fold scores."""
    everything = np.ones(part.words.shape[0], dtype=bool)
    both = next(task for task in views if task.view == BOTH)
    alone = next((task for task in views if task.view == MEANING), None)
    first = LinearHead.of(both, fit_head(both, part, everything))
    if alone is None:
        return first
    degrees = [calibrate.temperature(task.scores[task.counted], task.truth[task.counted]) for task in (both, alone)]
    mixed = {share: (1 - share) * both.scores / degrees[0] + share * alone.scores / degrees[1] for share in PROPORTIONS}
    known = both.counted
    share = max(PROPORTIONS, key=lambda one: (quality_of(both, both.truth[known], winners_of(mixed[one])[known]), -one))
    second = LinearHead.of(alone, fit_head(alone, part, everything))
    weights = (1 - share) / degrees[0] * first.weights
    weights[:, part.words.shape[1] :] += share / degrees[1] * second.weights
    intercepts = (1 - share) / degrees[0] * first.intercepts + share / degrees[1] * second.intercepts
    return LinearHead(replace(both, scores=mixed[share]), weights, intercepts, share)
