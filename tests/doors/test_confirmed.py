"""The thresholds that people's answers have shown, beside the versions of the model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import UnusableModelError
from pipeline.learn import confirmed, gate
from pipeline.learn.confirmed import ConfirmedThreshold
from pipeline.learn.registry import Registry, open_predictor
from pipeline.records.ledger import LedgerText
from pipeline.records.mail import Mail
from tests.learned import KEY, toy_registry, toy_rows
from tests.samples import NOON, mail

SHOWN = ConfirmedThreshold(threshold=0.4, max_error=0.02, since=NOON)
NEVER = replace(SHOWN, threshold=None)
PARCEL = "the courier left my parcel box at the doorstep of a neighbour, tracking says arrived"


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """Two versions; the toy model certifies nothing by itself."""
    return toy_registry(tmp_path / "models", versions=2)


def of_parcel() -> Mail:
    return replace(mail(), subject="parcel", text=PARCEL, language="en")


def is_sure(registry: Registry, name: str) -> bool:
    return registry.predictor(name).predict([of_parcel()])[0].topic.sure


def test_what_was_shown_makes_that_version_sure_and_no_other(registry: Registry) -> None:
    first, second = registry.names()
    assert not is_sure(registry, second)
    registry.confirm(second, "topic", SHOWN)
    predictor = registry.predictor(second)
    assert (predictor.thresholds["topic"], predictor.shipped["topic"]) == (0.4, None)
    assert is_sure(registry, second)
    assert not is_sure(registry, first)
    assert predictor.predict([of_parcel()])[0].topic.threshold == 0.4
    registry.rollback()
    opened, _ = open_predictor(registry.folder, KEY)
    assert opened is not None
    assert not opened.predict([of_parcel()])[0].topic.sure


def test_heads_and_versions_are_kept_apart_and_can_be_taken_back(registry: Registry) -> None:
    first, second = registry.names()
    registry.confirm(first, "topic", SHOWN)
    registry.confirm(first, "complaint", NEVER)
    registry.confirm(second, "topic", NEVER)
    assert registry.confirmed(first) == {"topic": SHOWN, "complaint": NEVER}
    registry.confirm(first, "topic", None)
    assert registry.confirmed(first) == {"complaint": NEVER}
    assert registry.confirmed(second) == {"topic": NEVER}


@pytest.mark.parametrize(
    ("shown", "max_error", "used"),
    [(SHOWN, 0.02, 0.4), (SHOWN, 0.05, 0.4), (SHOWN, 0.01, 0.9), (NEVER, 0.02, None), (NEVER, 0.05, 0.9),
     (NEVER, 0.01, None)],
)  # fmt: skip
def test_it_speaks_for_laxer_wishes_and_its_refusal_for_stricter_ones(
    shown: ConfirmedThreshold, max_error: float, used: float | None
) -> None:
    assert shown.used(0.9, max_error) == used


def test_a_file_that_is_not_ours_makes_no_version_sure(registry: Registry) -> None:
    name = registry.names()[1]
    registry.confirm(name, "topic", NEVER)
    path = registry.folder / confirmed.FILE
    path.write_bytes(path.read_bytes().replace(b"null", b"0.01"))
    with pytest.raises(UnusableModelError, match="it was changed") as error:
        registry.predictor(name)
    assert "firstline data confirm" in error.value.remedy
    with pytest.raises(UnusableModelError):
        Registry(registry.folder, b"another key, as long as it must be").predictor(name)
    path.unlink()
    assert registry.confirmed(name) == {}


def test_a_mail_of_the_ledger_is_weighed_as_one_that_comes(registry: Registry) -> None:
    text = LedgerText(
        id="m1",
        subject="parcel",
        text=PARCEL,
        language="en",
        customer="eve@example.org",
        sender_name="Eve",
        thread="m1",
        received=NOON,
    )
    predictor = registry.predictor(registry.names()[1])
    label = predictor.predict([of_parcel()])[0].topic
    assert predictor.weigh("topic", [text]) == [(label.value, pytest.approx(label.confidence))]
    assert predictor.weigh("topic", [replace(text, subject="", text="qqq")])[0][1] == 0.0  # nothing it has ever seen
    assert predictor.weigh("topic", []) == []


def test_the_gate_holds_back_what_would_be_sure_of_nothing_in_the_place_of_what_people_confirmed(
    registry: Registry,
) -> None:
    first, second = registry.names()
    registry.confirm(first, "topic", SHOWN)
    versions = [registry.version(name) for name in (first, second)]
    for version in versions:
        version.manifest["mix"] = {"language": {"en": 1.0}}
    current, candidate = (gate._Side.of(registry, version, toy_rows(60)).contender({}) for version in versions)
    assert current.certifies["topic"]
    assert not candidate.certifies["topic"]
