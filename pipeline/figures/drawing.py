"""Where the lines of a picture go: figures over time in a box, for whoever draws it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.figures.board import BoardLine, BoardPoint
from pipeline.figures.lines import Unit, interval_of, value_of

WIDTH, HEIGHT = 640.0, 200.0  # of the box
LEFT, RIGHT, TOP, BOTTOM = 56.0, 12.0, 12.0, 26.0  # room for what stands beside the axes
MOST_NAMES = 6  # below the picture
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_SPANS = (60.0, 300.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 21600.0, 43200.0, 86400.0)  # seconds people count in


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A point that can be seen and opened."""

    x: float
    y: float
    point: BoardPoint


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawing:
    """All that is to be drawn. A gap is where there were too few for a figure."""

    marks: Sequence[Mark]
    lines: Sequence[str]  # the points of polylines
    bands: Sequence[str]  # the points of polygons: the intervals
    levels: Sequence[tuple[float, float]]  # where a level lies, and its value
    names: Sequence[tuple[float, str]]  # where a step's name stands


def draw(line: BoardLine) -> Drawing:
    """The figure over time."""
    points, unit = line.points, line.line.unit
    levels = _levels(points, unit)
    low, high = levels[0], levels[-1]
    places = [_across(number, len(points)) for number in range(len(points))]

    def height(value: float) -> float:
        return round(HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    marks = [
        Mark(x=x, y=height(value), point=point)
        for x, point in zip(places, points, strict=True)
        if (value := value_of(point.figure)) is not None
    ]
    runs = list(_runs([value_of(point.figure) is not None for point in points]))
    by_place = {mark.x: mark for mark in marks}
    return Drawing(
        marks=marks,
        lines=[" ".join(f"{x},{by_place[x].y}" for x in places[begin:end]) for begin, end in runs if end - begin > 1],
        bands=[band for begin, end in runs if (band := _band(places[begin:end], points[begin:end], height))],
        levels=[(height(value), value) for value in levels],
        names=[(places[number], points[number].name) for number in _named(len(points))],
    )


def _band(places: Sequence[float], points: Sequence[BoardPoint], height: Callable[[float], float]) -> str:
    found = [(x, interval) for x, point in zip(places, points, strict=True) if (interval := interval_of(point.figure))]
    if len(found) < 2 or len(found) != len(points):
        return ""
    upper = [f"{x},{height(high)}" for x, (_, high) in found]
    lower = [f"{x},{height(low)}" for x, (low, _) in reversed(found)]
    return " ".join((*upper, *lower))


def _across(number: int, many: int) -> float:
    room = WIDTH - LEFT - RIGHT
    return round(LEFT + (room / 2 if many < 2 else room * number / (many - 1)), 1)


def _runs(known: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """From where to where (half open) there are figures without a gap."""
    begin: int | None = None
    for number, one in enumerate((*known, False)):
        if one and begin is None:
            begin = number
        elif not one and begin is not None:
            yield begin, number
            begin = None


def _named(many: int) -> range:
    return range(0, many, max(1, math.ceil(many / MOST_NAMES)))


def _levels(points: Sequence[BoardPoint], unit: Unit) -> list[float]:
    """Three to six round values that hold all of it."""
    values = [value for point in points if (value := value_of(point.figure)) is not None]
    values += [end for point in points for end in interval_of(point.figure) or ()]
    low, high = min(values, default=0.0), max(values, default=1.0)
    if unit is not Unit.SCORE:
        low = 0.0
    step = _step((high - low) or abs(high) or 1.0, unit)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(number * step, 6) for number in range(first, max(last, first + 1) + 1)]


def _step(span: float, unit: Unit) -> float:
    if unit is Unit.SECONDS:
        return next((one for one in _SPANS if span / one <= 5), 86400.0 * math.ceil(span / 86400 / 5))
    power = 10 ** math.floor(math.log10(span / 4)) if span else 1.0
    found = next(step * power for step in _STEPS if step * power >= span / 5)
    return max(1.0, found) if unit is Unit.COUNT else found
