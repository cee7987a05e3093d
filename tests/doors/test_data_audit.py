"""What is wrong with labelled mail is found; and topics in mail that nobody has labelled."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.learn import audit
from pipeline.learn.dataset import Row
from pipeline.learn.discover import discover
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


# --- discover ---------------------------------------------------------------------------------------------------------


def unlabelled(count: int = 150) -> list[Row]:
    return [replace(row, topic=None, sentiment=None, complaint=None) for row in toy_rows(count)]


def test_topics_are_found_again_in_unlabelled_mail() -> None:
    truth = {row.hash: row.topic for row in toy_rows(150)}
    document, rows = discover(unlabelled(), wanted=3)
    assert [len({truth[row.hash] for row in rows if row.topic == one["name"]}) for one in document["topics"]] == [
        1,
        1,
        1,
    ]
    assert sum(one["mails"] for one in document["topics"]) == len(rows) == 150
    first = document["topics"][0]
    assert first["name"].startswith("cluster-1 ")
    assert len(first["typical"]) == 3
    assert set(first["words"]) <= {word.lower() for pool in POOLS.values() for word in pool}


def test_the_number_of_topics_is_chosen_and_the_same_mails_give_the_same_topics() -> None:
    document, _ = discover(unlabelled())
    assert 3 <= len(document["topics"]) <= 12
    assert discover(unlabelled())[0] == document


@pytest.mark.parametrize(
    ("rows", "wanted", "told"),
    [
        (unlabelled(10), 0, "too few"),
        (unlabelled(60), 59, "--topics"),
        ([Row(text=f"w{at}") for at in range(30)], 0, "no words in common"),
    ],
)
def test_what_holds_no_topics_is_said(rows: list[Row], wanted: int, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        discover(rows, wanted=wanted)


def test_proposals_are_named_on_their_way_back_in(tmp_path: Path) -> None:
    place = DataFolder(tmp_path)
    write_csv(tmp_path / "mails.csv", unlabelled())
    out = tmp_path / "proposed.csv"
    document = place.json("data", "discover", str(tmp_path / "mails.csv"), "--topics", "3", "--out", str(out))
    name, size = document["topics"][0]["name"], document["topics"][0]["mails"]
    told = place.json("data", "import", str(out), "--map", f"{name}=delivery", "--by", "alice")
    assert told["topics"] == {"delivery": size}
    assert told["unlabelled"] == 150 - size  # what has no name stays out
    assert {row["labelled_by"] for row in place.rows("proposed")} == {"alice"}
