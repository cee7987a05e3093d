"""Surveys, joined: who is due is asked, and answers are noted, whatever way they came.

Words are classified by our own model; who complains in an answer has complained.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline import logs, survey
from pipeline.doors import Predictor
from pipeline.engine.doors import SurveyDoors
from pipeline.errors import FirstlineError, UsageError
from pipeline.parse import message
from pipeline.records.askable import Askable
from pipeline.records.effect import Effect
from pipeline.records.labels import Label, Labels
from pipeline.records.survey import Survey, SurveyKind
from pipeline.understand import classify

# --- asking -----------------------------------------------------------------------------------------------------------


def due(doors: SurveyDoors) -> list[tuple[Askable, SurveyKind]]:
    """Who is to be asked what now; nothing is done about it."""
    config, now = doors.config, doors.clock.now()
    if config.smtp is None or not _asks(doors):
        return []
    longest = survey.REMEMBERED if config.survey.nps else survey.FRESH
    askable = doors.surveys.askable(
        resolved_since=now - config.survey.wait - longest,
        asked_since=now - survey.HALF_YEAR,
        bounced_since=now - config.guard.bounce_memory,
    )

    def zone(mailbox: str) -> ZoneInfo:
        return ZoneInfo(config.of_mailbox(mailbox).calendar.timezone)

    return list(survey.due(askable, config.survey, zone, now))


def ask(doors: SurveyDoors) -> list[tuple[Askable, SurveyKind]]:
    """Journals a question to everybody who is due; the senders send it. Says who was asked what."""
    if not _asks(doors):
        return []
    now = doors.clock.now()
    doors.surveys.expire(now)
    chosen = due(doors)
    doors.surveys.ask([_question(doors, one, kind, now) for one, kind in chosen], now)
    return chosen


def _asks(doors: SurveyDoors) -> bool:
    return doors.config.survey.nps or doors.config.survey.resolved != "nothing"


def ask_quietly(doors: SurveyDoors) -> None:
    """For the scheduler: trouble with it is logged and stops nothing."""
    try:
        asked = ask(doors)
    except FirstlineError as error:
        logs.get("survey").warning("nobody could be asked", problem=str(error))
        return
    if asked:
        logs.get("survey").info("asked", customers=len(asked))


def _question(doors: SurveyDoors, one: Askable, kind: SurveyKind, now: datetime) -> tuple[Askable, SurveyKind, Effect]:
    smtp = doors.config.smtp
    assert smtp is not None  # noqa: S101  (nobody is due without [smtp])
    message_id = doors.signer.message_id(one.ref, kind.value, smtp.domain)
    return one, kind, survey.question(one, kind, message_id, now + doors.config.survey.expires, now)


# --- answers ----------------------------------------------------------------------------------------------------------


def record(doors: SurveyDoors, ref: str, kind: SurveyKind, score: int, text: str, by: str) -> tuple[Survey, int]:
    """An answer by telephone or on paper; the survey, and how many answers there are to it now.

    Raises UsageError off the scale, NotFoundError without such a ticket.
    """
    if score not in kind.scale:
        lowest, highest = kind.scale[0], kind.scale[-1]
        raise UsageError(f"--{kind} {score} is not on the scale", remedy=f"{lowest} to {highest}, {highest} the best")
    return doors.surveys.record(ref, kind, score, text, _sentiment(doors, text), by, doors.clock.now())


def heard(text: str, predictor: Predictor | None) -> Labels:
    """What the model says of the words of an answer. Nothing is known of no words, or without a model."""
    if not text.strip():
        return Labels()
    ((labels, _),) = classify([message.plain(text.encode("utf-8", "replace"))], predictor)
    return labels


def _sentiment(doors: SurveyDoors, text: str) -> Label:
    predictor, _ = doors.predictor_if_any() if text.strip() else (None, "")
    return heard(text, predictor).sentiment
