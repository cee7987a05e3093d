"""Staff are told: of each new complaint within a minute, and in the morning of all that waits for them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from pipeline import logs
from pipeline.engine import staff_mail
from pipeline.engine.doors import StaffDoors
from pipeline.engine.jobs import names
from pipeline.errors import FirstlineError
from pipeline.follow_up.staff import Due, Morning, complaint_mails, digest, due_mail, due_without_ticket
from pipeline.records.effect import EffectState
from pipeline.store import staff_news

COMPLAINTS, PROMISES, DIGEST = "complaints", "promises", names.DIGEST  # in the table `health`
EVERY = 20  # seconds between looks for new complaints
REMEMBERED = timedelta(days=3)  # what was opened before is in the digest


def tell_of_complaints(doors: StaffDoors) -> None:
    """Each once, to its owner or to [follow_up] staff; many at once in one mail. Trouble is shown, and tried again."""
    if doors.config.smtp is None:
        return
    now, error = doors.clock.now(), ""
    try:
        found = complaint_mails(staff_news.untold(doors.database, now - REMEMBERED), doors.config)
        if not found:
            return
        refs = {id(mail): told for mail, told in found}
        for mail in staff_mail.send(doors, COMPLAINTS, [mail for mail, _ in found]):
            staff_news.note_told(doors.database, refs[id(mail)], mail.recipient, now)
    except FirstlineError as trouble:
        error = str(trouble)
        logs.get("follow").warning("staff could not be told of complaints", problem=error)
    doors.reading.note_pass(COMPLAINTS, now, error)


def tell_of_promises(doors: StaffDoors) -> None:
    """Of answers that are due to mails without a ticket; tickets have letters of their own. What nobody has kept when
    its time is over is broken, whether anybody could be told or not."""
    now, error = doors.clock.now(), ""
    due = due_without_ticket(doors.promises.open_ones(without_ticket=True), doors.config, now)
    if not due:
        return
    try:
        zone = doors.config.calendar.working_time.timezone
        mails = [due_mail(person, one, zone) for person, one in due.items() if person]
        for mail in staff_mail.send(doors, PROMISES, mails):
            doors.promises.note(due[mail.recipient].noted)
    except FirstlineError as trouble:
        error = str(trouble)
        logs.get("follow").warning("staff could not be told of promises", problem=error)
    missed = [one for each in due.values() for one in Due(missed=each.missed).noted]
    doors.promises.note(missed)
    doors.reading.note_pass(PROMISES, now, error)


def send_digest(doors: StaffDoors) -> None:
    """To everybody of [follow_up] staff."""
    settings, now, error = doors.config.follow_up, doors.clock.now(), ""
    if doors.config.smtp is None or not settings.staff:
        return
    try:
        morning = _morning(doors)
        zone = doors.config.calendar.working_time.timezone
        for _ in staff_mail.send(doors, DIGEST, [digest(one, morning, now, zone) for one in settings.staff]):
            pass
    except FirstlineError as trouble:
        error = str(trouble)
        logs.get("follow").warning("the digest could not be sent", problem=error)
    doors.reading.note_pass(DIGEST, now, error)


def _morning(doors: StaffDoors) -> Morning:
    return Morning(
        promises=doors.promises.open_ones(),
        unsure=doors.reading.on_review(),
        parked=doors.reading.parked(),
        failed=doors.effects.counts()[EffectState.FAILED],
        complaints=Counter(staff_news.open_complaints(doors.database)),
    )
