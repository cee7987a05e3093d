"""Tables from anybody: CSV or JSONL in any encoding → records. A file that can't be read is refused, with the line."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TextIO

from pipeline.errors import UsageError
from pipeline.learn.dataset import LONGEST_FIELD
from pipeline.text import charsets

Record = Mapping[str | None, object]  # None: cells beyond the head of a CSV file
UTF8 = "utf-8-sig"
_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_SAMPLE = 20_000  # bytes of lines beyond ASCII by which an encoding is guessed


def codec_of(path: Path) -> str:
    """The encoding of a text file: UTF-8 where most lines are that, else what the bytes look like. Raises UsageError.

    A file of UTF-8 with a broken line is not read as something else: all its other lines would be garbled.
    """
    sample = bytearray()
    valid = broken = 0
    with _reading(path), path.open("rb") as file:
        for number, line in enumerate(file):
            if not number and (mark := _MARKS.get(line[:2])):
                return mark
            if line.isascii():
                continue
            valid, broken = (valid + 1, broken) if _is_utf8(line) else (valid, broken + 1)
            sample += line
            if len(sample) >= _SAMPLE:
                break
    return UTF8 if valid >= broken else charsets.guess(bytes(sample))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """The file line by line: a million rows needn't be in memory twice. Raises UsageError."""
    codec = codec_of(path)
    with _reading(path):
        try:
            with path.open(encoding=codec, newline="") as file:
                yield file
        except UnicodeDecodeError:
            raise UsageError(
                f"line {_wrong_line(path, codec)} is not {codec.removesuffix('-sig').upper()}, as other lines are",
                where=str(path),
                remedy="save the file as UTF-8 and try again",
            ) from None


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(f"can't be read: {error.strerror}", where=str(path), remedy="check the name") from error


def _wrong_line(path: Path, codec: str) -> int:
    """Where the first byte is that can't be read."""
    decoder = codecs.getincrementaldecoder(codec)()
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                decoder.decode(line)
            except UnicodeDecodeError:
                return number
    return number


def headings_of(path: Path) -> list[str]:
    """The names of the columns: of a CSV file its head, of a JSONL file the keys of its first hundred objects."""
    if not is_jsonl(path):
        with opened(path) as file:
            head = file.readline()
            return next(csv.reader([head], delimiter=_delimiter(head)), [])
    seen: dict[str, None] = {}
    for (_number, record), _at in zip(_jsonl(path), range(_KEYS_OF), strict=False):
        seen.update(dict.fromkeys(str(key) for key in record))
    return list(seen)


_KEYS_OF = 100  # objects of a JSONL file whose keys are looked at


def is_jsonl(path: Path) -> bool:
    """By the end of its name."""
    return path.suffix.lower() in (".jsonl", ".ndjson")


def records_of(path: Path) -> Iterator[tuple[int, Record]]:
    """Records with their number: the row as a spreadsheet shows it (the head is row 1), the line of a JSONL file.

    Raises UsageError for what is no table.
    """
    return _jsonl(path) if is_jsonl(path) else _csv(path)


def _csv(path: Path) -> Iterator[tuple[int, Record]]:
    csv.field_size_limit(LONGEST_FIELD)
    number = 1
    with opened(path) as file:
        head = file.readline()
        reader = csv.DictReader(chain([head], file), strict=True, delimiter=_delimiter(head))
        try:
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


def _jsonl(path: Path) -> Iterator[tuple[int, Record]]:
    with opened(path) as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield number, _json_object(path, number, line)


def _json_object(path: Path, number: int, line: str) -> Record:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"line {number} is not JSON: {error}", where=str(path), remedy="one JSON object a line"
        ) from None
    if not isinstance(record, dict):
        raise UsageError(f"line {number} is not a JSON object", where=str(path), remedy="one JSON object a line")
    return record
