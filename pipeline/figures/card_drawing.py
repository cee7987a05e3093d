"""Where the pictures of a version's card go: is its confidence honest, and what does being sure cost?

Numbers in a box for whoever draws them; the same numbers stand in a table beneath.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.learn.manifest import Bin, HeadFigures, RiskPoint

WIDTH, HEIGHT = 320.0, 220.0  # of the box
LEFT, RIGHT, TOP, BOTTOM = 46.0, 14.0, 10.0, 26.0  # room for what stands beside the axes
SMALLEST, LARGEST = 3.0, 9.0  # radius of a dot
_HEIGHTS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)  # shares of error that people know
_LEVELS = 4  # above the ground


@dataclass(frozen=True, kw_only=True, slots=True)
class CardDot:
    """A bin of confidence; its area says how many mails are in it."""

    x: float
    y: float
    r: float
    bin: Bin


@dataclass(frozen=True, kw_only=True, slots=True)
class ReliabilityDrawing:
    """How right it is, above how sure it says it is. On the diagonal it is as right as it says."""

    dots: Sequence[CardDot]
    diagonal: tuple[float, float, float, float]  # from x, y to x, y
    across: Sequence[tuple[float, float]]  # where a share stands below the box, and the share
    levels: Sequence[tuple[float, float]]  # the same beside it


@dataclass(frozen=True, kw_only=True, slots=True)
class RiskDrawing:
    """How much is wrong, above the share of mail that it is surest of."""

    line: str  # the points of a polyline
    allowed: float | None  # the height of what may be wrong; None: above all of it, or not told
    sure: float | None  # how far right the share lies that it is sure of; None: of none
    across: Sequence[tuple[float, float]]
    levels: Sequence[tuple[float, float]]


def draw_reliability(figures: HeadFigures) -> ReliabilityDrawing | None:
    """None where nothing was measured."""
    bins = figures.get("reliability")
    if not bins:
        return None
    most = max(one["rows"] for one in bins)
    return ReliabilityDrawing(
        dots=[
            CardDot(x=_x(one["confidence"]), y=_y(one["accuracy"], 1.0), r=_radius(one["rows"] / most), bin=one)
            for one in bins
        ],
        diagonal=(_x(0.0), _y(0.0, 1.0), _x(1.0), _y(1.0, 1.0)),
        across=_across(),
        levels=_up_to(1.0),
    )


def draw_risk(figures: HeadFigures) -> RiskDrawing | None:
    """None where nothing was measured."""
    points = figures.get("risk_coverage")
    if not points:
        return None
    allowed, sure = figures.get("max_error"), figures.get("coverage")
    top = _top(points, allowed)
    return RiskDrawing(
        line=" ".join(f"{_x(one['coverage'])},{_y(one['error'], top)}" for one in points),
        allowed=None if allowed is None else _y(allowed, top),
        sure=_x(sure) if sure else None,
        across=_across(),
        levels=_up_to(top),
    )


def _top(points: Sequence[RiskPoint], allowed: float | None) -> float:
    """The least round share that holds all of it."""
    most = max(max(one["error"] for one in points), allowed or 0.0)
    return next((height for height in _HEIGHTS if most <= height), 1.0)


def _across() -> list[tuple[float, float]]:
    return [(_x(share), share) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]


def _up_to(top: float) -> list[tuple[float, float]]:
    return [(_y(share, top), share) for share in (top * step / _LEVELS for step in range(_LEVELS + 1))]


def _x(share: float) -> float:
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def _y(share: float, top: float) -> float:
    return round(HEIGHT - BOTTOM - share / top * (HEIGHT - TOP - BOTTOM), 1)


def _radius(share: float) -> float:
    """Its area is the share of the fullest bin."""
    return round(max(SMALLEST, LARGEST * math.sqrt(share)), 1)
