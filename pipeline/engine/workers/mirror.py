"""Following our tickets in outside trackers: what is done there is taken over here, and nobody's work is lost.

Only what has changed there since we last looked counts. What was changed here and not told there yet stays as it is;
the timeline shows both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from pipeline import logs
from pipeline.config.trackers import TrackerConfig
from pipeline.doors import Tracker
from pipeline.engine.doors import FilingDoors
from pipeline.errors import FirstlineError, UnreachableError
from pipeline.records.filing import Ability, OutsideComment, OutsideStanding
from pipeline.records.ticket import TicketStatus
from pipeline.store.filings import News
from pipeline.store.tickets import OVER, turned

AT_ONCE = 10  # tickets that are looked at before it is seen what else there is to do
LONGEST = 20_000  # characters of a comment that is taken over

Line = tuple[str, str, str]  # of the timeline: kind, who, detail


def follow(house: FilingDoors, name: str, tracker: Tracker, before: datetime) -> bool:
    """Looks at some tickets that were not looked at since then; false when there was none. Raises UnreachableError."""
    if Ability.STANDING not in tracker.abilities:
        return False
    now = house.clock.now()
    rows = house.filings.to_look_at(name, before, now, AT_ONCE)
    for row in rows:
        try:
            look(house, tracker, row)
        except UnreachableError:
            raise
        except FirstlineError as error:  # this one ticket: it is looked at again when its time comes
            logs.get("follow").warning("a ticket can't be followed", ticket=row["ref"], problem=str(error))
            house.filings.take_over(row["ref"], lambda row, pending: News(), now)
    return bool(rows)


def look(house: FilingDoors, tracker: Tracker, row: Mapping[str, Any]) -> OutsideStanding | None:
    """How a ticket stands there, taken over here. Raises UnreachableError."""
    standing = tracker.standing(row["outside_id"])
    if Ability.STANDING in tracker.abilities:
        settings = house.config.outside_trackers[row["tracker"]]
        now = house.clock.now()
        house.filings.take_over(row["ref"], partial(compared, standing=standing, settings=settings, now=now), now)
    return standing


def mirror_now(house: FilingDoors, tracker: str, outside_id: str) -> OutsideStanding | None:
    """The same for one ticket at once, when the tracker itself says that something happened there.

    `tracker`: the name that tickets remember. Raises NotFoundError when none of ours is filed there under that id.
    """
    row = house.filings.filed_as(tracker, outside_id)
    door = house.tracker(tracker)
    try:
        return look(house, door, row)
    finally:
        door.close()


# --- what is different ------------------------------------------------------------------------------------------------


def facts(standing: OutsideStanding) -> dict[str, str]:
    """What is remembered of how it stood, beside the comments."""
    return {
        "status": standing.status.value,
        "word": standing.word,
        "owner": standing.owner,
        "resolution": standing.resolution,
    }


def compared(
    row: Mapping[str, Any],
    pending: frozenset[str],
    standing: OutsideStanding | None,
    settings: TrackerConfig,
    now: datetime,
) -> News:
    """Our row and theirs → what is different on ours. `pending`: what was changed here and not told there yet."""
    seen = row["seen"] or {}
    if standing is None:
        gone: Line = ("outside", row["tracker"], "it is gone there, or not shown to us any more")
        return News(values={"seen": {**seen, "gone": True}}, events=() if seen.get("gone") else (gone,))
    values: dict[str, Any] = {}
    said = list(_heard(seen, standing))
    heard = [one for one in said if one.by_team]
    strangers = [one.author for one in said if not one.by_team]
    events = list(_status(row, seen, standing, pending, values, now))
    events += _owner(row, seen, standing, settings, pending, values)
    events += _resolution(row, seen, standing)
    events += [("comment", row["tracker"], f"{one.author}: {one.text[:LONGEST]}") for one in heard]
    events += [("outside", row["tracker"], f"{author}, who is no member there, commented") for author in strangers]
    if heard or "status" in values or "owner" in values:
        values["responded"] = row["responded"] or now
    if values or events:
        values["changed"] = now
    known = [*seen.get("said", ()), *(one.id for one in said)]
    unread = "mail" in pending and standing.status in OVER and seen.get("status", "open") != standing.status.value
    reopen = unread and TicketStatus(row["status"]) not in OVER
    return News(values={**values, "seen": {**facts(standing), "said": known}}, events=events, reopen=reopen)


def _heard(seen: Mapping[str, Any], standing: OutsideStanding) -> Iterator[OutsideComment]:
    """What somebody else said to the customer, and we have not heard yet."""
    known = set(seen.get("said", ()))
    return (said for said in standing.said if said.public and not said.key and said.id not in known)


def _status(
    row: Mapping[str, Any],
    seen: Mapping[str, Any],
    standing: OutsideStanding,
    pending: frozenset[str],
    values: dict[str, Any],
    now: datetime,
) -> Iterator[Line]:
    """The later change wins: theirs, as we see it only now, unless ours is still on its way to them."""
    ours, theirs = TicketStatus(row["status"]), standing.status
    if theirs.value == seen.get("status", TicketStatus.OPEN.value) or theirs is ours:
        return
    if "mail" in pending and theirs in OVER:
        yield "outside", row["tracker"], f"{theirs} there, without the customer's last mail"
        return
    if "status" in pending:
        yield "outside", row["tracker"], f"{theirs} there; what was changed here ({ours}) is told there next"
        return
    values["status"] = theirs.value
    if (theirs in OVER) != (ours in OVER):
        values["resolved"] = now if theirs in OVER else None
    yield "status", row["tracker"], turned(ours, theirs)


def _owner(
    row: Mapping[str, Any],
    seen: Mapping[str, Any],
    standing: OutsideStanding,
    settings: TrackerConfig,
    pending: frozenset[str],
    values: dict[str, Any],
) -> Iterator[Line]:
    """Ours where `owners` knows the person, else as the tracker names them; given to nobody, it stays with ours."""
    if "owner" not in seen or standing.owner == seen["owner"]:
        return
    ours = {theirs: address for address, theirs in settings.owners.items()}.get(standing.owner, standing.owner)
    if not ours:
        yield "outside", row["tracker"], f"assigned to nobody there; here it stays with {row['owner'] or 'nobody'}"
    elif "owner" in pending:
        yield "outside", row["tracker"], f"assigned to {ours} there; what was changed here is told there next"
    elif ours != row["owner"]:
        values["owner"] = ours
        yield "assigned", row["tracker"], turned(row["owner"] or "nobody", ours)


def _resolution(row: Mapping[str, Any], seen: Mapping[str, Any], standing: OutsideStanding) -> Iterator[Line]:
    if standing.resolution and standing.resolution != seen.get("resolution"):
        yield "outside", row["tracker"], f"resolution: {standing.resolution}"
    if seen.get("gone"):
        yield "outside", row["tracker"], "it is there again"
