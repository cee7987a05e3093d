"""What the desk keeps beside the ledger, and the indices by which its queue is read."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Index, PrimaryKeyConstraint, Table, Text, and_, literal_column

from pipeline.store.schema import Moment, effect, mail, metadata, promise, ticket

# Conditions of partial indices, which the queries repeat word by word: no parameters in them.
unsolved = ticket.c.status.not_in([literal_column("'resolved'"), literal_column("'closed'")])
_SEEN = "opened ref status complaint to_check priority responded warned topic language owner".split()
Index("ticket_agenda", *(ticket.c[name] for name in _SEEN), sqlite_where=unsolved)
Index("ticket_topic", ticket.c.topic, ticket.c.opened)  # cases that may be like one
unkept = and_(promise.c.kept.is_(None), promise.c.state.in_([literal_column("'open'"), literal_column("'broken'")]))
Index(
    "promise_unkept",
    *(promise.c[name] for name in ("due", "ticket", "mail_id", "kind")),
    sqlite_where=unkept,
)
unwell = effect.c.state.in_([literal_column("'failed'"), literal_column("'uncertain'")])
Index(
    "effect_unwell",
    *(effect.c[name] for name in ("created", "kind", "state", "mail_id", "ticket")),
    sqlite_where=unwell,
)

# Filters of the queue that people have given a name.
saved_view = Table(
    "saved_view",
    metadata,
    Column("account", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("saved", Moment, nullable=False),
    PrimaryKeyConstraint("account", "name"),
)

_OF_MAIL = ("received", "ticket", "id", "topic", "language", "mailbox")
for _name, _flag in (("mail_parked", mail.c.parked), ("mail_review", mail.c.review)):
    Index(_name, *(mail.c[name] for name in _OF_MAIL), sqlite_where=_flag)

# Who has a case before them.
presence = Table(
    "presence",
    metadata,
    Column("ref", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("doing", Text, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    PrimaryKeyConstraint("ref", "account"),
)

# What somebody did to many cases at once, and what is needed to undo it.
batch = Table(
    "batch",
    metadata,
    Column("id", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("done", JSON, nullable=False),
    Column("undone", Moment),
)
