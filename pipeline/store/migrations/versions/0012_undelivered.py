"""Mails that their server would not give out are asked for again."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Counter, Moment

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "undelivered",
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("uidvalidity", Counter, nullable=False),
        sa.Column("uid", Counter, nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("waited", sa.Integer(), nullable=False),
        sa.Column("last_try", Moment(), nullable=False),
        sa.Column("next_try", Moment(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("mailbox", "uidvalidity", "uid"),
    )
