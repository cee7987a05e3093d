"""What lies with others: tickets in outside trackers, mail on mail servers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from pipeline.config.servers import NOT_READ
from pipeline.desk.doors import ErasingDoors
from pipeline.desk.privacy.under_way import UnderWay
from pipeline.errors import FirstlineError
from pipeline.records.ticket import BOARD

if TYPE_CHECKING:  # only who has `[privacy] mailbox` needs it
    from pipeline.mailbox import ImapMailbox

SENT = r"\Sent"  # RFC 6154


def erase_in_trackers(doors: ErasingDoors, asked: UnderWay) -> list[str]:
    """Their tickets there, by the id under which we filed them; one that can't be reached is named."""
    if asked.keep_tickets:
        return []
    left = []
    by_tracker: dict[str, list[str]] = {}
    for where, ticket in doors.personal_data.filed(asked.erasure.tickets):
        if where != BOARD:
            by_tracker.setdefault(where, []).append(ticket)
    for name, tickets in by_tracker.items():
        try:
            tracker = doors.tracker(name)
        except FirstlineError as error:  # it is configured no more
            left.append(f"{name}, {', '.join(tickets)}: {error.what}")
            continue
        with closing(tracker):
            for ticket in tickets:
                try:
                    told = tracker.erase(ticket)
                except FirstlineError as error:
                    left.append(f"{name} {ticket}: {error.what}")
                    continue
                asked.counts[f"tickets in {name}"] += 1
                if told:
                    asked.by_hand.append(f"{name} {ticket}: {told}")
    return left


def erase_in_mailboxes(doors: ErasingDoors, asked: UnderWay) -> list[str]:
    """Where `[privacy] mailbox` says so: their mail, and what was sent to them."""
    if not doors.config.privacy.mailbox:
        return []
    left = []
    for mailbox in doors.mailboxes():
        with closing(mailbox):
            try:
                mailbox.open()
                for folder, header in _folders(doors, mailbox):
                    count, told = mailbox.remove(folder, header, asked.found.person.folded)
                    asked.counts[f"mails in {mailbox.name}/{folder}"] += count
                    if told:
                        asked.by_hand.append(f"{mailbox.name}/{folder}: {told}")
            except FirstlineError as error:
                left.append(f"{mailbox.name}: {error.what}")
    return left


def _folders(doors: ErasingDoors, mailbox: ImapMailbox) -> Iterator[tuple[str, str]]:
    """Each with the header in which they are named there."""
    settings = doors.config.mailbox[mailbox.name]
    yield settings.folder, "FROM"
    if settings.done.startswith("move:"):
        yield settings.done.removeprefix("move:"), "FROM"
    named = doors.config.sent_folder(mailbox.name)
    sent = "" if named == NOT_READ else named or mailbox.special(SENT)
    if sent:
        yield sent, "TO"
