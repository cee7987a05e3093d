"""The tables of data protection: who was erased (without saying who), and what must not be. A change needs a migration.

When a mail or a ticket was emptied stands in it: `erased` (see schema.py).
"""

from __future__ import annotations

from sqlalchemy import JSON, Column, Table, Text

from pipeline.store.schema import Moment, metadata, words

# One row an erasure. No address, no name, no words: a keyed hash tells whether somebody was erased, nothing more.
erasure = Table(
    "erasure",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person", Text, nullable=False, index=True),  # keyed hash of the folded address
    Column("pseudonym", Text, nullable=False),  # stands where the address stood, so that figures stay; not keyed
    Column("begun", Moment, nullable=False),
    Column("finished", Moment),  # null: it was cut off, or something could not be reached
    words("by"),
    Column("mails", JSON, nullable=False),  # references of what was emptied, or is to be
    Column("tickets", JSON, nullable=False),
    Column("steps", JSON, nullable=False),  # what is done
    Column("left", JSON, nullable=False),  # what is not, and why
)

# What neither an erasure nor a clock may touch while it stands here.
hold = Table(
    "hold",
    metadata,
    Column("what", Text, primary_key=True),  # the reference of a ticket, or the folded address of a customer
    Column("at", Moment, nullable=False),
    words("who"),
    Column("why", Text, nullable=False),
)
