"""What acknowledgements give: promised times, grants, help pages."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "promise",
        sa.Column("mail_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), server_default="", nullable=False),
        sa.Column("given", Moment(), nullable=False),
        sa.Column("due", Moment(), nullable=False),
        sa.Column("kept", Moment(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mail_id", "kind"),
    )
    op.create_index("ix_promise_ticket", "promise", ["ticket"], unique=False)
    watched = sa.text("state = 'open'")
    op.create_index("promise_open", "promise", ["due"], unique=False, sqlite_where=watched, postgresql_where=watched)
    op.create_table(
        "grant",
        sa.Column("mail_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("mail_id", "name"),
    )
    op.create_index("grant_customer", "grant", ["customer", "at"], unique=False)
    op.create_index("ix_grant_ticket", "grant", ["ticket"], unique=False)
    op.create_table(
        "article_offer",
        sa.Column("mail_id", sa.Text(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("wrote_again", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("mail_id", "article"),
    )
    op.create_index("ix_article_offer_article", "article_offer", ["article"], unique=False)
    op.create_index("ix_article_offer_thread", "article_offer", ["thread"], unique=False)
