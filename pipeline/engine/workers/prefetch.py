"""What a mailbox gives out next is fetched while the last is worked on: a distant server is waited for only once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, wait
from threading import Thread
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class Prefetch(Generic[T]):
    """An iterator over the same, one step ahead. Its thread and ours use what it reads from in turns: see `rest`."""

    def __init__(self, source: Iterator[T]) -> None:
        self._source = source
        self._begun: Future[tuple[T, ...]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.rest()  # what has been begun ends; nobody asks for it any more

    def __iter__(self) -> Iterator[T]:
        """Raises what the source raises, when its turn has come."""
        found = self._next()
        while found:
            begun = self._begin()
            yield found[0]
            found = begun.result()

    def rest(self) -> None:
        """Returns when nothing is being fetched; nothing more is until the next one is asked for."""
        if self._begun:
            wait([self._begun])

    def _begin(self) -> Future[tuple[T, ...]]:
        """In a thread that may be left alone when the process ends, however long its server keeps it waiting."""
        self._begun = begun = Future[tuple[T, ...]]()
        Thread(target=self._fulfil, args=(begun,), name="fetch ahead", daemon=True).start()
        return begun

    def _fulfil(self, begun: Future[tuple[T, ...]]) -> None:
        try:
            begun.set_result(self._next())
        except BaseException as error:
            begun.set_exception(error)

    def _next(self) -> tuple[T, ...]:
        """Empty at the end: a StopIteration does not get out of a thread."""
        for one in self._source:
            return (one,)
        return ()
