"""Which rows of the training data an erased customer taught, and what becomes of the others."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pipeline.desk.privacy.training import Lessons
from pipeline.learn.dataset import Row
from pipeline.tokens import Signer

SIGNER = Signer(b"k" * 32)
MINE = Row(subject="Parcel", text="Where does my parcel stay")
ROW = Row(subject="Else", text="Something else altogether")


def lessons() -> Lessons:
    return Lessons(
        signer=SIGNER,
        senders={SIGNER.person("eve@example.org")},
        threads={SIGNER.pseudonym("thread", "<1@example.org>")},
        mails={"7K3M-9QTX"},
        texts={MINE.hash, replace(MINE, subject="").hash},
        named=re.compile(r"\bEve Marker\b", re.IGNORECASE),
    )


@pytest.mark.parametrize(
    ("row", "goes"),
    [
        (replace(ROW, sender=SIGNER.person("eve@example.org")), True),
        (replace(ROW, sender="Eve <Eve+shop@Example.org>"), True),  # a file that was written by hand
        (replace(ROW, sender=SIGNER.person("bob@example.org")), False),
        (replace(ROW, source="review 7k3m-9qtx"), True),
        (replace(ROW, source="review 7K3M-9QTZ"), False),
        (replace(ROW, thread=SIGNER.pseudonym("thread", "<1@example.org>")), True),
        (replace(ROW, thread=SIGNER.pseudonym("thread", "<1@example.org>"), sender="bob@example.org"), False),
        (MINE, True),
        (replace(MINE, text="where DOES my parcel\nstay"), True),
        (replace(MINE, subject=""), True),
        (replace(MINE, subject="Another"), True),
        (replace(MINE, text=""), False),
        (replace(MINE, sender="bob@example.org"), False),  # he wrote the same
        (replace(MINE, source="starter"), False),  # so did we
        (replace(MINE, text="Where does my parcel stay?"), False),
        (ROW, False),
    ],
)
def test_a_row_is_theirs_by_its_writer_its_mail_its_conversation_or_its_words(row: Row, goes: bool) -> None:
    ours = lessons()
    assert ours.without(row) == (None if goes else row)
    assert ours.counts == ({"training rows": 1} if goes else {})


def test_their_name_is_cut_out_of_what_others_wrote() -> None:
    ours, row = lessons(), replace(ROW, text="Send it to eve marker please", sender="bob@example.org")
    assert ours.without(row) == replace(row, text="Send it to <name> please")
    assert row.hash in ours.learned, "a version that learned it as it was knows the name"


def test_a_version_is_not_retired_for_words_that_another_one_wrote_too() -> None:
    ours = lessons()
    assert MINE.hash in ours.learned
    ours.without(replace(MINE, sender="bob@example.org"))
    assert MINE.hash not in ours.learned
