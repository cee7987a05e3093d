"""A second process that understands mail (parses it, labels it) while this one records and answers.

For a backlog only: it starts in a second or two beside the work, and ends when the mailbox is read to its end. It is
handed bytes and gives back nouns; the database and the servers are never its business. Whatever becomes of it, the
work goes on without it.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.engine import memory
from pipeline.errors import FirstlineError
from pipeline.learn.registry import Registry
from pipeline.records.mail import RawMail
from pipeline.text import language
from pipeline.understand import Understood, understand

if TYPE_CHECKING:  # pydantic is slow to import
    from pipeline.config.guard import FormConfig
    from pipeline.doors import Predictor

WORTH_IT = 1_000  # mails that wait: with fewer it would only just have started when they are done
PATIENCE = 60.0  # seconds for one batch; two hundred take a fifth of a second
Reading = Callable[[], list[Understood]]  # what a batch was understood to be, as soon as that is known

_predictor: Predictor | None = None  # in the helper itself


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """The version that the helper must use: the same as the route."""

    folder: Path
    key: bytes
    version: str  # '' none
    max_error: Mapping[str, float]
    encoder: Path | None


class Helper:
    """The process, and what it was given. Used by one thread."""

    def __init__(self, model: Model) -> None:
        self.model = model
        # Not forked: a process with threads must not be.
        self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin, initargs=(model,))
        self.number = self._pool.submit(os.getpid)  # of the process, once it has started
        self._lost = False
        self._used: Predictor | None = None  # another one of the same version has other thresholds: taken up meanwhile

    def understand(
        self, batch: Sequence[RawMail], predictor: Predictor | None, forms: Sequence[FormConfig] = ()
    ) -> Reading:
        """Hands the batch over; keeps it for this process when that uses another model, or the helper is lost.

        While the helper starts it is waited for: this process would spend as long on loading what only it needs.
        """
        version = predictor.version if predictor else ""
        self._used = self._used or predictor
        if self._lost or version != self.model.version or predictor is not self._used:
            return lambda: understand(batch, predictor, forms)
        try:
            given = self._pool.submit(_understand, batch, forms)
        except BrokenProcessPool:
            return lambda: understand(batch, predictor, forms)
        return lambda: self._result(given, batch, predictor, forms)

    def close(self) -> None:
        """One that hangs is killed: Python would wait for it when this process ends."""
        if self._lost and self.number.done() and not self.number.exception():
            with suppress(ProcessLookupError):
                os.kill(self.number.result(), signal.SIGKILL)
        self._pool.shutdown(wait=not self._lost, cancel_futures=True)

    def _result(
        self,
        given: Future[list[Understood]],
        batch: Sequence[RawMail],
        predictor: Predictor | None,
        forms: Sequence[FormConfig],
    ) -> list[Understood]:
        try:
            return given.result(PATIENCE)
        except (BrokenProcessPool, TimeoutError):  # killed, for its memory perhaps: this process does its work
            if not self._lost:
                _warn("the helper process was lost; going on without it")
            self._lost = True
            return understand(batch, predictor, forms)


# --- in the helper ----------------------------------------------------------------------------------------------------


def _begin(model: Model) -> None:
    """Ends with its parent, and only with it: Ctrl-C goes to both."""
    global _predictor
    memory.collect_seldom()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    threading.Thread(target=language.load, daemon=True).start()  # everybody waits for the first batch
    if model.version:
        registry = Registry(model.folder, model.key, encoder=model.encoder)
        _predictor = registry.predictor(model.version, model.max_error)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)


def _understand(batch: Sequence[RawMail], forms: Sequence[FormConfig]) -> list[Understood]:
    return understand(batch, _predictor, forms)


def start(model: Model) -> Helper | None:
    """None where no process can be started."""
    memory.collect_seldom()
    try:
        return Helper(model)
    except (OSError, FirstlineError) as error:
        _warn("no helper process", problem=str(error))
        return None


def _warn(event: str, **facts: str) -> None:
    from pipeline import logs  # the helper, whose start everybody waits for, needs none

    logs.get("fetch").warning(event, **facts)
