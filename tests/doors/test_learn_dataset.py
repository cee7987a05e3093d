"""Labelled files → rows, near-duplicates, splits."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import ExitCode, UsageError
from pipeline.learn import dataset, evaluate, grouping, label_files, split, train
from pipeline.learn.dataset import Columns, Row
from pipeline.learn.thinning import thin
from tests.learned import TRAINING_DATA, toy_rows, variants, write_csv

FIVE = {"topic": 5, "sentiment": 5, "complaint": 5}
HEAD = "subject,text,topic,sentiment,complaint\n"


def load(tmp_path: Path, content: str | bytes, name: str = "mails.csv", **columns: object) -> dataset.Dataset:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return label_files.load_rows([path], Columns(**columns))  # type: ignore[arg-type]


def test_a_row_keeps_its_labels_and_where_they_come_from(tmp_path: Path) -> None:
    text = "text,topic,sentiment,complaint,language,source,labelled_by,labelled_at\n"
    (row,) = load(tmp_path, text + '"Where, pray, is it?",delivery,Negative,Yes,EN,board,alice,2026-01-31').rows
    assert (row.text, row.topic, row.sentiment, row.complaint) == (
        "Where, pray, is it?",
        "delivery",
        "negative",
        "true",
    )
    assert (row.language, row.source, row.labelled_by) == ("en", "board", "alice")
    assert row.labelled_at == datetime(2026, 1, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "truth"), [("true", "true"), ("1", "true"), ("YES", "true"), ("0", "false"), ("no", "false"), ("", None)]
)
def test_a_complaint_is_written_in_any_usual_way(tmp_path: Path, value: str, truth: str | None) -> None:
    (row,) = load(tmp_path, f"{HEAD},a text,other,,{value}").rows
    assert row.complaint == truth


def test_json_lines_are_read_like_tables(tmp_path: Path) -> None:
    lines = [{"text": "one", "topic": "a", "complaint": True}, {"text": "two", "topic": None, "complaint": 0}]
    rows = load(tmp_path, "\n".join(map(json.dumps, lines)) + "\n\n", "mails.jsonl").rows
    assert {(row.text, row.topic, row.complaint) for row in rows} == {("one", "a", "true"), ("two", None, "false")}


def test_columns_may_have_other_names(tmp_path: Path) -> None:
    data = load(tmp_path, "body,category\nhello,greeting", text="body", topic="category", required=("text", "topic"))
    assert [(row.text, row.topic) for row in data.rows] == [("hello", "greeting")]


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (HEAD + ",ok,other,grumpy,true", "a.csv", ["row 2", "'sentiment'", "negative, neutral or positive", "grumpy"]),
        (HEAD + ",ok,other,neutral,perhaps", "a.csv", ["row 2", "'complaint'", "true/false", "perhaps"]),
        (HEAD + ",ok,other,neutral,no\n,a,b,c,d,e,f", "a.csv", ["row 3", "more cells than columns"]),
        (HEAD + ',"never closed', "a.csv", ["row 2", "double quotes"]),
        ("body,topic\nhello,other", "a.csv", ["no column 'text'", "body, topic", "--text-column"]),
        ("text,mood\nhello,fine", "a.csv", ["none of the columns topic", "--topic-column"]),
        ("", "a.csv", ["no column 'text'"]),
        ("text,topic,labelled_at\nhi,other,yesterday", "a.csv", ["row 2", "labelled_at", "2026-01-31", "yesterday"]),
        (HEAD + ", ,other,neutral,no", "a.csv", ["no row with a text"]),
        (HEAD + ",a text,,,", "a.csv", ["no row with a text and a label"]),
        ('{"text": "a", "topic"', "a.jsonl", ["line 1 is not JSON"]),
        ("[1, 2]", "a.jsonl", ["line 1 is not a JSON object"]),
        ("[" * 100_000, "a.jsonl", ["line 1 is not JSON"]),
    ],
)
def test_a_wrong_file_is_refused_with_row_column_and_what_was_expected(
    tmp_path: Path, content: str | bytes, name: str, told: list[str]
) -> None:
    with pytest.raises(UsageError) as refused:
        load(tmp_path, content, name)
    for part in [*told, str(tmp_path / name)]:
        assert part in str(refused.value)
    assert refused.value.exit_code == ExitCode.USAGE


def test_a_column_that_the_user_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no column 'betreff'"):
        load(tmp_path, "text,topic\nhi,other", subject="betreff", required=("subject",))


def test_many_wrong_rows_are_counted_and_not_all_printed(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="and 15 more"):
        load(tmp_path, HEAD + ",x,y,angry,\n" * 20)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        label_files.load_rows([tmp_path / "nowhere.csv"])


def test_a_folder_without_labelled_mail_says_what_belongs_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\*\.csv"):
        label_files.files_in(tmp_path)


@pytest.mark.parametrize("by", ["model", "Model 20260131T120000-1a2b3c4d", "machine"])
def test_labels_that_no_person_gave_do_not_train(tmp_path: Path, by: str) -> None:
    data = load(tmp_path, f"text,topic,labelled_by\nby hand,other,alice\nby itself,other,{by}")
    assert [row.text for row in data.rows] == ["by hand"]
    assert data.notes == ("1 row left out that no person labelled",)


def test_of_exact_duplicates_the_newest_label_counts(tmp_path: Path) -> None:
    lines = (
        "text,topic,labelled_at\nHello  there,old,2025-01-01\nhello there,new,2026-01-01\nhello THERE,older,2024-01-01"
    )
    data = load(tmp_path, lines)
    assert [row.topic for row in data.rows] == ["new"]
    assert data.notes == ("2 exact duplicates dropped, the newest label counts",)


def test_the_order_of_rows_and_files_means_nothing(tmp_path: Path) -> None:
    rows = toy_rows(30)
    one = label_files.load_rows([write_csv(tmp_path / "a.csv", rows)])
    parts = [write_csv(tmp_path / "b.csv", rows[20:][::-1]), write_csv(tmp_path / "c.csv", rows[:20])]
    assert one.rows == label_files.load_rows(parts).rows


def test_a_class_with_too_few_mails_is_left_out_and_named() -> None:
    rows = [*toy_rows(30), Row(text="one of its kind", topic="oddity", sentiment="neutral")]
    data = dataset.without_rare_classes(rows, FIVE)
    assert "oddity" not in {row.learned("topic") for row in data.rows}
    assert len(data.rows) == 31
    assert ("oddity", "neutral") in {(row.topic, row.learned("sentiment")) for row in data.rows}  # which still counts
    assert data.notes == (
        "topic 'oddity' left out: 1 different mails, at least 5 are needed",
        "1 mail of a rare topic (3.2%) counts as wrong wherever the machine would be sure",
    )


def test_of_many_rare_topics_the_notes_say_how_many() -> None:
    rows = [*toy_rows(30), *(Row(text=f"one of its kind {number}", topic=f"odd {number}") for number in range(40))]
    data = dataset.without_rare_classes(rows, FIVE)
    assert data.notes == (
        "40 topics left out, among them 'odd 0': at least 5 are needed of each",
        "40 mails of rare topics (57.1%) count as wrong wherever the machine would be sure",
    )


def test_mail_of_rare_topics_counts_as_wrong_in_the_threshold_and_in_the_figures() -> None:
    """Such mail goes on coming. It reads like mail of the known topics, so the model is sure of it, and wrong."""
    known = toy_rows(300)
    tail = [replace(row, topic=f"rare {number}") for number, row in enumerate(toy_rows(60, seed=9))]
    settings = train.Settings(max_error={**train.MAX_ERROR, "topic": 0.1})
    fitted = {
        name: train.fit(dataset.without_rare_classes(grouping.with_groups(rows), FIVE).rows, settings).heads["topic"]
        for name, rows in (("without", known), ("with", known + tail))
    }
    assert fitted["with"].classes == fitted["without"].classes
    assert fitted["without"].certified.threshold is not None
    assert fitted["with"].certified.threshold is None  # a sixth of such mail is wrong
    assert fitted["with"].accuracy < 0.9 < fitted["without"].accuracy


def test_a_label_that_a_version_does_not_know_is_none_of_these_to_it() -> None:
    rows = [Row(text="a", topic="known"), Row(text="b", topic="rare"), Row(text="c", topic="other")]
    found = evaluate.judge("topic", ["known", "other"], rows, np.array([[0.9, 0.1], [0.9, 0.1], [0.1, 0.9]]), 0.8)
    assert found
    assert list(found.truth) == ["known", evaluate.NONE_OF_THESE, "other"]
    assert evaluate.metrics(found, 0.8)["error_when_sure"] == pytest.approx(1 / 3)


def test_a_head_with_one_class_is_not_trained() -> None:
    data = dataset.without_rare_classes([replace(row, topic="all the same") for row in toy_rows(30)], FIVE)
    assert {row.topic for row in data.rows} == {None}
    assert any("the topic head is not trained" in note for note in data.notes)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Where is my order 60-4419? It is late.", "Where is my order 71-0002? It is late!"),
        ("Hello {{Name}}, please cancel the order {{Order Number}}", "hello [name] please cancel the order <order>"),
        ("I want to cancel my monthly subscription today", "I want to cancel our monthly subscription, today please"),
        ("cancelling subscriptions", "cancelled subscription"),
    ],
)
def test_near_duplicates_get_one_group(one: str, other: str) -> None:
    grouped = grouping.with_groups(
        [Row(text=one, topic="a"), Row(text=other, topic="a"), Row(text="So what", topic="a")]
    )
    assert grouped[0].group == grouped[1].group
    assert grouped[2].group not in ("", grouped[0].group)


def test_mails_that_only_resemble_each_other_across_topics_stay_apart() -> None:
    texts = ["please cancel monthly magazine subscription today", "please explain monthly magazine subscription price"]
    apart = grouping.with_groups([Row(text=text, topic=topic) for text, topic in zip(texts, "ab", strict=True)])
    assert apart[0].group != apart[1].group


def test_the_index_finds_all_pairs_that_comparing_all_finds() -> None:
    rows = [replace(row, subject="", text=" ".join(row.text.split()[:5])) for row in toy_rows(300, seed=5)]
    group_of = [row.group for row in grouping.with_groups(rows)]
    bags = [grouping.stems(row) for row in rows]
    pairs = 0
    for one in range(len(rows)):
        for other in range(one):
            if rows[one].topic == rows[other].topic and grouping.similar(bags[one], bags[other]):
                pairs += 1
                assert group_of[one] == group_of[other]
    assert pairs > 50  # else this shows nothing


def duplicated(count: int) -> list[Row]:
    """Each toy row, and a copy of it with another number and ending."""
    return [
        replace(row, text=f"{row.text} {number} {ending}")
        for number, row in enumerate(toy_rows(count))
        for ending in ("ok", "yes?")
    ]


def test_a_split_never_has_near_duplicates_on_both_sides() -> None:
    rows = grouping.with_groups(duplicated(120))
    parts = split.split_newest_fifth(rows, few=0)
    assert parts.train
    assert parts.test
    assert not {row.group for row in parts.train} & {row.group for row in parts.test}
    fold_of: dict[str, set[int]] = {}
    for row, fold in zip(rows, split.folds(rows, 5), strict=True):
        fold_of.setdefault(row.group, set()).add(fold)
    assert all(len(folds) == 1 for folds in fold_of.values())


def test_the_starter_data_splits_into_a_fifth_with_all_topics_and_languages() -> None:
    rows = grouping.with_groups(label_files.load_rows(label_files.files_in(TRAINING_DATA)).rows)
    parts = split.split_newest_fifth(rows)
    assert len(parts.test) == pytest.approx(len(rows) / 5, abs=3)
    assert {(row.topic, row.language) for row in parts.test} == {(row.topic, row.language) for row in rows}


def test_the_newest_fifth_is_really_the_newest() -> None:
    rows = [
        replace(row, labelled_at=datetime(2026, 1, 1 + number % 28, tzinfo=UTC), topic="same", language="")
        for number, row in enumerate(toy_rows(100))
    ]
    ungrouped = [replace(row, group=row.hash) for row in rows]
    parts = split.split_newest_fifth(ungrouped, few=0)
    assert min(row.labelled_at for row in parts.test if row.labelled_at) >= max(
        row.labelled_at for row in parts.train if row.labelled_at
    )
    assert len(parts.test) == 20


def test_what_was_kept_out_once_stays_out_when_data_grows() -> None:
    few = [replace(row, group=row.hash) for row in toy_rows(100)]
    first = split.split_newest_fifth(few, few=0)
    before = split.Before({row.hash for row in first.test}, {row.hash for row in first.train})
    assert set(split.split_newest_fifth(few, before, few=0).test) == set(first.test)
    many = [*few, *(replace(row, group=row.hash) for row in toy_rows(100, seed=9))]
    parts = split.split_newest_fifth(many, before, few=0)
    assert set(first.test) <= set(parts.test)
    assert not set(first.train) & set(parts.test)
    assert len(parts.test) == pytest.approx(40, abs=3)


@pytest.mark.parametrize(("count", "kept_out"), [(2_001, 400), (1_998, 0)])
def test_of_few_labels_none_is_kept_out(count: int, kept_out: int) -> None:
    rows = [replace(row, group=row.hash) for row in toy_rows(count)]
    parts = split.split_newest_fifth(rows)
    assert len(parts.test) == pytest.approx(kept_out, abs=1)
    assert split.thin_of(parts) == ([] if kept_out else [*dataset.HEADS])


def test_a_head_with_few_labels_is_fitted_whole_beside_one_with_many() -> None:
    """As with topics of one's own, and moods learned from the starter."""
    rows = [
        replace(row, group=row.hash, topic=row.topic if at < 300 else None) for at, row in enumerate(toy_rows(3000))
    ]
    parts = split.split_newest_fifth(rows)
    assert sum(row.topic is not None for row in parts.train) == 300
    assert len(parts.test) == pytest.approx(540, abs=3)
    assert split.thin_of(parts) == ["topic"]


def test_when_few_labels_become_many_new_mail_goes_on_teaching() -> None:
    rows = [replace(row, group=row.hash) for row in toy_rows(1_998)]
    before = split.Before((), {row.hash for row in rows})
    new = [replace(row, group=row.hash) for row in toy_rows(300, seed=9)]
    parts = split.split_newest_fifth([*rows, *new], before)
    assert set(parts.test) < set(new)
    assert len(parts.test) == pytest.approx(90, abs=3)


def test_a_new_mail_that_joins_two_groups_freezes_neither_and_takes_nothing_back() -> None:
    """Of a chain of near-duplicates the rows that were kept out stay out and the fitted ones stay fitted; figures leave
    out what resembles a fitted row by now."""
    rows = [replace(row, group=row.hash) for row in toy_rows(100)]
    first = split.split_newest_fifth(rows, few=0)
    before = split.Before({row.hash for row in first.test}, {row.hash for row in first.train})
    kept_out, fitted = first.test[0], first.train[0]
    new = Row(text=f"{kept_out.text} {kept_out.subject}", topic=kept_out.topic, language="en", group="chain")
    chained = [replace(row, group="chain") if row in (kept_out, fitted) else row for row in rows]
    parts = split.split_newest_fifth([*chained, new], before, few=0)
    assert {row.hash for row in parts.test} == before.frozen
    assert new in parts.train
    assert kept_out.hash not in {row.hash for row in parts.judged} < before.frozen
    torn = split.split_newest_fifth([*chained, new], before, torn={"chain"}, few=0)
    assert kept_out.hash in {row.hash for row in torn.judged}


def test_a_named_test_part_is_never_fitted() -> None:
    rows = toy_rows(40)
    parts = split.split_off(rows, rows[:10])
    assert list(parts.train) == rows[10:]
    assert list(parts.test) == rows[:10]


def test_torn_folds_still_keep_a_thread_and_a_writer_in_one_fold() -> None:
    rows = [
        replace(row, thread=f"t{at // 6}" if at % 2 else "", sender=f"s{at // 6}")
        for at, row in enumerate(variants(30))
    ]
    fold_of: dict[str, set[int]] = {}
    for row, fold in zip(rows, split.folds(rows, 5, torn={row.group for row in rows}), strict=True):
        fold_of.setdefault(row.thread or row.sender, set()).add(fold)
    assert all(len(folds) == 1 for folds in fold_of.values())
    assert len({fold for folds in fold_of.values() for fold in folds}) == 5


def test_of_too_many_rows_the_newest_of_each_topic_stay_and_rare_topics_whole() -> None:
    days = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(100)]
    common = [Row(text=f"common {day:%j}", topic="common", received_at=day) for day in days]
    rare = [Row(text=f"rare {day:%j}", topic="rare", received_at=day) for day in days[:5]]
    kept, note = thin([*common, *rare], most=25)
    assert [row for row in kept if row.topic == "rare"] == rare
    assert [row for row in kept if row.topic == "common"] == common[-20:]
    assert "25 of 105 rows" in note
    assert thin(common, most=100) == (common, "")


def test_long_mails_are_thinned_by_their_letters() -> None:
    rows = [Row(text="x" * 1000 + str(number), topic="one") for number in range(50)]
    kept, _note = thin(rows, letters=20_000)
    assert 15 <= len(kept) <= 20
