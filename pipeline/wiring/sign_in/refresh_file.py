"""The file of a refresh token: several processes and threads may use it, and the provider may replace what is in it."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline import logs
from pipeline.config.values import Secret
from pipeline.errors import ConfigError, UnreachableError
from pipeline.text.locking import lock as flock

PATIENCE = 150.0  # seconds: whoever has the lock talks to the token server, which has a time-out
LOOK = 0.05


class RefreshFile:
    """Used while it is `held`: a token that may be used once must not be used by two at the same time."""

    def __init__(self, name: str, section: str, secret: Secret, folder: Path) -> None:
        """`name`: of the mailbox, or smtp; `section`: of config.toml; `folder`: of that file."""
        self.name, self.key = name, f"{section}.refresh_token"
        self.path = (folder / secret.file).resolve()  # of a link, the file itself is replaced
        self._secret, self._folder = secret, folder
        self._unsaved = ""  # a newer one than is in the file

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else uses it meanwhile. Raises ConfigError, UnreachableError."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = open(f"{self.path}.lock", "w")  # noqa: SIM115  (closed below)
        except OSError as error:
            raise self._no_place(error) from error
        with lock:
            self._wait_for(lock.fileno())
            yield

    def read(self) -> str:
        """The token. Raises ConfigError."""
        if self._unsaved:
            self.replace(self._unsaved)
        if self._unsaved:
            return self._unsaved
        if not self.path.exists():
            raise ConfigError(
                "nobody has signed in yet",
                where=f"config.toml, {self.key}",
                remedy=f"run `firstline login {self.name}`",
            )
        return self._secret.read(self._folder, self.key)

    def replace(self, token: str) -> None:
        """From now on this one: the old or the new is in the file, never half of it. Where it can't be written, it is
        kept in memory and written at the next use: the provider may not take the old one any more."""
        try:
            self.write(token)
            self._unsaved = ""
        except ConfigError as error:
            self._unsaved = token
            logs.get("login").error("the new refresh token is not saved", problem=str(error), server=self.name)

    def write(self, token: str) -> None:
        """Raises ConfigError."""
        try:
            handle, temporary = tempfile.mkstemp(prefix=".refresh-", dir=self.path.parent)  # for this user only
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(token + "\n")
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(temporary, self.path)
            except BaseException:
                with suppress(FileNotFoundError):
                    os.unlink(temporary)
                raise
        except OSError as error:
            raise self._no_place(error) from error

    def _wait_for(self, handle: int) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                flock(handle, wait=False)
                return
            except BlockingIOError:
                if time.monotonic() > until:
                    raise UnreachableError(
                        "another process has been using the refresh token for minutes",
                        where=str(self.path),
                        remedy="look which process has its .lock file open; it is tried again",
                    ) from None
                time.sleep(LOOK)

    def _no_place(self, error: OSError) -> ConfigError:
        return ConfigError(
            f"the file {self.path} can't be written: {error.strerror}",
            where=f"config.toml, {self.key}",
            remedy="the provider may replace the token: put it into a folder that this user may write to",
        )
