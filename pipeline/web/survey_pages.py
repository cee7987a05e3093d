"""Answers to surveys by link. Looking records nothing, as mail scanners open every link; the button does."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse

from pipeline.letter import links
from pipeline.records.survey import Survey, SurveyAnswer, SurveyState
from pipeline.web import wordings
from pipeline.web.reception import Note
from pipeline.web.site import Site, TroubleError, may_send, site_of

router = APIRouter()
LONGEST = 4000
_STOP_OPEN = timedelta(days=30)  # how long "don't ask me again" on the page is good


@router.get("/q/{token}")
def ask(request: Request, token: str) -> HTMLResponse:
    """The question, with the score of the link chosen. Raises TroubleError."""
    site = site_of(request)
    survey_id, score = _linked(request, site, token)
    survey, language = _asked(request, site, survey_id)
    if survey.state is SurveyState.ANSWERED:
        return _thanks(request, site, survey, language, "already")
    return _page(request, site, survey, language, chosen=score)


@router.post("/q/{token}", dependencies=[Depends(may_send)])
def answer(
    request: Request, token: str, score: Annotated[str, Form()] = "", text: Annotated[str, Form()] = ""
) -> HTMLResponse:
    """Keeps an answer; a later one takes the place of an earlier. Raises TroubleError."""
    site = site_of(request)
    survey_id, _ = _linked(request, site, token)
    survey, language = _asked(request, site, survey_id)
    scale = {str(one): one for one in survey.kind.scale}
    if score not in scale:
        words = wordings.words(language)["survey"]
        return _page(request, site, survey, language, text=text, wrong=words["choose"], status=422)
    given = SurveyAnswer(ref=survey.ticket, kind=survey.kind, score=scale[score], text=text.strip()[:LONGEST])
    sentiment, complains = site.reception.sentiment(given.text)
    if not site.doors.surveys.clicked(given, sentiment, site.doors.clock.now()):
        return _thanks(request, site, survey, language, "already")
    return _thanks(request, site, survey, language, "noted", ref=_passed_on(site, survey, given) if complains else "")


@router.get("/stop/{token}")
def really_stop(request: Request, token: str) -> HTMLResponse:
    """Asks before anything is changed: links are opened by machines too. Raises TroubleError."""
    site = site_of(request)
    _, language = _asked(request, site, site.opened(request, links.STOP, token).subject)
    return site.show(request, "stop", language)


@router.post("/stop/{token}", dependencies=[Depends(may_send)])
def stop(request: Request, token: str) -> HTMLResponse:
    """No more questions to this customer. Raises TroubleError."""
    site = site_of(request)
    survey, language = _asked(request, site, site.opened(request, links.STOP, token).subject)
    site.doors.surveys.stop(survey.customer, site.doors.clock.now())
    return site.show(request, "stop", language, done=True)


def _linked(request: Request, site: Site, token: str) -> tuple[str, str]:
    """The survey and the score of a link. Raises TroubleError."""
    survey_id, _, score = site.opened(request, links.SURVEY, token).subject.rpartition(":")
    return survey_id, score


def _asked(request: Request, site: Site, survey_id: str) -> tuple[Survey, str]:
    """The question and the language it was asked in. Raises TroubleError when it, or its customer, is gone."""
    survey = site.doors.surveys.find(survey_id)
    if survey is None or survey.is_erased:
        raise TroubleError("expired", 410)
    return survey, wordings.choose_language(survey.language, *site.languages(request))


def _passed_on(site: Site, survey: Survey, given: SurveyAnswer) -> str:
    """Who complains in an answer has complained: the words go the way of every mail, into the same thread.

    Returns the reference to quote.
    """
    smtp = site.doors.config.smtp
    about = site.doors.signer.message_id(given.ref, "ack", smtp.domain) if smtp else ""
    text = f"{given.text}\n"
    note = Note(id=survey.id, channel="survey", text=text, email=survey.customer, language=survey.language, about=about)
    ref = site.reception.take(note).ref
    return site.doors.reading.mail(ref).ticket or ref


def _page(
    request: Request,
    site: Site,
    survey: Survey,
    language: str,
    *,
    chosen: str = "",
    text: str = "",
    wrong: str = "",
    status: int = 200,
) -> HTMLResponse:
    kind, words = survey.kind, wordings.words(language)["survey"]
    no_more = site.doors.signer.link(links.STOP, survey.id, site.doors.clock.now() + _STOP_OPEN)
    return site.show(
        request,
        "survey",
        language,
        status,
        question=words[kind],
        low=words[f"{kind}_low"],
        high=words[f"{kind}_high"],
        scores=[str(score) for score in kind.scale],
        chosen=chosen,
        text=text,
        wrong=wrong,
        stop=f"{site.prefix}/stop/{no_more}",
    )


def _thanks(request: Request, site: Site, survey: Survey, language: str, said: str, *, ref: str = "") -> HTMLResponse:
    words = wordings.words(language)["survey"]
    complaint = words["complaint"].format(ref=ref) if ref else ""
    return site.show(request, "survey", language, question=words[survey.kind], thanks=words[said], complaint=complaint)
