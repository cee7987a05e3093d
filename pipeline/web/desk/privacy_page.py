"""Personal data: what there is of a customer, all of it as a file, and that it goes.

The address is never in an address of a page, nor in the audit log: there a keyed hash stands for it.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pipeline.desk.privacy.erase import erase
from pipeline.desk.privacy.export import export
from pipeline.desk.privacy.subject import subject_of
from pipeline.desk.privacy.under_way import UnderWay
from pipeline.errors import UsageError
from pipeline.records.personal import Traces
from pipeline.web.desk.visits import Acting, Visit, may_do, may_see

router = APIRouter()


@router.get("/desk/privacy")
def ask(visit: Annotated[Visit, Depends(may_see("see-privacy"))]) -> Response:
    """Whose?"""
    return _page(visit)


@router.post("/desk/privacy")
def look_up(
    acting: Annotated[Acting, Depends(may_do("look-up-customer"))], address: Annotated[str, Form()] = ""
) -> Response:
    """What there is of somebody."""
    found = _find(acting, address)
    acting.did(found.person.key)
    return _page(acting.visit, found)


@router.post("/desk/privacy/export")
def save(acting: Annotated[Acting, Depends(may_do("save-customer"))], address: Annotated[str, Form()] = "") -> Response:
    """All of it in a zip."""
    found = _find(acting, address)
    with tempfile.TemporaryDirectory() as folder:
        file = export(acting.doors, found, Path(folder) / "customer.zip").file
        content = file.read_bytes()
    acting.did(found.person.key)
    headers = {"Content-Disposition": 'attachment; filename="customer.zip"'}
    return Response(content, media_type="application/zip", headers=headers)


@router.post("/desk/privacy/erase")
def carry_out(
    acting: Annotated[Acting, Depends(may_do("erase-customer"))],
    address: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
    keep_ticket: Annotated[str, Form()] = "",
    others: Annotated[str, Form()] = "",
) -> Response:
    """They are gone afterwards; what could not be reached is shown. Raises UsageError unless it was typed twice."""
    if address.strip().casefold() != again.strip().casefold():
        raise UsageError("the two addresses are not the same", remedy="type it again, so that nobody else is erased")
    found = _find(acting, address)
    done = erase(acting.doors, found, by=acting.who, keep_tickets=keep_ticket == "yes", others=others == "yes")
    acting.did(done.erasure.id, {}, {"mails": len(found.mails), "tickets": len(found.tickets)})
    return _page(acting.visit, done=done)


def _find(acting: Acting, address: str) -> Traces:
    return acting.doors.personal_data.find(subject_of(address, acting.doors.signer))


def _page(visit: Visit, found: Traces | None = None, done: UnderWay | None = None) -> Response:
    data = visit.doors.personal_data
    return visit.show(
        "desk/privacy.html",
        found=found,
        done=done,
        holds=data.holds(found) if found else [],
        erasures=data.erasures()[:20],
    )
