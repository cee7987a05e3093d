"""PostgreSQL's advisory lock: only one process works on a store, also after the server was away."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from pipeline.errors import UnreachableError, UsageError
from pipeline.store.connection import END
from pipeline.store.database import Database

KEY = 0x66697273746C6E65  # "firstlne"


class AdvisoryLock:
    """Held by a connection of its own, and lost with it: when the server is restarted, or the connection breaks."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._connection: Connection | None = None
        self._names: set[str] = set()  # of which the server may believe that they have it

    def hold(self, patience: float = 0.0) -> None:
        """Takes it where it is not held. Raises UsageError when somebody else has it (for so many seconds),
        UnreachableError."""
        until = time.monotonic() + patience
        while True:
            try:
                return self._hold()
            except UsageError:
                if time.monotonic() > until:
                    raise
            time.sleep(0.2)

    def _hold(self) -> None:
        if self._is_held():
            return
        self.close()
        with self.database.errors():
            connection = self.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            try:
                if self._takes(connection) or self._takes_back(connection):
                    self._connection = connection
                    return
            finally:
                if self._connection is None:
                    _end(connection)
        raise UsageError(
            "another Firstline is at work on this database",
            where=self.database.shown,
            remedy="stop it first, or wait until it has finished",
        )

    def close(self) -> None:
        """Gives the lock back, and ends its connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            _end(connection)

    def _is_held(self) -> bool:
        try:
            return self._connection is not None and bool(self._connection.execute(text("select 1")).scalar())
        except DBAPIError:
            return False

    def _takes(self, connection: Connection) -> bool:
        self._names.add(_name(connection))  # before: the answer may get lost
        taken = bool(connection.execute(text("select pg_try_advisory_lock(:key)"), {"key": KEY}).scalar())
        if taken:
            self._names = {_name(connection)}
        return taken

    def _takes_back(self, connection: Connection) -> bool:
        """The server may not know yet that a connection of ours is gone. It is ended there, or has ended just now."""
        gone = self._names - {_name(connection)}
        if not gone:
            return False
        ended = connection.exec_driver_sql(END, ([*gone],)).scalars().all()
        if not all(ended):
            raise UnreachableError("our last connection is still ending", where=self.database.shown, remedy="wait")
        return self._takes(connection)


def _end(connection: Connection) -> None:
    """Given back to the pool, it could keep the lock; kept in vain, it would connect anew without it."""
    connection.invalidate()
    connection.close()


def _name(connection: Connection) -> str:
    own: Any = connection.connection.driver_connection  # our own `BoundedConnection`, which only PostgreSQL has
    return str(own.name)
