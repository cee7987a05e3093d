"""PostgreSQL's advisory lock: only one process works a store off, also after the server was away."""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from pipeline.errors import UsageError
from pipeline.store.database import Database

KEY = 0x66697273746C6E65  # "firstlne"


class AdvisoryLock:
    """Held by a connection of its own, and lost with it: when the server is restarted, or the line breaks."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._connection: Connection | None = None

    def hold(self) -> None:
        """Takes it where it is not held. Raises UsageError when somebody else has it, UnreachableError."""
        if self._is_held():
            return
        self.close()
        with self.database.errors():
            connection = self.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            self._connection = connection
            if connection.execute(text("select pg_try_advisory_lock(:key)"), {"key": KEY}).scalar():
                return
        self.close()
        raise UsageError(
            "another Firstline is at work on this database",
            where=self.database.shown,
            remedy="stop it first, or wait until it is through",
        )

    def close(self) -> None:
        """Ends the connection: given back to the pool, it would keep the lock."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()

    def _is_held(self) -> bool:
        try:
            return self._connection is not None and bool(self._connection.execute(text("select 1")).scalar())
        except DBAPIError:
            return False
