"""The journal is worked off in the order of indexes: what is due need not be sorted for each few that are claimed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Moment

revision = "0010"
down_revision = "0009"

_UNFINISHED = sa.text("state NOT IN ('done', 'cancelled')")
_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.add_column("effect", sa.Column("promised", Moment()))
    _note_promises()
    op.drop_index("effect_unfinished", "effect")
    columns = ["kind", "state", "next_try", "created"]
    op.create_index("effect_unfinished", "effect", columns, sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED)
    columns = ["kind", "promised", "created"]
    op.create_index("effect_waiting", "effect", columns, sqlite_where=_WAITING, postgresql_where=_WAITING)


def _note_promises() -> None:
    """Of what is still to be done: what is done never waits again."""
    effect = sa.table(
        "effect",
        *(sa.column(name) for name in ("key", "state")),
        *(sa.column(name, Moment()) for name in ("created", "promised")),
        sa.column("details", sa.JSON()),
    )
    connection = op.get_bind()
    rows = connection.execute(sa.select(effect).where(_UNFINISHED)).all()
    values = [{"of": row.key, "at": _promised(row.details) or row.created} for row in rows]
    if values:
        statement = sa.update(effect).where(effect.c.key == sa.bindparam("of")).values(promised=sa.bindparam("at"))
        connection.execute(statement, values)


def _promised(details: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(said) if (said := details.get("respond_by")) else None
