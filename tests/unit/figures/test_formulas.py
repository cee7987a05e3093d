"""The formulas, as tables worked out by hand, and beside statsmodels; the calendar's borders; the document."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from pipeline.errors import UsageError
from pipeline.figures import formulas, measure
from pipeline.records.survey import Stage, SurveyKind, Touchpoint
from tests.samples import NOON

HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.mark.parametrize(
    ("scores", "value"),
    [
        ({10: 10}, 100.0),
        ({0: 10}, -100.0),
        ({7: 5, 8: 5}, 0.0),
        ({9: 5, 10: 2, 8: 1, 6: 1, 0: 1}, 50.0),  # 7 of 10 promote, 2 of 10 detract
        ({10: 1, 6: 2, 7: 9}, -8.3),  # (1 - 2) of 12
    ],
)
def test_nps_is_promoters_less_detractors(scores: dict[int, int], value: float) -> None:
    found = formulas.nps(scores)
    assert found["value"] == value
    assert found["promoters"] + found["passives"] + found["detractors"] == found["of"] == sum(scores.values())


@pytest.mark.parametrize(
    ("scores", "value"), [({7: 10}, 7.0), ({1: 5, 7: 5}, 4.0), ({1: 1, 2: 2, 3: 3, 4: 4, 5: 5}, 3.67)]
)
def test_ces_is_the_mean(scores: dict[int, int], value: float) -> None:
    assert formulas.ces(scores)["value"] == value


@pytest.mark.parametrize(
    ("scores", "value"), [({5: 10}, 1.0), ({3: 10}, 0.0), ({4: 3, 5: 4, 3: 2, 1: 1}, 0.7), ({1: 10}, 0.0)]
)
def test_csat_is_the_share_of_the_top_two(scores: dict[int, int], value: float) -> None:
    assert formulas.csat(scores)["value"] == value


@pytest.mark.parametrize("kind", SurveyKind)
@pytest.mark.parametrize(("count", "words"), [(0, "none"), (1, "only 1"), (9, "only 9")])
def test_few_answers_give_no_figure_but_a_warning(kind: SurveyKind, count: int, words: str) -> None:
    found = formulas.survey(kind, {5: count} if count else {}, sent=count, answered=count)
    assert (found["value"], found["low"], found["high"], found["of"]) == (None, None, None, count)
    assert words in found["warning"]
    assert found["response_rate"]["value"] is None
    assert found["scores"]["5"] == count


@pytest.mark.parametrize("kind", [SurveyKind.NPS, SurveyKind.CES])
def test_answers_that_are_all_alike_are_warned_about(kind: SurveyKind) -> None:
    found = formulas.FORMULAS[kind]({5: 10})
    assert found["low"] == found["value"] == found["high"]
    assert "alike" in found["warning"]


def test_ten_answers_are_enough() -> None:
    found = formulas.nps({10: 5, 0: 5})
    assert (found["value"], found["warning"]) == (0.0, "")


@given(of=st.integers(1, 5000), part=st.floats(0, 1))
def test_wilson_agrees_with_statsmodels(of: int, part: float) -> None:
    count = round(part * of)
    assert formulas.wilson(count, of) == pytest.approx(proportion_confint(count, of, method="wilson"), abs=1e-9)


def test_wilson_as_worked_out_by_hand() -> None:
    assert formulas.wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert formulas.wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)


@pytest.mark.parametrize("groups", [(50, 30, 20), (300, 400, 300), (90, 5, 5)])
def test_the_bootstrap_agrees_with_the_normal_approximation(groups: tuple[int, int, int]) -> None:
    """The variance of a net promoter score is p + d - (p - d)²; within 2 of 200 points."""
    total = sum(groups)
    promoters, detractors = groups[0] / total, groups[2] / total
    error = 100 * math.sqrt((promoters + detractors - (promoters - detractors) ** 2) / total)
    net = 100 * (promoters - detractors)
    low, high = formulas.bootstrap({100: groups[0], 0: groups[1], -100: groups[2]})
    assert (low, high) == pytest.approx((net - 1.96 * error, net + 1.96 * error), abs=2)


def test_the_same_answers_give_the_same_interval() -> None:
    assert formulas.bootstrap({1: 7, 5: 9}) == formulas.bootstrap({1: 7, 5: 9})


@pytest.mark.parametrize(("part", "value"), [(0.0, 1), (0.5, 5.5), (0.9, 9.1), (1.0, 10)])
def test_a_quantile_lies_between_its_neighbours(part: float, value: float) -> None:
    assert formulas.quantile(range(1, 11), part) == pytest.approx(value)


def test_times_of_few_tickets_are_not_shown() -> None:
    assert formulas.times([60] * 9)["median_seconds"] is None
    assert formulas.times([60, 120] * 5) == {"count": 10, "median_seconds": 90, "p90_seconds": 120, "warning": ""}


def point(
    sentiment: str | None, confidence: float | None = 1.0, stage: Stage = Stage.FOLLOW_UP, **more: object
) -> Touchpoint:
    return Touchpoint(at=NOON, stage=stage, sentiment=sentiment, confidence=confidence, **more)  # type: ignore[arg-type]


def answered(kind: str, score: int) -> Touchpoint:
    return point(None, None, Stage.SURVEY, kind=SurveyKind(kind), score=score)


@pytest.mark.parametrize(
    ("touchpoint", "value"),
    [
        (point("negative", 0.8), -0.8),
        (point("neutral", 0.8), 0.0),
        (point("positive", None), 1.0),
        (point(None, None), None),
        (answered("nps", 0), -1.0),
        (answered("nps", 5), 0.0),
        (answered("ces", 7), 1.0),
        (answered("ces", 4), 0.0),
        (answered("csat", 4), 0.5),
        (point("negative", 0.6, Stage.SURVEY, kind=SurveyKind.NPS, score=10), -0.6),  # words say more than numbers
    ],
)
def test_valence_runs_from_minus_one_to_one(touchpoint: Touchpoint, value: float | None) -> None:
    assert formulas.valence(touchpoint) == value


@pytest.mark.parametrize(
    ("valences", "risen", "way"),
    [
        ([-1, 1], 2.0, "improving"),
        ([1, 0], -1.0, "worsening"),
        ([-1, 1, -1], 0.0, "steady"),
        ([-1, -1, 1], 2.0, "improving"),
        ([0.5, 0.5, 0.5, 0.5], 0.0, "steady"),
        ([-0.9, -0.6], 0.3, "steady"),  # only the certainty differs
    ],
)
def test_a_case_goes_where_the_line_through_it_goes(valences: list[float], risen: float, way: str) -> None:
    assert formulas.rise(valences) == pytest.approx(risen)
    assert formulas.direction(formulas.rise(valences)) == way


def test_a_trace_counts_cases_with_two_touchpoints_that_say_something() -> None:
    better = [point("negative", stage=Stage.FIRST_MAIL), point("positive", stage=Stage.AFTER_RESOLUTION)]
    silent = [point("negative", stage=Stage.FIRST_MAIL), point(None, None)]
    found = formulas.trace([better] * 9 + [better[::-1]] * 3 + [silent] * 5)
    assert (found["cases"], found["change"]) == (12, 1.0)  # (9 · 2 - 3 · 2) / 12
    assert [found[way]["count"] for way in ("improving", "steady", "worsening")] == [9, 0, 3]
    assert found["stages"]["first_mail"] == {"touchpoints": 12, "valence": -1.0}
    assert found["stages"]["survey"] == {"touchpoints": 0, "valence": None}


def test_a_trace_of_few_cases_says_so() -> None:
    found = formulas.trace([[point("negative"), point("positive")]])
    assert (found["cases"], found["change"], found["improving"]["value"]) == (1, None, None)
    assert "too few" in found["warning"]
    assert formulas.trace([])["warning"] == "none"


def moments(steps: Iterable[tuple[str, measure.Period]]) -> list[tuple[str, datetime | None, datetime | None]]:
    return [(name, period.since, period.until) for name, period in steps]


def test_a_period_is_whole_days_of_the_calendar_the_last_one_included() -> None:
    period = measure.days(date(2026, 1, 1), date(2026, 1, 31), HELSINKI)
    assert period.since == datetime(2025, 12, 31, 22, tzinfo=UTC)
    assert period.until == datetime(2026, 1, 31, 22, tzinfo=UTC)
    assert measure.days(None, None, HELSINKI) == measure.Period()
    with pytest.raises(UsageError, match="empty"):
        measure.days(date(2026, 1, 2), date(2026, 1, 1), HELSINKI)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Helsinki", date(2026, 3, 29), 23),
        ("Europe/Helsinki", date(2026, 10, 25), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("America/Santiago", date(2026, 9, 6), 23),  # the clock skips midnight itself
        ("Asia/Kathmandu", date(2026, 9, 6), 24),
    ],
)
def test_a_day_with_a_clock_change_is_as_long_as_it_is(zone: str, day: date, hours: float) -> None:
    period = measure.days(day, day, ZoneInfo(zone))
    assert period.since is not None
    assert period.until is not None
    assert period.until - period.since == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("step", "names"),
    [
        ("day", ["2025-12-30", "2025-12-31", "2026-01-01", "2026-01-02"]),
        ("week", ["2026-W01"]),
        ("month", ["2025-12", "2026-01"]),
    ],
)
def test_steps_follow_each_other_without_gaps_and_end_with_the_period(step: str, names: list[str]) -> None:
    whole = (datetime(2025, 12, 29, 22, tzinfo=UTC), datetime(2026, 1, 2, 3, tzinfo=UTC))
    steps = moments(measure.cut(whole, step, HELSINKI))
    assert [name for name, _, _ in steps] == names
    assert (steps[0][1], steps[-1][2]) == whole
    assert all(one[2] == other[1] for one, other in itertools.pairwise(steps))


def test_a_group_without_anything_has_every_key_and_no_figure() -> None:
    nothing = measure.figures(measure.Counted())
    assert set(nothing) == {
        "mails",
        "automation",
        "tickets",
        "promises",
        "nps",
        "ces",
        "csat",
        "outcome",
        "treatment",
        "ctt",
    }
    assert set(nothing["mails"].values()) == {0}
    assert nothing["promises"]["respond"]["kept"]["value"] is None
