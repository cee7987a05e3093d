"""The house: imports run downward, nothing heavy at the start, and the code stays clean."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
HEAVY = ("sklearn", "numpy", "scipy", "sqlalchemy", "jinja2", "alembic", "pydantic", "imapclient", "babel", "structlog")


def test_imports_run_downward() -> None:
    done = subprocess.run([BIN / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_help_imports_nothing_heavy() -> None:
    """What makes it slow is imports; counting them does not depend on the machine's mood, as timing would."""
    script = f"import sys, pipeline.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("command", [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]])
def test_the_code_is_clean(command: list[str]) -> None:
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_lock_file_names_a_registry() -> None:
    for file in ROOT.glob("requirements*.lock"):
        text = file.read_text(encoding="utf-8")
        assert "://" not in text, file.name
        assert "--hash=sha256:" in text


def test_nobody_but_the_clock_asks_for_the_time() -> None:
    asking = re.compile(r"datetime\.now\(|time\.time\(|date\.today\(|utcnow\(")
    allowed = {"clock.py", "servers.py", "conversation.py"}  # the demonstration's servers stamp what they receive
    found = [
        str(file.relative_to(ROOT))
        for file in (ROOT / "pipeline").rglob("*.py")
        if file.name not in allowed and asking.search(file.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_test_sleeps_or_measures_what_else_the_machine_does() -> None:
    sleeping = re.compile(r"\btime\.sleep\(|\bimport sleep|perf_counter\(")
    found = [
        file.name
        for file in (ROOT / "tests").glob("*.py")
        if file.name not in {"waiting.py", "test_house.py"} and sleeping.search(file.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_only_their_doors_speak_the_protocols() -> None:
    speakers = {"imapclient": "mailbox", "smtplib": "outbox", "alembic": "store", "httpx2": "trackers"}
    for library, door in {**speakers, "jinja2": "replies|trackers/webhook"}.items():
        importing = re.compile(rf"^\s*(import|from) {library}\b", re.MULTILINE)
        for file in (ROOT / "pipeline").rglob("*.py"):
            if importing.search(file.read_text(encoding="utf-8")):
                where = file.relative_to(ROOT / "pipeline").as_posix()
                assert re.search(door, where), f"{file} imports {library}"
