"""A thread of `run` that ends or hangs is not passed over: the process ends with an error, and starts clean again."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.config.load import load
from pipeline.engine import shared
from pipeline.engine import watch as engine_watch
from pipeline.engine.once import once
from pipeline.engine.run import run
from pipeline.engine.watch import Worker, watch
from pipeline.errors import FirstlineError
from pipeline.records.health import Pass
from pipeline.wiring.live_doors import LiveDoors, build
from tests.desk import PASSWORD, Desk, letter
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Proxy
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import HOUR, wait_until


@pytest.fixture
def imap(dovecot: Dovecot) -> Iterator[Proxy]:
    with Proxy(dovecot.imap_port) as between:
        yield between


@pytest.fixture
def doors(
    imap: Proxy, dovecot: Dovecot, sink: SmtpSink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LiveDoors]:
    """With one mail that waits to be answered."""
    desk = Desk(tmp_path / "desk", imap.port, sink.port, dovecot.fresh_user(), mailbox={"poll": "1s", "timeout": "5s"})
    dovecot.deliver(letter(1), desk.username)
    monkeypatch.setenv("DESK_PASSWORD", PASSWORD)
    opened = build(load(desk.folder / "config.toml"))
    yield opened
    opened.close()


def alone(name: str) -> threading.Thread:
    (thread,) = [thread for thread in threading.enumerate() if thread.name == name]
    return thread


def kill(thread: threading.Thread) -> None:
    """As nothing in the program would: an exception out of nowhere that no handler for errors catches."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(SystemExit))


def test_a_reader_that_is_killed_ends_run_with_its_name_and_the_next_start_goes_on(
    doors: LiveDoors, dovecot: Dovecot, sink: SmtpSink
) -> None:
    def when_answered() -> None:
        sink.wait_for(1, 60)
        kill(alone("support"))

    helper = threading.Thread(target=when_answered)
    helper.start()
    with pytest.raises(FirstlineError, match="the thread support has ended") as error:
        run(doors)
    helper.join()
    assert error.value.exit_code == 1
    said = doors.reading.passes().get(shared.RUN, Pass()).error
    assert said != shared.STOPPED  # so `status` shows that nobody comes round
    dovecot.deliver(letter(2), doors.config.mailbox["support"].username)
    assert once(doors)["mailboxes"]["support"]["acknowledged"] == 1
    assert len(sink.accepted) == 2


def test_a_reader_whose_server_feeds_it_byte_by_byte_for_ever_ends_run(
    doors: LiveDoors, imap: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No time-out sees this: something comes all the time."""
    monkeypatch.setattr(engine_watch, "PATIENCE", 1.5)
    monkeypatch.setattr("pipeline.engine.run.GRACE", 1.0)
    imap.trickle(1, 0.3)
    with pytest.raises(FirstlineError, match="the thread support has hung"):
        run(doors)


def test_a_thread_that_raises_is_told_with_its_reason() -> None:
    def fail() -> None:
        raise MemoryError("no more")

    worker = Worker(name="send", stopping=threading.Event())
    worker.start(fail)
    with pytest.raises(FirstlineError, match=r"the thread send has ended \(MemoryError: no more\)"):
        watch([worker], worker.stopping, [])


def test_only_a_silence_beyond_the_patience_is_trouble_and_none_after_the_order_to_stop() -> None:
    over = threading.Event()
    worker = Worker(name="send", stopping=threading.Event(), patience=0.0)
    worker.start(lambda: over.wait(HOUR) and None)
    assert "has hung" in wait_until(worker.trouble, "trouble with the worker")
    worker.patience = HOUR
    assert worker.trouble() == ""
    worker.patience = 0.0
    worker.stopping.set()
    assert worker.trouble() == ""
    over.set()
