"""How the mail compares with the training, day by day."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "drift",
        sa.Column("at", Moment(), nullable=False),
        sa.Column("model", sa.Text(), server_default="", nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("at"),
    )
    op.create_index("drift_model", "drift", ["model", "at"], unique=False)
