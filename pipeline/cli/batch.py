"""batch: the same done to many cases at once."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import ticket
from pipeline.cli.context import AsJson, doors_of, print_json, print_table
from pipeline.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from pipeline.records.batch import BatchStep

app = typer.Typer(help="The same done to many cases or parked mails at once.", no_args_is_help=True)
Actor = Annotated[str, typer.Option("--as", help="Who does it; the name of your login by default.")]


@app.command()
def do(
    context: typer.Context,
    action: Annotated[str, typer.Argument(help="assign, status, priority, close-silently, release or discard.")],
    refs: Annotated[list[str], typer.Argument(metavar="REF…", help="Cases; for release and discard parked mails.")],
    to: Annotated[str, typer.Option(help="The owner, the status or the priority.")] = "",
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Do it to all of them; one that fails does not stop the others. Exit 1 when one failed."""
    from pipeline.desk import batch
    from pipeline.records.batch import BatchAction

    if action not in list(BatchAction):
        raise UsageError(f"there is no action '{action}'", remedy=f"one of {', '.join(BatchAction)}")
    with doors_of(context) as doors:
        who = actor or getpass.getuser()
        done = batch.do(doors, BatchAction(action), [ticket.ref_of(ref) for ref in refs], to, who)
    _tell(done.id, done.steps, as_json=as_json)


@app.command()
def undo(
    context: typer.Context,
    batch_id: Annotated[str, typer.Argument(metavar="ID", help="As `batch do` printed it.")],
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Put back what you did to many within a day, as far as that can be. Exit 1 when something could not."""
    from pipeline.desk import batch

    with doors_of(context) as doors:
        steps = batch.undo(doors, batch_id, actor or getpass.getuser())
    _tell(batch_id, steps, as_json=as_json)


def _tell(batch_id: str, steps: Sequence[BatchStep], *, as_json: bool) -> None:
    from pipeline.cli.documents.today import batch_document

    if as_json:
        print_json(batch_document(batch_id, steps))
    else:
        print_table(["ref", "was", "is", "not done"], [(one.ref, one.was, one.now, one.error) for one in steps])
        print(f"to undo it: firstline batch undo {batch_id}")
    if any(one.error for one in steps):
        raise typer.Exit(ExitCode.PROBLEM)
