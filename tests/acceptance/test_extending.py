"""docs/extending.md: each example, put into a copy of the package, passes the test that comes with it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = dict(
    re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", (ROOT / "docs/extending.md").read_text("utf-8"), re.M | re.S)
)
NEW, BELOW, END = r"New file `(.+?)`", r"In `(.+?)`, below `(.+?)`", r"At the end of `(.+?)`"
BLOCK = re.compile(rf"^(?:{NEW}|{BELOW}|{END}):\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the examples are added to."""
    folder = tmp_path_factory.mktemp("package")
    for name in ("pipeline", "handbook", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("config.toml", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def extend(folder: Path, page: str) -> tuple[list[Path], list[str]]:
    """Does what the page says; the new files of the package, and the tests."""
    assert len(BLOCK.findall(page)) * 2 == page.count("```"), "each block says where it belongs"
    code, tests = [], []
    for new, within, anchor, end, text in BLOCK.findall(page):
        path = folder / (new or within or end)
        if new:
            assert not path.exists(), f"{new} is there already"
            path.write_text(text, encoding="utf-8")
            (tests if new.startswith("tests/") else code).append(path)
        elif within:
            lines = path.read_text(encoding="utf-8").split("\n")
            (place,) = [number for number, line in enumerate(lines) if line.lstrip().startswith(anchor.lstrip())]
            path.write_text("\n".join([*lines[: place + 1], text.rstrip("\n"), *lines[place + 1 :]]), encoding="utf-8")
        else:
            before = path.read_text(encoding="utf-8")
            path.write_text(f"{before}\n\n{text}", encoding="utf-8")
    return code, [str(path) for path in tests]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_works_as_it_is_written(name: str, package: Path) -> None:
    code, tests = extend(package, EXAMPLES[name])
    assert tests, "an example brings its test"
    environment = {**os.environ, "PYTHONPATH": str(package)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(command, cwd=package, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    tools = Path(sys.executable).parent
    for tool in (["ruff", "check", *tests], ["ruff", "format", "--check", *code], ["mypy", "--no-error-summary"]):
        done = subprocess.run(
            [tools / tool[0], *tool[1:], *code], cwd=package, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{tool[0]}: {done.stdout}{done.stderr}"
