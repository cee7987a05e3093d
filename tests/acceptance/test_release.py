"""deploy/release.sh: what must be in order before a version gets its tag."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.desk import ROOT

GOOD = {
    "pyproject.toml": 'version = "1.2.3"\n',
    "CHANGELOG.md": "# Changelog\n\n## 1.2.3 (2026-12-24)\nSnow.\n\n## 1.2.2 (x)\nRain.\n",
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A project with one commit."""
    (tmp_path / "deploy").mkdir()
    shutil.copy(ROOT / "deploy/release.sh", tmp_path / "deploy")
    for name, text in GOOD.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    _git(tmp_path, "init", "--quiet")
    _commit(tmp_path)
    return tmp_path


def _git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def _commit(folder: Path) -> None:
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message", "state")


def _release(folder: Path, version: str) -> tuple[int, str]:
    """Only what is looked at first: the tests themselves would run these tests."""
    words, environment = ["deploy/release.sh", version], {**os.environ, "RELEASE_CHECK": "only"}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_what_is_in_order_can_be_released(checkout: Path) -> None:
    assert _release(checkout, "1.2.3") == (0, "v1.2.3 can be released\n")


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("pyproject.toml", 'version = "1.2.2"\n', "pyproject.toml has another version"),
        ("CHANGELOG.md", "## 1.2.2 (x)\nRain.\n", "CHANGELOG.md has nothing"),
        ("CHANGELOG.md", "## 1.2.3 (x)\n\n## 1.2.2 (x)\nRain.\n", "CHANGELOG.md has nothing"),
        ("CHANGELOG.md", "## 1.2.3 (unreleased)\nSnow.\n", "still calls"),
    ],
)
def test_what_is_missing_is_said(checkout: Path, file: str, text: str, said: str) -> None:
    (checkout / file).write_text(text, encoding="utf-8")
    _commit(checkout)
    code, output = _release(checkout, "1.2.3")
    assert code == 2
    assert said in output


def test_a_change_that_is_not_committed_stops_it(checkout: Path) -> None:
    (checkout / "new").write_text("x")
    assert "not committed" in _release(checkout, "1.2.3")[1]


def test_a_version_is_released_once(checkout: Path) -> None:
    _git(checkout, "tag", "v1.2.3")
    assert "there already" in _release(checkout, "1.2.3")[1]


@pytest.mark.parametrize("version", ["", "1.2", "v1.2.3", "1.2.3; rm -r x"])
def test_a_version_has_three_numbers(checkout: Path, version: str) -> None:
    code, output = _release(checkout, version)
    assert code == 2
    assert "VERSION=1.2.3" in output
