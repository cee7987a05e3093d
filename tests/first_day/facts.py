"""What a letter asserts, each beside what the ledger holds at the moment of sending."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from pipeline.config.settings import Config
from pipeline.letter import dates
from pipeline.records.effect import EffectKind
from pipeline.records.promise import PromiseState
from pipeline.store import schema
from pipeline.store.database import Database
from pipeline.store.effect_rows import effect_of

CLOSED = r"office is closed|Büro ist im Moment|bureaux sont fermés|oficina está cerrada|juuri nyt suljettu"
WORKING = r"still working on|arbeiten noch an|travaillons encore|[Ss]eguimos trabajando|Käsittelemme yhä"
APOLOGY = (
    r"apolog|sorry|Entschuldigung|tut uns leid|bedauern|excuse|désolés|regrett|disculpas|[Ss]entimos|[Ll]amentamos"
    r"|pahoillamme|anteeksi|Valitamme"
)
A_TIME = re.compile(r"\b\d{1,2}(?:[:.]\d{2}\b| h\b)")


@dataclass(frozen=True, kw_only=True)
class SentLetter:
    """A letter to a customer, and the rows that it is about."""

    at: datetime
    recipient: str
    text: str  # in one line
    message_id: str


def untrue(letter: SentLetter, database: Database, config: Config) -> list[str]:
    """Every assertion that the ledger does not bear out at this moment."""
    with database.reading() as connection:
        return [what for what, holds in _assertions(letter, connection, config) if not holds]


def _assertions(letter: SentLetter, connection: Connection, config: Config) -> Iterator[tuple[str, bool]]:
    by_id = schema.effect.c.message_id == letter.message_id
    effect = effect_of(connection.execute(select(schema.effect).where(by_id)).one())
    assert effect.sent
    mail = connection.execute(select(schema.mail).where(schema.mail.c.id == effect.mail_id)).one()
    ref = mail.ticket or mail.id
    first = effect.kind is EffectKind.ACKNOWLEDGE

    yield "it goes to the customer", letter.recipient == mail.customer
    yield f"it names the reference {ref}", ref in letter.text or mail.id in letter.text
    if re.search(CLOSED, letter.text):
        yield "the office is closed", not config.calendar.working_time.is_open(letter.at)
    if re.search(WORKING, letter.text):
        yield "somebody works on it", _is_touched(connection, ref)
    if first:
        sure = bool(mail.complaint and mail.complaint_sure)
        yield "we apologise for what was surely a complaint, and for nothing else", _apologises(letter) == sure
        yield "it is about the sure topic", effect.sent.template in _names(mail)
    yield from _times(letter, connection, config, ref, mail.id, effect.sent.language)


def _times(
    letter: SentLetter, connection: Connection, config: Config, ref: str, mail_id: str, language: str
) -> Iterator[tuple[str, bool]]:
    """Every time in it is that of a promise, or when the office opens; and what is open is not over."""
    table, zone = schema.promise, config.calendar.timezone
    of_it = (table.c.ticket == ref) | (table.c.mail_id == mail_id)
    left = letter.text
    for row in connection.execute(select(table).where(of_it)):
        words = dates.when(row.due, language, zone)
        if row.state == PromiseState.OPEN.value and words in letter.text and row.warned is None:
            yield f"{words} is still to come", row.due > letter.at
        left = left.replace(words, "")
    left = left.replace(dates.when(config.calendar.working_time.next_opening(letter.at), language, zone), "")
    yield f"every time is promised: {left}", not A_TIME.search(left)


def _is_touched(connection: Connection, ref: str) -> bool:
    events = schema.ticket_event
    return bool(connection.execute(select(events.c.id).where(events.c.ticket == ref, events.c.actor != "")).first())


def _apologises(letter: SentLetter) -> bool:
    return bool(re.search(APOLOGY, letter.text))


def _names(mail: Any) -> tuple[str, ...]:
    """The templates that fit what the machine was sure of."""
    topic = mail.topic if mail.topic_sure else ""
    if mail.complaint and mail.complaint_sure:
        return (f"{topic}-complaint" if topic else "complaint",)
    if not mail.complaint_sure and (mail.complaint_suspected or mail.complaint):
        return ("perhaps",)
    return (topic or "neutral",)
