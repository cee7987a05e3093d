"""mail reclassify: what the version in use says of past mail."""

from __future__ import annotations

from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, Dask, doors_of, print_json, print_table, telling_steps
from pipeline.text.numbers import many

if TYPE_CHECKING:
    from pipeline.desk.relabel import RelabelledDocument

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="Only mail from this day on.")]


def reclassify(context: typer.Context, since: Day = None, dask: Dask = "", as_json: AsJson = False) -> None:
    """Labels of past mail once more with the version in use: for figures alone, nothing that was done changes."""
    from zoneinfo import ZoneInfo

    from pipeline.desk import relabel
    from pipeline.learn.crew import crew_at

    began = perf_counter()
    with doors_of(context) as doors, crew_at(dask) as crew, telling_steps(quiet=as_json) as progress:
        day = since.replace(tzinfo=ZoneInfo(doors.config.calendar.timezone)) if since else None
        asked = relabel.Relabelling(predictor=relabel.predictor_in_use(doors), since=day)
        labelled = relabel.relabel(doors, asked, crew, progress)
        heads = relabel.figures_of(doors, asked)
    document: RelabelledDocument = {
        "version": asked.predictor.version,
        "mails": max((sum(head["now"].values()) for head in heads.values()), default=0),
        "labelled_now": labelled,
        "seconds": round(perf_counter() - began, 2),
        "heads": heads,
    }
    if as_json:
        print_json(document)
    else:
        _print(document)


def _print(document: RelabelledDocument) -> None:
    print(
        f"version {document['version']}: {many(document['mails'], 'mail')} labelled once more, "
        f"{document['labelled_now']} of them now ({document['seconds']} s). What was done stays as it is."
    )
    cells = [(name, head["changed"], head["then_sure"], head["now_sure"]) for name, head in document["heads"].items()]
    print_table(["head", "another label", "sure then", "sure now"], cells)
    for name, head in document["heads"].items():
        print_table(
            [name, "then", "now", "mails"],
            [("", change["then"], change["now"], change["mails"]) for change in head["changes"]],
        )
