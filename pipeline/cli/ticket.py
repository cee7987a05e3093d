"""ticket: the built-in board."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.context import AsJson, house_of, print_json, print_jsonl, print_table, printable
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.wiring import House

app = typer.Typer(help="The tickets of the built-in board.", no_args_is_help=True)
Ref = Annotated[str, typer.Argument(help="The ticket's reference, as 7K3M-9QTX.")]
Actor = Annotated[str, typer.Option("--as", help="Who does it; the name of your login by default.")]


def ref_of(text: str) -> str:
    from pipeline.tokens import normalise_ref

    if ref := normalise_ref(text):
        return ref
    raise UsageError("this is no reference", where=text, remedy="a reference looks like 7K3M-9QTX")


def _document(row: dict[str, Any]) -> dict[str, Any]:
    """A ticket as programs see it."""
    names = (
        *("ref", "status", "customer", "customer_name", "subject", "topic", "sentiment", "complaint", "to_check"),
        *("language", "owner", "opened", "changed", "resolve_by", "mails", "tracker", "url"),
    )
    document = {name: row[name] for name in names} | {"promise": row["respond_by"]}
    if "events" in row:
        document["grants"] = [dict(grant) for grant in row["grants"]]
        document["bounces"] = [dict(bounce) for bounce in row["bounces"]]
        document["events"] = [
            {name: event[name] for name in ("at", "kind", "actor", "mail_id", "detail")} for event in row["events"]
        ]
    return document


@app.command("list")
def list_tickets(
    context: typer.Context,
    status: Annotated[str, typer.Option(help="Only these: open, active, waiting, resolved, closed.")] = "",
    owner: Annotated[str, typer.Option(help="Only those of this owner.")] = "",
    limit: Annotated[int, typer.Option(help="At most so many; 0 for all.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Tickets, newest first."""
    with house_of(context) as house:
        rows = [_document(row) for row in house.board.list(status=status, owner=owner, limit=limit)]
    if as_json:
        print_jsonl(rows)
        return
    columns = ("ref", "status", "customer", "subject", "topic", "owner", "opened", "promise", "to_check")
    cells = [(*(row[column] for column in columns), len(row["mails"])) for row in rows]
    print_table([*(column.replace("_", " ") for column in columns), "mails"], cells)


@app.command()
def show(context: typer.Context, ref: Ref, as_json: AsJson = False) -> None:
    """One ticket with its timeline."""
    with house_of(context) as house:
        _show(house, ref_of(ref), as_json=as_json)


def _show(house: House, ref: str, *, as_json: bool) -> None:
    document = _document(house.board.show(ref))
    if as_json:
        print_json(document)
        return
    events = document.pop("events")
    document["grants"] = [f"{grant['name']} (offered {printable(grant['at'])})" for grant in document["grants"]]
    document["bounces"] = [f"{one['address']} ({one['status']}, {printable(one['at'])})" for one in document["bounces"]]
    cells = [(name, ", ".join(value) if isinstance(value, list) else value) for name, value in document.items()]
    print_table(["ticket", ref], cells)
    print()
    print_table(["at", "what", "by", "mail", "detail"], [tuple(event.values()) for event in events])


@app.command()
def comment(context: typer.Context, ref: Ref, text: str, actor: Actor = "", as_json: AsJson = False) -> None:
    """Add a note to the timeline."""
    with house_of(context) as house:
        house.board.comment(ref_of(ref), text, actor or getpass.getuser(), house.clock.now())
        _show(house, ref_of(ref), as_json=as_json)


@app.command()
def status(
    context: typer.Context,
    ref: Ref,
    status: Annotated[str, typer.Argument(help="open, active, waiting, resolved or closed.")],
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Change the status."""
    from pipeline.records import TicketStatus

    try:
        wanted = TicketStatus(status)
    except ValueError:
        known = ", ".join(TicketStatus)
        raise UsageError(f"there is no status '{status}'", remedy=f"one of {known}") from None
    with house_of(context) as house:
        house.board.set_status(ref_of(ref), wanted, actor or getpass.getuser(), house.clock.now())
        _show(house, ref_of(ref), as_json=as_json)


@app.command()
def correct(
    context: typer.Context,
    ref: Ref,
    topic: Annotated[str | None, typer.Option(help="What it is really about.")] = None,
    sentiment: Annotated[str | None, typer.Option(help="negative, neutral or positive.")] = None,
    complaint: Annotated[str | None, typer.Option(metavar="yes|no", help="Is it a complaint?")] = None,
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Say what the machine got wrong: the ticket says so, and the next training learns it."""
    from pipeline import labelling

    said = {None: None, "yes": True, "no": False}
    if complaint not in said:
        raise UsageError(f"--complaint {complaint}?", remedy="yes or no")
    given = labelling.Given(topic=topic, sentiment=labelling.check_sentiment(sentiment), complaint=said[complaint])
    with house_of(context) as house:
        labelling.correct(house, ref_of(ref), given, actor or getpass.getuser())
        _show(house, ref_of(ref), as_json=as_json)


@app.command()
def assign(context: typer.Context, ref: Ref, owner: str, actor: Actor = "", as_json: AsJson = False) -> None:
    """Give it to somebody."""
    with house_of(context) as house:
        house.board.assign(ref_of(ref), owner, actor or getpass.getuser(), house.clock.now())
        _show(house, ref_of(ref), as_json=as_json)
