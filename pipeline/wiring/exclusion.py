"""Who may work on a store: one process alone, or several that share the work, never both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pipeline.errors import ConfigError, UsageError
from pipeline.store.database import Database
from pipeline.store.workers import LOST, Workers
from pipeline.text.locking import lock as flock

BEGINNING = 10.0  # seconds: of workers that begin at once each waits for its turn


@contextmanager
def alone(database: Database, workers: Workers, take_over: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """Only one process works on a store: what is `doing` at the start was left by a crash.

    On SQLite a lock file beside the database, on PostgreSQL an advisory lock; both end with the process. Raises
    UsageError when another one is at work, and so does what is given, which holds on to the lock: whoever works for
    long calls it now and then, as PostgreSQL forgets the lock when it is restarted.
    """
    if database.is_sqlite:
        with file_lock(Path(f"{database.path}.lock")):
            take_over()
            yield lambda: None
        return
    from pipeline.store.locking import AdvisoryLock  # loads the driver of PostgreSQL

    with closing(AdvisoryLock(database)) as lock:
        lock.hold()
        workers.lose_silent(LOST)
        _assert_nobody_works(database, workers)
        take_over()
        yield lock.hold


def _assert_nobody_works(database: Database, workers: Workers) -> None:
    if at_work := _at_work(workers):
        raise UsageError(
            "workers are at work on this database",
            where=f"{database.shown}: {', '.join(at_work)}",
            remedy='[engine] kind = "procrastinate" joins them; or stop them first (one that was killed counts as at '
            f"work for {LOST.total_seconds():.0f} s)",
        )


def _at_work(workers: Workers) -> list[str]:
    return [one.name for one in workers.known() if not one.lost]


@contextmanager
def beside_others(database: Database, workers: Workers, take_over: Callable[[], None]) -> Iterator[None]:
    """Others may be at work on the store, but nobody who works alone (`once`, or `run` with [engine] kind "local").
    The first of them takes the store over. Raises UsageError when somebody works alone."""
    from pipeline.store.locking import AdvisoryLock

    with closing(AdvisoryLock(database)) as lock:
        lock.hold(patience=BEGINNING)
        if not _at_work(workers):
            take_over()
    yield


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Raises UsageError when another process has it."""
    try:
        opened = path.open("w")
    except OSError as error:
        raise ConfigError(
            f"the file {path} can't be written: {error.strerror}",
            where="[store] url",
            remedy="give the folder of the database to the user that runs this",
        ) from error
    with opened as file:
        try:
            flock(file, wait=False)
        except BlockingIOError:
            raise UsageError(
                "another `firstline run` or `once` is at work on this store",
                where=str(path),
                remedy="stop it first, or wait until it has finished",
            ) from None
        yield
