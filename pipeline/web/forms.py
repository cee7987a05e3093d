"""The feedback form: open to everybody where `[web] form` says so. No cookies; a field that only robots fill in."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse

from pipeline.letter import links
from pipeline.web import wordings
from pipeline.web.reception import ADDRESS, Note
from pipeline.web.site import Site, TroubleError, may_send, site_of

router = APIRouter()
OPEN_FOR = timedelta(hours=12)  # how long a page may stay open before it is sent
LONGEST = {"text": 20_000, "subject": 200, "name": 100, "email": 254}


@dataclass(frozen=True, kw_only=True)
class FormInput:
    """What is in the fields."""

    text: str = ""
    subject: str = ""
    name: str = ""
    email: str = ""


@router.get("/feedback")
def empty(request: Request) -> HTMLResponse:
    """The form, to be filled in."""
    site = _open(request)
    return _form(request, site, wordings.choose_language(*site.languages(request)), FormInput())


@router.post("/feedback", dependencies=[Depends(may_send)])
def send(
    request: Request,
    text: Annotated[str, Form()] = "",
    subject: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    email: Annotated[str, Form()] = "",
    website: Annotated[str, Form()] = "",
    sheet: Annotated[str, Form()] = "",
    lang: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """Takes a filled-in form as a mail; shows it again, and what is wrong, where something is."""
    site = _open(request)
    language = wordings.choose_language(lang, *site.languages(request))
    given = FormInput(text=text.strip(), subject=subject.strip(), name=name.strip(), email=email.strip())
    link = site.doors.signer.read_link(links.FORM, sheet)
    wrong = _wrong(given) or ("stale" if link is None or link.expires < site.doors.clock.now() else "")
    if wrong or link is None:
        return _form(request, site, language, given, wordings.words(language)["form"][wrong])
    if website:  # nobody sees this field: a robot is told what it wants to hear
        return site.show(request, "form", language, ref=site.doors.signer.ref(link.subject), mail_follows=False)
    note = Note(id=link.subject, channel="form", language=language, **asdict(given))
    receipt = site.reception.take(note)
    return site.show(request, "form", language, ref=receipt.ref, mail_follows=receipt.acknowledged)


def _open(request: Request) -> Site:
    """Raises TroubleError where there is no form."""
    site = site_of(request)
    if not site.doors.config.web.form:
        raise TroubleError("not_found", 404)
    return site


def _wrong(given: FormInput) -> str:
    """The name of the text that says what is wrong, ''."""
    if any(len(value) > LONGEST[name] for name, value in asdict(given).items()):
        return "too_long"
    if not given.text:
        return "missing_text"
    return "wrong_email" if given.email and not ADDRESS.fullmatch(given.email) else ""


def _form(request: Request, site: Site, language: str, given: FormInput, wrong: str = "") -> HTMLResponse:
    """With what was given, so that nobody writes twice. `sheet` names this one: sent twice it is one message."""
    sheet = site.doors.signer.link(links.FORM, secrets.token_hex(12), site.doors.clock.now() + OPEN_FOR)
    status = 422 if wrong else 200
    return site.show(
        request, "form", language, status, given=given, wrong=wrong, sheet=sheet, longest=LONGEST["text"], ref=""
    )
