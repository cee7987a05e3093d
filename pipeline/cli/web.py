"""web: the pages for customers, the API, and what monitors ask, as a process of its own."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import typer

from pipeline.cli.context import doors_of
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.web.serving import PageServer
    from pipeline.wiring.live_doors import LiveDoors


def web(context: typer.Context) -> None:
    """Serve the pages and the API, until SIGTERM; beside `run` or `once`, which do the rest."""
    from pipeline.cli.beginning import reopen_log
    from pipeline.engine import memory
    from pipeline.engine.supervisor import Supervisor

    supervisor = Supervisor()

    def stopped() -> bool:
        """Asked between the answers to visitors: while it is, they are answered."""
        supervisor.alive()
        return stopping.is_set()

    with doors_of(context, quiet=False) as doors, closing(_server_of(doors)) as server:
        stopping = threading.Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: stopping.set())
        # Not in the handler itself: the main thread may just be writing into the log.
        signal.signal(signal.SIGHUP, lambda *_: threading.Thread(target=reopen_log, name="log").start())
        memory.collect_seldom()
        supervisor.ready()
        server.serve(stopped)
        supervisor.ending(anew=False)


@contextmanager
def pages_of(doors: LiveDoors) -> Iterator[Mapping[str, Callable[[Callable[[], bool]], None]]]:
    """What `run` does beside: serve the pages where `[web] enabled` says so. Listening already.

    Where they would lock visitors out they don't start, which `status` says; mail goes on.
    """
    if not doors.config.web.enabled:
        yield {}
        return
    if doors.config.web.proxy_is_missing:
        from pipeline import logs
        from pipeline.config.web import NAME_PROXY, NO_PROXY

        logs.get("web").error("not serving", problem=NO_PROXY, remedy=NAME_PROXY)
        yield {}
        return
    with closing(_server_of(doors)) as server:
        yield {"web": server.serve}


def _server_of(doors: LiveDoors) -> PageServer:
    """Raises ConfigError where it can't listen, or all visitors would look like one."""
    from pipeline.web.serving import PageServer

    if doors.config.web.proxy_is_missing:
        from pipeline.config.web import NAME_PROXY, NO_PROXY

        raise ConfigError(NO_PROXY, where=f"{doors.config.path}, web.proxy", remedy=NAME_PROXY)
    return PageServer(doors)
