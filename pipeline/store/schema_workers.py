"""The tables of many workers on one database (PostgreSQL). With one process they stay empty."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Integer, PrimaryKeyConstraint, Table, Text, text

from pipeline.store.schema import Counter, Moment, metadata, words

# Who works, or has worked lately. The times are the database's: a worker's clock may be wrong.
worker = Table(
    "worker",
    metadata,
    Column("id", Text, primary_key=True),  # a new one at each start
    Column("name", Text, nullable=False),  # machine and process, for people
    Column("version", Text, nullable=False),  # of its program
    Column("joined", Moment, nullable=False),
    Column("beat", Moment, nullable=False),  # its last sign of life
    Column("ended", Moment, index=True),
    Column("lost", Boolean, nullable=False, server_default=text("false")),  # ended without a word
)

# One row: the oldest revision whose program can work with this database. A migration that only adds leaves it.
works_with = Table("works_with", metadata, Column("oldest", Text, primary_key=True))

# What one worker does at a time: "mailbox.support", "tracker.jira", "chores". Void when its worker has ended.
lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("worker", Text, nullable=False),
)

# Portions of a backlog, which all workers take. Gone when the mailbox is read past them.
portion = Table(
    "portion",
    metadata,
    Column("mailbox", Text, nullable=False),
    Column("uidvalidity", Counter, nullable=False),
    Column("first", Counter, nullable=False),
    Column("uids", JSON, nullable=False),
    words("worker"),
    Column("done", Boolean, nullable=False, server_default=text("false")),
    Column("left", JSON, nullable=False, server_default="[]"),  # UIDs that may answer mail of an earlier portion
    PrimaryKeyConstraint("mailbox", "uidvalidity", "first"),
)

# What all workers have taken of `[smtp] limit`.
letters_taken = Table(
    "letters_taken",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False, index=True),
    Column("letters", Integer, nullable=False),
)
