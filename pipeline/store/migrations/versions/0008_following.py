"""Following up: promises that are renewed, what customers know of their tickets, which tickets belong together."""

import sqlalchemy as sa
from alembic import op

from pipeline.clock import SystemClock
from pipeline.store.schema import Moment

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    _promises()
    _tickets()
    op.create_table(
        "ticket_link",
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in ("actor", "why")),
        sa.PrimaryKeyConstraint("ticket", "other"),
    )
    op.create_index("ix_ticket_link_other", "ticket_link", ["other"])
    op.add_column("ticket_event", _flag("public"))


def _promises() -> None:
    """A promise can be given again: its number joins the key, for which SQLite needs a new table."""
    op.rename_table("promise", "promise_before")
    for index in ("ix_promise_ticket", "promise_open", "promise_given"):
        op.drop_index(index, "promise_before")
    op.create_table(
        "promise",
        sa.Column("mail_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ticket", sa.Text(), server_default="", nullable=False),
        sa.Column("given", Moment(), nullable=False),
        sa.Column("due", Moment(), nullable=False),
        sa.Column("kept", Moment(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        *(sa.Column(name, Moment(), nullable=True) for name in ("told", "warned", "look")),
        sa.PrimaryKeyConstraint("mail_id", "kind", "number"),
    )
    columns = "mail_id, kind, ticket, given, due, kept, state"
    op.execute(f"insert into promise ({columns}) select {columns} from promise_before")  # noqa: S608
    op.drop_table("promise_before")
    _settle()
    op.create_index("ix_promise_ticket", "promise", ["ticket"])
    _index("promise_open", "promise", ["due"], "state = 'open'")
    op.create_index("promise_given", "promise", ["kind", "state", "given"])


def _settle() -> None:
    """Nobody was watching until now: what people did counts, and what is long over is not mailed about."""
    promise = sa.table("promise", *(sa.column(name) for name in ("kind", "state", "ticket", "due", "kept")))
    ticket = sa.table("ticket", *(sa.column(name) for name in ("ref", "responded", "resolved")))
    for kind, done in (("respond", ticket.c.responded), ("resolve", ticket.c.resolved)):
        when = sa.select(done).where(ticket.c.ref == promise.c.ticket).scalar_subquery()
        state = sa.case((when <= promise.c.due, "kept"), else_="broken")
        mine = sa.and_(promise.c.kind == kind, promise.c.state == "open", when.is_not(None))
        op.execute(promise.update().where(mine).values(kept=when, state=state))
    over = sa.and_(
        promise.c.state == "open", promise.c.ticket != "", promise.c.due < sa.literal(SystemClock().now(), Moment)
    )
    op.execute(promise.update().where(over).values(state="broken"))


def _tickets() -> None:
    for name in ("folded", "told_status", "asked"):
        op.add_column("ticket", sa.Column(name, sa.Text(), server_default="", nullable=False))
    for name in ("moved", "answered", "warned"):
        op.add_column("ticket", sa.Column(name, Moment(), nullable=True))
    op.add_column("ticket", sa.Column("notices", sa.Integer(), server_default="0", nullable=False))
    op.add_column("ticket", _flag("compared"))
    ticket = sa.table("ticket", *(sa.column(name) for name in ("folded", "customer", "compared")))
    op.execute(ticket.update().values(folded=sa.func.lower(ticket.c.customer), compared=sa.true()))
    sqlite = op.get_context().dialect.name == "sqlite"
    _index("ticket_news", "ticket", ["changed"], "moved IS NOT NULL OR asked != ''")
    _index("ticket_uncompared", "ticket", ["opened"], "compared IS 0" if sqlite else "compared IS false")
    op.create_index("ticket_folded", "ticket", ["folded", "topic", "opened"])


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
