"""Labelled mail from CSV and JSONL files → rows. A wrong file is refused with row, column and what was expected."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TextIO

from pipeline.errors import UsageError
from pipeline.learn.dataset import (
    KINDS,
    LONGEST_FIELD,
    LONGEST_TEXT,
    SENTIMENTS,
    TRUTH,
    Columns,
    Dataset,
    Problems,
    Row,
    keep_labelled_by_people,
    keep_with_text,
    without_duplicates,
)
from pipeline.text.redact import redact

CHECK = "check.csv"  # of `training_data/`: mails that are never fitted, for thresholds to be certified on
CONFIRMED = "confirmed.csv"  # and those by which people confirm what a version is sure of, and later ones too
NEVER_FITTED = (CHECK, CONFIRMED)


def files_in(folder: Path) -> list[Path]:
    """The files of `training_data/` that are learned from, in order of name. Raises UsageError."""
    files = [file for file in tables_in(folder) if file.name not in NEVER_FITTED]
    if not files:
        raise UsageError(
            "there is no labelled mail here (*.csv, *.jsonl)",
            where=str(folder),
            remedy="put labelled files there, or name them with --data FILE",
        )
    return files


def check_in(folder: Path) -> Path | None:
    """The file of mails to certify on, None where there is none. Raises UsageError."""
    return next((file for file in tables_in(folder) if file.name == CHECK), None)


def tables_in(folder: Path) -> list[Path]:
    """All labelled files; none are no error. Only files that lie there: links and pipes raise UsageError."""
    files = sorted([*folder.glob("*.csv"), *folder.glob("*.jsonl")])
    for file in files:
        if file.is_symlink() or not file.is_file():
            raise UsageError(
                "this is no file but a link or a pipe", where=str(file), remedy="put the file itself there"
            )
    return files


def load_rows(files: Sequence[Path], columns: Columns | None = None) -> Dataset:
    """All rows of the files, without duplicates, in a fixed order of their own. Raises UsageError."""
    columns = columns or Columns()
    rows: list[Row] = []
    for path in files:
        rows += _rows_of(path, columns)
    notes: list[str] = []
    usable = keep_labelled_by_people(keep_with_text(rows, notes), notes)
    unique = without_duplicates(usable, notes)
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
    rows = [redact_row(row) for _number, row in read_rows(path, columns, problems)]
    problems.raise_if_any()
    return rows


def redact_row(row: Row) -> Row:
    """The same mail without personal numbers and addresses: as the model sees mail, in training and at work."""
    return replace(row, text=redact(row.text), subject=redact(row.subject))


def read_rows(path: Path, columns: Columns, problems: Problems, *, labelled: bool = True) -> list[tuple[int, Row]]:
    """Every row with its number, wrong ones too: what is wrong with them joins `problems`.

    `labelled`: a file without any column of labels is refused. Raises UsageError where there are no rows to be had.
    """
    reader = _jsonl if path.suffix.lower() in (".jsonl", ".ndjson") else _csv
    records = reader(path, columns, labelled)
    return [(number, _row(number, record, columns, problems)) for number, record in records]


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    """The file line by line: a million rows needn't be in memory twice."""
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
    """Where the first byte is that is not UTF-8."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return number


def _csv(path: Path, columns: Columns, labelled: bool) -> Iterator[tuple[int, Mapping[str, object]]]:
    """Records with their row number as a spreadsheet shows it: the head of the table is row 1."""
    csv.field_size_limit(LONGEST_FIELD)
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
                f"row {number + 1} is not CSV: {error}",
                where=str(path),
                remedy="a text with commas, quotes or line breaks must be in double quotes",
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


def _jsonl(path: Path, columns: Columns, labelled: bool) -> Iterator[tuple[int, Mapping[str, object]]]:
    seen: dict[str, None] = {}
    with _opened(path) as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                record = _json_object(path, number, line)
                seen.update(dict.fromkeys(record))
                yield number, record
    _check_head(path, list(seen), columns, labelled)


def _json_object(path: Path, number: int, line: str) -> dict[str, object]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"line {number} is not JSON: {error}", where=str(path), remedy="one JSON object a line"
        ) from None
    if not isinstance(record, dict):
        raise UsageError(f"line {number} is not a JSON object", where=str(path), remedy="one JSON object a line")
    return record


def _row(number: int, record: Mapping[str, object], columns: Columns, problems: Problems) -> Row:
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
        text=cell(columns.text)[:LONGEST_TEXT],
        subject=" ".join(cell(columns.subject).split())[:1000],
        topic=label(columns.topic) or None,
        sentiment=_sentiment(label(columns.sentiment), number, columns, problems),
        complaint=_complaint(cell(columns.complaint), number, columns, problems),
        language=sys.intern(cell(columns.language).lower()[:2]),
        source=label("source"),
        labelled_by=label("labelled_by"),
        labelled_at=_time("labelled_at", cell("labelled_at"), number, problems),
        received_at=_time("received_at", cell("received_at"), number, problems),
        kind=_kind(label("kind"), number, problems),
        thread=cell("thread")[:200],
        sender=cell("sender")[:200],
    )


def _sentiment(value: str, number: int, columns: Columns, problems: Problems) -> str | None:
    if value and value.lower() not in SENTIMENTS:
        problems.add(number, columns.sentiment, f"expected negative, neutral or positive, found '{value[:40]}'")
    return sys.intern(value.lower()) or None


def _complaint(value: str, number: int, columns: Columns, problems: Problems) -> str | None:
    if value and value.lower() not in TRUTH:
        problems.add(number, columns.complaint, f"expected true/false, 1/0 or yes/no, found '{value[:40]}'")
    return TRUTH.get(value.lower())


def _kind(value: str, number: int, problems: Problems) -> str:
    if value and value.lower() not in KINDS:
        problems.add(number, "kind", f"expected ordinary or hard, found '{value[:40]}'")
    return sys.intern(value.lower())


def _time(column: str, value: str, number: int, problems: Problems) -> datetime | None:
    if not value:
        return None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        problems.add(number, column, f"expected a date like 2026-01-31, found '{value[:40]}'")
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
