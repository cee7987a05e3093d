"""Owners who break more of their promises than all others together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.figures import formulas
from pipeline.figures.finding import Comparison, ReportFinding
from pipeline.records.promise import PromiseKind, PromiseState


def find(on: Comparison) -> Iterator[ReportFinding]:
    """One an owner."""
    kept = {owner: _kept(counts) for owner, counts in on.metrics.promises(on.period, "owner").items() if owner}
    for owner, (broken, over) in kept.items():
        others = [pair for other, pair in kept.items() if other != owner]
        rest = (sum(pair[0] for pair in others), sum(pair[1] for pair in others))
        if formulas.risen((broken, over), rest, len(kept)):
            yield ReportFinding(
                kind="owner",
                what=f"{owner} breaks more promises than others",
                do="talk about the load, or give the topic to more people",
                about=(str(owner),),
                evidence=f"{broken} of {over} broken; of all others {rest[0]} of {rest[1]}",
            )


def _kept(counts: Mapping[tuple[PromiseKind, PromiseState], int]) -> tuple[int, int]:
    """Broken ones, of those that are over."""
    broken = sum(counts.get((kind, PromiseState.BROKEN), 0) for kind in PromiseKind)
    return broken, broken + sum(counts.get((kind, PromiseState.KEPT), 0) for kind in PromiseKind)
