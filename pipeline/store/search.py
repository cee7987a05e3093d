"""The index of search: filled a portion at a time from what waits, and asked for what holds all of some words.

A mail, a ticket and a comment are noted in `search_waiting` by triggers, in the transaction that writes them. Whoever
fills the index reads some of them, makes their words outside of any transaction, and then takes them off that list and
into the index in one: a kill leaves them waiting, and what has changed meanwhile goes on waiting.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import Connection, Select, Text, cast, delete, func, insert, literal, select, tuple_
from sqlalchemy.engine import RowMapping

from pipeline.records.search import FoundText, SearchSpan, SearchTerm
from pipeline.records.ticket import TicketStatus
from pipeline.store.database import Database
from pipeline.store.schema import mail, ticket, ticket_event
from pipeline.store.schema_search import search_row, search_waiting
from pipeline.store.word_index import word_index
from pipeline.text.search_words import address_word, keyword, ref_word, search_words

PORTION = 100  # taken in at once: on SQLite nobody else writes meanwhile, some 30 ms
_SECOND = 1_000_000  # places
_LAST = 1 << 62  # after every place
_EVENT = "event:"
ALL = keyword("all", "")  # is at every place
Source = str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Waiting:
    source: Source
    turn: int
    received: datetime


class SearchIndex:
    """What is written in mails and on tickets, found by words and by what the desk knows of them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.words = word_index(database)

    def fill(self, most: int = PORTION) -> int:
        """Takes in one portion, the newest first. How many that were: 0 when nothing waits, or another is at it."""
        with self.database.reading() as connection:
            waiting = _waiting(connection, most)
            texts = _texts(connection, [one.source for one in waiting])
        words = {source: _words_of(text) for source, text in texts.items()}
        if not waiting:
            return 0
        with self.database.writing() as connection:
            if not self.words.is_free(connection):
                return 0
            taken = _take(connection, waiting)
            self._take_out(connection, [one.source for one in taken if one.source not in words])
            self._put(connection, {one: words[one.source] for one in taken if one.source in words})
        return len(taken)

    def waiting(self, most: int = 10_000) -> int:
        """How many are not in the index yet, or have changed since; counted up to `most`."""
        some = select(literal(1)).select_from(search_waiting).limit(most).subquery()
        with self.database.reading() as connection:
            return connection.execute(select(func.count()).select_from(some)).scalar_one()

    def find(self, terms: Sequence[SearchTerm], span: SearchSpan, limit: int) -> list[FoundText]:
        """What has all of the terms, the newest first, as it is now. Without terms everything."""
        asked = terms or [SearchTerm(forms=(ALL,))]
        with self.database.reading() as connection:
            places = self.words.find(connection, asked, _places_in(span), limit)
            found = select(search_row).where(search_row.c.place.in_(places))
            sources = {row.source: row.place for row in connection.execute(found)}
            texts = _texts(connection, sources)
        made = [_found(sources[source], row) for source, row in texts.items()]
        return sorted(made, key=lambda one: one.place, reverse=True)

    def forget(self, sources: Collection[Source]) -> None:
        """Takes mails (by their ids) and comments (see `comment_source`) out, and off what waits."""
        with self.database.writing() as connection:
            connection.execute(delete(search_waiting).where(search_waiting.c.source.in_(sources)))
            self._take_out(connection, sources)

    def _take_out(self, connection: Connection, sources: Collection[Source]) -> None:
        places = [*_places_of(connection, sources).values()]
        self.words.remove(connection, places)
        connection.execute(delete(search_row).where(search_row.c.place.in_(places)))

    def _put(self, connection: Connection, words: Mapping[_Waiting, Sequence[str]]) -> None:
        """Each at the place that it has already, else at one of its own."""
        places = _places_of(connection, [one.source for one in words])
        self.words.remove(connection, places.values())
        new = _new_places(connection, [one for one in words if one.source not in places])
        if new:
            rows = [{"place": place, "source": source} for source, place in new.items()]
            connection.execute(insert(search_row), rows)
        places |= new
        self.words.add(connection, {places[one.source]: said for one, said in words.items()})


def comment_source(event: int) -> Source:
    """How the index calls a comment on a ticket."""
    return f"{_EVENT}{event}"


def _waiting(connection: Connection, most: int) -> list[_Waiting]:
    query = select(search_waiting).order_by(search_waiting.c.received.desc()).limit(most)
    return [_Waiting(**row) for row in connection.execute(query).mappings()]


def _take(connection: Connection, waiting: Sequence[_Waiting]) -> list[_Waiting]:
    """Off the list, but for what another has taken, or what has changed since it was read."""
    table = search_waiting.c
    as_read = tuple_(table.source, table.turn).in_([(one.source, one.turn) for one in waiting])
    taken = set(connection.execute(delete(search_waiting).where(as_read).returning(table.source)).scalars())
    return [one for one in waiting if one.source in taken]


def _places_of(connection: Connection, sources: Collection[Source]) -> dict[Source, int]:
    rows = connection.execute(select(search_row).where(search_row.c.source.in_(sources)))
    return {row.source: row.place for row in rows}


def _new_places(connection: Connection, new: Sequence[_Waiting]) -> dict[Source, int]:
    """In the order of arrival. Within a second by lot: servers do not say more of when a mail arrived."""
    wanted = {one.source: _place(one) for one in new}
    query = select(search_row.c.place).where(search_row.c.place.in_(wanted.values()))
    used = set(connection.execute(query).scalars())
    for source, place in wanted.items():
        while place in used or (place != wanted[source] and _is_used(connection, place)):
            place += 1
        wanted[source] = place
        used.add(place)
    return wanted


def _place(one: _Waiting) -> int:
    lot = int.from_bytes(blake2b(one.source.encode(), digest_size=4).digest(), "big")
    return int(one.received.timestamp()) * _SECOND + lot % _SECOND


def _is_used(connection: Connection, place: int) -> bool:
    return connection.execute(select(literal(1)).where(search_row.c.place == place)).first() is not None


def _places_in(span: SearchSpan) -> range:
    """`until` to the second: what arrived in it is in no order."""
    first = int(span.since.timestamp()) * _SECOND if span.since else 0
    last = int(span.until.timestamp()) * _SECOND if span.until else _LAST
    return range(first, min(last, span.before) if span.before is not None else last)


# --- what is read of a mail or a comment ------------------------------------------------------------------------------

_MAIL = ("subject", "text", "sender", "sender_name", "customer", "message_id", "mailbox", "thread", "received")
_OF_TICKET = [ticket.c[name].label(f"ticket_{name}") for name in ("status", "owner", "subject", "outside_id")]


def _texts(connection: Connection, sources: Collection[Source]) -> dict[Source, RowMapping]:
    """As they are now; what is there no more is left out."""
    mails = [source for source in sources if not source.startswith(_EVENT)]
    events = [int(source.removeprefix(_EVENT)) for source in sources if source.startswith(_EVENT)]
    rows = [*connection.execute(_mails(mails)).mappings()] if mails else []
    rows += [*connection.execute(_comments(events)).mappings()] if events else []
    return {row["source"]: row for row in rows}


def _mails(ids: Sequence[str]) -> Select[*tuple[object, ...]]:
    own = [mail.c[name] for name in (*_MAIL, "ticket", "topic", "complaint", "language")]
    query = select(mail.c.id.label("source"), mail.c.id.label("mail"), *own, *_OF_TICKET)
    return query.join(ticket, ticket.c.ref == mail.c.ticket, isouter=True).where(mail.c.id.in_(ids))


def _comments(ids: Sequence[int]) -> Select[*tuple[object, ...]]:
    """Comments, and what was answered at the desk. They have the topic and the language of their ticket."""
    table = ticket_event.c
    query = select(
        (literal(_EVENT) + cast(table.id, Text)).label("source"),
        literal("").label("mail"),
        ticket.c.subject,
        table.detail.label("text"),
        table.actor.label("sender"),
        *(literal("").label(name) for name in ("sender_name", "customer", "message_id", "mailbox")),
        ticket.c.thread,
        table.at.label("received"),
        *(table.ticket, ticket.c.topic, ticket.c.complaint, ticket.c.language),
        *_OF_TICKET,
    )
    return query.join(ticket, ticket.c.ref == table.ticket).where(table.id.in_(ids))


def _words_of(row: RowMapping) -> list[str]:
    """All under which it is found."""
    said = [
        row["subject"],
        row["sender_name"],
        row["ticket_subject"] or "",
        row["ticket_outside_id"] or "",
        row["text"],
    ]
    addresses = [row["sender"], row["customer"], row["message_id"].strip("<>")]
    said[1:1] = addresses
    refs = {row["mail"], row["ticket"], row["thread"]} - {""}
    whole = [*map(ref_word, sorted(refs)), *(address_word(one) for one in addresses if one), ALL, *_known(row)]
    return [*dict.fromkeys([*whole, *search_words("\n".join(said), row["language"])])]


def _known(row: RowMapping) -> list[str]:
    """What the filters ask for."""
    facts = {
        "mailbox": row["mailbox"],
        "topic": row["topic"] or "",
        "language": row["language"],
        "complaint": "" if row["complaint"] is None else str(bool(row["complaint"])),
        "status": row["ticket_status"] or "",
        "owner": (row["ticket_owner"] or "").casefold(),
        "ticket": str(bool(row["ticket"])),
    }
    return [keyword(name, value) for name, value in facts.items() if value]


def _found(place: int, row: RowMapping) -> FoundText:
    return FoundText(
        place=place,
        **{name: row[name] for name in ("mail", "ticket", "subject", "sender", "received", "mailbox", "language")},
        topic=row["topic"] or "",
        complaint=row["complaint"],
        status=TicketStatus(row["ticket_status"]) if row["ticket_status"] else None,
        owner=row["ticket_owner"] or "",
        text=row["text"],
    )
