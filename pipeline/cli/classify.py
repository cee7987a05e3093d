"""classify: what Firstline would make of mail files; nothing is stored, nothing is sent."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, config_of, print_jsonl, print_table, print_words

if TYPE_CHECKING:
    from pipeline.cli.documents.models import ClassifiedDocument
    from pipeline.config.settings import Config
    from pipeline.doors import Predictor
    from pipeline.records.labels import Labels
    from pipeline.records.mail import Mail

BATCH = 200


def classify(
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(help="Mail files, any bytes; - for standard input.")] = None,
    text: Annotated[bool, typer.Option("--text", help="The files are plain text, not mails.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Also the words that decided, for each head.")] = False,
    as_json: AsJson = False,
) -> None:
    """Topic, sentiment, complaint and the guard's verdict of mail files; nothing is stored."""
    from pipeline import logs

    logs.set_up(quiet=True)
    rows = _documents(config_of(context), files or [Path("-")], as_text=text, explain=explain)
    if as_json:
        print_jsonl(rows)
        return
    columns = ("file", "subject", "topic", "sure", "sentiment", "complaint", "verdict", "reasons", "error")
    documents = list(rows)
    print_table(columns, [[_cell({**row}[column]) for column in columns] for row in documents])
    for row in documents if explain else []:
        print(f"\n{row['file']}")
        print_words(row["words"], row)


def _cell(value: object) -> object:
    return ", ".join(value) if isinstance(value, list) else value


def _documents(config: Config, files: list[Path], *, as_text: bool, explain: bool) -> Iterator[ClassifiedDocument]:
    """One document a file, in order, a predict per batch; a bad file never stops the rest."""
    from pipeline import understand as step
    from pipeline.cli.documents.models import with_words
    from pipeline.wiring.live_doors import build

    doors = build(config)
    predictor, note = doors.predictor()
    if note:
        typer.echo(f"firstline: {note}", err=True)
    for start in range(0, len(files), BATCH):
        batch = [(path, *_mail(config, path, as_text=as_text)) for path in files[start : start + BATCH]]
        mails = [mail for _, mail, _ in batch]
        readable = [mail for mail in mails if mail is not None]
        labels = iter(step.classify(readable, predictor))
        for path, mail, error in batch:
            if mail is None:
                document = _document(config, path, None, None, error)
            else:
                found, trouble = next(labels)
                document = _document(config, path, mail, found, trouble)
            yield with_words(document, _words(mail, predictor)) if explain else document


def _words(mail: Mail | None, predictor: Predictor | None) -> dict[str, list[tuple[str, float]]]:
    """What spoke for each head's label; nothing without a mail or a model."""
    return {} if mail is None or predictor is None else dict(predictor.explain(mail))


def _mail(config: Config, path: Path, *, as_text: bool) -> tuple[Mail | None, str]:
    from pipeline.parse import message

    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        return None, f"can't be read: {error.strerror or error}"
    return message.plain(raw) if as_text else message.parse(raw, forms=config.guard.forms), ""


def _document(config: Config, path: Path, mail: Mail | None, labels: Labels | None, error: str) -> ClassifiedDocument:
    from pipeline import thread
    from pipeline.cli.documents.models import classified_document, unreadable_document
    from pipeline.guard import judge
    from pipeline.judging import surroundings
    from pipeline.tokens import Signer
    from pipeline.wiring.keys import key_of

    if mail is None or labels is None:
        return unreadable_document(str(path), error)
    keys = thread.keys(mail, Signer(key_of(config)))
    return classified_document(str(path), mail, labels, judge.judge(mail, surroundings(config), keys, None), error)
