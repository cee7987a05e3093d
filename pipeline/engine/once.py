"""One pass over everything, for cron: read every mailbox to its end, carry out what is due."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Annotated, TypedDict

from pipeline.engine import memory
from pipeline.engine.counts import MailboxCounts, counted
from pipeline.engine.doors import EngineDoors
from pipeline.engine.jobs import drift, follow, index, leadership, purge, reconcile, staff, surveys
from pipeline.engine.shared import RUN, STOPPED, Engine
from pipeline.engine.workers import file
from pipeline.engine.workers.send import interrupted
from pipeline.errors import UnreachableError
from pipeline.mailbox import ImapMailbox
from pipeline.records.effect import MAILS

PURGES_FOR = 20.0  # seconds at most of one pass: mail may have come meanwhile


class OncePass(TypedDict):
    """What came of one pass over all mailboxes."""

    mailboxes: Annotated[dict[str, MailboxCounts], "by name"]
    seconds: float
    unreachable: Annotated[list[str], "servers that failed, and how"]


def once(doors: EngineDoors) -> OncePass:
    """Reads every mailbox to its end and carries out what is due. `unreachable` lists the servers that failed."""
    began = time.monotonic()
    engine = Engine(doors)
    doors.read_secrets()
    memory.collect_seldom()
    unreachable: list[str] = []
    with doors.alone():
        interrupted(doors.effects, doors.clock)
        file.interrupted(doors)
        doors.reading.note_pass(RUN, doors.clock.now(), STOPPED)
        counts: dict[str, Counter[str]] = {}
        with _sending(engine):
            for mailbox in doors.mailboxes():
                counts[mailbox.name], trouble = _read_once(engine, mailbox)
                unreachable += trouble
        try:
            engine.resolve()  # after reading: that can bring up uncertain ones, too, when the database was restored
        except UnreachableError as error:
            unreachable.append(str(error))
        unreachable += engine.sent.read()  # before promises are looked after: a person may have kept them
        engine.sent.close()
        follow.follow(doors)
        surveys.ask_quietly(doors)
        failed, trouble = send_all(engine)
        unreachable += trouble
        staff.tell_of_complaints(doors)
        staff.tell_of_promises(doors)
        leadership.tell_at_once(doors)
        unreachable += file.file_all(doors)  # last: a tracker may keep us waiting
        drift.watch_if_due(doors)
        reconcile.watch_if_due(doors)
        purge.watch_if_due(doors, _after(PURGES_FOR))
        index.index(doors, engine.stopping, rest=0)  # nobody is left who answers a customer
    for name in counts:
        counts[name]["failed"] += failed.pop(name, 0)
    return {
        "mailboxes": {name: counted(count) for name, count in counts.items()},
        "seconds": round(time.monotonic() - began, 3),
        "unreachable": unreachable,
    }


def _after(seconds: float) -> Callable[[float], bool]:
    """Rests for nobody, as nobody works meanwhile; says when it was long enough."""
    until = time.monotonic() + seconds
    return lambda _rest: time.monotonic() > until


def _read_once(engine: Engine, mailbox: ImapMailbox) -> tuple[Counter[str], list[str]]:
    fetcher = engine.fetcher(mailbox)
    error = ""
    try:
        fetcher.read()
        engine.marker(mailbox).mark()
    except UnreachableError as caught:
        error = str(caught)
    finally:
        mailbox.close()
    engine.doors.reading.note_pass(f"mailbox.{mailbox.name}", engine.doors.clock.now(), error)
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
    doors = engine.doors
    nothing_due = not any(doors.effects.due(kind, doors.clock.now(), 1) for kind in MAILS)
    if doors.config.smtp is None or (nothing_due and not engine.senders):
        return Counter(), []
    senders = engine.senders or engine.make_senders()
    with ThreadPoolExecutor(len(senders), thread_name_prefix="send") as pool:
        for drained in [pool.submit(sender.drain) for sender in senders]:
            drained.result()  # an error of a thread is an error of the pass
    trouble = sorted({sender.unreachable for sender in senders if sender.unreachable})
    doors.reading.note_pass("smtp", doors.clock.now(), trouble[0] if trouble else "")
    failed: Counter[str] = sum((sender.failed for sender in senders), Counter())
    return failed, trouble
