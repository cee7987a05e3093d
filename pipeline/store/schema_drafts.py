"""The tables of what people write to customers. A change here needs a migration beside it."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Integer, LargeBinary, Table, Text

from pipeline.store.schema import Moment, metadata, words

# What people have typed and not sent; one a person and ticket.
draft = Table(
    "draft",
    metadata,
    Column("id", Text, primary_key=True),
    Column("ticket", Text, nullable=False),
    Column("author", Text, nullable=False),
    words("text"),
    words("subject"),
    Column("cc", JSON, nullable=False, server_default="[]"),
    words("then"),  # what the ticket is set to when it has been sent; '' for nothing
    words("beside"),  # typed over an older version
    Column("version", Integer, nullable=False, server_default="1"),
    Column("changed", Moment, nullable=False),
    Index("draft_of", "ticket", "author", unique=True),
)

# What is attached, to drafts and to the answers that they became.
draft_file = Table(
    "draft_file",
    metadata,
    Column("id", Text, primary_key=True),
    Column("draft", Text, nullable=False, index=True),
    Column("place", Integer, nullable=False),  # in which order
    Column("name", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("over", Moment, index=True),  # since when its answer needs it no more
)
