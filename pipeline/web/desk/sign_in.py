"""Signing in and out, and choosing a password by a link that is good once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from pipeline.desk import accounts
from pipeline.desk.accounts import SHORTEST, SignInError
from pipeline.errors import NotFoundError, UsageError
from pipeline.web.desk.visits import (
    HOME,
    SIGN_IN,
    Acting,
    ForbiddenError,
    NotSignedInError,
    cookie_name,
    is_from_us,
    may_do,
    own_path,
    set_cookie,
    show,
    visit_of,
)
from pipeline.web.site import client_of, may_look, site_of

router = APIRouter(dependencies=[Depends(may_look)])


@router.get("/desk")
@router.get("/desk/")
def first_page(request: Request) -> RedirectResponse:
    """Where people begin."""
    return RedirectResponse(site_of(request).prefix + HOME, 303)


@router.get(SIGN_IN)
def empty(request: Request, next: str = "") -> Response:
    """The form; who is signed in goes on."""
    try:
        visit_of(request)
    except NotSignedInError:
        return _form(request, next, "", "")
    return RedirectResponse(site_of(request).prefix + own_path(next), 303)


@router.post(SIGN_IN)
def sign_in(
    request: Request,
    address: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",
) -> Response:
    """Begins a session, under an id that nobody has seen before."""
    if not is_from_us(request):
        raise ForbiddenError(stale=True)
    site, client = site_of(request), client_of(request)
    number = site.doors.audit.begin("", "sign-in", client, site.doors.clock.now())
    try:
        found = accounts.sign_in(site.doors, address, password, client)
    except SignInError as error:
        why = "waits" if error.waits else "wrong"
        site.doors.audit.close(number, subject="", before={}, after={"why": why}, outcome="refused")
        return _form(request, next, address, why)
    site.doors.audit.close(number, subject=found.address, before={}, after={}, outcome="done", account=found.address)
    return enter(request, found.address, own_path(next))


@router.post("/desk/sign-out")
def sign_out(request: Request, acting: Annotated[Acting, Depends(may_do("sign-out"))]) -> Response:
    """Ends this session."""
    acting.doors.sessions.end(acting.visit.session.id, acting.who)
    acting.did(acting.who)
    answer = acting.go("/desk/")
    answer.headers["location"] = acting.visit.site.prefix + SIGN_IN
    set_cookie(answer, acting.visit.site, "")
    return answer


@router.get("/desk/invitation/{secret}")
def invitation(request: Request, secret: str) -> Response:
    """The form in which a password is chosen."""
    doors = site_of(request).doors
    found = accounts.invited(doors, secret)
    return show(request, "desk/invitation.html", 200 if found else 404, account=found, wrong="", shortest=SHORTEST)


@router.post("/desk/invitation/{secret}")
def accept(
    request: Request, secret: str, password: Annotated[str, Form()] = "", again: Annotated[str, Form()] = ""
) -> Response:
    """Takes the password, once, and lets them in."""
    if not is_from_us(request):
        raise ForbiddenError(stale=True)
    site, client = site_of(request), client_of(request)
    found = accounts.invited(site.doors, secret)
    if found is None:
        return show(request, "desk/invitation.html", 404, account=None, wrong="", shortest=SHORTEST)
    number = site.doors.audit.begin(found.address, "choose-password", client, site.doors.clock.now())
    wrong = ""
    try:
        if password != again:
            wrong = "different"
        else:
            accounts.accept(site.doors, secret, password)
    except NotFoundError:
        found = None
    except UsageError:
        wrong = "weak"
    if wrong or found is None:
        site.doors.audit.close(number, subject="", before={}, after={"why": wrong or "used"}, outcome="refused")
        status = 422 if found else 404
        return show(request, "desk/invitation.html", status, account=found, wrong=wrong, shortest=SHORTEST)
    site.doors.audit.close(number, subject=found.address, before={}, after={}, outcome="done")
    return enter(request, found.address, HOME)


@router.get("/desk/enter/{secret}")
def walk_in(request: Request, secret: str) -> Response:
    """By a link of the demonstration: signed in, once."""
    doors = site_of(request).doors
    if address := accounts.walk_in(doors, secret):
        number = doors.audit.begin(address, "sign-in", client_of(request), doors.clock.now())
        doors.audit.close(number, subject=address, before={}, after={"by": "link"}, outcome="done")
        return enter(request, address, HOME)
    return RedirectResponse(site_of(request).prefix + SIGN_IN, 303)


def enter(request: Request, address: str, path: str) -> Response:
    """Signed in: on to where they wanted to go, with a new cookie; the old one opens nothing any more."""
    site = site_of(request)
    before = request.cookies.get(cookie_name(site), "")
    browser = request.headers.get("user-agent", "")
    secret = accounts.begin_session(site.doors, address, client_of(request), browser, before)
    answer = RedirectResponse(site.prefix + own_path(path), 303)
    set_cookie(answer, site, secret)
    return answer


def _form(request: Request, wanted: str, address: str, wrong: str) -> Response:
    doors = site_of(request).doors
    provider = doors.config.desk.oidc
    is_empty = not doors.accounts.all()
    status = {"": 200, "wrong": 401, "waits": 429}[wrong]
    return show(
        request,
        "desk/sign_in.html",
        status,
        address=address[:254],
        wrong=wrong,
        next=own_path(wanted) if wanted else "",
        provider=provider,
        is_empty=is_empty,
    )
