"""The ledger as people and programs read it: lists, one mail whole, the state of health."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, Text, and_, case, cast, exists, func, select
from sqlalchemy.engine import RowMapping

from pipeline.errors import NotFoundError
from pipeline.records.effect import OPEN_EFFECTS, EffectKind, EffectState
from pipeline.records.mail import Location, RawMail
from pipeline.records.verdict import VerdictKind
from pipeline.store import schema
from pipeline.store.database import Database, upsert

mail, effect = schema.mail, schema.effect
_LISTED = (
    *("id", "mailbox", "message_id", "sender", "subject", "received", "verdict", "reasons", "topic", "topic_sure"),
    *(
        "sentiment",
        "complaint",
        "complaint_suspected",
        "complaint_sure",
        "robot",
        "quieted",
        "review",
        "ticket",
        "language",
        "error",
    ),
)
_OPEN = [*(state.value for state in OPEN_EFFECTS), EffectState.UNCERTAIN.value]


class Reading:
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
    ) -> Iterator[dict[str, Any]]:
        """Rows for `mail list`, newest first. `like_a_person`: that weak rules silenced all the same."""
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
        if limit:
            query = query.limit(limit)
        with self.database.reading() as connection:
            for row in connection.execution_options(yield_per=1000).execute(query).mappings():
                yield dict(row)

    def mail(self, mail_id: str) -> dict[str, Any]:
        """Every column of one mail, its state, and where it lies. Raises NotFoundError."""
        with self.database.reading() as connection:
            query = select(mail, _state().label("state"), _acknowledged().label("acknowledged"))
            row = connection.execute(query.where(mail.c.id == mail_id)).mappings().one_or_none()
            if row is None:
                raise NotFoundError("there is no such mail", where=mail_id, remedy="see `firstline mail list`")
            places = _places(connection.execute(_locations_of(mail_id)).mappings())
        return {**row, "locations": places}

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
        location = Location(mailbox=place["mailbox"], uidvalidity=place["uidvalidity"], uid=place["uid"])
        return RawMail(location=location, received=place["received"], raw=kept.raw, size=kept.size)

    def newest_raws(self, limit: int) -> list[bytes]:
        """The kept bytes of the newest mails that a mail server brought."""
        table = schema.raw
        query = select(table.c.raw).join(mail, mail.c.id == table.c.mail_id).where(mail.c.mailbox != "web")
        with self.database.reading() as connection:
            return list(connection.execute(query.order_by(mail.c.received.desc()).limit(limit)).scalars())

    def recorded(self, mailbox: str, uidvalidity: int) -> dict[int, tuple[str, bool]]:
        """UIDs of a mailbox that are in the ledger → id of the mail, and whether we have marked it there."""
        table = schema.location.c
        place = f":mark:{mailbox}:{uidvalidity}:"
        marked = exists().where(
            effect.c.key == table.mail_id + place + cast(table.uid, Text), effect.c.state == EffectState.DONE.value
        )
        query = select(table.uid, table.mail_id, marked.label("marked")).join(mail, mail.c.id == table.mail_id)
        query = query.where(table.mailbox == mailbox, table.uidvalidity == uidvalidity)
        with self.database.reading() as connection:
            return {row.uid: (row.mail_id, row.marked) for row in connection.execute(query)}

    def note_pass(self, name: str, now: datetime, error: str = "") -> None:
        """How the last pass over a mailbox (or the outbox) went; `since` is when an error began."""
        values: dict[str, Any] = {"error": error}
        values |= {"since": now} if error else {"last_pass": now, "since": None}
        changes = dict(values)
        if error:
            changes["since"] = func.coalesce(schema.health.c.since, now)
        with self.database.writing() as connection:
            statement = upsert(connection, schema.health).values(name=name, **values)
            connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=changes))

    def passes(self) -> dict[str, dict[str, Any]]:
        with self.database.reading() as connection:
            rows = connection.execute(select(schema.health)).mappings()
            return {row["name"]: dict(row) for row in rows}

    def parked(self) -> int:
        return self._count(mail.c.parked)

    def on_review(self) -> int:
        return self._count(mail.c.review)

    def acknowledged_since(self, since: datetime) -> dict[str, int]:
        """How many acknowledgements counted against each budget of `[guard] limit_system` since then."""
        table = schema.acknowledgement.c
        query = select(table.budget, func.count().label("sent")).where(table.at > since).group_by(table.budget)
        with self.database.reading() as connection:
            return {row.budget: row.sent for row in connection.execute(query)}

    def oldest_unprocessed(self, now: datetime) -> timedelta | None:
        """Age of the oldest effect that is not finished."""
        query = select(func.min(effect.c.created)).where(effect.c.state.in_([state.value for state in OPEN_EFFECTS]))
        with self.database.reading() as connection:
            oldest = connection.execute(query).scalar()
        return now - oldest if oldest else None

    def _count(self, condition: Any) -> int:
        with self.database.reading() as connection:
            return connection.execute(select(func.count()).select_from(mail).where(condition)).scalar_one()


def _state() -> Any:
    unfinished = exists().where(and_(effect.c.mail_id == mail.c.id, effect.c.state.in_(_OPEN)))
    return case((mail.c.parked, "parked"), (unfinished, "pending"), else_="done")


def _acknowledged() -> Any:
    return exists().where(
        effect.c.mail_id == mail.c.id,
        effect.c.kind == EffectKind.ACKNOWLEDGE.value,
        effect.c.state == EffectState.DONE.value,
    )


def _listing() -> Select[Any]:
    columns = [mail.c[name] for name in _LISTED]
    state = [_state().label("state"), _acknowledged().label("acknowledged")]
    return select(*columns, *state).order_by(mail.c.received.desc(), mail.c.id)


def _locations_of(mail_id: str) -> Select[Any]:
    return select(schema.location).where(schema.location.c.mail_id == mail_id)


def _places(rows: Any) -> list[dict[str, Any]]:
    return [_place(row) for row in rows]


def _place(row: RowMapping) -> dict[str, Any]:
    return {"mailbox": row["mailbox"], "uidvalidity": row["uidvalidity"], "uid": row["uid"]}
