"""Labelled mail: rows, their columns, and what is left out of training.

Only labels given by people train: a row whose `labelled_by` names a model is left out. Exact duplicates are dropped."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from pipeline.errors import UsageError
from pipeline.text.numbers import many
from pipeline.text.redact import without_names

HEADS = ("topic", "sentiment", "complaint")
SENTIMENTS = ("negative", "neutral", "positive")
ORDINARY, HARD = KINDS = ("ordinary", "hard")  # as mail comes, or written to be difficult
NAMED = "named"  # the source of labels that a whole group got at once; the file in training_data/, too
STARTER = "starter"  # the source of the mails that Firstline ships
STARTERS = "firstline"  # who labelled these
FIELDS = (
    *("subject", "text", "topic", "sentiment", "complaint", "language", "source", "labelled_by", "labelled_at"),
    *("received_at", "kind", "thread", "sender"),
)  # the columns of the files in training_data/
MACHINES = ("model", "machine")  # how `labelled_by` begins when nobody looked at the label
LONGEST_TEXT = 20_000  # characters kept of a mail: no label hangs on what comes later
LONGEST_FIELD = 10_000_000  # of a CSV cell; the reader's own limit is below what people paste
_PROBLEMS_SHOWN = 5
_VARIANTS = 50  # variants of a template that are worth one different mail
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """Where the fields are in the files; a column that the user names must be there."""

    text: str = "text"
    subject: str = "subject"
    topic: str = "topic"
    sentiment: str = "sentiment"
    complaint: str = "complaint"
    language: str = "language"
    others: Mapping[str, str] = field(default_factory=dict)  # the column of each further field
    required: tuple[str, ...] = ()  # fields whose column the user named
    words: Mapping[tuple[str, str], str] = field(default_factory=dict)  # what a field's cell stands for, in our words

    def place(self, name: str) -> str:
        """The column of a field."""
        return str(getattr(self, name, "")) or self.others.get(name, name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One labelled mail. A label that is None says nothing about that head."""

    text: str
    subject: str = ""
    topic: str | None = None
    sentiment: str | None = None  # negative, neutral, positive
    complaint: str | None = None  # "true" or "false"
    language: str = ""  # ISO 639-1
    source: str = ""
    labelled_by: str = ""
    labelled_at: datetime | None = None
    received_at: datetime | None = None  # when the mail came, where that is known: newer mail is the better test
    kind: str = ""  # one of KINDS; '' where nobody says
    thread: str = ""  # keyed hashes: mails of one conversation, or of one writer, belong together
    sender: str = ""
    writer: str = ""  # the sender also where so much came from it that it tells no group; set by grouping
    group: str = ""  # near-duplicates share it; set by grouping
    names: str = ""  # the writer's, until it is redacted: never stored
    rare: bool = False  # too few mails are about its topic for it to be learned: whatever the model says is wrong

    @property
    def item(self) -> tuple[str, str]:
        """What the features are computed from."""
        return (without_names(self.subject), without_names(self.text))

    @property
    def hash(self) -> str:
        """Names the text whatever its label: 16 hex digits."""
        return hashlib.sha256("\x1f".join(_folded(part) for part in self.item).encode()).hexdigest()[:16]

    def label(self, head: str) -> str | None:
        """Its label for a head; None when it has none."""
        value: str | None = getattr(self, head)
        return value

    def learned(self, head: str) -> str | None:
        """Its label as far as the head learns it; None also for a rare topic."""
        return None if self.rare and head == "topic" else self.label(head)


@dataclass(frozen=True, kw_only=True, slots=True)
class Dataset:
    """Rows, and what was noticed about them, in words for people."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


@dataclass
class Problems:
    """What is wrong in a file, the first few in full; and in which rows."""

    where: str
    found: list[str] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)

    def add(self, row: int, column: str, expected: str) -> None:
        """One more mistake in a file: where it is, and what was expected there."""
        self.found.append(f"row {row}, column '{column}': {expected}")
        self.rows.add(row)

    @property
    def shown(self) -> str:
        """The first few, a line each."""
        more = len(self.found) - _PROBLEMS_SHOWN
        return "\n  ".join([*self.found[:_PROBLEMS_SHOWN], *([f"and {more} more"] if more > 0 else [])])

    def raise_if_any(self) -> None:
        """Raises UsageError that names the first of them and counts the rest."""
        if self.found:
            remedy = "correct these rows or take them out; nothing was trained"
            raise UsageError(self.shown, where=self.where, remedy=remedy)


def keep_with_text(rows: Iterable[Row], notes: list[str]) -> list[Row]:
    """Rows that say anything; a note is added about the others."""
    given = list(rows)
    kept = [row for row in given if row.text or row.subject]
    if len(kept) < len(given):
        notes.append(f"{many(len(given) - len(kept), 'row')} without any text left out")
    return kept


def keep_labelled_by_people(rows: list[Row], notes: list[str]) -> list[Row]:
    """Rows with a label given by a person; notes are added about the others."""
    by_people = [row for row in rows if not row.labelled_by.lower().startswith(MACHINES)]
    if len(by_people) < len(rows):
        notes.append(f"{many(len(rows) - len(by_people), 'row')} left out that no person labelled")
    labelled = [row for row in by_people if any(row.label(head) for head in HEADS)]
    if len(labelled) < len(by_people):
        notes.append(f"{many(len(by_people) - len(labelled), 'row')} without any label left out")
    return labelled


def without_duplicates(rows: list[Row], notes: list[str]) -> list[Row]:
    """One row a text, ordered by its hash, so that the order of files means nothing."""
    newest: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: row.labelled_at or _NEVER, reverse=True):
        known = newest.get(row.hash)
        newest[row.hash] = row if known is None else _completed(known, row)
    if len(newest) < len(rows):
        notes.append(f"{len(rows) - len(newest)} exact duplicates dropped, the newest label counts")
    return [newest[key] for key in sorted(newest)]


def _completed(newer: Row, older: Row) -> Row:
    """What the newer label says nothing about is still as the older one said."""
    kept: dict[str, Any] = {  # of `replace`, which takes any field by name
        head: older.label(head) for head in HEADS if newer.label(head) is None
    }
    return replace(newer, **kept) if any(kept.values()) else newer


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def without_rare_classes(rows: Sequence[Row], least_of: Mapping[str, int]) -> Dataset:
    """Takes a label away where its class has fewer different mails than the head needs, or the head fewer than two
    classes, or hardly any mail. `least_of`: by head.

    A topic stays on its mails all the same: such mail goes on coming, and where the machine is sure of it, it is wrong.
    """
    notes: list[str] = []
    kept = list(rows)
    for head in HEADS:
        counts, least = _counts(kept, head), least_of[head]
        rare = {name for name, count in counts.items() if count < least}
        if counts and sum(counts.values()) < LEAST_OF_A_HEAD:
            notes.append(f"the {head} head is not trained: it needs {LEAST_OF_A_HEAD} different mails")
            kept = [_without(row, head) for row in kept]
        elif counts and len(counts) - len(rare) < 2:
            notes.append(f"the {head} head is not trained: it needs two classes with {least} different mails each")
            kept = [_without(row, head) for row in kept]
        elif rare:
            notes += _named(head, rare, counts, least)
            mark = _held if head == "topic" else _without
            kept = [mark(row, head) if row.label(head) in rare else row for row in kept]
            notes += [_tail(kept)] if head == "topic" else []
    return Dataset(rows=tuple(row for row in kept if any(row.label(head) for head in HEADS)), notes=tuple(notes))


LEAST_OF_A_HEAD = 15  # different mails: fewer teach nothing that could be judged
_NAMED = 10  # classes that are too rare: of more the number says enough


def _named(head: str, rare: Collection[str], counts: Mapping[str, int], least: int) -> list[str]:
    needed = f"at least {least} are needed"
    if len(rare) > _NAMED:
        return [f"{len(rare)} {head}s left out, among them '{min(rare)}': {needed} of each"]
    return [f"{head} '{name}' left out: {counts[name]} different mails, {needed}" for name in sorted(rare)]


def _tail(rows: Sequence[Row]) -> str:
    tail, labelled = sum(row.rare for row in rows), sum(row.topic is not None for row in rows)
    told = "1 mail of a rare topic" if tail == 1 else f"{tail} mails of rare topics"
    counts = "counts" if tail == 1 else "count"
    return f"{told} ({tail / labelled:.1%}) {counts} as wrong wherever the machine would be sure"


def _held(row: Row, _head: str) -> Row:
    return replace(row, rare=True)


def _without(row: Row, head: str) -> Row:
    nothing: dict[str, Any] = {head: None}  # as above
    return replace(row, **nothing)


def _counts(rows: Iterable[Row], head: str) -> dict[str, int]:
    """Different mails of each class: near-duplicates count once, but hundreds of variants of one mail are something
    to learn from too."""
    groups: dict[str, list[str]] = {}
    for row in rows:
        value = row.label(head)
        if value is not None:
            groups.setdefault(value, []).append(row.group or row.hash)
    return {value: max(len(set(names)), len(names) // _VARIANTS) for value, names in groups.items()}
