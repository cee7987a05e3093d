"""backup: a copy of the database into the folder of backups, as `[schedule] backup` makes them."""

from __future__ import annotations

import typer

from pipeline.cli.context import AsJson, doors_of, print_json


def backup(context: typer.Context, as_json: AsJson = False) -> None:
    """Copy the database (SQLite) into the folder of [backup], read the copy back, and remove the oldest ones."""
    from pipeline.cli.documents.data import RotatedDocument
    from pipeline.store import backups

    with doors_of(context) as doors:
        settings, now = doors.config.backup, doors.clock.now()
        made = backups.rotate(doors.database, doors.config.at(settings.folder), settings.keep, now, doors.tombstones)
        doors.reading.note_pass("backup", now)
    size = made.file.stat().st_size
    if as_json:
        print_json(RotatedDocument(file=str(made.file), bytes=size, removed=[str(path) for path in made.removed]))
    else:
        print(f"{made.file}: {size} bytes; {len(made.removed)} older removed")
