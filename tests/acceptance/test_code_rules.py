"""Rules of the code: imports run downward, nothing heavy at the start, and the code stays clean."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.import_graph import circle_in, import_graph

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
OURS_AT_START = {
    "cli",
    "clock",
    "errors",
    "records",
    "text",
    "desk",
}  # of the latter two, a module that imports nothing
HEAVY = ("sklearn", "numpy", "scipy", "sqlalchemy", "jinja2", "alembic", "pydantic", "imapclient", "babel", "structlog")


def test_imports_run_downward() -> None:
    done = subprocess.run([BIN / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_newcomer_can_read_the_top_of_the_package() -> None:
    entries = [path.name for path in (ROOT / "pipeline").iterdir() if not path.name.startswith("__")]
    assert len(entries) < 37, sorted(entries)


def test_help_imports_nothing_heavy() -> None:
    """What makes it slow is imports; counting them does not depend on the machine's mood, as timing would."""
    script = f"import sys, pipeline.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_loads_next_to_nothing_of_the_program() -> None:
    """It takes twelve hundredths of a second; each of our families would add two to ten."""
    script = "import sys, pipeline.cli; print(*[name for name in sys.modules if name.startswith('pipeline.')])"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = [name.split(".")[1:] for name in done.stdout.split()]
    assert {name[0] for name in loaded} == OURS_AT_START
    beside = {".".join(name) for name in loaded if name[0] != "cli"}
    assert beside <= {*OURS_AT_START, "records.letter", "text.numbers", "desk.work"}
    assert "cli.documents" not in {".".join(name) for name in loaded}


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
        for file in (ROOT / "tests").rglob("test_*.py")
        if file.name not in {"waiting.py", "test_code_rules.py"} and sleeping.search(file.read_text(encoding="utf-8"))
    ]
    assert found == []


SPEAKERS = {  # library → where it may be imported
    "imapclient": "mailbox/",
    "imaplib": "mailbox/",
    "smtplib": "outbox/",
    "sqlalchemy": "store/",
    "alembic": "store/",
    "psycopg": "store/",
    "jinja2": "replies/",  # web has it through its framework
    "sklearn": "learn/",
    "joblib": "learn/",
    "scipy": "learn/",
    "httpx2": "http_client.py",
    "authlib": "wiring/sign_in/",
    "joserfc": "wiring/sign_in/",
    "apscheduler": "engine/|config/values.py",  # the latter only asks it whether it understands a cron line
    "fastapi": "web/",
    "uvicorn": "web/",
    "starlette": "web/",
    "typer": "cli/",
    "matplotlib": "html_page.py",
}


@pytest.mark.parametrize("library", SPEAKERS)
def test_only_their_doors_speak_the_protocols(library: str) -> None:
    """Beside the contracts of import-linter: it sees no import that a template or a string makes."""
    importing = re.compile(rf"^\s*(import|from) {library}\b|import_module\(.{library}\b", re.MULTILINE)
    for file in (ROOT / "pipeline").rglob("*.py"):
        if importing.search(file.read_text(encoding="utf-8")):
            where = file.relative_to(ROOT / "pipeline").as_posix()
            assert re.match(SPEAKERS[library], where), f"{where} imports {library}"


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Imports inside functions count: a hidden circle is one. What only types need does not."""
    edges = import_graph(ROOT, ("pipeline", "bench"))
    assert circle_in(edges) == []


def test_a_circle_would_be_found(tmp_path: Path) -> None:
    files = {
        "a.py": "from top.b import x",
        "b.py": "def f():\n    from top import c",
        "c.py": "import top.a",
        "d.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import top.e",
        "e.py": "from . import d",
    }
    (tmp_path / "top").mkdir()
    for name, text in {"__init__.py": "", **files}.items():
        (tmp_path / "top" / name).write_text(text, encoding="utf-8")
    assert sorted(circle_in(import_graph(tmp_path, ("top",)))) == ["top.a", "top.b", "top.c"]


def test_no_class_has_the_name_of_another() -> None:
    where: dict[str, list[str]] = {}
    for file in (ROOT / "pipeline").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                where.setdefault(node.name, []).append(file.relative_to(ROOT).as_posix())
    twice = {name: files for name, files in where.items() if len(set(files) - {"pipeline/doors.py"}) > 1}
    assert twice == {}  # a contract of doors.py and what keeps it may share a name


ONE_PIECE = {"store/schema.py"}  # the tables of the one database; longer than a file may be elsewhere


def _documented() -> list[Path]:
    """Everything but the migrations, whose functions Alembic names."""
    return [file for file in sorted((ROOT / "pipeline").rglob("*.py")) if "migrations" not in file.parts]


@pytest.mark.parametrize("file", _documented(), ids=lambda file: file.relative_to(ROOT / "pipeline").as_posix())
def test_what_is_public_says_what_it_is_for_and_nothing_is_long(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "what is the module for?"
    assert text.count("\n") <= 400 or file.relative_to(ROOT / "pipeline").as_posix() in ONE_PIECE
    silent = [node.name for node in _public(tree) if not ast.get_docstring(node)]
    assert silent == []
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    assert [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= 60] == []


def _public(node: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for inner in node.body:
        if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not inner.name.startswith("_"):
            yield inner
            if isinstance(inner, ast.ClassDef):
                yield from _public(inner)
