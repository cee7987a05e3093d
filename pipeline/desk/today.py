"""Today: one queue of what needs a person, the most urgent first.

The order is that of `TodayKind`, and within a kind that of time: the longest overdue, the nearest due, what waits
longest. A case stands in it once, with all for which it needs somebody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.desk.doors import TodayDoors
from pipeline.desk.health import health
from pipeline.desk.health_document import HealthDocument, ProblemKind
from pipeline.errors import UnusableModelError, UsageError
from pipeline.learn.registry import Registry
from pipeline.records.today import (
    CONCERNS,
    IN_THE_STORE,
    MINE,
    NO_TIME,
    TodayCount,
    TodayEntry,
    TodayFilter,
    TodayKind,
    TodayPlace,
    TodayReason,
    TodaySubject,
)
from pipeline.store.agenda import Span

HealthLook = Callable[[TodayDoors], HealthDocument]
PAGE, LONGEST_PAGE = 50, 500  # items
SOON = timedelta(hours=1)  # working time
_OWN_KINDS = {  # of problems that stand in the queue as what they are about
    *(ProblemKind.TEMPLATE, ProblemKind.PARKED, ProblemKind.FAILED, ProblemKind.UNCERTAIN, ProblemKind.FILING),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class TodayItem:
    """Something that needs a person."""

    ref: str  # of the ticket or the mail; of other things their name
    reasons: tuple[TodayReason, ...]  # the most urgent first
    why: tuple[str, ...]  # the same in plain words
    subject: TodaySubject
    due: datetime | None = None  # the nearest time that its customer was given
    left: timedelta | None = None  # working time until then; negative when it is over

    @property
    def kind(self) -> TodayKind:
        """Its most urgent reason."""
        return self.reasons[0].kind

    @property
    def place(self) -> TodayPlace:
        """Where it stands in the queue."""
        return TodayPlace(rank=self.kind.rank, at=self.reasons[0].at, calm=self.reasons[0].calm, ref=self.ref)

    @property
    def is_case(self) -> bool:
        """Is it a ticket, or a mail?"""
        return self.kind in IN_THE_STORE


@dataclass(frozen=True, kw_only=True, slots=True)
class TodayPage:
    """A page of the queue."""

    items: tuple[TodayItem, ...]
    after: TodayPlace | None  # where the next page begins; None: this is the last one


def page(
    doors: TodayDoors,
    role: str,
    wanted: TodayFilter,
    *,
    viewer: str = "",
    after: TodayPlace | None = None,
    size: int = PAGE,
    look: HealthLook = health,
) -> TodayPage:
    """What needs somebody of this role. `viewer`: the address for whom MINE stands; `look`: how the machine is doing.

    Raises UsageError for an unknown role, a wrong size, or MINE where nobody looks.
    """
    if not 1 <= size <= LONGEST_PAGE:
        raise UsageError(f"a page has 1 to {LONGEST_PAGE} items", where=str(size))
    kinds, wanted, span = _kinds(role, wanted), _of(viewer, wanted), span_of(doors)
    entries = doors.agenda.page(kinds, wanted, span, after, size + 1)
    items = [*(_item(doors, entry, span.now) for entry in entries), *_of_the_machine(doors, kinds, wanted, after, look)]
    items.sort(key=lambda item: item.place)
    return TodayPage(items=tuple(items[:size]), after=items[size - 1].place if len(items) > size else None)


def counts(
    doors: TodayDoors, role: str, wanted: TodayFilter, *, viewer: str = "", look: HealthLook = health
) -> Mapping[TodayKind, TodayCount]:
    """How many items of each kind there are for a role, the most urgent kind first; one with two reasons counts twice.

    What `wanted` says of kinds does not count: the numbers are what one chooses a kind by.
    """
    kinds, wanted = _kinds(role, replace(wanted, kinds=())), _of(viewer, wanted)
    found = dict(doors.agenda.counts(kinds, wanted, span_of(doors)))
    for item in _of_the_machine(doors, kinds, wanted, None, look):
        found[item.kind] = TodayCount(number=found.get(item.kind, TodayCount(number=0)).number + 1)
    return {kind: found.get(kind, TodayCount(number=0)) for kind in kinds}


def item_of(doors: TodayDoors, ref: str) -> TodayItem | None:
    """What a ticket or a mail needs a person for; None: nothing."""
    span = span_of(doors)
    entry = doors.agenda.of([ref], span).get(ref)
    return _item(doors, entry, span.now) if entry else None


def span_of(doors: TodayDoors) -> Span:
    """What is due: it ends today by the operator's clock, or within an hour of working time, which may be on Monday."""
    now, calendar = doors.clock.now(), doors.config.calendar
    tomorrow = now.astimezone(ZoneInfo(calendar.timezone)).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, datetime.min.time(), tzinfo=ZoneInfo(calendar.timezone))
    return Span(now=now, until=max(midnight, calendar.working_time.add(now, SOON)))


def _kinds(role: str, wanted: TodayFilter) -> tuple[TodayKind, ...]:
    if role not in CONCERNS:
        raise UsageError(f"there is no role '{role}'", remedy=f"one of {', '.join(CONCERNS)}")
    mine = set(CONCERNS[role])
    return tuple(kind for kind in wanted.kinds or TodayKind if kind in mine)


def _of(viewer: str, wanted: TodayFilter) -> TodayFilter:
    if wanted.owner != MINE:
        return wanted
    if not viewer:
        raise UsageError("whose is mine?", remedy="name an address as the owner")
    return replace(wanted, owner=viewer)


# --- items ------------------------------------------------------------------------------------------------------------


def _item(doors: TodayDoors, entry: TodayEntry, now: datetime) -> TodayItem:
    promised = [one.at for one in entry.reasons if one.kind in (TodayKind.OVERDUE, TodayKind.DUE)]
    due, left = min(promised, default=None), None
    if due:
        working = doors.config.of_mailbox(entry.subject.mailbox).calendar.working_time
        left = working.between(now, due) - working.between(due, now)
    telling = [one for one in entry.reasons if one.kind is not TodayKind.CASE] or entry.reasons  # that it is open, too
    why = tuple(dict.fromkeys(in_words(one) for one in telling))
    return TodayItem(ref=entry.ref, reasons=entry.reasons, why=why, subject=entry.subject, due=due, left=left)


def N_(text: str) -> str:  # noqa: N802  (the name that the extractor of the pages' texts knows)
    """Marks a text that the pages translate where it is shown."""
    return text


WORDS: dict[str, str] = {  # kind, and what it is about → why a person is needed
    "overdue.respond": N_("The customer was promised an answer, and the time is over."),
    "overdue.resolve": N_("The customer was promised a solution, and the time is over."),
    "due.respond": N_("The customer is promised an answer, and it is due soon."),
    "due.resolve": N_("The customer is promised a solution, and it is due soon."),
    "urgent": N_("It is urgent, and nobody has done anything about it yet."),
    "complaint": N_("A complaint, and nobody has done anything about it yet."),
    "check": N_("Perhaps a complaint: say whether it is one."),
    "quiet": N_("The customer of this complaint does not answer us: close it, or write again."),
    "case": N_("The case is open."),
    "parked": N_("The mail is parked: release it or discard it."),
    "parked.error": N_("The mail could not be judged: release it or discard it."),
    "unsure": N_("The machine was unsure what the mail is about: say it."),
    "unsure.complaint": N_("The machine was unsure whether this is a complaint: say it."),
    "unsure.quieted": N_("It was not answered, though it reads like a person: look whether it is one."),
    "letter.failed": N_("A letter could not be delivered: see why, and reach the customer in another way."),
    "letter.uncertain": N_("Nobody knows whether a letter was sent: say whether it arrived, or send it again."),
    "filing.file": N_("The outside tracker has refused the ticket: correct the reason, and file it again."),
    "filing.mark": N_("The mail could not be marked in its mailbox."),
}


def in_words(reason: TodayReason) -> str:
    """Why a person is needed, in a sentence."""
    detail = reason.what
    if reason.kind is TodayKind.PARKED:
        detail = "error" if reason.said else ""
    elif reason.kind in (TodayKind.LETTER, TodayKind.FILING):
        kind, _, state = detail.partition(".")
        detail = state if reason.kind is TodayKind.LETTER else kind
    elif reason.kind in (TodayKind.MACHINE, TodayKind.TEMPLATE, TodayKind.CANDIDATE):
        return reason.said
    return WORDS.get(f"{reason.kind}.{detail}") or WORDS[reason.kind]


# --- what is neither a ticket nor a mail ------------------------------------------------------------------------------


def _of_the_machine(
    doors: TodayDoors,
    kinds: Collection[TodayKind],
    wanted: TodayFilter,
    after: TodayPlace | None,
    look: HealthLook,
) -> Iterator[TodayItem]:
    """Templates, the machine and the model: they have no topic and no customer, so no filter finds them by these."""
    if wanted.is_about_cases:
        return
    found: dict[TodayKind, Callable[[], Iterator[TodayItem]]] = {
        TodayKind.MACHINE: lambda: _unhealthy(look(doors)),
        TodayKind.TEMPLATE: lambda: _broken(doors),
        TodayKind.CANDIDATE: lambda: _waiting(doors),
    }
    for kind, items in found.items():
        if kind in kinds and (after is None or after.rank <= kind.rank):
            yield from (item for item in items() if after is None or item.place > after)


def _thing(kind: TodayKind, ref: str, title: str, said: str, since: datetime | None = None) -> TodayItem:
    reason = TodayReason(kind=kind, at=since or NO_TIME, mail_id="", said=said)
    return TodayItem(ref=ref, reasons=(reason,), why=(said,), subject=TodaySubject(title=title, since=since))


def _unhealthy(document: HealthDocument) -> Iterator[TodayItem]:
    for problem in document["problems"]:
        if problem["kind"] not in _OWN_KINDS:
            yield _thing(
                TodayKind.MACHINE,
                f"{problem['kind']}: {problem['what']}",
                problem["what"],
                f"{problem['what']}: {problem['remedy']}",
                problem["since"],
            )


def _broken(doors: TodayDoors) -> Iterator[TodayItem]:
    for file, reason in doors.letters.problems.items():
        said = f"{reason}: correct it; its last good version serves meanwhile"
        yield _thing(TodayKind.TEMPLATE, str(file), str(file), said)


def _waiting(doors: TodayDoors) -> Iterator[TodayItem]:
    """The newest version that was made after the one in use, and did not come into use."""
    registry = Registry(doors.config.at(doors.config.classify.models), doors.config.key())
    with suppress(UnusableModelError):  # the machine's health tells of that
        newest, used = max(registry.names(), default=""), registry.used()
        if newest and used and newest > used[-1] and newest not in used:
            reasons = [entry.reason for entry in registry.history() if entry.version == newest]
            said = reasons[-1] if reasons else "it was made without asking for promotion"
            words = f"A candidate of the model waits: {said}"
            yield _thing(TodayKind.CANDIDATE, newest, newest, words)
