"""The tables of those who edit letters, saved replies and help pages. A change here needs a migration beside it."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, PrimaryKeyConstraint, Table, Text

from pipeline.store.schema import Counter, Moment, metadata, words

# Each text as it was saved at the desk, or found on disk when it was saved over. The sources are in template_source.
text_version = Table(
    "text_version",
    metadata,
    Column("number", Counter, primary_key=True, autoincrement=True),
    Column("place", Text, nullable=False),  # as en/delivery
    Column("at", Moment, nullable=False),
    words("who"),  # '' where it was changed on disk
    words("why"),
    Column("mark", Text, nullable=False),
    Column("files", JSON, nullable=False),  # file → hash in template_source
    Index("text_version_of", "place", "number"),
)

# What people have typed and not saved; one a person and text.
text_draft = Table(
    "text_draft",
    metadata,
    Column("account", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("opened", Text, nullable=False),  # the mark of what it was typed over
    Column("parts", JSON, nullable=False),  # file → text
    words("why"),
    Column("changed", Moment, nullable=False),
    PrimaryKeyConstraint("account", "place"),
)
