"""What the version in use says of past mail."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Moment

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "relabelled",
        sa.Column("mail_id", sa.Text(), sa.ForeignKey("mail.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text()),
        sa.Column("topic_confidence", sa.Float()),
        sa.Column("topic_sure", sa.Boolean(), nullable=False),
        sa.Column("sentiment", sa.Text()),
        sa.Column("sentiment_confidence", sa.Float()),
        sa.Column("sentiment_sure", sa.Boolean(), nullable=False),
        sa.Column("complaint", sa.Boolean()),
        sa.Column("complaint_confidence", sa.Float()),
        sa.Column("complaint_sure", sa.Boolean(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
    )
    op.create_index("relabelled_version", "relabelled", ["version"])
