"""Answers to surveys, whatever way they came: checked, their words classified by our own model, stored."""

from __future__ import annotations

from typing import Any

from pipeline import parse
from pipeline.classify import classify
from pipeline.errors import UsageError
from pipeline.records import Label, SurveyKind
from pipeline.wiring import House


def record(house: House, ref: str, kind: SurveyKind, score: int, text: str, by: str) -> dict[str, Any]:
    """An answer by telephone or on paper. Raises UsageError off the scale, NotFoundError without such a ticket."""
    if score not in kind.scale:
        lowest, highest = kind.scale[0], kind.scale[-1]
        raise UsageError(f"--{kind} {score} is not on the scale", remedy=f"{lowest} to {highest}, {highest} the best")
    return house.surveys.record(ref, kind, score, text, _sentiment(house, text), by, house.clock.now())


def _sentiment(house: House, text: str) -> Label:
    """Nothing is known of no words, or without a model."""
    if not text.strip():
        return Label()
    predictor, _ = house.predictor_if_any()
    ((labels, _),) = classify([parse.plain(text.encode())], predictor)
    return labels.sentiment
