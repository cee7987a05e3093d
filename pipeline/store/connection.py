"""A connection to PostgreSQL that does not wait for ever: libpq bounds only how long it takes to connect.

The network, or a proxy, may forget a connection without a word. TCP sees that when nobody acknowledges what was sent,
and not at all through a proxy, which acknowledges everything. So where a connection is silent for long, the server is
asked over another one: what it is at work on is waited for, however long that takes; else the connection is given up.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from math import inf
from time import monotonic
from typing import Any, Self

import psycopg
from psycopg.abc import PQGen

DEFAULTS = {  # for what the URL leaves open
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds for which nothing is acknowledged, or, as seen here, answered
}
_AT_WORK = """select state = 'active' and wait_event_type is distinct from 'Client'
from pg_stat_activity where application_name = %s"""
END = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = any(%s)"


class BoundedConnection(psycopg.Connection[Any]):
    """Gives up with OperationalError. `name` is its own, also on the server."""

    name: str
    patience: float  # seconds
    # Any, here and below: a row of psycopg may have any shape, and its parameters any type.
    _another: Callable[[], psycopg.Connection[Any]]

    @classmethod
    def open(cls, *words: Any, **parameters: Any) -> Self:
        """As psycopg.connect, with DEFAULTS."""
        parameters = DEFAULTS | parameters
        name = f"{str(parameters.get('application_name', 'firstline'))[:40]}-{secrets.token_hex(6)}"
        made = cls.connect(*words, **(parameters | {"application_name": name}))
        made.name, made.patience = name, int(parameters["tcp_user_timeout"]) / 1000 or inf
        made._another = partial(psycopg.connect, *words, **parameters)
        return made

    def wait(self, gen: PQGen[Any], interval: float = 0.1, timeout: float | None = None) -> Any:
        """As psycopg.Connection.wait. Raises OperationalError when the server is silent for longer than `patience`."""
        return super().wait(self._impatient(gen), interval, timeout)

    def _impatient(self, gen: PQGen[Any]) -> PQGen[Any]:
        """The same steps, until nothing has come for too long. (It is resumed with 0 now and then, as nothing came.)"""
        heard = monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready:
                    heard = monotonic()
                elif monotonic() - heard > self.patience:
                    self._ask()
                    heard = monotonic()
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value

    def _ask(self) -> None:
        """Returns when the server is at work for us. Else what we locked is free again there, and this one is over."""
        try:
            with self._another() as other:
                row = other.execute(_AT_WORK, [self.name]).fetchone()
                if row and row[0]:
                    return
                other.execute(END, [[self.name]])
        except psycopg.Error:  # nobody can be asked: then nobody is there
            pass
        self.close()
        raise psycopg.OperationalError(f"no answer for {self.patience:g} s")
