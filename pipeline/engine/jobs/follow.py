"""Looks after what was promised: what is due is noted, and the mails about it are in the journal afterwards."""

from __future__ import annotations

from datetime import timedelta

from pipeline import logs
from pipeline.engine.doors import FollowUpDoors
from pipeline.engine.jobs import names
from pipeline.errors import FirstlineError
from pipeline.follow_up.draft import Setting
from pipeline.follow_up.follow import follow_up

NAME = names.FOLLOW
MOST_ROUNDS = 100  # in one pass, each of as many tickets as the store hands out


def follow(doors: FollowUpDoors) -> int:
    """One pass over everything that may be due; says how many tickets there was something to do about."""
    settings, done = doors.config.follow_up, 0
    if settings.repeats > timedelta(0):
        doors.repeats.link_new(settings.repeats, doors.clock.now())
    for _ in range(MOST_ROUNDS):
        followed = _some(doors)
        done += followed
        if not followed:
            break
    return done


def watch(doors: FollowUpDoors) -> None:
    """The same at set times: trouble with the store is shown, and the next pass tries again."""
    try:
        follow(doors)
    except FirstlineError as error:
        logs.get("follow").warning("promises could not be looked after", problem=str(error))


def _some(doors: FollowUpDoors) -> int:
    """As many as are handed out at once."""
    now, config = doors.clock.now(), doors.config
    cases = doors.promises.due(config.follow_up, now - config.guard.bounce_memory, now)
    found = [one for case in cases if (one := follow_up(case, _setting(doors, case.mailbox), now))]
    recorded = doors.promises.record(found, now) if found else []
    for one in recorded:
        for kind, detail in one.events:
            logs.get("follow").info(kind, ticket=one.of.ref, what=detail)
    return len(recorded)


def _setting(doors: FollowUpDoors, mailbox: str) -> Setting:
    letters = doors.letters.of_mailbox(mailbox)
    return Setting(config=doors.config.of_mailbox(mailbox), signer=doors.signer, has=letters.has)
