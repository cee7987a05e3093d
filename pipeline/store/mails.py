"""The ledger as people and programs read it: lists, one mail whole, the state of health."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Case, ColumnElement, Exists, Row, Select, Text, and_, case, cast, exists, func, select
from sqlalchemy.engine import RowMapping

from pipeline.errors import NotFoundError
from pipeline.records.effect import MAILS, OPEN_EFFECTS, EffectKind, EffectState
from pipeline.records.health import Pass
from pipeline.records.ledger import LedgerMail, ListedMail, RecordedPlace
from pipeline.records.mail import Location, MailState, RawMail
from pipeline.records.verdict import VerdictKind
from pipeline.store import schema
from pipeline.store.database import Database, upsert
from pipeline.store.mail_rows import LISTED, listed_mail_of, mail_of
from pipeline.store.paging import in_pages

mail, effect = schema.mail, schema.effect
_OPEN = [*(state.value for state in OPEN_EFFECTS), EffectState.UNCERTAIN.value]


class Mails:
    """Questions to the ledger that change nothing, and the notes of health beside it."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def mails(
        self,
        *,
        state: str = "",
        effects: str = "",
        review: bool = False,
        silent: bool = False,
        like_a_person: bool = False,
        limit: int = 0,
    ) -> Iterator[ListedMail]:
        """Newest first; of the review list the most useful first.

        `state`, `effects`: only those in this state, with an effect in this state.

        `like_a_person`: only those that weak rules silenced all the same.
        """
        query = _listing()
        if state:
            query = query.where(_state() == state)
        if effects:
            query = query.where(exists().where(effect.c.mail_id == mail.c.id, effect.c.state == effects))
        if review:
            query = query.where(mail.c.review)
        if silent:
            query = query.where(mail.c.verdict == VerdictKind.SILENT.value)
        if like_a_person:
            query = query.where(mail.c.quieted)
        if review:  # what people have to look at is few, and has an order of its own
            yield from self._most_useful_first(query, limit)
            return
        for row in in_pages(self.database, query, newest_first=True, limit=limit):
            yield listed_mail_of(row)

    def _most_useful_first(self, query: Select[*tuple[object, ...]], limit: int) -> list[ListedMail]:
        ordered = query.order_by(None).order_by(*_MOST_USEFUL)
        with self.database.reading() as connection:
            rows = connection.execute(ordered.limit(limit) if limit else ordered).mappings().all()
        return [listed_mail_of(row) for row in rows]

    def mail(self, mail_id: str) -> LedgerMail:
        """One mail whole, with its state and where it lies. Raises NotFoundError."""
        with self.database.reading() as connection:
            query = select(mail, _state().label("state"), _acknowledged().label("acknowledged"))
            row = connection.execute(query.where(mail.c.id == mail_id)).mappings().one_or_none()
            if row is None:
                raise NotFoundError("there is no such mail", where=mail_id, remedy="see `firstline mail list`")
            places = [_place(one) for one in connection.execute(_locations_of(mail_id)).mappings()]
        return mail_of(row, places)

    def conversation(self, mail_ids: Sequence[str]) -> list[LedgerMail]:
        """Several mails whole, by time of arrival; those that are gone are not among them."""
        query = select(mail, _state().label("state"), _acknowledged().label("acknowledged"))
        query = query.where(mail.c.id.in_(mail_ids)).order_by(mail.c.received, mail.c.id)
        places: dict[str, list[Location]] = {}
        with self.database.reading() as connection:
            rows = connection.execute(query).mappings().all()
            where = select(schema.location).where(schema.location.c.mail_id.in_(mail_ids))
            for one in connection.execute(where).mappings():
                places.setdefault(one["mail_id"], []).append(_place(one))
        return [mail_of(row, places.get(row["id"], ())) for row in rows]

    def raws(self, mail_ids: Sequence[str]) -> dict[str, tuple[bytes, int]]:
        """The kept bytes of several mails, each with the size of the whole; those that are gone are not among them."""
        query = select(schema.raw).where(schema.raw.c.mail_id.in_(mail_ids))
        with self.database.reading() as connection:
            return {row.mail_id: (row.raw, row.size) for row in connection.execute(query)}

    def id_of_content(self, content_hash: str) -> str:
        """The mail with this content, '' when there is none."""
        with self.database.reading() as connection:
            query = select(mail.c.id).where(mail.c.content_hash == content_hash)
            return connection.execute(query).scalar() or ""

    def raw(self, mail_id: str) -> RawMail:
        """The kept bytes of a mail, as they came. Raises NotFoundError."""
        query = select(schema.raw.c.raw, schema.raw.c.size).where(schema.raw.c.mail_id == mail_id)
        with self.database.reading() as connection:
            kept = connection.execute(query).one_or_none()
            place = connection.execute(_locations_of(mail_id)).mappings().first()
        if kept is None or place is None:
            raise NotFoundError(
                "the bytes of this mail are not kept any more",
                where=mail_id,
                remedy="it can still be discarded: `firstline mail discard`",
            )
        return RawMail(location=_place(place), received=place["received"], raw=kept.raw, size=kept.size)

    def newest_raws(self, limit: int) -> list[bytes]:
        """The kept bytes of the newest mails that a mail server brought."""
        table = schema.raw
        query = select(table.c.raw).join(mail, mail.c.id == table.c.mail_id).where(mail.c.mailbox != "web")
        with self.database.reading() as connection:
            return list(connection.execute(query.order_by(mail.c.received.desc()).limit(limit)).scalars())

    def recorded(self, mailbox: str, uidvalidity: int) -> dict[int, RecordedPlace]:
        """What is in the ledger of a mailbox, by UID."""
        table = schema.location.c
        place = f":mark:{mailbox}:{uidvalidity}:"
        marked = exists().where(
            effect.c.key == table.mail_id + place + cast(table.uid, Text), effect.c.state == EffectState.DONE.value
        )
        columns = (table.uid, table.mail_id, mail.c.message_id, schema.raw.c.size, marked.label("marked"))
        query = select(*columns).join(mail, mail.c.id == table.mail_id)
        query = query.join(schema.raw, schema.raw.c.mail_id == mail.c.id, isouter=True)
        query = query.where(table.mailbox == mailbox, table.uidvalidity == uidvalidity)
        with self.database.reading() as connection:
            return {row.uid: _recorded(row) for row in connection.execute(query)}

    def note_pass(self, name: str, now: datetime, error: str = "") -> None:
        """How the last pass over a mailbox (or the outbox) went; `since` is when an error began."""
        values: dict[str, object] = {"error": error}
        values |= {"since": now} if error else {"last_pass": now, "since": None}
        changes = dict(values)
        if error:
            changes["since"] = func.coalesce(schema.health.c.since, now)
        with self.database.writing() as connection:
            statement = upsert(connection, schema.health).values(name=name, **values)
            connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=changes))

    def note_begin(self, name: str, now: datetime) -> None:
        """From now on there is such a thing; it has not run yet."""
        with self.database.writing() as connection:
            statement = upsert(connection, schema.health).values(name=name, error="", since=now)
            connection.execute(statement.on_conflict_do_nothing(index_elements=["name"]))

    def passes(self) -> dict[str, Pass]:
        """How the last pass over each mailbox, server or job went, by its name."""
        with self.database.reading() as connection:
            rows = connection.execute(select(schema.health)).all()
        return {row.name: Pass(last_pass=row.last_pass, error=row.error, since=row.since) for row in rows}

    def parked(self) -> int:
        """How many mails wait for a person."""
        return self._count(mail.c.parked)

    def on_review(self) -> int:
        """How many mails are on the review list."""
        return self._count(mail.c.review)

    def acknowledged_since(self, since: datetime) -> dict[str, int]:
        """How many acknowledgements counted against each budget of `[guard] limit_system` since then."""
        table = schema.acknowledgement.c
        query = select(table.budget, func.count().label("sent")).where(table.at > since).group_by(table.budget)
        with self.database.reading() as connection:
            return {row.budget: row.sent for row in connection.execute(query)}

    def oldest_unprocessed(self, now: datetime) -> timedelta | None:
        """Age of the oldest effect that is not finished.

        But for letters that are put off one by one (a full mailbox): they go out, or fail and are told of then.
        """
        is_open = effect.c.state.in_([state.value for state in OPEN_EFFECTS])
        is_put_off = and_(
            effect.c.state == EffectState.WAITING.value, effect.c.attempts > 0, effect.c.next_try.is_not(None)
        )
        is_letter = effect.c.kind.in_([kind.value for kind in MAILS])
        query = select(func.min(effect.c.created)).where(schema.unfinished, is_open, ~and_(is_put_off, is_letter))
        with self.database.reading() as connection:
            oldest = connection.execute(query).scalar()
        return now - oldest if oldest else None

    def _count(self, condition: ColumnElement[bool]) -> int:
        with self.database.reading() as connection:
            # Of a column that the index of all mails lacks, though it holds the condition: else SQLite reads through
            # that, and not through the index of these few rows.
            return connection.execute(select(func.count(mail.c.recorded)).where(condition)).scalar_one()


# A customer who may have complained, then one whom nobody answered, then what the model was least sure of.
_MOST_USEFUL = (
    mail.c.complaint_suspected.desc(),
    mail.c.quieted.desc(),
    func.coalesce(mail.c.topic_confidence, 0.0),
    mail.c.received.desc(),
    mail.c.id,
)


def _state() -> Case[str]:
    unfinished = exists().where(and_(effect.c.mail_id == mail.c.id, effect.c.state.in_(_OPEN)))
    states = (mail.c.parked, MailState.PARKED.value), (unfinished, MailState.PENDING.value)
    return case(*states, else_=MailState.DONE.value)


def _acknowledged() -> Exists:
    return exists().where(
        effect.c.mail_id == mail.c.id,
        effect.c.kind == EffectKind.ACKNOWLEDGE.value,
        effect.c.state == EffectState.DONE.value,
    )


def _listing() -> Select[*tuple[object, ...]]:
    columns = [mail.c[name] for name in LISTED]
    state = [_state().label("state"), _acknowledged().label("acknowledged")]
    return select(*columns, *state).order_by(mail.c.received.desc(), mail.c.id)


def _locations_of(mail_id: str) -> Select[*tuple[object, ...]]:
    return select(schema.location).where(schema.location.c.mail_id == mail_id)


def _place(row: RowMapping) -> Location:
    return Location(mailbox=row["mailbox"], uidvalidity=row["uidvalidity"], uid=row["uid"])


def _recorded(row: Row[tuple[int, str, str, int | None, bool]]) -> RecordedPlace:
    return RecordedPlace(mail_id=row.mail_id, message_id=row.message_id, size=row.size, marked=row.marked)
