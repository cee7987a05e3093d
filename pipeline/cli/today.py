"""today: the queue of what needs a person."""

from __future__ import annotations

import getpass
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, doors_of, print_json, print_table

if TYPE_CHECKING:
    from pipeline.cli.documents.today import TodayCountDocument, TodayDocument
    from pipeline.desk.today import TodayItem


def today(
    context: typer.Context,
    role: Annotated[str, typer.Option(help="What concerns agent, data, lead or admin.")] = "admin",
    kind: Annotated[list[str] | None, typer.Option(help="Only these, like overdue or parked; may be repeated.")] = None,
    topic: Annotated[str, typer.Option(help="Only what is about this topic.")] = "",
    language: Annotated[str, typer.Option(help="Only what is in this language, like de.")] = "",
    owner: Annotated[str, typer.Option(help="Only what this address has; or mine, or nobody.")] = "",
    mailbox: Annotated[str, typer.Option(help="Only what came to this mailbox.")] = "",
    text: Annotated[str, typer.Option(help="Only what has this in its subject, customer or reference.")] = "",
    view: Annotated[str, typer.Option(help="A filter that you have saved under this name, beside the others.")] = "",
    after: Annotated[str, typer.Option(help="Where the page begins; the page before names it.")] = "",
    limit: Annotated[int, typer.Option(help="At most this many, up to 500.")] = 50,
    actor: Annotated[str, typer.Option("--as", help="Who looks; the name of your login by default.")] = "",
    as_json: AsJson = False,
) -> None:
    """What needs a person, the most urgent first."""
    from pipeline.cli.documents.today import today_document
    from pipeline.desk import today as desk_today
    from pipeline.records.today import TodayFilter, TodayPlace, kinds_of

    who = actor or getpass.getuser()
    words = {"topic": topic, "language": language, "owner": owner, "mailbox": mailbox, "text": text}
    given = {name: value for name, value in words.items() if value}
    place = TodayPlace.of_text(after) if after else None
    with doors_of(context) as doors:
        saved = TodayFilter.of_query(doors.views.get(who, view).query) if view else TodayFilter()
        wanted = replace(saved, kinds=kinds_of(kind or []) or saved.kinds, **given)
        page = desk_today.page(doors, role, wanted, viewer=who, after=place, size=limit)
        document = today_document(page, desk_today.counts(doors, role, wanted, viewer=who))
    if as_json:
        print_json(document)
    else:
        _print(page.items, document)


def _print(items: tuple[TodayItem, ...], document: TodayDocument) -> None:
    print(", ".join(f"{kind} {_number(one)}" for kind, one in document["counts"].items() if one["number"]) or "nothing")
    cells = [
        (
            one.kind.value,
            one.ref,
            one.due or one.subject.since,
            one.subject.customer,
            one.subject.title,
            " ".join(one.why),
        )
        for one in items
    ]
    print_table(["what", "ref", "due or since", "customer", "subject", "why"], cells)
    if document["after"]:
        print(f"there are more: firstline today --after {document['after']}")


def _number(one: TodayCountDocument) -> str:
    return f"{one['number']}{'+' if one['more'] else ''}"
