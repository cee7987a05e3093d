"""Accounts: for admins those of everybody, for each their own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from pipeline.desk import accounts
from pipeline.errors import NotFoundError, UsageError
from pipeline.web.desk.translations import LANGUAGES, N_
from pipeline.web.desk.visits import ROLE_NAMES, Acting, Visit, may_do, may_see
from pipeline.web.site import client_of

router = APIRouter()


@router.get("/desk/accounts")
def everybody(visit: Annotated[Visit, Depends(may_see("see-accounts"))]) -> Response:
    """All accounts."""
    return _list(visit)


@router.post("/desk/accounts/add")
def add(
    acting: Annotated[Acting, Depends(may_do("add-account"))],
    address: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
) -> Response:
    """A new one, and the link in which its owner chooses a password."""
    new = accounts.add(acting.doors, address, name, accounts.role_of(role))
    acting.did(new.address, None, {"role": new.role, "name": new.name})
    return _list(acting.visit, new.address, accounts.invite(acting.doors, new.address))


@router.post("/desk/accounts/role")
def change_role(
    acting: Annotated[Acting, Depends(may_do("change-role"))],
    address: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
) -> Response:
    """Counts from their next click on."""
    before = acting.doors.accounts.get(accounts.folded(address))
    accounts.change_role(acting.doors, address, accounts.role_of(role))
    acting.did(before.address, {"role": before.role}, {"role": role})
    return acting.go("/desk/accounts")


@router.post("/desk/accounts/disable")
def disable(
    acting: Annotated[Acting, Depends(may_do("disable-account"))],
    address: Annotated[str, Form()] = "",
    able: Annotated[str, Form()] = "",
) -> Response:
    """They may not sign in any more; or again, with `able`."""
    name = accounts.folded(address)
    (accounts.enable if able == "yes" else accounts.disable)(acting.doors, name)
    acting.did(name, {"able": able != "yes"}, {"able": able == "yes"})
    return acting.go("/desk/accounts")


@router.post("/desk/accounts/invite")
def invite(acting: Annotated[Acting, Depends(may_do("invite"))], address: Annotated[str, Form()] = "") -> Response:
    """A link, shown once: earlier ones are good no more."""
    name = accounts.folded(address)
    secret = accounts.invite(acting.doors, name)
    acting.did(name)
    return _list(acting.visit, name, secret)


@router.get("/desk/account")
def own(visit: Annotated[Visit, Depends(may_see("see-account"))], done: str = "") -> Response:
    """One's own."""
    return _own(visit, done=bool(done))


@router.post("/desk/account")
def change(
    acting: Annotated[Acting, Depends(may_do("change-account"))],
    name: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "",
) -> Response:
    """One's name, and the language of the pages."""
    before, name = acting.visit.account, accounts.name_of(name)
    language = language if language in LANGUAGES else ""
    acting.doors.accounts.change(acting.who, name=name, language=language)
    acting.did(acting.who, {"name": before.name, "language": before.language}, {"name": name, "language": language})
    return acting.go("/desk/account?done=yes")


@router.post("/desk/account/password")
def change_password(
    acting: Annotated[Acting, Depends(may_do("change-password"))],
    old: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Whoever is signed in elsewhere with it has to sign in again."""
    try:
        accounts.sign_in(acting.doors, acting.who, old, client_of(acting.visit.request))
    except accounts.SignInError as error:
        waits = N_("Too many wrong passwords came from here. Please wait a quarter of an hour.")
        return _refused(acting, waits if error.waits else N_("The password that you have is another one."))
    if password != again:
        return _refused(acting, N_("The two are not the same."))
    try:
        accounts.set_password(acting.doors, acting.who, password, but=acting.visit.session.id)
    except UsageError:
        weak = N_("That password is too short or easily guessed. Take four words that nobody expects.")
        return _refused(acting, weak)
    acting.did(acting.who)
    return acting.go("/desk/account?done=yes")


@router.post("/desk/account/sessions/end")
def end_session(
    acting: Annotated[Acting, Depends(may_do("end-session"))], session: Annotated[str, Form()] = ""
) -> Response:
    """Another browser has to sign in again. Raises NotFoundError for one of somebody else."""
    if not acting.doors.sessions.end(session, acting.who):
        raise NotFoundError("you are not signed in there")
    acting.did(acting.who, {"session": session[:8]})
    return acting.go("/desk/account?done=yes")


def _list(visit: Visit, invited: str = "", secret: str = "") -> Response:
    return visit.show(
        "desk/accounts.html",
        accounts=visit.doors.accounts.all(),
        roles=list(ROLE_NAMES),
        invited=invited,
        link=accounts.link_of(visit.doors, secret) if secret else "",
    )


def _refused(acting: Acting, wrong: str) -> Response:
    acting.refused(wrong)
    return _own(acting.visit, wrong=wrong, status=422)


def _own(visit: Visit, *, done: bool = False, wrong: str = "", status: int = 200) -> Response:
    return visit.show(
        "desk/account.html",
        status,
        sessions=accounts.sessions_of(visit.doors, visit.account.address),
        shortest=accounts.SHORTEST,
        done=done,
        wrong=wrong,
    )
