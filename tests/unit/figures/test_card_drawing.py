"""The pictures of a version's card lie where their numbers say."""

from __future__ import annotations

from pipeline.figures.card_drawing import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, draw_reliability, draw_risk
from pipeline.learn.manifest import HeadFigures


def told(**more: object) -> HeadFigures:
    return {"accuracy": 0.9, "threshold": 0.8, **more}  # type: ignore[typeddict-item]


def test_a_dot_lies_on_the_diagonal_where_it_is_as_right_as_it_says() -> None:
    bins = [{"confidence": share, "accuracy": share, "rows": rows} for share, rows in ((0.0, 25), (0.5, 100), (1.0, 1))]
    drawn = draw_reliability(told(reliability=bins))
    assert drawn is not None
    first, middle, last = drawn.dots
    assert drawn.diagonal == (first.x, first.y, last.x, last.y)
    assert (middle.x, middle.y) == ((first.x + last.x) / 2, (first.y + last.y) / 2)
    assert (first.x, last.x, first.y, last.y) == (LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM, TOP)
    assert first.r == middle.r / 2  # a quarter of the mails, a quarter of the area
    assert last.r == 3.0  # a dot that can be seen


def test_the_curve_of_errors_and_what_is_allowed_share_one_scale() -> None:
    points = [{"coverage": 0.5, "error": 0.0, "threshold": 0.9}, {"coverage": 1.0, "error": 0.04, "threshold": 0.3}]
    drawn = draw_risk(told(risk_coverage=points, max_error=0.02, coverage=0.5))
    assert drawn is not None
    assert drawn.levels[-1] == (TOP, 0.05)
    begin, end = drawn.line.split()
    assert begin == f"{drawn.sure},{HEIGHT - BOTTOM}"
    high = float(end.split(",")[1])
    assert drawn.allowed is not None
    assert (HEIGHT - BOTTOM - drawn.allowed) * 2 == round(HEIGHT - BOTTOM - high, 1)


def test_without_curves_nothing_is_drawn() -> None:
    assert draw_reliability(told()) is None
    assert draw_risk(told(risk_coverage=[])) is None
    drawn = draw_risk(told(risk_coverage=[{"coverage": 1.0, "error": 1.0, "threshold": 0.1}]))
    assert drawn is not None
    assert (drawn.allowed, drawn.sure) == (None, None)
