"""What one of us answered from a mail program is in the ledger, and not counted as mail to us; who kept a promise."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_BEFORE = "received only_recorded acknowledge verdict parked robot".split()
_AFTER = "topic_sure complaint complaint_sure topic language ticket".split()


def upgrade() -> None:
    op.add_column("mail", sa.Column("by_staff", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.add_column("promise", sa.Column("kept_by", sa.Text(), nullable=False, server_default=""))
    op.drop_index("mail_counted", "mail")
    op.create_index("mail_counted", "mail", [*_BEFORE, "by_staff", *_AFTER])
    # Staff are told of new complaints from now on, not of those that they have had for days.
    op.execute(
        "INSERT INTO ticket_event (ticket, at, kind, actor, mail_id, detail, public) "
        "SELECT ref, changed, 'staff', '', '', 'opened before staff were told by mail', false FROM ticket "
        "WHERE (complaint OR to_check) AND status NOT IN ('resolved', 'closed')"
    )
