"""What `model train` and `model evaluate` print for programs."""

from __future__ import annotations

from typing import Annotated, NotRequired, TypedDict


class ClassDocument(TypedDict):
    """How well one class is told."""

    precision: float
    recall: float
    f1: float
    support: Annotated[int, "mails of it"]


class HeadDocument(TypedDict):
    """How good a head is on mails that it has not learnt from; docs/model.md tells of the rest of the keys."""

    classes: NotRequired[int]
    accuracy: Annotated[float | None, "null: not measured, and most other keys are missing"]
    macro_f1: NotRequired[float]
    ece: NotRequired[Annotated[float, "expected calibration error"]]
    measured: NotRequired[
        Annotated[str, "`kept out`: on mail that was not fitted; `out of fold`: on fitted mail, by models without it"]
    ]
    threshold: Annotated[float | None, "sure from this confidence on; null: never"]
    coverage: NotRequired[Annotated[float, "share of the mails that it is sure of"]]
    error_when_sure: NotRequired[float | None]
    per_class: NotRequired[dict[str, ClassDocument]]


class TrainingDocument(TypedDict):
    """A candidate, and whether it is in use now."""

    version: str
    rows: Annotated[int, "that were fitted"]
    test_rows: Annotated[int, "that were kept out"]
    seconds: float
    promoted: bool
    reason: str
    in_use: Annotated[str, "the version that is in use afterwards; empty: none"]
    heads: Annotated[dict[str, HeadDocument], "`topic`, `sentiment`, `complaint`"]
    notes: list[str]
    not_measured: Annotated[list[str], "what nobody has measured"]


class EvaluationDocument(TypedDict):
    """A version on labelled mail."""

    version: str
    rows: int
    seconds: float
    heads: Annotated[dict[str, HeadDocument], "`topic`, `sentiment`, `complaint`"]
    notes: list[str]
