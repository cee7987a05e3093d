"""A program that is one step older may go on working with the database: while several workers are upgraded."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table("works_with", sa.Column("oldest", sa.Text(), primary_key=True))
    op.execute("insert into works_with (oldest) values ('0026')")
