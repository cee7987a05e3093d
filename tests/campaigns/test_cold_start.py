"""The short form of bench/cold_start.py: a small mailbox of four topics, and what decisions buy there."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench import cold_start, cold_start_page
from bench.cold_start import GROUPS, LOT, REVIEW, WAYS, UnlabelledMailbox, judge, mailbox
from bench.cold_start_page import Bought

TOPICS = ("parcel", "invoice", "login", "refund")


def pairs(count: int, seed: int) -> list[tuple[str, str]]:
    """Mails that don't repeat each other; a few words are of all topics."""
    dice = random.Random(seed)
    made = []
    for number in range(count):
        topic = TOPICS[number % 4]
        own = [f"{letter}{other}{topic}" for letter in "abcde" for other in "abcdefgh"]
        common = [f"{letter}{other}thing" for letter in "abcde" for other in "abcdefgh"]
        made.append((" ".join([*dice.sample(own, 4), *dice.sample(common, 3)]), topic))
    return made


@pytest.fixture(scope="module")
def box() -> UnlabelledMailbox:
    return mailbox(pairs(360, 1), pairs(120, 2), 0, None, mails=300)


def spent(box: UnlabelledMailbox, way: str, decisions: Sequence[int]) -> list[Bought]:
    return [judge(box, way, 0, count, labelled) for count, labelled in WAYS[way](box, decisions)]


@pytest.mark.parametrize("way", [LOT, REVIEW])
def test_each_label_is_right_and_more_of_them_teach_more(box: UnlabelledMailbox, way: str) -> None:
    few, many = spent(box, way, (100, 200))
    assert (few.labels, many.labels) == (100, 200)
    assert few.right == many.right == 1
    assert few.accuracy <= many.accuracy + 0.03
    assert many.accuracy > 0.85
    assert many.wrong["0.05"] <= 0.1


def test_names_of_groups_label_everything(box: UnlabelledMailbox) -> None:
    (bought,) = spent(box, GROUPS, (12,))
    assert (bought.decisions, bought.labels) == (12, 300)
    assert bought.right > 0.8


def test_answers_of_confirm_take_the_place_of_labels(box: UnlabelledMailbox) -> None:
    """With a quarter of 200 decisions nothing that is wrong more often than allowed is called sure."""
    (bought,) = spent(box, REVIEW, (200,))
    assert bought.sure["0.02"] == 0  # 50 answers can't show that 2 % hold
    none, threshold = cold_start._confirmed(box, box.labelled(box.mails[:100]), 0, 0.05, 0)
    assert threshold is None
    assert none.heads["topic"].classes


def test_the_page_counts_what_was_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cold_start_page, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr(cold_start_page, "PLOT", tmp_path / "page.svg")

    def bought(seed: int, wrong: float) -> Bought:
        return Bought(
            profile="encoder", way=LOT, seed=seed, decisions=700, labels=700, right=1.0, accuracy=0.8,
            sure={"0.05": 0.5, "0.02": 0.0}, wrong={"0.05": wrong, "0.02": 0.0},
        )  # fmt: skip

    cold_start_page.write([bought(0, 0.04), bought(1, 0.06)])
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert "| by lot | 700 | 2 | 80.0 % (80.0–80.0) | 100.0 % | 50 % | 5.0 % | 1 of 2 | – | – | – |" in page
    assert "| encoder, by lot: 5 % kept by 700 | ≥ 95.0 % | 50.0 % | **missed by 45.0 %**" in page
    assert (tmp_path / "page.svg").read_text(encoding="utf-8").count("decisions") >= 1
