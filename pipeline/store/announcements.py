"""Known problems: begun, listed, ended. What was said and when stays on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.engine import RowMapping

from pipeline.errors import NotFoundError
from pipeline.records.announcement import Announcement
from pipeline.records.effect import Effect, EffectKind, EffectState
from pipeline.records.payload import LetterPayload
from pipeline.store.database import Database
from pipeline.store.effect_rows import effect_of
from pipeline.store.ledger import insert_effects
from pipeline.store.schema import announcement as table
from pipeline.store.schema import effect, mail

LONGEST_WAIT = timedelta(days=30)  # from a mail to its answer, at the very most: `[smtp] give_up` comes before


class Announcements:
    """Of one installation. What is in force is kept at hand: see `refresh`."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._known: tuple[Announcement, ...] = ()

    def refresh(self) -> None:
        """Takes up what was begun or ended since."""
        self._known = tuple(self.all(only_open=True))

    def told(self, topic: str, language: str, now: datetime) -> list[tuple[int, str]]:
        """What a letter of this topic tells, in its language, at this moment: the number of each, and its text."""
        told = ((one.id, one.texts.get(language, "")) for one in self._known if one.holds(now) and one.is_about(topic))
        return [(number, text) for number, text in told if text]

    def all(self, *, only_open: bool = False) -> list[Announcement]:
        """The newest first. `only_open`: those that nobody has ended."""
        query = select(table).order_by(table.c.id.desc())
        if only_open:
            query = query.where(table.c.ended.is_(None))
        with self.database.reading() as connection:
            return [_announcement(row) for row in connection.execute(query).mappings()]

    def add(
        self, topic: str, texts: Mapping[str, str], until: datetime | None, author: str, now: datetime
    ) -> Announcement:
        """It is in force at once."""
        values = {"topic": topic, "texts": dict(texts), "since": now, "until": until, "author": author, "spoken": {}}
        with self.database.writing() as connection:
            row = connection.execute(insert(table).values(values).returning(table)).mappings().one()
        return _announcement(row)

    def change(self, one: Announcement, texts: Mapping[str, str], until: datetime | None, now: datetime) -> None:
        """Letters say it so from now on. Since when a new language is told stands beside it."""
        added = {language: now.isoformat() for language in texts if language not in one.texts}
        values = {"texts": dict(texts), "until": until, "spoken": {**one.spoken, **added}}
        with self.database.writing() as connection:
            connection.execute(update(table).where(table.c.id == one.id).values(values))

    def end(self, number: int, now: datetime) -> Announcement:
        """Letters tell of it no more. Raises NotFoundError."""
        open_one = (table.c.id == number, table.c.ended.is_(None))
        with self.database.writing() as connection:
            row = (
                connection.execute(update(table).where(*open_one).values(ended=now).returning(table)).mappings().first()
            )
        if row is None:
            remedy = "see `firstline announcement list`"
            raise NotFoundError("there is no such announcement in force", where=str(number), remedy=remedy)
        return _announcement(row)

    def find(self, number: int) -> Announcement:
        """In force or over. Raises NotFoundError."""
        with self.database.reading() as connection:
            row = connection.execute(select(table).where(table.c.id == number)).mappings().first()
        if row is None:
            raise NotFoundError(
                "there is no such announcement", where=str(number), remedy="see `firstline announcement list --all`"
            )
        return _announcement(row)

    def letters_of(self, one: Announcement) -> list[Effect]:
        """The answers that told of it and are out, the newest first."""
        sent = (effect.c.kind == EffectKind.ACKNOWLEDGE.value, effect.c.state == EffectState.DONE.value)
        lately = select(mail.c.id).where(mail.c.received >= one.since - LONGEST_WAIT)  # by its index
        query = select(effect).where(*sent, effect.c.changed >= one.since, effect.c.mail_id.in_(lately))
        query = query.where(effect.c.changed < one.ended) if one.ended else query
        query = query.order_by(effect.c.changed.desc(), effect.c.key)
        with self.database.reading() as connection:
            found = [(effect_of(row), row.changed) for row in connection.execute(query)]
        return [each for each, at in found if isinstance(each.payload, LetterPayload) and _has_told(one, each, at)]

    def tell(self, letters: Sequence[Effect], now: datetime) -> int:
        """Journals them; whoever has been told is not told again. Says how many are new."""
        with self.database.writing() as connection:
            journalled = select(effect.c.key).where(effect.c.kind == EffectKind.NOTIFY.value)
            known = set(connection.execute(journalled).scalars())
            fresh = [letter for letter in letters if letter.key not in known]
            insert_effects(connection, fresh, now)
        return len(fresh)


def _has_told(one: Announcement, letter: Effect, at: datetime) -> bool:
    """As it was noted when it was sent; of an older letter: it was in force then, about its matter, in its language."""
    if letter.sent and letter.sent.problems is not None:
        return one.id in letter.sent.problems
    spoken = letter.sent.language if letter.sent else ""
    return one.is_about(letter.letter.topic) and one.told_in(spoken, at)


def _announcement(row: RowMapping) -> Announcement:
    return Announcement(**row)
