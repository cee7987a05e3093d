"""What customers answer when they are asked. Every answer is kept; the last one counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from pipeline.errors import NotFoundError
from pipeline.records import Label, SurveyKind, SurveyState
from pipeline.store import schema
from pipeline.store.database import Database, upsert
from pipeline.store.metrics import ACKNOWLEDGE, LETTER
from pipeline.store.tickets import event

survey, answer = schema.survey, schema.survey_answer


class Surveys:
    """The tables `survey` and `survey_answer`."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def record(
        self, ref: str, kind: SurveyKind, score: int, text: str, sentiment: Label, actor: str, now: datetime
    ) -> dict[str, Any]:
        """An answer that came by telephone or on paper, whether it was asked for or not. Raises NotFoundError.

        Returns the survey, and how many answers there are to it now.
        """
        with self.database.writing() as connection:
            row = _survey_about(connection, ref, kind, now)
            connection.execute(upsert(connection, survey).on_conflict_do_nothing(), [row])
            given = {"survey": row["id"], "at": now, "score": score, "text": text, "channel": "record"}
            label = {"sentiment": sentiment.value, "sentiment_confidence": sentiment.confidence}
            connection.execute(insert(answer), {**given, **label})
            mine = survey.c.id == row["id"]
            connection.execute(update(survey).where(mine).values(state=SurveyState.ANSWERED.value))
            connection.execute(
                insert(schema.ticket_event), event(ref, now, "answered", f"{kind}: {score}", actor=actor)
            )
            answers = connection.execute(select(answer.c.id).where(answer.c.survey == row["id"])).all()
            found = connection.execute(select(survey).where(mine)).mappings().one()
            return {**found, "answers": len(answers)}


def _survey_about(connection: Connection, ref: str, kind: SurveyKind, now: datetime) -> dict[str, Any]:
    """A row with what the ticket says; it is asked about once by each kind."""
    table = schema.ticket
    ticket = connection.execute(select(table).where(table.c.ref == ref)).mappings().one_or_none()
    if ticket is None:
        raise NotFoundError("there is no such ticket", where=ref, remedy="see `firstline ticket list`")
    letter = connection.execute(select(LETTER).where(schema.effect.c.key == ref + ACKNOWLEDGE)).scalar()
    return {
        "id": f"{ref}:{kind}",
        "kind": kind.value,
        "state": SurveyState.ANSWERED.value,
        "created": now,
        "ticket": ref,
        "mail_id": ref,
        "customer": next(iter(ticket["participants"]), ""),
        "template": letter or "",
        **{name: ticket[name] for name in ("thread", "topic", "owner", "language", "complaint")},
    }
