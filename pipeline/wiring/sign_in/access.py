"""The access token of one server: had when it is needed, kept in memory until shortly before its end."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.clock import Clock
from pipeline.config.oauth2 import OAuth2Config
from pipeline.errors import UnreachableError
from pipeline.wiring.sign_in import flows
from pipeline.wiring.sign_in.refresh_file import RefreshFile
from pipeline.wiring.sign_in.token_server import Granted, TokenServer

SPARE = timedelta(minutes=5)  # before its end: a log-in takes a while, and clocks differ


class Access:
    """Keeps the contract `AccessToken` of doors.py. One token for all threads; they wait for the one that gets it."""

    def __init__(self, name: str, username: str, config: OAuth2Config, folder: Path, clock: Clock) -> None:
        """`name`: of the mailbox, or smtp; `username`: whose mail it is. Nothing is connected yet."""
        self.username, self.clock = username, clock
        self.server = TokenServer(name, config, folder)
        secret = config.refresh_token
        self.file = RefreshFile(name, self.server.section, secret, folder) if secret and config.signs_in else None
        self._lock = threading.Lock()
        self._token, self._good_until = "", clock.now()
        self._pause: tuple[datetime, datetime] | None = None  # from, until: the token server asked for it

    def current(self) -> str:
        """See AccessToken.current."""
        with self._lock:
            now = self.clock.now()
            if not self._token or now >= self._good_until:
                self._obey(now)
                granted = self._granted(now)
                self._token, self._good_until = granted.token, now + granted.lives - SPARE
            return self._token

    def drop(self, token: str) -> None:
        """See AccessToken.drop. One that is not in use any more changes nothing: another thread was faster."""
        with self._lock:
            if token == self._token:
                self._token = ""

    def read_secrets(self) -> None:
        """Raises ConfigError when one is missing."""
        flows.client(self.server)
        if self.file:
            self.file.read()

    def _granted(self, now: datetime) -> Granted:
        try:
            return self._ask(now)
        except UnreachableError as error:
            if error.retry_after:
                self._pause = now, now + timedelta(seconds=error.retry_after)
            raise

    def _ask(self, now: datetime) -> Granted:
        if self.file is None:
            by_itself = self.server.config.flow == "client_credentials"
            fields = (
                flows.by_itself(self.server)
                if by_itself
                else flows.for_somebody_of_the_domain(self.server, self.username, now)
            )
            return self.server.grant(fields)
        with self.file.held():
            before = self.file.read()
            granted = self.server.grant(flows.for_a_person(self.server, before))
            if granted.refresh_token not in ("", before):
                self.file.replace(granted.refresh_token)
        return granted

    def _obey(self, now: datetime) -> None:
        """A pause that the token server asked for is for all threads."""
        if self._pause is None or not self._pause[0] <= now < self._pause[1]:  # a clock may be put back
            return
        until = self._pause[1]
        raise UnreachableError(
            f"the token server has asked for a pause until {until:%H:%M:%S} UTC",
            where=f"[{self.server.section}]",
            remedy="nothing: it is asked again then",
            retry_after=(until - now).total_seconds(),
        )
