"""A backup that is put back does not know what was answered after it was made: so it says of itself that it is one.

Whoever goes on working with such a database first takes it over: every acknowledgement that is not finished in it may
have been sent since, and so may those to mails that it has not seen yet. Both become uncertain instead of being sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, update

from pipeline.errors import DamagedError, FirstlineError
from pipeline.records.effect import MAILS, OPEN_EFFECTS, RESTORED, EffectState
from pipeline.store import payloads, schema
from pipeline.store.database import Database, upsert

BACKUP = "backup"  # in `health`: this database is a copy, made then
UNFINISHED = ".restoring"  # ends the name of a copy that is not ready yet
NOT_KNOWN = -1  # how far the doubt reaches: until the mailbox is opened


def backup(database: Database, target: Path, now: datetime) -> None:
    """An online copy that knows that it is one. Raises FirstlineError when it can't be made."""
    database.backup(target)
    with closing(Database(f"sqlite:///{target}")) as copy:
        if copy.version():
            mark(copy, now)


def put_back(
    database: Database, file: Path, now: datetime, before: Callable[[Database], None] = lambda copy: None
) -> Path | None:
    """Puts a backup where the database is; that one is renamed, and its new name returned.

    `before`: what is done to the copy before it takes that place. Nobody else may be at work. Raises FirstlineError
    (nothing is changed) when the file is missing or damaged.
    """
    if not database.is_sqlite:
        raise FirstlineError(
            "this command puts SQLite files back",
            where=database.shown,
            remedy="use pg_restore, then `firstline db restore` without a file",
        )
    if not file.is_file():
        raise FirstlineError("there is no such file", where=str(file), remedy="name a file of `firstline db backup`")
    with closing(Database(f"sqlite:///{file}")) as source:
        source.prepare()
        if problems := source.check():
            raise DamagedError("; ".join(problems), where=str(file), remedy="restore an earlier backup")
        made = database.path.with_name(f"{database.path.name}{UNFINISHED}")
        for ending in ("", "-wal", "-shm"):
            Path(f"{made}{ending}").unlink(missing_ok=True)  # of one that was cut off
        backup(source, made, now)
        with closing(Database(f"sqlite:///{made}")) as copy:
            before(copy)
            copy.shorten()
    aside = _put_aside(database.path, now)
    made.rename(database.path)
    return aside


def _put_aside(path: Path, now: datetime) -> Path | None:
    """With its journal files: left behind, they would be played into the backup."""
    aside = path.with_name(f"{path.name}.before-{now:%Y%m%dT%H%M%S}")
    for ending in ("-wal", "-shm", ""):
        part = Path(f"{path}{ending}")
        if part.exists():
            part.rename(f"{aside}{ending}")
    return aside if aside.exists() else None


def mark(database: Database, now: datetime) -> None:
    """Says that this database was put back, and may not know the last things that were done."""
    with database.writing() as connection:
        statement = upsert(connection, schema.health).values(name=BACKUP, last_pass=now)
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"last_pass": now}))


def take_over(database: Database, mailboxes: Iterable[str], now: datetime) -> bool:
    """Doubts what a restored database can't know; false for one that was never away.

    `mailboxes`: those in which all mail is answered when they are first seen. The copy may not know them yet.
    """
    is_copy = select(schema.health.c.name).where(schema.health.c.name == BACKUP)
    with database.reading() as connection:
        if connection.execute(is_copy).first() is None:
            return False
    with database.writing() as connection:
        _doubt_acknowledgements(connection, now)
        _doubt_mailboxes(connection, mailboxes)
        connection.execute(delete(schema.health).where(schema.health.c.name == BACKUP))
    return True


def _doubt_acknowledgements(connection: Connection, now: datetime) -> None:
    table = schema.effect
    unfinished = [*(state.value for state in OPEN_EFFECTS), EffectState.UNCERTAIN.value]
    query = select(table.c.key, table.c.details).where(
        table.c.kind.in_([kind.value for kind in MAILS]), table.c.state.in_(unfinished)
    )
    for row in connection.execute(query).all():
        values: dict[str, object] = {"state": EffectState.UNCERTAIN.value, "error": RESTORED, "next_try": None}
        values |= {"changed": now, "details": payloads.as_restored(row.details)}
        connection.execute(update(table).where(table.c.key == row.key).values(values))


def _doubt_mailboxes(connection: Connection, mailboxes: Iterable[str]) -> None:
    table = schema.mailbox
    connection.execute(update(table).values(doubtful_uidnext=NOT_KNOWN))
    known = set(connection.execute(select(table.c.name)).scalars())
    for name in sorted({*mailboxes} - known):
        row = {"uidvalidity": 0, "next_uid": 1, "first_uidnext": 0, "doubtful_uidnext": NOT_KNOWN}
        connection.execute(insert(table).values(name=name, **row))
