"""Counts and times for metrics, by SQL. Every count is per value of what it is split `by`; {None: …} without.

A mail counts in the period it was received in, a ticket in that it was opened in, a promise in that it was given in, a
survey in that it was made in. `Period` is half open: `since` belongs to it, `until` does not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    JSON,
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    cast,
    exists,
    extract,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.engine import RowMapping

from pipeline.records.effect import EffectKind
from pipeline.records.promise import PromiseKind, PromiseState
from pipeline.records.survey import SurveyKind
from pipeline.records.verdict import VerdictKind
from pipeline.store import judgement, schema
from pipeline.store.database import Database
from pipeline.store.splitting import EVERYTHING, MAILS, PROMISES, SURVEYS, TICKETS, Cut, Key, Only

mail, ticket, promise, effect = schema.mail, schema.ticket, schema.promise, schema.effect
survey, answer = schema.survey, schema.survey_answer
AnyRow = Row[*tuple[object, ...]]
HEADS = ("topic", "complaint")  # what the machine acts upon


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """None: without a beginning, without an end."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, moment: ColumnElement[datetime]) -> ColumnElement[bool]:
        """The condition that a moment lies inside of the period."""
        since = [] if self.since is None else [moment >= self.since]
        return and_(True, *since, *([] if self.until is None else [moment < self.until]))


@dataclass(slots=True)
class Times:
    """Of tickets: how many were opened, and the seconds (wall clock) until a person answered, until it was solved."""

    opened: int = 0
    responded: list[int] = field(default_factory=list)
    resolved: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Answers:
    """Of one kind of survey: how many were sent, how many of these answered, and every last answer."""

    sent: int = 0
    answered: int = 0
    scores: Counter[int] = field(default_factory=Counter)


READ, BEGINNING = 10_000, 1_000  # mails, and characters of each, that are looked through for new words


class Metrics:
    """Reads only."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def began(self) -> datetime | None:
        """When the first mail was received."""
        with self.database.reading() as connection:
            return connection.execute(select(func.min(mail.c.received))).scalar()

    def mails(self, period: Period, by: str = "", only: Only = EVERYTHING) -> dict[Key, dict[str, int]]:
        """How many, and what became of them; each is in one column from `recorded` to `silent`."""
        cut = MAILS.cut(by, only)
        columns = [func.count().filter(condition).label(name) for name, condition in COUNTED.items()]
        query = select(func.count().label("received"), *columns, *cut.key).select_from(cut.source)
        to_us = (~mail.c.by_staff, period.holds(mail.c.received), *cut.wanted)
        rows = self._rows(query.where(*to_us).group_by(*_GROUP[bool(by)]))
        found = {_key(row): _counts(row._mapping) for row in rows}
        for row in self._rows(_refused(cut).where(*to_us).group_by(*_GROUP[bool(by)])):
            found[_key(row)]["acknowledged"] -= row.many
            found[_key(row)]["silent"] += row.many
        return found

    def quieted(self, period: Period) -> list[tuple[str, ...]]:
        """Of each mail that reads like a person's and that weak rules silenced, the names of those rules."""
        query = select(mail.c.reasons).where(mail.c.quieted, period.holds(mail.c.received))
        with self.database.reading() as connection:
            return [tuple(reasons) for reasons in connection.execute(query).scalars()]

    def corrected(self, period: Period, by: str = "", only: Only = EVERYTHING) -> dict[Key, dict[str, Counter[str]]]:
        """Per head: of what the machine was sure of, how much people looked at (`checked`) and found `wrong`."""
        found: dict[Key, dict[str, Counter[str]]] = defaultdict(lambda: {head: Counter() for head in HEADS})
        for row in self._labelled(period, by, only):
            for head, is_wrong in _compare(row._mapping).items():
                counts = found[_key(row)][head]
                counts["checked"] += 1
                counts["wrong"] += is_wrong
        return dict(found)

    def wrong(self, head: str, period: Period, only: Only = EVERYTHING) -> list[tuple[str, datetime]]:
        """The mails that the machine was sure of and people found wrong, with when they came; the newest first."""
        rows = [row for row in self._labelled(period, "", only) if _compare(row._mapping).get(head)]
        return sorted(((row.id, row.received) for row in rows), key=lambda one: one[1], reverse=True)

    def _labelled(self, period: Period, by: str, only: Only) -> Sequence[AnyRow]:
        """What a person has said the label of."""
        cut = MAILS.cut(by, only)
        columns = [mail.c[name] for head in HEADS for name in (head, f"{head}_sure")]
        query = select(mail.c.id, mail.c.received, *columns, mail.c.decision, *cut.key).select_from(cut.source)
        return self._rows(query.where(schema.labelled_mail, period.holds(mail.c.received), *cut.wanted))

    def tickets(self, period: Period, by: str = "", only: Only = EVERYTHING) -> dict[Key, Times]:
        """Tickets that were opened, and how long they took, by what they are split by."""
        cut = TICKETS.cut(by, only)
        spans = (self._spans(moment).label(moment.name) for moment in (ticket.c.responded, ticket.c.resolved))
        query = select(func.count().label("opened"), *spans, *cut.key).select_from(cut.source)
        rows = self._rows(query.where(period.holds(ticket.c.opened), *cut.wanted).group_by(*_GROUP[bool(by)]))
        return {
            _key(row): Times(opened=row.opened, responded=row.responded or [], resolved=row.resolved or [])
            for row in rows
        }

    def promises(
        self, period: Period, by: str = "", only: Only = EVERYTHING
    ) -> dict[Key, Counter[tuple[PromiseKind, PromiseState]]]:
        """How many promises of each kind are in which state, by what they are split by."""
        cut = PROMISES.cut(by, only)
        table = promise.c
        # Named one by one, each kind and state is a range of the index.
        named = (
            table.kind.in_([kind.value for kind in PromiseKind]),
            table.state.in_([one.value for one in PromiseState]),
        )
        query = select(table.kind, table.state, func.count().label("many"), *cut.key)
        query = (
            query.select_from(cut.source)
            .where(*named, period.holds(table.given), *cut.wanted)
            .group_by(table.kind, table.state, *_GROUP[bool(by)])
        )
        found: dict[Key, Counter[tuple[PromiseKind, PromiseState]]] = defaultdict(Counter)
        for row in self._rows(query):
            found[_key(row)][PromiseKind(row.kind), PromiseState(row.state)] += row.many
        for row in self._rows(query.where(table.state == PromiseState.RENEWED.value, table.warned.is_not(None))):
            counts, kind = found[_key(row)], PromiseKind(row.kind)  # told a later time because it was late: missed
            counts[kind, PromiseState.RENEWED] -= row.many
            counts[kind, PromiseState.BROKEN] += row.many
        return found

    def surveys(self, period: Period, by: str = "", only: Only = EVERYTHING) -> dict[Key, dict[SurveyKind, Answers]]:
        """Every survey counts once, with the last score that was given."""
        cut = SURVEYS.cut(by, only)
        sent = survey.c.sent.is_not(None)
        each = select(survey.c.kind, sent.label("sent"), LAST_SCORE.label("score"), *cut.key)
        rows = each.where(period.holds(survey.c.created), *cut.wanted).subquery()
        query = select(*rows.c, func.count().label("many")).group_by(*rows.c)
        found: dict[Key, dict[SurveyKind, Answers]] = defaultdict(lambda: {kind: Answers() for kind in SurveyKind})
        for row in self._rows(query):
            answers = found[_key(row)][SurveyKind(row.kind)]
            answers.sent += row.many if row.sent else 0
            if row.score is not None:
                answers.answered += row.many if row.sent else 0
                answers.scores[row.score] += row.many
        return found

    def texts(self, period: Period) -> Iterator[str]:
        """What people wrote, subject and beginning of the text: of the newest READ mails."""
        text = mail.c.subject + " " + func.substr(mail.c.text, 1, BEGINNING)
        query = select(text).where(~mail.c.robot, period.holds(mail.c.received))
        with self.database.reading() as connection:
            yield from connection.execute(query.order_by(mail.c.received.desc()).limit(READ)).scalars()

    def _spans(self, moment: ColumnElement[datetime]) -> ColumnElement[object]:
        """All seconds since tickets were opened as one list: row by row, a quarter of a million take half a second."""
        collect = func.json_group_array if self.database.is_sqlite else func.json_agg
        return collect(seconds_since_opened(self.database, moment), type_=JSON).filter(moment.is_not(None))

    def _rows(self, query: Select[*tuple[object, ...]]) -> Sequence[AnyRow]:
        with self.database.reading() as connection:
            return connection.execute(query).all()


# Conditions on mails; a letter that was refused for good answered nobody.
_REST = and_(~mail.c.only_recorded, ~mail.c.acknowledge)
_PARKED = or_(mail.c.verdict == VerdictKind.PARK.value, mail.c.parked)
_JUDGED = and_(~mail.c.robot, mail.c.topic.is_not(None))
COUNTED = {
    "recorded": mail.c.only_recorded,
    "acknowledged": and_(~mail.c.only_recorded, mail.c.acknowledge),
    "parked": and_(_REST, _PARKED),
    "limited": and_(_REST, ~_PARKED, mail.c.verdict == VerdictKind.LIMIT.value),
    "by_people": ~mail.c.robot,
    "complaints": and_(~mail.c.robot, mail.c.complaint),
    "judged": _JUDGED,
    "topic_sure": and_(_JUDGED, mail.c.topic_sure),
    "complaint_sure": and_(_JUDGED, mail.c.complaint_sure),
}
_LETTER = effect.alias()
# Of a mail: letters that were decided on and refused for good. Few, and found by an index, which the last one is for.
_REFUSED = (
    _LETTER.c.mail_id == mail.c.id,
    _LETTER.c.kind == literal_column("'acknowledge'"),
    _LETTER.c.state == literal_column("'failed'"),
    schema.unfinished_in(_LETTER),
)
REFUSED = and_(mail.c.acknowledge, ~mail.c.only_recorded, exists().where(*_REFUSED).correlate(mail))
UNANSWERED = and_(COUNTED["by_people"], or_(~COUNTED["acknowledged"], REFUSED))
SILENT = or_(and_(_REST, ~_PARKED, mail.c.verdict != VerdictKind.LIMIT.value), REFUSED)
UNSURE = and_(_JUDGED, ~mail.c.topic_sure)
_FATES = ("recorded", "acknowledged", "parked", "limited")
LAST_SCORE = (
    select(answer.c.score)
    .where(answer.c.survey == survey.c.id, answer.c.score.is_not(None))
    .order_by(answer.c.at.desc(), answer.c.id.desc())
    .limit(1)
    .scalar_subquery()
)


def _refused(cut: Cut) -> Select[*tuple[object, ...]]:
    """How many of them: nobody was answered."""
    letters = cut.source.join(_LETTER, and_(*_REFUSED))
    query = select(func.count().label("many"), *cut.key).select_from(letters)
    return query.where(mail.c.acknowledge, ~mail.c.only_recorded)


def seconds_since_opened(database: Database, moment: ColumnElement[datetime]) -> ColumnElement[int]:
    """Of a ticket, by the clock on the wall, in the words of this database."""
    seconds = _seconds_on_sqlite if database.is_sqlite else _seconds_on_postgresql
    return seconds(moment) - seconds(ticket.c.opened)


def _seconds_on_sqlite(moment: ColumnElement[datetime]) -> ColumnElement[int]:
    return cast(func.strftime("%s", moment), Integer)


def _seconds_on_postgresql(moment: ColumnElement[datetime]) -> ColumnElement[int]:
    return func.floor(extract("epoch", moment))


_GROUP: tuple[tuple[ColumnElement[object], ...], ...] = (
    (),
    (literal_column("split"),),
)  # by name: with parameters in it, PostgreSQL would not recognise it


ACKNOWLEDGE = f":{EffectKind.ACKNOWLEDGE}"


def _key(row: AnyRow) -> Key:
    """What a row is split by."""
    key: Key = row._mapping.get("split")
    return key


def _counts(row: RowMapping) -> dict[str, int]:
    counts = {name: count for name, count in row.items() if name != "split"}
    return counts | {"silent": counts["received"] - sum(counts[name] for name in _FATES)}


def _compare(row: RowMapping) -> dict[str, bool]:
    """What a person says of a mail against what the machine was sure of: by head, is it wrong?"""
    label = judgement.decision_of(row["decision"]).label
    heads = label.correction.heads if label else {}
    return {head: heads[head] != row[head] for head in HEADS if row[f"{head}_sure"] and head in heads}
