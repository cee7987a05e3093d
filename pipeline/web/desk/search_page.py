"""Search: a box, filters in the address of the page, and what was found with the words marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from pipeline.desk.search import Objection, Page, Query, UnsearchableError, keep_up, search
from pipeline.records.ticket import TicketStatus
from pipeline.web.desk import days
from pipeline.web.desk.translations import N_
from pipeline.web.desk.visits import Visit, may_see

router = APIRouter()
OBJECTIONS: Mapping[Objection, str] = {
    Objection.NO_WORD: N_("There is no word in it to look for: write letters or digits."),
    Objection.TOO_LONG: N_("That is too long to look for. Write fewer words."),
    Objection.TOO_MANY: N_("Those are too many words to look for at once."),
    Objection.NO_STATUS: N_("There is no such status."),
    Objection.NO_PAGE: N_("There is no such page of the list. Search again."),
}
STATUSES: Mapping[TicketStatus, str] = {
    TicketStatus.OPEN: N_("open"),
    TicketStatus.ACTIVE: N_("somebody works on it"),
    TicketStatus.WAITING: N_("waiting for the customer"),
    TicketStatus.RESOLVED: N_("resolved"),
    TicketStatus.CLOSED: N_("closed"),
}
_TRUTH = {"yes": True, "no": False}


@dataclass
class Sought:
    """The fields of the form."""

    q: str = ""
    mailbox: str = ""
    topic: str = ""
    status: str = ""
    language: str = ""
    complaint: str = ""
    ticket: str = ""
    owner: str = ""
    since: str = ""
    until: str = ""
    after: str = ""

    def query(self, zone: str) -> Query:
        """Days and yes or no that are none are left open."""
        return Query(
            words=self.q,
            mailbox=self.mailbox,
            topic=self.topic,
            status=self.status,
            language=self.language,
            complaint=_TRUTH.get(self.complaint),
            ticket=_TRUTH.get(self.ticket),
            owner=self.owner.strip(),
            since=days.beginning(self.since, zone),
            until=days.end(self.until, zone),
            after=self.after,
        )

    @property
    def filters(self) -> int:
        """How many are set, beside the words."""
        return sum(bool(value) for name, value in asdict(self).items() if name not in ("q", "after"))

    def address(self, after: str) -> str:
        """Of another page of the same list."""
        return urlencode({name: value for name, value in {**asdict(self), "after": after}.items() if value})


@router.get("/desk/search")
def look(visit: Annotated[Visit, Depends(may_see("search"))], sought: Annotated[Sought, Depends()]) -> Response:
    """The newest first; without anything to look for only the form."""
    page, problem = Page(), ""
    is_asked = bool(sought.q.strip() or sought.filters)
    if is_asked:
        keep_up(visit.doors)
        try:
            page = search(visit.doors, sought.query(visit.doors.config.calendar.timezone))
        except UnsearchableError as error:
            problem = OBJECTIONS[error.objection]
    return visit.show(
        "desk/search.html",
        422 if problem else 200,
        sought=sought,
        is_asked=is_asked and not problem,
        found=page,
        more=sought.address(page.next) if page.next else "",
        problem=problem,
        topics=visit.topic_titles,
        mailboxes=[*visit.doors.config.mailbox],
        statuses=STATUSES,
    )
