"""db: schema migrations, integrity, online backup."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.context import AsJson, config_of, print_json
from pipeline.errors import ExitCode

app = typer.Typer(help="The database: schema migrations, integrity, online backup.", no_args_is_help=True)


@app.command()
def upgrade(context: typer.Context, as_json: AsJson = False) -> None:
    """Bring the database to this program's version."""
    from pipeline.store.database import Database

    database = Database(config_of(context).store_url())
    before = database.version()
    database.upgrade()
    if as_json:
        print_json({"before": before, "after": database.version()})
    else:
        print(f"{before or 'new'} → {database.version()}")


@app.command()
def check(context: typer.Context, as_json: AsJson = False) -> None:
    """Look for damage and for rows that belong to nothing."""
    from pipeline.store.database import Database

    database = Database(config_of(context).store_url())
    database.prepare()
    problems = database.check()
    if as_json:
        print_json({"ok": not problems, "version": database.version(), "problems": problems})
    else:
        print("\n".join(problems) or f"well, version {database.version()}")
    if problems:
        raise typer.Exit(ExitCode.DAMAGED)


@app.command()
def backup(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="A new file.")], as_json: AsJson = False
) -> None:
    """Copy the database while it is in use (SQLite)."""
    from pipeline.clock import SystemClock
    from pipeline.store import restoring
    from pipeline.store.database import Database

    restoring.backup(Database(config_of(context).store_url()), file, SystemClock().now())
    if as_json:
        print_json({"file": str(file), "bytes": file.stat().st_size})
    else:
        print(f"{file}: {file.stat().st_size} bytes")


@app.command()
def restore(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="A backup; none: it was put back by other means.")] = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of the database (SQLite); what it can't know is uncertain then, and not done again."""
    from pipeline.clock import SystemClock
    from pipeline.store import restoring
    from pipeline.store.database import Database
    from pipeline.wiring import file_lock

    now = SystemClock().now()
    database = Database(config_of(context).store_url())
    aside = None
    if file:
        with file_lock(Path(f"{database.path}.lock")):
            aside = restoring.put_back(database, file, now)
    else:
        database.prepare()
        restoring.mark(database, now)
    if as_json:
        print_json({"restored": str(file or ""), "aside": str(aside or "")})
    else:
        print(f"restored{f'; what was there is {aside}' if aside else ''}; `firstline once` or `run` goes on from here")
