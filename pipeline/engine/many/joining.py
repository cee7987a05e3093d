"""A process joins the others: the threads that it has beside those of a process that works alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from pipeline.engine import schedule, set_tasks
from pipeline.engine.doors import EngineDoors
from pipeline.engine.many.backlog import PortionReader
from pipeline.engine.many.jobs import JobTaker
from pipeline.engine.many.membership import Membership
from pipeline.engine.shared import Engine
from pipeline.store.jobs import LETTERS, PORTIONS

Besides = Mapping[str, Callable[[Callable[[], bool]], None]]


@dataclass
class SharedEngine(Engine):
    """One of several on a database."""

    membership: Membership = field(kw_only=True)

    def beside(self, more: Besides) -> Besides:
        """What runs in threads of its own, by name; with what else does."""
        doors = self.doors
        reader = PortionReader(
            portions=doors.portions,
            ledger=doors.ledger,
            route=self.route,
            mailbox=doors.mailbox,
            after_batch=self.after_batch,
            may_work=self.share.may_work,
            monotonic=doors.clock.monotonic,
        )
        taker = JobTaker(
            url=doors.database.url,
            wake={LETTERS: self._wake, PORTIONS: reader.wake.set},
            set_times=self._set_times,
            monotonic=doors.clock.monotonic,
        )
        return {
            "signs of life": partial(self.membership.serve, stopping=self.stopping),
            "portions": reader.serve,
            "jobs": partial(taker.serve, stopping=self.stopping),
            **more,
        }

    def _wake(self) -> None:
        self.wake_senders()
        self.wake_filers()

    def _set_times(self) -> None:
        set_tasks.carry_out_due(self.doors, schedule.works(self), self.membership)


@contextmanager
def joined(doors: EngineDoors) -> Iterator[SharedEngine]:
    """Counts as a worker until the end of it. Raises UnreachableError."""
    doors.jobs.prepare()
    membership = Membership(doors.workers, doors.database, doors.clock)
    membership.join()
    try:
        yield SharedEngine(doors, share=membership, membership=membership)
    finally:
        membership.leave()
