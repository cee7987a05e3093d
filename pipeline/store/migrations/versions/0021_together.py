"""People at the desk together: who has a case before them, and what was done to many cases at once."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Moment

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "presence",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("doing", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("ref", "account"),
    )
    op.create_index("ix_presence_at", "presence", ["at"])
    op.create_table(
        "batch",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.Column("undone", Moment()),
    )
    op.create_index("ix_batch_at", "batch", ["at"])
    op.create_index("ticket_topic", "ticket", ["topic", "opened"])
