"""Who was erased, what must be kept, and when a mail or a ticket was emptied."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Moment

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("person", sa.Text(), nullable=False, index=True),
        sa.Column("pseudonym", sa.Text(), nullable=False),
        sa.Column("begun", Moment(), nullable=False),
        sa.Column("finished", Moment()),
        sa.Column("by", sa.Text(), nullable=False, server_default=""),
        sa.Column("mails", sa.JSON(), nullable=False),
        sa.Column("tickets", sa.JSON(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("left", sa.JSON(), nullable=False),
    )
    op.create_table(
        "hold",
        sa.Column("what", sa.Text(), primary_key=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False, server_default=""),
        sa.Column("why", sa.Text(), nullable=False),
    )
    for table in ("mail", "ticket"):
        op.add_column(table, sa.Column("erased", Moment()))
