"""What is over by its clock is found without a look at the rows that were emptied already."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Moment

revision = "0029"
down_revision = "0028"

INDICES = (  # name, table, columns, of which rows
    ("mail_unerased", "mail", ["received", "id", "ticket", "thread", "customer"], "erased is null"),
    ("ticket_unerased", "ticket", ["resolved", "ref"], "erased is null or resolved is null or erased < resolved"),
    ("survey_unerased", "survey", ["created", "id"], "erased is null"),
)


def upgrade() -> None:
    op.add_column("survey", sa.Column("erased", Moment()))
    for name, table, columns, rows in INDICES:
        where = sa.text(rows)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
