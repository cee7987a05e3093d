"""The tables of the desk: people who sign in, and what they did. A change here needs a migration, as in `schema.py`."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, Table, Text

from pipeline.store.schema import Counter, Moment, metadata, words

account = Table(
    "account",
    metadata,
    Column("address", Text, primary_key=True),  # in lower case
    words("name"),
    Column("role", Text, nullable=False),
    words("password"),  # its argon2 hash; '' for who has none yet, or signs in elsewhere
    words("language"),
    Column("disabled", Moment),
    Column("created", Moment, nullable=False),
    Column("signed_in", Moment),  # the last time
)

# Browsers that are signed in.
session = Table(
    "session",
    metadata,
    Column("id", Text, primary_key=True),  # SHA-256 of what is in the cookie: who reads this table can't sign in
    Column("account", Text, nullable=False, index=True),
    Column("begun", Moment, nullable=False),
    Column("seen", Moment, nullable=False, index=True),
    words("client"),
    words("browser"),
)

# Links that let somebody in once, to choose a password.
invitation = Table(
    "invitation",
    metadata,
    Column("id", Text, primary_key=True),  # SHA-256 of what is in the link
    Column("account", Text, nullable=False, index=True),
    Column("expires", Moment, nullable=False),
    Column("used", Moment),
)

# Wrong passwords, for a while.
refusal = Table(
    "refusal",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False, index=True),
    Column("account", Text, nullable=False),  # a hash of what was typed: people type passwords there, too
    Column("client", Text, nullable=False),
    Index("refusal_client", "client", "at"),
    Index("refusal_account", "account", "at"),
)

# Who did what at the desk.
audit = Table(
    "audit",
    metadata,
    Column("id", Counter, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False, index=True),
    words("account"),
    Column("action", Text, nullable=False),
    words("subject"),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
    words("outcome"),  # done, refused; '' while it is being done
    words("client"),
    Index("audit_account", "account", "id"),
    Index("audit_action", "action", "id"),
    Index("audit_subject", "subject", "id"),
)
