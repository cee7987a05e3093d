"""Answers to surveys, and what becomes of a question, inside the transactions that record mails and settle effects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, exists, insert, select, update

from pipeline.records.decision import Judged
from pipeline.records.effect import EffectState, Outcome
from pipeline.records.labels import Label
from pipeline.records.survey import SurveyAnswer, SurveyState
from pipeline.store import schema
from pipeline.store.database import upsert
from pipeline.store.metrics import ACKNOWLEDGE
from pipeline.store.tickets import Columns, event

survey, answer, ticket = schema.survey, schema.survey_answer, schema.ticket


def apply(connection: Connection, batch: Sequence[Judged], now: datetime) -> None:
    """What the mails of a batch answer; the same mail answers once, however often it is judged."""
    for judged in batch:
        if judged.answer and not _noted(connection, judged.id):
            label = judged.labels.sentiment
            note(connection, judged.answer, label, now, channel="mail", mail_id=judged.id)


def note(
    connection: Connection,
    given: SurveyAnswer,
    sentiment: Label,
    now: datetime,
    *,
    channel: str,
    mail_id: str = "",
    actor: str = "",
) -> None:
    """One answer, to a question that was asked or not; who wants no more is asked no more."""
    row = about(connection, given, now)
    if row is None:  # the ticket is gone: it is unknown what it was about
        return
    if given.stop:
        stop(connection, str(row["customer"]), now)
        return
    connection.execute(upsert(connection, survey).on_conflict_do_nothing(), [row])
    words = {"sentiment": sentiment.value, "sentiment_confidence": sentiment.confidence}
    values = {"survey": row["id"], "at": now, "score": given.score, "text": given.text, "channel": channel}
    connection.execute(insert(answer), {**values, **words, "mail_id": mail_id})
    connection.execute(update(survey).where(survey.c.id == row["id"]).values(state=SurveyState.ANSWERED.value))
    said = "in words" if given.score is None else str(given.score)
    line = event(given.ref, now, "answered", f"{given.kind}: {said}", actor=actor, mail_id=mail_id)
    connection.execute(insert(schema.ticket_event), line)


def stop(connection: Connection, customer: str, now: datetime) -> None:
    """For ever: no question goes to this address any more."""
    if customer:
        row = {"address": customer, "at": now}
        connection.execute(upsert(connection, schema.opt_out).on_conflict_do_nothing(), [row])


def about(connection: Connection, given: SurveyAnswer, now: datetime) -> Columns | None:
    """The row of a question as the ticket has it; None without such a ticket."""
    row = connection.execute(select(ticket).where(ticket.c.ref == given.ref)).mappings().one_or_none()
    if row is None:
        return None
    letter = connection.execute(
        select(schema.effect.c.letter).where(schema.effect.c.key == given.ref + ACKNOWLEDGE)
    ).scalar()
    return {
        "id": f"{given.ref}:{given.kind}",
        "kind": given.kind.value,
        "state": SurveyState.ANSWERED.value,
        "created": now,
        "ticket": given.ref,
        "mail_id": given.ref,
        "customer": row["folded"] or next(iter(row["participants"]), ""),
        "template": letter or "",
        **{name: row[name] for name in ("thread", "topic", "owner", "language", "complaint")},
    }


def note_sent(connection: Connection, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Questions that were sent just now."""
    sent = [
        outcome.key.replace(":survey:", ":")
        for outcome in outcomes
        if ":survey:" in outcome.key and outcome.state is EffectState.DONE
    ]
    if sent:
        waiting = survey.c.state == SurveyState.INTENDED.value
        connection.execute(
            update(survey).where(survey.c.id.in_(sent), waiting).values(state=SurveyState.SENT.value, sent=now)
        )


def _noted(connection: Connection, mail_id: str) -> bool:
    return bool(connection.execute(select(exists().where(answer.c.mail_id == mail_id))).scalar())
