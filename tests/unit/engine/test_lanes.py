"""How many connections to the outgoing server: more for a distant one, fewer where it lets no more in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import count

import pytest

from pipeline.engine.workers.lanes import ENOUGH, REFUSED_FOR, REST, Lanes
from pipeline.records.round_trips import RoundTrips


class Watch:
    """A clock that is put forward by hand."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


def lanes_of(watch: Watch, usual: int = 2, most: int = 10) -> Lanes:
    wakes = [threading.Event() for _ in range(most)]
    return Lanes(usual=usual, most=most, monotonic=watch.monotonic, wakes=wakes)


def names() -> Iterator[str]:
    return (f"sender {number}" for number in count())


def work_side_by_side(lanes: Lanes, senders: list[str]) -> list[str]:
    """All ask, twice: the first to get in makes room. Who may, connects; returns who that is."""
    for _ in range(2):
        inside = [one for one in senders if lanes.enter(one)]
        for one in inside:
            lanes.connected(one)
    return inside


def meet_backlog(lanes: Lanes, inside: list[str], *, trip: float, work: float, slowest: float = 0.0) -> None:
    """Each sends some letters: a round trip and some work for each."""
    for one in inside:
        lanes.connected(one)
    for _ in inside:
        seconds = ENOUGH * (trip + work) + slowest
        lanes.took(RoundTrips(count=ENOUGH, least=ENOUGH * trip), seconds)


@pytest.fixture
def senders() -> list[str]:
    given = names()
    return [next(given) for _ in range(10)]


def test_one_tries_whether_the_server_is_there_and_then_the_usual_ones_follow(watch: Watch, senders: list[str]) -> None:
    lanes = lanes_of(watch)
    assert [lanes.enter(one) for one in senders] == [True] + [False] * 9
    assert not any(wake.is_set() for wake in lanes.wakes)
    lanes.connected(senders[0])
    assert all(wake.is_set() for wake in lanes.wakes)
    assert [lanes.enter(one) for one in senders] == [True, True] + [False] * 8


def test_a_process_that_is_at_work_all_the_time_opens_no_more(watch: Watch, senders: list[str]) -> None:
    """While it reads a backlog, a server on its own machine looks as slow as one that is far away."""
    lanes = lanes_of(watch)
    lanes.processor = lambda: 0.9 * watch.monotonic()
    for _ in range(5):
        watch.now += 1.0
        inside = work_side_by_side(lanes, senders)
        meet_backlog(lanes, inside, trip=0.02, work=0.001)
    assert len(inside) == 2
    used = 0.9 * watch.now
    lanes.processor = lambda: used  # from now on it waits
    watch.now += 1.0
    meet_backlog(lanes, inside, trip=0.02, work=0.001)
    assert len(work_side_by_side(lanes, senders)) == 4


def test_a_distant_server_gets_more_until_there_are_as_many_as_may_be(watch: Watch, senders: list[str]) -> None:
    lanes = lanes_of(watch)
    sizes = []
    for _ in range(5):
        inside = work_side_by_side(lanes, senders)
        sizes.append(len(inside))
        meet_backlog(lanes, inside, trip=0.02, work=0.002)
    assert sizes == [2, 4, 8, 10, 10]


@pytest.mark.parametrize(
    ("trip", "work", "slowest"),
    [(0.0002, 0.001, 0.0), (0.0015, 0.0001, 0.0), (0.01, 0.02, 0.0), (0.01, 0.001, 30.0)],
    ids=["near", "near, and idle", "the work is what takes long", "this machine was busy, and the letters had to wait"],
)
def test_where_round_trips_are_not_what_limits_there_are_no_more(
    watch: Watch, senders: list[str], trip: float, work: float, slowest: float
) -> None:
    lanes = lanes_of(watch)
    for _ in range(5):
        meet_backlog(lanes, work_side_by_side(lanes, senders), trip=trip, work=work, slowest=slowest)
    assert lanes.room == 2


def test_a_number_stays_that_number(watch: Watch, senders: list[str]) -> None:
    lanes = lanes_of(watch, usual=3, most=3)
    for _ in range(3):
        inside = work_side_by_side(lanes, senders)
        meet_backlog(lanes, inside, trip=0.02, work=0.001)
    assert len(inside) == 3


def test_when_the_backlog_is_over_only_the_usual_ones_stay(watch: Watch, senders: list[str]) -> None:
    lanes = lanes_of(watch)
    for _ in range(4):
        inside = work_side_by_side(lanes, senders)
        meet_backlog(lanes, inside, trip=0.02, work=0.001)
    assert len(inside) == 10
    watch.now += REST
    assert all(lanes.enter(one) for one in inside)
    watch.now += 1
    assert sum(lanes.enter(one) for one in inside) == 2
    assert lanes.told() == "2 open, at most 10"


def test_what_the_server_refuses_is_remembered_and_tried_again_later(watch: Watch, senders: list[str]) -> None:
    lanes = lanes_of(watch, usual=5, most=5)
    lanes.enter(senders[0])
    lanes.connected(senders[0])
    inside = [one for one in senders if lanes.enter(one)]
    assert len(inside) == 5
    for one in inside[1:3]:
        lanes.connected(one)
    assert [lanes.gives_way(one) for one in inside[3:]] == [True, True]
    assert lanes.told() == "3 open, at most 5; the server lets no more than 3 in"
    assert [lanes.enter(one) for one in senders] == [True] * 3 + [False] * 7
    watch.now += REFUSED_FOR + 1
    assert sum(lanes.enter(one) for one in senders) == 5


def test_one_that_gets_in_after_another_was_refused_counts(watch: Watch, senders: list[str]) -> None:
    lanes = lanes_of(watch, usual=4, most=4)
    lanes.enter(senders[0])
    lanes.connected(senders[0])
    for one in senders[1:4]:
        lanes.enter(one)
    assert lanes.gives_way(senders[3])  # refused while two are still on their way
    lanes.connected(senders[1])
    lanes.connected(senders[2])
    assert all(lanes.enter(one) for one in senders[:3])


def test_the_last_one_that_is_refused_is_the_servers_trouble(watch: Watch, senders: list[str]) -> None:
    lanes = lanes_of(watch)
    inside = work_side_by_side(lanes, senders)
    assert lanes.gives_way(inside[0])
    assert not lanes.gives_way(inside[1])
    assert lanes.has(inside[1])
    lanes.connected(inside[1])  # it is back, and lets in as many as before
    assert sum(lanes.enter(one) for one in senders) == 2


def test_who_waits_for_room_is_told_when_the_last_one_leaves(watch: Watch, senders: list[str]) -> None:
    lanes = lanes_of(watch)
    inside = work_side_by_side(lanes, senders)
    lanes.leave(inside[0])
    assert not lanes.finished
    lanes.leave(inside[1])
    assert lanes.finished
