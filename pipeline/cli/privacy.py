"""privacy: what there is of a person, and that it goes."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import holding, purging, redacting
from pipeline.cli.context import AsJson, doors_of, print_json, telling_steps
from pipeline.text.numbers import many

if TYPE_CHECKING:
    from pipeline.desk.privacy.under_way import UnderWay
    from pipeline.records.personal import Traces

app = typer.Typer(help="Personal data: what there is of a customer, and that it goes.", no_args_is_help=True)
app.command()(purging.purge)
app.command()(redacting.redact)
app.command()(holding.hold)
app.command()(holding.release)
app.command()(holding.holds)
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The customer's, as eve@example.org.")]


@app.command()
def export(
    context: typer.Context,
    address: Address,
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="A new file; else ADDRESS.zip here.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write all that is kept of a customer into a zip: JSON, a page to read, and the mails as they came."""
    from pipeline.cli.documents.privacy import export_document
    from pipeline.desk.privacy.export import export as write
    from pipeline.desk.privacy.subject import subject_of

    with doors_of(context) as doors, telling_steps(quiet=as_json) as tell:
        subject = subject_of(address, doors.signer)
        tell("looking for what there is")
        found = doors.personal_data.find(subject)
        done = write(doors, found, to or Path(f"{subject.folded}.zip"))
    if as_json:
        print_json(export_document(done))
        return
    print(f"{done.file}: {many(sum(done.rows.values()), 'entry')} of the database, {many(done.mails, 'mail')}")
    if done.others:
        print(f"not in it: {many(done.others, 'mail')} of others in which they are named; these are theirs")


@app.command()
def erase(
    context: typer.Context,
    address: Address,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what there is.")] = False,
    keep_ticket: Annotated[bool, typer.Option("--keep-ticket", help="Their tickets stay as they are.")] = False,
    others: Annotated[
        bool | None,
        typer.Option("--others/--no-others", help="Cut address and name out of mails of others, too; else it asks."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask whether to begin.")] = False,
    actor: Annotated[str, typer.Option(help="Who wants it; else the user of this machine.")] = "",
    as_json: AsJson = False,
) -> None:
    """Erase a customer everywhere. Figures stay, promises kept stay, nothing is sent twice. It can't be undone.

    What was cut off, or could not be reached, goes on when the same is asked again.
    """
    from pipeline.cli.documents.privacy import erasure_document
    from pipeline.desk.privacy.erase import erase as carry_out
    from pipeline.desk.privacy.subject import subject_of

    asked = None
    with doors_of(context) as doors:
        subject = subject_of(address, doors.signer)
        found = doors.personal_data.find(subject)
        if not dry_run:
            too = _others_too(found, others, yes=yes)
            with telling_steps(quiet=as_json) as tell:
                asked = carry_out(
                    doors, found, by=actor or getpass.getuser(), keep_tickets=keep_ticket, others=too, tell=tell
                )
    if as_json:
        print_json(erasure_document(found, asked))
    else:
        _print(found, asked)
    if asked and asked.erasure.left:
        raise typer.Exit(1)


@app.command()
def sheet(context: typer.Context, as_json: AsJson = False) -> None:
    """What is kept of customers, why, how long and who receives it, by this configuration: to hand on (Markdown)."""
    from dataclasses import asdict

    from pipeline.cli.context import config_of
    from pipeline.desk.privacy.sheet import as_markdown, sheet_of

    made = sheet_of(config_of(context))
    if as_json:
        print_json(asdict(made))
    else:
        print(as_markdown(made), end="")


def _others_too(found: Traces, others: bool | None, *, yes: bool) -> bool:
    """Asks before anything is touched, on a terminal; elsewhere what was not said is not done."""
    asks = sys.stdin.isatty() and not yes
    if asks:
        print(_theirs(found))
        typer.confirm("Erase this? It can't be undone.", abort=True)
    if others is None and found.others and asks:
        return typer.confirm(f"Also cut them out of {many(len(found.others), 'mail')} of others?")
    return bool(others)


def _theirs(found: Traces) -> str:
    return f"{many(len(found.mails), 'mail')} and {many(len(found.tickets), 'ticket')} of theirs"


def _print(found: Traces, asked: UnderWay | None) -> None:
    print(_theirs(found))
    if asked is None:
        print(f"named in {many(len(found.others), 'mail')} of others; nothing was changed")
        return
    for what, count in asked.counts.items():
        print(f"  {what.replace('_', ' '):<24} {count:>7}")
    if found.others and not asked.others:
        print(f"still named in {many(len(found.others), 'mail')} of others: --others cuts them out there, too")
    for what in asked.by_hand:
        print(f"by hand: {what}")
    if asked.counts["versions of the model"]:
        print("the model learned from them: `firstline run` trains another at once; else do it: firstline model train")
    for why in asked.erasure.left:
        print(f"not reached: {why}")
    print(f"{asked.erasure.id}: " + ("not complete: ask for the same again" if asked.erasure.left else "erased"))
