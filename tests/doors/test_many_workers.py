"""What workers agree on through their database: limits, portions of a backlog, set tasks, and who still counts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from pipeline.clock import FakeClock
from pipeline.config.settings import Config
from pipeline.engine import set_tasks
from pipeline.engine.many.membership import ASK, FRESH, Membership
from pipeline.errors import UnreachableError
from pipeline.store.database import Database
from pipeline.store.jobs import LETTERS, Jobs
from pipeline.store.ledger import Ledger
from pipeline.store.letters_taken import LettersTaken
from pipeline.store.mails import Mails
from pipeline.store.past import Windows
from pipeline.store.portions import Portion, Portions
from pipeline.store.workers import Workers
from tests.doors.test_store import CONFIG
from tests.many import fall_silent, one, other, server
from tests.samples import NOON

__all__ = ["one", "other", "server"]  # the fixtures
HOUR = timedelta(hours=1)


def portion(*uids: int, **more: object) -> Portion:
    return Portion(mailbox="support", uidvalidity=7, uids=uids, **more)  # type: ignore[arg-type]


def at_once(*works: Callable[[], object]) -> list[object]:
    """What each returns, all begun together."""
    found: list[object] = [None] * len(works)
    begin = threading.Barrier(len(works))

    def work(place: int, what: Callable[[], object]) -> None:
        begin.wait()
        found[place] = what()

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_all_workers_together_take_no_more_letters_than_the_limit(one: Database, other: Database) -> None:
    mine, theirs = LettersTaken(one), LettersTaken(other)
    taken = at_once(*[lambda who=who: who.take(7, 20, HOUR) for who in (mine, theirs, mine, theirs)])
    assert sum(taken) == 20  # type: ignore[arg-type]
    assert mine.take(5, 20, HOUR) == 0
    theirs.give_back(3)
    assert mine.take(5, 20, HOUR) == 3
    assert mine.take(5, 20, timedelta(0)) == 5  # all of it is long ago


def test_each_portion_is_read_by_one_worker_and_by_another_when_that_one_is_lost(
    one: Database, other: Database
) -> None:
    mine, theirs = Portions(one), Portions(other)
    mine.cut([portion(1, 2), portion(3, 4), portion(5, 6)])
    theirs.cut([portion(1, 2), portion(3)])  # cut again, by whoever took over: they stay as they are
    first, second, third = mine.take(), theirs.take("support"), mine.take()
    assert (first, second, third, theirs.take()) == (portion(1, 2), portion(3, 4), portion(5, 6), None)
    assert first
    assert second
    assert third
    mine.read(first, [2])
    fall_silent(one)
    Workers(other).lose_silent(timedelta(seconds=20))
    mine.read(third, [])  # too late
    assert theirs.take() == third
    theirs.read(second, [])
    theirs.give_back(third)
    assert mine.waiting() == 1
    assert theirs.of("support", 7) == [
        portion(1, 2, left=(2,), done=True),
        portion(3, 4, done=True),
        portion(5, 6),
    ]
    mine.cut([Portion(mailbox="support", uidvalidity=8, uids=(1,))])
    assert theirs.of("support", 7) == []


def test_a_portion_that_could_not_be_noted_as_read_is_read_again(
    one: Database, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whoever watches the mailbox would wait for it as long as its worker lives."""
    mine, theirs = Portions(one), Portions(other)
    mine.cut([portion(1, 2)])
    taken = mine.take()
    assert taken
    assert mine.take() is None  # we have it in hand

    def away() -> None:
        raise UnreachableError("the database does not work")

    with monkeypatch.context() as patch:
        patch.setattr(one, "writing", away)
        with pytest.raises(UnreachableError):
            mine.read(taken, [])
    assert theirs.take() is None
    assert mine.take() == taken


def test_only_one_worker_at_a_time_looks_back_and_records(one: Database, other: Database) -> None:
    """Else both would see that a limit still allows a letter."""
    inside: list[str] = []

    def turn(database: Database) -> None:
        with Ledger(database, Windows.of(CONFIG.guard), lambda connection: None).turn():
            inside.append("in")
            with database.reading() as connection:  # the same transaction
                connection.execute(text("select pg_sleep(0.05)"))
            inside.append("out")

    at_once(*[lambda who=who: turn(who) for who in (one, other, one, other)])
    assert inside == ["in", "out"] * 4


def test_a_job_is_there_when_its_transaction_is_and_under_a_lock_only_once(one: Database) -> None:
    jobs = Jobs(one)
    jobs.prepare()
    jobs.prepare()
    with one.writing() as connection:
        jobs.wake(connection)
    with suppress(KeyError), one.writing() as connection:
        jobs.wake(connection)
        raise KeyError
    jobs.wake_now("portions", ["a", "b", "a"])
    with one.reading() as connection:
        found = connection.execute(text("select task_name, count(*) from procrastinate_jobs group by 1 order by 1"))
        assert [tuple(row) for row in found] == [(LETTERS, 1), ("portions", 2)]


def test_whoever_could_give_no_sign_of_life_stops_before_it_counts_as_lost(one: Database, other: Database) -> None:
    clock = FakeClock(NOON)
    mine = Membership(Workers(one), one, clock)
    mine.join()
    assert mine.may_work()
    assert mine.holds("chores")
    clock.pass_by(timedelta(seconds=FRESH))
    assert not mine.may_work()
    assert not mine.holds("chores")
    mine.beat()
    assert mine.may_work()
    before = one.worker
    fall_silent(one)
    Workers(other).lose_silent(timedelta(seconds=20))
    theirs = Membership(Workers(other), other, clock)
    theirs.join()
    assert theirs.holds("chores")
    mine.beat()  # joins anew
    assert one.worker != before
    assert mine.may_work()
    assert not mine.holds("chores")
    theirs.leave()
    assert not mine.holds("chores")  # it asks only now and then
    clock.pass_by(timedelta(seconds=ASK))
    mine.beat()
    assert mine.holds("chores")


def test_a_database_that_is_away_ends_our_claims_by_time_alone(one: Database) -> None:
    clock = FakeClock(NOON)
    mine = Membership(Workers(Database("postgresql://eve@127.0.0.1:1/none")), one, clock)
    with pytest.raises(UnreachableError):
        mine.beat()
    clock.pass_by(timedelta(hours=1))
    assert not mine.may_work()


@dataclass
class Doors:
    """What set tasks need."""

    config: Config
    clock: FakeClock
    reading: Mails
    ran: list[datetime] = field(default_factory=list)


def test_a_set_task_runs_once_whoever_is_told_to_look(one: Database, other: Database) -> None:
    clock = FakeClock(NOON)
    doors = [Doors(CONFIG, clock, Mails(database)) for database in (one, other)]
    members = [Membership(Workers(database), database, clock) for database in (one, other)]
    for member in members:
        member.join()
    ran: list[str] = []
    works = {name: (lambda name=name: ran.append(name)) for name in set_tasks.set_times(CONFIG)}

    def look(place: int) -> None:
        set_tasks.carry_out_due(doors[place], works, members[place])  # type: ignore[arg-type]

    at_once(lambda: look(0), lambda: look(1))
    assert ran == []  # known from now on
    clock.pass_by(timedelta(days=8))
    for member in members:
        member.beat()
    at_once(lambda: look(0), lambda: look(1))
    look(0)
    assert sorted(ran) == sorted(works)
