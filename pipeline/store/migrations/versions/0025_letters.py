"""The letter that was sent, as a column of its own: metrics are split by it without a look at the rows."""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import LETTER_ON_POSTGRESQL, LETTER_ON_SQLITE

revision = "0025"
down_revision = "0024"

COUNTED = (
    *"received only_recorded acknowledge verdict parked robot by_staff topic_sure".split(),
    *"complaint complaint_sure topic language ticket".split(),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        made = f"generated always as ({LETTER_ON_POSTGRESQL}) stored"
    else:
        made = f"generated always as ({LETTER_ON_SQLITE}) virtual"
    op.execute(f"alter table effect add column letter text {made}")
    where = sa.text("kind = 'acknowledge' and letter is not null")
    op.create_index("effect_letter", "effect", ["mail_id", "letter"], sqlite_where=where, postgresql_where=where)
    op.drop_index("mail_counted")
    op.create_index("mail_counted", "mail", [*COUNTED, "id"])
