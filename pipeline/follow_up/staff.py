"""What staff are told at once, and in the morning: the words of the mails, and who gets them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.config.settings import Config
from pipeline.follow_up.draft import moment
from pipeline.records.mail import fold
from pipeline.records.promise import OpenPromise, PromiseState, WatchedPromise
from pipeline.records.staff import NewComplaint, StaffMail
from pipeline.text.numbers import many

LONGEST = 1_500  # characters of what a customer wrote
IN_FULL = 20  # complaints of one mail; of more the first lines must do
END = "Sent automatically. Please work on the ticket instead of answering this mail."


@dataclass(frozen=True, kw_only=True)
class Morning:
    """What a digest counts."""

    promises: Sequence[OpenPromise]  # that are not kept yet, the nearest first
    unsure: int  # mails on the review list
    parked: int
    failed: int  # letters
    complaints: Mapping[str, int]  # open ones, by owner


def who_is_told(complaint: NewComplaint, config: Config) -> tuple[str, ...]:
    """The owner; without one who can be written to, [follow_up] staff. Nobody of our own mailboxes: those read it as
    mail."""
    return _readers(complaint.owner, config)


def but_ours(addresses: Sequence[str], config: Config) -> tuple[str, ...]:
    """Those that are no address of a mailbox of our own: what goes there comes back as mail."""
    ours = {fold(address) for address in config.our_addresses}
    return tuple(one for one in addresses if fold(one) not in ours)


def _readers(owner: str, config: Config) -> tuple[str, ...]:
    return but_ours([owner] if "@" in owner else [], config) or but_ours(config.follow_up.staff, config)


def complaint_mails(complaints: Sequence[NewComplaint], config: Config) -> list[tuple[StaffMail, tuple[str, ...]]]:
    """One mail a person, however many complaints there are; with the references that it tells of."""
    by_person: dict[str, list[NewComplaint]] = {}
    for one in complaints:
        for person in who_is_told(one, config):
            by_person.setdefault(person, []).append(one)
    zone = config.calendar.working_time.timezone
    return [
        (_complaint_mail(person, found, zone), tuple(one.ref for one in found)) for person, found in by_person.items()
    ]


@dataclass(frozen=True, kw_only=True)
class Due:
    """Promises without a ticket of which somebody is to be told, and how they are noted then."""

    soon: tuple[OpenPromise, ...] = ()
    missed: tuple[OpenPromise, ...] = ()

    @property
    def noted(self) -> list[WatchedPromise]:
        """As they are once it was told."""
        soon = [replace(one.promise, told=one.promise.due) for one in self.soon]
        return soon + [replace(one.promise, state=PromiseState.BROKEN) for one in self.missed]


def due_without_ticket(promises: Sequence[OpenPromise], config: Config, now: datetime) -> dict[str, Due]:
    """By person: the owner of the topic, else [follow_up] staff; '' where nobody can be told."""
    found: dict[str, Due] = {}
    for one in promises:
        missed, own = one.promise.due <= now, config.of_mailbox(one.mailbox)
        if not missed and (one.promise.told or now < moment(one.promise, own, 1.0)):
            continue
        for person in _readers(own.topic(one.topic).owner_address, config) or ("",):
            due = found.get(person, Due())
            found[person] = replace(due, missed=(*due.missed, one)) if missed else replace(due, soon=(*due.soon, one))
    return found


def due_mail(recipient: str, due: Due, zone: ZoneInfo) -> StaffMail:
    """The mail about answers that are due to mails without a ticket."""
    count = len(due.soon) + len(due.missed)
    subject = f"{many(count, 'answer')} due to customers, {len(due.missed)} of them late"
    how = 'Answer from your mail program, or say that it is answered: firstline mail answered ID --as "…"'
    text = "\n".join([*_listed("Late", due.missed, zone), *_listed("Due soon", due.soon, zone), how, "", END])
    return StaffMail(recipient=recipient, subject=subject, text=text + "\n")


def digest(recipient: str, morning: Morning, now: datetime, zone: ZoneInfo) -> StaffMail:
    """The mail of the morning."""
    late = [one for one in morning.promises if one.promise.due < now]
    today = [one for one in morning.promises if one not in late and _day(one.promise.due, zone) == _day(now, zone)]
    counted = sum(morning.complaints.values())
    lines = [
        f"{many(counted, 'complaint')} open · {many(len(late), 'promise')} late · {len(today)} due today",
        "",
        *_listed("Late", late, zone),
        *_listed("Due today", today, zone),
        *([f"Open complaints: {_by_owner(morning.complaints)}", ""] if counted else []),
        f"To review (the machine was unsure): {morning.unsure}: firstline mail list --review",
        f"Parked (a person looks first): {morning.parked}: firstline mail list --state parked",
        f"Letters that could not be sent: {morning.failed}: firstline mail list --effects failed",
        "",
        END,
    ]
    subject = f"This morning: {many(counted, 'complaint')} open, {many(len(late), 'promise')} late"
    return StaffMail(recipient=recipient, subject=subject, text="\n".join(lines) + "\n")


def _complaint_mail(recipient: str, complaints: Sequence[NewComplaint], zone: ZoneInfo) -> StaffMail:
    first = complaints[0]
    subject = f"New complaint [{first.ref}]: {first.subject[:80] or 'without a subject'}"
    if len(complaints) > 1:
        subject = f"{len(complaints)} new complaints: {', '.join(one.ref for one in complaints[:3])} …"
    parts = [*("\n".join(_told(one, zone)) for one in complaints[:IN_FULL])]
    if rest := complaints[IN_FULL:]:
        parts.append("\n".join(["And:", *(f"  {one.ref}  {one.subject[:60]}" for one in rest)]))
    text = "\n\n".join([*parts, END])
    return StaffMail(recipient=recipient, subject=subject, text=text + "\n")


def _told(one: NewComplaint, zone: ZoneInfo) -> Iterator[str]:
    yield f"{one.ref}: {one.subject[:200] or '(no subject)'}"
    kind = "perhaps a complaint, please check" if one.to_check else "a complaint"
    yield f"{kind}{f' about {one.topic}' if one.topic else ''}, from {one.name} <{one.customer}>".replace("  ", " ")
    promised = [
        f"an answer by {_time(one.respond_by, zone)}" if one.respond_by else "",
        f"a solution by {_time(one.resolve_by, zone)}" if one.resolve_by else "",
    ]
    if any(promised):
        yield f"The customer was promised {' and '.join(filter(None, promised))}."
    yield ""
    words = one.words.strip()
    yield from (f"| {line}" for line in (words[:LONGEST] + ("…" if len(words) > LONGEST else "")).splitlines())
    yield ""
    yield f"firstline ticket show {one.ref}"
    yield f'firstline ticket comment {one.ref} --public "…"'


def _listed(title: str, promises: Sequence[OpenPromise], zone: ZoneInfo) -> Iterator[str]:
    if promises:
        yield f"{title}:"
        for one in promises:
            ref, due = one.promise.ticket or one.promise.mail_id, _time(one.promise.due, zone)
            yield "  ".join(("", ref, due, one.promise.kind, one.owner or "nobody's", one.subject[:60]))
        yield ""


def _by_owner(complaints: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {owner or 'nobody'}" for owner, count in complaints.items())


def _day(moment: datetime, zone: ZoneInfo) -> object:
    return moment.astimezone(zone).date()


def _time(moment: datetime, zone: ZoneInfo) -> str:
    """With the zone's name: who reads it may be elsewhere."""
    return f"{moment.astimezone(zone):%a %d %b %H:%M %Z}"
