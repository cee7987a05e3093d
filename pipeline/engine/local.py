"""One process does everything: `once` for cron, `run` for good. Threads: one a mailbox, one a sending connection."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from types import FrameType
from typing import Any

from pipeline import logs, surveying
from pipeline.engine import drift, filing, following, helping, reconciling, reporting, retraining, watching
from pipeline.engine.fetching import COUNTED, Fetcher
from pipeline.engine.filing import Filer
from pipeline.engine.helping import Helper, Model
from pipeline.engine.sending import Backoff, Sender, interrupted, resolve
from pipeline.engine.watching import Worker
from pipeline.errors import FirstlineError, UnreachableError
from pipeline.mailbox import ImapMailbox
from pipeline.records import MAILS, Cursor, EffectKind, EffectState, Judged
from pipeline.route import Route
from pipeline.wiring import House

GRACE = 10.0  # seconds for threads to finish what they have in hand
LOOK_AROUND = 5  # seconds between looks for a changed model or template
RESOLVE = 60  # seconds between looks at what is uncertain
RUN, STOPPED = "run", "stopped"  # how `status` knows whether somebody should be reading now
DRIFT = "20 4 * * *"  # when drift is measured, as cron says it


@dataclass
class Engine:
    """Shared by all threads: the current model, the stop flag, the senders."""

    house: House
    stopping: threading.Event = field(default_factory=threading.Event)
    senders: list[Sender] = field(default_factory=list)
    filers: list[Filer] = field(default_factory=list)
    dry: bool = False  # nothing may be written
    at_backlog: Callable[[], None] = lambda: None  # called when a reader meets one
    _route: Route | None = None
    _noted: Mapping[tuple[str, str], object] | None = None  # the letters whose versions are recorded
    _model_mark: tuple[int, int] = (0, 0)
    _alive: dict[str, datetime] = field(default_factory=dict)  # mailbox → when that was last noted

    def route(self) -> Route:
        """With the model and the templates as they are now."""
        if self._route is None:
            self.look_around()
        assert self._route is not None  # noqa: S101  (look_around made it)
        return self._route

    def look_around(self) -> None:
        """Takes up changed templates and a changed model, between two batches."""
        self.house.letters.refresh()
        self.house.articles.refresh()
        if not self.dry:
            self._note_letters()
        mark = self.house.model_mark()
        if self._route is not None and mark == self._model_mark:
            return
        predictor, note = self.house.predictor_if_any()
        if note:
            logs.get("classify").warning("model", problem=note)
        self._model_mark = mark
        self._route = self.house.route(predictor)

    def _note_letters(self) -> None:
        """Records the versions now in use. When the store is away it is tried again at the next look."""
        loaded = self.house.letters.loaded
        if loaded is self._noted:
            return
        try:
            self.house.versions.take_up(self.house.letters.versions, self.house.clock.now())
            self._noted = loaded
        except FirstlineError as error:
            logs.get("letters").warning("versions not recorded", problem=str(error))

    def fetcher(self, mailbox: ImapMailbox, stopped: Callable[[], bool] | None = None) -> Fetcher:
        return Fetcher(
            mailbox=mailbox,
            settings=self.house.config.mailbox[mailbox.name],
            ledger=self.house.ledger,
            journal=self.house.effects,
            clock=self.house.clock,
            route=self.route,
            after_batch=partial(self._after_batch, mailbox.name),
            stopped=stopped or self.stopping.is_set,
            make_helper=self._make_helper,
        )

    def _make_helper(self) -> Helper | None:
        """A second process for a backlog; not where there is only one processor to share."""
        helper = None
        if not self.dry and (os.cpu_count() or 1) > 1:
            config = self.house.config
            helper = helping.start(
                Model(
                    folder=config.at(config.classify.models),
                    key=config.key(),
                    version=self.house.model_name(),
                    max_error=config.classify.max_error.model_dump(),
                    encoder=config.encoder_folder(),
                )
            )
        self.at_backlog()  # while the helper starts
        return helper

    def make_senders(self) -> list[Sender]:
        """As many as `[smtp] connections`; none without [smtp]."""
        smtp = self.house.config.smtp
        backoff, turn = Backoff(), threading.Lock()
        self.senders = [
            Sender(
                outbox=self.house.outbox(),
                journal=self.house.effects,
                clock=self.house.clock,
                route=self.route,
                backoff=backoff,
                wake=threading.Event(),
                stopped=self.stopping.is_set,
                turn=turn,
            )
            for _ in range(smtp.connections if smtp else 0)
        ]
        return self.senders

    def resolve(self) -> None:
        """What can't be known is looked up, resent or held, as [smtp] says. Raises UnreachableError."""
        smtp, journal = self.house.config.smtp, self.house.effects
        if smtp is None or not any(journal.left_over(kind, EffectState.UNCERTAIN) for kind in MAILS):
            return
        mailbox = self.house.mailboxes()[0] if smtp.sent_folder and self.house.config.mailbox else None
        try:
            if mailbox:
                mailbox.open()
            resolve(
                journal,
                self.house.clock,
                policy=smtp.on_uncertain,
                sent_folder=smtp.sent_folder,
                mailbox=mailbox,
            )
        finally:
            if mailbox:
                mailbox.close()

    def _after_batch(self, mailbox: str, judged: Sequence[Judged]) -> None:
        """A long backlog is read in many batches: each is a sign of life."""
        self._wake(judged)
        now = self.house.clock.now()
        if now - self._alive.setdefault(mailbox, now) > timedelta(seconds=LOOK_AROUND):
            self._alive[mailbox] = now
            _note(self.house.reading, f"mailbox.{mailbox}", now, "")

    def _wake(self, judged: Sequence[Judged]) -> None:
        if any(one.decision.acknowledge for one in judged):
            for sender in self.senders:
                sender.wake.set()
        if any(effect.kind is EffectKind.FILE for one in judged for effect in one.effects):
            for filer in self.filers:
                filer.wake.set()


# --- once -------------------------------------------------------------------------------------------------------------


def once(house: House) -> dict[str, Any]:
    """Reads every mailbox to its end and carries out what is due. `unreachable` lists the servers that failed."""
    began = time.monotonic()
    engine = Engine(house)
    house.read_secrets()
    unreachable: list[str] = []
    with house.alone():
        interrupted(house.effects, house.clock)
        filing.interrupted(house)
        house.reading.note_pass(RUN, house.clock.now(), STOPPED)
        counts: dict[str, Counter[str]] = {}
        with _sending(engine):
            for mailbox in house.mailboxes():
                counts[mailbox.name], trouble = _read_once(engine, mailbox)
                unreachable += trouble
        try:
            engine.resolve()  # after reading: that can bring up uncertain ones, too, when the database was restored
        except UnreachableError as error:
            unreachable.append(str(error))
        following.follow(house)
        surveying.ask_quietly(house)
        failed, trouble = send_all(engine)
        unreachable += trouble
        unreachable += filing.file_all(house)  # last: a tracker may keep us waiting
        drift.watch_if_due(house)
        reconciling.watch_if_due(house)
    for name in counts:
        counts[name]["failed"] += failed.pop(name, 0)
    return {
        "mailboxes": {name: {column: count[column] for column in COUNTED} for name, count in counts.items()},
        "seconds": round(time.monotonic() - began, 3),
        "unreachable": unreachable,
    }


def _read_once(engine: Engine, mailbox: ImapMailbox) -> tuple[Counter[str], list[str]]:
    fetcher = engine.fetcher(mailbox)
    error = ""
    try:
        fetcher.read()
        fetcher.mark()
    except UnreachableError as caught:
        error = str(caught)
    finally:
        mailbox.close()
    engine.house.reading.note_pass(f"mailbox.{mailbox.name}", engine.house.clock.now(), error)
    return fetcher.counts, [error] if error else []


@contextmanager
def _sending(engine: Engine) -> Iterator[None]:
    """Where a backlog is read, what is recorded of it is sent meanwhile; what is left is for `send_all`."""
    enough = threading.Event()
    threads: list[threading.Thread] = []

    def begin() -> None:
        if threads:
            return
        for sender in engine.make_senders():
            sender.stopped = enough.is_set
            threads.append(threading.Thread(target=sender.serve, name="send"))
            threads[-1].start()

    engine.at_backlog = begin
    try:
        yield
    finally:
        enough.set()
        for sender in engine.senders:
            sender.wake.set()
        for thread in threads:
            thread.join()
        for sender in engine.senders:
            sender.stopped = engine.stopping.is_set


def send_all(engine: Engine) -> tuple[Counter[str], list[str]]:
    """Everything due, over all connections side by side. Returns failures by mailbox, and what was unreachable."""
    house = engine.house
    nothing_due = not any(house.effects.due(kind, house.clock.now(), 1) for kind in MAILS)
    if house.config.smtp is None or (nothing_due and not engine.senders):
        return Counter(), []
    senders = engine.senders or engine.make_senders()
    with ThreadPoolExecutor(len(senders), thread_name_prefix="send") as pool:
        for drained in [pool.submit(sender.drain) for sender in senders]:
            drained.result()  # an error of a thread is an error of the pass
    trouble = sorted({sender.unreachable for sender in senders if sender.unreachable})
    house.reading.note_pass("smtp", house.clock.now(), trouble[0] if trouble else "")
    failed: Counter[str] = sum((sender.failed for sender in senders), Counter())
    return failed, trouble


def dry_run(house: House) -> list[Judged]:
    """What `once` would do: reads and judges, but writes, sends and marks nothing (the ledger is only read)."""
    engine = Engine(house, dry=True)
    house.read_secrets()
    judged: list[Judged] = []
    for mailbox in house.mailboxes():
        try:
            judged += _judge_only(engine, mailbox)
        finally:
            mailbox.close()
    return judged


def _judge_only(engine: Engine, mailbox: ImapMailbox) -> list[Judged]:
    settings = engine.house.config.mailbox[mailbox.name]
    folder = mailbox.open()
    cursor = engine.house.ledger.cursor(mailbox.name)
    if cursor is None or cursor.uidvalidity != folder.uidvalidity:
        first = folder.uidnext if cursor is None and settings.first_run == "record" else 0
        cursor = Cursor(mailbox=mailbox.name, uidvalidity=folder.uidvalidity, next_uid=1, first_uidnext=first)
    judged: list[Judged] = []
    for portion in mailbox.fetch(mailbox.uids(cursor.next_uid)):
        judged += engine.route().judge(portion, replace(cursor))[0]
    return judged


# --- run --------------------------------------------------------------------------------------------------------------


def run(house: House, beside: Mapping[str, Callable[[Callable[[], bool]], None]] | None = None) -> None:
    """Until SIGTERM or SIGINT. What is in hand then is finished or stays journalled.

    `beside`: what else runs in threads of its own until what it is handed says stop, by name.
    Raises FirstlineError when a thread is lost: a supervisor starts it again, and that cleans up.
    """
    engine = Engine(house)
    house.read_secrets()
    mailboxes = house.mailboxes()
    with house.alone() as hold:
        _note(house.reading, RUN, house.clock.now(), "")
        _recover(engine)
        scheduler = _scheduler(engine)
        with _Signals(engine, mailboxes):
            workers = _start_workers(engine, mailboxes)
            for name, work in (beside or {}).items():
                workers.append(Worker(name=name, stopping=engine.stopping))
                workers[-1].start(partial(work, workers[-1].stopped))
            scheduler.start()
            logs.get("run").info("watching", mailboxes=[mailbox.name for mailbox in mailboxes])
            try:
                watching.watch(workers, engine.stopping, hold)
            finally:  # what raises here is not noted as a clean end
                _stop(engine, mailboxes)
                _shut_down(engine, workers, scheduler)
        _note(house.reading, RUN, house.clock.now(), STOPPED)


def _recover(engine: Engine) -> None:
    """After a crash; when the sent folder can't be asked now, the scheduler asks again."""
    interrupted(engine.house.effects, engine.house.clock)
    filing.interrupted(engine.house)
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
    engine.filers = filing.filers(engine.house)
    for filer in engine.filers:
        patience = watching.PATIENCE + 4 * filer.settings.timeout.total_seconds()
        workers.append(Worker(name=f"tracker {filer.name}", stopping=engine.stopping, patience=patience))
        filer.stopped = workers[-1].stopped
        workers[-1].start(filer.serve)
    for mailbox in mailboxes:
        poll = mailbox.config.poll.total_seconds()
        workers.append(Worker(name=mailbox.name, stopping=engine.stopping, patience=watching.PATIENCE + poll))
        workers[-1].start(partial(_watch, engine, mailbox, workers[-1].stopped))
    return workers


def _watch(engine: Engine, mailbox: ImapMailbox, stopped: Callable[[], bool]) -> None:
    """Reads, marks, waits for more; after an error again with backoff, for ever."""
    backoff = Backoff()
    fetcher = engine.fetcher(mailbox, stopped)
    clock, reading, name = engine.house.clock, engine.house.reading, f"mailbox.{mailbox.name}"
    with closing(mailbox):
        while not stopped():
            try:
                fetcher.read()
                fetcher.mark()
                reading.note_pass(name, clock.now())
                backoff.succeeded()
                mailbox.wait(fetcher.settings.poll.total_seconds())
            except Exception as error:  # a bug, too, must not end the watch over a mailbox: shown, and tried again
                wait = backoff.failed(clock.now())
                _note(reading, name, clock.now(), _told(error, mailbox.name, wait))
                engine.stopping.wait(wait)


def _told(error: Exception, mailbox: str, wait: float) -> str:
    """Logs it; says it in words."""
    log, soon = logs.get("fetch"), f"{wait:.0f} s"
    if isinstance(error, FirstlineError):
        log.warning("mailbox can't be read", mailbox=mailbox, problem=str(error), next_try=soon)
        return str(error)
    log.error("unexpected", mailbox=mailbox, problem=error, next_try=soon)
    return f"{type(error).__name__}: {error}"


def _note(reading: Any, name: str, now: Any, error: str) -> None:
    """Notes a failed pass; when it is the database that fails, in whatever way, the log must do."""
    try:
        reading.note_pass(name, now, error)
    except Exception as trouble:
        logs.get("run").error("the state can't be noted", problem=str(trouble))


def _scheduler(engine: Engine) -> Any:
    from apscheduler.schedulers.background import BackgroundScheduler

    settings = {"coalesce": True, "max_instances": 1, "misfire_grace_time": 60}
    scheduler = BackgroundScheduler(timezone="UTC", job_defaults=settings)
    scheduler.add_job(engine.look_around, "interval", seconds=LOOK_AROUND, id="look around")
    scheduler.add_job(_resolve_again, "interval", args=[engine], seconds=RESOLVE, id="resolve")
    scheduler.add_job(_note_outbox, "interval", args=[engine], seconds=LOOK_AROUND, id="note outbox")
    _add_learning(engine, scheduler)
    return scheduler


def _add_learning(engine: Engine, scheduler: Any) -> None:
    """What has a time of day, in the time zone of [calendar]."""
    from apscheduler.triggers.cron import CronTrigger

    config = engine.house.config
    zone = config.calendar.timezone
    scheduler.add_job(drift.watch, CronTrigger.from_crontab(DRIFT, timezone=zone), args=[engine.house], id="drift")
    weekly = CronTrigger.from_crontab(filing.WEEKLY, timezone=zone)
    scheduler.add_job(filing.tell_of_unprepared, weekly, args=[engine.house], id="unprepared complaints")
    if config.schedule.report and config.report.to:
        when = CronTrigger.from_crontab(config.schedule.report, timezone=zone)
        scheduler.add_job(reporting.send, when, args=[engine.house], id=reporting.NAME)
    if config.schedule.reconcile:
        when = CronTrigger.from_crontab(config.schedule.reconcile, timezone=zone)
        scheduler.add_job(reconciling.watch, when, args=[engine.house], id=reconciling.NAME)
    if config.schedule.follow_up:
        when = CronTrigger.from_crontab(config.schedule.follow_up, timezone=zone)
        scheduler.add_job(following.watch, when, args=[engine.house], id=following.NAME)
    if config.schedule.survey:
        when = CronTrigger.from_crontab(config.schedule.survey, timezone=zone)
        scheduler.add_job(surveying.ask_quietly, when, args=[engine.house], id="survey")
    if config.schedule.retrain:
        when = CronTrigger.from_crontab(config.schedule.retrain, timezone=zone)
        scheduler.add_job(retraining.retrain, when, args=[engine.house, engine.stopping], id=retraining.NAME)


def _resolve_again(engine: Engine) -> None:
    try:
        engine.resolve()
    except UnreachableError as error:
        logs.get("run").warning("uncertain acknowledgements stay so", problem=str(error))


def _note_outbox(engine: Engine) -> None:
    """What `status` says of the outgoing server and of the trackers."""
    _note(engine.house.reading, RUN, engine.house.clock.now(), "")
    trouble = next((sender.unreachable for sender in engine.senders if sender.unreachable), "")
    _note(engine.house.reading, "smtp", engine.house.clock.now(), trouble)
    for filer in engine.filers:
        _note(engine.house.reading, f"tracker.{filer.name}", engine.house.clock.now(), filer.unreachable)


class _Signals:
    """SIGTERM and SIGINT set the stop flag and wake everybody; the old handlers come back afterwards."""

    def __init__(self, engine: Engine, mailboxes: Sequence[ImapMailbox]) -> None:
        self.engine, self.mailboxes = engine, mailboxes

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self.old = {sign: signal.signal(sign, self._stop) for sign in (signal.SIGTERM, signal.SIGINT)}

    def __exit__(self, *_: object) -> None:
        for sign, handler in getattr(self, "old", {}).items():
            signal.signal(sign, handler)

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
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


def _shut_down(engine: Engine, workers: Sequence[Worker], scheduler: Any) -> None:
    scheduler.shutdown(wait=False)
    deadline = time.monotonic() + GRACE
    threads = [worker.thread for worker in workers if worker.thread]
    for thread in threads:
        thread.join(max(deadline - time.monotonic(), 0.0))
    late = [thread.name for thread in threads if thread.is_alive()]
    if late:
        logs.get("run").warning("stopped with work in hand; it stands in the journal", threads=late)
    logs.get("run").info("stopped", after=str(timedelta(seconds=round(GRACE - (deadline - time.monotonic())))))
