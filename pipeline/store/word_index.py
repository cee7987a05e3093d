"""The words of what can be found: SQLite's FTS5 and PostgreSQL's text search, behind one small interface.

Both hold the same words, as `text/search_words.py` makes them; neither folds or stems anything by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from sqlalchemy import Connection, bindparam, text

from pipeline.records.search import SearchTerm
from pipeline.store.database import Database

_KEY = 0x6669727374736561  # "firstsea": the advisory lock of whoever fills the index
_NEAR = (5_000, 50_000)  # how many of the newest are looked through first, where the words may be common


class WordIndex(Protocol):
    """Place → words."""

    def is_free(self, connection: Connection) -> bool:
        """May this transaction fill the index? Not while another one does."""

    def add(self, connection: Connection, words: Mapping[int, Sequence[str]]) -> None:
        """Takes them in at places that are free."""

    def remove(self, connection: Connection, places: Collection[int]) -> None:
        """Takes out what is there."""

    def find(self, connection: Connection, terms: Sequence[SearchTerm], span: range, limit: int) -> list[int]:
        """The highest places in `span` at which all of the terms are. `terms`: at least one."""


def word_index(database: Database) -> WordIndex:
    """That of this database."""
    return Fts5() if database.is_sqlite else TextSearch()


class Fts5:
    """SQLite: a list of places for each word, read from the newest on: common words are as quick as rare ones."""

    def is_free(self, connection: Connection) -> bool:
        """See WordIndex.is_free. On SQLite one transaction writes at a time anyway."""
        return True

    def add(self, connection: Connection, words: Mapping[int, Sequence[str]]) -> None:
        """See WordIndex.add. In their order: FTS5 writes to the disk whenever it has to go back."""
        rows = [{"place": place, "words": " ".join(words[place])} for place in sorted(words)]
        if rows:
            connection.execute(text("insert into search_word (rowid, words) values (:place, :words)"), rows)

    def remove(self, connection: Connection, places: Collection[int]) -> None:
        """See WordIndex.remove."""
        rows = [{"place": place} for place in sorted(places)]
        if rows:
            connection.execute(text("delete from search_word where rowid = :place"), rows)

    def find(self, connection: Connection, terms: Sequence[SearchTerm], span: range, limit: int) -> list[int]:
        """See WordIndex.find."""
        found = connection.execute(
            text(
                "select rowid from search_word where search_word match :words and rowid >= :least and rowid < :most"
                " order by rowid desc limit :limit"
            ),
            {"words": " AND ".join(map(self._said, terms)), "least": span.start, "most": span.stop, "limit": limit},
        )
        return list(found.scalars())

    def _said(self, term: SearchTerm) -> str:
        """In the language of FTS5. Words of ours hold no quote."""
        forms = [f'"{form}"' for form in term.forms]
        begun = [f'"{term.beginning}" *'] if term.beginning else []
        return f"({' OR '.join([*forms, *begun])})"


class TextSearch:
    """PostgreSQL: a GIN index over the words, which finds what is rare; what is common is met among the newest.

    Left to itself the planner guesses how common the words are together, and may sort a million rows, or read them all.
    """

    def is_free(self, connection: Connection) -> bool:
        """See WordIndex.is_free."""
        return bool(connection.execute(text("select pg_try_advisory_xact_lock(:key)"), {"key": _KEY}).scalar())

    def add(self, connection: Connection, words: Mapping[int, Sequence[str]]) -> None:
        """See WordIndex.add."""
        rows = [{"place": place, "words": list(words[place])} for place in sorted(words)]
        if rows:
            statement = "insert into search_word values (:place, array_to_tsvector(cast(:words as text[])))"
            connection.execute(text(statement), rows)

    def remove(self, connection: Connection, places: Collection[int]) -> None:
        """See WordIndex.remove."""
        if places:
            statement = text("delete from search_word where place in :places")
            connection.execute(statement.bindparams(bindparam("places", [*places], expanding=True)))

    def find(self, connection: Connection, terms: Sequence[SearchTerm], span: range, limit: int) -> list[int]:
        """See WordIndex.find."""
        values = {"words": " & ".join(map(self._said, terms)), "most": span.stop, "limit": limit}
        for near in _NEAR:
            least = max(span.start, self._place_before(connection, span, near))
            found = connection.execute(text(_AMONG_THE_NEWEST), {**values, "least": least}).scalars().all()
            if len(found) >= limit or least <= span.start:
                return [*found]
        return list(connection.execute(text(_AMONG_ALL), {**values, "least": span.start}).scalars())

    def _place_before(self, connection: Connection, span: range, count: int) -> int:
        """The place that so many come after; the beginning where there are fewer."""
        statement = "select place from search_word where place < :most order by place desc offset :count limit 1"
        values = {"most": span.stop, "count": count}
        return connection.execute(text(statement), values).scalar() or span.start

    def _said(self, term: SearchTerm) -> str:
        """As a tsquery. Words of ours hold no quote."""
        forms = [f"'{form}'" for form in term.forms]
        begun = [f"'{term.beginning}':*"] if term.beginning else []
        return f"({' | '.join([*forms, *begun])})"


_FOUND = "select place from search_word where words @@ cast(:words as tsquery) and place >= :least and place < :most"
_AMONG_THE_NEWEST = f"{_FOUND} order by place desc limit :limit"
_AMONG_ALL = f"{_FOUND} order by place + 0 desc limit :limit"  # sorted: not along the index of places, reading each
