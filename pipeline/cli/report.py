"""report: what changed and what to do, as a page, as text, or for programs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.context import AsJson, config_of, print_json


def report(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option(help="Write the page to this file.", metavar="FILE.html")] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="How many days until now.")] = 7,
    as_json: AsJson = False,
) -> None:
    """What changed and what to do about it, and the figures behind it, compared with the period before."""
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
