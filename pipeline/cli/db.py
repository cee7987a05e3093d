"""db: schema migrations, integrity, online backup."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.context import AsJson, config_of, print_json
from pipeline.errors import ExitCode
from pipeline.text.numbers import many

if TYPE_CHECKING:
    from pipeline.config.settings import Config
    from pipeline.store.database import Database
    from pipeline.store.tombstones import Tombstones

app = typer.Typer(help="The database: schema migrations, integrity, online backup.", no_args_is_help=True)


def _database(context: typer.Context) -> closing[Database]:
    """As it is: not made, not checked."""
    from pipeline.store.database import Database

    return closing(Database(config_of(context).store_url()))


@app.command()
def upgrade(context: typer.Context, as_json: AsJson = False) -> None:
    """Bring the database to this program's version, sign what 0.1 left unsigned, keep other users out of all files."""
    from pipeline.wiring.modes import narrow_modes

    config = config_of(context)
    with _database(context) as database:
        before = database.version()
        database.upgrade()
        after = database.version()
        narrowed = narrow_modes(config)
        signed = _sign_models(config, database)
    if as_json:
        from pipeline.cli.documents.data import UpgradeDocument

        print_json(UpgradeDocument(before=before, after=after, narrowed=narrowed, signed=signed))
        return
    print(f"{before or 'new'} → {after}")
    for path in narrowed:
        print(f"{path} is for this user only now")
    if signed:
        print(f"model {signed}: that it is in use is signed now")


def _sign_models(config: Config, database: Database) -> str:
    """Which version is in use was not signed in 0.1: taken over once. Raises UnusableModelError when it is not ours."""
    from pipeline.clock import SystemClock
    from pipeline.learn.registry import registry_of
    from pipeline.learn.version import versions_in
    from pipeline.store import done_once
    from pipeline.wiring.keys import key_of

    if done_once.is_done(database, done_once.MODELS):
        return ""
    there = versions_in(config.at(config.classify.models))
    signed = registry_of(config, key_of(config)).take_over() if there else ""
    done_once.note_done(database, done_once.MODELS, SystemClock().now())
    return signed


@app.command()
def check(context: typer.Context, as_json: AsJson = False) -> None:
    """Look for damage and for rows that belong to nothing, and read the newest backup back."""
    from pipeline.store import backups

    with _database(context) as database:
        database.prepare()
        problems, version = database.check(), database.version()
    config = config_of(context)
    newest = next(reversed(backups.all_in(config.at(config.backup.folder))), None)
    problems += [f"backup {newest}: {problem}" for problem in (backups.read_back(newest) if newest else ())]
    if as_json:
        from pipeline.cli.documents.data import DatabaseDocument

        print_json(DatabaseDocument(ok=not problems, version=version, problems=problems, backup=str(newest or "")))
    else:
        beside = f"; backup {newest} can be read back" if newest else "; there is no backup"
        print("\n".join(problems) or f"ok, version {version}{beside}")
    if problems:
        raise typer.Exit(ExitCode.DAMAGED)


@app.command()
def backup(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="A new file.")], as_json: AsJson = False
) -> None:
    """Copy the database while it is in use (SQLite)."""
    from pipeline.clock import SystemClock
    from pipeline.store import restoring

    with _database(context) as database:
        restoring.backup(database, file, SystemClock().now())
    _tombstones(config_of(context)).copy_beside(file)
    if as_json:
        from pipeline.cli.documents.data import BackupDocument

        print_json(BackupDocument(file=str(file), bytes=file.stat().st_size))
    else:
        print(f"{file}: {file.stat().st_size} bytes")


@app.command()
def restore(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="A backup; none: it was put back by other means.")] = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of the database (SQLite); what it can't know is uncertain then, and not done again.

    Who was erased since the backup was made is erased from it before anything else.
    """
    from pipeline.clock import SystemClock
    from pipeline.store import restoring, tombstones
    from pipeline.store.replaying import replay
    from pipeline.tokens import Signer
    from pipeline.wiring.exclusion import file_lock
    from pipeline.wiring.keys import key_of

    now, config = SystemClock().now(), config_of(context)
    lists = [_tombstones(config).file, *(tombstones.lists_near(file) if file else ())]
    there, erased = [one for one in lists if one.exists()], [*tombstones.read(lists)]
    if erased:
        _assert_has_key(config)
    keyed = Signer(key_of(config)).person
    aside, forgotten = None, 0

    def forget(copy: Database) -> None:
        nonlocal forgotten
        forgotten = replay(copy, erased, keyed, now)

    with _database(context) as database:
        if file:
            with file_lock(Path(f"{database.path}.lock")):
                aside = restoring.put_back(database, file, now, forget)
        else:
            database.prepare()
            forget(database)
            restoring.mark(database, now)
    for one in erased:
        _tombstones(config).add(one)
    if not there:
        print(_NO_LIST, file=sys.stderr)
    if as_json:
        from pipeline.cli.documents.data import PutBackDocument

        print_json(PutBackDocument(restored=str(file or ""), aside=str(aside or ""), erased_again=forgotten))
        return
    print(f"restored{f'; what was there is {aside}' if aside else ''}; `firstline once` or `run` goes on from here")
    if forgotten:
        print(f"{many(forgotten, 'customer')} erased since the backup was made: erased from it, too")


def _assert_has_key(config: Config) -> None:
    """Under a new key nobody of the list would be recognised, and all of them be there again. Raises ConfigError."""
    from pipeline.errors import ConfigError

    file = config.security.key.file
    if file and not config.at(file).exists():
        raise ConfigError(
            f"the key {config.at(file)} is missing: without it nobody of the list of erased people is recognised",
            where=f"{config.path}, security.key",
            remedy="put back your copy of it first; nothing was restored",
        )


_NO_LIST = (
    "warning: there is no list of erased people (var/erased, or *.erased beside the backup): who was erased since this "
    "backup was made is in the database again; `firstline privacy erase` them again"
)


def _tombstones(config: Config) -> Tombstones:
    from pipeline.store.tombstones import NAME, Tombstones

    return Tombstones(config.at(f"var/{NAME}"))
