"""What customers are asked and what they answer. Every answer is kept; the last one counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import Connection, Exists, Row, exists, select, update
from sqlalchemy.engine import RowMapping

from pipeline.errors import NotFoundError
from pipeline.records.askable import Askable
from pipeline.records.effect import Effect, EffectKind, EffectState
from pipeline.records.labels import Label
from pipeline.records.payload import AcknowledgementPayload, QuestionPayload
from pipeline.records.survey import Survey, SurveyAnswer, SurveyKind, SurveyState
from pipeline.records.ticket import OVER, TicketStatus
from pipeline.store import answers, payloads, schema
from pipeline.store.database import Database, upsert
from pipeline.store.ledger import insert_effects
from pipeline.store.metrics import ACKNOWLEDGE
from pipeline.store.ticket_rows import may_be_complaint

survey, answer, ticket, effect = schema.survey, schema.survey_answer, schema.ticket, schema.effect
_OVER = [status.value for status in OVER]


class Surveys:
    """The tables `survey`, `survey_answer` and `opt_out`."""

    def __init__(self, database: Database) -> None:
        self.database = database

    # --- asking ---

    def askable(self, *, resolved_since: datetime, asked_since: datetime, bounced_since: datetime) -> list[Askable]:
        """Customers of tickets that were solved since then, the newest first: whoever got an acknowledgement.

        With what they were asked since then; who could not be reached by mail since then is left out.
        """
        facts = (_stopped().label("stopped"), _waits_with_complaint().label("complaint_open"))
        columns = (ticket.c.ref, ticket.c.folded, ticket.c.resolved, effect.c.recipient, effect.c.details)
        query = (
            select(*columns, *facts)
            .join(effect, effect.c.key == ticket.c.ref + ACKNOWLEDGE)
            .where(
                ticket.c.status == TicketStatus.RESOLVED.value,
                ticket.c.resolved >= resolved_since,
                ticket.c.folded != "",
            )
            .where(effect.c.state == EffectState.DONE.value, ~_bounced(bounced_since))
            .order_by(ticket.c.resolved.desc(), ticket.c.ref)
        )
        with self.database.reading() as connection:
            asked = _asked(connection, asked_since)
            found = [_askable(row, asked.get(row.folded, ())) for row in connection.execute(query)]
        return [one for one in found if one]

    def ask(self, questions: Sequence[tuple[Askable, SurveyKind, Effect]], now: datetime) -> None:
        """The question and the effect that sends it, in one transaction; what was asked before is left alone."""
        with self.database.writing() as connection:
            for one, kind, sending in questions:
                row = answers.about(connection, SurveyAnswer(ref=one.ref, kind=kind), now)
                expires = _expires(sending)
                if row is not None:
                    row |= {"state": SurveyState.INTENDED.value, "expires": expires}
                    connection.execute(upsert(connection, survey).on_conflict_do_nothing(), [row])
                    insert_effects(connection, [sending], now)

    def expire(self, now: datetime) -> None:
        """Nobody answered in time."""
        waiting = (survey.c.state == SurveyState.SENT.value, survey.c.expires < now)
        with self.database.writing() as connection:
            connection.execute(update(survey).where(*waiting).values(state=SurveyState.EXPIRED.value))

    # --- answers ---

    def record(
        self, ref: str, kind: SurveyKind, score: int, text: str, sentiment: Label, actor: str, now: datetime
    ) -> tuple[Survey, int]:
        """An answer that came by telephone or on paper, whether it was asked for or not. Raises NotFoundError.

        Returns the survey, and how many answers there are to it now.
        """
        given = SurveyAnswer(ref=ref, kind=kind, score=score, text=text)
        with self.database.writing() as connection:
            row = answers.about(connection, given, now)
            if row is None:
                raise NotFoundError("there is no such ticket", where=ref, remedy="see `firstline ticket list`")
            answers.note(connection, given, sentiment, now, channel="record", actor=actor)
            count = len(connection.execute(select(answer.c.id).where(answer.c.survey == row["id"])).all())
            found = connection.execute(select(survey).where(survey.c.id == row["id"])).mappings().one()
            return _survey_of(found), count

    def clicked(self, given: SurveyAnswer, sentiment: Label, now: datetime) -> bool:
        """An answer by link: it counts when nobody has answered this question yet, else false."""
        mine = survey.c.id == f"{given.ref}:{given.kind}"
        free = survey.c.state.in_([SurveyState.INTENDED.value, SurveyState.SENT.value])
        with self.database.writing() as connection:
            taken = update(survey).where(mine, free).values(state=SurveyState.ANSWERED.value)
            if connection.execute(taken).rowcount == 0:
                return False
            answers.note(connection, given, sentiment, now, channel="link")
            return True

    def find(self, survey_id: str) -> Survey | None:
        """The question, with what it is about."""
        with self.database.reading() as connection:
            row = connection.execute(select(survey).where(survey.c.id == survey_id)).mappings().one_or_none()
        return _survey_of(row) if row else None

    def stop(self, customer: str, now: datetime) -> None:
        """This customer is never asked again."""
        with self.database.writing() as connection:
            answers.stop(connection, customer, now)


def _bounced(since: datetime) -> Exists:
    return exists().where(schema.bounce.c.address == ticket.c.folded, schema.bounce.c.at > since)


def _stopped() -> Exists:
    return exists().where(schema.opt_out.c.address == ticket.c.folded)


def _waits_with_complaint() -> Exists:
    """In another ticket, or in one that may be one."""
    other = ticket.alias()
    waits = (other.c.folded == ticket.c.folded, other.c.status.not_in(_OVER))
    return exists().where(*waits, may_be_complaint(other))


def _expires(sending: Effect) -> datetime:
    assert isinstance(sending.payload, QuestionPayload)  # noqa: S101  (survey.question made it)
    return sending.payload.survey.expires


def _survey_of(row: RowMapping) -> Survey:
    """A row of the table `survey`."""
    same = {field.name: row[field.name] for field in fields(Survey)}
    return Survey(**same | {"kind": SurveyKind(row["kind"]), "state": SurveyState(row["state"])})


def _askable(row: Row[*tuple[object, ...]], asked: Sequence[tuple[str, SurveyKind, datetime]]) -> Askable | None:
    """None where what was journalled of the acknowledgement can't be read: nobody is asked about that ticket."""
    letter = payloads.of_row(EffectKind.ACKNOWLEDGE, row.details)
    if not isinstance(letter, AcknowledgementPayload):
        return None
    return Askable(
        ref=row.ref,
        customer=row.folded,
        address=row.recipient,
        resolved=row.resolved,
        letter=letter,
        asked=tuple((kind, at) for _, kind, at in asked),
        asked_here=any(about == row.ref for about, _, _ in asked),
        complaint_open=row.complaint_open,
        stopped=row.stopped,
    )


def _asked(connection: Connection, since: datetime) -> dict[str, list[tuple[str, SurveyKind, datetime]]]:
    """By customer: about which ticket, what, when."""
    query = select(survey.c.customer, survey.c.ticket, survey.c.kind, survey.c.created)
    found: dict[str, list[tuple[str, SurveyKind, datetime]]] = {}
    for row in connection.execute(query.where(survey.c.created >= since)):
        found.setdefault(row.customer, []).append((row.ticket, SurveyKind(row.kind), row.created))
    return found
