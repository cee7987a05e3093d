"""Opening the database, its migrations, its backup. The only place that knows which database it is."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, ColumnElement, Connection, Engine, Table, cast, create_engine, event, func, inspect, text
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from pipeline.errors import ConfigError, DamagedError, FirstlineError, UnreachableError
from pipeline.store.hot import json_text, of_json_text

NEWEST = "0032"  # the last migration; a test compares it with the folder
KNOWN = tuple(f"{number:04}" for number in range(1, int(NEWEST) + 1))
READ_ONLY = "25006"  # what PostgreSQL says of a write
LOG_KEPT = "journal_size_limit=4194304"  # bytes of SQLite's write-ahead log: what was longer is cut when it is through
# A worker that hangs, or is cut off, must not hold up others by what it has locked: less than it is waited for.
_NO_HANGING = "set idle_in_transaction_session_timeout = '15s'"
BUSY = 30  # seconds to wait for another process's transaction


class Database:
    """One database. Reads run side by side; on SQLite one transaction writes at a time, so they queue here.

    `few`: no more than two connections to PostgreSQL, and a third for moments: its server has many workers.
    """

    def __init__(self, url: str, *, few: bool = False) -> None:
        self.url = url
        self.worker = ""  # the id under which we claim things, where several work on it (see workers.py)
        self.is_sqlite = url.startswith("sqlite")
        self._writing = threading.Lock() if self.is_sqlite else None
        self._own = threading.local()  # `connection`: of what this thread does together
        if self.is_sqlite:
            self._make_folder()
        self.engine = _sqlite(url) if self.is_sqlite else _postgresql(url, few=few)

    @property
    def path(self) -> Path:
        """The file of an SQLite database."""
        return Path(self.url.removeprefix("sqlite:///"))

    def _make_folder(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._not_ours(f"can't be made: {error.strerror}") from error

    def _assert_writable(self) -> None:
        """SQLite itself only says that it can't open it; and it writes beside the file even to read."""
        if not os.access(self.path.parent, os.W_OK | os.X_OK):
            raise self._not_ours("can't be written by this user")
        if self.path.exists() and not os.access(self.path, os.R_OK | os.W_OK):
            raise self._not_ours(f"holds {self.path.name}, which can't be written by this user")

    def _not_ours(self, why: str) -> ConfigError:
        return ConfigError(
            f"the folder {self.path.parent} {why}",
            where="config.toml, store.url",
            remedy="give it to the user that runs this (chown), or see whether its disk is read-only",
        )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with. Raises UnreachableError, DamagedError."""
        if own := self._together():
            yield own
            return
        with self.errors(), self.engine.connect() as connection:
            if not self.is_sqlite:  # each statement sees what is committed either way, and it saves two round trips
                connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it or nothing."""
        if own := self._together():
            yield own
            return
        with self.errors(), self._turn(), self.engine.execution_options(write=True).begin() as connection:
            yield connection

    @contextmanager
    def together(self) -> Iterator[Connection]:
        """What this thread reads and writes inside is one transaction."""
        with self.writing() as connection:
            self._own.connection = connection
            try:
                yield connection
            finally:
                self._own.connection = None

    def _together(self) -> Connection | None:
        return getattr(self._own, "connection", None)

    def close(self) -> None:
        """Gives all connections up; the next use makes new ones."""
        self.engine.dispose()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._writing is None:
            yield
        else:
            with self._writing:
                yield

    @contextmanager
    def errors(self) -> Iterator[None]:
        """What the database raises becomes an error of ours."""
        try:
            yield
        except OperationalError as error:
            raise _unreachable(self.url, error) from error
        except PoolTimeoutError as error:
            raise UnreachableError(
                "all our connections to it are in use", where=self.shown, remedy="wait; it may be slow, or far away"
            ) from error
        except DatabaseError as error:
            if getattr(error.orig, "sqlstate", None) == READ_ONLY:
                raise _unreachable(self.url, error) from error
            if "malformed" in str(error) or "not a database" in str(error):
                raise DamagedError(
                    f"the database is damaged: {error.orig}",
                    where=self.shown,
                    remedy="stop Firstline, keep the file, and restore the last `firstline db backup`",
                ) from error
            raise

    @property
    def shown(self) -> str:
        """The URL without a password."""
        return self.engine.url.render_as_string(hide_password=True)

    def prepare(self) -> None:
        """Makes the tables of a fresh database; refuses one that is older or newer than this program, or not ours."""
        if self.is_sqlite:
            self._assert_writable()
        version = self.version()
        if version == NEWEST:
            return
        if version is None:
            self.upgrade()
        elif version in KNOWN:
            raise DamagedError(
                f"the database has version {version}, this program needs {NEWEST}",
                where=self.shown,
                remedy="make a backup (`firstline db backup FILE`), then run `firstline db upgrade`",
            )
        elif not self._works_with_us():
            raise _newer(self.shown, version)

    def _works_with_us(self) -> bool:
        """It is newer than we; but what has changed since is only added (docs/workers.md)."""
        with self.reading() as connection:
            if not inspect(connection).has_table("works_with"):
                return False
            oldest = connection.execute(text("select oldest from works_with")).scalar()
        return oldest is not None and oldest <= NEWEST

    def version(self) -> str | None:
        """The last migration that was run, None for an empty database."""
        with self.reading() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.execute(text("select version_num from alembic_version")).scalar()

    def holds_mail(self) -> bool:
        """Was anything ever recorded in it? Of any version; an SQLite file that is not there is not made."""
        if self.is_sqlite and not self.path.exists():
            return False
        with self.reading() as connection:
            if not inspect(connection).has_table("mail"):
                return False
            return connection.execute(text("select 1 from mail limit 1")).first() is not None

    def upgrade(self) -> None:
        """Runs the migrations that are missing; each step and its record are one transaction."""
        from alembic import command
        from alembic.config import Config as AlembicConfig

        version = self.version()
        if version is not None and version not in KNOWN:
            raise _newer(self.shown, version)
        settings = AlembicConfig()
        settings.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
        with self.writing() as connection:
            if not self.is_sqlite:  # of workers that begin at once on a fresh database, one makes it
                connection.exec_driver_sql("select pg_advisory_xact_lock(hashtext('firstline upgrade'))")
            settings.attributes["connection"] = connection
            command.upgrade(settings, NEWEST)

    def check(self) -> list[str]:
        """Problems found in the stored data; empty when nothing is wrong."""
        problems: list[str] = []
        with self.reading() as connection:
            if self.is_sqlite:
                rows = connection.execute(text("pragma integrity_check")).scalars().all()
                problems += [row for row in rows if row != "ok"]
            for what, query in _ORPHANS.items():
                count = connection.execute(text(query)).scalar_one()
                problems += [f"{count} {what}"] if count else []
        return problems

    def shorten(self) -> int:
        """SQLite's write-ahead log goes into the database, and is cut where nobody reads or writes just now. Nobody is
        waited for. Returns the bytes that are left of it."""
        log = Path(f"{self.path}-wal") if self.is_sqlite else None
        if log is None or not log.exists():
            return 0
        another_writes = suppress(sqlite3.OperationalError)  # there is a next time
        with self._turn(), another_writes, closing(sqlite3.connect(self.path, timeout=0)) as connection:
            connection.execute("pragma wal_checkpoint(truncate)")
        try:
            return log.stat().st_size
        except FileNotFoundError:
            return 0

    def size(self) -> int:
        """Bytes on the disk, with the log; 0 for a database elsewhere."""
        files = (self.path, Path(f"{self.path}-wal")) if self.is_sqlite else ()
        return sum(file.stat().st_size for file in files if file.exists())

    def backup(self, target: Path) -> None:
        """An online copy (SQLite's backup API), complete and consistent at the moment it ends."""
        if not self.is_sqlite:
            raise FirstlineError(
                "this command copies SQLite databases", where=self.shown, remedy="use pg_dump for PostgreSQL"
            )
        if target.exists():
            raise FirstlineError("the file exists already", where=str(target), remedy="name a new file")
        import sqlite3

        try:
            with self.reading() as connection, closing(sqlite3.connect(target)) as copy:
                source: Any = connection.connection.dbapi_connection  # of sqlite3, as was asked above
                source.backup(copy)
        except sqlite3.Error as error:
            remedy = "check the space and the rights there"
            raise FirstlineError(f"the copy can't be written: {error}", where=str(target), remedy=remedy) from error


def upsert(connection: Connection, table: Table) -> Any:  # Insert of either dialect: they have no base in common
    """INSERT that can say what happens on conflict: the two databases spell it alike, SQLAlchemy in two places."""
    return upsert_of(connection.dialect.name, table)


def upsert_of(dialect: str, table: Table) -> Any:
    """The same for all connections to a database of this kind: a statement that is made once can be kept."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # takes 0.15 s, and most have SQLite

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


def joined(connection: Connection, column: ColumnElement[object], more: ColumnElement[object]) -> ColumnElement[object]:
    """A JSON object with the members of another; where both have one, that of `more` counts. No member may be null."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import JSONB

        return cast(cast(column, JSONB).op("||")(cast(more, JSONB)), JSON)
    return func.json_patch(column, more, type_=JSON)


_ORPHANS = {
    "locations of a mail that is missing": "select count(*) from location where mail_id not in (select id from mail)",
    "effects of a mail that is missing": "select count(*) from effect where mail_id not in (select id from mail)",
    "mails with a ticket that is missing": (
        "select count(*) from mail where ticket <> '' and ticket not in (select ref from ticket)"
    ),
    "words in the index of search of a mail that is missing": (
        "select count(*) from search_row where source not like 'event:%' and source not in (select id from mail)"
    ),
    "mails that lie nowhere": "select count(*) from mail where id not in (select mail_id from location)",
}


def _sqlite(url: str) -> Engine:
    # As many as mostly work at once are kept, the latest used first; more are opened when needed, and closed again.
    kept = {"pool_size": 3, "max_overflow": 16, "pool_use_lifo": True}
    told = {"json_serializer": json_text, "json_deserializer": of_json_text}
    engine = create_engine(url, connect_args={"timeout": BUSY, "check_same_thread": False}, **kept, **told)

    @event.listens_for(engine, "connect")
    def _settings(dbapi_connection: sqlite3.Connection, _record: object) -> None:
        dbapi_connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = dbapi_connection.cursor()
        # FULL: what is recorded as sent must outlive a power failure, or it would be sent again.
        # Each connection has a cache of its own: 4 MB, else memory grows with the database; the system caches the file.
        # What is deleted is overwritten, not only let go: people were told that it is gone.
        kept = ("secure_delete=ON", "cache_size=-4096", LOG_KEPT)
        # A new file learns first how it lets free pages go (space.py). Not one that is there: it would be written to.
        new = () if cursor.execute("pragma page_count").fetchone()[0] else ("auto_vacuum=INCREMENTAL",)
        for pragma in (*new, "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", *kept):
            cursor.execute(f"pragma {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that will write says so at once: upgrading a read lock later can fail with "database is locked".
        write = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _postgresql(url: str, *, few: bool) -> Engine:
    from pipeline.store.connection import BoundedConnection  # takes 0.15 s, and most have SQLite

    # Workers try again whatever fails, so theirs need not ask each time whether the server is there: a round trip.
    pool: dict[str, int | bool] = {"pool_size": 2, "max_overflow": 1} if few else {"pool_pre_ping": True}
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), **pool)

    @event.listens_for(engine, "do_connect")
    # Any: psycopg takes parameters of many types.
    def _connect(
        _dialect: object, _record: object, words: Sequence[Any], parameters: Mapping[str, Any]
    ) -> BoundedConnection:
        made = BoundedConnection.open(*words, **parameters)
        if few:
            made.execute(_NO_HANGING)
            made.commit()
        return made

    @event.listens_for(engine, "handle_error")
    def _look(context: ExceptionContext) -> None:
        """One that takes no writes may be the copy now: who takes them is found by connecting anew."""
        if getattr(context.original_exception, "sqlstate", None) == READ_ONLY:
            context.is_disconnect = True

    return engine


def _unreachable(url: str, error: DatabaseError) -> FirstlineError:
    reason = str(error.orig).strip().splitlines()[0] if error.orig else "no answer"
    if "malformed" in reason or "not a database" in reason:
        return DamagedError(
            f"the database is damaged: {reason}",
            where=_bare(url),
            remedy="stop Firstline, keep the file, and restore the last `firstline db backup`",
        )
    if any(word in reason for word in _TLS) and _wants_tls(url):
        return ConfigError(
            f"the database on another machine does not prove who it is: {reason}",
            where=f"[store] url, {_bare(url)}",
            remedy="give it a certificate, and the authority's file as ?sslrootcert=FILE; or, if nobody else is on the "
            "way to it, say ?sslmode=disable",
        )
    remedy = "check the disk (space, permissions) or the database server, and [store] url"
    if "certificate" in reason:
        remedy = "renew the certificate of the database server, or check host and sslrootcert in [store] url"
    return UnreachableError(f"the database does not work: {reason}", where=_bare(url), remedy=remedy)


_TLS = ("SSL", "certificate", "TLS")  # what libpq speaks of when it is about that


def _wants_tls(url: str) -> bool:
    """Only because we say so, and not the URL."""
    from pipeline.store.connection import secured

    if url.startswith("sqlite"):
        return False
    made = make_url(url)
    given = {"host": made.host, **made.query}
    return "sslmode" in secured(given) and "sslmode" not in given


def _bare(url: str) -> str:
    head, _, tail = url.rpartition("@")
    return f"{head.split('://')[0]}://…@{tail}" if head else url


def _newer(where: str, version: str) -> DamagedError:
    return DamagedError(
        f"the database has version {version}, which this program does not know",
        where=where,
        remedy="it was used by a newer Firstline: install that one again, or restore a backup",
    )
