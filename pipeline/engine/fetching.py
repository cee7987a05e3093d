"""Reading one mailbox: what is new goes the route, and what is recorded gets marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Protocol

from pipeline import logs
from pipeline.clock import Clock
from pipeline.doors import Journal, Ledger, Mailbox
from pipeline.errors import FirstlineError, UnreachableError
from pipeline.records import (
    Copy,
    Cursor,
    Effect,
    EffectKind,
    EffectState,
    Folder,
    Judged,
    Outcome,
    TicketAction,
    VerdictKind,
)
from pipeline.route import Route
from pipeline.sections import MailboxConfig

MARKED_AT_ONCE = 1000
MOST_MARKS = 24  # tries of a mark that the server refuses …
REFUSED_WAITS = timedelta(minutes=10)  # … this far apart
COUNTED = (
    *("fetched", "known", "acknowledged", "silent", "limited", "parked", "recorded"),
    *("unsure", "tickets_opened", "tickets_updated", "failed"),
)


class Notes(Protocol):
    """Where the outcome of a pass is noted."""

    def note_pass(self, name: str, now: object, error: str = "") -> None: ...


@dataclass
class Fetcher:
    """Reads one mailbox to its end, batch by batch."""

    mailbox: Mailbox
    settings: MailboxConfig
    ledger: Ledger
    journal: Journal
    clock: Clock
    route: Callable[[], Route]  # asked before every batch: the model may have changed
    after_batch: Callable[[Sequence[Judged]], None] = lambda judged: None
    stopped: Callable[[], bool] = lambda: False
    counts: Counter[str] = field(default_factory=Counter)

    def read(self) -> int:
        """Everything new; says how many mails that were. Raises UnreachableError; what was recorded stays recorded."""
        folder = self.mailbox.open()
        cursor = self._start(folder)
        read = 0
        while not self.stopped() and (uids := self.mailbox.uids(cursor.next_uid)):
            for portion in self.mailbox.fetch(uids[: self.settings.batch]):
                cursor = replace(cursor, next_uid=max(raw.location.uid for raw in portion) + 1)
                judged, copies = self.route().take(portion, cursor)
                read += len(portion)
                self._count(judged, copies)
                self.after_batch(judged)
                if self.stopped():
                    return read
            cursor = replace(cursor, next_uid=uids[: self.settings.batch][-1] + 1)  # also past what has vanished
        return read

    def mark(self) -> None:
        """Marks what is recorded, batch by batch. Raises UnreachableError; what is left stays waiting."""
        name = self.mailbox.name
        while due := self.journal.due(EffectKind.MARK, self.clock.now(), MARKED_AT_ONCE, name):
            won = self.journal.claim([effect.key for effect in due], self.clock.now())
            places = [effect.location for effect in due if effect.key in won and effect.location]
            try:
                self.mailbox.mark(places)
            except UnreachableError as error:
                self._settle(won, EffectState.WAITING, str(error), counted=False)
                raise
            except FirstlineError as error:  # the server answers, but refuses this
                self._settle_refused([effect for effect in due if effect.key in won], error)
                return
            except BaseException as error:  # a bug: marking again does no harm, and nothing stays claimed
                self._settle(won, EffectState.WAITING, f"{type(error).__name__}: {error}")
                raise
            self._settle(won, EffectState.DONE)

    def _settle(self, keys: set[str], state: EffectState, error: str = "", *, counted: bool = True) -> None:
        outcomes = [Outcome(key=key, state=state, error=error, counted=counted) for key in sorted(keys)]
        self.journal.settle(outcomes, self.clock.now())

    def _settle_refused(self, effects: Sequence[Effect], error: FirstlineError) -> None:
        """Tried again for some hours when the server said "not now" (a quota, a lock); then a person looks."""
        now = self.clock.now()
        outcomes = [
            Outcome(key=effect.key, state=EffectState.WAITING, error=str(error), next_try=now + REFUSED_WAITS)
            if error.temporary and effect.attempts < MOST_MARKS
            else Outcome(key=effect.key, state=EffectState.FAILED, error=str(error))
            for effect in effects
        ]
        self.journal.settle(outcomes, now)

    def _start(self, folder: Folder) -> Cursor:
        """Where to go on. A new UIDVALIDITY means that all UIDs are new ones: everything is read again, and the ledger
        recognises by content what it knows, so nothing is acknowledged a second time."""
        cursor = self.ledger.cursor(self.mailbox.name)
        known = cursor is not None and cursor.uidvalidity == folder.uidvalidity
        if cursor and known and cursor.doubtful_uidnext >= 0:
            return cursor
        fresh = replace(cursor, doubtful_uidnext=folder.uidnext) if cursor and known else self._afresh(folder, cursor)
        # At once: what arrives from now on is new mail, even if we are killed before the first batch.
        self.ledger.record([], [], fresh, self.clock.now())
        return fresh

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

    def _count(self, judged: Sequence[Judged], copies: Sequence[Copy]) -> None:
        self.counts.update(fetched=len(judged) + len(copies), known=len(copies))
        for one in judged:
            self.counts[_outcome(one)] += 1
            self.counts["unsure"] += one.decision.acknowledge and not one.labels.sure
            self.counts["tickets_opened"] += one.decision.ticket is TicketAction.OPEN
            self.counts["tickets_updated"] += one.decision.ticket is TicketAction.UPDATE


def _outcome(judged: Judged) -> str:
    """The one column of `once` that a mail counts in."""
    if judged.decision.recorded:
        return "recorded"
    if judged.decision.acknowledge:
        return "acknowledged"
    return {VerdictKind.PARK: "parked", VerdictKind.LIMIT: "limited"}.get(judged.verdict.kind, "silent")
