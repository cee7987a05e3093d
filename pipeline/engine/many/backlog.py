"""The backlog of a mailbox, cut into portions that all workers read.

What begins a conversation is taken at once. What answers something may belong to a mail of an earlier portion, so it is
left until all before it are read: whoever watches the mailbox takes it then, in order.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Protocol

from pipeline import logs, thread
from pipeline.doors import Mailbox
from pipeline.engine.counts import count
from pipeline.engine.workers.fetch import Fetcher
from pipeline.engine.workers.queue import LOOK
from pipeline.errors import FirstlineError
from pipeline.mailbox import ImapMailbox
from pipeline.records.decision import Judged
from pipeline.records.mail import Cursor, RawMail
from pipeline.retry import Backoff
from pipeline.route import Route
from pipeline.store.portions import Portion, Portions
from pipeline.tokens import Signer
from pipeline.understand import Understood, understand

AT_ONCE = 2  # batches in a portion: it is judged and recorded together, in a turn that one worker at a time has


class ReadsCursor(Protocol):
    """How far a mailbox is read."""

    def cursor(self, mailbox: str) -> Cursor | None:
        """See doors.Ledger.cursor."""


def read_portion(
    mailbox: Mailbox, portion: Portion, cursor: Cursor, route: Route, take: Callable[..., None]
) -> list[int]:
    """Into the ledger with what begins a conversation; returns the UIDs of what is left. Raises UnreachableError."""
    left: list[int] = []
    for mails in mailbox.fetch(portion.uids):
        left += [raw.location.uid for raw in mails if raw.missing]
        given = [raw for raw in mails if not raw.missing]
        understood = understand(given, route.predictor, route.config.guard.forms)
        begun = [pair for pair in zip(given, understood, strict=True) if _begins(pair[1], route.signer)]
        begins = {raw.location.uid for raw, _ in begun}
        left += [raw.location.uid for raw in given if raw.location.uid not in begins]
        if begun:
            take([raw for raw, _ in begun], [one for _, one in begun], cursor)
    return sorted(left)


def _begins(one: Understood, signer: Signer) -> bool:
    keys = thread.keys(one.mail, signer)
    return not (keys.tokens or keys.message_ids or keys.mentioned or keys.reported)


@dataclass
class SharingFetcher(Fetcher):
    """Reads a mailbox; others help with its backlog."""

    _portions_of_all: Portions | None = None
    _offer: Callable[[Sequence[Portion]], None] = lambda portions: None
    _rest: Callable[[float], object] = lambda seconds: None

    def share_with(
        self, portions: Portions, offer: Callable[[Sequence[Portion]], None], rest: Callable[[float], object]
    ) -> None:
        """Others help with a backlog. `offer`: tells them; `rest`: waits so many seconds, or until all is to stop."""
        self._portions_of_all, self._offer, self._rest = portions, offer, rest

    def _is_backlog(self, uids: Sequence[int]) -> bool:
        """Others help from the third portion on."""
        return super()._is_backlog(uids) if self._portions_of_all is None else len(uids) > 2 * self.settings.batch

    def _work_off(self, uids: Sequence[int], cursor: Cursor, *, backlog: bool) -> Cursor:
        portions = self._portions_of_all
        if portions is None or not (backlog or portions.of(self.mailbox.name, cursor.uidvalidity)):
            return super()._work_off(uids, cursor, backlog=backlog)
        offered = self._cut(portions, uids, cursor)
        last = max(uid for one in offered for uid in one.uids)
        self._read_with_others(portions, cursor, last + 1)
        ready = portions.of(self.mailbox.name, cursor.uidvalidity)
        if self.stopped() or not all(one.done for one in ready):
            return cursor
        if left := sorted(uid for one in ready for uid in one.left):
            super()._work_off(left, cursor, backlog=True)
            if self.stopped():
                return cursor
        cursor = replace(cursor, next_uid=last + 1)
        self.ledger.record([], [], cursor, self.clock.now())
        portions.forget(ready)
        return cursor

    def _cut(self, portions: Portions, uids: Sequence[int], cursor: Cursor) -> list[Portion]:
        """As they were cut before us, by whoever was lost over it; what came since then is new mail."""
        name, uidvalidity = self.mailbox.name, cursor.uidvalidity
        known = portions.of(name, uidvalidity)
        portions.forget([one for one in known if one.uids[-1] < cursor.next_uid])  # read by one who worked alone
        if known := [one for one in known if one.uids[-1] >= cursor.next_uid]:
            return known
        size = AT_ONCE * self.settings.batch
        pieces = [tuple(uids[at : at + size]) for at in range(0, len(uids), size)]
        made = [Portion(mailbox=name, uidvalidity=uidvalidity, uids=piece) for piece in pieces]
        portions.cut(made)
        self._offer(made)
        return made

    def _read_with_others(self, portions: Portions, cursor: Cursor, arriving: int) -> None:
        """Until all are read; what arrives meanwhile comes before the rest of them."""
        while not self.stopped():
            portion = portions.take(self.mailbox.name)
            if portion is None and all(one.done for one in portions.of(self.mailbox.name, cursor.uidvalidity)):
                return
            if portion is None:  # others are at it
                self._rest(LOOK / 2)
            else:
                self._read_one(portions, portion, cursor)
            arriving = self._take_new(arriving, cursor)

    def _read_one(self, portions: Portions, portion: Portion, cursor: Cursor) -> None:
        try:
            left = read_portion(self.mailbox, portion, cursor, self.route(), self._take_portion)
        except BaseException:
            portions.give_back(portion)
            raise
        portions.read(portion, left)

    def _take_portion(self, mails: Sequence[RawMail], understood: Sequence[Understood], cursor: Cursor) -> None:
        judged, copies = self.route().take(mails, cursor, understood, moves=False)
        count(self.counts, judged, copies)
        self.after_batch(judged)


@dataclass(kw_only=True)
class PortionReader:
    """Helps with the backlogs of all mailboxes, with a connection of its own to each."""

    portions: Portions
    ledger: ReadsCursor
    route: Callable[[], Route]
    mailbox: Callable[[str], ImapMailbox]  # one more connection to a mailbox
    after_batch: Callable[[str, Sequence[Judged]], None]
    may_work: Callable[[], str]
    monotonic: Callable[[], float]
    wake: threading.Event = field(default_factory=threading.Event)
    stopped: Callable[[], bool] = lambda: False
    _backoff: dict[str, Backoff] = field(default_factory=dict)

    def serve(self, stopped: Callable[[], bool]) -> None:
        """Until stopped. Wakes when there is a backlog, and looks now and then: a job may be lost."""
        self.stopped = stopped
        while not stopped():
            try:
                worked = bool(self.may_work()) and self._work()
            except FirstlineError as error:  # the store is away
                logs.get("fetch").warning("no portions can be taken", problem=str(error))
                worked = False
            if not worked:
                self.wake.wait(2 * LOOK)
                self.wake.clear()

    def _work(self) -> bool:
        """One mailbox's portions; false when there are none."""
        portion = self.portions.take()
        if portion is None:
            return False
        name, backoff = portion.mailbox, self._backoff.setdefault(portion.mailbox, Backoff())
        if backoff.remaining(self.monotonic()):
            self.portions.give_back(portion)
            return False
        try:
            with closing(self.mailbox(name)) as mailbox:
                self._read(mailbox, portion)
            backoff.succeeded()
        except Exception as error:  # a bug, too, must not end the thread: shown, and tried again
            wait = backoff.failed(self.monotonic(), error)
            log = logs.get("fetch")
            log.warning("portion can't be read", mailbox=name, problem=str(error), next_try=f"{wait:.0f} s")
            return False
        return True

    def _read(self, mailbox: ImapMailbox, portion: Portion | None) -> None:
        """This one and those after it in the same mailbox, over the same connection."""
        while portion is not None:
            try:
                left = self._into_the_ledger(mailbox, portion)
            except BaseException:
                self.portions.give_back(portion)
                raise
            if left is None:
                return
            self.portions.read(portion, left)
            portion = self.portions.take(portion.mailbox) if self.may_work() and not self.stopped() else None

    def _into_the_ledger(self, mailbox: ImapMailbox, portion: Portion) -> list[int] | None:
        """None where the mailbox counts anew: whoever watches it cuts anew, too."""
        cursor = self.ledger.cursor(portion.mailbox)
        if cursor is None or mailbox.open().uidvalidity != portion.uidvalidity:
            self.portions.give_back(portion)
            self.wake.wait(LOOK)
            return None
        return read_portion(mailbox, portion, cursor, self.route(), self._take)

    def _take(self, mails: Sequence[RawMail], understood: Sequence[Understood], cursor: Cursor) -> None:
        judged, _copies = self.route().take(mails, cursor, understood, moves=False)
        self.after_batch(cursor.mailbox, judged)
