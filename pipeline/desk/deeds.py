"""What agents do with a case: one function for each, for the command line and the pages alike.

Each tells how it was before and how it is after, for the audit log. `seen`: how far whoever acts has read, see
`store/meanwhile.py`; with it, each raises ChangedMeanwhileError when somebody else has done something since.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.desk import label, rejudge, settle
from pipeline.desk.doors import DeedDoors
from pipeline.desk.settle import Word
from pipeline.errors import NotFoundError, UsageError
from pipeline.records.labels import Correction
from pipeline.records.ticket import NewTicket, Priority, TicketStatus
from pipeline.store import granting, joining, meanwhile

LONGEST_NOTE, LONGEST_OWNER = 20_000, 254  # letters


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """What somebody did: how it was, and how it is; '' where that is nothing."""

    ref: str
    was: str
    now: str


def note(doors: DeedDoors, ref: str, text: str, by: str) -> Deed:
    """For colleagues; the customer does not see it. It is in nobody's way, whatever happened meanwhile."""
    text = text.strip()
    if not text or len(text) > LONGEST_NOTE:
        raise UsageError(
            f"a note has 1 to {LONGEST_NOTE} letters", where=ref, remedy="write it, or attach it elsewhere"
        )
    doors.board.comment(ref, text, by, doors.clock.now())
    return Deed(ref=ref, was="", now=f"{len(text)} letters")


def assign(doors: DeedDoors, ref: str, owner: str, by: str, seen: int | None = None) -> Deed:
    """Somebody else has it from now on; '' for nobody."""
    owner = owner.strip()
    if len(owner) > LONGEST_OWNER or not owner.isprintable():
        raise UsageError("this is no address", where=ref, remedy="name the address of a colleague")
    was = doors.board.show(ref).owner
    doors.board.assign(ref, owner, by, doors.clock.now(), seen=seen)
    return Deed(ref=ref, was=was, now=owner)


def set_status(doors: DeedDoors, ref: str, word: str, by: str, seen: int | None = None) -> Deed:
    """The customer hears of it."""
    status, was = status_of(word), doors.board.show(ref).status
    doors.board.set_status(ref, status, by, doors.clock.now(), seen=seen)
    return Deed(ref=ref, was=was.value, now=status.value)


def close_silently(doors: DeedDoors, ref: str, by: str, seen: int | None = None) -> Deed:
    """Spam, or a mistake: nobody hears of it."""
    was = doors.board.show(ref).status
    doors.board.close_silently(ref, by, doors.clock.now(), seen=seen)
    return Deed(ref=ref, was=was.value, now=f"{TicketStatus.CLOSED}, silently")


def set_priority(doors: DeedDoors, ref: str, word: str, by: str, seen: int | None = None) -> Deed:
    """How urgent it is."""
    priority, was = priority_of(word), doors.board.show(ref).priority
    doors.board.set_priority(ref, priority, by, doors.clock.now(), seen=seen)
    return Deed(ref=ref, was=was.value, now=priority.value)


def correct(doors: DeedDoors, ref: str, correction: Correction, by: str, seen: int | None = None) -> Deed:
    """What it is really about. "Not a complaint" is `Correction(complaint=False)`. The next model learns it."""
    ticket = doors.board.show(ref)
    label.correct(doors, ref, correction, by, seen=seen)
    was = {head: getattr(ticket, head) for head in correction.heads}
    return Deed(ref=ref, was=_told(was), now=_told(correction.heads))


def name_mail(doors: DeedDoors, mail_id: str, correction: Correction, by: str, seen: int | None = None) -> Deed:
    """What one mail is, for the next model; of the mail that began a case it is the case's label, too."""
    mail = doors.reading.mail(mail_id)
    if mail.ticket == mail_id:
        return correct(doors, mail_id, correction, by, seen)
    label.name_mail(doors, mail_id, correction, by)
    return Deed(
        ref=mail_id, was=_told({head: getattr(mail, head) for head in correction.heads}), now=_told(correction.heads)
    )


def open_case(doors: DeedDoors, mail_id: str, topic: str, by: str, *, complaint: bool) -> Deed:
    """A mail without a ticket is a case from now on, with what its situation prepares. Raises UsageError."""
    config = doors.config.of_mailbox(_mailbox_of(doors, mail_id))
    if topic and topic not in doors.config.topics:
        raise UsageError(f"there is no topic '{topic[:40]}'", remedy=f"one of {', '.join(sorted(doors.config.topics))}")
    prepared = config.topic(topic)
    new = NewTicket(
        owner=prepared.owner_address,
        topic=topic,
        complaint=complaint,
        tracker=config.tracker_of(prepared),
        project=prepared.project,
        priority=prepared.priority,
        checklist=prepared.checklist,
    )
    joining.open_case(doors.database, mail_id, new, by, doors.clock.now())
    return Deed(ref=mail_id, was="", now=f"a case, {topic or 'no topic'}")


def answered(doors: DeedDoors, mail_id: str, by: str) -> Deed:
    """Somebody has answered the customer of this mail, by whatever way: the promise is kept."""
    doors.promises.answered(mail_id, by, doors.clock.now())
    return Deed(ref=mail_id, was="", now="answered")


def settle_letter(doors: DeedDoors, mail_id: str, word: str) -> Deed:
    """What a person says of the letters in answer to a mail that have failed, wait, or may have been sent."""
    if word not in list(Word):
        raise UsageError("what of it?", where=mail_id, remedy=f"one of {', '.join(Word)}")
    if not settle.settle(doors, [mail_id], Word(word)):
        raise UsageError("no letter of it has failed, waits or is uncertain", where=mail_id, remedy="look again")
    return Deed(ref=mail_id, was="", now=word)


def give(doors: DeedDoors, ref: str, name: str, by: str, seen: int | None = None) -> Deed:
    """A grant, within what its situation allows and what the customer had."""
    allowed = grants_of(doors, ref)
    if name not in allowed:
        there_are = ", ".join(allowed) or "none"
        remedy = f"may_grant of its topic allows {there_are}"
        raise UsageError(f"'{name}' may not be given here", where=ref, remedy=remedy)
    granting.give(doors.database, ref, name, doors.config.grants[name], by, doors.clock.now(), seen)
    return Deed(ref=ref, was="", now=name)


def grants_of(doors: DeedDoors, ref: str) -> tuple[str, ...]:
    """What staff may give in this case without asking: `may_grant` of its topic."""
    topic = doors.board.show(ref).topic
    return doors.config.of_mailbox(_mailbox_of(doors, ref)).topic(topic).may_grant if topic else ()


def join(doors: DeedDoors, ref: str, other: str, by: str, seen: int | None = None) -> Deed:
    """Another conversation of the same customer becomes part of this one."""
    joining.join(doors.database, ref, other, by, doors.clock.now(), seen)
    return Deed(ref=ref, was=other, now=ref)


def split(doors: DeedDoors, ref: str, mail_id: str, by: str, seen: int | None = None) -> Deed:
    """A mail leaves the conversation and is a case of its own."""
    joining.split(doors.database, ref, mail_id, by, doors.clock.now(), seen)
    return Deed(ref=mail_id, was=ref, now=mail_id)


def release(doors: DeedDoors, mail_id: str) -> Deed:
    """A parked mail goes on, and what follows from it is done soon by the running Firstline. Raises UsageError."""
    rejudge.release(doors, mail_id)
    return Deed(ref=mail_id, was="parked", now="released")


def discard(doors: DeedDoors, mail_id: str) -> Deed:
    """A parked mail is closed: nobody is answered. Raises UsageError."""
    rejudge.discard(doors, mail_id)
    return Deed(ref=mail_id, was="parked", now="discarded")


def mark_of(doors: DeedDoors, ref: str) -> int:
    """How far the timeline of a case goes now."""
    return meanwhile.mark_of(doors.database, ref)


def status_of(word: str) -> TicketStatus:
    """A status by its name. Raises UsageError."""
    if word not in list(TicketStatus):
        raise UsageError(f"there is no status '{word[:40]}'", remedy=f"one of {', '.join(TicketStatus)}")
    return TicketStatus(word)


def priority_of(word: str) -> Priority:
    """A priority by its name. Raises UsageError."""
    if word not in list(Priority):
        raise UsageError(f"there is no priority '{word[:40]}'", remedy=f"one of {', '.join(Priority)}")
    return Priority(word)


def _mailbox_of(doors: DeedDoors, ref: str) -> str:
    try:
        return doors.reading.mail(ref).mailbox
    except NotFoundError:  # its first mail was erased
        return ""


def _told(values: object) -> str:
    return ", ".join(f"{head}: {value}" for head, value in values.items()) if isinstance(values, dict) else ""
