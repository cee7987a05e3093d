"""Content hashes begin with the day: with a million mails each hash touched a page of its own in the index."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    mail = sa.table("mail", *(sa.column(name, sa.Text()) for name in ("content_hash", "sent")))
    if op.get_bind().dialect.name == "sqlite":  # it has times as text, in UTC
        day = sa.func.substr(mail.c.sent, 1, 10)
    else:
        day = sa.func.to_char(sa.func.timezone("UTC", mail.c.sent), "YYYY-MM-DD")
    op.execute(sa.update(mail).where(mail.c.sent.is_not(None)).values(content_hash=day + " " + mail.c.content_hash))
