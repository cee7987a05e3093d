"""docs/compose.yaml: what it starts is there, and what it tells to set is understood."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
import typer.main
import yaml

from deploy.steps import CONTAINERFILE
from pipeline.cli import app
from pipeline.config import load
from tests.desk import ROOT

FILE = ROOT / "docs/compose.yaml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]


def test_it_starts_postgresql_three_workers_and_the_pages() -> None:
    assert SERVICES["database"]["image"].startswith("postgres:")
    assert SERVICES["worker"]["deploy"]["replicas"] == 3
    assert SERVICES.keys() == {"database", "upgrade", "worker", "pages"}


@pytest.mark.parametrize("name", ["upgrade", "worker", "pages"])
def test_each_command_exists(name: str) -> None:
    program, *words = SERVICES[name]["command"]
    assert program == "firstline"
    command: Any = typer.main.get_command(app)
    for word in words:
        command = command.commands[word]


def test_nobody_works_before_the_tables_are_there() -> None:
    for name in ("worker", "pages"):
        assert SERVICES[name]["depends_on"] == {"upgrade": {"condition": "service_completed_successfully"}}
    assert SERVICES["upgrade"]["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_what_is_to_be_set_is_understood_and_names_its_database(tmp_path: Any) -> None:
    told = dict(re.findall(r'^# *\[(store|engine)\] +(\w+ = "[^"]+")', FILE.read_text(encoding="utf-8"), re.MULTILINE))
    text = "\n".join(f"[{table}]\n{line}" for table, line in told.items())
    shipped = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))
    config = load.check({**shipped, **tomllib.loads(text)}, tmp_path / "config.toml")
    assert config.engine.kind == "procrastinate"
    database = SERVICES["database"]["environment"]
    assert config.store_url().startswith(f"postgresql://{database['POSTGRES_USER']}@database/{database['POSTGRES_DB']}")


def test_it_gives_the_secrets_that_the_shipped_configuration_asks_for() -> None:
    asked = set(re.findall(r'^password = \{ env = "(\w+)" \}', (ROOT / "config.toml").read_text(), re.MULTILINE))
    assert asked
    assert asked <= SERVICES["worker"]["environment"].keys()


def test_all_run_the_image_of_the_containerfile_with_a_root_that_nobody_writes_to() -> None:
    for name in ("upgrade", "worker", "pages"):
        recipe = SERVICES[name]["build"]
        assert (FILE.parent / recipe["context"] / recipe["dockerfile"]).resolve() == CONTAINERFILE
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["tmpfs"] == ["/tmp"]
        assert SERVICES[name]["cap_drop"] == ["ALL"]
        assert SERVICES[name]["security_opt"] == ["no-new-privileges:true"]
