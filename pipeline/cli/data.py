"""data: labelled mail comes in, is counted, checked and given out; people label what the machine was unsure of."""

from __future__ import annotations

import getpass
import re
from collections.abc import Container, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import confirm as confirm_command
from pipeline.cli import fixing as fixing_command
from pipeline.cli import naming as naming_command
from pipeline.cli import review as review_command
from pipeline.cli.columns import (
    Complaint,
    Language,
    Sender,
    Sentiment,
    Spreadsheets,
    Subject,
    Text,
    Topic,
    columns_of,
    mapped,
)
from pipeline.cli.context import AsJson, counting, doors_of, print_json, print_table, telling_steps
from pipeline.errors import ExitCode, UsageError
from pipeline.text.numbers import many

if TYPE_CHECKING:
    from pipeline.cli.documents.data import (
        ImportDocument,
        RefusedRowDocument,
    )
    from pipeline.desk.collect import Collected
    from pipeline.learn.data_document import AuditDocument
    from pipeline.learn.importing import Intake, Terms
    from pipeline.learn.registry import Registry
    from pipeline.wiring.live_doors import LiveDoors

app = typer.Typer(help="The mail that the classifier learns from.", no_args_is_help=True)
app.command("review")(review_command.review)
app.command("fix")(fixing_command.fix)
app.command("discover")(naming_command.discover)
app.command("name")(naming_command.name)
app.command("confirm")(confirm_command.confirm)

Source = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE…",
        help="FILE.csv, FILE.jsonl, mbox:PATH, maildir:PATH, imap:NAME/FOLDER (NAME of [mailbox.NAME]; "
        "NAME/* for all folders). The name of a folder is the topic.",
    ),
]


@app.command("import")
def import_(
    context: typer.Context,
    source: Source,
    text_column: Text = None,
    subject_column: Subject = None,
    topic_column: Topic = None,
    sentiment_column: Sentiment = None,
    complaint_column: Complaint = None,
    language_column: Language = None,
    sender_column: Sender = None,
    rename: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="OLD=NEW",
            help="A topic by another name, '' to leave it out; HEADING=FIELD; FIELD:OLD=NEW.",
        ),
    ] = None,
    by: Annotated[str, typer.Option("--by", metavar="WHO", help="Who labelled them; you by default.")] = "",
    origin: Annotated[
        str, typer.Option("--source", metavar="WORDS", help="Where they come from, for the record.")
    ] = "",
    name: Annotated[str, typer.Option(help="Name of the file in training_data/; else after the source.")] = "",
    good_rows: Annotated[
        bool, typer.Option("--good-rows", help="Import the good rows of a file with wrong ones.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take labelled mail into training_data/: cleaned, redacted, without duplicates. All of it or nothing."""
    from pipeline.desk import collect
    from pipeline.desk.writers import name_writers

    with doors_of(context) as doors:
        said = mapped(rename or [], doors.config.topics)
        columns = columns_of(
            said,
            text=text_column,
            subject=subject_column,
            topic=topic_column,
            sentiment=sentiment_column,
            complaint=complaint_column,
            language=language_column,
            sender=sender_column,
        )
        terms = _terms(doors, said.topics, by, origin)
        with counting("reading", quiet=as_json) as progress:
            collected = collect.collect(doors, source, columns, progress=progress)
        _refuse(collected, good_rows=good_rows)
        with counting("redacting", quiet=as_json) as progress:
            intake, path = collect.bring_in(doors, collected, terms, name or _name_after(source[0]), progress)
        name_writers(doors)
    document = _told(intake, collected, path)
    if as_json:
        print_json(document)
    else:
        _print_import(document)


def _terms(doors: LiveDoors, rename: Mapping[str, str], by: str, origin: str) -> Terms:
    from pipeline.learn.importing import Terms

    return Terms(
        login=getpass.getuser(),
        labelled_at=doors.clock.now().replace(microsecond=0),
        pseudonym=doors.signer.pseudonym,
        by=by,
        source=origin,
        rename=rename,
        topics=tuple(doors.config.topics),
    )


def _refuse(collected: Collected, *, good_rows: bool) -> None:
    """A file with wrong rows is not imported, not even half, unless that is asked for."""
    if not collected.wrong or good_rows:
        return
    first, *others = collected.wrong
    more = "".join(f"\n{problems.where}: {problems.shown}" for problems in others)
    raise UsageError(
        first.shown + more,
        where=first.where,
        remedy=f"nothing was imported: correct these rows or take the {len(collected.rows)} good ones with --good-rows",
    )


def _name_after(source: str) -> str:
    """`imap:support/Sorted/Late` → `support-sorted-late`, `Mails 2026.csv` → `mails-2026`."""
    kind, _, rest = source.partition(":")
    bare = rest if kind in ("imap", "mbox", "maildir") else Path(source).stem
    if kind in ("mbox", "maildir"):
        bare = Path(rest).stem
    return re.sub(r"[^a-z0-9]+", "-", bare.lower()).strip("-")[:60] or "imported"


def _told(intake: Intake, collected: Collected, path: Path) -> ImportDocument:
    topics: dict[str, int] = {}
    for row in intake.rows:
        if row.topic:
            topics[row.topic] = topics.get(row.topic, 0) + 1
    refused: list[RefusedRowDocument] = [
        {"file": problems.where, "problem": line} for problems in collected.wrong for line in problems.found[:100]
    ]
    return {
        "file": str(path),
        "read": intake.read,
        "imported": len(intake.rows),
        "duplicates": intake.duplicates,
        "conflicting": intake.conflicting,
        "corrected": intake.corrected,
        "robots": len(collected.robots),
        "unlabelled": intake.unlabelled,
        "left_out": intake.left_out,
        "refused_rows": sum(len(problems.rows) for problems in collected.wrong),
        "refused": refused,
        "topics": dict(sorted(topics.items())),
    }


def _print_import(document: ImportDocument) -> None:
    print(f"{document['imported']} of {many(document['read'], 'mail')} imported into {document['file']}")
    for count, what in (
        ("duplicates", "were there already"),
        ("conflicting", "of those are there with another label, and say no date: the label there stays"),
        ("corrected", "were there with an earlier label: the later one counts"),
        ("robots", "were written by no person"),
        ("unlabelled", "had no label"),
        ("left_out", "were left out by --map"),
        ("refused_rows", "rows were wrong:"),
    ):
        if number := {**document}[count]:
            print(f"  {number} {what}")
    for problem in document["refused"][:20]:
        print(f"    {problem['problem']}")
    if document["topics"]:
        print_table(["topic", "mails"], document["topics"].items())


@app.command()
def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new .csv or .jsonl file.")],
    for_spreadsheets: Spreadsheets = False,
    as_json: AsJson = False,
) -> None:
    """Everything in training_data/ that is learned from (so neither check.csv nor confirmed.csv) into one file."""
    from pipeline.cli.documents.data import ExportDocument
    from pipeline.desk.collect import shelf_of
    from pipeline.learn import shelf

    with doors_of(context) as doors:
        rows = shelf.export(shelf_of(doors).learned(), file, for_spreadsheets=for_spreadsheets)
    if as_json:
        print_json(ExportDocument(file=str(file), rows=rows))
    else:
        print(f"{file}: {rows} rows")


@app.command()
def stats(context: typer.Context, as_json: AsJson = False) -> None:
    """How many mails there are, by label, language, source and who labelled them."""
    from pipeline.desk.collect import shelf_of
    from pipeline.learn import audit

    with doors_of(context) as doors:
        document = audit.count_rows(shelf_of(doors).rows())
    if as_json:
        print_json(document)
        return
    print(
        f"{document['rows']} rows, {document['texts']} different texts, {document['groups']} that are really different"
    )
    for what, counts in document.items():
        if not isinstance(counts, dict):
            continue
        print_table([what, "rows"], [(name or "(none)", count) for name, count in counts.items()])
        print()


@app.command("audit")
def audit_(
    context: typer.Context,
    limit: Annotated[int, typer.Option(help="Suspected labels at most; 0 for 1 % of the rows.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Labels that are probably wrong, near-duplicates, contradictions (exit 1), leaks. Changes nothing."""
    from pipeline.desk.collect import shelf_of
    from pipeline.learn import audit
    from pipeline.learn.meaning import Meaning
    from pipeline.learn.registry import registry_of
    from pipeline.wiring.keys import key_of

    with doors_of(context) as doors, telling_steps(quiet=as_json) as tell:
        registry = registry_of(doors.config, key_of(doors.config))
        rows, parts = shelf_of(doors).redacted(), _parts_in_use(registry)
        tell("checking all labels")
        aside = shelf_of(doors).left_out()
        document = audit.audit(rows, *parts, limit=limit, left_out=aside, encode=Meaning(registry, tell).of)
    if as_json:
        print_json(document)
    else:
        _print_audit(document)
    if document["contradictions"]:
        raise typer.Exit(ExitCode.PROBLEM)


def _parts_in_use(registry: Registry) -> tuple[Container[str], Container[str]]:
    """Hashes of the rows that the version in use fitted, and of those it kept out."""
    from pipeline.learn.version import ROWS_FITTED, ROWS_FROZEN

    name = registry.current()
    if not name:
        return frozenset(), frozenset()
    version = registry.version(name)
    return version.rows(ROWS_FITTED), version.rows(ROWS_FROZEN)


def _how_many(document: AuditDocument) -> str:
    """What stands above the suspected labels."""
    counts = document["suspected"]
    by_head = ", ".join(f"{count} {head}" for head, count in counts.items())
    whole = f"{many(sum(counts.values()), 'label')} probably wrong ({by_head})"
    return f"{whole}; the worst {len(document['suspects'])}, `firstline data fix` goes through all"


def _print_audit(document: AuditDocument) -> None:
    print(
        f"{many(document['rows'], 'mail')}; near-duplicates: {many(document['near_duplicates']['rows'], 'surplus row')}"
    )
    if document["suspects"]:
        print_table(
            ["head", "label", "rather", "doubt", "file of", "text"],
            [
                (one["head"], one["label"], one["rather"], f"{one['doubt']:.2f}", one["source"], one["text"][:90])
                for one in document["suspects"]
            ],
            title=_how_many(document),
        )
    for contradiction in document["contradictions"]:
        print(f"contradiction: {contradiction['what']}: {contradiction['text'][:90]}")
    for leak in document["leaks"]:
        print(f"near-duplicate {leak['what']}: {leak['text'][:90]}")
    if document["left_out"]:
        why = ", ".join(f"{count} × {reason}" for reason, count in document["left_out"].items())
        print(f"Imports did not take these, they are in training_data/left_out: {why}")
    for note in document["notes"]:
        print(f"Note: {note}")
