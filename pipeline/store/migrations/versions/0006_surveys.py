"""What customers are asked and answer, when people answered and solved, who wrote a mail; indexes to count on."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Counter, Moment

revision = "0006"
down_revision = "0005"

# The rules of the guard that said "a machine wrote this" when this was written.
_ROBOT = (
    *("null-sender", "delivery-report", "read-receipt", "auto-submitted", "precedence-auto", "precedence-bulk"),
    *("mailing-list", "response-suppressed", "robot-header", "our-own-mail", "own-address", "daemon-sender"),
    *("robot-sender", "spam", "out-of-office"),
)
_SOLVED = [f"{before} → {after}" for before in ("open", "active", "waiting") for after in ("resolved", "closed")]


def upgrade() -> None:
    _mail()
    _tickets_and_promises()
    _surveys()


def _mail() -> None:
    for name in ("robot", "labelled"):
        op.add_column("mail", sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False))
    mail = sa.table("mail", sa.column("robot"), sa.column("labelled"), sa.column("reasons"), sa.column("decision"))
    reasons, decision = sa.cast(mail.c.reasons, sa.Text), sa.cast(mail.c.decision, sa.Text)
    by_robots = sa.or_(*(reasons.contains(f'"{rule}"') for rule in _ROBOT))
    op.execute(mail.update().where(by_robots).values(robot=sa.true()))
    op.execute(mail.update().where(decision.contains('"labelled":')).values(labelled=sa.true()))
    op.drop_index("ix_mail_received", "mail")
    op.drop_index("ix_mail_thread", "mail")
    counted = (
        *("received", "only_recorded", "acknowledge", "verdict", "parked", "robot", "topic_sure"),
        *("complaint", "complaint_sure", "topic", "language", "ticket"),
    )
    op.create_index("mail_counted", "mail", list(counted))
    op.create_index("mail_thread", "mail", ["thread", "received", "robot", "sentiment", "sentiment_confidence"])
    sqlite = op.get_context().dialect.name == "sqlite"
    further, labelled = sa.text("id <> thread"), sa.text("labelled IS 1" if sqlite else "labelled IS true")
    op.create_index(
        "mail_further", "mail", ["received", "thread", "id", "robot"], sqlite_where=further, postgresql_where=further
    )
    op.create_index("mail_labelled", "mail", ["received"], sqlite_where=labelled, postgresql_where=labelled)


def _tickets_and_promises() -> None:
    for name in ("responded", "resolved"):
        op.add_column("ticket", sa.Column(name, Moment(), nullable=True))
    ticket = sa.table("ticket", *(sa.column(name) for name in ("ref", "status", "responded", "resolved")))
    event = sa.table("ticket_event", *(sa.column(name) for name in ("ticket", "at", "kind", "actor", "detail")))
    mine = event.c.ticket == ticket.c.ref
    by_people = sa.and_(event.c.kind.in_(["comment", "status", "assigned"]), event.c.actor != "")
    solved = sa.and_(event.c.kind == "status", event.c.detail.in_(_SOLVED))
    first = sa.select(sa.func.min(event.c.at)).where(mine, by_people).scalar_subquery()
    last = sa.select(sa.func.max(event.c.at)).where(mine, solved).scalar_subquery()
    op.execute(ticket.update().values(responded=first))
    op.execute(ticket.update().where(ticket.c.status.in_(["resolved", "closed"])).values(resolved=last))
    op.create_index("promise_given", "promise", ["kind", "state", "given"])


def _surveys() -> None:
    op.create_table(
        "survey",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("sent", Moment(), nullable=True),
        sa.Column("expires", Moment(), nullable=True),
        *(
            sa.Column(name, sa.Text(), server_default="", nullable=False)
            for name in ("ticket", "thread", "mail_id", "customer", "topic", "owner", "language", "template")
        ),
        sa.Column("complaint", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_survey_created", "survey", ["created"])
    op.create_index("ix_survey_thread", "survey", ["thread"])
    op.create_index("survey_customer", "survey", ["customer", "created"])
    op.create_table(
        "survey_answer",
        sa.Column("id", Counter, autoincrement=True, nullable=False),
        sa.Column("survey", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("sentiment", sa.Text(), nullable=True),
        sa.Column("sentiment_confidence", sa.Float(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_survey_answer_at", "survey_answer", ["at"])
    op.create_index("survey_answer_newest", "survey_answer", ["survey", "at"])
    op.create_table(
        "opt_out",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("address"),
    )
