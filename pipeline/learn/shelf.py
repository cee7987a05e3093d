"""The folder `training_data/`: what is there, how rows join or leave it. A file is replaced whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.learn.dataset import FIELDS, Columns, Problems, Row, without_duplicates
from pipeline.learn.label_files import NEVER_FITTED, read_rows, redact_row, tables_in
from pipeline.learn.rewriting import Change, changed
from pipeline.learn.table_files import UTF8, codec_of, opened
from pipeline.text.locking import lock as flock

LEFT_OUT, WHY = "left_out", "why"  # a folder below, which nothing is learned from, and a column there
_UNFINISHED = ".unfinished"  # names of what is just being written end so
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,60}")


class Shelf:
    """All labelled mail of this installation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def files(self) -> list[Path]:
        """The labelled files, in order of name; none are no error. Raises UsageError."""
        return tables_in(self.folder)

    def rows(self) -> list[Row]:
        """Everything, duplicates and labels of machines too, in the order of the files. Raises UsageError."""
        return [row for path in self.files() for row in rows_of(path)]

    def learned(self) -> list[Row]:
        """The same without the mails that only certify or confirm. Raises UsageError."""
        return [row for path in self.files() if path.name not in NEVER_FITTED for row in rows_of(path)]

    def redacted(self) -> list[Row]:
        """What is learned from, redacted as for a training, so that the hash of a text is the same everywhere."""
        return [redact_row(row) for row in self.learned()]

    def known(self) -> dict[str, Row]:
        """What is there already, with the labels that count, by hash: as it stands, and as it would be redacted."""
        found: dict[str, Row] = {}
        for row in without_duplicates(self.rows(), []):
            for key in {row.hash, redact_row(row).hash}:
                found[key] = row
        return found

    def set_aside(self, name: str, discarded: Iterable[tuple[Row, str]]) -> None:
        """Keeps what an import did not take, and why, in `left_out/<name>.csv`: nothing is lost. Each mail once."""
        path = self._path(name).parent / LEFT_OUT / f"{name}.csv"
        known = {(record["text"], record["subject"]) for record in _records(path)}
        new = {one: why for one, why in discarded if (one.text, one.subject) not in known}
        if new:
            with self._locked():
                records = [*_records(path), *({**_record(row), WHY: why} for row, why in new.items())]
                _replace(path, _table(records, (*FIELDS, WHY)))

    def left_out(self) -> dict[str, int]:
        """How many mails imports did not take, by why."""
        files = sorted((self.folder / LEFT_OUT).glob("*.csv"))
        return dict(Counter(record[WHY] for path in files for record in _records(path)).most_common())

    def append(self, name: str, rows: Sequence[Row]) -> Path:
        """Adds rows to `<name>.csv`. Either all of them are there afterwards, or none."""
        path = self._path(name)
        if rows:
            with self._locked():
                old, fields = _old(path)
                _replace(path, old + _lines(rows, fields, head=not old))
        return path

    def remove(self, name: str, row: Row) -> bool:
        """Takes the last row out that is this one; says whether there was any."""
        path = self._path(name)
        wanted = {field: value for field, value in _record(row).items() if value}
        with self._locked():
            if not path.exists():
                return False
            with opened(path) as file:
                reader = csv.DictReader(file)
                fields, records = list(reader.fieldnames or FIELDS), list(reader)
            places = [at for at, record in enumerate(records) if wanted.items() <= record.items()]
            if not places:
                return False
            del records[places[-1]]
            _replace(path, _table(records, fields))
        return True

    def rewrite(self, change: Change, before: Callable[[], None] = lambda: None) -> list[str]:
        """Every row of every file, of what was left out too, becomes what `change` gives back. Each file whole or not
        at all; what could not be changed, in words. Doing it again changes nothing more.

        `before`: called when it is known what changes, and nothing is changed yet.
        """
        if not self.folder.is_dir():
            before()
            return []
        with self._locked():
            for left in self.folder.rglob(f".*{_UNFINISHED}"):  # a killed writer's: nobody else writes now
                left.unlink()
            new, problems = self._changed(change)
            before()
            for path, data in new.items():
                _replace(path, data)
        return problems

    def _changed(self, change: Change) -> tuple[dict[Path, bytes], list[str]]:
        new: dict[Path, bytes] = {}
        problems: list[str] = []
        for path in sorted(self.all_files()):
            try:
                if (data := changed(path, change, _cell)) is not None:
                    new[path] = data
            except UsageError as error:
                problems.append(f"{path.relative_to(self.folder)}: {error.what}")
        return new, problems

    def all_files(self) -> list[Path]:
        """The labelled files, and those that imports did not take. Raises UsageError."""
        return [*tables_in(self.folder), *tables_in(self.folder / LEFT_OUT)]

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise UsageError(
                f"'{name}' can't be the name of a file there",
                where=str(self.folder),
                remedy="small letters, digits, - and _: --name spring-2026",
            )
        return self.folder / f"{name}.csv"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One writer at a time; the system releases the lock when a process dies."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with open(self.folder / ".lock", "a", encoding="ascii") as handle:
            flock(handle)
            yield


def _records(path: Path) -> list[dict[str, str]]:
    """The cells of a table of ours; none where it is not there."""
    if not path.is_file():
        return []
    with opened(path) as file:
        return list(csv.DictReader(file))


def rows_of(path: Path) -> list[Row]:
    """All rows of one file. Raises UsageError."""
    problems = Problems(str(path))
    rows = [row for _number, row in read_rows(path, Columns(), problems, labelled=False)]
    problems.raise_if_any()
    return rows


def export(rows: Iterable[Row], path: Path, *, for_spreadsheets: bool = False) -> int:
    """Everything into one file, JSONL or CSV by its ending; returns how many rows. Raises UsageError.

    `for_spreadsheets`: no cell of the table is taken for a formula. A text that began so begins otherwise then, so such
    a table is for reading, not for importing.
    """
    if path.exists():
        raise UsageError("the file exists already", where=str(path), remedy="name a new file")
    records = [_record(row) for row in rows]
    if for_spreadsheets:
        if path.suffix.lower() != ".csv":
            raise UsageError("only a table can be for spreadsheets", where=str(path), remedy="name a .csv file")
        records = [{field: _no_formula(cell) for field, cell in record.items()} for record in records]
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        lines = (json.dumps(_filled(record), ensure_ascii=False) + "\n" for record in records)
        data = "".join(lines).encode("utf-8")
    elif path.suffix.lower() == ".csv":
        data = _table(records, FIELDS)
    else:
        raise UsageError("what format should that be?", where=str(path), remedy="name a .csv or a .jsonl file")
    _replace(path, data)
    return len(records)


def _filled(record: Mapping[str, str]) -> dict[str, str]:
    return {field: value for field, value in record.items() if value}


def _old(path: Path) -> tuple[bytes, list[str]]:
    """A file as it is, ready to be added to, and its columns; an older one gets the columns that it lacks."""
    if not path.exists() or not path.stat().st_size:
        return b"", list(FIELDS)
    with opened(path) as file:
        reader = csv.DictReader(file)
        fields = list(reader.fieldnames or ())
        if "text" not in fields:
            raise UsageError(
                "this is not a table that Firstline wrote", where=str(path), remedy="choose another --name"
            )
        if set(FIELDS) <= set(fields) and codec_of(path) == UTF8:
            data = path.read_bytes()
            return (data if data.endswith(b"\n") else data + b"\r\n"), fields
        fields += [field for field in FIELDS if field not in fields]
        return _table(list(reader), fields), fields


def _table(records: Iterable[Mapping[str, str]], fields: Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fields, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue().encode("utf-8")


def _lines(rows: Iterable[Row], fields: Sequence[str], *, head: bool) -> bytes:
    table = _table((_record(row) for row in rows), fields)
    return table if head else table.partition(b"\n")[2]


def _record(row: Row) -> dict[str, str]:
    return {field: _cell(getattr(row, field)) for field in FIELDS}


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        midnight = not (value.hour or value.minute or value.second)
        return f"{value:%Y-%m-%d}" if midnight else value.isoformat(timespec="seconds")
    return "" if value is None else str(value)


def _no_formula(cell: str) -> str:
    """A spreadsheet computes what begins so, wherever it comes from; behind an apostrophe it is text."""
    bare = unicodedata.normalize("NFKC", cell).lstrip()
    return f"'{cell}" if bare.startswith(("=", "+", "-", "@")) or cell[:1] in ("\t", "\r", "\n") else cell


def _replace(path: Path, data: bytes) -> None:
    """Into a file beside it first, then renamed: a reader sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}{_UNFINISHED}")
    try:
        with open(beside, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UsageError(
            f"can't be written: {error.strerror}", where=str(path), remedy="check the disk and the rights on the folder"
        ) from error
