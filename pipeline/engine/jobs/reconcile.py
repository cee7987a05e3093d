"""Mailboxes against the ledger: what is missing on either side. Proves that no mail is lost; once a day by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final, TypedDict

from pipeline import logs
from pipeline.engine.doors import ReconcileDoors
from pipeline.engine.jobs import names
from pipeline.errors import FirstlineError
from pipeline.parse import headers, message
from pipeline.records.ledger import RecordedPlace
from pipeline.records.mail import Cursor
from pipeline.text.numbers import many

if TYPE_CHECKING:
    from pipeline.mailbox import ImapMailbox

NAME: Final = names.RECONCILE
EVERY = timedelta(days=1)
SIZE_OFF = 0.1  # some servers only estimate RFC822.SIZE
SHOWN = 100  # missing mails of a mailbox that are looked at for sender and subject


_Sender = TypedDict("_Sender", {"from": Annotated[str, "address"]})  # `from` is a keyword


class MissingMailDocument(_Sender):
    """A mail of a mailbox that the ledger does not know."""

    uid: int
    received: datetime
    subject: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """One mailbox beside the ledger."""

    mailbox: str
    both: int  # mails that are on both sides
    missing: tuple[int, ...]  # UIDs that should be in the ledger and are not
    unread: tuple[int, ...]  # UIDs that no pass has come to yet
    waiting: tuple[int, ...]  # UIDs that the server lists but does not give out
    gone: tuple[str, ...]  # ids of mails that lay here and were taken away by somebody else than us


def compare(doors: ReconcileDoors, mailbox: ImapMailbox) -> Compared:
    """Opens the mailbox and compares. Raises UnreachableError.

    The mailbox is asked first, then the ledger: what a running process records meanwhile is never taken for missing.
    """
    folder = mailbox.open()
    uids = mailbox.uids(1)
    heads = {uid: (field, size) for uid, field, size in mailbox.heads(uids)}
    cursor = doors.ledger.cursor(mailbox.name)
    read_to = cursor.next_uid if cursor and cursor.uidvalidity == folder.uidvalidity else 1
    recorded = doors.reading.recorded(mailbox.name, folder.uidvalidity)
    waiting = {one.location.uid for one in doors.undelivered.of(mailbox.name, folder.uidvalidity)}
    same = {uid for uid in uids if uid in recorded and _is_same(recorded[uid], *heads.get(uid, (None, 0)))}
    missing = [uid for uid in uids if uid not in same and uid not in waiting]
    moves = mailbox.config.done.startswith("move:")
    there = set(uids)
    return Compared(
        mailbox=mailbox.name,
        both=len(same),
        missing=tuple(uid for uid in missing if uid < read_to or uid in recorded),
        unread=tuple(uid for uid in missing if uid >= read_to and uid not in recorded),
        waiting=tuple(sorted(waiting & there)),
        gone=tuple(
            place.mail_id
            for uid, place in sorted(recorded.items())
            if uid not in there and not (moves and place.marked)
        ),
    )


def _is_same(known: RecordedPlace, field: bytes | None, size: int) -> bool:
    """By Message-ID, and by size where it has none: a server may give a UID out a second time."""
    if field is None:  # it would not say
        return True
    message_id = headers.message_id(field.partition(b":")[2].decode("utf-8", "replace"))
    if message_id or known.message_id:
        return message_id == known.message_id
    return known.size is None or not size or abs(known.size - size) <= SIZE_OFF * size


def described(mailbox: ImapMailbox, uids: Sequence[int]) -> Iterator[MissingMailDocument]:
    """Who wrote the missing mails, and about what."""
    for portion in mailbox.fetch(uids[:SHOWN]):
        for raw in portion:
            mail = message.parse(raw.raw, size=raw.size)
            sender = mail.sender.email if mail.sender else ""
            yield {"uid": raw.location.uid, "received": raw.received, "from": sender, "subject": mail.subject}


def record(doors: ReconcileDoors, mailbox: ImapMailbox, found: Compared) -> int:
    """Takes what is missing into the ledger, with its ticket; says how many mails that were.

    Perhaps they were answered before they went missing, so their acknowledgements are uncertain, as after a restore.
    """
    cursor = doors.ledger.cursor(mailbox.name)
    if cursor is None or not found.missing:
        return 0
    doubting: Cursor = replace(cursor, doubtful_uidnext=max(found.missing) + 1)
    predictor, _ = doors.predictor_if_any()
    route, recorded = doors.route(predictor), 0
    for portion in mailbox.fetch(found.missing):
        judged, copies = route.judge(portion, doubting)
        doors.ledger.record(judged, copies, None, doors.clock.now())  # the place in the mailbox stays as it is
        recorded += len(portion)
    return recorded


def watch(doors: ReconcileDoors) -> None:
    """The daily look: what is missing is in the log and in `status` until the next one."""
    log, now = logs.get(NAME), doors.clock.now()
    trouble = []
    for mailbox in doors.mailboxes():
        try:
            found = compare(doors, mailbox)
            log.info("compared", mailbox=mailbox.name, both=found.both, missing=len(found.missing))
            if found.missing:
                trouble.append(f"{many(len(found.missing), 'mail')} of mailbox {mailbox.name} not in the ledger")
        except FirstlineError as error:  # the pass over this mailbox says so, too
            log.warning("a mailbox can't be compared", mailbox=mailbox.name, problem=str(error))
        finally:
            mailbox.close()
    doors.reading.note_pass(NAME, now, "; ".join(trouble))


def watch_if_due(doors: ReconcileDoors) -> None:
    """For `once`, which no scheduler helps: a day after the last one; at the first pass there is nothing to compare."""
    last = doors.reading.passes().get(NAME)
    if last is None:
        doors.reading.note_pass(NAME, doors.clock.now())
    elif last.error or last.last_pass is None or doors.clock.now() - last.last_pass >= EVERY:
        watch(doors)
