"""What people write to customers, and what they attach to it."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Moment

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, server_default=""),
        sa.Column("subject", sa.Text(), nullable=False, server_default=""),
        sa.Column("cc", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("then", sa.Text(), nullable=False, server_default=""),
        sa.Column("beside", sa.Text(), nullable=False, server_default=""),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("changed", Moment(), nullable=False),
    )
    op.create_index("draft_of", "draft", ["ticket", "author"], unique=True)
    op.create_table(
        "draft_file",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("over", Moment()),
    )
    op.create_index("ix_draft_file_draft", "draft_file", ["draft"])
    op.create_index("ix_draft_file_over", "draft_file", ["over"])
