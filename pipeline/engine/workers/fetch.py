"""Reading one mailbox: what is new goes the route, and what is recorded gets marked."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from pipeline import logs
from pipeline.clock import Clock
from pipeline.config.servers import MailboxConfig
from pipeline.doors import Ledger, Mailbox, ReadAgain
from pipeline.engine.counts import count
from pipeline.engine.workers import helper
from pipeline.engine.workers.helper import Helper, Reading
from pipeline.engine.workers.prefetch import Prefetch
from pipeline.records.decision import Judged
from pipeline.records.mail import Cursor, Folder, RawMail, Undelivered
from pipeline.retry import GIVE_UP_READING, READ_AGAIN
from pipeline.route import Route
from pipeline.understand import Understood, understand

AT_ONCE = 100  # mails of a backlog that are recorded together: what arrives waits as long before it is looked for
AHEAD = 2  # such portions that the helper may understand before they are recorded


@dataclass
class Fetcher:
    """Reads one mailbox to its end, batch by batch."""

    mailbox: Mailbox
    settings: MailboxConfig
    ledger: Ledger
    undelivered: ReadAgain
    clock: Clock
    route: Callable[[], Route]  # asked before every batch: the model may have changed
    after_batch: Callable[[Sequence[Judged]], None] = lambda judged: None
    stopped: Callable[[], bool] = lambda: False
    make_helper: Callable[[], Helper | None] = lambda: None  # for a backlog
    counts: Counter[str] = field(default_factory=Counter)
    _helper: Helper | None = None
    _waiting: dict[int, Undelivered] = field(default_factory=dict)  # UID → what its server would not give out

    def read(self) -> int:
        """Everything new; says how many mails that were. Raises UnreachableError; what was recorded stays recorded."""
        folder = self.mailbox.open()
        cursor = self._start(folder)
        before = self.counts["fetched"]
        known = self.undelivered.of(self.mailbox.name, folder.uidvalidity)
        self._waiting = {one.location.uid: one for one in known}
        try:
            self._read_again(cursor)
            while not self.stopped() and (uids := self._uids(cursor.next_uid)):
                backlog = self._is_backlog(uids)
                if backlog and self._helper is None:
                    self._helper = self.make_helper()
                cursor = self._work_off(uids, cursor, backlog=backlog)
        finally:
            if self._helper:
                self._helper.close()
                self._helper = None
        return self.counts["fetched"] - before

    def _is_backlog(self, uids: Sequence[int]) -> bool:
        """Is it worth a helper?"""
        return len(uids) >= helper.WORTH_IT

    def _uids(self, first: int, *, freshly: bool = False) -> list[int]:
        """New ones; what its server would not give out has a time of its own."""
        return [uid for uid in self.mailbox.uids(first, freshly=freshly) if uid not in self._waiting]

    def _read_again(self, cursor: Cursor) -> None:
        """What its server would not give out before: read now, gone, put off again, or parked."""
        now = self.clock.now()
        due = [uid for uid, one in self._waiting.items() if one.next_try <= now]
        left = set(due)
        for portion in self.mailbox.fetch(due):
            for raw in portion:
                left.discard(raw.location.uid)
                given_up = raw.missing and self._put_off(raw).waited >= GIVE_UP_READING
                if not raw.missing or given_up:  # parked, with its UID
                    self._take([raw], understand([raw], self.route().predictor), cursor, before_others=True)
                    self._forget(raw.location.uid)
        for uid in left:
            self._forget(uid)  # it has vanished

    def _forget(self, uid: int) -> None:
        self.undelivered.forget([self._waiting.pop(uid).location])

    def _put_off(self, raw: RawMail) -> Undelivered:
        """Not now: it is asked for again, each time later. Only time counts in which its server answered."""
        now, uid = self.clock.now(), raw.location.uid
        before = self._waiting.get(uid)
        tries = before.tries if before else 0
        since, last = (before.since, before.last_try) if before else (now, now)
        # A server that was away between two tries did not refuse it all that time.
        waited = (before.waited if before else timedelta(0)) + max(min(now - last, 2 * READ_AGAIN.most), timedelta(0))
        self._waiting[uid] = Undelivered(
            location=raw.location,
            since=since,
            tries=tries + 1,
            waited=waited,
            last_try=now,
            next_try=now + READ_AGAIN.wait(tries),
            why=raw.missing,
        )
        self.undelivered.keep([self._waiting[uid]])
        logs.get("fetch").warning("not given out", mailbox=self.mailbox.name, uid=uid, problem=raw.missing)
        return self._waiting[uid]

    def _work_off(self, uids: Sequence[int], cursor: Cursor, *, backlog: bool) -> Cursor:
        """From the first of these UIDs to the last; but what arrives meanwhile comes before the rest of them.

        The letters of a backlog may still wait when it is read: those of other mail are sent before them.
        """
        arriving = uids[-1] + 1
        with Prefetch(self._fetched(uids)) as fetched:
            for portion, understood in self._ahead(fetched):
                cursor = replace(cursor, next_uid=portion[-1].location.uid + 1)
                self._take(portion, understood(), cursor, before_others=not backlog)
                if self.stopped():
                    return cursor
                if cursor.next_uid < uids[-1]:
                    fetched.rest()
                    arriving = self._take_new(arriving, cursor)
        return replace(cursor, next_uid=uids[-1] + 1)  # also past what has vanished

    def _ahead(self, fetched: Iterable[list[RawMail]]) -> Iterator[tuple[list[RawMail], Reading]]:
        """The mails portion by portion; with a helper, which understands the next ones while this one is recorded."""
        waiting: deque[tuple[list[RawMail], Reading]] = deque()
        portions = self._given_out(fetched)
        for portion in _cut(portions) if self._helper else portions:
            waiting.append((portion, self._understanding(portion)))
            if self._helper is None or len(waiting) > AHEAD:
                yield waiting.popleft()
        yield from waiting

    def _fetched(self, uids: Sequence[int]) -> Iterator[list[RawMail]]:
        """Portion by portion, as the server answers. Touches nothing but the mailbox: it may run in another thread."""
        for start in range(0, len(uids), self.settings.batch):
            yield from self.mailbox.fetch(uids[start : start + self.settings.batch])

    def _given_out(self, fetched: Iterable[list[RawMail]]) -> Iterator[list[RawMail]]:
        """Those that the server gives out; the others are put off."""
        for portion in fetched:
            for raw in portion:
                if raw.missing:
                    self._put_off(raw)
            if given := [raw for raw in portion if not raw.missing]:
                yield given

    def _understanding(self, portion: list[RawMail]) -> Reading:
        route = self.route()
        predictor, forms = route.predictor, route.config.guard.forms
        if self._helper:
            return self._helper.understand(portion, predictor, forms)
        return lambda: understand(portion, predictor, forms)

    def _take(
        self, portion: list[RawMail], understood: Sequence[Understood], cursor: Cursor, *, before_others: bool
    ) -> None:
        judged, copies = self.route().take(portion, cursor, understood, before_others=before_others)
        count(self.counts, judged, copies)
        self.after_batch(judged)

    def _take_new(self, first: int, cursor: Cursor) -> int:
        """Mail from UID `first` on, while a backlog before it is not read yet: it is met again later, as known.

        Only what begins a conversation: a reply may belong to a mail that still waits, and would not be known as one.
        Returns the UID to look from the next time.
        """
        uids = self._uids(first, freshly=True)
        for portion in self._given_out(self._fetched(uids)):
            # Here and not by the helper, which has a whole portion of the backlog in hand.
            route = self.route()
            pairs = zip(portion, understand(portion, route.predictor, route.config.guard.forms), strict=True)
            begun = [(raw, one) for raw, one in pairs if not (one.mail.in_reply_to or one.mail.references)]
            if begun:
                self._take([raw for raw, _ in begun], [one for _, one in begun], cursor, before_others=True)
        return uids[-1] + 1 if uids else first

    def _start(self, folder: Folder) -> Cursor:
        """Where to go on. A new UIDVALIDITY means that all UIDs are new ones: everything is read again, and the ledger
        recognises by content what it knows, so nothing is acknowledged a second time."""
        cursor = self.ledger.cursor(self.mailbox.name)
        known = cursor is not None and cursor.uidvalidity == folder.uidvalidity
        if cursor and known and folder.uidnext_told and folder.uidnext < cursor.next_uid:
            return self._went_back(folder, cursor)
        if cursor and known and cursor.doubtful_uidnext >= 0:
            return cursor
        fresh = replace(cursor, doubtful_uidnext=folder.uidnext) if cursor and known else self._afresh(folder, cursor)
        # At once: what arrives from now on is new mail, even if we are killed before the first batch.
        self.ledger.record([], [], fresh, self.clock.now())
        return fresh

    def _went_back(self, folder: Folder, cursor: Cursor) -> Cursor:
        """The server was restored from a backup and gives UIDs out again, though RFC 9051 section 2.3.1.1 forbids
        it: everything is read again, and the ledger recognises by content what it knows."""
        logs.get("fetch").warning("UIDNEXT went back: reading all again", mailbox=self.mailbox.name)
        again = replace(cursor, next_uid=1, first_uidnext=0)
        self.ledger.record([], [], again, self.clock.now())
        return again

    def _afresh(self, folder: Folder, cursor: Cursor | None) -> Cursor:
        if cursor:
            logs.get("fetch").warning("UIDVALIDITY changed: reading all again", mailbox=self.mailbox.name)
        first_run = cursor is None and self.settings.first_run == "record"
        doubted = cursor is not None and (cursor.doubtful_uidnext < 0 or cursor.next_uid < cursor.doubtful_uidnext)
        return Cursor(
            mailbox=self.mailbox.name,
            uidvalidity=folder.uidvalidity,
            next_uid=1,
            first_uidnext=folder.uidnext if first_run else 0,
            doubtful_uidnext=folder.uidnext if doubted else 0,
        )


def _cut(portions: Iterable[list[RawMail]]) -> Iterator[list[RawMail]]:
    for portion in portions:
        for start in range(0, len(portion), AT_ONCE):
            yield portion[start : start + AT_ONCE]
