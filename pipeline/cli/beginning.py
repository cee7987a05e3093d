"""How `run` begins: when its store is there; and anew, in the same process, when its configuration has changed."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

from pipeline.errors import FirstlineError, UnreachableError

if TYPE_CHECKING:
    from pipeline.wiring.live_doors import LiveDoors


def wait_for_store(doors: LiveDoors) -> None:
    """A database server, or the disk that the database is on, may come after us; a signal ends the wait."""
    from pipeline import logs
    from pipeline.engine.supervisor import Supervisor
    from pipeline.retry import Backoff

    backoff, log, supervisor = Backoff(), logs.get("store"), Supervisor()
    while True:
        try:
            doors.database.version()
        except UnreachableError as error:
            pause = backoff.failed(doors.clock.monotonic())
            supervisor.alive()
            log.warning("waiting for the store", problem=str(error), next_try=f"{pause:.0f} s")
            time.sleep(pause)
        else:
            return


def reopen_log() -> None:
    """After SIGHUP: somebody may have renamed its file."""
    from pipeline import logs

    try:
        logs.reopen()
    except FirstlineError as error:
        logs.get("run").error("the log is not opened anew", problem=str(error))


def is_changed(doors: LiveDoors) -> bool:
    """After SIGHUP: the log is opened anew, and the configuration read. True when it is another one, and a good one."""
    from pipeline import logs
    from pipeline.config.load import load
    from pipeline.wiring.live_doors import build

    log = logs.get("run")
    reopen_log()
    try:
        fresh = load(doors.config.path)
        if fresh == doors.config:
            log.info("configuration unchanged")
            return False
        with closing(build(fresh, doors.clock)) as changed:
            changed.read_secrets()
    except FirstlineError as error:
        log.error("the changed configuration is not used", problem=str(error))
        return False
    log.info("configuration changed: beginning anew")
    return True


def begin_anew() -> None:
    """The same program in the same process, with nothing left of before. Signals wait until it minds them."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606  (ourselves, no shell)
