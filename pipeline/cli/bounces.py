"""mail bounces: addresses that are not written to, because mail to them failed permanently."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.context import AsJson, doors_of, print_json, print_jsonl, print_table

app = typer.Typer(help="Addresses that are not written to.", no_args_is_help=True)


@app.command("list")
def list_bounces(context: typer.Context, as_json: AsJson = False) -> None:
    """Addresses to which mail failed permanently within `[guard] bounce_memory`, newest first."""
    from pipeline.cli.documents.tickets import bounce_document

    with doors_of(context) as doors:
        found = doors.bounces.remembered(doors.clock.now() - doors.config.guard.bounce_memory)
    documents = [bounce_document(one) for one in found]
    if as_json:
        print_jsonl(documents)
    elif documents:
        print_table(["address", "status", "at"], [list(one.values()) for one in documents])
    else:
        print("every address is written to")


@app.command()
def forget(
    context: typer.Context,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="As eve@example.org.")],
    as_json: AsJson = False,
) -> None:
    """Write to this address again. What was not sent meanwhile stays unsent."""
    from pipeline.cli.documents.bounces import ForgottenBounceDocument
    from pipeline.errors import NotFoundError

    with doors_of(context) as doors:
        if not doors.bounces.forget(address):
            raise NotFoundError(
                "mail to this address is not known to have failed",
                where=address,
                remedy="firstline mail bounces list",
            )
    if as_json:
        print_json(ForgottenBounceDocument(forgotten=address))
    else:
        print(f"{address} is written to again")
