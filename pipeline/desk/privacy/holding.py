"""A legal hold: a ticket or a customer of which nothing may go, for a court or an authority (GDPR article 17 (3) e)."""

from __future__ import annotations

from pipeline.desk.audit import noted
from pipeline.desk.doors import HoldingDoors
from pipeline.desk.privacy.subject import subject_of
from pipeline.errors import NotFoundError, UsageError
from pipeline.records.personal import Hold
from pipeline.tokens import normalise_ref

LONGEST_WHY = 500  # characters


def held_as(doors: HoldingDoors, named: str) -> str:
    """The reference of a ticket that is there, or the folded address. Raises NotFoundError, UsageError."""
    if "@" in named:
        return subject_of(named, doors.signer).folded
    ref = normalise_ref(named)
    if not ref:
        raise UsageError(f"{named[:100]} is neither a ticket nor an address", remedy="as ABCD-2345 or eve@example.org")
    return doors.board.show(ref).ref


def hold(doors: HoldingDoors, named: str, why: str, by: str) -> Hold:
    """Keeps it from now on; held already, the new reason counts. Raises NotFoundError, UsageError."""
    reason = " ".join(why.split())
    if not reason or len(reason) > LONGEST_WHY:
        raise UsageError("a hold needs its reason", where="--why", remedy=f"in at most {LONGEST_WHY} characters")
    one = Hold(what=held_as(doors, named), at=doors.clock.now(), who=by, why=reason)
    with noted(doors, "hold", one.what) as entry:
        entry.before, entry.after = _reason(doors.holds.get(one.what)), _reason(one)
        doors.holds.put(one)
    return one


def release(doors: HoldingDoors, named: str) -> Hold:
    """Lets its clocks run again. Raises NotFoundError when it is not held."""
    what = normalise_ref(named) or subject_of(named, doors.signer).folded
    held = doors.holds.get(what)
    if held is None:
        raise NotFoundError(f"{what} is not held", remedy="`firstline privacy holds` lists what is")
    with noted(doors, "release-hold", what) as entry:
        entry.before = _reason(held)
        doors.holds.lift(what)
    return held


def _reason(held: Hold | None) -> dict[str, object]:
    return {"why": held.why} if held else {}
