"""PostgreSQL's connections: an answer that does not come is waited for half a minute, not for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, create_engine, event

PATIENCE = 30.0  # seconds for one answer; the slowest query over a million mails takes a tenth of that
# A side that vanishes without a word is given up after a minute, not after hours: by us, …
_IMPATIENT = {"connect_timeout": 10, "keepalives_idle": 30, "keepalives_interval": 10, "tcp_user_timeout": 60_000}
# … and by the server, which would keep our lock all that time.
_FOR_US = "set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3"


def engine(url: str, patience: Callable[[], float | None]) -> Engine:
    """`patience`: seconds for one answer, asked each time; None: as long as it takes."""
    import psycopg  # most have SQLite

    class Connection(psycopg.Connection[Any]):
        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            """Closes itself when no answer comes: nobody knows what the next one would be the answer to."""
            timeout, began = timeout or patience(), time.monotonic()
            try:
                return super().wait(gen, interval, timeout)
            except psycopg.OperationalError as error:
                if timeout and time.monotonic() - began >= timeout:
                    self.close()
                    raise psycopg.OperationalError(f"no answer within {timeout:.0f} s") from error
                raise

    made = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1), pool_pre_ping=True, connect_args=_IMPATIENT
    )

    @event.listens_for(made, "do_connect")
    def _connect(_dialect: Any, _record: object, arguments: Any, more: Any) -> Any:
        connection = Connection.connect(*arguments, **more, autocommit=True)
        connection.execute(_FOR_US)
        connection.autocommit = False
        return connection

    return made
