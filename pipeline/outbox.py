"""The SMTP door (RFC 5321): one kept connection, and a clear word about what became of each message.

What matters most is the line between "surely not accepted" and "nobody knows": it is crossed when the first byte of the
message's content goes out, and crossed back when the server answers.
"""

from __future__ import annotations

import base64
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Sequence
from email.utils import parseaddr
from itertools import takewhile
from pathlib import Path

from pipeline.errors import (
    ConfigError,
    DeferredError,
    FirstlineError,
    LoginError,
    RejectedError,
    UncertainError,
    UnreachableError,
    network_words,
)
from pipeline.records import Reply
from pipeline.sections import SmtpConfig

STALE_AFTER = 60.0  # seconds: an idle connection is asked whether it still lives, servers drop them
PATIENCE_FOR_ANSWER = 4  # times the time-out: servers filter before they accept (RFC 5321 section 4.5.3.2.6)
GROUP = 20  # messages that go together at most
FAREWELL = 5.0  # seconds for the polite end of a connection
UNKNOWN_RECIPIENT = (550, 551, 553)  # RFC 5321 section 4.2.3; where an enhanced code stands beside it, that one decides
_ENHANCED = re.compile(r"\b[245]\.(\d{1,3}\.\d{1,3})\b")
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>]")

# A line that breaks is an OSError; smtplib's errors are OSErrors too. ValueError: an answer that is no SMTP.
BROKEN = (OSError, ValueError)


class _LineLostError(Exception):
    """The connection is gone and nothing of the message's content had been sent."""

    def __init__(self, error: BaseException | str) -> None:
        super().__init__(str(error))
        self.words = ("it ended the conversation: " + error, "wait") if isinstance(error, str) else network_words(error)


class SmtpOutbox:
    """One connection to the outgoing server, made when it is first needed; used by one thread."""

    def __init__(self, config: SmtpConfig, base: Path) -> None:
        """`base`: the folder of config.toml. Nothing is connected yet."""
        self.config, self.base = config, base
        self.where = f"{config.host}:{config.port}"
        self._smtp: smtplib.SMTP | None = None
        self._used = 0.0  # when the connection last served, on the monotonic clock

    def send(self, reply: Reply) -> None:
        """Raises UnreachableError (nothing sent), DeferredError, RejectedError or UncertainError."""
        for again in (True, False):
            reused = self._smtp is not None
            try:
                smtp = self._smtp or self._connect()
                self._transact(smtp, reply)
                self._used = time.monotonic()
                return
            except _LineLostError as lost:
                self._drop()
                if not (reused and again):  # a kept connection may have ended meanwhile: that is no trouble yet
                    what, remedy = lost.words
                    raise UnreachableError(what, where=self.where, remedy=remedy) from lost

    @property
    def at_once(self) -> int:
        """How many messages take no longer than one: known once a server has said what it can."""
        return GROUP if self._smtp is not None and _takes_groups(self._smtp) else 1

    def send_all(self, replies: Sequence[Reply]) -> list[FirstlineError | None]:
        """What became of each: None for accepted, else the error that `send` would raise.

        A server with PIPELINING and CHUNKING (RFC 3030) takes them all in one round trip, any other one by one. After
        an UnreachableError the rest is not tried, and has the same.
        """
        outcomes: list[FirstlineError | None] = []
        while len(outcomes) < len(replies):
            left = replies[len(outcomes) :]
            try:
                smtp = self._smtp or self._connect()
                if len(left) > 1 and _takes_groups(smtp) and self._is_alive(smtp):
                    outcomes += self._group(smtp, left)
                else:
                    self.send(left[0])
                    outcomes.append(None)
            except UnreachableError as error:
                return outcomes + [error] * len(left)
            except FirstlineError as error:
                outcomes.append(error)
        return outcomes

    def check(self) -> None:
        """Connects and logs in without sending."""
        try:
            smtp = self._smtp or self._connect()
            code, said = smtp.noop()
        except BROKEN as error:
            self._drop()
            what, remedy = network_words(error)
            raise UnreachableError(what, where=self.where, remedy=remedy) from error
        if code >= 400:
            self._drop()
            raise UnreachableError(_text(code, said), where=self.where, remedy="look at the server's log")

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

    # --- connection ---------------------------------------------------------------------------------------------------

    @property
    def _timeout(self) -> float:
        return self.config.timeout.total_seconds()

    def _drop(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def _connect(self) -> smtplib.SMTP:
        """A connection that is encrypted as configured and logged in."""
        password = self._password()
        context = self.config.tls_context(self.base, "smtp")
        try:
            smtp = self._dial(context)
        except smtplib.SMTPResponseException as error:
            raise self._refused(error.smtp_code, error.smtp_error) from error
        except BROKEN as error:
            what, remedy = network_words(error)
            raise UnreachableError(what, where=self.where, remedy=remedy) from error
        try:
            if smtp.sock:
                smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._greet(smtp, context)
            if self.config.username:
                self._log_in(smtp, password)
        except BaseException as error:
            smtp.close()
            if isinstance(error, BROKEN):
                what, remedy = network_words(error)
                raise UnreachableError(what, where=self.where, remedy=remedy) from error
            raise
        self._smtp, self._used = smtp, time.monotonic()
        return smtp

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

    def _dial(self, context: ssl.SSLContext) -> smtplib.SMTP:
        # The name we greet with: our mail domain. smtplib's own choice asks the name service, which can take seconds.
        name = parseaddr(self.config.sender)[1].rpartition("@")[2]
        name = name if name.isascii() else "localhost"
        if self.config.security == "tls":
            return smtplib.SMTP_SSL(self.config.host, self.config.port, name, timeout=self._timeout, context=context)
        return smtplib.SMTP(self.config.host, self.config.port, name, timeout=self._timeout)

    def _greet(self, smtp: smtplib.SMTP, context: ssl.SSLContext) -> None:
        """EHLO, and STARTTLS where it is configured: without it nothing more is said."""
        self._hello(smtp)
        if self.config.security != "starttls":
            return
        if not smtp.has_extn("starttls"):
            raise UnreachableError(
                "it offers no STARTTLS, and nothing goes over the line unencrypted",
                where=self.where,
                remedy='use security = "tls" with the port for it (465), or have STARTTLS switched on at the server',
            )
        try:
            smtp.starttls(context=context)
        except smtplib.SMTPResponseException as error:
            raise self._refused(error.smtp_code, error.smtp_error) from error
        self._hello(smtp)

    def _hello(self, smtp: smtplib.SMTP) -> None:
        code, said = smtp.ehlo()
        if code != 421 and not 200 <= code < 300:
            code, said = smtp.helo()  # a server from before extensions
        if not 200 <= code < 300:
            raise self._refused(code, said)

    def _log_in(self, smtp: smtplib.SMTP, password: str) -> None:
        username = self.config.username
        try:
            if (username + password).isascii():
                smtp.login(username, password)
                return
            # RFC 4616: PLAIN is UTF-8. smtplib only speaks ASCII here.
            token = base64.b64encode(f"\0{username}\0{password}".encode()).decode()
            code, said = smtp.docmd("AUTH", f"PLAIN {token}")
            if code != 235:
                raise smtplib.SMTPAuthenticationError(code, said)
        except smtplib.SMTPNotSupportedError as error:
            raise LoginError(
                "it offers no login on this connection",
                where=self.where,
                remedy="check port and security; or take username and password away if it wants none",
            ) from error
        except smtplib.SMTPAuthenticationError as error:
            if error.smtp_code < 500:  # 454: temporary authentication failure (RFC 4954 section 6)
                raise self._refused(error.smtp_code, error.smtp_error) from error
            raise LoginError(
                f"it does not accept name and password: {_text(error.smtp_code, error.smtp_error)}",
                where=self.where,
                remedy="check username and password of [smtp]; many providers want an app password",
            ) from error
        except smtplib.SMTPResponseException as error:
            raise self._refused(error.smtp_code, error.smtp_error) from error

    def _refused(self, code: int, said: bytes | str) -> UnreachableError:
        """The server does not want to talk to us (now)."""
        return UnreachableError(f"it turns us away: {_text(code, said)}", where=self.where, remedy="ask its operator")

    # --- one message --------------------------------------------------------------------------------------------------

    def _transact(self, smtp: smtplib.SMTP, reply: Reply) -> None:
        """MAIL, RCPT, DATA. Raises _LineLostError as long as nothing of the content is on its way."""
        recipient, options = self._spelled(smtp, reply.recipient)
        commands = (f"MAIL FROM:<{reply.envelope_from}>{options}", f"RCPT TO:<{recipient}>", "DATA")
        try:
            if time.monotonic() - self._used > STALE_AFTER:
                self._must(smtp, *smtp.noop(), stage="NOOP")
            if smtp.has_extn("pipelining"):
                self._all_at_once(smtp, commands)
            else:
                for command in commands:
                    self._must(smtp, *smtp.docmd(command), stage=command[:4])
        except BROKEN as error:
            raise _LineLostError(error) from error
        code, said = self._content(smtp, reply.data)
        self._must(smtp, code, said, stage="content")

    # --- several messages ---------------------------------------------------------------------------------------------

    def _is_alive(self, smtp: smtplib.SMTP) -> bool:
        """Of a connection that has rested: a dead one is dropped, and the next message makes a new one."""
        if time.monotonic() - self._used <= STALE_AFTER:
            return True
        try:
            code, _ = smtp.noop()
        except BROKEN:  # it says so by breaking
            code = -1
        if code != 250:
            self._drop()
        return code == 250

    def _group(self, smtp: smtplib.SMTP, replies: Sequence[Reply]) -> list[FirstlineError | None]:
        """All that can go together; at least one, perhaps not all of them."""
        group = list(takewhile(lambda reply: _is_plain(reply.recipient), replies[:GROUP]))
        if len(group) < 2:  # an address that needs a closer look
            return [self._alone(replies[0])]
        said = b"".join(_in_one_go(reply) for reply in group)
        outcomes: list[FirstlineError | None] = []
        try:
            smtp.send(said)
            if smtp.sock:
                smtp.sock.settimeout(self._timeout * PATIENCE_FOR_ANSWER)
            for _ in group:
                outcomes.append(self._outcome(smtp))
                if isinstance(outcomes[-1], UnreachableError):  # it closes the line, and does nothing more
                    self._drop()
                    return outcomes + [outcomes[-1]] * (len(group) - len(outcomes))
        except BROKEN as error:
            self._drop()
            what, _ = network_words(error)
            return outcomes + [self._uncertain(what)] * (len(group) - len(outcomes))
        if smtp.sock:
            smtp.sock.settimeout(self._timeout)
        self._used = time.monotonic()
        return outcomes

    def _alone(self, reply: Reply) -> FirstlineError | None:
        try:
            self.send(reply)
        except UnreachableError:
            raise
        except FirstlineError as error:
            return error
        return None

    def _outcome(self, smtp: smtplib.SMTP) -> FirstlineError | None:
        """Reads the answers to RSET, MAIL, RCPT and BDAT of one message: the first refusal counts."""
        first: FirstlineError | None = None
        for stage in ("RSET", "MAIL", "RCPT", "content"):
            code, said = smtp.getreply()
            if code == 421:  # it closes the line: no more answers come
                return self._refusal(code, said, stage)
            if first is None and not 200 <= code < 300:
                first = self._refusal(code, said, stage)
        return first

    def _refusal(self, code: int, said: bytes, stage: str) -> FirstlineError:
        text = f"{_text(code, said)} (to {stage})"
        if code == 421:
            return UnreachableError(f"it ended the conversation: {text}", where=self.where, remedy="wait")
        if 400 <= code < 500:
            return DeferredError(text, where=self.where, remedy="it is tried again later")
        if 500 <= code < 600:
            unknown = stage == "RCPT" and _means_unknown(code, text)
            remedy = "what the server says tells why"
            return RejectedError(text, where=self.where, remedy=remedy, recipient_unknown=unknown)
        return self._uncertain(f"an answer that means nothing: {text}")

    def _all_at_once(self, smtp: smtplib.SMTP, commands: Sequence[str]) -> None:
        """One round trip instead of three (RFC 2920). The content only follows when all were agreed to."""
        smtp.send("".join(f"{command}\r\n" for command in commands))
        answers: list[tuple[int, bytes]] = []
        for _ in commands:
            answers.append(smtp.getreply())
            if answers[-1][0] == 421:  # it closes the line: no more answers come
                break
        *before, (last, _) = answers
        if last == 354 and any(not 200 <= code < 300 for code, _ in before):
            # It waits for a content all the same. RFC 2920 section 3.1 would send an empty one; but who knows what a
            # server does with it that talks like this: without the line there surely is no message.
            self._drop()
        for command, (code, said) in zip(commands, answers, strict=False):
            self._must(smtp, code, said, stage=command[:4])

    def _content(self, smtp: smtplib.SMTP, data: bytes) -> tuple[int, bytes]:
        """The message itself. A line that breaks from here on leaves its fate unknown."""
        try:
            smtp.send(_on_the_wire(data))
            if smtp.sock:
                smtp.sock.settimeout(self._timeout * PATIENCE_FOR_ANSWER)
            code, said = smtp.getreply()
            if smtp.sock:
                smtp.sock.settimeout(self._timeout)
        except BROKEN as error:
            self._drop()
            what, _ = network_words(error)
            raise self._uncertain(what) from error
        if not (200 <= code < 300 or 400 <= code < 600):
            self._drop()
            raise self._uncertain(f"an answer that means nothing: {_text(code, said)}")
        return code, said

    def _uncertain(self, what: str) -> UncertainError:
        return UncertainError(
            f"the message was on its way when the line broke: {what}",
            where=self.where,
            remedy="[smtp] on_uncertain says what becomes of it; sent_folder can prove it",
        )

    def _must(self, smtp: smtplib.SMTP, code: int, said: bytes, *, stage: str) -> None:
        """Goes on when the server agrees. After a refusal the connection is made ready for the next message."""
        if code == 354 if stage == "DATA" else 200 <= code < 300:
            return
        text = f"{_text(code, said)} (to {stage})"
        if code == 421 or not 400 <= code < 600:  # it closes the line (RFC 5321 section 3.8), or talks nonsense
            raise _LineLostError(text)
        self._reset(smtp)
        if code < 500:
            raise DeferredError(text, where=self.where, remedy="it is tried again later")
        raise RejectedError(
            text,
            where=self.where,
            remedy="what the server says tells why",
            recipient_unknown=stage == "RCPT" and _means_unknown(code, text),
        )

    def _reset(self, smtp: smtplib.SMTP) -> None:
        try:
            code, _ = smtp.rset()
        except BROKEN:  # the answer about this message stands; the next one gets a new connection
            code = -1
        if code != 250:
            self._drop()

    def _spelled(self, smtp: smtplib.SMTP, recipient: str) -> tuple[str, str]:
        """The recipient as this server can take it, and the options of MAIL that go with it (RFC 6531)."""
        local, _, domain = recipient.rpartition("@")
        if not local or not domain or _UNSAFE.search(recipient):
            raise self._no_address(recipient)
        if recipient.isascii():
            return recipient, ""
        if smtp.has_extn("smtputf8"):
            smtp.command_encoding = "utf-8"
            return recipient, " SMTPUTF8"
        try:
            if local.isascii():
                return f"{local}@{domain.encode('idna').decode()}", ""
        except UnicodeError:  # no such domain can exist
            raise self._no_address(recipient) from None
        raise RejectedError(
            "this server can't send to an address with such characters before the @ (it has no SMTPUTF8)",
            where=self.where,
            remedy="answer by another way",
        )

    def _no_address(self, recipient: str) -> RejectedError:
        return RejectedError(
            f"this is no address: {recipient[:100]!r}",
            where=self.where,
            remedy="nothing can be sent there",
            recipient_unknown=True,
        )


def _takes_groups(smtp: smtplib.SMTP) -> bool:
    return smtp.has_extn("pipelining") and smtp.has_extn("chunking")


def _is_plain(recipient: str) -> bool:
    """An address that needs no extension and no check by `_spelled`."""
    return recipient.isascii() and not _UNSAFE.search(recipient) and 0 < recipient.find("@") < len(recipient) - 1


def _in_one_go(reply: Reply) -> bytes:
    """A message with its envelope. RSET first: after a refusal the server may still have the last envelope open."""
    lines = _lines(reply.data)
    head = f"RSET\r\nMAIL FROM:<{reply.envelope_from}>\r\nRCPT TO:<{reply.recipient}>\r\nBDAT {len(lines)} LAST\r\n"
    return head.encode() + lines


def _on_the_wire(data: bytes) -> bytes:
    """The content as DATA wants it: a leading dot is doubled, a lone dot ends it."""
    return re.sub(rb"(?m)^\.", b"..", _lines(data)) + b".\r\n"


def _lines(data: bytes) -> bytes:
    """Every line ends with CRLF.

    A bare CR or LF must not get through: servers differ in what they take for the end (SMTP smuggling).
    """
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    return lines if lines.endswith(b"\r\n") else lines + b"\r\n"


def _means_unknown(code: int, text: str) -> bool:
    """Is it the recipient's address that is refused? RFC 3463: 5.1.x, but 5.1.7 and 5.1.8 are about the sender's."""
    enhanced = _ENHANCED.search(text)
    if enhanced:
        return enhanced[1].startswith("1.") and enhanced[1] not in ("1.7", "1.8")
    return code in UNKNOWN_RECIPIENT


def _text(code: int, said: bytes | str) -> str:
    """An answer on one line, short enough for a message."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(words.split())[:200]}"
