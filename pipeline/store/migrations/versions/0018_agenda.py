"""The desk's queue: indices by which it is read, and the views that people save."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Moment

revision = "0018"
down_revision = "0017"

_UNSOLVED = sa.text("status NOT IN ('resolved', 'closed')")
_UNKEPT = sa.text("kept IS NULL AND state IN ('open', 'broken')")
_UNWELL = sa.text("state IN ('failed', 'uncertain')")
_TICKET = "opened ref status complaint to_check priority responded warned topic language owner".split()
_MAIL = ["received", "ticket", "id", "topic", "language", "mailbox"]


def upgrade() -> None:
    _index("ticket_agenda", "ticket", _TICKET, _UNSOLVED)
    _index("promise_unkept", "promise", ["due", "ticket", "mail_id", "kind"], _UNKEPT)
    _index("effect_unwell", "effect", ["created", "kind", "state", "mail_id", "ticket"], _UNWELL)
    for name, flag in (("mail_parked", "parked"), ("mail_review", "review")):
        op.drop_index(name, "mail")
        _index(name, "mail", _MAIL, sa.text(_flag(flag)))
    op.create_table(
        "saved_view",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("saved", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("account", "name"),
    )


def _index(name: str, table: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def _flag(name: str) -> str:
    """As queries say it: SQLite knows no truth values."""
    return f"{name} = 1" if op.get_bind().dialect.name == "sqlite" else name
