"""share: letters, help pages and the model in use, the same on all machines, by way of the database."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, config_of, doors_of, print_json
from pipeline.errors import ExitCode

if TYPE_CHECKING:
    from pipeline.wiring.sharing import ComparedFile, ShareReport

app = typer.Typer(help="Letters and the model, the same on all machines ([store] share_files).", no_args_is_help=True)


@app.command()
def status(context: typer.Context, as_json: AsJson = False) -> None:
    """What is not the same here and in the database. Exit 1 where a file has changed on both sides."""
    with doors_of(context) as doors:
        report = doors.sharing.status()
    _print(report, "", as_json=as_json)


@app.command()
def push(
    context: typer.Context,
    ours: Annotated[bool, typer.Option("--ours", help="Where both sides have changed, ours counts.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put what has changed here into the database. Exit 1 where a file has changed on both sides."""
    with doors_of(context) as doors:
        report = doors.sharing.push(ours=ours)
    _print(report, "pushed", as_json=as_json)


@app.command()
def pull(
    context: typer.Context,
    theirs: Annotated[
        bool, typer.Option("--theirs", help="Where both sides have changed, the database's counts.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take up what others have pushed. Exit 1 where a file has changed on both sides."""
    with doors_of(context) as doors:
        report = doors.sharing.pull(theirs=theirs)
    _print(report, "taken up", as_json=as_json)


def share_model(context: typer.Context) -> None:
    """After another version is in use here, or people have confirmed something: for the others, where [store] says so.

    What hinders it is said on standard error; it is in use here all the same.
    """
    from pipeline.wiring.shared_folders import MODEL

    if not config_of(context).store.share_files:
        return
    with doors_of(context) as doors:
        report = doors.sharing.push(kinds=[MODEL])
    for problem in (*report.problems, *(_told(one) for one in report.left)):
        print(f"not shared: {problem} (firstline share push)", file=sys.stderr)


def _print(report: ShareReport, done: str, *, as_json: bool) -> None:
    from pipeline.cli.documents.sharing import shared_files_document

    if as_json:
        print_json(shared_files_document(report))
    else:
        for one in report.done:
            print(f"{one.name}: {done}")
        for one in report.left:
            print(_told(one))
        for problem in report.problems:
            print(f"Problem: {problem}")
        if not report.done and not report.left:
            print(f"{report.alike} files are the same here and in the database")
    if report.conflicts or report.problems:
        raise typer.Exit(ExitCode.PROBLEM)


def _told(one: ComparedFile) -> str:
    from pipeline.wiring.file_states import FileState

    by = f" by {one.there.who}, {one.there.at:%Y-%m-%d %H:%M} UTC" if one.there else ""
    return {
        FileState.HERE: f"{one.name}: changed here (firstline share push)",
        FileState.THERE: f"{one.name}: changed in the database{by} (firstline share pull)",
        FileState.CONFLICT: f"{one.name}: changed here and in the database{by}: "
        "firstline share push --ours, or share pull --theirs",
        FileState.ALIKE: f"{one.name}: the same",
    }[one.state]
