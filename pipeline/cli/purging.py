"""privacy purge: what is over by its clock goes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, doors_of, print_json, telling_steps
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.desk.privacy.purge import PurgeReport


def purge(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is over.")] = False,
    compact: Annotated[
        bool,
        typer.Option(
            "--compact", help="Then write the whole database file anew, without the space that is free in it."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Let go of what is over by the clocks of [privacy], as [schedule] purge does each night.

    It may run beside `run`, and waits for it. Only --compact needs the database for itself.
    """
    from pipeline.cli.documents.purging import purge_document
    from pipeline.desk.privacy.purge import carry_out, look

    if dry_run and compact:
        raise UsageError("--dry-run and --compact do not go together", remedy="leave one of them out")
    with doors_of(context) as doors, telling_steps(quiet=as_json) as tell:
        tell("looking for what is over")
        report = look(doors) if dry_run else carry_out(doors, threading.Event().wait, compact=compact, tell=tell)
    if as_json:
        print_json(purge_document(report))
    else:
        _print(report)
    if report.left:
        raise typer.Exit(1)


def _print(report: PurgeReport) -> None:
    for what, count in {**report.rows, **report.files}.items():
        print(f"  {what.replace('_', ' '):<24} {count:>9,}")
    for why in report.left:
        print(f"not reached: {why}")
    if not report.rows and not report.files:
        print("nothing is over")
    elif report.dry_run:
        print("nothing was changed")
    if report.free > report.bytes * 0.15:
        print(f"{report.free / 1e6:,.0f} MB of the file are free for new mail; --compact gives them back")
