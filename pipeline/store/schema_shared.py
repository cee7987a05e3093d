"""Files that all machines take up from the database: letters, help pages, and the model in use."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, PrimaryKeyConstraint, Table, Text

from pipeline.store.schema import Counter, Moment, metadata

# One row a file. What was removed stays as a row without content: a row that is missing says nothing.
shared_file = Table(
    "shared_file",
    metadata,
    Column("kind", Text, nullable=False),  # whose folder it lies in: "templates", "templates.support", "model"
    Column("path", Text, nullable=False),  # below that folder
    Column("sha256", Text, nullable=False),  # of the content, '': it was removed
    Column("mark", Text, nullable=False),  # our signature: who can write here, but has not the key, changes nothing
    Column("data", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),  # machine that pushed it
    Column("number", Counter, nullable=False, index=True),  # grows with each push: the greatest tells of any change
    PrimaryKeyConstraint("kind", "path"),
)
