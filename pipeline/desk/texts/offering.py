"""Which mails a help page is for: the last questions in its language, with the page as it was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.desk.doors import TextDoors
from pipeline.errors import TemplateError
from pipeline.records.ledger import LedgerMail
from pipeline.records.texts import TextPlace
from pipeline.records.verdict import VerdictKind
from pipeline.replies.articles import ArticleShelf, article_findings, shelf_with

LOOKED_AT, COMPARED = 500, 50  # mails: the newest of all, and those of the language among them


@dataclass(frozen=True, kw_only=True)
class OfferedMails:
    """Whom a page would be offered to."""

    mails: int  # that were looked at
    now: int  # of these, how many would be offered the page as it is in use
    hits: tuple[LedgerMail, ...]  # … and as it was typed


def offered_to(doors: TextDoors, place: TextPlace, parts: Mapping[str, str]) -> OfferedMails:
    """Raises TemplateError when it has an error."""
    source = parts.get(place.files[0], "")
    if wrong := next(iter(article_findings(place.files[0], source)), None):
        raise TemplateError(wrong.message, where=f"{wrong.file}, line {wrong.line}", remedy=wrong.remedy)
    doors.articles.refresh()
    shelf = doors.articles.of_mailbox(place.mailbox)
    asked = _questions(doors, place)
    trial = shelf_with(shelf, place.language, place.name, source)
    return OfferedMails(
        mails=len(asked),
        now=len(_offered(doors, shelf, place, asked)),
        hits=tuple(_offered(doors, trial, place, asked)),
    )


def _questions(doors: TextDoors, place: TextPlace) -> list[LedgerMail]:
    """Mails of this language that were answered and are no complaint: only they are offered pages."""
    newest = doors.reading.mails(limit=LOOKED_AT)
    answered = (one for one in newest if one.verdict is VerdictKind.ANSWER and one.language == place.language)
    ids = [one.id for one in answered if not one.complaint and not one.complaint_suspected]
    return doors.reading.conversation(ids[:COMPARED])


def _offered(doors: TextDoors, shelf: ArticleShelf, place: TextPlace, asked: Sequence[LedgerMail]) -> list[LedgerMail]:
    return [one for one in asked if place.name in _pages_for(doors, shelf, place, one)]


def _pages_for(doors: TextDoors, shelf: ArticleShelf, place: TextPlace, mail: LedgerMail) -> list[str]:
    sure = mail.topic if mail.topic_sure else ""
    named = doors.config.of_mailbox(mail.mailbox).topic(sure).articles if sure else ()
    return [one.name for one in shelf.fitting(f"{mail.subject}\n{mail.text}", place.language, named)]
