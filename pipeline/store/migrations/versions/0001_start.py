"""The first schema."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Moment

revision = "0001"
down_revision = None

COUNTER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "acknowledgement",
        sa.Column("mail_id", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mail_id"),
    )
    op.create_index("acknowledgement_domain", "acknowledgement", ["domain", "at"], unique=False)
    op.create_index("acknowledgement_sender", "acknowledgement", ["sender", "at"], unique=False)
    op.create_index("ix_acknowledgement_at", "acknowledgement", ["at"], unique=False)
    op.create_index("ix_acknowledgement_thread", "acknowledgement", ["thread"], unique=False)
    op.create_table(
        "bounce",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("mail_id", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("address"),
    )
    op.create_table(
        "effect",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("mail_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_try", Moment(), nullable=True),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("changed", Moment(), nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("message_id", sa.Text(), server_default="", nullable=False),
        sa.Column("recipient", sa.Text(), server_default="", nullable=False),
        sa.Column("location", sa.JSON(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index(
        "effect_unfinished",
        "effect",
        ["kind", "state"],
        unique=False,
        sqlite_where=sa.text("(state NOT IN ('done', 'cancelled'))"),
        postgresql_where=sa.text("(state NOT IN ('done', 'cancelled'))"),
    )
    op.create_index("ix_effect_mail_id", "effect", ["mail_id"], unique=False)
    op.create_index("ix_effect_message_id", "effect", ["message_id"], unique=False)
    op.create_table(
        "health",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last_pass", Moment(), nullable=True),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("since", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "location",
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("uidvalidity", COUNTER, nullable=False),
        sa.Column("uid", COUNTER, nullable=False),
        sa.Column("mail_id", sa.Text(), nullable=False),
        sa.Column("received", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", "uidvalidity", "uid"),
    )
    op.create_index("ix_location_mail_id", "location", ["mail_id"], unique=False)
    op.create_table(
        "mail",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), server_default="", nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), server_default="", nullable=False),
        sa.Column("possibly_about", sa.Text(), server_default="", nullable=False),
        sa.Column("mailbox", sa.Text(), server_default="", nullable=False),
        sa.Column("sender", sa.Text(), server_default="", nullable=False),
        sa.Column("sender_name", sa.Text(), server_default="", nullable=False),
        sa.Column("customer", sa.Text(), server_default="", nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("sent", Moment(), nullable=True),
        sa.Column("received", Moment(), nullable=False),
        sa.Column("recorded", Moment(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.Text(), server_default="", nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("topic_confidence", sa.Float(), nullable=True),
        sa.Column("topic_sure", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("sentiment", sa.Text(), nullable=True),
        sa.Column("sentiment_confidence", sa.Float(), nullable=True),
        sa.Column("sentiment_sure", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("complaint", sa.Boolean(), nullable=True),
        sa.Column("complaint_confidence", sa.Float(), nullable=True),
        sa.Column("complaint_sure", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("complaint_suspected", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("model", sa.Text(), server_default="", nullable=False),
        sa.Column("decision", sa.JSON(), nullable=False),
        sa.Column("acknowledge", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("only_recorded", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("parked", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("closed", sa.Text(), server_default="", nullable=False),
        sa.Column("review", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("content_hash"),
    )
    op.create_index("ix_mail_message_id", "mail", ["message_id"], unique=False)
    op.create_index("ix_mail_received", "mail", ["received"], unique=False)
    op.create_index("ix_mail_thread", "mail", ["thread"], unique=False)
    op.create_index("ix_mail_ticket", "mail", ["ticket"], unique=False)
    op.create_index(
        "mail_parked",
        "mail",
        ["parked"],
        unique=False,
        sqlite_where=sa.text("parked"),
        postgresql_where=sa.text("parked"),
    )
    op.create_index(
        "mail_review",
        "mail",
        ["received"],
        unique=False,
        sqlite_where=sa.text("review"),
        postgresql_where=sa.text("review"),
    )
    op.create_table(
        "mailbox",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("uidvalidity", COUNTER, nullable=False),
        sa.Column("next_uid", COUNTER, nullable=False),
        sa.Column("first_uidnext", COUNTER, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "raw",
        sa.Column("mail_id", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mail_id"),
    )
    op.create_table(
        "ticket",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), server_default="", nullable=False),
        sa.Column("customer_name", sa.Text(), server_default="", nullable=False),
        sa.Column("participants", sa.JSON(), nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("topic", sa.Text(), server_default="", nullable=False),
        sa.Column("sentiment", sa.Text(), server_default="", nullable=False),
        sa.Column("complaint", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("to_check", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("language", sa.Text(), server_default="", nullable=False),
        sa.Column("owner", sa.Text(), server_default="", nullable=False),
        sa.Column("opened", Moment(), nullable=False),
        sa.Column("changed", Moment(), nullable=False),
        sa.Column("respond_by", Moment(), nullable=True),
        sa.Column("resolve_by", Moment(), nullable=True),
        sa.Column("tracker", sa.Text(), server_default="", nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("ref"),
    )
    op.create_index("ix_ticket_opened", "ticket", ["opened"], unique=False)
    op.create_index("ix_ticket_status", "ticket", ["status"], unique=False)
    op.create_index("ix_ticket_thread", "ticket", ["thread"], unique=False)
    op.create_table(
        "ticket_event",
        sa.Column("id", COUNTER, autoincrement=True, nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), server_default="", nullable=False),
        sa.Column("mail_id", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_ticket_event_ticket", "ticket_event", ["ticket"], unique=False)
