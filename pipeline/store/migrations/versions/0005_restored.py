"""How far a restored database does not know what was answered."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Counter

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("mailbox", sa.Column("doubtful_uidnext", Counter, server_default="0", nullable=False))
