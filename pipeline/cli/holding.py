"""privacy hold, release, holds: what must be kept though its time is over, or its customer asks."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from pipeline.cli.context import AsJson, doors_of, print_json, print_jsonl, print_table

Named = Annotated[str, typer.Argument(metavar="REF|ADDRESS", help="A ticket, or a customer by their address.")]


def hold(
    context: typer.Context,
    named: Named,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="For whom, and until when: it is shown later.")],
    actor: Annotated[str, typer.Option(help="Who wants it; else the user of this machine.")] = "",
    as_json: AsJson = False,
) -> None:
    """Keep a ticket with its mails, or all of a customer, until it is released: nothing of it is purged or erased."""
    from pipeline.cli.documents.holding import hold_document
    from pipeline.desk.privacy import holding

    with doors_of(context) as doors:
        held = holding.hold(doors, named, why, actor or getpass.getuser())
    if as_json:
        print_json(hold_document(held))
    else:
        print(f"{held.what} is kept until `firstline privacy release {held.what}`")


def release(context: typer.Context, named: Named, as_json: AsJson = False) -> None:
    """Let it go: its time runs again, and it may be erased."""
    from pipeline.cli.documents.holding import hold_document
    from pipeline.desk.privacy import holding

    with doors_of(context) as doors:
        held = holding.release(doors, named)
    if as_json:
        print_json(hold_document(held))
    else:
        print(f"{held.what} is not held any more ({held.why})")


def holds(context: typer.Context, as_json: AsJson = False) -> None:
    """List what is held, since when, and why."""
    from pipeline.cli.documents.holding import hold_document

    with doors_of(context) as doors:
        found = doors.holds.all()
    if as_json:
        print_jsonl(map(hold_document, found))
        return
    if found:
        print_table(("what", "since", "who", "why"), [(one.what, one.at, one.who, one.why) for one in found])
    else:
        print("nothing is held")
