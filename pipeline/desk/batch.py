"""The same done to many cases or parked mails at once: what fails does not stop the others, and it can be undone."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.desk import deeds
from pipeline.desk.deeds import Deed
from pipeline.desk.doors import DeedDoors
from pipeline.errors import FirstlineError, UsageError
from pipeline.records.batch import BatchAction, BatchStep, CaseBefore

MOST = 200  # at once


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchDone:
    """What was done, and the name by which it can be undone."""

    id: str
    steps: tuple[BatchStep, ...]

    @property
    def failed(self) -> tuple[BatchStep, ...]:
        """What was not."""
        return tuple(step for step in self.steps if step.error)


def do(doors: DeedDoors, action: BatchAction, refs: Sequence[str], value: str, by: str) -> BatchDone:
    """`value`: the owner, the status or the priority. Raises UsageError for none or too many, and for a wrong value."""
    refs = list(dict.fromkeys(refs))
    if not 1 <= len(refs) <= MOST:
        raise UsageError(f"1 to {MOST} at once", where=f"{len(refs)} chosen", remedy="choose some, then do it again")
    _check(action, value)
    steps = tuple(_step(doors, action, ref, value, by) for ref in refs)
    return _kept(doors, by, steps)


def do_one(doors: DeedDoors, action: BatchAction, ref: str, value: str, by: str, seen: int | None = None) -> BatchDone:
    """The same to one case or mail, so that it can be undone. Raises what `desk/deeds.py` raises."""
    _check(action, value)
    before = None if action.is_for_mails else doors.batches.before(ref)
    done = _deed(doors, action, ref, value, by, seen)
    return _kept(doors, by, (_made(doors, action, done, before),))


def undo(doors: DeedDoors, batch_id: str, by: str) -> list[BatchStep]:
    """Puts back what can be put back; what can't has an error that says why. Raises NotFoundError, UsageError."""
    steps = doors.batches.take(batch_id, by, doors.clock.now())
    return [_undone(doors, step, by) for step in steps if not step.error]


def _kept(doors: DeedDoors, by: str, steps: tuple[BatchStep, ...]) -> BatchDone:
    done = BatchDone(id=secrets.token_urlsafe(9), steps=steps)
    doors.batches.keep(done.id, by, steps, doors.clock.now())
    return done


def _check(action: BatchAction, value: str) -> None:
    if action is BatchAction.STATUS:
        deeds.status_of(value)
    if action is BatchAction.PRIORITY:
        deeds.priority_of(value)


def _step(doors: DeedDoors, action: BatchAction, ref: str, value: str, by: str) -> BatchStep:
    before = None if action.is_for_mails else doors.batches.before(ref)
    try:
        done = _deed(doors, action, ref, value, by)
    except FirstlineError as error:
        if error.temporary:  # the database is away: it would be so for all the others
            raise
        return BatchStep(ref=ref, action=action, was="", now="", error=f"{error.what} {error.remedy}".strip())
    return _made(doors, action, done, before)


def _made(doors: DeedDoors, action: BatchAction, done: Deed, before: CaseBefore | None) -> BatchStep:
    mark = deeds.mark_of(doors, done.ref)
    return BatchStep(ref=done.ref, action=action, was=done.was, now=done.now, before=before, mark=mark)


def _deed(doors: DeedDoors, action: BatchAction, ref: str, value: str, by: str, seen: int | None = None) -> Deed:
    match action:
        case BatchAction.ASSIGN:
            return deeds.assign(doors, ref, value, by, seen)
        case BatchAction.STATUS:
            return deeds.set_status(doors, ref, value, by, seen)
        case BatchAction.PRIORITY:
            return deeds.set_priority(doors, ref, value, by, seen)
        case BatchAction.CLOSE_SILENTLY:
            return deeds.close_silently(doors, ref, by, seen)
        case BatchAction.RELEASE:
            return deeds.release(doors, ref)
        case BatchAction.DISCARD:
            return deeds.discard(doors, ref)


def _undone(doors: DeedDoors, step: BatchStep, by: str) -> BatchStep:
    back = replace(step, was=step.now, now=step.was)
    try:
        if step.action is BatchAction.RELEASE:
            raise UsageError("it was released, and may have been answered: that can't be taken back")
        if step.action is BatchAction.DISCARD:
            doors.batches.park_again(step.ref)
        else:
            doors.batches.put_back(step, by, doors.clock.now())
    except FirstlineError as error:
        if error.temporary:
            raise
        return replace(back, error=error.what)
    return back
