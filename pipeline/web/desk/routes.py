"""All pages of the desk, and how it looks there when something is wrong."""

from __future__ import annotations

import re

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from pipeline.errors import FirstlineError
from pipeline.web.desk import (
    accounts_page,
    announcements_page,
    answer_page,
    audit_page,
    case_page,
    confirm_page,
    figures_page,
    labelling,
    letter_page,
    letters_page,
    machine_page,
    model_page,
    oidc,
    privacy_page,
    review_page,
    roles_page,
    search_page,
    settings_page,
    sign_in,
    static,
    today_page,
)
from pipeline.web.desk.translations import N_
from pipeline.web.desk.visits import (
    ForbiddenError,
    NotSignedInError,
    is_for_script,
    show,
    status_of,
    visit_of,
    way_back,
)
from pipeline.web.protection import LARGEST_BODY
from pipeline.web.site import TroubleError, site_of

PLACE = "/desk"
FAMILIES = (
    sign_in,
    oidc,
    today_page,
    answer_page,
    case_page,
    search_page,
    figures_page,
    labelling,
    review_page,
    confirm_page,
    model_page,
    machine_page,
    audit_page,
    accounts_page,
    privacy_page,
    letters_page,
    letter_page,
    roles_page,
    announcements_page,
    settings_page,
    static,
)
_TROUBLES = {
    401: (
        N_("Not signed in"),
        N_("Your session is over. Sign in again; go back afterwards for what you wrote."),
    ),
    403: (N_("Not for you"), N_("Your role may not see or do this. “Who may do what” says who may.")),
    404: (N_("Not found"), N_("There is no such page, or what it was about is gone.")),
    405: (N_("Not so"), N_("This address is not asked for in this way.")),
    409: (N_("Changed meanwhile"), N_("Somebody else was faster. Nothing of theirs was overwritten.")),
    413: (N_("Too large"), N_("That is more than can be taken at once.")),
    422: (N_("That can't be done"), N_("Nothing was changed.")),
    429: (N_("Too many at once"), N_("Please wait a little.")),
    500: (N_("A mistake of ours"), N_("Nothing is lost. It is in the log; please try again.")),
    503: (N_("Not now"), N_("The database does not answer. Please try again in a moment.")),
}
_STALE = N_(
    "This form is too old, or did not come from a page of ours. Go back, load the page again, and send it once more."
)


def add_desk(app: FastAPI) -> None:
    """The pages below /desk."""
    whole = APIRouter(include_in_schema=False)
    for family in FAMILIES:
        whole.include_router(family.router)
    app.include_router(whole)
    app.add_exception_handler(NotSignedInError, _not_signed_in)
    app.add_exception_handler(ForbiddenError, _forbidden)


def is_desk(request: Request) -> bool:
    """Is it a page of the desk?"""
    return request.url.path == PLACE or request.url.path.startswith(f"{PLACE}/")


LARGEST_UPLOAD = 12_000_000  # bytes of a form with attachments
_UPLOADS = re.compile(r"/desk/case/[^/]+/answer(/\w+)?")


def largest_body(request: Request) -> int:
    """How much a request may bring: attachments where answers are written, from somebody who is signed in."""
    if not _UPLOADS.fullmatch(request.url.path):
        return LARGEST_BODY
    try:
        return LARGEST_UPLOAD if visit_of(request).may("answer") else LARGEST_BODY
    except (NotSignedInError, FirstlineError):  # away, or a stranger: as for everybody
        return LARGEST_BODY


def trouble(request: Request, status: int, what: str = "", text: str = "", kept: str = "") -> Response:
    """A page that says what is wrong. `what`: our own words for it, beside those for everybody; `kept`: what the
    visitor had written."""
    visit = None
    if is_for_script(request):
        return JSONResponse({"detail": what or text or _TROUBLES.get(status, _TROUBLES[422])[0]}, status)
    try:
        visit = visit_of(request)
    except (NotSignedInError, FirstlineError):  # FirstlineError: the database is away, which may be the trouble itself
        visit = None
    title, usual = _TROUBLES.get(status, _TROUBLES[422])
    language = visit.account.language if visit else ""
    return show(
        request,
        "desk/trouble.html",
        status,
        visit=visit,
        language=language,
        title=title,
        text=text or usual,
        what=what,
        kept=kept,
    )


def failed(request: Request, error: Exception) -> Response:
    """What a page could not do, by what stopped it."""
    if isinstance(error, TroubleError):
        return trouble(request, error.status)
    if isinstance(error, HTTPException):
        return trouble(request, error.status_code)
    if isinstance(error, RequestValidationError):
        return trouble(request, 422)
    if isinstance(error, FirstlineError):
        return trouble(request, status_of(error), f"{error.what} {error.remedy}".strip())
    return trouble(request, 500)


async def _not_signed_in(request: Request, error: Exception) -> Response:
    if request.method in ("GET", "HEAD") and not is_for_script(request):
        return RedirectResponse(site_of(request).prefix + way_back(request), 303)
    return trouble(request, 401)


async def _forbidden(request: Request, error: Exception) -> Response:
    stale = isinstance(error, ForbiddenError) and error.stale
    return trouble(request, 403, text=_STALE if stale else "")
