"""What the version in use says of past mail: for figures alone. Nothing that was done rests on it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Table, Text

from pipeline.store.schema import Moment, metadata

# One row a mail: what the version that was asked last says of it.
relabelled = Table(
    "relabelled",
    metadata,
    Column("mail_id", Text, ForeignKey("mail.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Text, nullable=False),
    Column("topic", Text),
    Column("topic_confidence", Float),
    Column("topic_sure", Boolean, nullable=False),
    Column("sentiment", Text),
    Column("sentiment_confidence", Float),
    Column("sentiment_sure", Boolean, nullable=False),
    Column("complaint", Boolean),
    Column("complaint_confidence", Float),
    Column("complaint_sure", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
)
Index("relabelled_version", relabelled.c.version)
