"""Known problems that letters tell of."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Counter, Moment

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", Counter, primary_key=True, autoincrement=True),
        sa.Column("topic", sa.Text(), nullable=False, server_default=""),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment()),
        sa.Column("ended", Moment()),
        sa.Column("author", sa.Text(), nullable=False, server_default=""),
    )
