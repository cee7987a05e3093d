"""Following our tickets in outside trackers: what is done there is taken over here, and nobody's work is lost.

Only what has changed there since we last looked counts. What was changed here and not told there yet stays as it is;
the timeline shows both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial

from pipeline import logs
from pipeline.config.trackers import TrackerConfig
from pipeline.doors import Tracker
from pipeline.engine.doors import FilingDoors
from pipeline.errors import FirstlineError, UnreachableError
from pipeline.records.filing import Ability, OutsideComment, OutsideStanding
from pipeline.records.ticket import OutsideState, Ticket, TicketChange, TicketStatus
from pipeline.store.filings import News
from pipeline.store.tickets import status_change, turned

AT_ONCE = 10  # tickets that are looked at before it is seen what else there is to do
LONGEST = 20_000  # characters of a comment that is taken over

Line = tuple[str, str, str]  # of the timeline: kind, who, detail


def follow(doors: FilingDoors, name: str, tracker: Tracker, before: datetime) -> bool:
    """Looks at some tickets that were not looked at since then; false when there was none. Raises UnreachableError."""
    if Ability.STANDING not in tracker.abilities:
        return False
    now = doors.clock.now()
    tickets = doors.filings.to_look_at(name, before, now, AT_ONCE)
    for ticket in tickets:
        try:
            look(doors, tracker, ticket)
        except UnreachableError:
            raise
        except FirstlineError as error:  # this one ticket: it is looked at again when its time comes
            logs.get("follow").warning("a ticket can't be followed", ticket=ticket.ref, problem=str(error))
            doors.filings.take_over(ticket.ref, lambda ticket, pending: News(), now)
    return bool(tickets)


def look(doors: FilingDoors, tracker: Tracker, ticket: Ticket) -> OutsideStanding | None:
    """The state of a ticket there, taken over here. Raises UnreachableError."""
    standing = tracker.standing(ticket.outside_id)
    if Ability.STANDING in tracker.abilities:
        settings = doors.config.outside_trackers[ticket.tracker]
        now = doors.clock.now()
        doors.filings.take_over(ticket.ref, partial(compared, standing=standing, settings=settings, now=now), now)
    return standing


def mirror_now(doors: FilingDoors, tracker: str, outside_id: str) -> OutsideStanding | None:
    """The same for one ticket at once, when the tracker itself says that something happened there.

    `tracker`: the name that tickets remember. Raises NotFoundError when none of ours is filed there under that id.
    """
    ticket = doors.filings.filed_as(tracker, outside_id)
    door = doors.tracker(tracker)
    try:
        return look(doors, door, ticket)
    finally:
        door.close()


# --- what is different ------------------------------------------------------------------------------------------------


def state_of(standing: OutsideStanding) -> OutsideState:
    """What is remembered of how it stood, beside the comments."""
    return OutsideState(
        status=standing.status, word=standing.word, owner=standing.owner, resolution=standing.resolution
    )


def compared(
    ticket: Ticket,
    pending: frozenset[str],
    standing: OutsideStanding | None,
    settings: TrackerConfig,
    now: datetime,
) -> News:
    """Our ticket and theirs → what is different on ours. `pending`: what was changed here and not told there yet."""
    known = ticket.outside
    if standing is None:
        gone: Line = ("outside", ticket.tracker, "it is gone there, or not shown to us any more")
        return News(change=TicketChange(outside=replace(known, gone=True)), events=() if known.gone else (gone,))
    said = list(_heard(known, standing))
    heard = [one for one in said if one.by_team]
    strangers = [one.author for one in said if not one.by_team]
    change, events = _status(ticket, standing, pending, now)
    owner, more = _owner(ticket, standing, settings, pending)
    change = replace(change, owner=owner)
    events = [*events, *more, *_resolution(ticket, standing)]
    events += [("comment", ticket.tracker, f"{one.author}: {one.text[:LONGEST]}") for one in heard]
    events += [("outside", ticket.tracker, f"{author}, who is no member there, commented") for author in strangers]
    if heard or change.status or change.owner:
        change = replace(change, responded=ticket.responded or now)
    if change.anything or events:
        change = replace(change, changed=now)
    unread = "mail" in pending and standing.status.is_over and _known_status(known) is not standing.status
    comments = (*known.comments, *(one.id for one in said))
    change = replace(change, outside=replace(state_of(standing), comments=comments))
    return News(change=change, events=events, reopen=unread and not ticket.status.is_over)


def _known_status(known: OutsideState) -> TicketStatus:
    """A ticket is filed as an open one."""
    return known.status or TicketStatus.OPEN


def _heard(known: OutsideState, standing: OutsideStanding) -> Iterator[OutsideComment]:
    """What somebody else said to the customer, and we have not heard yet."""
    return (said for said in standing.said if said.public and not said.key and said.id not in known.comments)


def _status(
    ticket: Ticket, standing: OutsideStanding, pending: frozenset[str], now: datetime
) -> tuple[TicketChange, list[Line]]:
    """The later change wins: theirs, as we see it only now, unless ours is still on its way to them."""
    ours, theirs = ticket.status, standing.status
    if theirs is _known_status(ticket.outside) or theirs is ours:
        return TicketChange(), []
    if "mail" in pending and theirs.is_over:
        return TicketChange(), [("outside", ticket.tracker, f"{theirs} there, without the customer's last mail")]
    if "status" in pending:
        line = f"{theirs} there; what was changed here ({ours}) is told there next"
        return TicketChange(), [("outside", ticket.tracker, line)]
    return status_change(ours, theirs, now), [("status", ticket.tracker, turned(ours, theirs))]


def _owner(
    ticket: Ticket, standing: OutsideStanding, settings: TrackerConfig, pending: frozenset[str]
) -> tuple[str | None, list[Line]]:
    """Ours where `owners` knows the person, else as the tracker names them; given to nobody, it stays with ours.

    The new owner, None when it stays.
    """
    if ticket.outside.owner in (None, standing.owner):
        return None, []
    known = {theirs.casefold(): address for address, theirs in settings.owners.items()}
    ours = known.get(standing.owner.casefold(), standing.owner)
    if not ours:
        line = f"assigned to nobody there; here it stays with {ticket.owner or 'nobody'}"
        return None, [("outside", ticket.tracker, line)]
    if "owner" in pending:
        line = f"assigned to {ours} there; what was changed here is told there next"
        return None, [("outside", ticket.tracker, line)]
    if ours == ticket.owner:
        return None, []
    return ours, [("assigned", ticket.tracker, turned(ticket.owner or "nobody", ours))]


def _resolution(ticket: Ticket, standing: OutsideStanding) -> Iterator[Line]:
    if standing.resolution and standing.resolution != ticket.outside.resolution:
        yield "outside", ticket.tracker, f"resolution: {standing.resolution}"
    if ticket.outside.gone:
        yield "outside", ticket.tracker, "it is there again"
