"""One step ahead of who reads."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from pipeline.engine.workers.prefetch import Prefetch
from pipeline.errors import UnreachableError
from tests.waiting import HOUR


class Portions:
    """A server's answers, and which of them were asked for."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.asked = [threading.Event() for _ in range(number + 1)]

    def __iter__(self) -> Iterator[int]:
        for one in range(self.number):
            self.asked[one].set()
            yield one
        self.asked[self.number].set()


def test_the_next_is_fetched_while_the_last_is_worked_on() -> None:
    portions, seen = Portions(5), []
    with Prefetch(iter(portions)) as ahead:
        for one in ahead:
            assert portions.asked[one + 1].wait(HOUR)
            seen.append(one)
    assert seen == [0, 1, 2, 3, 4]


def test_no_more_than_one_is_fetched_ahead() -> None:
    portions = Portions(5)
    with Prefetch(iter(portions)) as ahead:
        for one in ahead:
            ahead.rest()
            assert [event.is_set() for event in portions.asked] == [number <= one + 1 for number in range(6)]


def test_nothing_is_in_use_any_more_when_who_reads_has_left() -> None:
    began, go_on, left = threading.Event(), threading.Event(), []

    def slow() -> Iterator[int]:
        yield 1
        began.set()
        go_on.wait(HOUR)
        left.append(1)
        yield 2

    def leave() -> None:
        with Prefetch(slow()) as ahead:
            for _ in ahead:
                began.wait(HOUR)
                threading.Thread(target=go_on.set).start()
                break
        left.append(2)

    leave()
    assert left == [1, 2]


def test_what_was_fetched_before_a_loss_is_worked_on_first() -> None:
    def lost() -> Iterator[int]:
        yield 1
        raise UnreachableError("it is gone", where="server")

    with Prefetch(lost()) as ahead:
        found = iter(ahead)
        assert next(found) == 1
        ahead.rest()
        with pytest.raises(UnreachableError, match="it is gone"):
            next(found)


def test_a_small_mailbox_is_read_to_its_end() -> None:
    with Prefetch(iter([7])) as one, Prefetch(iter([])) as none:
        assert (list(one), list(none)) == ([7], [])
