"""deploy/systemd: units that systemd understands, in a sandbox as tight as docs/installing.md says."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer.main

from pipeline.cli import app
from pipeline.engine.run import GRACE
from pipeline.errors import ExitCode
from tests.conftest import missing
from tests.desk import ROOT

UNITS = sorted((ROOT / "deploy/systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
PROGRAM = "/usr/local/bin/firstline"  # as `make install PREFIX=/usr/local` lays it out


def keys(unit: Path) -> dict[str, list[str]]:
    """A key may stand there several times."""
    found: dict[str, list[str]] = {}
    for key, value in re.findall(r"^(\w+)=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE):
        found.setdefault(key, []).append(value)
    return found


def sandbox(unit: Path) -> str:
    return unit.read_text(encoding="utf-8").partition("# What it may do")[2].partition("\n\n")[0].rstrip()


@pytest.fixture
def analyze() -> str:
    if not (found := shutil.which("systemd-analyze")):
        missing("systemd-analyze is not installed: make test-services")
    return str(found)


def test_systemd_understands_them(analyze: str, tmp_path: Path) -> None:
    for unit in UNITS:  # it looks whether the program is there
        text = unit.read_text(encoding="utf-8").replace(PROGRAM, "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    files = [tmp_path / unit.name for unit in UNITS]
    done = subprocess.run([analyze, "verify", *files], capture_output=True, text=True, check=False)
    about_ours = [line for line in done.stderr.splitlines() if "firstline" in line]
    assert (done.returncode, about_ours) == (0, [])


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_the_score_of_the_sandbox_is_the_one_in_the_docs(analyze: str, unit: Path) -> None:
    said = re.search(r"scores ([\d.]+) of 10", (ROOT / "docs/installing.md").read_text(encoding="utf-8"))
    done = subprocess.run(
        [analyze, "security", "--offline=true", "--no-pager", unit], capture_output=True, text=True, check=True
    )
    measured = re.search(r"Overall exposure level for .*: ([\d.]+)", done.stdout)
    assert said
    assert measured
    assert float(measured[1]) == pytest.approx(float(said[1]), abs=0.3)  # each version of systemd counts a little else


def test_the_sandbox_is_the_same_for_all() -> None:
    assert len({sandbox(unit) for unit in SERVICES}) == 1
    for line in ("ProtectSystem=strict", "NoNewPrivileges=yes", "MemoryDenyWriteExecute=yes"):
        assert line in sandbox(SERVICES[0]).splitlines()


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_they_start_commands_that_there_are_as_nobody_special(unit: Path) -> None:
    said = keys(unit)
    program, *words = said["ExecStart"][0].split()
    assert program == PROGRAM
    command: Any = typer.main.get_command(app)
    for word in words:
        command = command.commands[word]
    assert said["User"] == ["firstline"]
    assert said["WorkingDirectory"] == [f"/var/lib/{said['StateDirectory'][0]}"]


@pytest.mark.parametrize("name", ["firstline", "firstline-web"])
def test_what_lasts_tells_that_it_is_ready_and_is_watched(name: str) -> None:
    said = keys(ROOT / f"deploy/systemd/{name}.service")
    assert said["Type"] == ["notify"]
    assert re.fullmatch(r"[1-9]\d*min", said["WatchdogSec"][0])
    assert said["Restart"] == ["on-failure"]
    assert said["RestartPreventExitStatus"] == [f"{ExitCode.USAGE:d} {ExitCode.DAMAGED:d}"]
    assert int(said["TimeoutStopSec"][0]) > GRACE


def test_the_timer_starts_the_pass() -> None:
    timer = ROOT / "deploy/systemd/firstline-once.timer"
    assert timer.with_suffix(".service") in SERVICES
    assert keys(timer)["OnUnitInactiveSec"] == ["1min"]
    assert keys(timer.with_suffix(".service"))["Type"] == ["oneshot"]
