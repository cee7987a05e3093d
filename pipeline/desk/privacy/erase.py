"""Erasing a person: the steps in order, each of which can be done again, so that a kill is made up for by asking again.

The tombstone comes first, so that no backup brings back what was begun; the database last but one, since through it
the other steps find what is theirs. What a step can't reach is told, and stays in the journal until it is reached.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pipeline.desk.doors import ErasingDoors
from pipeline.desk.privacy import copies, outside, training
from pipeline.desk.privacy.under_way import Step, UnderWay
from pipeline.errors import ChangedMeanwhileError, FirstlineError, UsageError
from pipeline.records.personal import Hold, Traces
from pipeline.store.tombstones import Tombstone
from pipeline.text.numbers import many


def erase(
    doors: ErasingDoors,
    found: Traces,
    *,
    by: str,
    keep_tickets: bool = False,
    others: bool = False,
    tell: Callable[[str], None] = lambda step: None,
) -> UnderWay:
    """All steps. `others`: their address and name also go out of what others wrote; `tell`: each step as it begins.

    Raises UsageError when something must be kept: then nothing is changed.
    """
    if holds := doors.personal_data.holds(found):
        raise UsageError(f"it must be kept: {told(holds)}", remedy="firstline privacy release")
    begun = doors.personal_data.begin(found, by, doors.clock.now())
    asked = UnderWay(erasure=begun, found=found, keep_tickets=keep_tickets, others=others)
    left: list[str] = []
    for name, step in STEPS:
        tell(name)
        try:
            not_reached = step(doors, asked)
        except ChangedMeanwhileError:
            raise
        except FirstlineError as error:
            not_reached = [str(error.what)]
        left += [f"{name}: {why}" for why in not_reached]
        if not not_reached:
            asked.erasure = replace(asked.erasure, steps=(*(set(asked.erasure.steps) - {name}), name))
        asked.erasure = replace(asked.erasure, left=tuple(left))
        doors.personal_data.note(asked.erasure)
    if not left:
        asked.erasure = replace(asked.erasure, finished=doors.clock.now())
        doors.personal_data.note(asked.erasure)
    return asked


def told(holds: list[Hold]) -> str:
    """What must be kept, in words."""
    return "; ".join(f"{one.what} ({one.why}, says {one.who})" for one in holds)


def _bury(doors: ErasingDoors, asked: UnderWay) -> list[str]:
    one = asked.erasure
    doors.tombstones.add(
        Tombstone(
            person=one.person,
            pseudonym=one.pseudonym,
            at=one.begun.isoformat(),
            keep_tickets=asked.keep_tickets,
            others=asked.others,
        )
    )
    return []


def _empty(doors: ErasingDoors, asked: UnderWay) -> list[str]:
    done = doors.personal_data.empty(
        asked.erasure, asked.found, doors.clock.now(), keep_tickets=asked.keep_tickets, others=asked.others
    )
    asked.counts += done.rows
    return [f"{many(done.underway, 'letter')} just being sent: ask again in a minute"] if done.underway else []


def _give_back(doors: ErasingDoors, asked: UnderWay) -> list[str]:
    if not doors.personal_data.give_back():
        asked.by_hand.append(f"{doors.database.shown}: {_TRACES}")
    return []


_TRACES = (
    "it is too large to be written anew while mail comes in, and traces may be left between its pages: stop Firstline,"
    " then `firstline privacy purge --compact`"
)


STEPS: tuple[tuple[str, Step], ...] = (
    ("list of erased people", _bury),
    ("trackers", outside.erase_in_trackers),
    ("mailboxes", outside.erase_in_mailboxes),
    ("copies of the database", copies.erase_in_copies),
    ("training data and model", training.forget),
    ("database", _empty),
    ("space", _give_back),
)
