"""The scheduled training: in a process of its own, so that the worker's memory and threads stay as they are."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from datetime import timedelta
from typing import Final

from pipeline import logs
from pipeline.engine import set_tasks
from pipeline.engine.doors import NotingDoors
from pipeline.engine.jobs import names
from pipeline.errors import ExitCode, UnreachableError, UnusableModelError
from pipeline.learn.registry import registry_of
from pipeline.records.health import Pass

NAME: Final = names.RETRAIN
LONGEST = 6 * 3600.0  # seconds; a training that takes longer is ended
EVERY = 60  # seconds between looks at whether an erasure asks for one
AGAIN = timedelta(hours=6)  # after one that an erasure asked for, and that changed nothing
_LOOK = 1.0  # seconds between looks at the stop flag


def retrain(doors: NotingDoors, stopping: threading.Event) -> None:
    """Runs `firstline model train`; its result is logged, a failure is in `status` until the next success."""
    log = logs.get(NAME)
    code, out, said = _train(doors, stopping)
    if stopping.is_set():
        return
    document = _document(out)
    if code in (ExitCode.DONE, ExitCode.PROBLEM) and document:
        told = ("version", "rows", "seconds", "promoted", "reason", "in_use")
        log.info("trained", **{name: document.get(name) for name in told})
        doors.reading.note_pass(NAME, doors.clock.now())
    else:
        trouble = " ".join(said.split())[-500:] or f"it ended with exit code {code}"
        log.error("training failed", problem=trouble)
        doors.reading.note_pass(NAME, doors.clock.now(), trouble)


def renew(doors: NotingDoors, stopping: threading.Event) -> None:
    """Trains at once where the version in use must go, since it learned from somebody who was erased.

    Whatever comes of it, the next time is some hours later: it may need a person, who finds it in `status`.
    """
    try:
        if not _must_go(doors) or not _tried_long_ago(doors):
            return
        doors.reading.note_pass(set_tasks.noted(names.RENEWAL), doors.clock.now())
        retrain(doors, stopping)
    except UnreachableError as error:
        logs.get(NAME).warning("not trained for an erasure", problem=str(error))


def _must_go(doors: NotingDoors) -> bool:
    config = doors.config
    try:
        return registry_of(config, config.key()).leaving() is not None
    except UnusableModelError:  # `status` tells of it
        return False


def _tried_long_ago(doors: NotingDoors) -> bool:
    last = doors.reading.passes().get(set_tasks.noted(names.RENEWAL), Pass()).last_pass
    return last is None or doors.clock.now() - last >= AGAIN


def command(doors: NotingDoors) -> list[str]:
    """The same program with the same configuration."""
    start = "from pipeline.cli import main; main()"
    return [sys.executable, "-c", start, "--config", str(doors.config.path.resolve()), "model", "train", "--json"]


def _train(doors: NotingDoors, stopping: threading.Event) -> tuple[int, str, str]:
    """Exit code, standard output, standard error. Ended when we stop, or when it takes far too long."""
    child = subprocess.Popen(  # noqa: S603  (our own program, no shell)
        command(doors), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    waited = 0.0
    while True:
        try:
            out, said = child.communicate(timeout=_LOOK)
        except subprocess.TimeoutExpired:
            waited += _LOOK
            if stopping.is_set() or waited >= LONGEST:
                child.terminate()
                out, said = child.communicate()
                return child.returncode, out, said or f"ended after {waited:.0f} s"
            continue
        return child.returncode, out, said


def _document(out: str) -> dict[str, object] | None:
    try:
        found = json.loads(out)
    except ValueError:  # it ended before it could say anything
        return None
    return found if isinstance(found, dict) else None
