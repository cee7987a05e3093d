"""What rises within hours, and what does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.figures.rising import find
from pipeline.store.rising import RecentMail, WeeksBefore
from tests.samples import NOON

SINCE = NOON - timedelta(hours=4)
USUAL = WeeksBefore(customers=400, by_topic={"delivery": 80, "billing": 320}, texts=("an invoice about shoes",) * 400)


def mails(topic: str, count: int, text: str = "an invoice", *, customer: str = "") -> list[RecentMail]:
    return [
        RecentMail(id=f"{topic}-{text[:3]}-{one}", customer=customer or f"{topic}{one}@x", topic=topic, text=text)
        for one in range(count)
    ]


@pytest.mark.parametrize(
    ("lately", "usual", "found"),
    [
        (mails("delivery", 12) + mails("billing", 8), USUAL, ["delivery"]),  # 60 %, usually 20 %
        (mails("delivery", 4) + mails("billing", 16), USUAL, []),  # as always
        (mails("delivery", 8) + mails("billing", 1), USUAL, []),  # nine customers are too few to tell
        (mails("delivery", 40, customer="eve@x") + mails("billing", 16), USUAL, []),  # one of them writes and writes
        (mails("", 30), USUAL, []),  # nothing was judged
        (mails("delivery", 30), WeeksBefore(customers=0, by_topic={}, texts=()), []),  # the first day: nothing is usual
        (mails("warranty", 9) + mails("billing", 9), USUAL, ["warranty"]),  # a topic that is new
        # Each topic has its usual share; the words are new.
        (mails("billing", 32, "a strike at the depot") + mails("delivery", 8), USUAL, [""]),
        (mails("billing", 4, "a strike") + mails("billing", 28) + mails("delivery", 8), USUAL, []),
    ],
)
def test_only_what_chance_rules_out_is_rising(lately: list[RecentMail], usual: WeeksBefore, found: list[str]) -> None:
    assert [one.topic for one in find(lately, usual, SINCE)] == found


def test_a_rise_names_the_new_words_the_mails_and_what_is_usual() -> None:
    lately = mails("delivery", 12, "strike at the depot, about shoes") + mails("billing", 8)
    (one,) = find(lately, USUAL, SINCE)
    assert (one.topic, one.words, one.customers, one.of) == ("delivery", ("depot", "strike"), 12, 20)
    assert (one.usual, one.since) == (0.2, SINCE)
    assert one.mails == tuple(mail.id for mail in lately[:12])
