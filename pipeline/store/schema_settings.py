"""The table of what was changed in config.toml at the desk. A change here needs a migration, as in `schema.py`."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Table, Text

from pipeline.store.schema import Counter, Moment, metadata, words

# One row a change: the changed keys alone, never the file, in which anything may stand.
setting_version = Table(
    "setting_version",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False),
    words("account"),
    words("why"),
    Column("section", Text, nullable=False),  # topics.NAME, grants.NAME, calendar
    Column("before", JSON, nullable=False),  # by key; null: it was not written
    Column("after", JSON, nullable=False),
    Index("setting_version_section", "section", "id"),
)
