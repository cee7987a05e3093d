"""Which labels may certify from where on the machine is sure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.learn import evidence, grouping, train
from pipeline.learn.dataset import NAMED
from tests.learned import STRICT, toy_rows


@pytest.mark.parametrize("named", [False, True])
def test_labels_that_whole_groups_got_teach_but_certify_nothing(named: bool) -> None:
    rows = [replace(row, source=NAMED) if named else row for row in toy_rows(400)]
    fit = train.fit(grouping.with_groups(rows), train.Settings(max_error=dict.fromkeys(STRICT, 0.05))).heads["topic"]
    assert len(fit.classes) == 3
    assert fit.accuracy > 0.9
    assert (fit.certified.threshold is None) is named
    assert (fit.certified_on["learned"] == 0) is named


def test_mails_whose_label_certifies_nothing_are_counted_in_the_notes() -> None:
    rows = toy_rows(9)
    notes: list[str] = []
    evidence.note_named(rows, notes)
    assert notes == []
    evidence.note_named([*rows[:4], *(replace(row, source=NAMED) for row in rows[4:])], notes)
    assert notes[0].startswith("5 mails with the label of a whole group")
