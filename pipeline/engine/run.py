"""Unattended, until a signal ends it. Threads: one a mailbox, one a sending connection, one an outside tracker."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from types import FrameType
from typing import Self

from pipeline import logs
from pipeline.config.log_in_watch import LogInWatch
from pipeline.engine import memory, schedule, watch
from pipeline.engine.clock_jumps import ClockJumps
from pipeline.engine.doors import EngineDoors
from pipeline.engine.passes import note
from pipeline.engine.shared import RUN, STOPPED, Engine
from pipeline.engine.supervisor import Supervisor
from pipeline.engine.watch import Worker
from pipeline.engine.workers import file
from pipeline.engine.workers.queue import LOOK
from pipeline.engine.workers.send import interrupted
from pipeline.errors import FirstlineError, LoginError, UnreachableError
from pipeline.mailbox import ImapMailbox
from pipeline.retry import Backoff
from pipeline.understand import warm_up

SENT_FOLDERS = "sent folders"
GRACE = 10.0  # seconds for threads to finish what they have in hand


Besides = Mapping[str, Callable[[Callable[[], bool]], None]]  # what runs beside, by the name of its thread


def run(
    doors: EngineDoors,
    beside: Besides | None = None,
    read_again: Callable[[], bool] = lambda: False,
) -> bool:
    """Until SIGTERM or SIGINT. What is in hand then is finished or stays journalled.

    `beside`: what else runs in threads of its own until what it is handed says stop, by name. `read_again`: asked after
    SIGHUP whether something has changed, so that all must begin anew; then this ends, too, and returns true.
    Raises FirstlineError when a thread is lost: a supervisor starts it again, and that cleans up.
    """
    doors.read_secrets()
    doors.mailboxes()
    if doors.config.engine.is_shared:
        from pipeline.engine.many.joining import joined

        with doors.beside_others(), joined(doors) as one_of_many:
            return _run(one_of_many, one_of_many.beside(beside or {}), read_again, lambda: None)
    with doors.alone() as hold:
        engine = Engine(doors)
        _recover(engine)
        return _run(engine, beside or {}, read_again, hold)


def _run(engine: Engine, beside: Besides, read_again: Callable[[], bool], hold: Callable[[], None]) -> bool:
    doors, supervisor = engine.doors, Supervisor()
    mailboxes = doors.mailboxes()
    note(doors.reading, RUN, doors.clock.now(), "")
    scheduler = schedule.scheduler(engine)
    memory.collect_seldom()
    threading.Thread(target=warm_up, name="warm up", daemon=True).start()
    with _Signals(engine, mailboxes, read_again) as signals:
        workers = _start_workers(engine, mailboxes)
        for name, work in beside.items():
            workers.append(Worker(name=name, stopping=engine.stopping))
            workers[-1].start(partial(work, workers[-1].stopped))
        scheduler.start()
        logs.get("run").info("watching", mailboxes=[mailbox.name for mailbox in mailboxes])
        supervisor.ready()
        jumps = ClockJumps(doors, scheduler)
        try:
            watch.watch(workers, engine.stopping, [supervisor.alive, signals.look, hold, jumps.look])
        finally:  # what raises here is not noted as a clean end
            supervisor.ending(anew=signals.anew)
            _stop(engine, mailboxes)
            _shut_down(engine, workers, scheduler)
    note(doors.reading, RUN, doors.clock.now(), STOPPED)
    return signals.anew


def _recover(engine: Engine) -> None:
    """After a crash; when the sent folder can't be asked now, the scheduler asks again."""
    interrupted(engine.doors.effects, engine.doors.clock)
    file.interrupted(engine.doors)
    try:
        engine.resolve()
    except UnreachableError as error:
        logs.get("run").warning("what a crash left is not resolved yet", problem=str(error))


def _start_workers(engine: Engine, mailboxes: Sequence[ImapMailbox]) -> list[Worker]:
    """A thread for each sending connection, each outside tracker, and each mailbox."""
    workers = []
    for sender in engine.make_senders():
        workers.append(Worker(name="send", stopping=engine.stopping))
        sender.stopped = workers[-1].stopped
        workers[-1].start(sender.serve)
    engine.filers = file.filers(engine.doors)
    for filer in engine.filers:
        patience = watch.PATIENCE + 4 * filer.settings.timeout.total_seconds()
        workers.append(Worker(name=f"tracker {filer.name}", stopping=engine.stopping, patience=patience))
        filer.stopped = workers[-1].stopped
        filer.may_work = partial(engine.share.holds, f"tracker.{filer.name}")
        workers[-1].start(filer.serve)
    workers.append(Worker(name="answers of staff", stopping=engine.stopping))
    workers[-1].start(partial(engine.sent.serve, workers[-1].stopped, partial(engine.share.holds, SENT_FOLDERS)))
    for mailbox in mailboxes:
        poll = mailbox.config.poll.total_seconds()
        workers.append(Worker(name=mailbox.name, stopping=engine.stopping, patience=watch.PATIENCE + poll))
        workers[-1].start(partial(_watch, engine, mailbox, workers[-1].stopped))
    return workers


def _watch(engine: Engine, mailbox: ImapMailbox, stopped: Callable[[], bool]) -> None:
    """Reads, marks, waits for more; after an error again with backoff, for ever."""
    backoff = Backoff()
    log_in = engine.log_in(mailbox.config)
    fetcher, marker = engine.fetcher(mailbox, stopped), engine.marker(mailbox)
    clock, reading, name = engine.doors.clock, engine.doors.reading, f"mailbox.{mailbox.name}"
    with closing(mailbox):
        while not stopped():
            try:
                if not engine.share.holds(name):  # somebody else watches it
                    engine.stopping.wait(LOOK)
                    continue
                fetcher.read()
                while marker.mark_some():  # what comes while a backlog is marked does not wait for all of it
                    fetcher.read()
                reading.note_pass(name, clock.now())
                backoff.succeeded()
                mailbox.wait(fetcher.settings.poll.total_seconds())
            except Exception as error:  # a bug, too, must not end the watch over a mailbox: shown, and tried again
                wait = backoff.failed(clock.monotonic(), error)
                note(reading, name, clock.now(), _told(error, mailbox.name, wait))
                if isinstance(error, LoginError):
                    log_in.refused()
                _rest(engine, backoff, log_in, stopped)


def _rest(engine: Engine, backoff: Backoff, log_in: LogInWatch, stopped: Callable[[], bool]) -> None:
    """Until its time has come, or there is another password."""
    while (left := backoff.remaining(engine.doors.clock.monotonic())) and not stopped():
        if log_in.has_changed():
            backoff.at_once()
        else:
            engine.stopping.wait(min(left, LOOK))


def _told(error: Exception, mailbox: str, wait: float) -> str:
    """Logs it; says it in words."""
    log, soon = logs.get("fetch"), f"{wait:.0f} s"
    if isinstance(error, FirstlineError):
        log.warning("mailbox can't be read", mailbox=mailbox, problem=str(error), next_try=soon)
        return str(error)
    log.error("unexpected", mailbox=mailbox, problem=error, next_try=soon)
    return f"{type(error).__name__}: {error}"


class _Signals:
    """SIGTERM and SIGINT set the stop flag and wake everybody; SIGHUP has us look whether all must begin anew. The old
    handlers come back afterwards."""

    def __init__(self, engine: Engine, mailboxes: Sequence[ImapMailbox], read_again: Callable[[], bool]) -> None:
        self.engine, self.mailboxes, self.read_again = engine, mailboxes, read_again
        self._hung_up = self._changed = self._ended = False

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self.old = {sign: signal.signal(sign, self._stop) for sign in (signal.SIGTERM, signal.SIGINT)}
            self.old[signal.SIGHUP] = signal.signal(signal.SIGHUP, self._note)
        return self

    @property
    def anew(self) -> bool:
        """Is it to begin again? Not when somebody wants it to end meanwhile."""
        return self._changed and not self._ended

    def look(self) -> None:
        """Now and then, in the main thread."""
        if not self._hung_up:
            return
        self._hung_up = False
        if self.read_again():
            self._changed = True
            _stop(self.engine, self.mailboxes)

    def _note(self, _signal: int, _frame: FrameType | None) -> None:
        self._hung_up = True

    def __exit__(self, *_: object) -> None:
        for sign, handler in getattr(self, "old", {}).items():
            signal.signal(sign, handler)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._ended = True
        # Not in here: the main thread may just be holding the lock of the very event that is to be set.
        threading.Thread(target=_stop, args=(self.engine, self.mailboxes), name="stop").start()


def _stop(engine: Engine, mailboxes: Sequence[ImapMailbox]) -> None:
    engine.stopping.set()
    for mailbox in mailboxes:
        mailbox.interrupt()
    for sender in engine.senders:
        sender.wake.set()
    for filer in engine.filers:
        filer.wake.set()
    engine.sent.wake.set()


def _shut_down(engine: Engine, workers: Sequence[Worker], scheduler: schedule.Scheduler) -> None:
    scheduler.shutdown(wait=False)
    deadline = time.monotonic() + GRACE
    threads = [worker.thread for worker in workers if worker.thread]
    for thread in threads:
        thread.join(max(deadline - time.monotonic(), 0.0))
    late = [thread.name for thread in threads if thread.is_alive()]
    if late:
        logs.get("run").warning("stopped with work in hand; it is in the journal", threads=late)
    logs.get("run").info("stopped", after=str(timedelta(seconds=round(GRACE - (deadline - time.monotonic())))))
