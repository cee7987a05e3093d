"""template: saving a letter, saved reply or help page as the desk does, with a reason and never over another's edit."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, doors_of, print_json
from pipeline.cli.template_versions import app
from pipeline.errors import ExitCode, UsageError
from pipeline.records.letter import mailbox_and_name

if TYPE_CHECKING:
    from pipeline.cli.documents.letters import SavedTextDocument, TestMailDocument
    from pipeline.config.settings import Config
    from pipeline.desk.texts.saving import SaveOutcome
    from pipeline.records.texts import TextPlace

__all__ = ["app"]  # that of template_versions.py, with these commands in it as well

TextName = Annotated[
    str,
    typer.Argument(metavar="NAME", help="As delivery-complaint or base; a mailbox's own: support/delivery."),
]
TextLanguage = Annotated[str, typer.Option(help="As de. Without: that of [replies].")]
TextKindOption = Annotated[str, typer.Option("--kind", help="letter, saved (a saved reply) or article (a help page).")]


@app.command()
def save(
    context: typer.Context,
    name: TextName,
    file: Annotated[Path, typer.Option(metavar="F", help="What it shall say from now on.")],
    why: Annotated[str, typer.Option(help="The reason, in a few words: colleagues read it later.")],
    language: TextLanguage = "",
    kind: TextKindOption = "letter",
    page: Annotated[
        Path | None, typer.Option(metavar="F", help="Its HTML part. Without: the one that is there stays.")
    ] = None,
    opened: Annotated[
        str, typer.Option(metavar="MARK", help="Only if it is still as this command or the desk has shown it.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Save a text as the desk does: only if it passes the check. Exit code 1 when it does not, or was changed since."""
    from pipeline.desk.audit import noted
    from pipeline.desk.texts.opened import open_text
    from pipeline.desk.texts.saving import SavedText, TextChange
    from pipeline.desk.texts.saving import save as save_text

    with doors_of(context) as doors:
        place = _place(doors.config, name, kind, language)
        now = open_text(doors.config, place)
        parts = dict(now.parts) | {place.files[0]: _typed(file)}
        if page and len(place.files) > 1:
            parts[place.files[1]] = _typed(page)
        with noted(doors, "save-text", place.key) as line:
            done = save_text(
                doors, TextChange(place=place, parts=parts, opened=opened or now.mark, why=why), getpass.getuser()
            )
            line.after["outcome"] = type(done).__name__
    document = _document(place, done)
    if as_json:
        print_json(document)
    else:
        _print_saved(document)
    if not isinstance(done, SavedText):
        raise typer.Exit(ExitCode.PROBLEM)


def _place(config: Config, name: str, kind: str, language: str) -> TextPlace:
    from pipeline.desk.texts.places import place_of

    mailbox, own_name = mailbox_and_name(name)
    return place_of(config, kind, language or config.replies.language, own_name, mailbox)


def _typed(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError("the file is not UTF-8", where=str(file), remedy="save it with that encoding") from error
    except OSError as error:
        raise UsageError(f"can't be read: {error.strerror}", where=str(file), remedy="name a text file") from error


def _document(place: TextPlace, done: SaveOutcome) -> SavedTextDocument:
    from pipeline.cli.documents.letters import finding_document
    from pipeline.desk.texts.saving import TextConflict, UnfitText

    version = getattr(done, "version", None)
    return {
        "text": place.key,
        "saved": version is not None,
        "mark": version.mark if version else done.now.mark if isinstance(done, TextConflict) else None,
        "conflict": isinstance(done, TextConflict),
        "findings": [finding_document(one) for one in done.findings] if isinstance(done, UnfitText) else [],
        "left": list(getattr(done, "left", ())),
    }


def _print_saved(document: SavedTextDocument) -> None:
    for one in document["findings"]:
        place = f"{one['file']}, line {one['line']}" if one["line"] else one["file"]
        print(f"{place}: {one['severity']}: {one['message']} → {one['remedy']}")
    for file in document["left"]:
        print(f"{file}: changed on another machine, too: see `firstline share status`")
    if document["findings"]:
        print(f"{document['text']}: nothing was written")
    elif document["conflict"]:
        print(f"{document['text']}: it was changed meanwhile, so nothing was written; it is {document['mark']} now")
    else:
        told = f"saved as {document['mark']}" if document["saved"] else "it was like that already"
        print(f"{document['text']}: {told}")


@app.command()
def send(
    context: typer.Context,
    name: TextName,
    to: Annotated[str, typer.Option(metavar="ADDRESS", help="Whom to: oneself, or a colleague.")],
    language: TextLanguage = "",
    kind: TextKindOption = "letter",
    draft: Annotated[Path | None, typer.Option(metavar="F", help="Try this file in place of the text's own.")] = None,
    as_json: AsJson = False,
) -> None:
    """Send one mail with sample values, marked as a test. It counts nowhere, and no customer gets it."""
    from pipeline.desk.audit import noted
    from pipeline.desk.texts.opened import open_text
    from pipeline.desk.texts.trying import send_to
    from pipeline.records.mail import is_writable

    if not is_writable(to):
        raise UsageError("this is no address", where=to, remedy="as anna@example.com")
    with doors_of(context) as doors:
        place = _place(doors.config, name, kind, language)
        parts = dict(open_text(doors.config, place).parts)
        if draft:
            parts[place.files[0]] = _typed(draft)
        with noted(doors, "send-text", place.key) as line:
            subject = send_to(doors, place, parts, to)
            line.after["to"] = to
    document: TestMailDocument = {"text": place.key, "to": to, "subject": subject}
    if as_json:
        print_json(document)
    else:
        print(f"sent to {to}: {subject}")
