"""The tables of search that both databases have alike. The words themselves lie in `search_word`, which each keeps in
its own way (see word_index.py), and triggers note what has changed (see the migration 0019)."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text

from pipeline.store.schema import Counter, Moment, metadata

# What can be found, and its place in the order of arrival: microseconds since 1970, each place once.
search_row = Table(
    "search_row",
    metadata,
    Column("place", Counter, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False, unique=True),  # the id of a mail, or "event:" and the id of a ticket_event
)

# What is to be taken into the index, or again.
search_waiting = Table(
    "search_waiting",
    metadata,
    Column("source", Text, primary_key=True),
    Column("turn", Integer, nullable=False, server_default="0"),  # counts up when it changes while it waits
    Column("received", Moment, nullable=False),
)
Index("search_waiting_newest", search_waiting.c.received)
