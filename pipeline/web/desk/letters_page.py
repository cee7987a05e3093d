"""All letters at a glance, saved replies and help pages: how it stands with each in each language."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pipeline.desk.texts.overview import TextOverview, TextState, overview
from pipeline.desk.texts.places import mailboxes, new_place
from pipeline.errors import NotFoundError
from pipeline.records.texts import TextKind, TextPlace
from pipeline.web.desk.today_page import topics_of
from pipeline.web.desk.translations import N_
from pipeline.web.desk.visits import Acting, Visit, may_do, may_see

router = APIRouter()
PLACE = "/desk/letters"
GROUP_NAMES = {
    "topics": N_("By topic"),
    "always": N_("Whatever it is about"),
    "following": N_("While a case is followed up"),
    "asking": N_("Questions to customers"),
    "saved": N_("Saved replies"),
    "articles": N_("Help pages"),
    "parts": N_("Parts that letters are made with"),
}
STATE_NAMES = {
    TextState.THERE: N_("there"),
    TextState.WAITING: N_("changed, not in use yet"),
    TextState.BROKEN: N_("broken"),
    TextState.SILENT: N_("does not say when work begins"),
    TextState.MISSING: N_("missing"),
}
NEW_KINDS = {TextKind.SAVED: N_("a saved reply"), TextKind.ARTICLE: N_("a help page")}


@router.get(PLACE)
def look(visit: Annotated[Visit, Depends(may_see("see-letters"))], mailbox: str = "") -> Response:
    """The matrix and the lists."""
    own = mailboxes(visit.doors.config)
    if mailbox and mailbox not in own:
        raise NotFoundError(
            "there is no mailbox with letters of its own of that name", remedy="see the list of letters"
        )
    found = overview(visit.doors, mailbox)
    return visit.show(
        "desk/letters.html",
        found=found,
        mailbox=mailbox,
        mailboxes=own,
        begun=visit.doors.text_drafts.all_of(visit.account.address),
        group_names=GROUP_NAMES,
        state_names=STATE_NAMES,
        topic_names=topics_of(visit),
        counts=_counts(found),
        new_kinds=NEW_KINDS,
        link=link_of,
    )


@router.post(f"{PLACE}/new")
def begin(
    acting: Annotated[Acting, Depends(may_do("try-text"))],
    kind: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "",
) -> Response:
    """A saved reply or help page that is not there yet: its editor, with nothing in it."""
    if kind not in list(NEW_KINDS):
        raise NotFoundError("there is no such kind of text", remedy="choose one of the list")
    place = new_place(TextKind(kind), language or acting.doors.config.replies.language, name.strip())
    acting.did(place.key)
    return acting.go(link_of(place))


def link_of(place: TextPlace, more: str = "") -> str:
    """Where it is edited; `more`: a page about it."""
    parts = "/".join(quote(one, safe="") for one in (place.kind.value, place.language, place.name))
    query = f"?{urlencode({'mailbox': place.mailbox})}" if place.mailbox else ""
    return f"{PLACE}/{parts}{more}{query}"


def _counts(found: TextOverview) -> dict[TextState, int]:
    """How many of each state are not as they should be."""
    states = [cell.state for group in found.groups for row in group.rows for cell in row.cells]
    return {state: states.count(state) for state in STATE_NAMES if state is not TextState.THERE and state in states}
