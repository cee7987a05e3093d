"""Since when a known problem is told in a language that was added after it began."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.add_column("announcement", sa.Column("spoken", sa.JSON, nullable=False, server_default="{}"))
