"""Many workers on one database: who they are, what each has in hand, and the portions of a backlog."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Counter, Moment

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column("effect", sa.Column("claimed_by", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "worker",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("joined", Moment(), nullable=False),
        sa.Column("beat", Moment(), nullable=False),
        sa.Column("ended", Moment()),
        sa.Column("lost", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )
    op.create_index("ix_worker_ended", "worker", ["ended"])
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("worker", sa.Text(), nullable=False),
    )
    op.create_table(
        "portion",
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("uidvalidity", Counter, nullable=False),
        sa.Column("first", Counter, nullable=False),
        sa.Column("uids", sa.JSON(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False, server_default=""),
        sa.Column("done", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("left", sa.JSON(), nullable=False, server_default="[]"),
        sa.PrimaryKeyConstraint("mailbox", "uidvalidity", "first"),
    )
    op.create_table(
        "letters_taken",
        sa.Column("id", Counter, primary_key=True, autoincrement=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
    )
    op.create_index("ix_letters_taken_at", "letters_taken", ["at"])
