"""Versions of the texts that customers read, with who made them and why; and what is typed and not saved."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.engine import RowMapping

from pipeline.records.texts import TextDraft, TextPlace, TextVersion
from pipeline.store import schema
from pipeline.store.database import Database, upsert
from pipeline.store.schema_texts import text_draft, text_version
from pipeline.store.templates import mark_of

source = schema.template_source


def mark_of_files(marks: Mapping[str, str]) -> str:
    """The name of what stands in the files of a text together. `marks`: file → hash of its text; '' for no file."""
    whole = "\n".join(f"{file} {mark}" for file, mark in sorted(marks.items()))
    return hashlib.sha256(whole.encode()).hexdigest()[:16] if marks else ""


def mark_of_parts(parts: Mapping[str, str]) -> str:
    """The same from the texts themselves."""
    return mark_of_files({file: mark_of(text) for file, text in parts.items()})


class TextVersions:
    """Each version of a text that was kept. Nothing of it is ever changed."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def keep(self, place: TextPlace, parts: Mapping[str, str], who: str, why: str, at: datetime) -> TextVersion:
        """`who`: '' for what was found on disk. What is the newest one already is not kept again as found."""
        marks = {file: mark_of(text) for file, text in parts.items()}
        found = {"place": place.key, "at": at, "who": who, "why": why, "mark": mark_of_files(marks), "files": marks}
        rows = [{"hash": marks[file], "source": text} for file, text in sorted(parts.items())]
        with self.database.writing() as connection:
            newest = connection.execute(_of(place).limit(1)).mappings().first()
            if not who and newest and newest["mark"] == found["mark"]:
                return _version(newest)
            if rows:
                connection.execute(upsert(connection, source).on_conflict_do_nothing(), rows)
            connection.execute(insert(text_version).values(found))
            return _version(connection.execute(_of(place).limit(1)).mappings().one())

    def of(self, place: TextPlace) -> list[TextVersion]:
        """Those of a text, the newest first."""
        with self.database.reading() as connection:
            return [_version(row) for row in connection.execute(_of(place)).mappings()]

    def sources(self, files: Mapping[str, str]) -> dict[str, str]:
        """The texts behind the hashes of a version's `files`."""
        query = select(source.c.hash, source.c.source).where(source.c.hash.in_(set(files.values())))
        with self.database.reading() as connection:
            texts = {row.hash: row.source for row in connection.execute(query)}
        return {file: texts[mark] for file, mark in files.items()}


class TextDrafts:
    """What people have typed. Each sees their own."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def of(self, account: str, place: TextPlace) -> TextDraft | None:
        """The one of this person."""
        query = select(text_draft).where(text_draft.c.account == account, text_draft.c.place == place.key)
        with self.database.reading() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return TextDraft(**row) if row else None

    def all_of(self, account: str) -> list[str]:
        """The keys of the texts that this person has begun."""
        query = select(text_draft.c.place).where(text_draft.c.account == account).order_by(text_draft.c.place)
        with self.database.reading() as connection:
            return list(connection.execute(query).scalars())

    def save(self, draft: TextDraft) -> None:
        """In place of what there was."""
        row = {name: getattr(draft, name) for name in ("account", "place", "opened", "why", "changed")}
        row["parts"] = dict(draft.parts)
        with self.database.writing() as connection:
            statement = upsert(connection, text_draft).values(row)
            names = ["account", "place"]
            changes = {name: value for name, value in row.items() if name not in names}
            connection.execute(statement.on_conflict_do_update(index_elements=names, set_=changes))

    def discard(self, account: str, place: TextPlace) -> None:
        """It is saved, or not wanted."""
        mine = (text_draft.c.account == account, text_draft.c.place == place.key)
        with self.database.writing() as connection:
            connection.execute(delete(text_draft).where(*mine))


def _of(place: TextPlace) -> Select[tuple[object, ...]]:
    return select(text_version).where(text_version.c.place == place.key).order_by(text_version.c.number.desc())


def _version(row: RowMapping) -> TextVersion:
    return TextVersion(**row)
