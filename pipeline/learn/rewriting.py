"""Changing rows where they stand, in any table of `training_data/`: all other rows and columns stay as they are."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.learn.dataset import FIELDS, Columns, Problems, Row
from pipeline.learn.label_files import read_row
from pipeline.learn.table_files import headings_of, is_jsonl, records_of

Change = Callable[[Row], Row | None]  # the same row, another one in its place, or None: it goes


def changed(path: Path, change: Change, cell: Callable[[object], str]) -> bytes | None:
    """What the file holds once each row is as `change` gives it back; None where that is what it holds already.

    `cell`: a value of a row as a table holds it. Raises UsageError for what is no table.
    """
    kept: list[Mapping[str | None, object]] = []
    touched = False
    for number, record in records_of(path):
        row = read_row(number, record, Columns(), Problems(str(path)))
        new = change(row)
        if new is not row:
            touched = True
        if new is not None:
            kept.append(record if new is row else _with(record, row, new, cell))
    return _written(path, kept) if touched else None


def _with(
    record: Mapping[str | None, object], row: Row, new: Row, cell: Callable[[object], str]
) -> Mapping[str | None, object]:
    values = {name: getattr(new, name) for name in FIELDS if getattr(new, name) != getattr(row, name)}
    return {**record, **{name: cell(value) for name, value in values.items()}}


def _written(path: Path, records: list[Mapping[str | None, object]]) -> bytes:
    if is_jsonl(path):
        return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode("utf-8")
    if any(None in record for record in records):
        raise UsageError(
            "a row has more cells than columns", where=str(path), remedy="correct it: it could not be kept as it is"
        )
    names = list(dict.fromkeys([*headings_of(path), *(str(name) for record in records for name in record)]))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, restval="")
    writer.writeheader()
    writer.writerows({str(name): value for name, value in record.items()} for record in records)
    return out.getvalue().encode("utf-8")
