"""Vectors of the encoder that were computed before, in a file beside the models.

A file of its own and not the store: it is as large as it likes, can be deleted at any time, belongs to one machine and
needs no migration. A text is named by a hash; nothing of it can be read here. Without the file all is only slower, so
a file that can't be used is gone without.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_TABLE = "CREATE TABLE IF NOT EXISTS vector (name BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"
_ASKED = 500  # names in one question
_PATIENCE = 5.0  # seconds to wait for another process that writes


class Vectors:
    """float16 vectors by text, of one encoder."""

    def __init__(self, path: Path | None, encoder: str) -> None:
        """`encoder`: its hash; vectors of another one are others."""
        self._path = path
        self._encoder = encoder.encode("ascii")

    def known(self, texts: Collection[str]) -> dict[str, NDArray[np.float16]]:
        """Those that are there."""
        names = {self._name(text): text for text in texts}
        found: dict[str, NDArray[np.float16]] = {}
        with self._open() as database:
            for portion in _portions(list(names)):
                marks = ",".join("?" * len(portion))
                question = f"SELECT name, value FROM vector WHERE name IN ({marks})"  # noqa: S608  (only marks)
                for name, value in database.execute(question, portion):
                    found[names[name]] = np.frombuffer(value, dtype=np.float16)
        return found

    def keep(self, vectors: Mapping[str, NDArray[np.float16]]) -> None:
        """Adds these, each of the encoder's width, or writes over them."""
        rows = [(self._name(text), vector.tobytes()) for text, vector in vectors.items()]
        with self._open() as database, database:
            database.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?)", rows)

    def _name(self, text: str) -> bytes:
        return hashlib.sha256(self._encoder + text.encode("utf-8")).digest()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own for each use: threads and processes share nothing but the file."""
        if self._path is None or self._path.is_symlink() or (self._path.exists() and not self._path.is_file()):
            with closing(_empty()) as database:
                yield database
            return
        try:
            database = sqlite3.connect(self._path, timeout=_PATIENCE)
            database.execute(_TABLE)
        except sqlite3.Error:  # read-only, damaged or full: computing again is always possible
            database = _empty()
        with closing(database):
            yield database


def _empty() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:")
    database.execute(_TABLE)
    return database


def _portions(names: list[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(names), _ASKED):
        yield names[start : start + _ASKED]
