"""Labelled mail from CSV and JSONL files → rows. A wrong file is refused with row, column and what was expected."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.learn import label_words
from pipeline.learn.dataset import (
    KINDS,
    LONGEST_TEXT,
    Columns,
    Dataset,
    Problems,
    Row,
    keep_labelled_by_people,
    keep_with_text,
    without_duplicates,
)
from pipeline.learn.table_files import Record, headings_of, is_jsonl, records_of
from pipeline.text.redact import redact
from pipeline.text.redaction.known_names import Known

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


def stamp_of(files: Sequence[Path]) -> tuple[object, ...]:
    """Changes whenever one of the files does; a file that is gone counts too."""
    found = [path.stat() if path.exists() else None for path in files]
    return tuple(one and (one.st_mtime_ns, one.st_ino, one.st_size) for one in found)


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
    known = Known.of([row.names])
    return replace(row, text=redact(row.text, known), subject=redact(row.subject, known), names="")


def read_rows(path: Path, columns: Columns, problems: Problems, *, labelled: bool = True) -> list[tuple[int, Row]]:
    """Every row with its number, wrong ones too: what is wrong with them joins `problems`.

    `labelled`: a file without any column of labels is refused. Raises UsageError where there are no rows to be had.
    """
    return list(each_row(path, columns, problems, labelled=labelled))


def each_row(path: Path, columns: Columns, problems: Problems, *, labelled: bool = True) -> Iterator[tuple[int, Row]]:
    """The same one by one, for who counts."""
    seen: dict[str, None] = {}
    if not is_jsonl(path):
        _check_head(path, headings_of(path), columns, labelled)
    for number, record in records_of(path):
        if is_jsonl(path):
            seen.update(dict.fromkeys(str(key) for key in record))
        yield number, read_row(number, record, columns, problems)
    if is_jsonl(path):
        _check_head(path, list(seen), columns, labelled)


def _check_head(path: Path, names: Sequence[str], columns: Columns, labelled: bool) -> None:
    wanted = [columns.text, *(columns.place(name) for name in columns.required)]
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


def read_row(number: int, record: Record, columns: Columns, problems: Problems) -> Row:
    """One record as a row; what is wrong with it joins `problems`."""

    def cell(name: str) -> str:
        value = record.get(name)
        if isinstance(value, bool):
            return str(value).lower()
        return "" if value is None else str(value).strip()

    def label(name: str) -> str:
        return sys.intern(cell(name))  # the same few words in every row

    def ours(field: str) -> str:
        value = cell(columns.place(field))
        return columns.words.get((field, value), value)

    if None in record:  # the csv module's place for cells beyond the head
        problems.add(number, columns.text, "there are more cells than columns; is a text with a comma not quoted?")
    return Row(
        text=cell(columns.text)[:LONGEST_TEXT],
        subject=" ".join(cell(columns.subject).split())[:1000],
        topic=label(columns.topic) or None,
        sentiment=_sentiment(ours("sentiment"), number, columns, problems),
        complaint=_complaint(ours("complaint"), number, columns, problems),
        language=sys.intern(ours("language").lower()[:2]),
        source=label(columns.place("source")),
        labelled_by=label(columns.place("labelled_by")),
        labelled_at=_time(columns.place("labelled_at"), cell(columns.place("labelled_at")), number, problems),
        received_at=_time(columns.place("received_at"), cell(columns.place("received_at")), number, problems),
        kind=_kind(label(columns.place("kind")), number, problems),
        thread=cell(columns.place("thread"))[:200],
        sender=cell(columns.place("sender"))[:200],
    )


def _sentiment(value: str, number: int, columns: Columns, problems: Problems) -> str | None:
    found = label_words.sentiment_of(value) if value else None
    if value and not found:
        expected = "expected negative, neutral or positive, or 1 to 5 stars"
        problems.add(number, columns.sentiment, f"{expected}, found '{value[:40]}'")
    return found


def _complaint(value: str, number: int, columns: Columns, problems: Problems) -> str | None:
    found = label_words.truth_of(value) if value else None
    if value and not found:
        problems.add(number, columns.complaint, f"expected true/false, 1/0 or yes/no, found '{value[:40]}'")
    return found


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
