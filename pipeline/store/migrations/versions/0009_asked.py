"""Answers to surveys by mail know which mail it was, so that none counts twice."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("survey_answer", sa.Column("mail_id", sa.Text(), server_default="", nullable=False))
    op.create_index("survey_asked", "survey", ["state", "expires"])
    op.create_index("ticket_resolved", "ticket", ["resolved"])
