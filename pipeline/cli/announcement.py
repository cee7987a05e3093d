"""announcement: known problems that every letter of a topic tells of while they last."""

from __future__ import annotations

import getpass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from pipeline.cli.context import AsJson, doors_of, print_json, print_jsonl, print_table
from pipeline.errors import UsageError
from pipeline.text.numbers import many

if TYPE_CHECKING:
    from pipeline.cli.documents.announcements import AnnouncementDocument
    from pipeline.records.announcement import Announcement

app = typer.Typer(help="Known problems that letters tell of.", no_args_is_help=True)


@app.command()
def add(
    context: typer.Context,
    texts: Annotated[list[str], typer.Option("--text", help="A sentence or two, or a file with it. Once a language.")],
    languages: Annotated[list[str] | None, typer.Option("--language", help="Of each text, in the same order.")] = None,
    topic: Annotated[str, typer.Option(help="Of [topics]; without one every letter tells of it.")] = "",
    until: Annotated[str, typer.Option(help="When it ends by itself: 2026-12-01 or 2026-12-01T18:00.")] = "",
    actor: Annotated[str, typer.Option("--as", help="Who says so; the name of your login by default.")] = "",
    as_json: AsJson = False,
) -> None:
    """From now on every letter of the topic tells of it."""
    from pipeline.desk import announce

    with doors_of(context) as doors:
        said = _by_language(texts, languages or [doors.config.replies.language])
        ends = _moment(until, doors.config.calendar.timezone)
        made, missing = announce.begin(doors, topic, said, ends, actor or getpass.getuser())
    if as_json:
        print_json(_document(made, doors.clock.now()))
        return
    print(f"announcement {made.id} is in force")
    for language in missing:
        print(f"  letters in {language} go out without it: add --language {language} --text '…'")


@app.command()
def change(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID")],
    texts: Annotated[
        list[str] | None, typer.Option("--text", help="In place of what it says, or in one more language.")
    ] = None,
    languages: Annotated[list[str] | None, typer.Option("--language", help="Of each text, in the same order.")] = None,
    until: Annotated[str, typer.Option(help='When it ends by itself; "": not any more.')] = "as it is",
    why: Annotated[str, typer.Option("--why", help="Why; it stands in the history.")] = "",
    actor: Annotated[str, typer.Option("--as", help="Who says so; the name of your login by default.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say it otherwise, or in more languages. Texts that are not named stay."""
    from pipeline.desk import announce

    with doors_of(context) as doors:
        said = _by_language(texts or [], languages or ([doors.config.replies.language] if texts else []))
        one = doors.announcements.find(number)
        ends = one.until if until == "as it is" else _moment(until, doors.config.calendar.timezone)
        made = announce.change(doors, number, {**one.texts, **said}, ends, actor or getpass.getuser(), why)
        document = _document(made, doors.clock.now())
    if as_json:
        print_json(document)
        return
    print(f"announcement {number} is changed")


def _by_language(texts: list[str], languages: list[str]) -> dict[str, str]:
    if len(languages) != len(texts):
        raise UsageError("a text for each language", remedy="write --language de --text '…' once for each")
    return {language: _text(text) for language, text in zip(languages, texts, strict=True)}


@app.command("list")
def list_announcements(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """What letters tell of now."""
    with doors_of(context) as doors:
        now = doors.clock.now()
        found = [one for one in doors.announcements.all() if everything or one.holds(now)]
    documents = [_document(one, now) for one in found]
    if as_json:
        print_jsonl(documents)
        return
    columns = ("id", "topic", "since", "until", "in force", "by", "text")
    rows = [
        (one.id, one.topic or "(every letter)", one.since, one.ended or one.until, one.holds(now), one.author, text)
        for one in found
        for text in [" / ".join(f"{language}: {text}" for language, text in one.texts.items())]
    ]
    print_table(columns, rows)


@app.command()
def end(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID")],
    tell: Annotated[
        bool, typer.Option("--tell", help="Those whose answer told of it hear once that it is over.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """It is over: letters tell of it no more."""
    from pipeline.desk import announce

    with doors_of(context) as doors:
        ended, told = announce.end(doors, number, tell=tell, by=getpass.getuser())
        document = _document(ended, doors.clock.now())
    if as_json:
        print_json({**document, "told": told} if tell else document)
        return
    print(f"announcement {number} has ended")
    if tell:
        print(f"{many(told, 'customer')} told that it is over: the letters go out with the next pass")


def _text(text: str) -> str:
    path = Path(text)
    try:
        return path.read_text(encoding="utf-8").strip() if len(text) < 200 and path.is_file() else text.strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"can't be read: {error}", where=text, remedy="a text file in UTF-8") from error


def _moment(text: str, zone: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError("this is no time", where=text, remedy="write 2026-12-01 or 2026-12-01T18:00") from None
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))


def _document(one: Announcement, now: datetime) -> AnnouncementDocument:
    from pipeline.cli.documents.announcements import announcement_document

    return announcement_document(one, now)
