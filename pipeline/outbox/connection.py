"""The connection to the outgoing server: made when it is first needed, encrypted and logged in, then kept."""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path

from pipeline.config.servers import SmtpConfig
from pipeline.doors import AccessToken
from pipeline.errors import ConfigError, LoginError, UnreachableError, network_words
from pipeline.outbox import answers, login
from pipeline.outbox.timed import TimedSMTP, TimedSMTPoverTLS
from pipeline.records.bearer import Bearer
from pipeline.records.round_trips import RoundTrips

STALE_AFTER = 60.0  # seconds: an idle connection is asked whether it still lives, servers drop them
PATIENCE_FOR_CONTENT = 4  # times the time-out: servers filter before they accept (RFC 5321 section 4.5.3.2.6)
FAREWELL = 5.0  # seconds for the polite end of a connection
MOST_WAITS = 1000  # round trips that are kept until somebody asks

# A connection that breaks is an OSError; smtplib's errors are OSErrors too. ValueError: an answer that is not SMTP.
BROKEN = (OSError, ValueError)


class SmtpConnection:
    """One connection, used by one thread. Nothing of it is about a message."""

    def __init__(self, config: SmtpConfig, base: Path, token: AccessToken | None = None) -> None:
        """`base`: the folder of config.toml. `token`: instead of a password. Nothing is connected yet."""
        self.config, self.base, self.token = config, base, token
        self.where = config.where
        self._smtp: smtplib.SMTP | None = None
        self._used = 0.0  # when it last served, on the monotonic clock
        self._waits: dict[bool, list[float]] = {}  # was it a content? → seconds, of each round trip
        self._content = False  # is it what is waited for now?

    @property
    def is_open(self) -> bool:
        """Is there a connection that has not been given up?"""
        return self._smtp is not None

    @property
    def is_stale(self) -> bool:
        """Not used for so long that the server may have ended it."""
        return time.monotonic() - self._used > STALE_AFTER

    def can(self, extension: str) -> bool:
        """Does the server offer it? Nothing is known of one that was not talked to yet."""
        return self._smtp is not None and self._smtp.has_extn(extension)

    def open(self) -> smtplib.SMTP:
        """Dials where needed. Raises UnreachableError."""
        if self._smtp is None:
            self._smtp = self._connected()
            self.served()
        return self._smtp

    def waited(self) -> RoundTrips:
        """For its answers, since this was asked before."""
        waits, self._waits = self._waits, {}
        least = sum(len(each) * min(each) for each in waits.values())
        return RoundTrips(count=sum(map(len, waits.values())), least=least)

    def served(self) -> None:
        """It has just done what was asked."""
        self._used = time.monotonic()

    def answer_to_content(self, smtp: smtplib.SMTP) -> tuple[int, bytes]:
        """Reads it; a server may take its time for that."""
        if smtp.sock:
            smtp.sock.settimeout(self._timeout * PATIENCE_FOR_CONTENT)
        self._content = True
        try:
            answer = smtp.getreply()
        finally:
            self._content = False
        if smtp.sock:
            smtp.sock.settimeout(self._timeout)
        return answer

    def drop(self) -> None:
        """Hangs up without a word."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def close(self) -> None:
        """Says goodbye, but does not wait for the answer long."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        try:
            if smtp.sock:
                smtp.sock.settimeout(min(self._timeout, FAREWELL))
            smtp.quit()
        except BROKEN:  # it wanted to end anyway
            smtp.close()

    def lost(self, error: BaseException) -> UnreachableError:
        """The error for a connection that could not be made, or was closed by `error`."""
        what, remedy = network_words(error)
        return UnreachableError(what, where=self.where, remedy=remedy)

    @property
    def _timeout(self) -> float:
        return self.config.timeout.total_seconds()

    def _connected(self) -> smtplib.SMTP:
        context = self.config.tls_context(self.base, "smtp")
        if self.token is None:
            password = self._password()
            return self._let_in(context, lambda smtp: login.log_in(smtp, self.config.username, password, self.where))
        token = self.token.current()
        try:
            return self._let_in(context, lambda smtp: login.log_in_by_token(smtp, self._bearer(token), self.where))
        except LoginError:  # it may have been taken back: once more with a fresh one
            self.token.drop(token)
            fresh = self.token.current()
            return self._let_in(context, lambda smtp: login.log_in_by_token(smtp, self._bearer(fresh), self.where))

    def _bearer(self, token: str) -> Bearer:
        return Bearer(username=self.config.username, token=token, host=self.config.host, port=self.config.port)

    def _let_in(self, context: ssl.SSLContext, log_in: Callable[[smtplib.SMTP], None]) -> smtplib.SMTP:
        """A connection that is encrypted as configured, and logged in where there is somebody to log in."""
        try:
            smtp = self._dial(context)
        except smtplib.SMTPResponseException as error:
            raise answers.turned_away(error.smtp_code, error.smtp_error, self.where) from error
        except BROKEN as error:
            raise self.lost(error) from error
        smtp.note_wait = self._note_wait
        try:
            if smtp.sock:
                smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._greet(smtp, context)
            if self.config.username:
                log_in(smtp)
        except BaseException as error:
            smtp.close()
            if isinstance(error, BROKEN):
                raise self.lost(error) from error
            raise
        return smtp

    def _note_wait(self, seconds: float) -> None:
        waits = self._waits.setdefault(self._content, [])
        if len(waits) < MOST_WAITS:
            waits.append(seconds)

    def _password(self) -> str:
        if not self.config.username:
            return ""
        if self.config.password is None:
            raise ConfigError(
                "there is a username but no password",
                where="config.toml, smtp.password",
                remedy='add password = { env = "NAME" }, or take the username away',
            )
        return self.config.password.read(self.base, "smtp.password")

    def _dial(self, context: ssl.SSLContext) -> TimedSMTP:
        # The name we greet with: our mail domain. smtplib's own choice asks the name service, which can take seconds.
        name = parseaddr(self.config.sender)[1].rpartition("@")[2]
        name = name if name.isascii() else "localhost"
        if self.config.security == "tls":
            return TimedSMTPoverTLS(self.config.host, self.config.port, name, timeout=self._timeout, context=context)
        return TimedSMTP(self.config.host, self.config.port, name, timeout=self._timeout)

    def _greet(self, smtp: smtplib.SMTP, context: ssl.SSLContext) -> None:
        """EHLO, and STARTTLS where it is configured: without it nothing more is said."""
        self._hello(smtp)
        if self.config.security != "starttls":
            return
        if not smtp.has_extn("starttls"):
            raise UnreachableError(
                "it offers no STARTTLS, and nothing is sent unencrypted",
                where=self.where,
                remedy='use security = "tls" with the port for it (465), or have STARTTLS switched on at the server',
            )
        try:
            smtp.starttls(context=context)
        except smtplib.SMTPResponseException as error:
            raise answers.turned_away(error.smtp_code, error.smtp_error, self.where) from error
        self._hello(smtp)

    def _hello(self, smtp: smtplib.SMTP) -> None:
        code, said = smtp.ehlo()
        if code != 421 and not 200 <= code < 300:
            code, said = smtp.helo()  # a server from before extensions
        if not 200 <= code < 300:
            raise answers.turned_away(code, said, self.where)
