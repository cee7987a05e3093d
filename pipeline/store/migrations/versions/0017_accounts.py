"""People who sign in at the desk, and what they did there."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Counter, Moment

revision = "0017"
down_revision = "0016"


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("address", sa.Text(), primary_key=True),
        _words("name"),
        sa.Column("role", sa.Text(), nullable=False),
        _words("password"),
        _words("language"),
        sa.Column("disabled", Moment()),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("signed_in", Moment()),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("begun", Moment(), nullable=False),
        sa.Column("seen", Moment(), nullable=False),
        _words("client"),
        _words("browser"),
    )
    op.create_index("ix_session_account", "session", ["account"])
    op.create_index("ix_session_seen", "session", ["seen"])
    op.create_table(
        "invitation",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("expires", Moment(), nullable=False),
        sa.Column("used", Moment()),
    )
    op.create_index("ix_invitation_account", "invitation", ["account"])
    op.create_table(
        "refusal",
        sa.Column("id", Counter, primary_key=True, autoincrement=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
    )
    op.create_index("ix_refusal_at", "refusal", ["at"])
    op.create_index("refusal_client", "refusal", ["client", "at"])
    op.create_index("refusal_account", "refusal", ["account", "at"])
    op.create_table(
        "audit",
        sa.Column("id", Counter, primary_key=True, autoincrement=True),
        sa.Column("at", Moment(), nullable=False),
        _words("account"),
        sa.Column("action", sa.Text(), nullable=False),
        _words("subject"),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        _words("outcome"),
        _words("client"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    for column in ("account", "action", "subject"):
        op.create_index(f"audit_{column}", "audit", [column, "id"])
