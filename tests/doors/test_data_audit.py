"""What is wrong with labelled mail is found."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline.learn import audit
from pipeline.learn.dataset import Row
from pipeline.learn.grouping import with_groups
from tests.data_folder import DataFolder
from tests.learned import POOLS, toy_rows, write_csv


def test_wrong_labels_stand_at_the_top_of_the_list() -> None:
    rows = toy_rows(240)
    dice = random.Random(7)
    wrong = dice.sample(range(len(rows)), 12)
    for at in wrong:
        others = [topic for topic in POOLS if topic != rows[at].topic]
        rows[at] = replace(rows[at], topic=dice.choice(others))
    found = [one for one in audit.audit(rows, limit=1000)["suspects"] if one["head"] == "topic"]
    bad = {rows[at].hash for at in wrong}
    assert len(bad & {one["hash"] for one in found[:12]}) >= 11
    assert {one["rather"] for one in found} <= set(POOLS)


def test_about_one_percent_is_listed_and_nothing_is_changed() -> None:
    rows = toy_rows(120)
    flipped = [replace(row, topic="login") if at % 3 == 0 else row for at, row in enumerate(rows)]
    before = list(flipped)
    assert len(audit.audit(flipped)["suspects"]) <= 10
    assert flipped == before


def test_contradictions_are_found_but_a_later_label_is_a_correction() -> None:
    first, later = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    one = Row(text="Where is it?", topic="delivery", labelled_at=first)
    (found,) = audit.contradictions([one, replace(one, topic="order")])
    assert found["labels"] == ["delivery", "order"]
    assert audit.contradictions([one, replace(one, topic="order", labelled_at=later)]) == []
    assert audit.contradictions([one, replace(one, topic=None, complaint="true")]) == []


def test_leaks_between_fitted_and_frozen_mail_are_found() -> None:
    one = Row(text="The blue lamp arrived broken yesterday", topic="a")
    twin = Row(text="The blue lamp arrived broken yesterday 2", topic="a")
    other = Row(text="Please send invoices to our accountant", topic="a")
    rows = with_groups([one, twin, other])
    assert len(audit.leaks(rows, {one.hash}, {twin.hash})) == 1
    assert audit.leaks(rows, {one.hash}, {other.hash}) == []
    assert audit.leaks(rows, {one.hash, twin.hash}, {other.hash}) == []


def test_the_command_tells_it_and_exits_with_1_for_a_contradiction(tmp_path: Path) -> None:
    place = DataFolder(tmp_path)
    write_csv(place.training_data.parent / "toy.csv", toy_rows(90))
    place.say("data", "import", str(tmp_path / "toy.csv"), "--by", "alice")
    document = place.json("data", "audit")
    assert document["contradictions"] == []
    assert document["near_duplicates"]["groups"] >= 0
    twin = place.rows("toy")[0]
    place.file(
        "training_data/again.csv",
        f"text,subject,topic,labelled_at\n{twin['text']},{twin['subject']},zoo,{twin['labelled_at']}\n",
    )
    assert place.json("data", "audit", code=1)["contradictions"]
    assert "contradiction" in place.say("data", "audit", code=1)


def test_too_few_rows_are_a_word_and_no_failure() -> None:
    assert audit.audit([])["suspects"] == []
    told = audit.audit([Row(text="one", topic="a"), Row(text="two", topic="b")])
    assert "topic labels were not checked: too few" in told["notes"]
