"""What the database holds of a person: their mails, tickets and conversations, and where others speak of them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import JSON, ColumnElement, Connection, Text, cast, or_, select, true
from sqlalchemy.engine import RowMapping

from pipeline.records.mail import fold
from pipeline.records.personal import DataSubject, Fate, Traces
from pipeline.store.database import Database
from pipeline.store.personal import TableEntry, Whose, entry_of
from pipeline.store.schema import mail, survey, ticket, ticket_event
from pipeline.store.schema_drafts import draft
from pipeline.store.search import comment_source

AT_ONCE = 500  # values in one condition
_SHORTEST_NAME = 6  # letters of a name that is searched for: "Al Li" stands in many a sentence
Ids = Mapping[Whose, Sequence[str]]


def find(database: Database, subject: DataSubject, until: datetime | None = None) -> Traces:
    """All that is theirs, and the mails of others in which they are named. Reads every mail once.

    `until`: only what was there then. Who was erased and wrote again after that is a customer like any other.
    """
    with database.reading() as connection:
        written = _written(connection, subject, until)
        traces = _with_conversations(connection, subject, written, until)
        others = {id_ for id_ in _naming(connection, traces) if id_ not in set(traces.mails)}
    return replace(traces, others=tuple(sorted(others)))


def ids_of(connection: Connection, traces: Traces) -> Ids:
    """By what the rows of each table are found."""
    surveys = select(survey.c.id).where(survey.c.customer == traces.person.folded)
    ids: dict[Whose, list[str]] = {
        Whose.MAIL: [*traces.mails],
        Whose.TICKET: [*traces.tickets],
        Whose.THREAD: [*traces.threads],
        Whose.CUSTOMER: [traces.person.folded],
        Whose.SURVEY: [*connection.execute(surveys).scalars()],
        Whose.DRAFT: [],
        Whose.SOURCE: [*traces.mails],
    }
    for some in portions(traces.tickets):
        for whose, found in hanging_on(connection, some).items():
            ids[whose] += found
        asked = select(survey.c.id).where(survey.c.ticket.in_(some))
        ids[Whose.SURVEY] += connection.execute(asked).scalars()
    for some in portions(traces.mails):
        asked = select(survey.c.id).where(survey.c.mail_id.in_(some))
        ids[Whose.SURVEY] += connection.execute(asked).scalars()
    return {whose: [*dict.fromkeys(found)] for whose, found in ids.items()}


def hanging_on(connection: Connection, refs: Collection[str]) -> dict[Whose, list[str]]:
    """What of some tickets is found by other names than theirs."""
    drafts = select(draft.c.id).where(draft.c.ticket.in_(refs))
    events = select(ticket_event.c.id).where(ticket_event.c.ticket.in_(refs))
    return {
        Whose.DRAFT: [*connection.execute(drafts).scalars()],
        Whose.SOURCE: [*map(comment_source, connection.execute(events).scalars())],
    }


def conditions(entry: TableEntry, ids: Ids) -> Iterator[ColumnElement[bool]]:
    """Which rows of a table are theirs: a row may meet several of them."""
    for column, whose in entry.whose:
        for some in portions(ids.get(whose, ())):
            yield entry.table.c[column].in_(some)


def rows_of(connection: Connection, entry: TableEntry, ids: Ids) -> list[RowMapping]:
    """Their rows of a table, each once."""
    keys = [column.name for column in entry.table.primary_key.columns]
    found: dict[tuple[object, ...], RowMapping] = {}
    for condition in conditions(entry, ids):
        for row in connection.execute(select(entry.table).where(condition)).mappings():
            found.setdefault(tuple(row[key] for key in keys), row)
    return [*found.values()]


def portions(values: Collection[str]) -> Iterator[list[str]]:
    """So many at once as a condition takes."""
    listed = [*values]
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]


# --- what is theirs ---------------------------------------------------------------------------------------------------


def _written(connection: Connection, subject: DataSubject, until: datetime | None) -> list[RowMapping]:
    """The mails that came from their address, in whatever spelling, or whose answer goes there."""
    domain = subject.folded.rpartition("@")[2]
    columns = (mail.c.id, mail.c.thread, mail.c.sender, mail.c.sender_name, mail.c.customer)
    may_be = or_(
        mail.c.customer == subject.folded,
        *(mail.c.sender.ilike(f"%@{_like(one)}", escape="\\") for one in _spelled(domain)),
    )
    then = true() if until is None else mail.c.recorded <= until
    rows = connection.execute(select(*columns).where(may_be, then)).mappings()
    return [row for row in rows if row["customer"] == subject.folded or fold(row["sender"]) == subject.folded]


def _spelled(domain: str) -> tuple[str, ...]:
    """Names of one mail domain: `fold` knows two for Gmail, and names that are not ASCII."""
    if domain == "gmail.com":
        return ("gmail.com", "googlemail.com")
    if "xn--" not in domain:
        return (domain,)
    import idna

    try:
        return (domain, idna.decode(domain))
    except idna.IDNAError:
        return (domain,)


def _with_conversations(
    connection: Connection, subject: DataSubject, written: Sequence[RowMapping], until: datetime | None
) -> Traces:
    """With the tickets that are theirs, and what we wrote in the conversations that they began."""
    begun = {row["id"] for row in written if row["thread"] == row["id"]}
    own = select(ticket.c.ref, ticket.c.thread, ticket.c.customer, ticket.c.customer_name)
    then = true() if until is None else ticket.c.opened <= until
    tickets = connection.execute(own.where(ticket.c.folded == subject.folded, then)).mappings().all()
    threads = sorted(begun | {row["thread"] for row in tickets})
    mails = {row["id"] for row in written}
    for some in portions(threads):
        ours = select(mail.c.id).where(mail.c.thread.in_(some), or_(mail.c.by_staff, mail.c.robot))
        mails |= set(connection.execute(ours).scalars())
    return Traces(
        person=subject,
        mails=tuple(sorted(mails)),
        tickets=tuple(sorted(row["ref"] for row in tickets)),
        threads=tuple(threads),
        addresses=_addresses(subject, written, tickets),
        names=_names([row["sender_name"] for row in written] + [row["customer_name"] for row in tickets]),
    )


def _addresses(subject: DataSubject, written: Sequence[RowMapping], tickets: Sequence[RowMapping]) -> tuple[str, ...]:
    senders = [row["sender"] for row in written if fold(row["sender"]) == subject.folded]
    customers = [row["customer"] for row in tickets if row["customer"] and fold(row["customer"]) == subject.folded]
    return tuple(dict.fromkeys(one.lower() for one in (subject.address, subject.folded, *senders, *customers)))


def _names(names: Sequence[str]) -> tuple[str, ...]:
    """Whole names, of two words at least; never an address of ours that somebody has as a name."""
    whole = [" ".join(name.split()) for name in names]
    kept = [name for name in whole if " " in name and "@" not in name and len(name) >= _SHORTEST_NAME]
    return tuple(dict.fromkeys(kept))


# --- where others speak of them ---------------------------------------------------------------------------------------


def pattern_of(traces: Traces) -> re.Pattern[str]:
    """Their addresses and names, wherever they stand as wholes."""
    addresses = [rf"(?<![\w.+-]){re.escape(one)}(?![\w-])" for one in traces.addresses]
    names = [rf"\b{re.escape(one)}\b".replace(r"\ ", r"\s+") for one in traces.names]
    return re.compile("|".join([*addresses, *names]), re.IGNORECASE)


def may_name(column: ColumnElement[object], traces: Traces) -> ColumnElement[bool]:
    """May they stand in it? A first look, in the database; `pattern_of` decides. In JSON, letters beyond ASCII may be
    written as escapes."""
    said = cast(column, Text) if isinstance(column.type, JSON) else column
    words = [*traces.addresses, *traces.names]
    if isinstance(column.type, JSON):
        words += [_escaped(word) for word in words if not word.isascii()]
    return or_(*(said.ilike(f"%{_like(word)}%", escape="\\") for word in words))


def texts_in(entry: TableEntry) -> list[ColumnElement[object]]:
    """Columns in which others may speak of them."""
    named = (*entry.columns(Fate.EMPTIED), *entry.columns(Fate.SEARCHED))
    return [column for column in named if isinstance(column.type, Text | JSON)]


def _naming(connection: Connection, traces: Traces) -> Iterator[str]:
    """Ids of mails in which they are named."""
    pattern = pattern_of(traces)
    for column in texts_in(entry_of(mail)):
        query = select(mail.c.id, column.label("said")).where(may_name(column, traces))
        for row in connection.execute(query).mappings():
            if pattern.search(as_text(row["said"])):
                yield row["id"]


def as_text(value: object) -> str:
    """What is in a column of text, or of JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _like(word: str) -> str:
    """In the language of LIKE: its letters and nothing else."""
    return re.sub(r"([\\%_])", r"\\\1", word)


def _escaped(word: str) -> str:
    return word.encode("ascii", "backslashreplace").decode().replace("\\x", "\\u00")
