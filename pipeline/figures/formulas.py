"""The formulas: NPS, CES, CSAT, the trace of a case (CTT), shares, times and their intervals. Counts in, figures out.

A figure is a dict as `metrics --json` shows it. Of fewer than FEW there is none (null): its `warning` says so, and the
counts are there all the same. Intervals are for 95 %. What each figure is good for: docs/metrics.md.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from statistics import NormalDist, fmean

from pipeline.figures.metrics_document import (
    Csat,
    CsatDocument,
    Figure,
    Groups,
    Nps,
    NpsDocument,
    Score,
    ShareDocument,
    StageDocument,
    SurveyScoreDocument,
    TimesDocument,
    TraceDocument,
)
from pipeline.records.survey import Stage, SurveyKind, Touchpoint

FEW = 10  # answers, cases, mails: below it a figure would say more about chance than about anything else
CHANGED = 0.5  # of a case's valence between its ends: half the way from one sentiment to the next
SURE = 0.99  # that what the report says has changed is no chance
RESAMPLES = 2000
SEED = 20  # the same answers give the same interval
_SIGN = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}
_Z = NormalDist().inv_cdf(0.975)

Histogram = Mapping[int, int]  # score → how many gave it


def nps(answers: Histogram) -> Nps:
    """Net promoter score, -100 to 100: per cent of promoters (9, 10) less per cent of detractors (0 to 6)."""
    groups: Groups = {
        "promoters": sum(count for score, count in answers.items() if score >= 9),
        "passives": sum(count for score, count in answers.items() if score in (7, 8)),
        "detractors": sum(count for score, count in answers.items() if score <= 6),
    }
    worth = {100: groups["promoters"], 0: groups["passives"], -100: groups["detractors"]}
    return {**_mean(worth, digits=1), **groups, "scores": _all_scores(SurveyKind.NPS, answers)}


def ces(answers: Histogram) -> Score:
    """Customer effort score, 1 to 7: the mean of "they made it easy for me", 7 the easiest."""
    return {**_mean(answers, digits=2), "scores": _all_scores(SurveyKind.CES, answers)}


def csat(answers: Histogram) -> Csat:
    """Customer satisfaction, 0 to 1: the share that chose 4 or 5 of five. So are both sides of quality."""
    content = sum(count for score, count in answers.items() if score >= 4)
    return {**share(content, sum(answers.values())), "scores": _all_scores(SurveyKind.CSAT, answers)}


FORMULAS = {
    SurveyKind.NPS: nps,
    SurveyKind.CES: ces,
    SurveyKind.CSAT: csat,
    SurveyKind.OUTCOME: csat,
    SurveyKind.TREATMENT: csat,
}


def share(count: int, of: int) -> ShareDocument:
    """How much of it is so, with Wilson's interval."""
    low, high = wilson(count, of) if of >= FEW else (None, None)
    value = count / of if of >= FEW else None
    return {"count": count, **_figure(value, low, high, of, digits=4)}


def wilson(count: int, of: int, z: float = _Z) -> tuple[float, float]:
    """Between what shares `count` of `of` is no surprise; stays sensible near 0 and 1 (Wilson 1927)."""
    found, spread = count / of, z * z / of
    middle = (found + spread / 2) / (1 + spread)
    reach = z * math.sqrt(found * (1 - found) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def risen(now: tuple[int, int], before: tuple[int, int], comparisons: int = 1) -> bool:
    """Is a share (count, of) surely larger than before? Both of FEW at least.

    The difference's interval from those of both shares (Newcombe 1998, method 10), for 99 %; where several are looked
    at side by side, for so much more that all of them together are right with 99 % (Bonferroni).
    """
    (count, of), (count_before, of_before) = now, before
    if of < FEW or of_before < FEW:
        return False
    z = NormalDist().inv_cdf(1 - (1 - SURE) / 2 / max(1, comparisons))
    difference = count / of - count_before / of_before
    low, high_before = wilson(count, of, z)[0], wilson(count_before, of_before, z)[1]
    return difference > math.hypot(count / of - low, high_before - count_before / of_before)


def longer(now: Sequence[float], before: Sequence[float], comparisons: int = 1) -> bool:
    """Do times surely take longer than before? FEW of both at least; as sure as `risen`.

    The rank sum test (Mann and Whitney 1947), by its normal approximation: no matter how times are distributed, and one
    that took for ever counts no more than one that took long.
    """
    if len(now) < FEW or len(before) < FEW:
        return False
    ascending = sorted(before)
    above = sum((bisect_left(ascending, one) + bisect_right(ascending, one)) / 2 for one in now)
    pairs = len(now) * len(before)
    z = (above - pairs / 2) / math.sqrt(pairs * (len(now) + len(before) + 1) / 12)
    return z > NormalDist().inv_cdf(1 - (1 - SURE) / 2 / max(1, comparisons))


def later(now: Sequence[float], before: Sequence[float], part: float) -> bool:
    """Does this part of the cases (0.5: half of them) surely take longer than before? FEW of both at least; as sure as
    `risen`.

    Mood's median test (Mood 1950), here for any quantile: how many of each lie above the quantile of both together? If
    nothing has changed these shares are the same. It asks nothing of how times are distributed, and costs one sorting.
    """
    if not now or not before:
        return False
    common = quantile(sorted((*now, *before)), part)
    above, above_before = (sum(one > common for one in times) for times in (now, before))
    return risen((above, len(now)), (above_before, len(before)))


def bootstrap(worth: Mapping[int, int]) -> tuple[float, float]:
    """Between what means the answers (value → count) leave the truth, by drawing them again with replacement."""
    import numpy as np  # slow to import, and most commands don't count anything

    values, counts = np.array(list(worth)), np.array(list(worth.values()))
    total = int(counts.sum())
    drawn = np.random.default_rng(SEED).multinomial(total, counts / total, size=RESAMPLES)
    low, high = np.quantile(drawn @ values / total, [0.025, 0.975])
    return float(low), float(high)


def times(seconds: Iterable[float]) -> TimesDocument:
    """Median and 90th percentile."""
    found = sorted(seconds)
    enough = len(found) >= FEW
    return {
        "count": len(found),
        "median_seconds": round(quantile(found, 0.5)) if enough else None,
        "p90_seconds": round(quantile(found, 0.9)) if enough else None,
        "warning": _warning(len(found)),
    }


def quantile(ascending: Sequence[float], part: float) -> float:
    """The value below which this part lies, between two neighbours in proportion."""
    place = part * (len(ascending) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ascending) - 1)
    return ascending[below] + (ascending[above] - ascending[below]) * (place - below)


def survey(
    kind: SurveyKind, answers: Histogram, sent: int, answered: int
) -> NpsDocument | SurveyScoreDocument | CsatDocument:
    """A survey's figure and its response rate; `answered`: of those sent, as others answer without being asked."""
    return WITH_RATES[kind](answers, share(answered, sent))


def nps_with_rate(answers: Histogram, rate: ShareDocument) -> NpsDocument:
    """`nps`, and how many of those asked answered."""
    return {**nps(answers), "response_rate": rate}


def ces_with_rate(answers: Histogram, rate: ShareDocument) -> SurveyScoreDocument:
    """`ces`, and how many of those asked answered."""
    return {**ces(answers), "response_rate": rate}


def csat_with_rate(answers: Histogram, rate: ShareDocument) -> CsatDocument:
    """`csat`, and how many of those asked answered."""
    return {**csat(answers), "response_rate": rate}


WITH_RATES = {
    SurveyKind.NPS: nps_with_rate,
    SurveyKind.CES: ces_with_rate,
    SurveyKind.CSAT: csat_with_rate,
    SurveyKind.OUTCOME: csat_with_rate,
    SurveyKind.TREATMENT: csat_with_rate,
}


def valence(touchpoint: Touchpoint) -> float | None:
    """How the customer felt, -1 to 1: the sentiment by its confidence; of an answer without words, its score."""
    if touchpoint.sentiment in _SIGN:
        return _SIGN[touchpoint.sentiment] * (1.0 if touchpoint.confidence is None else touchpoint.confidence)
    if touchpoint.kind is None or touchpoint.score is None:
        return None
    scale = touchpoint.kind.scale
    return 2 * (touchpoint.score - scale[0]) / (scale[-1] - scale[0]) - 1


def rise(valences: Sequence[float]) -> float:
    """How far a straight line through them (least squares) climbs from the first to the last."""
    last = len(valences) - 1
    middle, mean = last / 2, fmean(valences)
    slope = sum((place - middle) * (value - mean) for place, value in enumerate(valences))
    return last * slope / sum((place - middle) ** 2 for place in range(len(valences)))


def rise_of(case: Iterable[Touchpoint]) -> float | None:
    """The same of a case; None for one that says too little to go anywhere."""
    known = [value for _, value in _known(case)]
    return rise(known) if len(known) > 1 else None


def _known(case: Iterable[Touchpoint]) -> list[tuple[Stage, float]]:
    return [(point.stage, value) for point in case if (value := valence(point)) is not None]


def direction(risen: float) -> str:
    """Where a case is going, by its `rise` on a scale of 2: steady, improving or worsening."""
    if abs(risen) < CHANGED:
        return "steady"
    return "improving" if risen > 0 else "worsening"


def trace(cases: Iterable[Sequence[Touchpoint]]) -> TraceDocument:
    """Customer touchpoint tracking: where the cases with two touchpoints or more are heading, and how each stage is."""
    told = [known for case in cases if len(known := _known(case)) > 1]
    risen = [rise([value for _, value in case]) for case in told]
    ways = [direction(one) for one in risen]
    return {
        "cases": len(told),
        "change": round(fmean(risen), 3) if len(told) >= FEW else None,
        "improving": share(ways.count("improving"), len(told)),
        "steady": share(ways.count("steady"), len(told)),
        "worsening": share(ways.count("worsening"), len(told)),
        "stages": {stage.value: _stage(stage, told) for stage in Stage},
        "warning": _warning(len(told)),
    }


def _stage(stage: Stage, cases: Iterable[Sequence[tuple[Stage, float]]]) -> StageDocument:
    values = [value for case in cases for where, value in case if where is stage]
    return {"touchpoints": len(values), "valence": round(fmean(values), 3) if len(values) >= FEW else None}


def _mean(worth: Mapping[int, int], *, digits: int) -> Figure:
    total = sum(worth.values())
    if total < FEW:
        return _figure(None, None, None, total, digits)
    value = sum(one * count for one, count in worth.items()) / total
    return _figure(value, *bootstrap(worth), total, digits)


def _figure(value: float | None, low: float | None, high: float | None, of: int, digits: int) -> Figure:
    alike = value is not None and low == high
    return {
        "value": _rounded(value, digits),
        "low": _rounded(low, digits),
        "high": _rounded(high, digits),
        "of": of,
        "warning": "all are alike: the interval is too narrow" if alike else _warning(of),
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _warning(count: int) -> str:
    return "" if count >= FEW else f"only {count}: too few for a figure" if count else "none"


def _all_scores(kind: SurveyKind, answers: Histogram) -> dict[str, int]:
    return {str(score): answers.get(score, 0) for score in kind.scale}
