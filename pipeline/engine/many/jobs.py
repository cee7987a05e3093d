"""Procrastinate in a thread of a worker: takes the jobs that wake us, and tells once a minute, to one worker of all,
that set tasks may be due."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline import logs
from pipeline.retry import Backoff
from pipeline.store.jobs import LETTERS, PORTIONS

if TYPE_CHECKING:
    from procrastinate import App

SET_TIMES = "set times"
EVERY_MINUTE = "* * * * *"
AT_ONCE = 3  # jobs: set tasks may take hours, and must not keep us from being woken
STALLED = 60.0  # seconds without a sign of life of Procrastinate's own: its job is over, whatever it was


@dataclass
class JobTaker:
    """Takes jobs until stopped. `wake`: by the name of the task; `set_times`: carries out what is due."""

    url: str
    wake: Mapping[str, Callable[[], None]]
    set_times: Callable[[], None]
    monotonic: Callable[[], float]

    def serve(self, stopped: Callable[[], bool], stopping: threading.Event) -> None:
        """What goes wrong here only makes things later: all workers look for themselves now and then."""
        backoff = Backoff()
        while not stopped():
            try:
                asyncio.run(self._take(stopped))
                backoff.succeeded()
            except Exception as error:  # whatever its library raises when the database is away
                wait, problem = backoff.failed(self.monotonic(), error), f"{type(error).__name__}: {error}"
                logs.get("run").warning("no jobs can be taken", problem=problem, next_try=f"{wait:.0f} s")
                stopping.wait(wait)

    async def _take(self, stopped: Callable[[], bool]) -> None:
        from procrastinate.jobs import Status

        app = self._app()
        async with app.open_async():
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
                await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
            working = app.run_worker_async(concurrency=AT_ONCE, install_signal_handlers=False, delete_jobs="always")
            taking = asyncio.create_task(working)
            while not stopped() and not taking.done():
                await asyncio.sleep(0.5)
            taking.cancel()
            (ended,) = await asyncio.gather(taking, return_exceptions=True)
            if isinstance(ended, Exception):
                raise ended

    def _app(self) -> App:
        from procrastinate import App, PsycopgConnector

        app = App(connector=PsycopgConnector(conninfo=self.url, min_size=1, max_size=2))
        for name in (LETTERS, PORTIONS):
            app.task(name=name, queue=name)(self.wake[name])

        @app.periodic(cron=EVERY_MINUTE)
        @app.task(name=SET_TIMES, queue=SET_TIMES, queueing_lock=SET_TIMES)
        def tick(timestamp: int) -> None:
            del timestamp
            self.set_times()

        return app
