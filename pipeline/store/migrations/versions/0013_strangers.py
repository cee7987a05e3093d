"""Who takes part in a conversation, budgets of the circuit breaker, silenced people; addresses in one spelling.

Gmail's dots and names of domains beyond ASCII were not folded before: the same person had several addresses.
"""

import sqlalchemy as sa
from alembic import op

from pipeline.records.mail import fold

revision = "0013"
down_revision = "0012"

_FOLDED = (  # table, column, key
    ("mail", "customer", ("id",)),
    ("acknowledgement", "sender", ("mail_id",)),
    ("grant", "customer", ("mail_id", "name")),
    ("survey", "customer", ("id",)),
)
_KEYS = (("bounce", "address"), ("opt_out", "address"))


def upgrade() -> None:
    op.create_table(
        "participant",
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("thread", "address"),
    )
    op.add_column("acknowledgement", sa.Column("budget", sa.Text(), nullable=False, server_default="new"))
    for table, name in (("mail", "quieted"), ("ticket", "unproven")):
        op.add_column(table, sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.drop_index("ix_mail_message_id", "mail")  # whose a Message-ID is counts too
    op.create_index("mail_named", "mail", ["message_id", "customer"])
    where = sa.text("quieted")
    op.create_index("mail_quieted", "mail", ["received"], sqlite_where=where, postgresql_where=where)
    for table, name, key in _FOLDED:
        _fold(table, name, key)
    _fold("acknowledgement", "domain", ("mail_id",), prefix="x@")
    for table, name in _KEYS:
        _fold_key(table, name)
    _fold_tickets()


def _fold(name: str, column: str, key: tuple[str, ...], prefix: str = "") -> None:
    """Row by row by its key: there is no index on the column."""
    table = sa.table(name, *(sa.column(one, sa.Text()) for one in (column, *key)))
    connection = op.get_bind()
    values = []
    for row in connection.execute(sa.select(table)):
        before = getattr(row, column)
        after = fold(prefix + before).removeprefix(prefix) if before else before
        if after != before:
            values.append({"to": after, **{f"of_{one}": getattr(row, one) for one in key}})
    if values:
        is_row = (table.c[one] == sa.bindparam(f"of_{one}") for one in key)
        connection.execute(sa.update(table).where(*is_row).values({column: sa.bindparam("to")}), values)


def _fold_key(name: str, column: str) -> None:
    """Where it is the key, one row is enough."""
    table = sa.table(name, sa.column(column, sa.Text()))
    known = set(op.get_bind().execute(sa.select(table.c[column])).scalars())
    for before in sorted(known):
        after = fold(before)
        if after != before:
            mine = table.c[column] == before
            op.execute(
                sa.delete(table).where(mine) if after in known else sa.update(table).where(mine).values({column: after})
            )
            known.add(after)


def _fold_tickets() -> None:
    columns = (sa.column("ref", sa.Text()), sa.column("folded", sa.Text()), sa.column("participants", sa.JSON()))
    ticket = sa.table("ticket", *columns)
    connection = op.get_bind()
    for row in connection.execute(sa.select(ticket)).all():
        folded, participants = fold(row.folded) if row.folded else "", [fold(one) for one in row.participants]
        if (folded, participants) != (row.folded, row.participants):
            values = {"folded": folded, "participants": participants}
            connection.execute(sa.update(ticket).where(ticket.c.ref == row.ref).values(values))
