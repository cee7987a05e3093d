"""What people said of mails that the machine was sure of."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Counter, Moment

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "confirmation",
        sa.Column("id", Counter, primary_key=True, autoincrement=True),
        sa.Column("mail_id", sa.Text(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("floor", sa.Float(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False, server_default=""),
        sa.Column("truth", sa.Text(), nullable=False, server_default=""),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False, server_default=""),
        sa.Column("random", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )
    op.create_index("confirmation_once", "confirmation", ["model", "head", "mail_id"], unique=True)
