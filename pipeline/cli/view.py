"""view: filters of the queue under a name."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from pipeline.cli.context import AsJson, doors_of, print_json, print_jsonl, print_table

app = typer.Typer(help="Filters of `firstline today` under a name, for each person their own.", no_args_is_help=True)
Whose = Annotated[str, typer.Option("--as", help="Whose they are; the name of your login by default.")]
Name = Annotated[str, typer.Argument(help="The view's name.")]


@app.command("list")
def list_views(context: typer.Context, actor: Whose = "", as_json: AsJson = False) -> None:
    """Your views, by name."""
    from pipeline.cli.documents.today import view_document

    with doors_of(context) as doors:
        documents = [view_document(one) for one in doors.views.of(actor or getpass.getuser())]
    if as_json:
        print_jsonl(documents)
    else:
        print_table(["view", "filter"], [(one["name"], one["query"]) for one in documents])


@app.command()
def save(
    context: typer.Context,
    name: Name,
    query: Annotated[
        str, typer.Argument(metavar="FILTER", help='As in the address of the page: "kind=due&owner=mine".')
    ],
    actor: Whose = "",
    as_json: AsJson = False,
) -> None:
    """Give a filter a name, in place of one that has it."""
    from pipeline.cli.documents.today import view_document
    from pipeline.records.today import SavedView, TodayFilter

    view = SavedView(name=name, query=TodayFilter.of_query(query).as_query())
    with doors_of(context) as doors:
        doors.views.save(actor or getpass.getuser(), view, doors.clock.now())
    if as_json:
        print_json(view_document(view))
    else:
        print(f"{view.name}: {view.query or 'everything'}")


@app.command()
def forget(context: typer.Context, name: Name, actor: Whose = "", as_json: AsJson = False) -> None:
    """Give a name up."""
    from pipeline.cli.documents.today import view_document

    who = actor or getpass.getuser()
    with doors_of(context) as doors:
        view = doors.views.get(who, name)
        doors.views.forget(who, name)
    if as_json:
        print_json(view_document(view))
    else:
        print(f"{name}: forgotten")
