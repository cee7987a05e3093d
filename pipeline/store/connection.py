"""A connection to PostgreSQL that does not wait for ever: libpq bounds only how long it takes to connect.

The network, or a proxy, may forget a connection without a word. TCP sees that when nobody acknowledges what was sent,
and not at all through a proxy, which acknowledges everything. So where a connection is silent for long, the server is
asked over another one: what it is at work on is waited for, however long that takes; else the connection is given up.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Callable, Mapping
from functools import partial
from math import inf
from pathlib import Path
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


def secured(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Another machine must prove who it is, unless `sslmode` says otherwise: libpq alone would go without, if told to.

    Its certificate is proved as libpq does, or where it has no file for that, by the authorities of this system.
    """
    if "sslmode" in parameters or not is_elsewhere(parameters):
        return dict(parameters)
    own = Path.home() / ".postgresql" / "root.crt"
    named = "sslrootcert" in parameters or "PGSSLROOTCERT" in os.environ or own.exists()
    return {**parameters, "sslmode": "verify-full", **({} if named else {"sslrootcert": "system"})}


def is_elsewhere(parameters: Mapping[str, Any]) -> bool:
    """Does any of the hosts lie on another machine?"""
    hosts = str(parameters.get("hostaddr") or parameters.get("host") or os.environ.get("PGHOST", ""))
    return any(host and not host.startswith(("/", "@")) and not _is_here(host) for host in hosts.split(","))


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


class BoundedConnection(psycopg.Connection[Any]):
    """Gives up with OperationalError. `name` is its own, also on the server."""

    name: str
    patience: float  # seconds
    # Any, here and below: a row of psycopg may have any shape, and its parameters any type.
    _another: Callable[[], psycopg.Connection[Any]]

    @classmethod
    def open(cls, *words: Any, **parameters: Any) -> Self:
        """As psycopg.connect, with DEFAULTS, and TLS to another machine."""
        parameters = DEFAULTS | secured(parameters)
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
