"""ticket: the built-in board."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.context import AsJson, house_of, pick, print_json, print_jsonl, print_table, printable
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.wiring.house import House

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
        *("language", "owner", "priority", "opened", "changed", "resolve_by", "mails", "checklist"),
        *("tracker", "url", "project"),
    )
    document = {name: row[name] for name in names} | {"promise": row["respond_by"], "outside": _outside(row)}
    if "events" in row:
        document["grants"] = [dict(grant) for grant in row["grants"]]
        document["bounces"] = [dict(bounce) for bounce in row["bounces"]]
        document["events"] = [
            {name: event[name] for name in ("at", "kind", "actor", "mail_id", "detail")} for event in row["events"]
        ]
    return document


def _outside(row: dict[str, Any]) -> dict[str, Any] | None:
    """How it stands in its tracker as far as we know, None on the board."""
    if row["tracker"] == "board":
        return None
    seen = row["seen"] or {}
    known = {name: seen.get(name, "") for name in ("word", "owner", "resolution")}
    return {"id": row["outside_id"], **known, "gone": bool(seen.get("gone")), "looked_at": row["polled"]}


def _outside_in_words(outside: dict[str, Any] | None) -> str:
    if outside is None:
        return ""
    if not outside["id"]:
        return "not filed yet"
    state = "gone" if outside["gone"] else outside["word"] or "filed"
    more = [outside["owner"], outside["resolution"], f"looked at {printable(outside['looked_at'])}"]
    return ", ".join([state, *filter(None, more)])


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
    outside = ("tracker", "url") if any(row["outside"] for row in rows) else ()
    columns = (
        *("ref", "status", "priority", "customer", "subject", "topic", "owner", "opened", "promise", "to_check"),
        *outside,
    )
    cells = [(*(row[column] for column in columns), len(row["mails"])) for row in rows]
    print_table([*(column.replace("_", " ") for column in columns), "mails"], cells)


@app.command()
def show(context: typer.Context, ref: Ref, as_json: AsJson = False) -> None:
    """One ticket with its timeline."""
    with house_of(context) as house:
        _show(house, ref_of(ref), as_json=as_json)


def _show(house: House, ref: str, *, as_json: bool) -> None:
    document = _document(house.board.show(ref))
    names = ("kind", "number", "given", "due", "state", "kept")
    document["promises"] = [pick(one, *names) for one in house.promises.of_ticket(ref)]
    document["linked"] = house.repeats.of(ref)
    if as_json:
        print_json(document)
        return
    events, promises = document.pop("events"), document.pop("promises")
    document["linked"] = [f"{one['ref']} ({one['why']})" for one in document["linked"]]
    document["grants"] = [f"{grant['name']} (offered {printable(grant['at'])})" for grant in document["grants"]]
    document["bounces"] = [f"{one['address']} ({one['status']}, {printable(one['at'])})" for one in document["bounces"]]
    document["outside"] = _outside_in_words(document["outside"])
    cells = [(name, ", ".join(value) if isinstance(value, list) else value) for name, value in document.items()]
    print_table(["ticket", ref], cells)
    print()
    if promises:
        print_table(names, [tuple(one.values()) for one in promises])
        print()
    print_table(["at", "what", "by", "mail", "detail"], [tuple(event.values()) for event in events])


@app.command()
def due(context: typer.Context, as_json: AsJson = False) -> None:
    """Promises to customers by urgency, and the quiet complaints about which a person decides."""
    with house_of(context) as house:
        rows = [*_promises_due(house), *_undecided(house)]
    if as_json:
        print_jsonl(rows)
        return
    columns = ("ref", "what", "due", "left", "renewed", "told", "status", "owner", "customer", "subject")
    spans = [{**row, "left": _in_words(row["left"])} for row in rows]
    print_table(columns, [[row[column] for column in columns] for row in spans])


def _promises_due(house: House) -> Iterator[dict[str, Any]]:
    """With the seconds of working time that are left of each, negative when it is over."""
    now, working_time = house.clock.now(), house.config.calendar.working_time
    for row in house.promises.open_ones():
        left = working_time.between(now, row["due"]) - working_time.between(row["due"], now)
        about = {name: row[f"ticket_{name}"] for name in ("status", "owner", "customer", "subject", "topic")}
        told = "customer" if row["warned"] else "owner" if row["told"] else ""
        times = {"due": row["due"], "left": round(left.total_seconds())}
        yield {"ref": row["ticket"], "what": row["kind"], **times, "renewed": row["number"], "told": told, **about}


def _undecided(house: House) -> Iterator[dict[str, Any]]:
    for row in house.promises.undecided():
        about = pick(row, "status", "owner", "customer", "subject", "topic")
        yield {"ref": row["ref"], "what": "decide", "due": None, "left": None, "renewed": 0, "told": "owner", **about}


def _in_words(seconds: int | None) -> str:
    if seconds is None:
        return ""
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{'-' if seconds < 0 else ''}{hours}:{minutes:02d} h"


@app.command()
def link(
    context: typer.Context,
    ref: Ref,
    other: Annotated[str, typer.Argument(help="The other ticket's reference.")],
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Say that two tickets have to do with each other."""
    with house_of(context) as house:
        house.repeats.link(ref_of(ref), ref_of(other), actor or getpass.getuser(), house.clock.now())
        _show(house, ref_of(ref), as_json=as_json)


@app.command()
def comment(
    context: typer.Context,
    ref: Ref,
    text: str,
    public: Annotated[bool, typer.Option("--public", help="Say it to the customer, by mail; it answers them.")] = False,
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Add a note to the timeline."""
    with house_of(context) as house:
        house.board.comment(ref_of(ref), text, actor or getpass.getuser(), house.clock.now(), public=public)
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
    from pipeline.records.ticket import TicketStatus

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
    from pipeline.desk import label

    said = {None: None, "yes": True, "no": False}
    if complaint not in said:
        raise UsageError(f"--complaint {complaint}?", remedy="yes or no")
    given = label.Given(topic=topic, sentiment=label.check_sentiment(sentiment), complaint=said[complaint])
    with house_of(context) as house:
        label.correct(house, ref_of(ref), given, actor or getpass.getuser())
        _show(house, ref_of(ref), as_json=as_json)


@app.command()
def assign(context: typer.Context, ref: Ref, owner: str, actor: Actor = "", as_json: AsJson = False) -> None:
    """Give it to somebody."""
    with house_of(context) as house:
        house.board.assign(ref_of(ref), owner, actor or getpass.getuser(), house.clock.now())
        _show(house, ref_of(ref), as_json=as_json)


@app.command()
def priority(
    context: typer.Context,
    ref: Ref,
    priority: Annotated[str, typer.Argument(help="low, normal, high or urgent.")],
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Say how urgent it is."""
    from pipeline.records.ticket import Priority

    if priority not in list(Priority):
        raise UsageError(f"there is no priority '{priority}'", remedy=f"one of {', '.join(Priority)}")
    with house_of(context) as house:
        house.board.set_priority(ref_of(ref), Priority(priority), actor or getpass.getuser(), house.clock.now())
        _show(house, ref_of(ref), as_json=as_json)


@app.command()
def refile(
    context: typer.Context,
    ref: Annotated[str, typer.Argument(help="The ticket's reference; none: all of them.")] = "",
    as_json: AsJson = False,
) -> None:
    """Try again what a tracker refused for good, once the reason is mended; the next pass does it."""
    with house_of(context) as house:
        refs = house.filings.retry(ref_of(ref) if ref else "", house.clock.now())
    if as_json:
        print_json({"tickets": refs})
    else:
        print(f"{len(refs)} tickets wait to be filed again" if refs else "nothing had failed")


@app.command()
def unprepared(
    context: typer.Context,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="The first day, as 2026-01-31; none: the last 7 days."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Complaints that no prepared situation fits, so that [topics] grows."""
    from zoneinfo import ZoneInfo

    from pipeline.store import unprepared as store_unprepared

    with house_of(context) as house:
        zone = ZoneInfo(house.config.calendar.timezone)
        begin = since.replace(tzinfo=zone) if since else house.clock.now() - timedelta(days=7)
        rows = store_unprepared.unprepared(house.database, house.config.topics, begin)
    if as_json:
        print_jsonl(rows)
        return
    cells = [(row["topic"], row["prepared"], row["complaints"], row["unsure"], row["last"]) for row in rows]
    print_table(["taken for", "has a table", "complaints", "unsure of it", "last"], cells)
