"""What one model showed on one public set."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class SetResult:
    """One model on one set. Times in seconds; None: not measured."""

    accuracy: float
    macro_f1: float
    fit: float
    one: float
    batch: float | None
    size: int
    ece: float | None = None
    chance: float | None = None  # calibration error that perfectly honest confidence would show on this many mails
    coverage: float | None = None
    error: float | None = None
    broken: float | None = None  # share of resplits in which more was wrong than promised
