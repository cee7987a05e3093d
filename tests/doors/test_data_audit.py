"""What is wrong with labelled mail is found."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.learn import audit
from pipeline.learn.dataset import Row
from pipeline.learn.grouping import with_groups
from tests.data_folder import DataFolder
from tests.doors.test_data_discover import Meanings
from tests.learned import POOLS, toy_rows, write_csv

LATER = datetime(2026, 3, 1, tzinfo=UTC)


def with_wrong_labels(count: int, wrong: int) -> tuple[list[Row], set[str]]:
    """Toy rows with some topics flipped, and the hashes of these."""
    rows, dice = toy_rows(count), random.Random(7)
    places = dice.sample(range(len(rows)), wrong)
    for at in places:
        rows[at] = replace(rows[at], topic=dice.choice([topic for topic in POOLS if topic != rows[at].topic]))
    return rows, {rows[at].hash for at in places}


def test_wrong_labels_stand_at_the_top_of_the_list() -> None:
    rows, bad = with_wrong_labels(240, 12)
    found = [one for one in audit.audit(rows, limit=1000)["suspects"] if one["head"] == "topic"]
    assert len(bad & {one["hash"] for one in found[:12]}) >= 11
    assert {one["rather"] for one in found} <= set(POOLS)


def test_so_many_are_suspected_as_are_wrong_and_that_is_said() -> None:
    rows, bad = with_wrong_labels(600, 48)
    document = audit.audit(rows)
    assert 40 <= document["suspected"]["topic"] <= 56
    assert len(document["suspects"]) == 10  # the worst
    found = {one.row.hash for one in audit.doubted(rows) if one.head == "topic"}
    assert len(found & bad) >= 0.9 * max(len(found), len(bad))


def test_the_encoder_is_asked_where_words_say_nothing() -> None:
    meanings = Meanings(topics=4, mails=40)
    rows = [replace(row, topic=f"t{meanings.topic_of[row.hash]}") for row in meanings.rows]
    bad = {row.hash for row in rows[::13]}
    rows = [replace(row, topic=f"t{(meanings.topic_of[row.hash] + 1) % 4}") if row.hash in bad else row for row in rows]
    found = {one.row.hash for one in audit.doubted(rows, encode=meanings.encode)}
    assert len(found & bad) >= 0.9 * max(len(found), len(bad))


def test_what_a_person_has_looked_at_is_not_doubted_again() -> None:
    rows, _bad = with_wrong_labels(240, 12)
    first = audit.doubted(rows)[0]
    kept = replace(first.row, sentiment=None, complaint=None, source="fixed", labelled_at=LATER)
    assert first.row.hash not in {one.row.hash for one in audit.doubted([*rows, kept]) if one.head == "topic"}


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


# --- data fix ---------------------------------------------------------------------------------------------------------


def messy(folder: Path, count: int = 240, wrong: int = 12) -> DataFolder:
    place = DataFolder(folder)
    place.training_data.mkdir()
    write_csv(place.training_data / "toy.csv", with_wrong_labels(count, wrong)[0])
    return place


def test_one_key_takes_the_proposal_one_keeps_the_label(tmp_path: Path) -> None:
    place = messy(tmp_path)
    suspects = place.jsonl("data", "fix", "--head", "topic")
    lines = ["y", "k", "x", "u", "k", "o", "zzz", "o", "parcel", "s", "u", "q"]
    said = place.say("data", "fix", "--head", "topic", "--by", "alice", lines=lines)
    assert f"{len(suspects)} labels to look at" in said
    assert "'x' is none of these" in said
    assert "there is no topic 'zzz'" in said
    assert "2 labels settled" in said
    assert [row["topic"] for row in place.rows("fixed")] == [suspects[0]["rather"], suspects[1]["label"]]
    assert {(row["source"], row["sentiment"]) for row in place.rows("fixed")} == {("fixed", "")}
    left = {one["hash"] for one in place.jsonl("data", "fix", "--head", "topic")}
    assert not left & {one["hash"] for one in suspects[:2]}
    assert "0 labels settled" in place.say("data", "fix", lines=["u", "s"])


def test_by_hash_all_are_settled_or_none(tmp_path: Path) -> None:
    place = messy(tmp_path)
    one, other, *_ = place.jsonl("data", "fix", "--head", "topic")
    with pytest.raises(UsageError, match="no label of a mail abc is suspected"):
        place.say("data", "fix", one["hash"], "abc")
    assert not (place.training_data / "fixed.csv").exists()
    told = place.jsonl("data", "fix", "--head", "topic", one["hash"], "--keep", other["hash"])
    assert [(done["hash"], done["now"]) for done in told] == [
        (one["hash"], one["rather"]),
        (other["hash"], other["label"]),
    ]
    with pytest.raises(UsageError, match="no head 'mood'"):
        place.say("data", "fix", "--head", "mood")


def test_once_the_labels_are_fixed_the_certificate_comes_back(tmp_path: Path) -> None:
    """Of mails that don't repeat each other: 60 words a topic, of which each mail has eight."""
    place, dice, topics = DataFolder(tmp_path), random.Random(3), ("parcel", "invoice", "login")
    rows = []
    for number in range(600):
        topic = topics[number % 3]
        text = " ".join(dice.sample([f"{letter}{other}{topic}" for letter in "abcdef" for other in "abcdefghij"], 8))
        said = topics[(number + 1) % 3] if dice.random() < 0.12 else topic
        rows.append(Row(text=text, topic=said, language="en", labelled_by="alice"))
    place.training_data.mkdir()
    write_csv(place.training_data / "toy.csv", rows)
    before = place.json("model", "train", "--no-promote")["heads"]["topic"]
    assert before["threshold"] is None
    suspects = {one["hash"] for one in place.jsonl("data", "fix")}
    place.say("data", "fix", *suspects)
    after = place.json("model", "train", "--no-promote")["heads"]["topic"]
    assert after["coverage"] > 0.8
