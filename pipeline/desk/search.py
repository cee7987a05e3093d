"""Finding mails and what was noted on tickets: by words, addresses and references, in five languages, newest first.

Every word must be there, in any of its forms ("refund" finds "refunded") or as the beginning of a longer one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipeline.desk.snippet import SnippetPart, snippet
from pipeline.engine.doors import IndexingDoors
from pipeline.errors import UsageError
from pipeline.records.mail import fold
from pipeline.records.search import FoundText, SearchSpan, SearchTerm
from pipeline.records.ticket import TicketStatus
from pipeline.store.search import PORTION
from pipeline.text.search_words import ADDRESS, WORD, address_word, folded, keyword, ref_word, stems
from pipeline.tokens import REF, normalise_ref

PAGE = 20
LONGEST_PAGE = 200
CHARACTERS = 1_000  # of what is typed
WORDS = 32
BEGINNING = 3  # letters from which on a word counts as the beginning of others, too
_PLACE = re.compile(r"[0-9]{1,18}")


class Objection(StrEnum):
    """Why something can't be looked for."""

    NO_WORD = "there is no word to look for"
    TOO_LONG = "the search is too long"
    TOO_MANY = "these are too many words"
    NO_STATUS = "there is no such status"
    NO_PAGE = "no page begins there"


class UnsearchableError(UsageError):
    """It can't be looked for; `objection` says why."""

    def __init__(self, objection: Objection, *, where: str = "", remedy: str) -> None:
        super().__init__(objection.value, where=where[:40], remedy=remedy)
        self.objection = objection


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """What is looked for; '' and None: all the same."""

    words: str = ""
    mailbox: str = ""
    topic: str = ""
    status: str = ""  # of the ticket
    language: str = ""
    complaint: bool | None = None
    owner: str = ""  # of the ticket
    ticket: bool | None = None  # has it one?
    since: datetime | None = None
    until: datetime | None = None  # before that
    limit: int = PAGE
    after: str = ""  # `next` of the page before


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """A mail, or a comment on a ticket, that was found."""

    mail: str  # its id, '' for a comment
    ticket: str  # that it belongs to, '' for none
    subject: str
    sender: str  # an address; who wrote the comment
    received: datetime
    topic: str  # '' when it is not known
    status: TicketStatus | None  # of the ticket
    owner: str  # of the ticket
    language: str
    snippet: tuple[SnippetPart, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page of hits, newest first."""

    hits: tuple[Hit, ...] = ()
    next: str = ""  # where the next page begins; '' this was the last
    waiting: int = 0  # mails and tickets that the index does not know yet, or not as they are now


def search(doors: IndexingDoors, query: Query) -> Page:
    """One page. Raises UnsearchableError."""
    limit = min(max(query.limit, 1), LONGEST_PAGE)
    span = SearchSpan(since=query.since, until=query.until, before=_place(query.after))
    for terms in _readings(query):
        asked = [*terms, *_filters(query)]
        found = doors.search.find(asked, span, limit + 1)
        if found:
            break
    shown = found[:limit]
    return Page(
        hits=tuple(_hit(one, terms) for one in shown if _fits(one, query)),
        next=str(shown[-1].place) if len(found) > limit else "",
        waiting=doors.search.waiting(),
    )


def catch_up(doors: IndexingDoors, portions: int) -> None:
    """Takes in what has come or changed meanwhile, as far as so many portions reach."""
    for _ in range(portions):
        if not doors.search.fill():
            return


def keep_up(doors: IndexingDoors) -> None:
    """Takes in what has just come or changed, for who looks at a page. A backlog is for `run`: nobody waits for it."""
    if 0 < doors.search.waiting(PORTION + 1) <= PORTION:
        doors.search.fill()


def _readings(query: Query) -> Iterator[list[SearchTerm]]:
    """What the words may mean. "7K3M 9QTX" is a reference with a space in it, and "June 2026" looks like one."""
    words = query.words.strip()
    if len(words) > CHARACTERS:
        raise UnsearchableError(Objection.TOO_LONG, remedy=f"write {CHARACTERS} characters at most")
    if " " in words and (ref := normalise_ref(words)):
        yield [SearchTerm(forms=(ref_word(ref),))]
    terms = [term for word in words.split() for term in _terms(word)]
    if words and not terms:
        raise UnsearchableError(Objection.NO_WORD, where=words, remedy="write letters or digits")
    if len(terms) > WORDS:
        raise UnsearchableError(Objection.TOO_MANY, remedy=f"write {WORDS} at most")
    yield terms


def _terms(word: str) -> list[SearchTerm]:
    """An address, a reference, or words of the language that nobody tells us."""
    bare = word.strip(".,;:!?\"'<>()[]")
    if ADDRESS.fullmatch(bare):
        return [SearchTerm(forms=(address_word(bare), address_word(fold(bare))))]
    if REF.fullmatch(bare):
        return [SearchTerm(forms=(ref_word(bare.upper()),))]
    found = [one for part in WORD.findall(word) for one in folded(part)]
    terms = [SearchTerm(forms=stems(one), beginning=one if len(one) >= BEGINNING else "") for one in found]
    if len(terms) == 1 and (ref := normalise_ref(bare)):  # or a word of eight letters
        return [SearchTerm(forms=(ref_word(ref), *terms[0].forms), beginning=terms[0].beginning)]
    return terms


def _filters(query: Query) -> Iterator[SearchTerm]:
    facts = {
        "mailbox": query.mailbox,
        "topic": query.topic,
        "language": query.language,
        "complaint": "" if query.complaint is None else str(query.complaint),
        "status": _status(query.status),
        "owner": query.owner.casefold(),
        "ticket": "" if query.ticket is None else str(query.ticket),
    }
    return (SearchTerm(forms=(keyword(name, value),)) for name, value in facts.items() if value)


def _status(text: str) -> str:
    if text and text not in [*TicketStatus]:
        raise UnsearchableError(Objection.NO_STATUS, where=text, remedy=f"one of {', '.join(TicketStatus)}")
    return text


def _place(after: str) -> int | None:
    if not after:
        return None
    if not _PLACE.fullmatch(after):
        raise UnsearchableError(Objection.NO_PAGE, where=after, remedy="take `next` of the page before")
    return int(after)


def _fits(found: FoundText, query: Query) -> bool:
    """Does it still? The index may not know yet what has changed a moment ago."""
    return (
        query.status in ("", found.status)
        and query.topic in ("", found.topic)
        and query.owner.casefold() in ("", found.owner.casefold())
        and query.complaint in (None, found.complaint)
        and query.ticket in (None, bool(found.ticket))
    )


def _hit(found: FoundText, terms: Sequence[SearchTerm]) -> Hit:
    return Hit(
        mail=found.mail,
        ticket=found.ticket,
        subject=found.subject,
        sender=found.sender,
        received=found.received,
        topic=found.topic,
        status=found.status,
        owner=found.owner,
        language=found.language,
        snippet=snippet(found.text, found.language, terms),
    )
