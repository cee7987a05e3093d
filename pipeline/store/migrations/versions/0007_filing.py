"""Outside trackers: where a ticket is filed and how it stood there; which ticket an effect is about."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Moment

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    for name in ("outside_id", "project"):
        op.add_column("ticket", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("ticket", sa.Column("priority", sa.Text(), server_default="normal", nullable=False))
    op.add_column("ticket", sa.Column("checklist", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("ticket", sa.Column("seen", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("ticket", sa.Column("polled", Moment(), nullable=True))
    op.add_column("effect", sa.Column("ticket", sa.Text(), server_default="", nullable=False))
    filing, mirrored = sa.text("kind = 'file' AND state NOT IN ('done', 'cancelled')"), sa.text("outside_id != ''")
    _index("effect_filing", "effect", ["ticket", "created"], filing)
    _index("ticket_mirrored", "ticket", ["tracker", "polled"], mirrored)
    _index("ticket_outside", "ticket", ["outside_id"], mirrored)


def _index(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
