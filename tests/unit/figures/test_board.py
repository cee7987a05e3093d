"""What is said of a figure beside the one before, and where the lines of its picture go."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
import scipy.stats

from pipeline.figures import formulas
from pipeline.figures.board import BoardLine, BoardPoint, FigureChange, compare, compare_times, step_of
from pipeline.figures.drawing import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, draw
from pipeline.figures.lines import LINE, LINES, Measured, Unit

START = datetime(2026, 11, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def share(count: int, of: int) -> Measured:
    return formulas.share(count, of)


@pytest.mark.parametrize(
    ("unit", "now", "before", "change"),
    [
        (Unit.COUNT, 200, 100, FigureChange.MORE),
        (Unit.COUNT, 100, 200, FigureChange.LESS),
        (Unit.COUNT, 110, 100, FigureChange.CHANCE),
        (Unit.COUNT, 8, 0, FigureChange.CHANCE),  # too few to be sure
        (Unit.SHARE, share(90, 100), share(60, 100), FigureChange.MORE),
        (Unit.SHARE, share(60, 100), share(90, 100), FigureChange.LESS),
        (Unit.SHARE, share(80, 100), share(78, 100), FigureChange.CHANCE),
        (Unit.SHARE, share(5, 5), share(60, 100), FigureChange.UNKNOWN),
        (Unit.SCORE, formulas.nps({10: 90, 5: 10}), formulas.nps({10: 10, 5: 90}), FigureChange.MORE),
        (Unit.SCORE, formulas.nps({10: 50, 5: 50}), formulas.nps({10: 48, 5: 52}), FigureChange.CHANCE),
        (Unit.SCORE, formulas.nps({}), formulas.nps({10: 48, 5: 52}), FigureChange.UNKNOWN),
        (Unit.SECONDS, 3600.0, 60.0, FigureChange.UNKNOWN),  # of a median alone nobody knows
    ],
)
def test_a_change_is_told_only_when_it_is_no_chance(
    unit: Unit, now: Measured, before: Measured, change: FigureChange
) -> None:
    assert compare(unit, now, before) is change


@pytest.mark.parametrize(
    ("part", "now", "before", "change"),
    [
        (0.5, range(100, 200), range(100), FigureChange.MORE),
        (0.5, range(100), range(100, 200), FigureChange.LESS),
        (0.5, range(100), range(2, 102), FigureChange.CHANCE),
        (0.5, [60] * 80, [60] * 50, FigureChange.CHANCE),  # ties alone
        (0.5, [], range(100), FigureChange.UNKNOWN),
        (0.5, range(9), range(100, 200), FigureChange.UNKNOWN),  # too few to be sure
        (0.9, [*range(80), *[900] * 20], range(100), FigureChange.MORE),  # only the slow ones became slower
        (0.5, [*range(80), *[900] * 20], range(100), FigureChange.CHANCE),
    ],
)
def test_a_change_of_times_is_told_only_when_it_is_no_chance(
    part: float, now: Sequence[int], before: Sequence[int], change: FigureChange
) -> None:
    assert compare_times(part, now, before) is change


def test_times_that_did_not_change_are_rarely_called_slower() -> None:
    dice = random.Random(7)
    drawn = [[dice.lognormvariate(8, 1.5) for _ in range(60)] for _ in range(800)]
    pairs = list(zip(drawn[::2], drawn[1::2], strict=True))
    told = sum(compare_times(0.5, one, other) is not FigureChange.CHANCE for one, other in pairs)
    assert told <= 0.02 * len(pairs)  # 1 % is promised
    slower = sum(compare_times(0.5, [5 * one for one in now], before) is FigureChange.MORE for now, before in pairs)
    assert slower > 0.8 * len(pairs)


def test_of_times_the_same_is_said_as_moods_median_test_says() -> None:
    dice = random.Random(8)
    agreed = 0
    for step in range(100):
        now = [dice.expovariate(1 / (60 + 3 * step)) for _ in range(80)]
        before = [dice.expovariate(1 / 60) for _ in range(120)]
        surely = scipy.stats.median_test(now, before, ties="below", correction=False).pvalue < 1 - formulas.SURE
        agreed += bool(surely) == (compare_times(0.5, now, before) is not FigureChange.CHANCE)
    assert agreed >= 95  # Newcombe's interval is not the square of chi, and near the limit they differ


@pytest.mark.parametrize(
    ("name", "change", "is_good"),
    [
        ("csat", FigureChange.MORE, True),
        ("csat", FigureChange.LESS, False),
        ("complaints", FigureChange.MORE, False),
        ("complaints", FigureChange.LESS, True),
        ("by_people", FigureChange.MORE, None),  # neither is better
        ("csat", FigureChange.CHANCE, None),
        ("csat", FigureChange.UNKNOWN, None),
    ],
)
def test_better_and_worse_are_told_where_one_of_them_is(name: str, change: FigureChange, is_good: bool | None) -> None:
    line = BoardLine(line=LINE[name], now=1, before=1, change=change, points=())
    assert line.is_good is is_good


@pytest.mark.parametrize(("days", "step"), [(1, "day"), (35, "day"), (36, "week"), (400, "week"), (401, "month")])
def test_a_period_has_neither_three_points_nor_three_hundred(days: int, step: str) -> None:
    assert step_of(timedelta(days=days)) == step


def drawn(name: str, *figures: Measured) -> BoardLine:
    points = [
        BoardPoint(
            name=f"2026-11-{number + 1:02}", since=START + number * DAY, until=START + (number + 1) * DAY, figure=one
        )
        for number, one in enumerate(figures)
    ]
    return BoardLine(line=LINE[name], now=None, before=None, change=FigureChange.UNKNOWN, points=points)


def test_higher_values_lie_higher_and_later_ones_further_right() -> None:
    drawing = draw(drawn("by_people", 10, 20, 15))
    assert [mark.x for mark in drawing.marks] == sorted(mark.x for mark in drawing.marks)
    first, second, third = (mark.y for mark in drawing.marks)
    assert second < third < first
    assert len(drawing.lines) == 1
    assert drawing.bands == []  # of a count there is no interval


def test_where_there_are_too_few_there_is_a_gap() -> None:
    drawing = draw(drawn("csat", share(8, 10), share(9, 10), share(1, 2), share(9, 10), share(10, 10)))
    assert len(drawing.marks) == 4
    assert len(drawing.lines) == len(drawing.bands) == 2


def test_a_point_between_two_gaps_stands_alone() -> None:
    drawing = draw(drawn("csat", share(1, 2), share(9, 10), share(1, 2)))
    assert (len(drawing.marks), drawing.lines, drawing.bands) == (1, [], [])


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        ("by_people", (0, 0, 0)),
        ("by_people", (1_000_000, 2)),
        ("csat", (share(10, 10), share(0, 10))),
        ("nps", (formulas.nps({0: 20}), formulas.nps({10: 20}))),
        ("nps", (formulas.nps({7: 20}),)),
        ("ces", (formulas.ces({7: 20}), formulas.ces({6: 9, 7: 2}))),
        ("first_response", (12.0, 86_400.0 * 90)),
        ("first_response", (0.0,)),
        ("csat", ()),
    ],
)
def test_everything_lies_inside_of_the_box_and_levels_are_few(name: str, figures: tuple[Measured, ...]) -> None:
    drawing = draw(drawn(name, *figures))
    for one in (*drawing.lines, *drawing.bands, *(f"{mark.x},{mark.y}" for mark in drawing.marks)):
        for pair in one.split():
            x, y = map(float, pair.split(","))
            assert LEFT <= x <= WIDTH - RIGHT
            assert TOP - 0.1 <= y <= HEIGHT - BOTTOM + 0.1
    assert 2 <= len(drawing.levels) <= 8
    assert len(drawing.names) <= 6


def test_every_figure_has_a_name_of_its_own() -> None:
    assert len(LINE) == len(LINES)
    assert len({line.title for line in LINES}) == len(LINES)
