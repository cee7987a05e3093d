"""Letters, help pages and the model in use, for all machines that share the database."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Counter, Moment

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "shared_file",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("number", Counter, nullable=False),
        sa.PrimaryKeyConstraint("kind", "path"),
    )
    op.create_index("ix_shared_file_number", "shared_file", ["number"])
