"""Where do I stand: a page by signed, expiring link, with what the customer wrote, how it stands, what was promised."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from pipeline.letter import dates, links
from pipeline.records.promise import PromiseKind
from pipeline.records.ticket import TicketStatus
from pipeline.store.status_page import Standings, Whereabouts
from pipeline.web import wordings
from pipeline.web.site import TroubleError, site_of

router = APIRouter()


@router.get("/s/{token}")
def status(request: Request, token: str) -> HTMLResponse:
    """How a ticket stands, for who has its customer's link. Raises TroubleError."""
    site = site_of(request)
    link = site.opened(request, links.STATUS, token)
    found = Standings(site.doors.database).of(link.subject)
    if found is None:  # erased, or the database is an older one
        raise TroubleError("expired", 410)
    language = wordings.choose_language(found.language, *site.languages(request))
    zone = site.doors.config.of_mailbox(found.mailbox).calendar.timezone
    words = wordings.words(language)["status"]

    def when(at: datetime) -> str:
        return dates.when(at, language, zone)

    return site.show(
        request,
        "status",
        language,
        ref=found.ref,
        subject=found.subject,
        text=found.text,
        wrote_on=words["on"].format(when=when(found.received)),
        state=words[found.status or "received"],
        steps=[
            words[name].format(when=when(at) if at else "") for name, at in next_steps(found, site.doors.clock.now())
        ],
        comments=[{"when": when(at), "text": text} for at, text in found.comments],
    )


def next_steps(found: Whereabouts, now: datetime) -> Iterator[tuple[str, datetime | None]]:
    """What happens next, as names of texts with the time they speak of; only what is true now."""
    respond, resolve = (found.promises.get(kind) for kind in (PromiseKind.RESPOND, PromiseKind.RESOLVE))
    if found.status and (found.status.is_over or found.status is TicketStatus.WAITING):
        yield f"reply_{found.status}", None
        return
    if respond:
        yield ("respond_by" if respond > now else "late"), respond
    elif found.responded:
        yield "answered", None
    if resolve and resolve > now:
        yield "resolve_by", resolve
    yield "reply_open", None
