"""Those who answer for complaints are told: each week of all, and at once where promises were missed again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from pipeline import logs
from pipeline.engine import staff_mail
from pipeline.engine.doors import StaffDoors
from pipeline.engine.jobs import names
from pipeline.errors import FirstlineError
from pipeline.follow_up.leadership import at_once, weekly
from pipeline.follow_up.staff import but_ours
from pipeline.records.staff import StaffMail
from pipeline.store import answerable

NAME = names.LEADERSHIP
WEEK = timedelta(days=7)


def send_page(doors: StaffDoors) -> None:
    """The page of the week to everybody of [follow_up] leadership."""
    now = doors.clock.now()

    def mails(leaders: Sequence[str], zone: ZoneInfo) -> list[StaffMail]:
        found = answerable.of_the_week(doors.database, now - WEEK, now)
        return [weekly(one, found, now, zone) for one in leaders]

    _send(doors, mails)


def tell_at_once(doors: StaffDoors) -> None:
    """Of open complaints to which promises were missed twice: each once, many in one mail. Tried again until one of
    them was told."""
    now = doors.clock.now()
    found = answerable.missed_too_often(doors.database, now) if doors.config.follow_up.leadership else []
    if not found:
        return
    told = _send(doors, lambda leaders, zone: [at_once(one, found, zone) for one in leaders])
    if told:
        answerable.note_told(doors.database, [one.ref for one in found], ", ".join(told), now)


def _send(doors: StaffDoors, mails: Callable[[Sequence[str], ZoneInfo], list[StaffMail]]) -> list[str]:
    """Who was told. Trouble is shown by `status`."""
    leaders, told, error = but_ours(doors.config.follow_up.leadership, doors.config), [], ""
    if doors.config.smtp is None or not leaders:
        return []
    try:
        for mail in staff_mail.send(doors, NAME, mails(leaders, doors.config.calendar.working_time.timezone)):
            told.append(mail.recipient)
    except FirstlineError as trouble:
        error = str(trouble)
        logs.get("follow").warning("leaders could not be told", problem=error)
    doors.reading.note_pass(NAME, doors.clock.now(), error)
    return told
