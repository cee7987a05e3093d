"""A mailbox folder as the route sees it."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.clock import SystemClock
from pipeline.config.servers import MailboxConfig
from pipeline.doors import AccessToken
from pipeline.errors import ConfigError, DeferredError, UnreachableError
from pipeline.mailbox import marking, removing, substitutes
from pipeline.mailbox.connection import Answer, FetchAnswers, ImapConnection, marked
from pipeline.mailbox.waiting import IdleDisturbedError, IdleRefusedError, idle
from pipeline.records.mail import Folder, Location, RawMail

UIDS_AT_ONCE = 500  # in one command: keeps its line below the 8 KB that servers take (RFC 7162 section 4)
SEARCHED_AT_ONCE = 50_000  # messages in one SEARCH: imaplib refuses an answer line over 1 MB
PORTION_BYTES = 32_000_000
HEAD_BYTES = 262_144  # of a message over max_size this much is fetched: its headers and the beginning of its text
MOST_BREAKS = 5  # so often may the connection break over one message, then it counts as not given out
_MESSAGE_ID = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"
NO_TEXT = "the server answers without its text"
OTHERS = 100  # the last messages, of which one shows whether the connection holds at all
SENT = "\\Sent"  # the mark of the folder of what was sent (RFC 6154)
RENEW_IDLE = 540.0  # seconds: servers may end an IDLE after 30 minutes, and many firewalls forget it after ten


@dataclass(frozen=True, kw_only=True, slots=True)
class _Facts:
    """What is asked of a message before its text."""

    received: datetime
    size: int


class ImapMailbox:
    """One folder on one server: one connection, used by one thread (only `interrupt` may be called by others)."""

    def __init__(self, name: str, config: MailboxConfig, base: Path, token: AccessToken | None = None) -> None:
        """`name`: of [mailbox.NAME]. `base`: the folder of config.toml. `token`: instead of a password. Nothing is
        connected yet."""
        self.name, self.config = name, config
        if config.done == f"move:{config.folder}":
            raise ConfigError(
                "the mails would be moved to where they are, and be new again for ever",
                where=f"config.toml, mailbox.{name}.done",
                remedy="name another folder than the one that is read",
            )
        self._connection = ImapConnection(name, config, base, token)
        self._uidvalidity = 0
        self._next = 1  # the UID that the next new mail will have, as far as our caller knows
        self._exists = 0
        self._breaks: Counter[tuple[int, int]] = Counter()  # (UIDVALIDITY, UID) → connections lost over it
        self._idle_works = config.idle
        self._interrupted = threading.Event()

    def open(self) -> Folder:
        """Connects where needed and selects the folder; says how far it reaches now."""
        folder = self._still_open()
        if folder is None:
            self._connection.open()
            folder = self._selected()
        self._uidvalidity, self._next = folder.uidvalidity, folder.uidnext
        return folder

    def close(self) -> None:
        """Ends the connection; open() makes a new one."""
        self._connection.close()

    def _still_open(self) -> Folder | None:
        """None when there is no connection, or when the server has ended it while nobody looked."""
        if self._connection.client is None:
            return None
        try:
            return self._selected()
        except UnreachableError:
            if self._connection.client is None:
                return None
            raise

    def _selected(self) -> Folder:
        """Selects our folder (again: only SELECT tells UIDNEXT and a new UIDVALIDITY for certain)."""
        # EXAMINE where nothing is to be changed: then nothing can be.
        answer = self._connection.enter(self.config.folder, readonly=self.config.done == "keep")
        if b"UIDVALIDITY" not in answer:
            raise UnreachableError(
                "it gives no UIDVALIDITY, so mails can't be told apart for certain",
                where=f"{self._connection.where}, folder {self.config.folder}",
                remedy="this server (or proxy) can't be used",
            )
        self._exists = int(answer.get(b"EXISTS", 0))
        told = answer.get(b"UIDNEXT")
        uidnext = told or self._after_the_last()
        return Folder(uidvalidity=answer[b"UIDVALIDITY"], uidnext=uidnext, uidnext_told=bool(told))

    def _after_the_last(self) -> int:
        """UIDNEXT of a server that does not tell."""
        with self._connection.talking() as client:
            return max(client.search(["UID", "*"]), default=0) + 1 if self._exists else 1

    def holds(self, folder: str, message_id: str) -> bool:
        """Does this other folder hold a message with this Message-ID?"""
        if self._connection.client is None:
            self.open()
        try:
            self._connection.enter(folder, readonly=True)
            with self._connection.talking() as client:
                return bool(client.search(["HEADER", "Message-ID", message_id]))
        finally:
            if self._connection.client is not None:
                self._selected()

    def folders(self) -> list[str]:
        """All folders that can be opened, as this server spells them."""
        with self._connection.talking() as client:
            found = client.list_folders()
        return sorted(str(name) for flags, _separator, name in found if b"\\Noselect" not in flags)

    def special(self, mark: str) -> str:
        """The folder that the server marks so (RFC 6154: "\\Sent"), as it spells it; '' when it marks none."""
        with self._connection.talking() as client:
            return marked(client, mark)

    def first_since(self, moment: datetime) -> int:
        """The lowest UID of what came at this moment or later (a day earlier: servers search by days of their own
        time zone), else the one that the next mail will have."""
        with self._connection.talking() as client:
            found = client.search(["SINCE", (moment - timedelta(days=1)).date()])
        return min(found, default=self._next)

    # --- reading ------------------------------------------------------------------------------------------------------

    def uids(self, first: int, *, freshly: bool = False) -> list[int]:
        """UIDs from `first` on, ascending. `freshly`: also of mail that came since the last command."""
        found: set[int] = set()
        with self._connection.talking() as client:
            if freshly:
                client.noop()  # a search only sees what an earlier command has announced
            for window in self._windows():
                found.update(client.search([*window, "UID", f"{first}:*"]))
        # "n:*" always includes the last message, also when its UID is below n (RFC 9051 section 6.4.4).
        uids = sorted(uid for uid in found if uid >= first)
        self._next = max([self._next, *(uid + 1 for uid in uids[-1:])])
        return uids

    def _windows(self) -> Iterator[list[str]]:
        """Search keys that together reach all messages.

        From the newest to the oldest: when something is expunged meanwhile, what is still to be searched moves at most
        to lower numbers, so that nothing slips through between two windows.
        """
        last = "*"
        for start in reversed(range(1, self._exists + 1, SEARCHED_AT_ONCE)):
            yield [f"{start}:{last}"] if self._exists > SEARCHED_AT_ONCE else []
            last = str(start - 1)

    def fetch(self, uids: Sequence[int]) -> Iterator[list[RawMail]]:
        """The messages in ascending order, in portions bounded by number and bytes; what has vanished is left out.

        What the server will not give out though it answers has `missing` set: it is not read, and its neighbours go on.
        Raises UnreachableError also when it gives out nothing at all.
        """
        ordered = sorted(set(uids))
        for start in range(0, len(ordered), UIDS_AT_ONCE):
            facts = self._facts(ordered[start : start + UIDS_AT_ONCE])
            for portion in self._portions(facts):
                if mails := self._mails(portion, facts):
                    yield mails

    def heads(self, uids: Sequence[int]) -> Iterator[tuple[int, bytes, int]]:
        """What tells whether a message is the one we know: UID, its Message-ID field as it is there, its size.

        What the server will not say now is left out.
        """
        ordered = sorted(set(uids))
        for start in range(0, len(ordered), UIDS_AT_ONCE):
            answers = self._connection.ask(ordered[start : start + UIDS_AT_ONCE], _MESSAGE_ID, "RFC822.SIZE")
            for uid, answer in answers.given.items():
                field = next((value for key, value in answer.items() if key.startswith(b"BODY[HEADER")), b"")
                yield uid, field if isinstance(field, bytes) else b"", _facts_of(answer).size

    def _facts(self, uids: Sequence[int]) -> dict[int, _Facts]:
        answers = self._connection.ask(uids, "RFC822.SIZE", "INTERNALDATE")
        known = answers.given | {uid: {} for uid in answers.refused}
        return {uid: _facts_of(known[uid]) for uid in uids if uid in known}

    def _portions(self, facts: dict[int, _Facts]) -> Iterator[list[int]]:
        """Cuts; what is too big, or has broken the connection before, stands alone."""
        portion: list[int] = []
        filled = 0
        for uid, fact in facts.items():
            alone = fact.size > self.config.max_size or self._breaks[self._uidvalidity, uid] > 0
            full = len(portion) >= self.config.batch or filled + fact.size > PORTION_BYTES
            if portion and (alone or full):
                yield portion
                portion, filled = [], 0
            portion.append(uid)
            filled += PORTION_BYTES + 1 if alone else fact.size
        if portion:
            yield portion

    def _mails(self, portion: list[int], facts: dict[int, _Facts]) -> list[RawMail]:
        too_big = facts[portion[0]].size > self.config.max_size
        answers = self._texts(portion, too_big=too_big)
        mails = []
        for uid in portion:
            if uid not in answers.given and uid not in answers.refused and uid not in self._facts([uid]):
                continue  # it has vanished
            raw = _text_of(answers.given.get(uid, {}))
            missing = substitutes.why_not_the_mail(raw) if raw else answers.refused.get(uid) or NO_TEXT
            size = facts[uid].size if too_big or not raw else len(raw)  # some servers only estimate RFC822.SIZE
            location = Location(mailbox=self.name, uidvalidity=self._uidvalidity, uid=uid)
            raw = b"" if missing else raw
            mails.append(RawMail(location=location, received=facts[uid].received, raw=raw, size=size, missing=missing))
        if mails and all(mail.missing for mail in mails):
            self._assert_others_are_given_out(mails)
        return mails

    def _assert_others_are_given_out(self, mails: Sequence[RawMail]) -> None:
        """Where not even another mail comes, the trouble is the server's. Raises UnreachableError."""
        missing = {mail.location.uid for mail in mails}
        with self._connection.talking() as client:
            others = client.search([f"{max(self._exists - OTHERS, 1)}:*"])
        there = [uid for uid in others if uid not in missing]
        if not there:  # nobody can tell
            return
        answers = self._connection.ask([random.choice(there)], "BODY.PEEK[]<0.1000>")  # noqa: S311  (no secret)
        if answers.refused:
            why = next(iter(answers.refused.values()))
            raise UnreachableError(
                f"it gives out no mail now: {why}", where=self._connection.where, remedy="wait, it may pass"
            )

    def _texts(self, portion: list[int], *, too_big: bool) -> FetchAnswers:
        """The messages themselves, without setting \\Seen. A message over which the connection breaks again and again
        is given up, else it would block all behind it for ever. Not when it breaks over every message: the last break
        only counts when the connection has just held over another one."""
        keys = [(self._uidvalidity, uid) for uid in portion]
        breaks = self._breaks[keys[0]] if len(portion) == 1 else 0
        if breaks >= MOST_BREAKS:
            return FetchAnswers(refused={portion[0]: f"the connection broke {MOST_BREAKS} times over it"})
        counts = breaks < MOST_BREAKS - 1 or self._holds_over_another(portion[0])
        try:
            answers = self._connection.ask(portion, f"BODY.PEEK[]<0.{HEAD_BYTES}>" if too_big else "BODY.PEEK[]")
        except UnreachableError:
            self._breaks.update(keys if counts else ())
            raise
        for key in keys:
            self._breaks.pop(key, None)
        return answers

    def _holds_over_another(self, uid: int) -> bool:
        """Does the connection hold while a header of another message comes? Raises UnreachableError. Of any one, as
        that may be as bad; where there is no other, none is blocked."""
        with self._connection.talking() as client:
            others = client.search([f"{max(self._exists - OTHERS, 1)}:*", "NOT", "UID", str(uid)])
        if others:
            self._connection.ask([random.choice(others)], "BODY.PEEK[HEADER.FIELDS (DATE)]")  # noqa: S311  (no secret)
        return bool(others)

    # --- marking ------------------------------------------------------------------------------------------------------

    def mark(self, locations: Sequence[Location]) -> None:
        """Does what `done` says to them all at once; what has vanished counts as marked.

        So do places under another UIDVALIDITY: what they named is not there any more. Raises DeferredError when the
        server refuses.
        """
        if self.config.done == "keep" or not locations:
            return
        if self._connection.client is None:
            self.open()
        here = (self.name, self._uidvalidity)
        uids = sorted({place.uid for place in locations if (place.mailbox, place.uidvalidity) == here})
        for start in range(0, len(uids), UIDS_AT_ONCE):
            with self._connection.talking() as client:
                refused = marking.mark(client, self.config.done, uids[start : start + UIDS_AT_ONCE])
            if refused:
                raise DeferredError(
                    f'it refuses "{self.config.done}": {refused}',
                    where=f"{self._connection.where}, folder {self.config.folder}",
                    remedy=f"check done in [mailbox.{self.name}], and the rights and the quota of the account",
                )

    def remove(self, folder: str, header: str, folded: str) -> tuple[int, str]:
        """Removes for good what names somebody in its header "FROM" or "TO", out of any folder of the account; how many
        messages, and what is left to do by hand. A folder that is not there holds none. See `removing.remove`."""
        if self._connection.client is None:
            self.open()
        if folder not in self.folders():
            return 0, ""
        try:
            self._connection.enter(folder, readonly=False)
            with self._connection.talking() as client:
                return removing.remove(client, header, folded)
        finally:
            if self._connection.client is not None:
                self._selected()

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
        """Without IDLE the time just passes: our caller polls."""
        with self._connection.talking() as client:
            if self._idle_works and client.has_capability("IDLE"):
                try:
                    return idle(client, seconds, self._interrupted)
                except IdleDisturbedError:
                    self._connection.drop()
                    return True
                except IdleRefusedError:
                    self._idle_works = False
        self._interrupted.wait(seconds)
        return False


def _facts_of(answer: Answer) -> _Facts:
    """An unusable INTERNALDATE becomes now: better to answer a mail that may be old than to pass over a new one."""
    received = answer.get(b"INTERNALDATE")
    try:
        when = received.astimezone(UTC) if isinstance(received, datetime) else SystemClock().now()
    except (ValueError, OverflowError):  # at the edges of what a datetime can hold
        when = SystemClock().now()
    size = answer.get(b"RFC822.SIZE")
    return _Facts(received=when, size=size if isinstance(size, int) else 0)


def _text_of(answer: Answer) -> bytes:
    """The message in a FETCH answer, empty when the server gave none."""
    text = answer.get(b"BODY[]") or answer.get(b"BODY[]<0>")
    return text if isinstance(text, bytes) else b""
