"""The line to one IMAP server: encrypted as configured, logged in, and given up as soon as it can't be trusted."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import (
    CapabilityError,
    IMAPClientAbortError,
    IMAPClientError,
    IMAPClientReadOnlyError,
)
from imapclient.exceptions import LoginError as LoginRefused

from pipeline.config.servers import MailboxConfig
from pipeline.doors import AccessToken
from pipeline.errors import LoginError, TurnedAwayError, UnreachableError, network_words
from pipeline.mailbox.login import greet, log_in, log_in_by_token
from pipeline.records.bearer import Bearer
from pipeline.text.refusals import says_no_room

Client = Any  # an IMAPClient, which comes without types
Answer = dict[bytes, object]  # to FETCH: item → what the server says
BY_MARK = "\\"  # so begin folders that are named by their mark
FAREWELL = 5.0  # seconds for the polite end of a connection
LISTED = 30  # folders named to somebody whose folder is missing

# What the libraries raise besides their own errors on an answer that is not IMAP.
NONSENSE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
BROKEN = (OSError, IMAPClientError, *NONSENSE)


# Response codes that speak of the server or the account, not of one mail (RFC 5530 section 3; LIMIT: RFC 9738).
_ABOUT_ITSELF = re.compile(r"\[(LIMIT|UNAVAILABLE|INUSE|SERVERBUG|OVERQUOTA|CONTACTADMIN|AUTHORIZATIONFAILED)\b", re.I)
_BYTES = re.compile(r"""\bb'((?:[^'\\]|\\.)*)'|\bb"((?:[^"\\]|\\.)*)\"""")  # as Python shows them
ENOUGH = 3  # mails refused one after the other with such a word: by now it is the server


@dataclass
class FetchAnswers:
    """What a FETCH brought: items by UID, and what the server said instead of an answer."""

    given: dict[int, Answer] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)

    def add(self, other: FetchAnswers) -> None:
        """Those of another FETCH, too."""
        self.given |= other.given
        self.refused |= other.refused


class ImapConnection:
    """At most one connection at a time. `client` is None while there is none."""

    def __init__(self, name: str, config: MailboxConfig, base: Path, token: AccessToken | None) -> None:
        self.name, self.config, self.base, self.token = name, config, base, token
        self.where = config.where
        self.client: Client = None

    def open(self) -> None:
        """Connects and logs in. Raises UnreachableError, LoginError or ConfigError."""
        context = self.config.tls_context(self.base, f"mailbox.{self.name}")
        if self.token is None:
            assert self.config.password is not None  # noqa: S101  (there is either)
            password = self.config.password.read(self.base, f"mailbox.{self.name}.password")
            self._connect(context, lambda client: log_in(client, self.config.username, password))
            return
        token = self.token.current()
        try:
            self._connect(context, lambda client: log_in_by_token(client, self._bearer(token), self.where))
        except LoginError:  # it may have been taken back: once more with a fresh one
            self.token.drop(token)
            fresh = self.token.current()
            self._connect(context, lambda client: log_in_by_token(client, self._bearer(fresh), self.where))

    def _bearer(self, token: str) -> Bearer:
        return Bearer(username=self.config.username, token=token, host=self.config.host, port=self.config.port)

    def _connect(self, context: ssl.SSLContext, let_in: Callable[[Client], None]) -> None:
        try:
            self.client = _connect(self.config, context, let_in)
        except LoginRefused as error:
            raise self._not_let_in(error) from error
        except CapabilityError as error:
            raise UnreachableError(
                "it offers no STARTTLS, and nothing is sent unencrypted",
                where=self.where,
                remedy='use security = "tls" with the port for it (993), or have STARTTLS switched on at the server',
            ) from error
        except BROKEN as error:
            raise self._unreachable(error) from error

    def close(self) -> None:
        """Logs out politely, but does not wait for it long."""
        client, self.client = self.client, None
        if client is None:
            return
        try:
            client.socket().settimeout(min(self.config.timeout.total_seconds(), FAREWELL))
            client.logout()
        except BROKEN:  # it wanted to end anyway
            _hang_up(client)

    def drop(self) -> None:
        """Ends the connection as it is; the next open() makes a new one."""
        client, self.client = self.client, None
        if client is not None:
            _hang_up(client)

    @contextmanager
    def talking(self) -> Iterator[Client]:
        """The client. What breaks the connection, or its sense, becomes UnreachableError, and it is dropped."""
        if self.client is None:
            raise UnreachableError("the connection is lost", where=self.where, remedy="open the mailbox again")
        try:
            yield self.client
        except BROKEN as error:
            self.drop()
            raise self._unreachable(error) from error

    def enter(self, folder: str, *, readonly: bool) -> dict[bytes, int]:
        """Selects a folder by the name in the configuration, or else as the server spells it; says what SELECT said."""
        with self.talking() as client:
            refused: Exception | None = None
            spellings = (by_mark,) if folder.startswith(BY_MARK) else (lambda _client, name: name, spelled)
            for spell in spellings:
                try:
                    return dict(client.select_folder(spell(client, folder), readonly=readonly))
                except IMAPClientReadOnlyError as error:
                    raise self._only_to_read(folder) from error
                except IMAPClientAbortError:
                    raise
                except IMAPClientError as error:
                    refused = refused or error
            there = ", ".join(str(name) for _, _, name in client.list_folders()[:LISTED])
        raise UnreachableError(
            f'the folder "{folder}" can\'t be opened: {one_line(refused)}',
            where=self.where,
            remedy=f"set a folder that is there: {there}",
        )

    def ask(self, uids: Sequence[int], *items: str) -> FetchAnswers:
        """FETCH. What is refused, or can't be read, all together is asked one by one.

        Raises UnreachableError when the server refuses mail after mail with a word that speaks of itself.
        """
        refusal = ""
        with self.talking() as client:
            for _ in range(2):
                try:
                    return FetchAnswers(given=dict(client.fetch(uids, items)))
                except IMAPClientAbortError:
                    raise
                except (IMAPClientError, *NONSENSE) as error:
                    refusal = one_line(error)
                    # Shows whether we still understand each other; and lets the server tell what has been expunged,
                    # which may be all it stumbled over (RFC 5530: EXPUNGEISSUED).
                    client.noop()
        if len(uids) == 1:
            return FetchAnswers(refused={uids[0]: refusal})
        answers = FetchAnswers()
        for uid in uids:
            answers.add(self.ask([uid], *items))
            if not answers.given and len(answers.refused) >= ENOUGH and _speaks_of_itself(refusal):
                raise UnreachableError(
                    f"it gives out no mail now: {refusal}", where=self.where, remedy="wait, it may pass"
                )
        return answers

    def _unreachable(self, error: BaseException) -> UnreachableError:
        what, remedy = network_words(error)
        return UnreachableError(what, where=self.where, remedy=remedy)

    def _only_to_read(self, folder: str) -> UnreachableError:
        return UnreachableError(
            f'the folder "{folder}" can only be read',
            where=self.where,
            remedy=f'give the account the right to change it, or set done = "keep" in [mailbox.{self.name}]',
        )

    def _not_let_in(self, error: Exception) -> UnreachableError:
        said = one_line(error)
        # IMAPClient reports a broken connection as a refusal, too; its cause tells.
        if isinstance(error.__context__, IMAPClientAbortError) or says_no_room(said):
            return TurnedAwayError(f"login is not possible now: {said}", where=self.where, remedy="wait, it may pass")
        what, check = ("our token", "oauth2") if self.token else ("name and password", "password (or app password)")
        return LoginError(
            f"it does not accept {what}: {said}",
            where=self.where,
            remedy=f"check username and {check} of [mailbox.{self.name}], and that IMAP is switched on in the account",
        )


def marked(client: Client, mark: str) -> str:
    """The folder that the server marks so (RFC 6154: "\\Sent"), as it spells it; '' when it marks none."""
    found = client.list_folders()
    wanted = mark.lower().encode()
    return next((str(name) for flags, _, name in found if wanted in {flag.lower() for flag in flags}), "")


def by_mark(client: Client, mark: str) -> str:
    """The same. Raises IMAPClientError when it marks none."""
    if name := marked(client, mark):
        return name
    raise IMAPClientError(f"the server marks no folder as {mark}")


def spelled(client: Client, folder: str) -> str:
    """A folder written with "/" as this server writes it: with its own separator, and its prefix for personal ones."""
    prefix, separator = "", None
    if client.has_capability("NAMESPACE"):
        personal = client.namespace().personal
        if personal:
            prefix, separator = personal[0]
    else:
        # LIST with an empty pattern tells nothing but the separator (RFC 3501 section 6.3.8).
        for _, found, _ in client.list_folders("", "")[:1]:
            separator = found.decode("ascii") if found else None
    name = folder.replace("/", separator) if separator else folder
    if name.upper() == "INBOX" or name.startswith(prefix):
        return name
    return f"{prefix}{name}"


def one_line(error: object) -> str:
    """What a server said, short enough for a message; imaplib shows it as Python writes bytes."""
    said = _BYTES.sub(lambda match: match[1] if match[1] is not None else match[2], " ".join(str(error).split()))
    return said[:200]


def _connect(config: MailboxConfig, context: ssl.SSLContext, let_in: Callable[[Client], None]) -> Client:
    """A client that is logged in, as `let_in` does it. Never goes on unencrypted where encryption is configured."""
    seconds = config.timeout.total_seconds()
    direct = config.security == "tls"
    client = IMAPClient(
        config.host,
        port=config.port,
        ssl=direct,
        ssl_context=context if direct else None,
        timeout=SocketTimeout(seconds, seconds),
    )
    try:
        client.normalise_times = False  # else INTERNALDATE comes without its time zone
        client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.socket().setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if config.security == "starttls":
            client.starttls(context)
        let_in(client)
        greet(client)
    except BaseException:
        _hang_up(client)
        raise
    return client


def _hang_up(client: Client) -> None:
    try:
        client.shutdown()
    except BROKEN:  # it is closed, or half of it was never there (a handshake that failed)
        client.socket().close()


def _speaks_of_itself(refusal: str) -> bool:
    return bool(_ABOUT_ITSELF.search(refusal))
