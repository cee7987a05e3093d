"""What `make dist` builds: the same bytes from the same commit, whole, and with a bill of materials that is true."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from email import message_from_bytes
from importlib.metadata import version
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from deploy import bill
from tests.desk import ROOT

BIN = Path(sys.executable).parent
WHEN = {"SOURCE_DATE_EPOCH": "1790000000"}
NOT_COPIED = shutil.ignore_patterns(".venv*", ".git", "dist", "var", "__pycache__", ".*_cache", ".hypothesis")


def build(tree: Path, into: Path, *kinds: str) -> dict[str, bytes]:
    """By name of file."""
    subprocess.run(
        [BIN / "hatchling", "build", "-d", into, *kinds], cwd=tree, env={**os.environ, **WHEN}, check=True,
        capture_output=True,
    )  # fmt: skip
    return {file.name: file.read_bytes() for file in into.iterdir() if file.is_file() and file.name[0] != "."}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build(ROOT, folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(next(built.glob("*.whl")))


def test_it_is_the_same_bytes_in_another_folder_at_another_time_under_another_umask(
    built: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "elsewhere"
    shutil.copytree(ROOT, copy, ignore=NOT_COPIED, copy_function=shutil.copy)  # with new times
    for file in (copy / "pipeline").glob("*.py"):
        file.chmod(0o600)  # as a strict umask leaves them
    again = build(copy, tmp_path / "again")
    assert len(again) == 2
    for name, content in again.items():
        assert content == (built / name).read_bytes(), name


def test_the_source_builds_the_same_wheel(built: Path, tmp_path: Path) -> None:
    shutil.unpack_archive(next(built.glob("*.tar.gz")), tmp_path, filter="data")
    [tree] = [one for one in tmp_path.iterdir() if one.is_dir()]
    for name, content in build(tree, tmp_path / "again", "-t", "wheel").items():
        assert content == (built / name).read_bytes()


def test_the_wheel_carries_all_that_init_lays_out_and_nothing_of_a_workplace(wheel: zipfile.ZipFile) -> None:
    inside = set(wheel.namelist())
    for top in ("templates", "training_data", "pipeline"):
        tracked = subprocess.run(["git", "ls-files", top], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        there = {one if top == "pipeline" else f"pipeline/starter/{one}" for one in tracked.split("\n") if one}
        assert there <= inside, sorted(there - inside)[:5]
    assert "pipeline/starter/config.toml" in inside
    assert not [name for name in inside if re.search(r"__pycache__|\.venv|(^|/)var/|(^|/)tests/", name)]


def test_it_says_whose_licence_it_has_and_carries_its_text(wheel: zipfile.ZipFile) -> None:
    [metadata] = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    said = message_from_bytes(wheel.read(metadata))
    assert said["License-Expression"] == "Apache-2.0"
    [text] = [name for name in wheel.namelist() if name.endswith("/licenses/LICENSE")]
    assert b"Apache License" in wheel.read(text)


def test_the_installed_wheel_runs_by_itself(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    """Without the checkout. Whole installations: tests/campaigns/strangers.sh."""
    wheel.extractall(tmp_path / "site")
    script = "import pipeline.config.shipped as s, pipeline.__main__ as m; print(s.find_shipped()); m.main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "--version"], cwd=tmp_path, env={**os.environ, "PYTHONPATH": "site"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split("\n")[0] == str(tmp_path / "site/pipeline/starter")
    assert done.stdout.split("\n")[1] == f"firstline {version('firstline')}"


def test_the_version_is_written_in_one_place_only() -> None:
    ours = re.escape(version("firstline"))
    naming = re.compile(rf"""^\s*(__)?version(__)?\s*=\s*["']{ours}["']""", re.MULTILINE)
    files = [*ROOT.glob("*.toml"), *ROOT.glob("pipeline/**/*.py"), *ROOT.glob("deploy/*")]
    named = [file.name for file in files if file.is_file() and naming.search(file.read_text(encoding="utf-8"))]
    assert named == ["pyproject.toml"]


class TestBillOfMaterials:
    """Of requirements.lock."""

    lock = bill.LOCK.read_text(encoding="utf-8")
    parts = bill.parts(lock)
    document = bill.bill(parts, "1.2.3", datetime(2026, 12, 1, tzinfo=UTC))

    def test_keeps_to_the_schema_of_cyclonedx(self) -> None:
        validator = JsonStrictValidator(SchemaVersion.V1_6)
        assert validator.validate_str(json.dumps(self.document)) is None
        assert validator.validate_str(json.dumps({**self.document, "components": [{"type": "library"}]}))

    def test_lists_each_package_of_the_lock_that_is_installed_here_with_its_files(self) -> None:
        assert len(self.parts) > 80
        for part in self.parts:
            assert version(part.name) == part.version
            assert part.hashes
            assert all(one in self.lock for one in part.hashes)
        names = {line.partition("==")[0].partition("[")[0] for line in self.lock.splitlines() if "==" in line[:60]}
        left_out = names - {part.name for part in self.parts} - {""}
        assert left_out == {"colorama", "httpx2-jsfetch", "tzdata"}  # for Windows and browsers

    def test_says_who_needs_whom(self) -> None:
        needs = {one["ref"]: one["dependsOn"] for one in self.document["dependencies"]}
        ours = next(on for ref, on in needs.items() if ref.startswith("pkg:pypi/firstline@"))
        assert any(one.startswith("pkg:pypi/scikit-learn@") for one in ours)
        assert not any(one.startswith("pkg:pypi/starlette@") for one in ours)  # only fastapi needs it
        reached = {ref for on in needs.values() for ref in on}
        assert {part.reference for part in self.parts} == reached

    def test_knows_the_licence_of_each_and_none_is_gpl(self) -> None:
        for part in self.parts:
            assert part.licence, f"{part.name} says no licence: read it and add it to deploy/bill.py"
            assert not re.search(r"(?<!L)GPL", part.licence), part.name

    def test_the_list_of_licences_has_a_line_for_each(self) -> None:
        lines = list(bill.licences(self.parts))
        assert lines[0].startswith(f"{len(self.parts)} packages")
        assert [line for line in lines if line.startswith("scikit-learn ")] == [
            f"scikit-learn {version('scikit-learn')}: BSD-3-Clause"
        ]
