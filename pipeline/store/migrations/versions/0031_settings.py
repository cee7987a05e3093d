"""What was changed in config.toml at the desk."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Counter, Moment

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "setting_version",
        sa.Column("id", Counter, primary_key=True, autoincrement=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("account", sa.Text, nullable=False, server_default=""),
        sa.Column("why", sa.Text, nullable=False, server_default=""),
        sa.Column("section", sa.Text, nullable=False),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("after", sa.JSON, nullable=False),
    )
    op.create_index("setting_version_section", "setting_version", ["section", "id"])
