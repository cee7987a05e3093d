"""Surveys, joined: who is due is asked, and answers are noted, whatever way they came.

Words are classified by our own model; who complains in an answer has complained.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline import logs, survey
from pipeline.doors import Predictor
from pipeline.errors import FirstlineError, UsageError
from pipeline.parse import message
from pipeline.records.askable import Askable
from pipeline.records.effect import Effect
from pipeline.records.labels import Label, Labels
from pipeline.records.survey import Survey, SurveyKind
from pipeline.understand import classify
from pipeline.wiring.house import House

# --- asking -----------------------------------------------------------------------------------------------------------


def due(house: House) -> list[tuple[Askable, SurveyKind]]:
    """Who is to be asked what now; nothing is done about it."""
    config, now = house.config, house.clock.now()
    if config.smtp is None or not _asks(house):
        return []
    longest = survey.REMEMBERED if config.survey.nps else survey.FRESH
    askable = house.surveys.askable(
        resolved_since=now - config.survey.wait - longest,
        asked_since=now - survey.HALF_YEAR,
        bounced_since=now - config.guard.bounce_memory,
    )
    return list(survey.due(askable, config.survey, ZoneInfo(config.calendar.timezone), now))


def ask(house: House) -> list[tuple[Askable, SurveyKind]]:
    """Journals a question to everybody who is due; the senders send it. Says who was asked what."""
    if not _asks(house):
        return []
    now = house.clock.now()
    house.surveys.expire(now)
    chosen = due(house)
    house.surveys.ask([_question(house, one, kind, now) for one, kind in chosen], now)
    return chosen


def _asks(house: House) -> bool:
    return house.config.survey.nps or house.config.survey.resolved != "nothing"


def ask_quietly(house: House) -> None:
    """For the scheduler: trouble with it is logged and stops nothing."""
    try:
        asked = ask(house)
    except FirstlineError as error:
        logs.get("survey").warning("nobody could be asked", problem=str(error))
        return
    if asked:
        logs.get("survey").info("asked", customers=len(asked))


def _question(house: House, one: Askable, kind: SurveyKind, now: datetime) -> tuple[Askable, SurveyKind, Effect]:
    smtp = house.config.smtp
    assert smtp is not None  # noqa: S101  (nobody is due without [smtp])
    message_id = house.signer.message_id(one.ref, kind.value, smtp.domain)
    return one, kind, survey.question(one, kind, message_id, now + house.config.survey.expires, now)


# --- answers ----------------------------------------------------------------------------------------------------------


def record(house: House, ref: str, kind: SurveyKind, score: int, text: str, by: str) -> tuple[Survey, int]:
    """An answer by telephone or on paper; the survey, and how many answers there are to it now.

    Raises UsageError off the scale, NotFoundError without such a ticket.
    """
    if score not in kind.scale:
        lowest, highest = kind.scale[0], kind.scale[-1]
        raise UsageError(f"--{kind} {score} is not on the scale", remedy=f"{lowest} to {highest}, {highest} the best")
    return house.surveys.record(ref, kind, score, text, _sentiment(house, text), by, house.clock.now())


def heard(text: str, predictor: Predictor | None) -> Labels:
    """What the model says of the words of an answer. Nothing is known of no words, or without a model."""
    if not text.strip():
        return Labels()
    ((labels, _),) = classify([message.plain(text.encode("utf-8", "replace"))], predictor)
    return labels


def _sentiment(house: House, text: str) -> Label:
    predictor, _ = house.predictor_if_any() if text.strip() else (None, "")
    return heard(text, predictor).sentiment
