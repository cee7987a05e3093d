"""Texts that people edit at the desk: their versions with who and why, and what is typed and not saved."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Counter, Moment

revision = "0030"
down_revision = "0029"


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def upgrade() -> None:
    op.create_table(
        "text_version",
        sa.Column("number", Counter, primary_key=True, autoincrement=True),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        _words("who"),
        _words("why"),
        sa.Column("mark", sa.Text, nullable=False),
        sa.Column("files", sa.JSON, nullable=False),
    )
    op.create_index("text_version_of", "text_version", ["place", "number"])
    op.create_table(
        "text_draft",
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("opened", sa.Text, nullable=False),
        sa.Column("parts", sa.JSON, nullable=False),
        _words("why"),
        sa.Column("changed", Moment, nullable=False),
        sa.PrimaryKeyConstraint("account", "place"),
    )
