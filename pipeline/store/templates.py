"""The versions of the letters: which were in use, when, with what sources, and how many mails each has answered."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.engine import RowMapping

from pipeline.records.effect import Effect, EffectKind, EffectState, Outcome
from pipeline.records.letter import LetterVersion, RecordedVersion
from pipeline.records.payload import LetterPayload
from pipeline.store import schema
from pipeline.store.database import Database, upsert, upsert_of
from pipeline.store.effect_rows import effect_of

source, version = schema.template_source, schema.template_version
mail, effect = schema.mail, schema.effect
Key = tuple[str, str, str]  # language, name, version


class Versions:
    """What was taken into use, recorded once and kept permanently."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def take_up(self, letters: Iterable[LetterVersion], now: datetime) -> int:
        """Records what is in use from now on. Returns how many versions were not in use before."""
        with self.database.reading() as connection:
            fresh = _not_in_use(connection, letters)
        if not fresh:
            return 0
        with self.database.writing() as connection:
            _keep_sources(connection, fresh)
            rows = [_row(letter, now) for letter in fresh]
            statement = upsert(connection, version)
            again = {"files": statement.excluded.files, "taken_up": statement.excluded.taken_up}
            connection.execute(statement.on_conflict_do_update(index_elements=list(_KEY), set_=again), rows)
        return len(fresh)

    def history(self, name: str = "", language: str = "") -> list[RecordedVersion]:
        """Versions by language and name, newest first. '' for all names, all languages."""
        query = select(version).order_by(version.c.language, version.c.name, *_NEWEST_FIRST)
        query = query.where(version.c.name == name) if name else query
        query = query.where(version.c.language == language) if language else query
        with self.database.reading() as connection:
            rows = connection.execute(query).mappings().all()
        in_use = _in_use(rows)
        return [RecordedVersion(**row, in_use=_key(row) in in_use) for row in rows]

    def sources(self, files: Mapping[str, str]) -> dict[str, str]:
        """The texts behind the hashes of a version's `files`."""
        query = select(source.c.hash, source.c.source).where(source.c.hash.in_(set(files.values())))
        with self.database.reading() as connection:
            texts = {row.hash: row.source for row in connection.execute(query)}
        return {file: texts[mark] for file, mark in files.items()}

    def texts(self, files: Collection[str]) -> dict[str, set[str]]:
        """Every text that each of these files had in some version."""
        with self.database.reading() as connection:
            made_of = [made for made in connection.execute(select(version.c.files)).scalars() if made]
        marks = {(file, made[file]) for made in made_of for file in files if file in made}
        texts = self.sources({mark: mark for _, mark in marks})
        return {file: {texts[mark] for known, mark in marks if known == file} for file in files}

    def answered_with(self, name: str, among: int, mailbox: str = "") -> list[Effect]:
        """Acknowledgements that asked for this letter, newest first; looked for `among` the newest of all. `mailbox`:
        only of its mails. Who was erased is not among them, nor what can't be read any more."""
        wanted = (effect.c.kind == EffectKind.ACKNOWLEDGE.value, mail.c.erased.is_(None))
        query = select(effect).join(mail, mail.c.id == effect.c.mail_id).where(*wanted)
        query = query.order_by(mail.c.received.desc(), mail.c.id).limit(among)
        with self.database.reading() as connection:
            found = [effect_of(row) for row in connection.execute(query)]
        found = [one for one in found if isinstance(one.payload, LetterPayload)]
        return [one for one in found if one.letter.template == name and mailbox in ("", one.letter.mailbox)]


_KEY = ("language", "name", "version")
_NEWEST_FIRST = (version.c.taken_up.desc().nulls_last(), version.c.first_used.desc(), version.c.version)


def count_sent(connection: Connection, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Counts the letters of a settled group, in the transaction that settles it; in one order, against deadlocks."""
    done = (outcome.sent for outcome in outcomes if outcome.state is EffectState.DONE)
    counts = Counter((sent.language, sent.template, sent.version) for sent in done if sent)
    rows = [
        {"language": language, "name": name, "version": mark, "first_used": now, "last_sent": now, "sent": sent}
        for (language, name, mark), sent in sorted(counts.items())
    ]
    if rows:
        connection.execute(_counting(connection.dialect.name), rows)


@cache
def _counting(dialect: str) -> Any:  # Insert of either dialect: they have no base in common
    """Made once: to spell it anew for every group was a quarter of settling it."""
    statement = upsert_of(dialect, version)
    more = {"sent": version.c.sent + statement.excluded.sent, "last_sent": statement.excluded.last_sent}
    return statement.on_conflict_do_update(index_elements=list(_KEY), set_=more)


def mark_of(text: str) -> str:
    """The name of a text in `template_source`."""
    return hashlib.sha256(text.encode()).hexdigest()


def _not_in_use(connection: Connection, letters: Iterable[LetterVersion]) -> list[LetterVersion]:
    """Those that were not the last to be taken up under their name; in one order, against deadlocks."""
    columns = [version.c[name] for name in (*_KEY, "files", "taken_up")]
    in_use = _in_use(connection.execute(select(*columns)).mappings().all())
    wanted = {(letter.language, letter.name, letter.version): letter for letter in letters}
    return [letter for key, letter in sorted(wanted.items(), key=itemgetter(0)) if key not in in_use]


def _in_use(rows: Sequence[RowMapping]) -> set[Key]:
    newest: dict[tuple[str, str], RowMapping] = {}
    for row in rows:
        before = newest.get((row["language"], row["name"]))
        if row["taken_up"] and (before is None or row["taken_up"] > before["taken_up"]):
            newest[row["language"], row["name"]] = row
    return {_key(row) for row in newest.values()}


def _key(row: RowMapping) -> Key:
    return row["language"], row["name"], row["version"]


def _keep_sources(connection: Connection, letters: Sequence[LetterVersion]) -> None:
    texts = {mark_of(text): text for letter in letters for text in letter.sources.values()}
    rows = [{"hash": mark, "source": text} for mark, text in sorted(texts.items())]
    connection.execute(upsert(connection, source).on_conflict_do_nothing(), rows)


def _row(letter: LetterVersion, now: datetime) -> dict[str, object]:
    return {
        "language": letter.language,
        "name": letter.name,
        "version": letter.version,
        "files": {file: mark_of(text) for file, text in letter.sources.items()},
        "first_used": now,
        "taken_up": now,
    }
