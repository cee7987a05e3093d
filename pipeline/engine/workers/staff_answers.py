"""Reads sent folders: what one of us answers from a mail program keeps the promise, like any other answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline import logs
from pipeline.config.servers import NOT_READ
from pipeline.engine.doors import StaffAnswerDoors
from pipeline.engine.passes import note
from pipeline.errors import FirstlineError
from pipeline.mailbox import ImapMailbox
from pipeline.mailbox.imap import SENT
from pipeline.records.mail import Cursor, Folder, RawMail, sent_box
from pipeline.retry import GIVE_UP_READING, Backoff
from pipeline.route import Route

EVERY = 60.0  # seconds between looks
PATIENCE = 5.0  # seconds that a job waits for it


@dataclass
class SentReader:
    """The sent folder of one mailbox. It has a cursor of its own; nothing in it is changed."""

    doors: StaffAnswerDoors
    route: Callable[[], Route]
    mailbox: str
    backoff: Backoff = field(default_factory=Backoff)
    _folder: ImapMailbox | None = None
    _missing: dict[int, datetime] = field(default_factory=dict)  # UID → since when its server does not give it out

    def read(self) -> int:
        """What is new; says how many answers that were. Raises FirstlineError."""
        if self._folder is None and (name := self._name()):
            self._folder = self.doors.folder(self.mailbox, name)
        if self._folder is None:
            return 0
        cursor = self._start(self._folder, self._folder.open())
        return self._work_off(self._folder, cursor)

    def close(self) -> None:
        """Ends the connection."""
        if self._folder:
            self._folder.close()

    def _name(self) -> str:
        """The name of the folder, '' where there is none."""
        named = self.doors.config.sent_folder(self.mailbox)
        if named:
            return "" if named == NOT_READ else named
        inbox = self.doors.folder(self.mailbox, "INBOX")
        try:
            inbox.open()
            return inbox.special(SENT)
        finally:
            inbox.close()

    def _start(self, folder: ImapMailbox, there: Folder) -> Cursor:
        """Where to go on; at first, and when the server counts anew, from the oldest open promise on."""
        name = sent_box(self.mailbox)
        cursor = self.doors.ledger.cursor(name)
        if cursor and cursor.uidvalidity == there.uidvalidity and cursor.next_uid <= there.uidnext:
            return cursor
        since = self.doors.promises.oldest_open()
        first = folder.first_since(since) if since else there.uidnext
        return Cursor(mailbox=name, uidvalidity=there.uidvalidity, next_uid=first, first_uidnext=0)

    def _work_off(self, folder: ImapMailbox, cursor: Cursor) -> int:
        """In portions. The cursor stays before what its server does not give out, and all behind it goes on."""
        uids, answers = folder.uids(cursor.next_uid), 0
        self._missing = {uid: since for uid, since in self._missing.items() if uid in uids}
        at_once = folder.config.batch
        for start in range(0, len(uids), at_once):
            chosen = uids[start : start + at_once]
            given = [raw for portion in folder.fetch(self._not_ours(folder, chosen)) for raw in self._given(portion)]
            cursor = replace(cursor, next_uid=min([chosen[-1] + 1, *self._missing]))
            answers += self.route().take_staff_answers(given, cursor)
        return answers

    def _not_ours(self, folder: ImapMailbox, uids: Sequence[int]) -> list[int]:
        """Many servers keep our own letters there, too: their Message-ID tells, and they are not fetched."""
        ours = {uid for uid, field, _size in folder.heads(uids) if self.doors.signer.verify(field.decode("latin-1"))}
        return [uid for uid in uids if uid not in ours]

    def _given(self, portion: Sequence[RawMail]) -> Iterator[RawMail]:
        now = self.doors.clock.now()
        for raw in portion:
            uid = raw.location.uid
            if not raw.missing:
                self._missing.pop(uid, None)
                yield replace(raw, location=replace(raw.location, mailbox=sent_box(self.mailbox)))
            elif now - self._missing.setdefault(uid, now) >= GIVE_UP_READING:
                del self._missing[uid]
                logs.get("fetch").warning("not given out", mailbox=self.mailbox, uid=uid, problem=raw.missing)


class SentReaders:
    """All of them, for one thread; others ask it to look again."""

    def __init__(self, doors: StaffAnswerDoors, route: Callable[[], Route]) -> None:
        self.doors = doors
        names = [name for name in doors.config.mailbox if doors.config.sent_folder(name) != NOT_READ]
        self.readers = [SentReader(doors, route, name) for name in names]
        self.wake, self._passes, self._read = threading.Event(), 0, threading.Condition()

    def serve(self, stopped: Callable[[], bool], is_ours: Callable[[], bool] = lambda: True) -> None:
        """Reads now and then, and when it is asked to, until it is stopped. `is_ours`: of several, only one reads."""
        while not stopped():
            self.wake.clear()
            if not self._is_ours(is_ours):
                self.wake.wait(EVERY / 4)
                continue
            self.read()
            with self._read:
                self._passes += 1
                self._read.notify_all()
            self.wake.wait(EVERY)
        self.close()

    def _is_ours(self, is_ours: Callable[[], bool]) -> bool:
        try:
            return is_ours()
        except FirstlineError as error:  # the database is away
            logs.get("fetch").warning("unknown who reads the sent folders", problem=str(error))
            return False

    def read_again(self) -> None:
        """For other threads: what has just been answered is known afterwards, unless the server keeps us waiting."""
        with self._read:
            before = self._passes
            self.wake.set()
            self._read.wait_for(lambda: self._passes > before, PATIENCE)

    def read(self) -> list[str]:
        """Each to its end; says what troubles there were, which `status` shows. Who fails is left alone for a while."""
        return [trouble for reader in self.readers if (trouble := self._read_one(reader))]

    def close(self) -> None:
        """Ends the connections."""
        for reader in self.readers:
            reader.close()

    def _read_one(self, reader: SentReader) -> str:
        error, clock = "", self.doors.clock
        if reader.backoff.remaining(clock.monotonic()):
            return ""
        try:
            reader.read()
            reader.backoff.succeeded()
        except Exception as failed:  # a bug, too, must not end the thread: shown, and tried again
            reader.backoff.failed(clock.monotonic(), failed)
            error = str(failed) if isinstance(failed, FirstlineError) else f"{type(failed).__name__}: {failed}"
            logs.get("fetch").warning("sent folder can't be read", mailbox=reader.mailbox, problem=error)
        note(self.doors.reading, f"mailbox.{sent_box(reader.mailbox)}", clock.now(), error)
        return error
