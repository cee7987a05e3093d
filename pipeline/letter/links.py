"""The signed, expiring links that we give to customers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pipeline.config.settings import Config
from pipeline.records.payload import (
    AcknowledgementPayload,
    AnswerPayload,
    LetterPayload,
    NoticePayload,
    QuestionPayload,
)
from pipeline.tokens import Signer

STATUS, SURVEY, STOP, FORM = "status", "survey", "stop", "form"  # what a link is for
_PAGES = {STATUS: "s", SURVEY: "q", STOP: "stop"}
NONE: Mapping[str, object] = {"status_link": "", "scores": [], "stop_link": ""}  # where there are no pages


def of_letter(config: Config, signer: Signer, about: LetterPayload, now: datetime) -> Mapping[str, object]:
    """The links that only the reader of this letter gets, as variables of it."""
    to_staff = isinstance(about, NoticePayload) and about.customer
    if not config.web.url or to_staff:  # no pages, or the reader is the owner of the ticket
        return NONE
    expires = now + config.web.link_expires
    shown = _shown(about)
    own = {**NONE, "status_link": status_link(config, signer, shown, now) if shown else ""}
    if isinstance(about, QuestionPayload):
        asked = about.survey
        own["stop_link"] = _to(STOP, config, signer, asked.id, expires)
        own["scores"] = [
            {"score": str(score), "link": _to(SURVEY, config, signer, f"{asked.id}:{score}", asked.expires)}
            for score in asked.kind.scale
        ]
    return own


def _shown(about: LetterPayload) -> str:
    """Whose status the link shows, '' for nobody's: others than the ticket's customer must not have it."""
    if isinstance(about, AcknowledgementPayload):
        return about.status_of
    return "" if isinstance(about, AnswerPayload) and about.cc else about.ref


def status_link(config: Config, signer: Signer, ref: str, now: datetime) -> str:
    """Where the customer of a ticket reads how it stands, for as long as `[web] link_expires` says."""
    return _to(STATUS, config, signer, ref, now + config.web.link_expires)


def _to(purpose: str, config: Config, signer: Signer, subject: str, expires: datetime) -> str:
    return f"{config.web.url}/{_PAGES[purpose]}/{signer.link(purpose, subject, expires)}"
