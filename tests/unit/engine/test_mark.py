"""Marking is cut into portions, between which a mailbox is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from pipeline.engine.workers import mark
from pipeline.engine.workers.mark import Marker
from pipeline.errors import DeferredError, UnreachableError
from pipeline.records.effect import Effect, EffectKind, EffectState, Outcome
from pipeline.records.mail import Location


class Noon:
    def now(self) -> datetime:
        return datetime(2026, 7, 1, 12, tzinfo=UTC)


@dataclass
class FewMarks:
    """A journal with nothing but marks."""

    waiting: list[Effect]
    settled: list[Outcome] = field(default_factory=list)

    def due(self, _kind: EffectKind, _now: datetime, limit: int, _mailbox: str) -> list[Effect]:
        return self.waiting[:limit]

    def claim(self, keys: Sequence[str], _now: datetime) -> set[str]:
        self.waiting = [one for one in self.waiting if one.key not in keys]
        return set(keys)

    def settle(self, outcomes: Sequence[Outcome], _now: datetime) -> None:
        self.settled += outcomes


@dataclass
class MarkedBox:
    """A mailbox that notes what it was told to mark."""

    name: str = "support"
    refuses: Exception | None = None
    portions: list[int] = field(default_factory=list)

    def mark(self, locations: Sequence[Location]) -> None:
        if self.refuses:
            raise self.refuses
        self.portions.append(len(locations))


def marks(count: int) -> list[Effect]:
    return [
        Effect(
            key=f"{uid}",
            mail_id="AAAA-0001",
            kind=EffectKind.MARK,
            location=Location(mailbox="support", uidvalidity=1, uid=uid),
        )
        for uid in range(1, count + 1)
    ]


def marker(mailbox: MarkedBox, journal: FewMarks) -> Marker:
    return Marker(mailbox=cast("Any", mailbox), journal=cast("Any", journal), clock=cast("Any", Noon()))


def test_a_backlog_is_marked_in_portions_and_after_each_its_caller_may_look_for_new_mail() -> None:
    mailbox, journal = MarkedBox(), FewMarks(marks(2 * mark.AT_ONCE + 1))
    some = marker(mailbox, journal)
    assert [some.mark_some() for _ in range(4)] == [True, True, True, False]
    assert mailbox.portions == [mark.AT_ONCE, mark.AT_ONCE, 1]
    assert {one.state for one in journal.settled} == {EffectState.DONE}


def test_all_of_it_is_marked_at_once_where_nobody_looks_between() -> None:
    mailbox, journal = MarkedBox(), FewMarks(marks(2 * mark.AT_ONCE))
    marker(mailbox, journal).mark()
    assert (len(journal.settled), journal.waiting) == (2 * mark.AT_ONCE, [])


def test_a_server_that_refuses_is_not_asked_again_at_once() -> None:
    journal = FewMarks(marks(2 * mark.AT_ONCE))
    assert not marker(MarkedBox(refuses=DeferredError("no", where="", remedy="")), journal).mark_some()
    assert {one.state for one in journal.settled} == {EffectState.WAITING}
    assert len(journal.waiting) == mark.AT_ONCE


def test_a_server_that_is_away_is_told_of_and_nothing_stays_claimed() -> None:
    journal = FewMarks(marks(3))
    with pytest.raises(UnreachableError):
        marker(MarkedBox(refuses=UnreachableError("away", where="", remedy="")), journal).mark()
    assert [one.state for one in journal.settled] == [EffectState.WAITING] * 3
