"""privacy redact: a text without what is personal in it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, print_jsonl
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.cli.documents.redacting import RedactedDocument
    from pipeline.text.redaction.known_names import Known


def redact(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Text, or JSONL with --json; - for standard input.")],
    names: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="NAME", help="Somebody whose name goes wherever it stands. May be repeated."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print a text without what is personal in it: each find becomes a word for its kind, such as <name>."""
    from pipeline.text.redact import redact_all
    from pipeline.text.redaction.known_names import Known

    known, text = Known.of(names or ()), _read(file)
    if as_json:
        print_jsonl(_documents(text, file, known))
    else:
        sys.stdout.write(redact_all(text, known))


def _read(file: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"can't be read: {error.strerror or error}", where=file, remedy="name a file") from None
    except UnicodeDecodeError as error:
        raise UsageError(
            f"is no text in UTF-8: byte {error.start + 1} begins no character", where=file, remedy="save it as UTF-8"
        ) from None


def _documents(text: str, file: str, known: Known) -> Iterator[RedactedDocument]:
    """Of each line where the first one is an object of JSON; else of the whole text."""
    from pipeline.cli.documents.redacting import redacted_document

    if text.lstrip().startswith("{"):
        texts = [_text_of(line, f"{file}, line {number}") for number, line in _lines(text)]
    else:
        texts = [text]
    return (redacted_document(one, known) for one in texts)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Not by splitlines: a text in JSON may hold other separators of lines as they are."""
    return ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def _text_of(line: str, where: str) -> str:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        raise UsageError("is no JSON", where=where, remedy="each line is an object with a `text`") from None
    text = given.get("text") if isinstance(given, dict) else None
    if not isinstance(text, str):
        raise UsageError("has no `text`", where=where, remedy='each line is an object such as {"text": "…"}')
    return text
