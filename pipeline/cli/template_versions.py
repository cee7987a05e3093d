"""template: what a letter looks like for real mails, what it was before, and how to go back."""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, doors_of, print_json, print_jsonl, print_table, printable, write_page
from pipeline.cli.template import app
from pipeline.errors import ExitCode, NotFoundError, UsageError
from pipeline.records.letter import mailbox_and_name

if TYPE_CHECKING:
    from pipeline.cli.documents.letters import RestoredVersionDocument, VersionDiffDocument
    from pipeline.records.letter import RecordedVersion
    from pipeline.records.texts import TextVersion
    from pipeline.replies.preview import Variant
    from pipeline.wiring.live_doors import LiveDoors

__all__ = ["app"]  # that of template.py, with these commands in it as well

Name = Annotated[
    str,
    typer.Argument(metavar="NAME", help="The letter's name, as delivery-complaint; a mailbox's own: support/delivery."),
]
Language = Annotated[str, typer.Option(help="Only in this language, as de.")]
ON_DISK = "on disk"


@app.command()
def preview(
    context: typer.Context,
    name: Name,
    mail: Annotated[str, typer.Option(metavar="ID", help="For this mail of the ledger.")] = "",
    file: Annotated[Path | None, typer.Option(metavar="F", help="For the mail in this file (.eml).")] = None,
    language: Language = "",
    last: Annotated[int, typer.Option(min=1, help="For this many mails of the ledger, the hard ones first.")] = 5,
    diff: Annotated[
        bool, typer.Option("--diff", help="What changes against the version in use, for the last mails.")
    ] = False,
    against: Annotated[str, typer.Option(metavar="VERSION", help="The same against this version.")] = "",
    draft: Annotated[
        Path | None,
        typer.Option(metavar="F", help="Try this file in place of the letter's own."),
    ] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page with all side by side.")] = None,
    as_json: AsJson = False,
) -> None:
    """The letter for real mails, in every language. Nothing is sent or stored."""
    from pipeline.cli.documents.letters import preview_document
    from pipeline.desk.preview import Wish, look
    from pipeline.replies.page import render

    if mail and file:
        raise UsageError("--mail and --file exclude each other", remedy="name one of them")
    wish = Wish(
        name=name, language=language, mail_id=_mail_id(mail), file=file, last=last, diff=diff, against=against,
        draft=draft,
    )  # fmt: skip
    with doors_of(context) as doors:
        variants = look(doors, wish)
    compared = diff or bool(against)
    if html:
        write_page(html, render(name, variants, compared=compared))
    if as_json:
        print_jsonl(preview_document(one, _changes(one), compared=compared) for one in variants)
    elif html:
        print(f"{html}: open it in a browser")
    else:
        _print(variants, compared=compared)
    if any(variant.problem for variant in variants):
        raise typer.Exit(ExitCode.PROBLEM)


def _mail_id(text: str) -> str:
    from pipeline.cli.mail import id_of

    return id_of(text) if text else ""


def _changes(variant: Variant) -> list[str] | None:
    """None: there is nothing to compare with."""
    from pipeline.replies.page import changes

    return changes(variant.before, variant.now) if variant.before and variant.now else None


def _print(variants: list[Variant], *, compared: bool) -> None:
    shown = None
    for variant in variants:
        if variant.case is not shown:
            shown = variant.case
            about = "  ".join(part for part in (shown.mail_id, shown.about, f"“{shown.subject}”") if part)
            print(f"\n=== {printable(about)}" + (f"  ({', '.join(shown.traits)})" if shown.traits else ""))
        print(f"\n--- {variant.language}")
        for line in _lines(variant, compared=compared):
            print("  " + printable(line))


def _lines(variant: Variant, *, compared: bool) -> Iterator[str]:
    letter = variant.now
    if letter is None:
        yield f"it can't be made: {variant.problem}"
    elif compared:
        changes = _changes(variant)
        unknown = ["nothing to compare with: no version in use is recorded"]
        yield from unknown if changes is None else changes or ["nothing changes for this mail"]
    else:
        yield from (f"Subject: {letter.subject}", "", *letter.text.splitlines())
        yield "(with an HTML part: --html FILE shows it)" if letter.html else ""


@app.command()
def history(context: typer.Context, name: Name, language: Language = "", as_json: AsJson = False) -> None:
    """The versions of a letter: since when, how many mails each has answered, and which one is in use."""
    from pipeline.cli.documents.letters import version_document

    with doors_of(context) as doors:
        rows = [
            version_document(one, _saved_as(doors, one), exists=_exists(doors, one))
            for one in doors.versions.history(name, language)
        ]
    if not rows:
        raise _never_used(name)
    if as_json:
        print_jsonl(rows)
        return
    columns = ("language", "version", "first_used", "taken_up", "last_sent", "sent", "in_use", "by", "why")
    titles = [column.replace("_", " ") for column in columns]
    print_table(titles, [[{**row}[column] for column in columns] for row in rows])


def _saved_as(doors: LiveDoors, version: RecordedVersion) -> TextVersion | None:
    """Who has saved the letter's own files as they are in this version; None: they were changed on disk."""
    from pipeline.desk.texts.history import own_marks
    from pipeline.records.texts import TextKind, TextPlace
    from pipeline.store.texts import mark_of_files

    mailbox, name = mailbox_and_name(version.name)
    place = TextPlace(kind=TextKind.LETTER, language=version.language, name=name, mailbox=mailbox)
    mark = mark_of_files(own_marks(place, version.files or {}))
    return next((one for one in doors.text_versions.of(place) if one.mark == mark), None)


def _exists(doors: LiveDoors, version: RecordedVersion) -> bool:
    name = mailbox_and_name(version.name)[1]
    return any((folder / version.language / f"{name}.txt").exists() for folder in _folders(doors, version.name))


def _never_used(name: str) -> NotFoundError:
    remedy = "see `firstline template list`; `firstline run` and `once` record a version when they take it into use"
    return NotFoundError(f"no version of a letter '{name}' is recorded", remedy=remedy)


def _folders(doors: LiveDoors, name: str) -> tuple[Path, ...]:
    return doors.config.letter_folders(mailbox_and_name(name)[0])


@app.command()
def diff(
    context: typer.Context,
    name: Name,
    version: Annotated[str, typer.Argument(metavar="[V1]", help="Without: the version in use.")] = "",
    other: Annotated[str, typer.Argument(metavar="[V2]", help="Without: the files on disk.")] = "",
    language: Language = "",
    as_json: AsJson = False,
) -> None:
    """What is different between two versions, or between the one in use and the files on disk."""
    with doors_of(context) as doors:
        documents = list(_differences(doors, name, version, other, language))
    if as_json:
        print_jsonl(documents)
        return
    for document in documents:
        print(f"{document['language']}/{name}: {document['before']} against {document['after']}", end="")
        print("" if document["lines"] else ": no difference")
        for line in document["lines"]:
            print(printable(line))


def _differences(doors: LiveDoors, name: str, version: str, other: str, language: str) -> Iterator[VersionDiffDocument]:
    from pipeline.desk.preview import version_of
    from pipeline.replies.versions import differences

    if version:
        befores = [version_of(doors, name, version, language)]
    else:
        befores = [row for row in doors.versions.history(name, language) if row.in_use]
    if not befores:
        raise _never_used(name)
    for before in befores:
        after = version_of(doors, name, other, before.language) if other else None
        new = doors.versions.sources(after.files or {}) if after else _on_disk(doors, before)
        yield {
            "language": before.language,
            "before": before.version,
            "after": after.version if after else ON_DISK,
            "lines": list(differences(doors.versions.sources(before.files or {}), new)),
        }


def _on_disk(doors: LiveDoors, version: RecordedVersion) -> Mapping[str, str]:
    """The letter's own files and the parts that the version is made of, as they are now."""
    from pipeline.replies.files import decode, take_snapshot
    from pipeline.replies.versions import own_files

    texts, unreadable = decode(take_snapshot(*_folders(doors, version.name)))
    wanted = {*own_files(version.language, mailbox_and_name(version.name)[1]), *(version.files or ())}
    for finding in unreadable:
        if finding.file in wanted:
            raise UsageError(finding.message, where=finding.file, remedy=finding.remedy)
    return {file: text for file, text in texts.items() if file in wanted}


@app.command()
def restore(
    context: typer.Context,
    name: Name,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="As `template history` shows it.")],
    language: Language = "",
    parts: Annotated[
        bool, typer.Option("--parts", help="Also the base files as they were, which other letters share.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Even if an edit is lost that was never in use.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write the files of an earlier version back. A running Firstline takes them up within seconds."""
    from pipeline.desk.preview import version_of
    from pipeline.replies.versions import find_unsaved, make_plan, put_back

    with doors_of(context) as doors:
        wanted, folders = version_of(doors, name, version, language), _folders(doors, name)
        own_name = mailbox_and_name(name)[1]
        plan = make_plan(folders, wanted.language, own_name, doors.versions.sources(wanted.files or {}), parts=parts)
        known = doors.versions.texts([*plan.write, *plan.delete])
        if (lost := find_unsaved(folders[-1], plan, known)) and not force:
            remedy = "look with `firstline template diff`; copy the file if it is needed, then --force"
            raise UsageError("this edit was never in use and would be lost", where=", ".join(lost), remedy=remedy)
        with _kept(doors, name, wanted):
            put_back(folders, plan)
    document: RestoredVersionDocument = {
        "name": name, "language": wanted.language, "version": wanted.version,
        "written": sorted(plan.write), "deleted": list(plan.delete), "other_parts": list(plan.other_parts),
    }  # fmt: skip
    if as_json:
        print_json(document)
        return
    _print_restored(document)


@contextmanager
def _kept(doors: LiveDoors, name: str, wanted: RecordedVersion) -> Iterator[None]:
    """What is written over, and who goes back to what, stand in the history of the text."""
    from pipeline.desk.texts.opened import open_text
    from pipeline.records.texts import TextKind, TextPlace

    mailbox, own_name = mailbox_and_name(name)
    place = TextPlace(kind=TextKind.LETTER, language=wanted.language, name=own_name, mailbox=mailbox)
    at, before = doors.clock.now(), open_text(doors.config, place)
    if before.parts:
        doors.text_versions.keep(place, before.parts, "", "", min(at, before.changed or at))
    yield
    parts = open_text(doors.config, place).parts
    doors.text_versions.keep(place, parts, getpass.getuser(), f"back to version {wanted.version}", at)


def _print_restored(document: RestoredVersionDocument) -> None:
    for file in document["written"]:
        print(f"{file}: written as it was in {document['version']}")
    for file in document["deleted"]:
        print(f"{file}: deleted, that version had none")
    if not document["written"] and not document["deleted"]:
        print(f"{document['language']}/{document['name']}: its own files are as in {document['version']} already")
    for file in document["other_parts"]:
        print(f"{file} has changed since then and was left alone, as other letters share it (--parts writes it too)")
