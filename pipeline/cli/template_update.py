"""template update: what a new version of Firstline brings for the letters, beside one's own edits."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, config_of, doors_of, print_json
from pipeline.cli.template_texts import app
from pipeline.errors import ExitCode, readable
from pipeline.text.numbers import many

if TYPE_CHECKING:
    from pipeline.cli.documents.letters import LetterUpdateDocument
    from pipeline.desk.texts.updating import Offer, Renewal

__all__ = ["app"]  # that of template.py, with this command in it as well

_SAYS = {
    "new": "a new letter",
    "changed": "changed by this version; nobody has edited yours",
    "both": "changed by this version, and by you: yours stays",
}


@app.command()
def update(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Take over all that nobody here has edited.")] = False,
    keep: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE", help="Yours stays as it is; don't show this difference again. Repeatable."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what this version ships for the letters beside yours; edits are never overwritten. Exit code 1 when one that
    was to be taken over did not pass the check."""
    from pipeline.cli.documents.letters import letter_update_document
    from pipeline.desk.texts.updating import leave, offer

    config = config_of(context)
    offered, done = offer(config), None
    if keep:
        leave(config, offered, keep)
        offered = offer(config)
    if yes and offered.takes():
        done = _take(context, offered)
    document = letter_update_document(offered, done)
    if as_json:
        print_json(document)
    else:
        _print(document)
    if done and done.unfit:
        raise typer.Exit(ExitCode.PROBLEM)


def _take(context: typer.Context, offered: Offer) -> Renewal:
    from pipeline.desk.audit import noted
    from pipeline.desk.texts.updating import take

    with doors_of(context) as doors, noted(doors, "save-text", f"letters of Firstline {offered.now.version}") as line:
        done = take(doors, offered, getpass.getuser())
        line.after["taken"] = len(done.taken)
    return done


def _print(document: LetterUpdateDocument) -> None:
    for one in document["letters"]:
        print(f"{one['file']}: {'taken over' if one['taken'] else _SAYS[one['change']]}")
        for line in [] if one["taken"] or one["change"] == "new" else [*one["theirs"], *one["yours"]]:
            print(readable(f"    {line}"))
        for found in one["findings"]:
            print(readable(f"    not taken over: {found['message']} → {found['remedy']}"))
    letters = document["letters"]
    offered = [one for one in letters if one["change"] != "both" and not one["taken"] and not one["findings"]]
    both = [one for one in letters if one["change"] == "both"]
    if not letters:
        print(f"nothing new: your letters are those of Firstline {document['now']}, with your edits")
    if offered:
        print(f"{many(len(offered), 'letter')} can be taken over: firstline template update --yes")
    if both:
        print("what both have changed: put in what you like (firstline template save), then")
        print(f"  firstline template update --keep {both[0]['file']}")
