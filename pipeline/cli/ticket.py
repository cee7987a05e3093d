"""ticket: the built-in board."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, doors_of, print_json, print_jsonl, print_table, printable
from pipeline.errors import UsageError
from pipeline.text.numbers import many

if TYPE_CHECKING:
    from pipeline.cli.documents.tickets import DueDocument, OutsideDocument
    from pipeline.records.ticket import TicketStatus
    from pipeline.wiring.live_doors import LiveDoors

LINES = 60  # of a mail that are shown
app = typer.Typer(help="The tickets of the built-in board.", no_args_is_help=True)
Ref = Annotated[str, typer.Argument(help="The ticket's reference, as 7K3M-9QTX.")]
Actor = Annotated[str, typer.Option("--as", help="Who does it; the name of your login by default.")]


def ref_of(text: str) -> str:
    """What a user typed as the reference of a ticket, as the ledger has it. Raises UsageError."""
    from pipeline.tokens import normalise_ref

    if ref := normalise_ref(text):
        return ref
    raise UsageError("this is not a reference", where=text, remedy="a reference looks like 7K3M-9QTX")


def status_of(text: str) -> TicketStatus:
    """What a user typed as a status. Raises UsageError."""
    from pipeline.records.ticket import TicketStatus

    try:
        return TicketStatus(text)
    except ValueError:
        known = ", ".join(TicketStatus)
        raise UsageError(f"there is no status '{text}'", remedy=f"one of {known}") from None


def _outside_in_words(outside: OutsideDocument | None) -> str:
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
    limit: Annotated[int, typer.Option(help="At most this many; 0 for all.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Tickets, newest first."""
    from pipeline.cli.documents.tickets import ticket_document

    if status:
        status_of(status)
    with doors_of(context) as doors:
        rows = [ticket_document(ticket) for ticket in doors.board.list(status=status, owner=owner, limit=limit)]
    if as_json:
        print_jsonl(rows)
        return
    outside = ("tracker", "url") if any(row["outside"] for row in rows) else ()
    columns = (
        *("ref", "status", "priority", "customer", "subject", "topic", "owner", "opened", "promise", "to_check"),
        *outside,
    )
    cells = [(*({**row}[column] for column in columns), len(row["mails"])) for row in rows]
    print_table([*(column.replace("_", " ") for column in columns), "mails"], cells)


@app.command()
def show(context: typer.Context, ref: Ref, as_json: AsJson = False) -> None:
    """One ticket with its timeline."""
    with doors_of(context) as doors:
        _show(doors, ref_of(ref), as_json=as_json)


def _show(doors: LiveDoors, ref: str, *, as_json: bool) -> None:
    from pipeline.cli.documents.tickets import whole_ticket_document
    from pipeline.store import conversation

    ticket, promises, linked = doors.board.show(ref), doors.promises.of_ticket(ref), doors.repeats.of(ref)
    letters, words = conversation.letters_of(doors.database, ref), conversation.mails_of(doors.database, ref)
    document = whole_ticket_document(ticket, promises, linked, letters, words)
    if as_json:
        print_json(document)
        return
    shown: dict[str, object] = {
        **{name: value for name, value in document.items() if name not in ("events", "promises", "letters", "words")},
        "linked": [f"{one.ref} ({one.why})" for one in linked],
        "grants": [f"{grant.name} (offered {printable(grant.at)})" for grant in ticket.grants],
        "bounces": [f"{one.address} ({one.status}, {printable(one.at)})" for one in ticket.bounces],
        "outside": _outside_in_words(document["outside"]),
    }
    cells = [(name, ", ".join(value) if isinstance(value, list) else value) for name, value in shown.items()]
    print_table(["ticket", ref], cells)
    print()
    if promises:
        print_table(list(document["promises"][0]), [[*one.values()] for one in document["promises"]])
        print()
    print_table(["at", "what", "by", "mail", "detail"], [[*event.values()] for event in document["events"]])
    print()
    print_table(
        ["letter at", "to", "letter", "state"], [(one.at, one.recipient, one.letter, one.state) for one in letters]
    )
    for one in words:
        print(f"\n{printable(one.received)}  {printable(one.sender)}{' (one of us)' if one.by_staff else ''}")
        print("\n".join("  " + printable(line) for line in one.text.splitlines()[:LINES]))


@app.command()
def due(context: typer.Context, as_json: AsJson = False) -> None:
    """Promises to customers by urgency, and the quiet complaints about which a person decides."""
    with doors_of(context) as doors:
        rows = list(_due(doors))
    if as_json:
        print_jsonl(rows)
        return
    columns = ("ref", "what", "due", "first_due", "left", "renewed", "told", "status", "owner", "customer", "subject")
    spans = [{**row, "left": _in_words(row["left"])} for row in rows]
    print_table(columns, [[row[column] for column in columns] for row in spans])


def _due(doors: LiveDoors) -> Iterator[DueDocument]:
    """Promises, the nearest first; then what waits for a decision."""
    from pipeline.cli.documents.tickets import due_document, undecided_document

    now = doors.clock.now()
    for one in doors.promises.open_ones():
        yield due_document(one, now, doors.config.of_mailbox(one.mailbox).calendar.working_time)
    for ticket in doors.promises.undecided():
        yield undecided_document(ticket)


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
    with doors_of(context) as doors:
        doors.repeats.link(ref_of(ref), ref_of(other), actor or getpass.getuser(), doors.clock.now())
        _show(doors, ref_of(ref), as_json=as_json)


@app.command("open")
def open_case(
    context: typer.Context,
    mail_id: Annotated[str, typer.Argument(help="A mail that belongs to no ticket.")],
    topic: Annotated[str, typer.Option(help="What it is about; empty: nothing that is prepared.")] = "",
    complaint: Annotated[bool, typer.Option("--complaint", help="It is a complaint.")] = False,
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Make a case of a mail, with what its topic prepares; later mail of its conversation goes there."""
    from pipeline.desk import deeds

    with doors_of(context) as doors:
        done = deeds.open_case(doors, ref_of(mail_id), topic, actor or getpass.getuser(), complaint=complaint)
        _show(doors, done.ref, as_json=as_json)


@app.command()
def grant(
    context: typer.Context,
    ref: Ref,
    name: Annotated[str, typer.Argument(help="A grant that the topic of the case allows, as in [grants.NAME].")],
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Give the customer something, within the limits of [grants]. It is noted; tell them yourself."""
    from pipeline.desk import deeds

    with doors_of(context) as doors:
        deeds.give(doors, ref_of(ref), name, actor or getpass.getuser())
        _show(doors, ref_of(ref), as_json=as_json)


@app.command()
def join(
    context: typer.Context,
    ref: Ref,
    other: Annotated[str, typer.Argument(help="The case that becomes part of it; of the same customer.")],
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Make one conversation of two: later mail of both goes to the first, the other is closed silently."""
    from pipeline.desk import deeds

    with doors_of(context) as doors:
        deeds.join(doors, ref_of(ref), ref_of(other), actor or getpass.getuser())
        _show(doors, ref_of(ref), as_json=as_json)


@app.command()
def split(
    context: typer.Context,
    ref: Ref,
    mail_id: Annotated[str, typer.Argument(help="The mail that becomes a case of its own.")],
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Take a mail out of a conversation: it is a case of its own from now on."""
    from pipeline.desk import deeds

    with doors_of(context) as doors:
        done = deeds.split(doors, ref_of(ref), ref_of(mail_id), actor or getpass.getuser())
        _show(doors, done.ref, as_json=as_json)


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
    with doors_of(context) as doors:
        doors.board.comment(ref_of(ref), text, actor or getpass.getuser(), doors.clock.now(), public=public)
        _show(doors, ref_of(ref), as_json=as_json)


@app.command()
def seen(
    context: typer.Context,
    ref: Ref,
    text: Annotated[str, typer.Argument(help="What we do about it.")],
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Answer for a complaint: seen, and what we do. It stands on the ticket; customers are not told."""
    if not text.strip():
        raise UsageError("what do you do about it?", remedy="say it in a sentence")
    with doors_of(context) as doors:
        doors.board.answer_for(ref_of(ref), text, actor or getpass.getuser(), doors.clock.now())
        _show(doors, ref_of(ref), as_json=as_json)


@app.command()
def status(
    context: typer.Context,
    ref: Ref,
    status: Annotated[str, typer.Argument(help="open, active, waiting, resolved or closed.")],
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Change the status."""
    wanted = status_of(status)
    with doors_of(context) as doors:
        doors.board.set_status(ref_of(ref), wanted, actor or getpass.getuser(), doors.clock.now())
        _show(doors, ref_of(ref), as_json=as_json)


@app.command()
def close(
    context: typer.Context,
    ref: Ref,
    silently: Annotated[bool, typer.Option("--silently", help="Spam or a mistake: nobody is told or asked.")] = False,
    actor: Actor = "",
    as_json: AsJson = False,
) -> None:
    """Close it for good."""
    from pipeline.records.ticket import TicketStatus

    with doors_of(context) as doors:
        who, now = actor or getpass.getuser(), doors.clock.now()
        if silently:
            doors.board.close_silently(ref_of(ref), who, now)
        else:
            doors.board.set_status(ref_of(ref), TicketStatus.CLOSED, who, now)
        _show(doors, ref_of(ref), as_json=as_json)


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

    correction = label.correction_of(topic, sentiment, complaint)
    with doors_of(context) as doors:
        label.correct(doors, ref_of(ref), correction, actor or getpass.getuser())
        _show(doors, ref_of(ref), as_json=as_json)


@app.command()
def assign(context: typer.Context, ref: Ref, owner: str, actor: Actor = "", as_json: AsJson = False) -> None:
    """Give it to somebody."""
    with doors_of(context) as doors:
        if not owner.strip():
            known = dict.fromkeys(topic.owner_address for topic in doors.config.situations.values() if topic.owner)
            raise UsageError("to whom?", remedy=f"an address; owners of topics: {', '.join(known) or 'nobody'}")
        doors.board.assign(ref_of(ref), owner, actor or getpass.getuser(), doors.clock.now())
        _show(doors, ref_of(ref), as_json=as_json)


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
    with doors_of(context) as doors:
        doors.board.set_priority(ref_of(ref), Priority(priority), actor or getpass.getuser(), doors.clock.now())
        _show(doors, ref_of(ref), as_json=as_json)


@app.command()
def refile(
    context: typer.Context,
    ref: Annotated[str, typer.Argument(help="The ticket's reference; none: all of them.")] = "",
    as_json: AsJson = False,
) -> None:
    """Try again what a tracker refused permanently, once the reason is corrected; the next pass does it."""
    from pipeline.cli.documents.tickets import RefiledDocument

    with doors_of(context) as doors:
        refs = doors.filings.retry(ref_of(ref) if ref else "", doors.clock.now())
    if as_json:
        print_json(RefiledDocument(tickets=refs))
    else:
        print(f"to be filed again: {many(len(refs), 'ticket')}" if refs else "nothing had failed")


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

    from pipeline.cli.documents.tickets import unprepared_document
    from pipeline.store import unprepared as store_unprepared

    with doors_of(context) as doors:
        zone = ZoneInfo(doors.config.calendar.timezone)
        begin = since.replace(tzinfo=zone) if since else doors.clock.now() - timedelta(days=7)
        rows = store_unprepared.unprepared(doors.database, doors.config.topics, begin)
    if as_json:
        print_jsonl(unprepared_document(row) for row in rows)
        return
    cells = [(row.topic, row.prepared, row.complaints, row.unsure, row.last) for row in rows]
    print_table(["taken for", "has a table", "complaints", "unsure of it", "last"], cells)
