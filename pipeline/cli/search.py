"""search: mails and comments on tickets, by words, addresses and references."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, doors_of, print_jsonl, print_table
from pipeline.errors import UsageError
from pipeline.text.numbers import many

if TYPE_CHECKING:
    from pipeline.desk.search import Hit, Query
    from pipeline.wiring.live_doors import LiveDoors

PORTIONS = 100  # of what is not in the index yet are taken in before: 10,000 mails, some seconds


def search(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[WORDS…]", help="All of them must be there: words, an address, a reference."),
    ] = None,
    mailbox: Annotated[str, typer.Option(help="Only in this mailbox.")] = "",
    topic: Annotated[str, typer.Option(help="Only mails about this topic.")] = "",
    status: Annotated[str, typer.Option(help="Only of tickets with this status: open, active, waiting …")] = "",
    language: Annotated[str, typer.Option(help="Only in this language, as en.")] = "",
    complaint: Annotated[str, typer.Option(metavar="yes|no", help="Only complaints, or no complaints.")] = "",
    ticket: Annotated[str, typer.Option(metavar="yes|no", help="Only with a ticket, or without one.")] = "",
    owner: Annotated[str, typer.Option(help="Only of tickets of this owner.")] = "",
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="The first day, as 2026-01-31."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="The last day; none: until now.")
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="At most this many; 0 for all.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Find mails and comments on tickets, newest first: every word in any of its forms, or as a beginning."""
    from zoneinfo import ZoneInfo

    from pipeline.cli.documents.searching import hit_document
    from pipeline.desk.search import Query, catch_up
    from pipeline.figures.measure import days

    with doors_of(context) as doors:
        period = days(
            since.date() if since else None, until.date() if until else None, ZoneInfo(doors.config.calendar.timezone)
        )
        query = Query(
            words=" ".join(words or ()),
            mailbox=mailbox,
            topic=topic,
            status=status,
            language=language,
            complaint=_yes_or_no(complaint, "--complaint"),
            ticket=_yes_or_no(ticket, "--ticket"),
            owner=owner,
            since=period.since,
            until=period.until,
        )
        catch_up(doors, PORTIONS)
        hits = _hits(doors, query, limit)
        if as_json:
            print_jsonl(hit_document(hit) for hit in hits)
        else:
            _print([*hits])
        _tell_of_what_waits(doors)


def _yes_or_no(text: str, option: str) -> bool | None:
    if text not in ("", "yes", "no"):
        raise UsageError(f"{option} {text[:40]}", remedy=f"say {option} yes or {option} no")
    return text == "yes" if text else None


def _hits(doors: LiveDoors, query: Query, limit: int) -> Iterator[Hit]:
    """Page by page, as many as are wanted."""
    from pipeline.desk.search import LONGEST_PAGE
    from pipeline.desk.search import search as look

    given = 0
    while True:
        most = min(LONGEST_PAGE, limit - given) if limit else LONGEST_PAGE
        page = look(doors, replace(query, limit=most))
        yield from page.hits
        given += len(page.hits)
        if not page.next or given == limit:
            return
        query = replace(query, after=page.next)


def _print(hits: list[Hit]) -> None:
    columns = ("mail", "ticket", "status", "from", "received", "topic", "subject", "text")
    rows = [
        (hit.mail, hit.ticket, hit.status, hit.sender, hit.received, hit.topic, hit.subject, _text(hit)) for hit in hits
    ]
    if rows:
        print_table(columns, rows)
    else:
        print("nothing was found")


def _text(hit: Hit) -> str:
    """What was found stands in [brackets], which show on every terminal."""
    return "".join(f"[{part.text}]" if part.found else part.text for part in hit.snippet)


def _tell_of_what_waits(doors: LiveDoors) -> None:
    if waiting := doors.search.waiting():
        most = "at least " if waiting >= 10_000 else ""
        print(f"{most}{many(waiting, 'mail')} not in the index yet: ask again in a while", file=sys.stderr)
