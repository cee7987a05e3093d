"""`once --dry-run`: what would happen to the mail that lies there, with the letters that would be sent.

Nothing is written, sent or marked. With `as_if_new` the ledger is not even read: all that lies in the mailboxes is
judged as if it came now, by a ledger that is thrown away afterwards.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.decide.words import in_words
from pipeline.engine.counts import MailboxCounts, count, counted
from pipeline.engine.doors import EngineDoors
from pipeline.engine.shared import Engine
from pipeline.errors import UnreachableError
from pipeline.mailbox import ImapMailbox
from pipeline.records.decision import Copy, Judged
from pipeline.records.effect import EffectKind
from pipeline.records.labels import Labels
from pipeline.records.letter import Letter
from pipeline.records.mail import Cursor, RawMail
from pipeline.route import Route

SHOWN = 2_000  # characters of a mail


@dataclass(frozen=True, kw_only=True)
class ForeseenMail:
    """A mail, and what would happen with it. Its bytes are not kept: a mailbox may hold very many."""

    id: str
    mailbox: str
    sender: str
    subject: str
    received: datetime
    text: str  # the beginning
    labels: Labels
    would: str  # in words
    why: Sequence[str]
    letter: Letter | None  # that would be sent

    @property
    def is_neutral(self) -> bool:
        """It gets a letter, but none about its matter."""
        return self.letter is not None and self.letter.template in ("neutral", "perhaps")


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """What one pass over all mailboxes would come to."""

    mailboxes: Mapping[str, MailboxCounts]  # by name
    mails: Sequence[ForeseenMail]
    seconds: float
    unreachable: Sequence[str]  # servers that failed, and how


def dry_run(
    doors: EngineDoors, *, as_if_new: bool = False, tell: Callable[[int], None] = lambda _mails: None
) -> DryRun:
    """Reads every mailbox to its end. `tell`: hears how many mails were judged so far."""
    began = time.monotonic()
    doors.read_secrets()
    mails: list[ForeseenMail] = []
    counts: dict[str, Counter[str]] = {}
    unreachable: list[str] = []
    with _route(doors, as_if_new=as_if_new) as route:
        for mailbox in doors.mailboxes():
            counts[mailbox.name] = Counter()
            try:
                for judged, copies in _read(doors, route, mailbox, as_if_new=as_if_new):
                    count(counts[mailbox.name], judged, copies)
                    mails += [_foreseen(one, route, doors.clock.now()) for one in judged]
                    tell(sum(each["fetched"] for each in counts.values()))
            except UnreachableError as error:
                unreachable.append(str(error))
            finally:
                mailbox.close()
    return DryRun(
        mailboxes={name: counted(each) for name, each in counts.items()},
        mails=mails,
        seconds=round(time.monotonic() - began, 3),
        unreachable=unreachable,
    )


@contextmanager
def _route(doors: EngineDoors, *, as_if_new: bool) -> Iterator[Route]:
    doors.announcements.refresh()
    route = Engine(doors, dry=True).route()
    if not as_if_new:
        yield route
        return
    with doors.empty_ledger() as ledger:
        yield replace(route, ledger=ledger)


def _read(
    doors: EngineDoors, route: Route, mailbox: ImapMailbox, *, as_if_new: bool
) -> Iterator[tuple[list[Judged], list[Copy]]]:
    """Portion by portion. Raises UnreachableError."""
    folder = mailbox.open()
    cursor = None if as_if_new else route.ledger.cursor(mailbox.name)
    if cursor is None or cursor.uidvalidity != folder.uidvalidity:
        records = doors.config.mailbox[mailbox.name].first_run == "record" and cursor is None and not as_if_new
        first = folder.uidnext if records else 0
        cursor = Cursor(mailbox=mailbox.name, uidvalidity=folder.uidvalidity, next_uid=1, first_uidnext=first)
    for portion in mailbox.fetch(mailbox.uids(cursor.next_uid)):
        if as_if_new:  # what one mail has brought about counts for the next, in the ledger that is thrown away
            yield _as_if_new(route, portion, cursor, doors.clock.now())
        else:
            yield route.judge(portion, replace(cursor))


def _as_if_new(route: Route, portion: list[RawMail], cursor: Cursor, now: datetime) -> tuple[list[Judged], list[Copy]]:
    """What is told of it names the time at which it really came."""
    real = {raw.location: raw for raw in portion}
    judged, copies = route.take([replace(raw, received=now) for raw in portion], cursor)
    return [replace(one, raw=real[one.raw.location]) for one in judged], copies


def _foreseen(judged: Judged, route: Route, now: datetime) -> ForeseenMail:
    mail = judged.mail
    return ForeseenMail(
        id=judged.id,
        mailbox=judged.raw.location.mailbox,
        sender=mail.sender.email if mail.sender else "",
        subject=mail.subject,
        received=judged.raw.received,
        text=mail.text[:SHOWN],
        labels=judged.labels,
        would=in_words(judged),
        why=judged.decision.why,
        letter=_letter(judged, route, now),
    )


def _letter(judged: Judged, route: Route, now: datetime) -> Letter | None:
    for effect in judged.effects:
        if effect.kind is EffectKind.ACKNOWLEDGE:
            return route.writer.letter(effect, now)
    return None
