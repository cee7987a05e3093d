"""How often new mail repeats old mail, and what is torn because of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from pipeline.desk.collect import mails_that_came
from pipeline.learn import repetition, split, training
from pipeline.learn.dataset import Row
from pipeline.learn.registry import Registry
from pipeline.records.ledger import LedgerText
from tests.learned import KEY, POOLS, variants, write_csv

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def unheard(count: int) -> list[Row]:
    """Mails of which none is like another."""
    marks = [f"{chr(97 + number % 26)}{chr(97 + number // 26)}" for number in range(count)]
    return [Row(text=" ".join(f"{mark}{word}" for word in POOLS["login"])) for mark in marks]


def again(rows: list[Row]) -> list[Row]:
    """The same mails in other words."""
    return [replace(row, text=f"{row.text} again") for row in rows]


def dated(rows: list[Row]) -> list[Row]:
    """One mail an hour, in this order."""
    return [replace(row, received_at=BEGIN + timedelta(hours=hour)) for hour, row in enumerate(rows)]


@pytest.mark.parametrize(("repeated", "share"), [(0, 0.0), (10, 0.5), (20, 1.0)])
def test_it_is_measured_on_a_named_test_part(repeated: int, share: float) -> None:
    rows = variants(60)
    new = [*again(rows[::8][:repeated]), *unheard(20 - repeated)]
    assert repetition.against(rows, new, rows).share == pytest.approx(share, abs=0.11)


@pytest.mark.parametrize(("repeated", "share"), [(0, 0.0), (75, 0.5), (150, 1.0)])
def test_it_is_measured_by_time_on_the_mails_that_came(repeated: int, share: float) -> None:
    rows = variants(150)
    new = [*again(rows[::4][:repeated]), *unheard(150 - repeated)]
    found = repetition.measure(rows, dated([*rows, *new]))
    assert found
    assert found.share == pytest.approx(share, abs=0.15)


def test_without_mails_or_dates_nobody_knows() -> None:
    rows = variants(150)
    assert repetition.measure(rows, []) is None
    assert repetition.measure(rows, dated(rows[:400])) is None  # the newest fifth of them is too few
    assert repetition.measure([*dated(rows[:500]), *rows[500:]], []) is None  # a sixth came nobody knows when
    assert "nobody knows yet" in repetition.in_words(None)


def test_rows_with_dates_stand_for_the_mail_that_comes() -> None:
    """The variants of a text come one after the other here: newer mail repeats older mail less than if mixed."""
    found = repetition.measure(dated(variants(150)), [])
    assert found
    assert found.new < 0.6 < 0.9 < found.rows
    assert "of new mail repeats older mail" in repetition.in_words(found)


def test_mail_of_a_writer_or_thread_that_is_known_says_nothing() -> None:
    one = Row(text="please send the invoice for my shoes again today", sender="s", thread="t")
    other = replace(one, text=f"{one.text} thanks")
    assert repetition.share_repeated([other], [one]) == 0.0
    assert repetition.share_repeated([replace(other, sender="", thread="")], [one]) == 1.0


def test_no_more_than_the_share_is_torn() -> None:
    rows = variants(60)
    sizes = Counter(row.group for row in rows)
    for share in (0.0, 0.3, 0.7, 1.0):
        in_torn = sum(sizes[name] for name in split.torn_groups(rows, share))
        assert share * len(rows) - max(sizes.values()) < in_torn <= share * len(rows)
    assert split.torn_groups(rows, 0.3) <= split.torn_groups(rows, 1.0)


def test_a_training_counts_on_the_mail_that_came(tmp_path: Path) -> None:
    rows = [replace(row, topic="a" if row.text < "k" else "b") for row in variants(150)]
    mails = dated([*rows, *again(rows[::4])])
    data = [write_csv(tmp_path / "a.csv", rows)]
    with_mails = training.prepare(training.Request(files=data, mails=mails), Registry(tmp_path / "models", KEY))
    without = training.prepare(training.Request(files=data), Registry(tmp_path / "models", KEY))
    assert with_mails[1].torn
    assert "of new mail repeats" in with_mails[0].notes[-1]
    assert not without[1].torn
    assert "nobody knows" in without[0].notes[-1]


def test_the_mail_that_came_is_read_as_a_training_reads_it(tmp_path: Path) -> None:
    class Labels:
        def newest_texts(self, most: int) -> list[LedgerText]:
            values: dict[str, Any] = dict.fromkeys([field.name for field in fields(LedgerText)], "")
            return [LedgerText(**values | {"text": "write to eve@example.org", "received": BEGIN})] * most

    config = SimpleNamespace(store_url=lambda: f"sqlite:///{tmp_path}/a.db")
    doors = cast("Any", SimpleNamespace(config=config, labels=Labels()))
    assert mails_that_came(doors, 3) == []  # there is no ledger yet
    (tmp_path / "a.db").touch()
    found = mails_that_came(doors, 3)
    assert len(found) == 3
    assert found[0].received_at == BEGIN
    assert "eve@" not in found[0].text
