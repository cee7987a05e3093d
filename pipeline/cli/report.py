"""report: what changed and what to do, as a page, as text, or for programs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.context import AsJson, config_of, doors_of, print_json, print_jsonl
from pipeline.errors import readable


def report(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option(help="Write the page to this file.", metavar="FILE.html")] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days until now.")] = 7,
    complaints: Annotated[
        bool, typer.Option("--complaints", help="Instead: every complaint that leaders answer for.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """What changed and what to do about it, and the figures behind it, compared with the period before."""
    if complaints:
        _report_complaints(context, out, timedelta(days=days), as_json=as_json)
        return
    from pipeline.clock import SystemClock
    from pipeline.figures import report_page
    from pipeline.figures.report import make_report
    from pipeline.store.database import Database

    config = config_of(context)
    database = Database(config.store_url())
    database.prepare()
    made = make_report(database, config, SystemClock().now(), timedelta(days=days))
    database.close()
    if out:
        out.write_text(report_page.render_page(made), encoding="utf-8")
    if as_json:
        print_json(asdict(made))
    elif out:
        typer.echo(f"{out} written")
    else:
        typer.echo(report_page.render_text(made), nl=False)


def _report_complaints(context: typer.Context, out: Path | None, length: timedelta, *, as_json: bool) -> None:
    """Open, or reopened or badly scored within that time: what [follow_up] leadership gets each week."""
    from pipeline.cli.documents.tickets import answerable_document
    from pipeline.follow_up import leadership
    from pipeline.store import answerable

    with doors_of(context) as doors:
        now, zone = doors.clock.now(), doors.config.calendar.working_time.timezone
        found = answerable.of_the_week(doors.database, now - length, now)
    if out:
        out.write_text(leadership.render_page(found, now, zone), encoding="utf-8")
    if as_json:
        print_jsonl(answerable_document(one) for one in found)
    else:
        typer.echo(f"{out} written" if out else readable(leadership.render_text(found, zone)), nl=bool(out))
