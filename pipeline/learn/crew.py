"""Who does the heavy work of learning: this process, or the workers of a Dask cluster (`--dask`). The pieces of work
are the same functions, so what comes out is the same.

A piece of work is a function of a module, a value that all pieces share and one that is its own. When a worker dies,
Dask starts its piece again on another. (joblib's Dask backend, which would have been shorter, waits for ever where what
pieces share is lost, and does all work here while there is but one worker.)
"""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version as installed
from importlib.util import find_spec
from typing import Any, Protocol, TypeVar

from pipeline.errors import UnreachableError, UsageError

Shared = TypeVar("Shared")
Portion = TypeVar("Portion")
Found = TypeVar("Found")

SAME = ("python", "firstline", "scikit-learn", "numpy", "scipy", "joblib")  # what must be alike on all machines
_PATIENCE = 10  # seconds for the scheduler to answer, and for a first worker to be there
_AHEAD = 3  # pieces of work for each core that are under way at once
_TRIES = 3  # of a piece of work whose worker was lost with all that had been sent
_SCHEMES = ("tcp://", "tls://")


class Crew(Protocol):
    """Who does pieces of work."""

    def each(
        self, work: Callable[[Shared, Portion], Found], shared: Shared, portions: Sequence[Portion]
    ) -> Iterator[Found]:
        """`work(shared, portion)` of each portion, in their order, as they get ready. Raises what `work` raises, and
        UnreachableError where the workers are gone."""


class ThisProcess:
    """One piece after the other, here."""

    def each(
        self, work: Callable[[Shared, Portion], Found], shared: Shared, portions: Sequence[Portion]
    ) -> Iterator[Found]:
        """See Crew.each."""
        for portion in portions:
            yield work(shared, portion)


HERE = ThisProcess()


class DaskCrew:
    """The workers of a Dask scheduler."""

    def __init__(self, url: str, client: Any) -> None:  # distributed comes without types
        self.url = url
        self._client = client

    def each(
        self, work: Callable[[Shared, Portion], Found], shared: Shared, portions: Sequence[Portion]
    ) -> Iterator[Found]:
        """See Crew.each."""
        done = 0
        for tries_left in reversed(range(_TRIES)):
            try:
                for found in self._answers(work, shared, portions[done:]):
                    yield found
                    done += 1
                return
            except _lost() as error:
                if not tries_left or not _has_workers(self._client):
                    raise UnreachableError(
                        f"the cluster was lost at work: {_word(error)}",
                        where=self.url,
                        remedy="look at the logs of its scheduler and workers (memory?), and start this again",
                    ) from error

    def _answers(self, work: Callable[[Any, Any], Any], shared: Any, portions: Sequence[Any]) -> Iterator[Any]:
        """In their order; so many pieces are under way that no worker waits, and all of them are not in memory."""
        sent = self._sent(shared)
        most = _AHEAD * max(1, sum(self._client.ncores().values()))
        waiting: deque[Any] = deque()
        for portion in portions:
            waiting.append(self._client.submit(work, sent, portion, pure=False))
            if len(waiting) >= most:
                yield self._result(waiting.popleft())
        while waiting:
            yield self._result(waiting.popleft())

    def _sent(self, shared: Any) -> Any:
        """What all pieces share, as a piece of work of its own: what is lost with a worker, the scheduler makes again.
        (Dask's `scatter` waits for ever for a worker that has just died, and what it sent can't be made again.)"""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Sending large graph")
            return self._client.submit(_given, shared, pure=False)

    def _result(self, future: Any) -> Any:
        """However long it takes, while there is anybody to do it."""
        while True:
            try:
                return future.result(timeout=_PATIENCE)
            except TimeoutError:
                if future.done() or not _has_workers(self._client):
                    raise


@contextmanager
def crew_at(url: str) -> Iterator[Crew]:
    """The workers of a Dask scheduler; "": this process.

    Raises UsageError for what is no address, a missing extra, and for workers with other versions than here;
    UnreachableError where no scheduler answers, or it has no workers.
    """
    if not url:
        yield HERE
        return
    if not url.startswith(_SCHEMES):
        raise UsageError(
            f"'{url}' is no address of a Dask scheduler", where="--dask", remedy="tcp://HOST:8786, or tls:"
        )
    if find_spec("distributed") is None:
        remedy = "make dask, or pip install 'firstline[dask]', here and on each machine of the cluster"
        raise UsageError("the extra 'dask' is not installed", where="--dask", remedy=remedy)
    with _connected(url) as client:
        _check(url, client)
        yield DaskCrew(url, client)


def _given(shared: Any) -> Any:
    return shared


def _lost() -> tuple[type[BaseException], ...]:
    """What Dask raises when workers or the scheduler have gone."""
    from asyncio import CancelledError
    from concurrent.futures import CancelledError as CancelledFutureError

    from distributed import KilledWorker
    from distributed.comm.core import CommClosedError

    return (ConnectionError, TimeoutError, CancelledError, CancelledFutureError, KilledWorker, CommClosedError)


def _has_workers(client: Any) -> bool:
    """Are there any, or soon again?"""
    gone: tuple[type[BaseException], ...] = (*_lost(), OSError, ValueError)  # the last where the client was closed
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except gone:
        return False
    return bool(client.scheduler_info()["workers"])


@contextmanager
def _connected(url: str) -> Iterator[Any]:
    from dask import config
    from distributed import Client

    with config.set({"distributed.comm.timeouts.connect": _PATIENCE}):
        try:
            client: Any = Client(url, timeout=_PATIENCE, set_as_default=False, name="firstline")  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            raise UnreachableError(
                f"no Dask scheduler answers: {_word(error)}",
                where=url,
                remedy="start one with `dask scheduler`, and workers with `dask worker` and this address",
            ) from error
        with client:
            yield client


def _check(url: str, client: Any) -> None:
    """Are there workers, and do all run what is installed here?"""
    if not _has_workers(client):
        raise UnreachableError("it has no workers", where=url, remedy=f"start some: dask worker {url}")
    ours = {name: installed(name) for name in SAME if name != "python"}
    known = client.get_versions(packages=list(ours))
    ours["python"] = known["client"]["packages"]["python"]
    for worker, told in sorted(known["workers"].items()):
        theirs = told["packages"] if told else {}
        if other := [name for name in SAME if theirs.get(name) != ours[name]]:
            name = other[0]
            raise UsageError(
                f"the worker {worker} has {name} {theirs.get(name) or '(none)'}, and here it is {ours[name]}",
                where=url,
                remedy="install the same Firstline there, from the same lock file and for the same Python",
            )


def _word(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
