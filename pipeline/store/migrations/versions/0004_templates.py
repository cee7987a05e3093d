"""The versions of the letters that were in use, with their sources."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "template_source",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "template_version",
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=True),
        sa.Column("first_used", Moment(), nullable=False),
        sa.Column("taken_up", Moment(), nullable=True),
        sa.Column("last_sent", Moment(), nullable=True),
        sa.Column("sent", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("language", "name", "version"),
    )
