"""Signing in with an account elsewhere: to the provider, and back with a code."""

from __future__ import annotations

import secrets

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from pipeline.desk import accounts
from pipeline.errors import UsageError
from pipeline.web.desk.sign_in import enter
from pipeline.web.desk.translations import N_
from pipeline.web.desk.visits import ForbiddenError, is_secure, own_path, show, speech_for
from pipeline.web.site import Site, TroubleError, client_of, may_look, site_of
from pipeline.wiring.sign_in.identity import Attempt, IdentityProvider

router = APIRouter(dependencies=[Depends(may_look)])
BACK = "/desk/oidc/back"
PATIENCE = 600  # seconds that somebody may take to sign in there
_REFUSED = N_("You are known there, but have no account here. An admin can let you in.")


@router.get("/desk/oidc")
def begin(request: Request, next: str = "") -> Response:
    """To the provider. The browser keeps what proves that it began.

    No form, as browsers count where a form is led on to as its target, which our policy does not allow.
    """
    site = site_of(request)
    provider, attempt = _provider(site), Attempt(secrets.token_urlsafe(32))
    answer = RedirectResponse(provider.page(attempt), 303)
    answer.set_cookie(
        _cookie(site),
        f"{attempt.secret}.{own_path(next)}",
        max_age=PATIENCE,
        path="/",
        secure=is_secure(site),
        httponly=True,
        samesite="lax",  # strict would keep it back when the provider sends the browser here
    )
    return answer


@router.get(BACK)
def back(request: Request, code: str = "", state: str = "") -> Response:
    """Here again. The attempt is over, however it ends."""
    site, client = site_of(request), client_of(request)
    doors, provider = site.doors, _provider(site)
    secret, _, wanted = request.cookies.get(_cookie(site), "").partition(".")
    number = doors.audit.begin("", "sign-in", client, doors.clock.now())
    try:
        if not secret or not Attempt(secret).is_answered_by(state):
            raise ForbiddenError(stale=True)
        person = provider.person(Attempt(secret), code, doors.clock.now())
        found = accounts.recognise(doors, person.address, person.name, person.groups)
    except Exception as error:
        why = {"why": type(error).__name__}
        doors.audit.close(number, subject="", before={}, after=why, outcome="refused")
        if isinstance(error, UsageError):
            speech = speech_for(request)
            title, text = speech.say(N_("Not let in")), speech.say(_REFUSED)
            return _end(site, show(request, "desk/trouble.html", 403, title=title, text=text, what=error.what))
        raise
    doors.audit.close(number, subject=found.address, before={}, after={}, outcome="done", account=found.address)
    return _end(site, enter(request, found.address, wanted))


def _end(site: Site, answer: Response) -> Response:
    answer.delete_cookie(_cookie(site), path="/", secure=is_secure(site), httponly=True, samesite="lax")
    return answer


def _provider(site: Site) -> IdentityProvider:
    """Raises TroubleError where there is none."""
    if site.identity is None:
        raise TroubleError("not_found", 404)
    return site.identity


def _cookie(site: Site) -> str:
    return "__Host-oidc" if is_secure(site) else "oidc"
