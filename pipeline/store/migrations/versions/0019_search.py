"""Search: the words of mails and notes, what waits to be taken in, and triggers that note what has changed.

Triggers, so that nobody who writes a mail or a ticket has to think of it, and nothing is missed: a row in
`search_waiting` is written in the transaction of the change itself. On SQLite a later migration must not make `mail`,
`ticket` or `ticket_event` anew (`batch_alter_table`): that drops them.
"""

import sqlalchemy as sa
from alembic import op

from pipeline.store.schema import Counter, Moment

revision = "0019"
down_revision = "0018"

MAIL = "subject text sender sender_name customer message_id mailbox topic complaint language ticket thread".split()
TICKET = "status owner subject customer_name outside_id".split()
A_MAIL = """insert into search_waiting (source, received) values (new.id, new.received)
on conflict (source) do update set turn = search_waiting.turn + 1"""
A_TICKET = """insert into search_waiting (source, received) select id, received from mail where ticket = new.ref
on conflict (source) do update set turn = search_waiting.turn + 1"""
A_NOTE = """insert into search_waiting (source, received) values ('event:' || new.id, new.at)
on conflict (source) do update set turn = search_waiting.turn + 1"""
NOTED = "new.kind = 'comment'"
TRIGGERS = (  # name, when, on which condition, what it does
    ("search_mail_new", "insert on mail", "", A_MAIL),
    ("search_mail_changed", f"update of {', '.join(MAIL)} on mail", "{mail}", A_MAIL),
    ("search_ticket_changed", f"update of {', '.join(TICKET)} on ticket", "{ticket}", A_TICKET),
    ("search_note_new", "insert on ticket_event", NOTED, A_NOTE),
)


def upgrade() -> None:
    op.create_table(
        "search_row",
        sa.Column("place", Counter, primary_key=True, autoincrement=False),
        sa.Column("source", sa.Text(), nullable=False, unique=True),
    )
    op.create_table(
        "search_waiting",
        sa.Column("source", sa.Text(), primary_key=True),
        sa.Column("turn", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("received", Moment(), nullable=False),
    )
    op.execute("insert into search_waiting (source, received) select id, received from mail")
    op.execute(
        "insert into search_waiting (source, received)"
        " select 'event:' || id, at from ticket_event where kind = 'comment'"
    )
    op.create_index("search_waiting_newest", "search_waiting", ["received"])
    if op.get_bind().dialect.name == "postgresql":
        _words_of_postgresql()
    else:
        _words_of_sqlite()


def _words_of_sqlite() -> None:
    """FTS5 splits at what is no ASCII letter or digit and leaves the rest alone: folding and stemming are ours. No
    places of words are kept (detail), as nobody asks for phrases. Beginnings of up to eight letters have lists of their
    own: without them, those of all words that begin so would be put together first, for a second."""
    op.execute(
        "create virtual table search_word using fts5"
        "(words, tokenize='ascii', detail=none, columnsize=0, prefix='3 4 5 6 7 8')"
    )
    changed = {"mail": _changed(MAIL, "is not"), "ticket": _changed(TICKET, "is not")}
    for name, when, condition, action in TRIGGERS:
        if_so = f"when {condition.format(**changed)}" if condition else ""
        op.execute(f"create trigger {name} after {when} for each row {if_so} begin {action}; end")


def _words_of_postgresql() -> None:
    op.execute("create table search_word (place bigint primary key, words tsvector not null)")
    op.execute("create index search_word_words on search_word using gin (words)")
    changed = {"mail": _changed(MAIL, "is distinct from"), "ticket": _changed(TICKET, "is distinct from")}
    for name, when, condition, action in TRIGGERS:
        if_so = f"when ({condition.format(**changed)})" if condition else ""
        op.execute(
            f"create function {name}() returns trigger language plpgsql as $$ begin {action}; return null; end $$"
        )
        op.execute(f"create trigger {name} after {when} for each row {if_so} execute function {name}()")


def _changed(columns: list[str], differs: str) -> str:
    return " or ".join(f"old.{column} {differs} new.{column}" for column in columns)
