"""init: a new working folder, ready to edit."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.context import AsJson, print_json
from pipeline.errors import UsageError


def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    as_json: AsJson = False,
) -> None:
    """Make a working folder: configuration, templates, training data, a trained starter model, a key."""
    from pipeline import logs
    from pipeline.cli.documents.models import InitDocument
    from pipeline.config.load import load
    from pipeline.config.shipped import SHIPPED, find_shipped
    from pipeline.learn.training import train_starter
    from pipeline.wiring.keys import key_of

    logs.set_up(quiet=True)
    if directory.exists() and any(directory.iterdir()):
        raise UsageError("the folder is not empty", where=str(directory), remedy="name a new one")
    directory.mkdir(parents=True, exist_ok=True)
    for name in SHIPPED:
        _copy(find_shipped() / name, directory / name)
    config = load(directory / "config.toml")
    version = train_starter(config, key_of(config))
    if as_json:
        print_json(InitDocument(folder=str(directory), model=version))
        return
    print(
        f"{directory} is ready, with the starter model {version}.\n"
        f"Next: put your servers into {directory}/config.toml, set SUPPORT_PASSWORD, then\n"
        f"  cd {directory} && firstline doctor && firstline run"
    )


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy(source, target)
