"""The signed, expiring links that we give to customers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pipeline.config.settings import Config
from pipeline.records.survey import SurveyKind
from pipeline.tokens import Signer

STATUS, SURVEY, STOP, FORM = "status", "survey", "stop", "form"  # what a link is for
_PAGES = {STATUS: "s", SURVEY: "q", STOP: "stop"}
NONE: Mapping[str, Any] = {"status_link": "", "scores": [], "stop_link": ""}  # where there are no pages


def of_letter(config: Config, signer: Signer, details: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    """The links that only the reader of this letter gets, as variables of it. `details`: of its effect."""
    if not config.web.url or details.get("customer"):  # no pages, or the reader is the owner of the ticket
        return NONE
    expires = now + config.web.link_expires
    own = {**NONE, "status_link": _to(STATUS, config, signer, details["ref"], expires)}
    if asked := details.get("survey"):
        until = datetime.fromisoformat(asked["expires"])
        own["stop_link"] = _to(STOP, config, signer, asked["id"], expires)
        own["scores"] = [
            {"score": str(score), "link": _to(SURVEY, config, signer, f"{asked['id']}:{score}", until)}
            for score in SurveyKind(asked["kind"]).scale
        ]
    return own


def _to(purpose: str, config: Config, signer: Signer, subject: str, expires: datetime) -> str:
    return f"{config.web.url}/{_PAGES[purpose]}/{signer.link(purpose, subject, expires)}"
