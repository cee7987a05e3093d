"""config: topics, grants and the calendar, changed in config.toml as the pages of the desk do it, and put back."""

from __future__ import annotations

import getpass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, doors_of, print_json, print_jsonl, print_table, printable
from pipeline.errors import readable

if TYPE_CHECKING:
    from pipeline.cli.documents.settings import ChangedSettingDocument
    from pipeline.desk.settings.causes import Cause
    from pipeline.desk.settings.change import ForeseenChange
    from pipeline.wiring.live_doors import LiveDoors

app = typer.Typer(help="Topics, grants and the calendar in config.toml: change, look back, go back.")
Why = Annotated[str, typer.Option("--why", help="Why; it stands in the history.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would come of it.")]


@app.command("set")
def set_values(
    context: typer.Context,
    section: Annotated[str, typer.Argument(metavar="SECTION", help="topics.NAME, grants.NAME or calendar.")],
    key: Annotated[str, typer.Argument(metavar="KEY", help="As config.toml calls it, for example owner.")],
    values: Annotated[
        list[str] | None,
        typer.Argument(metavar="VALUE", help="One or, for a list, several; for texts by language en=… de=…"),
    ] = None,
    default: Annotated[bool, typer.Option("--default", help="No value: take the key out of the file.")] = False,
    why: Why = "",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Change one key; comments stay. A running Firstline takes it up within seconds."""
    from pipeline.desk.settings.change import foresee
    from pipeline.desk.settings.keys import place_named, value_of

    place = place_named(section)
    value = None if default else value_of(place, key, values or [])
    with doors_of(context) as doors:
        change = foresee(doors, place, {key: value})
        _finish(doors, change, why, dry_run=dry_run, as_json=as_json)


@app.command()
def history(
    context: typer.Context,
    section: Annotated[str, typer.Argument(metavar="[SECTION]", help="Only of this table, or of all topics.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="At most so many; 0: all.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Who changed what at the desk or with `config set`, when and why, the newest first."""
    from pipeline.cli.documents.settings import setting_version_document
    from pipeline.desk.settings.causes import in_words

    with doors_of(context) as doors:
        found = doors.setting_versions.history(section, limit)
    if as_json:
        print_jsonl(setting_version_document(one) for one in found)
        return
    rows = [
        (one.id, one.at, one.account or "(on disk)", one.section, key, in_words(was), in_words(one.after[key]), one.why)
        for one in found
        for key, was in one.before.items()
    ]
    print_table(("id", "at", "by", "section", "key", "was", "is since", "why"), rows)


@app.command()
def back(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help="Of a change, as `config history` shows it.")],
    why: Why = "",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Put the keys of a change back as they were before it."""
    from pipeline.desk.settings.change import foresee_back
    from pipeline.desk.settings.keys import place_named

    with doors_of(context) as doors:
        version = doors.setting_versions.get(number)
        change = foresee_back(doors, version, place_named(version.section))
        _finish(doors, change, why or f"back to before {number}", dry_run=dry_run, as_json=as_json)


def _finish(doors: LiveDoors, change: ForeseenChange, why: str, *, dry_run: bool, as_json: bool) -> None:
    from pipeline.desk.audit import noted
    from pipeline.desk.settings.change import carry_out

    number = 0
    if not dry_run:
        with noted(doors, "change-settings", change.place.section) as entry:
            entry.before, entry.after = dict(change.before), {**change.after, "why": why}
            number = carry_out(doors, change, getpass.getuser(), why).id
    document = _document(change, number)
    if as_json:
        print_json(document)
        return
    for line in (*document["diff"], *document["causes"]):
        print(readable(line))
    for warning in document["warnings"]:
        print(readable(f"  but {warning['where']}: {warning['what']}\n    → {warning['remedy']}"))
    print("nothing is changed yet" if dry_run else f"change {number}: `firstline config back {number}` puts it back")


def _document(change: ForeseenChange, number: int) -> ChangedSettingDocument:
    return {
        "id": number,
        "section": change.place.section,
        "before": dict(change.before),
        "after": dict(change.after),
        "diff": change.diff,
        "causes": [_in_english(one) for one in change.causes],
        "warnings": [{"where": one.where, "what": one.what, "remedy": one.remedy} for one in change.warnings],
    }


def _in_english(cause: Cause) -> str:
    values = {name: printable(one) if isinstance(one, datetime) else one for name, one in cause.values.items()}
    return cause.text % values
