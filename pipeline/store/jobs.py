"""Jobs of Procrastinate, in the database that the mail is in: deferred in the transaction that records something, they
wake a worker once it is there. They carry nothing: a lost or a doubled one changes nothing."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, text

from pipeline import logs
from pipeline.store.database import Database

LETTERS: Final = "letters"  # something is to be sent or filed
PORTIONS: Final = "portions"  # the backlog of a mailbox is offered
NEW_FIRST = {LETTERS: 10, PORTIONS: 0}  # priorities


class Jobs:
    """Defers jobs. One object for all threads."""

    def __init__(self, database: Database) -> None:
        from procrastinate import App, SyncPsycopgConnector  # half a second, and only workers need it

        self.database = database
        self._app = App(connector=SyncPsycopgConnector(conninfo=database.url))

    def wake(self, connection: Connection, task: str = LETTERS, lock: str = "") -> None:
        """One job, if the transaction is committed; where that is refused, all look for themselves anyway. `lock`: not
        where one under this name waits already."""
        from procrastinate.exceptions import AlreadyEnqueued, ProcrastinateException

        own: Any = connection.connection.dbapi_connection  # of psycopg, as only PostgreSQL has workers
        job = self._app.configure_task(task, priority=NEW_FIRST[task], queueing_lock=lock or None, connection=own)
        try:
            with connection.begin_nested():
                job.defer()
        except AlreadyEnqueued:
            return
        except ProcrastinateException as error:
            logs.get("store").warning("nobody is woken", problem=str(error.__cause__ or error))

    def wake_now(self, task: str, locks: list[str]) -> None:
        """One job for each of these names, in a transaction of their own."""
        with self.database.writing() as connection:
            for lock in locks:
                self.wake(connection, task, lock)

    def prepare(self) -> None:
        """Makes Procrastinate's own tables, where there are none."""
        with self.database.writing() as connection:
            connection.execute(text("select pg_advisory_xact_lock(hashtext('firstline jobs'))"))
            there = connection.execute(text("select to_regclass('procrastinate_jobs')")).scalar()
            if there is None:
                own: Any = connection.connection.dbapi_connection
                own.execute(self._app.schema_manager.get_schema())  # many statements: the driver takes them as they are
