"""Search knows what people answer at the desk, too: lines of the timeline that have no mail of their own."""

from alembic import op

revision = "0022"
down_revision = "0021"

SAID = "new.kind = 'comment' or new.kind = 'answered' and new.mail_id = ''"
A_NOTE = """insert into search_waiting (source, received) values ('event:' || new.id, new.at)
on conflict (source) do update set turn = search_waiting.turn + 1"""
EARLIER = """insert into search_waiting (source, received)
select 'event:' || id, at from ticket_event where kind = 'answered' and mail_id = '' on conflict (source) do nothing"""


def upgrade() -> None:
    name, when = "search_note_new", "after insert on ticket_event for each row"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"drop trigger {name} on ticket_event")
        op.execute(f"create trigger {name} {when} when ({SAID}) execute function {name}()")
    else:
        op.execute(f"drop trigger {name}")
        op.execute(f"create trigger {name} {when} when {SAID} begin {A_NOTE}; end")
    op.execute(EARLIER)
