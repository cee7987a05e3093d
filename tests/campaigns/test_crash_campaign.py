"""A short crash campaign; `python -m bench.crash` is the long one, docs/benchmarks/crash.md what it found."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import crash, crash_letters, crash_report
from bench.crash_child import POINTS
from bench.crash_report import LettersFound
from tests.servers.dovecot import Dovecot
from tests.waiting import PATIENCE

SHORT = (
    *("in the recording transaction: tickets", "acknowledgement: accepted, not noted", "marked, not noted"),
    *("in the transaction of notices: effects", "notice: accepted, not noted", "question: accepted, not noted"),
    crash.AT_ANY_MOMENT,
)


@pytest.mark.timeout(900)  # beside much other work
def test_killed_again_and_again_nothing_is_lost_and_nothing_is_done_twice(dovecot: Dovecot, tmp_path: Path) -> None:
    with crash.campaign(tmp_path / "desk", dovecot, sent_folder=True) as running:
        running.longest = PATIENCE
        for point in SHORT:
            running.kill_at(point)
        found = running.settle()
    assert found.kills == len(SHORT)
    assert found.people >= len(SHORT)
    assert found.missed == {}
    assert found.notices.journalled > 0
    assert found.questions.journalled > 0
    assert found.broken == []


def test_every_named_point_is_a_place_in_the_program() -> None:
    for name, point in POINTS.items():
        assert callable(getattr(point.owner, point.name)), name


@pytest.mark.parametrize(("told", "promised", "twice"), [(1, 1, 0), (2, 2, 0), (2, 1, 1), (3, 2, 1)])
def test_two_promises_of_one_minute_are_told_of_with_two_letters(told: int, promised: int, twice: int) -> None:
    letter = ("owner-due", "AAAA-0001", "respond", "2026-11-18T12:34:00+00:00")
    promise = ("AAAA-0001", "respond")
    answers = {crash_letters._TOLD: [letter] * told, crash_letters._PROMISED: [promise] * promised}
    assert crash_letters._told_twice(answers.__getitem__) == twice


def found(**changes: object) -> crash_report.CampaignResult:
    """A campaign in which all went well, but for the changes."""
    well = dict.fromkeys(crash_report.CampaignResult.__slots__, 0)
    letters = {"notices": LettersFound(in_flight=(1, 1)), "questions": LettersFound()}
    return crash_report.CampaignResult(
        **{**well, **letters, "sent_folder": True, "killed": {}, "missed": {}, "in_flight": (2, 3), **changes}
    )


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        ({}, []),
        ({"lost": 1}, ["1 mails lost"]),
        ({"people": 4, "tickets": 5}, ["1 missing or surplus tickets"]),
        ({"two_message_ids": 2}, ["2 mails acknowledged under two Message-IDs"]),
        ({"delivered_twice": 1}, ["1 acknowledgements delivered twice"]),
        ({"delivered_twice": 5, "sent_folder": False}, []),  # as many as were in flight
        ({"delivered_twice": 6, "sent_folder": False}, ["1 acknowledgements delivered twice"]),
        ({"notices": LettersFound(lost=1, unsaid=2)}, ["3 notices lost"]),
        ({"notices": LettersFound(two_message_ids=1)}, ["1 notices under two Message-IDs"]),
        ({"questions": LettersFound(open_effects=1)}, ["1 questions left open"]),
        ({"questions": LettersFound(delivered_twice=1, in_flight=(1,))}, ["1 questions delivered twice"]),
        ({"questions": LettersFound(delivered_twice=1, in_flight=(1,)), "sent_folder": False}, []),
    ],
)
def test_a_broken_promise_is_called_so(changes: dict, broken: list[str]) -> None:
    assert found(**changes).broken == broken
