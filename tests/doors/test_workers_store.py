"""Workers that share a database: who is there, what each has in hand, and what is left when one is gone."""

from __future__ import annotations

from pipeline.records.effect import EffectKind, EffectState, Outcome
from pipeline.store.database import Database
from pipeline.store.effects import Effects
from pipeline.store.ledger import Ledger
from pipeline.store.past import Windows
from pipeline.store.workers import LOST, Workers
from tests.doors.test_store import CONFIG, CURSOR, judged
from tests.many import fall_silent, one, other, server
from tests.samples import NOON

__all__ = ["one", "other", "server"]  # the fixtures
ACKNOWLEDGE = EffectKind.ACKNOWLEDGE


def record(database: Database, mails: int) -> None:
    ledger = Ledger(database, Windows.of(CONFIG.guard))
    ledger.record([judged(uid) for uid in range(1, mails + 1)], [], CURSOR, NOON)


def done(keys: list[str]) -> list[Outcome]:
    return [Outcome(key=key, state=EffectState.DONE) for key in keys]


def states(database: Database) -> list[str]:
    return sorted(effect.state for number in (1, 2, 3) for effect in Effects(database).of_mail(f"AAAA-000{number}")
                  if effect.kind is ACKNOWLEDGE)  # fmt: skip


def test_what_one_worker_takes_another_passes_over(one: Database, other: Database) -> None:
    record(one, 3)
    first = Effects(one).take(ACKNOWLEDGE, NOON, 2)
    second = Effects(other).take(ACKNOWLEDGE, NOON, 2)
    assert (len(first), len(second)) == (2, 1)
    assert Effects(other).take(ACKNOWLEDGE, NOON, 2) == []


def test_what_a_living_worker_has_in_hand_is_not_abandoned(one: Database, other: Database) -> None:
    record(one, 3)
    taken = Effects(one).take(ACKNOWLEDGE, NOON, 9)
    assert Effects(other).abandoned(ACKNOWLEDGE) == []
    Effects(other).settle_abandoned(done([effect.key for effect in taken]), NOON)
    assert states(one) == ["doing"] * 3


def test_what_a_silent_worker_had_in_hand_is_abandoned_and_its_leases_are_free(one: Database, other: Database) -> None:
    record(one, 3)
    mine, theirs = Workers(one), Workers(other)
    assert mine.hold("chores", one.worker)
    assert not theirs.hold("chores", other.worker)
    taken = Effects(one).take(ACKNOWLEDGE, NOON, 9)
    assert theirs.lose_silent(LOST) == []
    fall_silent(one)
    assert theirs.lose_silent(LOST) == ["desk:1"]
    assert theirs.lose_silent(LOST) == []
    assert Effects(other).abandoned(ACKNOWLEDGE) == Effects(other).left_over(ACKNOWLEDGE, EffectState.DOING)
    assert len(taken) == 3
    assert theirs.hold("chores", other.worker)
    assert [(facts.lost, facts.holds) for facts in theirs.known()] == [(True, ()), (False, ("chores",))]


def test_a_worker_that_comes_back_late_changes_nothing_but_what_is_surely_done(one: Database, other: Database) -> None:
    record(one, 3)
    sent, failed, again = Effects(one).take(ACKNOWLEDGE, NOON, 9)
    fall_silent(one)
    Workers(other).lose_silent(LOST)
    journal = Effects(other)
    left = journal.abandoned(ACKNOWLEDGE)
    journal.settle_abandoned([Outcome(key=effect.key, state=EffectState.UNCERTAIN) for effect in left], NOON)
    journal.settle([Outcome(key=again.key, state=EffectState.WAITING)], NOON, EffectState.UNCERTAIN)
    (anew,) = journal.take(ACKNOWLEDGE, NOON, 9)
    assert anew.key == again.key
    assert not Workers(one).beat(one.worker)
    late = [*done([sent.key, again.key]), Outcome(key=failed.key, state=EffectState.FAILED, error="no")]
    Effects(one).settle(late, NOON)
    assert states(one) == ["doing", "done", "uncertain"]  # the second has it in hand, and says what becomes of it
    journal.settle(done([again.key]), NOON)
    assert states(one) == ["done", "done", "uncertain"]


def test_a_worker_that_leaves_frees_what_it_held(one: Database, other: Database) -> None:
    Workers(one).hold("mailbox.support", one.worker)
    Workers(one).leave(one.worker)
    assert Workers(other).hold("mailbox.support", other.worker)
    assert [facts.holds for facts in Workers(other).known()] == [("mailbox.support",)]


def test_whoever_is_alone_on_the_database_takes_all_workers_for_lost(one: Database, other: Database) -> None:
    record(one, 1)
    Effects(one).take(ACKNOWLEDGE, NOON, 1)
    assert len(Workers(other).lose_all()) == 2
    assert len(Effects(other).abandoned(ACKNOWLEDGE)) == 1
