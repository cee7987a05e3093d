"""Rows from outside → rows for `training_data/`: cleaned as mail is, redacted, named as ours, without duplicates."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.learn.dataset import HEADS, MACHINES, STARTERS, Columns, Problems, Row
from pipeline.learn.headings import columns_in
from pipeline.learn.label_files import each_row, redact_row
from pipeline.learn.table_files import headings_of
from pipeline.records.mail import fold
from pipeline.text.clean import tidy
from pipeline.text.language import language_of
from pipeline.text.quotes import new_text

_PSEUDONYM = 16  # hex digits of a keyed hash
LONGEST_TOPIC = 100
_IN_BRACKETS = re.compile(r"<([^<>\s]+@[^<>\s]+)>")  # Eve <eve@example.org>
_PROPOSED = re.compile(r"cluster-\d+\b")  # a topic of `data discover` that nobody has named

Pseudonym = Callable[[str, str], str]  # (what it is, the plain value) → a keyed hash


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What holds for all rows of an import."""

    login: str  # who labelled rows that do not say it
    labelled_at: datetime
    pseudonym: Pseudonym
    by: str = ""  # who labelled them all, whatever they say
    source: str = ""  # where they all come from, whatever they say
    rename: Mapping[str, str] = field(default_factory=dict)  # topic → our topic; '' leaves its rows out
    topics: Collection[str] = ()  # of [topics]: a topic that differs only in capitals is the same


@dataclass
class Intake:
    """What became of the rows."""

    read: int = 0
    rows: list[Row] = field(default_factory=list)  # new ones
    duplicates: int = 0
    conflicting: int = 0  # duplicates that are there with another label
    corrected: int = 0  # of `rows`: mails that are there with an earlier label
    unlabelled: int = 0
    left_out: int = 0  # by --map TOPIC=
    set_aside: list[tuple[Row, str]] = field(default_factory=list)  # what was not taken, and why


def read_table(path: Path, columns: Columns, problems: Problems, *, labelled: bool = True) -> Iterator[Row]:
    """The good rows of a CSV or JSONL file, their text cleaned as the text of a mail is. Raises UsageError."""
    columns = columns_in(headings_of(path), columns)
    for number, row in each_row(path, columns, problems, labelled=labelled):
        if not row.text and not row.subject:
            problems.add(number, columns.text, "expected a text, found nothing")
        if row.topic and len(row.topic) > LONGEST_TOPIC:
            problems.add(number, columns.topic, f"expected a topic of up to {LONGEST_TOPIC} characters, found a text")
        if number not in problems.rows:
            yield _cleaned(row)


def _cleaned(row: Row) -> Row:
    """The same steps as in `parse`: tidy characters, then only what is new in it."""
    text = new_text(tidy(row.text))
    subject = _line(row.subject)
    return replace(
        row,
        text=text,
        subject=subject,
        topic=_line(row.topic or "") or None,
        language=_line(row.language) or language_of(f"{subject}\n{text}"),
        source=_line(row.source),
        labelled_by=_line(row.labelled_by),
        thread=_line(row.thread),
        sender=_line(row.sender),
    )


def _line(text: str) -> str:
    """One line without anything invisible."""
    return " ".join(tidy(text).split())


def take_in(rows: Iterable[Row], terms: Terms, known: Mapping[str, Row], before: Iterable[Row] = ()) -> Intake:
    """Everything that is to be kept, ready to be stored. `known`: what is in `training_data/` already, by hash, with
    the labels that count; `before`: all labels ever given there."""
    intake = Intake()
    seen = dict(known)
    given_before = {_saying(row) for row in before}
    names = {topic.casefold(): topic for topic in terms.topics}
    for given in rows:
        intake.read += 1
        row = admit(_named(given, terms.rename, names), terms)
        if terms.rename.get(given.topic or "") == "":
            intake.left_out += 1
            intake.set_aside.append((row, f"--map {given.topic}="))
        elif not any(row.label(head) for head in HEADS):
            intake.unlabelled += 1
            intake.set_aside.append((row, "no label"))
        elif row.hash not in seen:
            _take(row, intake, seen)
        elif _saying(row) in given_before:
            intake.duplicates += 1
        elif correction := _correction(given, row, seen[row.hash], terms):
            intake.corrected += 1
            _take(correction, intake, seen)
        else:
            intake.duplicates += 1
            intake.conflicting += _contradict(row, seen[row.hash]) and not _is_earlier(given, seen[row.hash])
    return intake


def _saying(row: Row) -> tuple[object, ...]:
    """What a row says of which mail, and since when."""
    return (row.hash, row.labelled_at, *(row.label(head) for head in HEADS))


def _take(row: Row, intake: Intake, seen: dict[str, Row]) -> None:
    seen[row.hash] = row
    intake.rows.append(row)


def _correction(given: Row, row: Row, known: Row, terms: Terms) -> Row | None:
    """The row, where it says something else than what is known, and later. None where that can't be told.

    Who exports, corrects and imports leaves the date as it was: with it another label is a correction of now.
    """
    if given.labelled_at is None or not _contradict(row, known):
        return None
    if given.labelled_at == known.labelled_at:
        by = labeller_key(terms.by or terms.login, terms.pseudonym)
        return replace(row, labelled_at=terms.labelled_at, labelled_by=by)
    return None if _is_earlier(given, known) else row


def _is_earlier(given: Row, known: Row) -> bool:
    """Was it labelled before what is known? Then it was corrected since."""
    return bool(given.labelled_at and known.labelled_at and given.labelled_at < known.labelled_at)


def admit(row: Row, terms: Terms) -> Row:
    """Redacted, with its provenance; people in it only as keyed hashes."""
    return replace(
        hidden(row, terms.pseudonym),
        source=terms.source or row.source,
        labelled_by=labeller_key(terms.by or row.labelled_by or terms.login, terms.pseudonym),
        labelled_at=row.labelled_at or terms.labelled_at,
    )


def hidden(row: Row, pseudonym: Pseudonym) -> Row:
    """Nothing personal left that we can find."""
    thread, sender = _hashed("thread", row.thread, pseudonym), sender_key(row.sender, pseudonym)
    return replace(redact_row(row), thread=thread, sender=sender)


def sender_key(sender: str, pseudonym: Pseudonym) -> str:
    """By what a row knows its writer: `Signer.person` of the folded address, so that an erasure finds it however the
    address was written. What is no address is hashed as it stands; '' stays ''."""
    shown = _IN_BRACKETS.search(sender)
    address = shown[1] if shown else sender
    return _hashed("sender", fold(address) if "@" in address else address, pseudonym)


def labeller_key(who: str, pseudonym: Pseudonym) -> str:
    """Who has labelled it, so that their labels can be told from others' and nobody reads who that is. Not a person:
    the starter's, and what a machine has labelled (see dataset)."""
    if not who or who == STARTERS or who.lower().startswith(MACHINES):
        return who
    return _hashed("labeller", who, pseudonym)


def check_renaming(rename: Mapping[str, str], rows: Sequence[Row]) -> None:
    """A topic to be renamed must be there: else it is a typing error. Raises UsageError."""
    there = {row.topic for row in rows if row.topic}
    missing = [old for old in rename if old not in there]
    if missing:
        raise UsageError(
            f"--map {missing[0]}=…: there is no such topic in it",
            remedy=f"the topics are: {', '.join(sorted(there)[:40]) or '(none)'}",
        )


def _named(row: Row, rename: Mapping[str, str], ours: Mapping[str, str]) -> Row:
    if row.topic is None:
        return row
    topic = rename.get(row.topic, row.topic)
    if is_proposed(topic):
        return replace(row, topic=None)
    return replace(row, topic=ours.get(topic.casefold(), topic))


def is_proposed(topic: str) -> bool:
    """Is it the name of a group that `data discover` proposes, and nobody has named?"""
    return _PROPOSED.match(topic) is not None


def _hashed(what: str, value: str, pseudonym: Pseudonym) -> str:
    """What was exported by us is a hash already."""
    if not value or (len(value) == _PSEUDONYM and all(letter in "0123456789abcdef" for letter in value)):
        return value
    return pseudonym(what, value.casefold())


def _contradict(one: Row, other: Row) -> bool:
    return any(one.label(head) and other.label(head) and one.label(head) != other.label(head) for head in HEADS)
