"""Asking customers: who is due for which question, and what they say when they answer by mail.

A customer is asked seldom: never while a complaint of theirs is open, never twice within a month, NPS twice a year at
most, and never again once they have said so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, time, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

from pipeline.config.survey import SurveyConfig
from pipeline.records.askable import Askable
from pipeline.records.effect import Effect, EffectKind
from pipeline.records.mail import Mail
from pipeline.records.payload import AskedSurvey, QuestionPayload
from pipeline.records.survey import SurveyAnswer, SurveyKind, SurveyReply
from pipeline.records.thread import Role, Thread
from pipeline.records.verdict import Verdict, VerdictKind
from pipeline.tokens import Signer

MONTH = timedelta(days=30)  # between two questions to one customer, whatever they are
HALF_YEAR = timedelta(days=182)  # between two of NPS
FRESH = timedelta(days=7)  # so long after it was to be asked, an encounter can still be judged
REMEMBERED = timedelta(days=90)  # so long after a ticket was solved, the customer still knows us
IN_TURN = {  # what one value of [survey] resolved asks, one question a customer
    "either": (SurveyKind.CSAT, SurveyKind.CES),
    "quality": (SurveyKind.CSAT, SurveyKind.OUTCOME, SurveyKind.TREATMENT),
}
LETTER = "survey-{}"  # the name of a question's letter
LONGEST = 4000  # characters of an answer that are kept
QUOTED = 20_000  # characters of a mail searched for the line that it quotes

# --- who is due -------------------------------------------------------------------------------------------------------


def due(
    askable: Iterable[Askable], settings: SurveyConfig, zone: Callable[[str], ZoneInfo], now: datetime
) -> Iterator[tuple[Askable, SurveyKind]]:
    """Who is to be asked what now, each customer once. Nobody in the quiet hours of the mailbox, by its `zone`."""
    asked: set[str] = set()
    for one in askable:
        if is_quiet(now.astimezone(zone(one.letter.mailbox)).time(), settings.quiet_hours):
            continue
        kind = _question(one, settings, now)
        if kind and one.customer not in asked:
            asked.add(one.customer)
            yield one, kind


def _question(one: Askable, settings: SurveyConfig, now: datetime) -> SurveyKind | None:
    """The encounter while it is fresh, else NPS."""
    last = max((at for _, at in one.asked), default=None)
    waited = now - one.resolved - settings.wait
    if one.complaint_open or one.stopped or waited < timedelta(0) or (last and now - last < MONTH):
        return None
    if settings.resolved != "nothing" and waited <= FRESH and not one.asked_here:
        return _of_encounter(one.ref, settings.resolved)
    nps = [at for kind, at in one.asked if kind is SurveyKind.NPS]
    if settings.nps and waited <= REMEMBERED and all(now - at >= HALF_YEAR for at in nps):
        return SurveyKind.NPS
    return None


def _of_encounter(ref: str, wanted: str) -> SurveyKind:
    """`either` and `quality`: about as many tickets each, always the same for one ticket."""
    kinds = IN_TURN.get(wanted) or (SurveyKind(wanted),)
    return kinds[crc32(ref.encode()) % len(kinds)]


def is_quiet(at: time, hours: tuple[time, time]) -> bool:
    """Is this time of day between the two, also over midnight?"""
    start, end = hours
    return start <= at < end if start <= end else at >= start or at < end


def question(one: Askable, kind: SurveyKind, message_id: str, expires: datetime, now: datetime) -> Effect:
    """The effect that asks: a mail in the thread of their own, under one Message-ID."""
    known = one.letter
    return Effect(
        key=f"{one.ref}:survey:{kind}",
        mail_id=one.ref,
        kind=EffectKind.SURVEY,
        message_id=message_id,
        recipient=one.address,
        payload=QuestionPayload(
            template=LETTER.format(kind),
            language=known.language,
            topic=known.topic,
            ref=one.ref,
            ticket=True,
            name=known.name,
            subject=known.subject,
            message_id=known.message_id,
            references=known.references,
            decided=now,
            mailbox=known.mailbox,
            auto_submitted="auto-generated",
            survey=AskedSurvey(id=survey_id(one.ref, kind), kind=kind, expires=expires),
        ),
    )


def survey_id(ref: str, kind: SurveyKind) -> str:
    """About one ticket each question is asked once."""
    return f"{ref}:{kind}"


# --- answers by mail --------------------------------------------------------------------------------------------------


def reply_in(mail: Mail, thread: Thread, verdict: Verdict, signer: Signer) -> SurveyReply | None:
    """What a mail says to a question of ours; None when it says nothing to one.

    Machines don't answer questions: their mails go the ordinary way.
    """
    asked = None if thread.new else asked_in(mail, signer)
    if asked is None or verdict.robot or verdict.kind is VerdictKind.PARK:
        return None
    was_asked = thread.ticket is not None and thread.role is Role.CUSTOMER
    return SurveyReply(answer=read(mail.text, *asked), was_asked=was_asked)


def asked_in(mail: Mail, signer: Signer) -> tuple[str, SurveyKind] | None:
    """The ticket and the question that this mail answers: by its headers, else by the line that it quotes."""
    named = mail.in_reply_to or mail.references[-1:]
    ref, purpose = signer.read(" ".join(named))
    if not ref:
        ref, purpose = signer.read(mail.whole[:QUOTED])
    return (ref, SurveyKind(purpose)) if purpose in set(SurveyKind) else None


def read(text: str, ref: str, kind: SurveyKind) -> SurveyAnswer:
    """A number at the beginning is the score; one word can end all questions; the rest is what they say."""
    score = _score(text, kind)
    stop = bool(_STOP.fullmatch(" ".join(re.sub(r"[^\w\s]", " ", text).casefold().split())))
    return SurveyAnswer(ref=ref, kind=kind, score=score, stop=stop, text=text.strip()[:LONGEST])


_STOP = re.compile(
    r"(please )?(stop|unsubscribe)( please)?|(bitte )?(stopp?|abmelden|abbestellen)|(s il vous plaît )?(arrêtez|arrêter"
    r"|désabonner|stop)|baja|(por favor )?(parar?|paren)|lopeta|lopettakaa|peruuta|seis"
)
_POINTS = (
    r"out of|of|points?|stars?|von|punkte?n?|sterne?n?|sur|étoiles?|de|sobre|puntos?|estrellas?|pistettä|tähteä|kautta"
)
# A number on its own, or one that punctuation, "/10", "out of 10" or "points" follows: "2 weeks ago" is no score.
_NUMBER = re.compile(
    rf"\W*(?:(?:score|note|bewertung|nota|arvosana|punktzahl|rating)\W*)?(?P<score>\d{{1,2}})"
    rf"(?:\W*$|\s*[.,;:!)\-–—](?!\d)|\s*/\s*(?P<most>\d{{1,2}})\b|\s+(?:{_POINTS})\b)",
    re.IGNORECASE,
)


def _score(text: str, kind: SurveyKind) -> int | None:
    """None when there is none, or none on the scale of this question."""
    first_line = text.strip().partition("\n")[0]
    found = _NUMBER.match(first_line)
    if not found or (found["most"] and int(found["most"]) != kind.scale[-1]):
        return None
    score = int(found["score"])
    return score if score in kind.scale else None
