"""ticket answer: a mail of a person to the customer of a ticket."""

from __future__ import annotations

import getpass
import mimetypes
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, doors_of, print_json, print_table, printable
from pipeline.cli.ticket import Actor, Ref, app, ref_of, status_of
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.desk.answer import AnswerPreview, Pen
    from pipeline.records.answer import AnswerDraft, GivenAnswer, Typed
    from pipeline.wiring.live_doors import LiveDoors

__all__ = ["app"]  # that of ticket.py, with this command in it as well


@app.command()
def answer(
    context: typer.Context,
    ref: Ref,
    file: Annotated[str, typer.Option(metavar="FILE", help="The text; - reads it from standard input.")] = "",
    saved: Annotated[str, typer.Option(metavar="NAME", help="A saved reply, before the text.")] = "",
    attach: Annotated[list[Path] | None, typer.Option(metavar="FILE", help="A file that goes with it.")] = None,
    cc: Annotated[list[str] | None, typer.Option(metavar="ADDRESS", help="Who gets a copy.")] = None,
    subject: Annotated[str, typer.Option(help="Instead of the customer's.")] = "",
    status: Annotated[str, typer.Option(help="Set the ticket to this once it is sent, as resolved.")] = "",
    name: Annotated[str, typer.Option(help="Your name, as the customer reads it.")] = "",
    draft: Annotated[bool, typer.Option("--draft", help="What you have written on the page.")] = False,
    preview: Annotated[bool, typer.Option("--preview", help="Only show it, as the customer would see it.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take it back, as long as nobody has begun to send it.")] = False,
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Answer the customer by mail. It is sent ten seconds later by `firstline run`."""
    from pipeline.desk import answer as desk
    from pipeline.desk.answer import Pen

    with doors_of(context) as doors:
        pen = Pen(ticket=ref_of(ref), author=actor or getpass.getuser(), name=name)
        if undo:
            _show_draft(desk.undo(doors, pen), as_json=as_json)
            return
        kept = desk.draft_of(doors, pen)
        if not draft:
            _refuse_to_overwrite(kept)
            kept = _written(doors, pen, _typed(doors, pen, file, saved, subject, cc or [], status), attach or [])
        try:
            if preview:
                _show_preview(desk.preview(doors, pen, kept), as_json=as_json)
            else:
                _show_sent(desk.send(doors, pen, kept.id, kept.version), as_json=as_json)
        finally:
            if not draft:  # what is not sent is still in the user's file
                desk.discard(doors, kept)


def _refuse_to_overwrite(kept: AnswerDraft) -> None:
    if kept.version:
        raise UsageError(
            "you have a draft for this ticket", where=kept.ticket, remedy="--draft sends it; or discard it on its page"
        )


def _typed(doors: LiveDoors, pen: Pen, file: str, saved: str, subject: str, cc: list[str], status: str) -> Typed:
    from pipeline.desk import answer as desk

    if not file and not saved:
        raise UsageError("what is the answer?", where=pen.ticket, remedy="--file TEXT, --saved NAME or --draft")
    parts = [desk.saved_reply(doors, pen, saved) if saved else "", _read(file) if file else ""]
    return desk.typed_by(
        doors.config,
        text="\n\n".join(filter(None, parts)),
        subject=subject,
        cc=cc,
        then=status_of(status) if status else None,
    )


def _written(doors: LiveDoors, pen: Pen, typed: Typed, attached: list[Path]) -> AnswerDraft:
    """The draft in the store, with its files."""
    from pipeline.desk import answer as desk
    from pipeline.records.answer import DraftConflict

    files = [(path, _bytes(path)) for path in attached]
    kept = desk.save(doors, pen, typed, 0)
    if isinstance(kept, DraftConflict):
        _refuse_to_overwrite(kept.kept)
        raise AssertionError("a kept draft has a version")
    try:
        for path, data in files:
            kept = desk.attach(doors, pen, path.name, mimetypes.guess_type(path.name)[0] or "", data)
    except UsageError:
        desk.discard(doors, kept)
        raise
    return kept


def _read(file: str) -> str:
    raw = sys.stdin.buffer.read() if file == "-" else _bytes(Path(file))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError("it is not UTF-8", where=file, remedy="save it with that encoding") from None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"can't be read: {error.strerror}", where=str(path), remedy="name a file") from error


def _show_draft(kept: AnswerDraft, *, as_json: bool) -> None:
    from pipeline.cli.documents.answers import draft_document

    if as_json:
        print_json(draft_document(kept))
        return
    print("taken back: it is a draft again, and was not sent")
    print()
    _print_lines(kept.typed.text)


def _show_sent(given: GivenAnswer, *, as_json: bool) -> None:
    from pipeline.cli.documents.answers import answer_document

    if as_json:
        print_json(answer_document(given))
        return
    whom = ", ".join([given.to, *given.cc])
    print(f"to {printable(whom)}: it is sent from {printable(given.sends_at)} on")
    print(f"to take it back before: firstline ticket answer {given.ticket} --undo")


def _show_preview(shown: AnswerPreview, *, as_json: bool) -> None:
    from pipeline.cli.documents.answers import preview_document

    document = preview_document(shown)
    if as_json:
        print_json(document)
        return
    lines = ("to", "cc", "subject", "files", "problem")
    print_table(["as the customer sees it", ""], [(name, document[name]) for name in lines])  # type: ignore[literal-required]
    print()
    _print_lines(document["text"])


def _print_lines(text: str) -> None:
    print("\n".join(printable(line) for line in text.splitlines()))
