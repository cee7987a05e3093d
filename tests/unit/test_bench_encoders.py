"""What docs/benchmarks/encoders.md is made of."""

from __future__ import annotations

import numpy as np
import pytest

from bench.encoders import (
    LANGUAGES,
    PROFILES,
    StarterResult,
    in_language,
    oracle_coverage,
    public_section,
    starter_section,
)
from bench.set_result import SetResult
from pipeline.learn.evaluate import Judgement


def judged(right: str, languages: str = "") -> Judgement:
    """`right`: + or - a mail, the most confident first."""
    return Judgement(
        classes=("a", "b"),
        truth=np.array(["a"] * len(right), dtype=object),
        predicted=np.array(["a" if one == "+" else "b" for one in right], dtype=object),
        confidence=np.linspace(0.9, 0.6, len(right)),
        sure=np.zeros(len(right), dtype=bool),
        languages=np.array(languages.split() or ["en"] * len(right), dtype=object),
        kinds=np.array([""] * len(right), dtype=object),
    )


@pytest.mark.parametrize(
    ("right", "allowed", "share"),
    [
        ("++++", 0.02, 1.0),
        ("----", 0.5, 0.0),
        ("++-+", 0.25, 1.0),
        ("++--", 0.02, 0.5),
        ("-+++", 0.25, 1.0),
        ("-+++", 0.2, 0),
    ],
)
def test_an_oracle_takes_as_many_as_are_wrong_seldom_enough(right: str, allowed: float, share: float) -> None:
    assert oracle_coverage(judged(right), allowed) == share


def test_each_language_has_its_own_accuracy_and_a_missing_one_none() -> None:
    one = judged("+-+-", "en en fi fi")
    assert (in_language(one, "en"), in_language(one, "fi"), in_language(one, "de")) == (0.5, 0.5, None)
    assert in_language(judged("++-", "en en fi"), "en") == 1.0


def test_the_page_has_a_line_for_each_profile_and_a_column_for_each_language() -> None:
    result = StarterResult(out_of_fold={"topic": 0.75}, judged={"topic": judged("+-", "en fi")}, one=0.0021)
    page = starter_section(dict.fromkeys(PROFILES, result))
    assert [line.count("|") for line in page.splitlines() if line.startswith("| lean")] == [8 + len(LANGUAGES), 3]
    assert "| multilingual | 75.0% | 50.0% |" in page
    assert "| multilingual | 2.1 ms |" in page
    measured = SetResult(accuracy=0.9, macro_f1=0.8, fit=1, one=0.001, batch=None, size=1, ece=0.01, coverage=0.5)
    assert "| lean | 90.0% | 80.0% | 1.0% | 50.0% |  |" in public_section("A set: of toys", {"lean": measured})
