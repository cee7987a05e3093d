"""The IMAP door (RFC 3501, RFC 9051): everything by UID and UIDVALIDITY, nothing changed but what `done` asks for.

Of a server only the base protocol is needed. IDLE (RFC 2177), MOVE (RFC 6851), UIDPLUS (RFC 4315) and NAMESPACE
(RFC 2342) are used where they are offered; keywords and CONDSTORE never.
"""

from __future__ import annotations

import selectors
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from imapclient import IMAPClient, SocketTimeout  # type: ignore[import-untyped]
from imapclient.exceptions import (  # type: ignore[import-untyped]
    CapabilityError,
    IMAPClientAbortError,
    IMAPClientError,
    IMAPClientReadOnlyError,
)
from imapclient.exceptions import LoginError as LoginRefused

from pipeline.clock import SystemClock
from pipeline.config import MailboxConfig
from pipeline.errors import ConfigError, DeferredError, LoginError, UnreachableError, network_words
from pipeline.records import Folder, Location, RawMail

UIDS_AT_ONCE = 500  # in one command: keeps its line below the 8 KB that servers take (RFC 7162 section 4)
SEARCHED_AT_ONCE = 50_000  # messages in one SEARCH: imaplib refuses an answer line over 1 MB
PORTION_BYTES = 32_000_000
HEAD_BYTES = 262_144  # of a message over max_size this much is fetched: its headers and the beginning of its text
MOST_BREAKS = 5  # so often may the connection break over one message, then it is handed over empty
RENEW_IDLE = 540.0  # seconds: servers may end an IDLE after 30 minutes, and many firewalls forget it after ten
INTERRUPT_LATENCY = 0.25  # seconds until wait() notices interrupt()
FAREWELL = 5.0  # seconds for the polite end of a connection

# A dead line is an OSError or an IMAPClientError; on an answer that is no IMAP, imaplib and IMAPClient also raise these.
BROKEN = (OSError, IMAPClientError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Facts:
    """What is asked of a message before its text."""

    received: datetime
    size: int


class ImapMailbox:
    """One folder on one server: one connection, used by one thread (only `interrupt` may be called by others)."""

    def __init__(self, name: str, config: MailboxConfig, base: Path) -> None:
        """`name`: of [mailbox.NAME]. `base`: the folder of config.toml. Nothing is connected yet."""
        self.name, self.config, self.base = name, config, base
        self.where = f"{config.host}:{config.port}"
        self._target = config.done.removeprefix("move:") if config.done.startswith("move:") else ""
        if self._target == config.folder:
            raise ConfigError(
                "the mails would be moved to where they are, and be new again for ever",
                where=f"config.toml, mailbox.{name}.done",
                remedy="name another folder than the one that is read",
            )
        self._client: Any = None
        self._uidvalidity = 0
        self._next = 1  # the UID that the next new mail will have, as far as our caller knows
        self._exists = 0
        self._breaks: Counter[tuple[int, int]] = Counter()  # (UIDVALIDITY, UID) → connections lost over it
        self._idle_works = True
        self._interrupted = threading.Event()

    # --- connection ---------------------------------------------------------------------------------------------------

    def open(self) -> Folder:
        """Connects where needed and selects the folder; says how far it reaches now."""
        folder = self._still_open() or self._open_anew()
        self._uidvalidity, self._next = folder.uidvalidity, folder.uidnext
        return folder

    def close(self) -> None:
        """Logs out politely, but does not wait for it long."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            client.socket().settimeout(min(self._timeout, FAREWELL))
            client.logout()
        except BROKEN:  # it wanted to end anyway
            _hang_up(client)

    def _still_open(self) -> Folder | None:
        """None when there is no connection, or when the server has ended it while nobody looked."""
        if self._client is None:
            return None
        try:
            return self._selected()
        except UnreachableError:
            if self._client is None:
                return None
            raise

    def _open_anew(self) -> Folder:
        password = self.config.password.read(self.base, f"mailbox.{self.name}.password")
        context = self.config.tls_context(self.base, f"mailbox.{self.name}")
        try:
            self._client = _connect(self.config, password, context)
        except LoginRefused as error:
            raise self._not_let_in(error) from error
        except CapabilityError as error:
            raise UnreachableError(
                "it offers no STARTTLS, and nothing goes over the line unencrypted",
                where=self.where,
                remedy='use security = "tls" with the port for it (993), or have STARTTLS switched on at the server',
            ) from error
        except BROKEN as error:
            raise self._unreachable(error) from error
        return self._selected()

    @property
    def _timeout(self) -> float:
        return self.config.timeout.total_seconds()

    @contextmanager
    def _talking(self) -> Iterator[Any]:
        """The connection. What breaks it becomes UnreachableError, and the next open() connects anew."""
        if self._client is None:
            raise UnreachableError("the connection is lost", where=self.where, remedy="open the mailbox again")
        try:
            yield self._client
        except BROKEN as error:
            client, self._client = self._client, None
            if client is not None:
                _hang_up(client)
            raise self._unreachable(error) from error

    def _unreachable(self, error: BaseException) -> UnreachableError:
        what, remedy = network_words(error)
        return UnreachableError(what, where=self.where, remedy=remedy)

    def _not_let_in(self, error: Exception) -> UnreachableError:
        said = _one_line(error)
        # IMAPClient reports a line that breaks during login as a refused login; its cause tells (RFC 5530: UNAVAILABLE).
        if isinstance(error.__context__, IMAPClientAbortError) or "UNAVAILABLE" in said:
            return UnreachableError(f"login is not possible now: {said}", where=self.where, remedy="wait, it may pass")
        return LoginError(
            f"it does not accept name and password: {said}",
            where=self.where,
            remedy=f"check username and password of [mailbox.{self.name}]; "
            "many providers want an app password, and IMAP switched on in the account",
        )

    # --- folders ------------------------------------------------------------------------------------------------------

    def _selected(self) -> Folder:
        """Selects our folder (again: only SELECT tells UIDNEXT and a new UIDVALIDITY for certain)."""
        with self._talking() as client:
            # EXAMINE where nothing is to be changed: then nothing can be.
            answer = self._enter(client, self.config.folder, readonly=self.config.done == "keep")
            self._exists = int(answer.get(b"EXISTS", 0))
            if b"UIDVALIDITY" not in answer:
                raise UnreachableError(
                    "it gives no UIDVALIDITY, so mails can't be told apart for certain",
                    where=f"{self.where}, folder {self.config.folder}",
                    remedy="this server (or proxy) can't be used",
                )
            uidnext = answer.get(b"UIDNEXT") or self._after_the_last(client)
        return Folder(uidvalidity=answer[b"UIDVALIDITY"], uidnext=uidnext)

    def _after_the_last(self, client: Any) -> int:
        """UIDNEXT of a server that does not tell."""
        return max(client.search(["UID", "*"]), default=0) + 1 if self._exists else 1

    def _enter(self, client: Any, folder: str, *, readonly: bool) -> dict[bytes, Any]:
        """Selects a folder by the name in the configuration, or as the server spells it."""
        refused: Exception | None = None
        for spelling in (folder, None):
            name = spelling or _spelled(client, folder)
            if refused and name == folder:
                break
            try:
                return dict(client.select_folder(name, readonly=readonly))
            except IMAPClientReadOnlyError as error:
                raise UnreachableError(
                    f'the folder "{folder}" can only be read',
                    where=self.where,
                    remedy=f'give the account the right to change it, or set done = "keep" in [mailbox.{self.name}]',
                ) from error
            except IMAPClientAbortError:
                raise
            except IMAPClientError as error:
                refused = error
        there = ", ".join(str(name) for _, _, name in client.list_folders()[:30])
        raise UnreachableError(
            f'the folder "{folder}" can\'t be opened: {_one_line(refused)}',
            where=self.where,
            remedy=f"set a folder that is there: {there}",
        )

    def holds(self, folder: str, message_id: str) -> bool:
        """Does this other folder hold a message with this Message-ID?"""
        if self._client is None:
            self.open()
        try:
            with self._talking() as client:
                self._enter(client, folder, readonly=True)
                return bool(client.search(["HEADER", "Message-ID", message_id]))
        finally:
            if self._client is not None:
                self._selected()

    # --- reading ------------------------------------------------------------------------------------------------------

    def uids(self, first: int) -> list[int]:
        """UIDs from `first` on, ascending."""
        with self._talking() as client:
            found: set[int] = set()
            for window in self._windows():
                found.update(client.search([*window, "UID", f"{first}:*"]))
        # "n:*" always includes the last message, also when its UID is below n (RFC 9051 section 6.4.4).
        uids = sorted(uid for uid in found if uid >= first)
        self._next = max([self._next, *(uid + 1 for uid in uids[-1:])])
        return uids

    def _windows(self) -> Iterator[list[str]]:
        """Search keys that together reach all messages.

        From the newest to the oldest: when something is expunged meanwhile, the numbers of what is still to be searched
        do not change, so that nothing slips through between two windows.
        """
        if 0 < self._exists <= SEARCHED_AT_ONCE:
            yield []
        else:
            last = "*"
            for start in reversed(range(1, self._exists + 1, SEARCHED_AT_ONCE)):
                yield [f"{start}:{last}"]
                last = str(start - 1)

    def fetch(self, uids: Sequence[int]) -> Iterator[list[RawMail]]:
        """The messages in ascending order, in portions bounded by number and bytes; what has vanished is left out.

        What the server can't deliver comes with empty `raw`, so that it is seen and its neighbours go on.
        """
        ordered = sorted(set(uids))
        for start in range(0, len(ordered), UIDS_AT_ONCE):
            facts = self._facts(ordered[start : start + UIDS_AT_ONCE])
            for portion in self._portions(facts):
                if mails := self._mails(portion, facts):
                    yield mails

    def _facts(self, uids: Sequence[int]) -> dict[int, _Facts]:
        answers = self._ask(uids, "RFC822.SIZE", "INTERNALDATE")
        return {uid: _facts_of(answers[uid]) for uid in uids if uid in answers}

    def _portions(self, facts: dict[int, _Facts]) -> Iterator[list[int]]:
        """Cuts; what is too big, or has broken the connection before, stands alone."""
        portion: list[int] = []
        filled = 0
        for uid, fact in facts.items():
            alone = fact.size > self.config.max_size or self._breaks[self._uidvalidity, uid] > 0
            full = len(portion) >= min(self.config.batch, UIDS_AT_ONCE) or filled + fact.size > PORTION_BYTES
            if portion and (alone or full):
                yield portion
                portion, filled = [], 0
            portion.append(uid)
            filled += fact.size
            if alone:
                yield portion
                portion, filled = [], 0
        if portion:
            yield portion

    def _mails(self, portion: list[int], facts: dict[int, _Facts]) -> list[RawMail]:
        answers = self._texts(portion, too_big=facts[portion[0]].size > self.config.max_size)
        mails = []
        for uid in portion:
            if uid not in answers and uid not in self._facts([uid]):
                continue  # it has vanished
            raw = _text_of(answers.get(uid, {}))
            size = len(raw) if raw and facts[uid].size <= self.config.max_size else facts[uid].size
            location = Location(mailbox=self.name, uidvalidity=self._uidvalidity, uid=uid)
            mails.append(RawMail(location=location, received=facts[uid].received, raw=raw, size=size))
        return mails

    def _texts(self, portion: list[int], *, too_big: bool) -> dict[int, dict[bytes, Any]]:
        """The messages themselves, without setting \\Seen. A message over which the connection breaks again and again
        is given up, else it would block all behind it for ever."""
        keys = [(self._uidvalidity, uid) for uid in portion]
        if len(portion) == 1 and self._breaks[keys[0]] >= MOST_BREAKS:
            return {portion[0]: {}}
        try:
            answers = self._ask(portion, f"BODY.PEEK[]<0.{HEAD_BYTES}>" if too_big else "BODY.PEEK[]")
        except UnreachableError:
            self._breaks.update(keys)
            raise
        for key in keys:
            self._breaks.pop(key, None)
        return answers

    def _ask(self, uids: Sequence[int], *items: str) -> dict[int, dict[bytes, Any]]:
        """FETCH. What the server refuses all together is asked one by one; what it refuses then has an empty answer."""
        with self._talking() as client:
            for _ in range(2):
                try:
                    return dict(client.fetch(uids, items))
                except IMAPClientAbortError:
                    raise
                except IMAPClientError:
                    # Shows whether we still understand each other; and lets the server tell what has been expunged,
                    # which may be all it stumbled over (RFC 5530: EXPUNGEISSUED).
                    client.noop()
        if len(uids) == 1:
            return {uids[0]: {}}
        answers: dict[int, dict[bytes, Any]] = {}
        for uid in uids:
            answers.update(self._ask([uid], *items))
        return answers

    # --- marking ------------------------------------------------------------------------------------------------------

    def mark(self, locations: Sequence[Location]) -> None:
        """Does what `done` says to them all at once; what has vanished counts as marked.

        So do places under another UIDVALIDITY: what they named is not there any more. Raises DeferredError when the
        server refuses.
        """
        if self.config.done == "keep" or not locations:
            return
        if self._client is None:
            self.open()
        here = (self.name, self._uidvalidity)
        uids = sorted({place.uid for place in locations if (place.mailbox, place.uidvalidity) == here})
        for start in range(0, len(uids), UIDS_AT_ONCE):
            self._mark_some(uids[start : start + UIDS_AT_ONCE])

    def _mark_some(self, uids: list[int]) -> None:
        refused: Exception | None = None
        with self._talking() as client:
            for _ in range(2):
                try:
                    self._do(client, uids)
                    return
                except IMAPClientAbortError:
                    raise
                except IMAPClientError as error:
                    refused = error
                    client.noop()  # lets the server tell what has been expunged, see _ask
        raise DeferredError(
            f'it refuses "{self.config.done}": {_one_line(refused)}',
            where=f"{self.where}, folder {self.config.folder}",
            remedy=f"check done in [mailbox.{self.name}] and the rights and the quota of the account",
        )

    def _do(self, client: Any, uids: list[int]) -> None:
        if self._target:
            self._move(client, uids, _spelled(client, self._target))
        else:
            flag = rb"\Seen" if self.config.done == "seen" else rb"\Flagged"
            client.add_flags(uids, [flag], silent=True)

    def _move(self, client: Any, uids: list[int], target: str) -> None:
        """A missing folder is made, and subscribed to so that mail programs show it."""
        move = client.move if client.has_capability("MOVE") else lambda uids, folder: _copy_away(client, uids, folder)
        try:
            move(uids, target)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as refused:
            try:
                client.create_folder(target)
                client.subscribe_folder(target)
            except IMAPClientAbortError:
                raise
            except IMAPClientError:  # it is there already, or may not be made: the first reason is the one to tell
                raise refused from None
            move(uids, target)

    # --- waiting ------------------------------------------------------------------------------------------------------

    def interrupt(self) -> None:
        """Ends wait() at once, or the next one if nobody waits now. Any thread may call it."""
        self._interrupted.set()

    def wait(self, seconds: float) -> bool:
        """Until there is something new that open() and uids() have not told yet (true) or the time is over (false)."""
        deadline = time.monotonic() + seconds  # a span is measured, nobody is told the time
        try:
            folder = self._selected()  # what came after the last look is seen here, what comes later IDLE reports
            if folder.uidvalidity != self._uidvalidity or folder.uidnext > self._next:
                return True
            while (left := deadline - time.monotonic()) > 0 and not self._interrupted.is_set():
                if self._idle(min(left, RENEW_IDLE)):
                    return True
            return False
        finally:
            self._interrupted.clear()

    def _idle(self, seconds: float) -> bool:
        """One IDLE, ended as soon as the server says anything at all. Without IDLE the time just passes."""
        with self._talking() as client:
            if not (self.config.idle and self._idle_works and client.has_capability("IDLE")):
                self._interrupted.wait(seconds)
                return False
            try:
                client.idle()
            except IMAPClientAbortError:
                raise
            except IMAPClientError as error:
                return self._cannot_idle(error, seconds)
            ready = _has_unread(client)
            end = time.monotonic() + seconds
            while not ready and not self._interrupted.is_set() and (left := end - time.monotonic()) > 0:
                ready = _is_readable(client, min(left, INTERRUPT_LATENCY))
            _, said = client.idle_done()
        return any(_is_news(response) for response in said)

    def _cannot_idle(self, error: Exception, seconds: float) -> bool:
        """The server announces IDLE and refuses it: then we poll. Or news came where its go-ahead was expected; that
        IMAPClient can't carry on from, a new connection can."""
        if "b'* " in str(error):
            client, self._client = self._client, None
            _hang_up(client)
            return True
        self._idle_works = False
        self._interrupted.wait(seconds)
        return False


# --- the conversation with a server, without a memory of its own ------------------------------------------------------


def _connect(config: MailboxConfig, password: str, context: ssl.SSLContext) -> Any:
    """A connection that is logged in. Never goes on unencrypted where encryption is configured."""
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
        _log_in(client, config.username, password)
    except BaseException:
        _hang_up(client)
        raise
    return client


def _log_in(client: Any, username: str, password: str) -> None:
    """LOGIN takes plain ASCII only; AUTHENTICATE PLAIN takes everything (RFC 4616) but not every server has it."""
    simple = all(text.isascii() and text.isprintable() for text in (username, password))
    if simple and not client.has_capability("LOGINDISABLED"):
        escaped = username.replace("\\", "\\\\").replace('"', '\\"')
        client.login(f'"{escaped}"', password)
    else:
        client.plain_login(username, password)


def _hang_up(client: Any) -> None:
    """Closes the connection as it is."""
    try:
        client.shutdown()
    except BROKEN:  # it is closed, or half of it was never there (a handshake that failed)
        client.socket().close()


def _spelled(client: Any, folder: str) -> str:
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


def _copy_away(client: Any, uids: list[int], folder: str) -> None:
    """A move without MOVE (RFC 6851 section 3.3). What is \\Deleted was copied already: we may have been interrupted.

    Without UIDPLUS the messages stay, marked as deleted: a plain EXPUNGE would also remove what others have marked.
    """
    copied = set(client.search(["UID", ",".join(map(str, uids)), "DELETED"]))
    if rest := [uid for uid in uids if uid not in copied]:
        client.copy(rest, folder)
        client.add_flags(rest, [rb"\Deleted"], silent=True)
    if client.has_capability("UIDPLUS"):
        client.uid_expunge(uids)


def _facts_of(answer: dict[bytes, Any]) -> _Facts:
    """An unusable INTERNALDATE becomes now: better to answer a mail that may be old than to pass over a new one."""
    received = answer.get(b"INTERNALDATE")
    try:
        when = received.astimezone(UTC) if isinstance(received, datetime) else SystemClock().now()
    except (ValueError, OverflowError):  # at the edges of what a datetime can hold
        when = SystemClock().now()
    size = answer.get(b"RFC822.SIZE")
    return _Facts(received=when, size=size if isinstance(size, int) else 0)


def _text_of(answer: dict[bytes, Any]) -> bytes:
    """The message in a FETCH answer, empty when the server gave none."""
    text = answer.get(b"BODY[]") or answer.get(b"BODY[]<0>")
    return text if isinstance(text, bytes) else b""


def _is_news(response: Sequence[Any]) -> bool:
    """Does this say that there are more messages? (4, b"EXISTS"), (1, b"RECENT")"""
    kind = response[1] if len(response) > 1 else b""
    return kind == b"EXISTS" or (kind == b"RECENT" and response[0] != 0)


def _has_unread(client: Any) -> bool:
    """Has imaplib already read more than it has given out? Then the socket stays silent about news that are there.

    Neither imaplib nor IMAPClient tells, so this looks inside; the test "comes together with" shows that it must.
    """
    imap, line = client._imap, client.socket()
    if getattr(imap, "_readbuf", None) or (isinstance(line, ssl.SSLSocket) and line.pending()):
        return True  # imaplib's own buffer, from Python 3.14 on; or what TLS has decrypted
    reader = vars(imap).get("file")
    if reader is None:
        return False
    patience = line.gettimeout()
    line.setblocking(False)
    try:
        return bool(reader.peek(1))
    except ssl.SSLWantReadError:
        return False
    finally:
        line.settimeout(patience)


def _is_readable(client: Any, seconds: float) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(client.socket(), selectors.EVENT_READ)
        return bool(selector.select(seconds))


def _one_line(error: object) -> str:
    """What a server said, short enough for a message."""
    return " ".join(str(error).split())[:200]
