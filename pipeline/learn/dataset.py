"""Labelled mail from CSV and JSONL files → rows. A wrong file is refused with row, column and what was expected.

Only labels given by people train: a row whose `labelled_by` names a model is left out. Exact duplicates are dropped,
the newest label of a text counts.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from pipeline.errors import UsageError
from pipeline.text.redact import redact

HEADS = ("topic", "sentiment", "complaint")
SENTIMENTS = ("negative", "neutral", "positive")
_TRUTH = {"true": "true", "1": "true", "yes": "true", "false": "false", "0": "false", "no": "false"}
_MACHINES = ("model", "machine")  # how `labelled_by` begins when nobody looked at the label
_LONGEST_TEXT = 20_000  # characters kept of a mail: no label hangs on what comes later
_LONGEST_FIELD = 10_000_000  # of a CSV cell; the reader's own limit is below what people paste
_PROBLEMS_SHOWN = 5
_VARIANTS = 50  # variants of a template that are worth one different mail
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """Where the fields stand in the files; a column that the user names must be there."""

    text: str = "text"
    subject: str = "subject"
    topic: str = "topic"
    sentiment: str = "sentiment"
    complaint: str = "complaint"
    language: str = "language"
    required: tuple[str, ...] = ()  # fields whose column the user named


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
    thread: str = ""  # keyed hashes: mails of one conversation, or of one writer, belong together
    sender: str = ""
    group: str = ""  # near-duplicates share it; set by grouping

    @property
    def item(self) -> tuple[str, str]:
        """What the features are computed from."""
        return (self.subject, self.text)

    @property
    def hash(self) -> str:
        """Names the text whatever its label: 16 hex digits."""
        return hashlib.sha256("\x1f".join(_folded(part) for part in self.item).encode()).hexdigest()[:16]

    def label(self, head: str) -> str | None:
        value: str | None = getattr(self, head)
        return value


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
        self.found.append(f"row {row}, column '{column}': {expected}")
        self.rows.add(row)

    @property
    def shown(self) -> str:
        """The first few, a line each."""
        more = len(self.found) - _PROBLEMS_SHOWN
        return "\n  ".join([*self.found[:_PROBLEMS_SHOWN], *([f"and {more} more"] if more > 0 else [])])

    def raise_if_any(self) -> None:
        if self.found:
            remedy = "mend these rows or take them out; nothing was trained"
            raise UsageError(self.shown, where=self.where, remedy=remedy)


def files_in(folder: Path) -> list[Path]:
    """The labelled files of `training_data/`, in order of name."""
    files = sorted([*folder.glob("*.csv"), *folder.glob("*.jsonl")])
    if not files:
        raise UsageError(
            "there is no labelled mail here (*.csv, *.jsonl)",
            where=str(folder),
            remedy="put labelled files there, or name them with --data FILE",
        )
    return files


def load(files: Sequence[Path], columns: Columns | None = None) -> Dataset:
    """All rows of the files, without duplicates, in a fixed order of their own. Raises UsageError."""
    columns = columns or Columns()
    rows: list[Row] = []
    for path in files:
        rows += _rows_of(path, columns)
    notes: list[str] = []
    usable = _labelled_by_people(_with_text(rows, notes), notes)
    unique = _without_duplicates(usable, notes)
    if not unique:
        raise UsageError(
            "there is no row with a text and a label given by a person",
            where=", ".join(str(path) for path in files),
            remedy=f"a row needs '{columns.text}' and one of '{columns.topic}', '{columns.sentiment}', "
            f"'{columns.complaint}'",
        )
    return Dataset(rows=tuple(unique), notes=tuple(notes))


def _rows_of(path: Path, columns: Columns) -> list[Row]:
    problems = Problems(str(path))
    rows = [redacted(row) for _number, row in read(path, columns, problems)]
    problems.raise_if_any()
    return rows


def redacted(row: Row) -> Row:
    """The same mail without personal numbers and addresses: as the model sees mail, in training and at work."""
    return replace(row, text=redact(row.text), subject=redact(row.subject))


def read(path: Path, columns: Columns, problems: Problems, *, labelled: bool = True) -> list[tuple[int, Row]]:
    """Every row with its number, wrong ones too: what is wrong with them joins `problems`.

    `labelled`: a file without any column of labels is refused. Raises UsageError where there are no rows to be had.
    """
    reader = _jsonl if path.suffix.lower() in (".jsonl", ".ndjson") else _csv
    records = reader(path, columns, labelled)
    return [(number, _row(number, record, columns, problems)) for number, record in records]


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """The file line by line: a million rows needn't stand in memory twice."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
    except UnicodeDecodeError:
        raise UsageError(
            f"line {_wrong_line(path)} is not UTF-8", where=str(path), remedy="save the file as UTF-8 and try again"
        ) from None
    except OSError as error:
        raise UsageError(f"can't be read: {error.strerror}", where=str(path), remedy="check the name") from error


def _wrong_line(path: Path) -> int:
    """Where the first byte stands that is no UTF-8."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return number


def _csv(path: Path, columns: Columns, labelled: bool) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Records with their row number as a spreadsheet shows it: the head of the table is row 1."""
    csv.field_size_limit(_LONGEST_FIELD)
    number = 1
    with _opened(path) as file:
        head = file.readline()
        reader = csv.DictReader(chain([head], file), strict=True, delimiter=_delimiter(head))
        try:
            _check_head(path, list(reader.fieldnames or ()), columns, labelled)
            for number, record in enumerate(reader, start=2):
                yield number, record
        except csv.Error as error:
            raise UsageError(
                f"row {number + 1} is no CSV: {error}",
                where=str(path),
                remedy="a text with commas, quotes or line breaks stands in double quotes",
            ) from error


def _delimiter(head: str) -> str:
    """A comma; a semicolon or tabulator where a spreadsheet has put that between the names of the columns."""
    return "," if "," in head else next((mark for mark in ";\t" if mark in head), ",")


def _check_head(path: Path, names: Sequence[str], columns: Columns, labelled: bool) -> None:
    wanted = [columns.text, *(getattr(columns, name) for name in columns.required)]
    missing = [name for name in wanted if name not in names]
    labels = [columns.topic, columns.sentiment, columns.complaint]
    if not missing and (not labelled or any(name in names for name in labels)):
        return
    what = f"there is no column '{missing[0]}'" if missing else f"there is none of the columns {', '.join(labels)}"
    raise UsageError(
        f"{what}; the columns are: {', '.join(names) or '(none)'}",
        where=str(path),
        remedy="name the right ones with --text-column, --topic-column, --sentiment-column, --complaint-column",
    )


def _jsonl(path: Path, columns: Columns, labelled: bool) -> Iterator[tuple[int, Mapping[str, Any]]]:
    seen: dict[str, None] = {}
    with _opened(path) as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                record = _json_object(path, number, line)
                seen.update(dict.fromkeys(record))
                yield number, record
    _check_head(path, list(seen), columns, labelled)


def _json_object(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"line {number} is no JSON: {error}", where=str(path), remedy="one JSON object a line"
        ) from None
    if not isinstance(record, dict):
        raise UsageError(f"line {number} is no JSON object", where=str(path), remedy="one JSON object a line")
    return record


def _row(number: int, record: Mapping[str, Any], columns: Columns, problems: Problems) -> Row:
    def cell(name: str) -> str:
        value = record.get(name)
        if isinstance(value, bool):
            return str(value).lower()
        return "" if value is None else str(value).strip()

    def label(name: str) -> str:
        return sys.intern(cell(name))  # the same few words in every row

    if None in record:  # the csv module's place for cells beyond the head
        problems.add(number, columns.text, "there are more cells than columns; is a text with a comma not quoted?")
    return Row(
        text=cell(columns.text)[:_LONGEST_TEXT],
        subject=" ".join(cell(columns.subject).split())[:1000],
        topic=label(columns.topic) or None,
        sentiment=_sentiment(label(columns.sentiment), number, columns, problems),
        complaint=_complaint(cell(columns.complaint), number, columns, problems),
        language=sys.intern(cell(columns.language).lower()[:2]),
        source=label("source"),
        labelled_by=label("labelled_by"),
        labelled_at=_time("labelled_at", cell("labelled_at"), number, problems),
        received_at=_time("received_at", cell("received_at"), number, problems),
        thread=cell("thread")[:200],
        sender=cell("sender")[:200],
    )


def _sentiment(value: str, number: int, columns: Columns, problems: Problems) -> str | None:
    if value and value.lower() not in SENTIMENTS:
        problems.add(number, columns.sentiment, f"expected negative, neutral or positive, found '{value[:40]}'")
    return sys.intern(value.lower()) or None


def _complaint(value: str, number: int, columns: Columns, problems: Problems) -> str | None:
    if value and value.lower() not in _TRUTH:
        problems.add(number, columns.complaint, f"expected true/false, 1/0 or yes/no, found '{value[:40]}'")
    return _TRUTH.get(value.lower())


def _time(column: str, value: str, number: int, problems: Problems) -> datetime | None:
    if not value:
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        problems.add(number, column, f"expected a date like 2026-01-31, found '{value[:40]}'")
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _with_text(rows: Iterable[Row], notes: list[str]) -> list[Row]:
    given = list(rows)
    kept = [row for row in given if row.text or row.subject]
    if len(kept) < len(given):
        notes.append(f"{len(given) - len(kept)} rows without any text left out")
    return kept


def _labelled_by_people(rows: list[Row], notes: list[str]) -> list[Row]:
    by_people = [row for row in rows if not row.labelled_by.lower().startswith(_MACHINES)]
    if len(by_people) < len(rows):
        notes.append(f"{len(rows) - len(by_people)} rows left out that no person labelled")
    labelled = [row for row in by_people if any(row.label(head) for head in HEADS)]
    if len(labelled) < len(by_people):
        notes.append(f"{len(by_people) - len(labelled)} rows without any label left out")
    return labelled


def _without_duplicates(rows: list[Row], notes: list[str]) -> list[Row]:
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
    kept: dict[str, Any] = {head: older.label(head) for head in HEADS if newer.label(head) is None}
    return replace(newer, **kept) if any(kept.values()) else newer


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def without_rare_classes(rows: Sequence[Row], least: int) -> Dataset:
    """Takes a label away where its class has fewer than `least` different mails, or the head fewer than two classes."""
    notes: list[str] = []
    kept = list(rows)
    for head in HEADS:
        counts = _counts(kept, head)
        rare = {name for name, count in counts.items() if count < least}
        notes += [
            f"{head} '{name}' left out: {counts[name]} different mails, at least {least} are needed"
            for name in sorted(rare)
        ]
        if counts and len(counts) - len(rare) < 2:
            notes.append(f"the {head} head is not trained: it needs two classes with {least} different mails each")
            rare = set(counts)
        kept = [_without(row, head) if row.label(head) in rare else row for row in kept]
    return Dataset(rows=tuple(row for row in kept if any(row.label(head) for head in HEADS)), notes=tuple(notes))


def _without(row: Row, head: str) -> Row:
    nothing: dict[str, Any] = {head: None}
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
