"""Tells [health] tell when `status` turns unhealthy, and when it is well again: each once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from pipeline import logs
from pipeline.desk.doors import AlarmDoors
from pipeline.desk.health import health
from pipeline.desk.health_document import HealthDocument
from pipeline.engine import staff_mail
from pipeline.engine.passes import note
from pipeline.errors import FirstlineError, readable
from pipeline.records.health import Pass
from pipeline.records.staff import StaffMail
from pipeline.store.workers import CHORES

NAME = "alarm"  # in the table `health`: its error is what was told and still holds
EVERY = 60.0  # seconds between looks
SETTLED = timedelta(minutes=3)  # so long it must last, either way: what passes by itself wakes nobody


class Alarm:
    """One look after the other; what was told is remembered over restarts."""

    def __init__(self, doors: AlarmDoors) -> None:
        self.doors = doors
        self._since: datetime | None = None  # since when it is otherwise than was told

    def serve(self, stopped: Callable[[], bool]) -> None:
        """Until it is stopped."""
        waiting = threading.Event()
        while not stopped():
            self.look()
            for _ in range(int(EVERY)):
                if stopped() or waiting.wait(1.0):
                    return

    def look(self, *, settled: timedelta = SETTLED) -> None:
        """Trouble with it is logged: the next look tries again."""
        try:
            self._look(settled)
        except FirstlineError as error:
            logs.get("run").warning("the alarm could not be told", problem=str(error))

    def _look(self, settled: timedelta) -> None:
        doors, now = self.doors, self.doors.clock.now()
        if not doors.workers.does(CHORES):  # of several, one tells
            return
        told = bool(doors.reading.passes().get(NAME, Pass()).error)
        document = health(doors)
        if document["healthy"] is not told:  # as it was told
            self._since = None
            return
        self._since = self._since or now
        if now - self._since < settled:
            return
        mails = [_mail(one, document) for one in doors.config.health.tell]
        for _ in staff_mail.send(doors, NAME, mails):
            pass
        what = "" if document["healthy"] else "; ".join(one["what"] for one in document["problems"])
        note(doors.reading, NAME, now, what[:500])
        self._since = None


def _mail(recipient: str, document: HealthDocument) -> StaffMail:
    if document["healthy"]:
        return StaffMail(recipient=recipient, subject="Firstline is well again", text="`firstline status`: healthy\n")
    lines = [f"- {readable(one['what'])}\n  → {readable(one['remedy'])}" for one in document["problems"]]
    subject = f"Firstline needs a person: {readable(document['problems'][0]['what'])[:80]}"
    text = "\n".join([*lines, "", "What each means: docs/operating.md. What is left: `firstline status`."])
    return StaffMail(recipient=recipient, subject=" ".join(subject.split()), text=text + "\n")
