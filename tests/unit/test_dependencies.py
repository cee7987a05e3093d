"""A year of dependencies: each has a reason, a bound above has one of its own, and checks are judged rightly."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from deploy import audit, size
from tests.desk import ROOT

TEXT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
CORE = TEXT.partition("\ndependencies = [\n")[2].partition("\n]\n")[0].splitlines()
EXTRAS = TEXT.partition("[project.optional-dependencies]\n")[2].partition("\n\n")[0].splitlines()
LINE = re.compile(r'\s*"(?P<asks>[^"]+)",\s+# (?P<why>.{10,})')


@pytest.mark.parametrize("line", CORE)
def test_each_library_of_the_core_has_a_line_why_it_is_there(line: str) -> None:
    found = LINE.fullmatch(line)
    assert found, line
    if "<" in found["asks"] or "==" in found["asks"]:
        assert "; " in found["why"], f"{found['asks']}: why not a newer one?"


@pytest.mark.parametrize("line", EXTRAS)
def test_each_extra_says_what_it_is_for(line: str) -> None:
    assert re.fullmatch(r"[a-z]+ = \[.+\]  # .{5,}", line), line


def test_all_that_is_declared_was_looked_at() -> None:
    declared = tomllib.loads(TEXT)["project"]
    assert len(CORE) == len(declared["dependencies"])
    assert len(EXTRAS) == len(declared["optional-dependencies"])


def test_each_library_of_the_core_is_used() -> None:
    """Or its reason says what wants it."""
    modules = {"scikit-learn": "sklearn", "flufl.bounce": "flufl", "python-stdnum": "stdnum", "argon2-cffi": "argon2"}
    wanted_by_others = {"python-multipart"}
    code = "\n".join(file.read_text(encoding="utf-8").lower() for file in (ROOT / "pipeline").rglob("*.py"))
    names = {re.split(r"[\[<>=]", one)[0] for one in tomllib.loads(TEXT)["project"]["dependencies"]}
    for name in names - wanted_by_others:
        module = modules.get(name, name.replace("-", "_"))
        assert re.search(rf"^\s*(import|from) {module}\b|import_module\(.{module}\b", code, re.MULTILINE), name


def report(*packages: dict[str, Any]) -> audit.Audit:
    return audit.judge({"dependencies": list(packages)})


WELL = {"name": "typer", "version": "1", "vulns": []}
SKIPPED = {"name": "rich", "skip_reason": "not found"}
HOLE = {"name": "idna", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}


@pytest.mark.parametrize(
    ("packages", "code"),
    [((WELL,), audit.OK), ((WELL, SKIPPED), audit.UNREACHABLE), ((SKIPPED,), audit.UNREACHABLE),
     ((), audit.UNREACHABLE), ((WELL, SKIPPED, HOLE), audit.HOLES)],
)  # fmt: skip
def test_what_was_not_looked_at_is_no_success(packages: tuple[dict[str, Any], ...], code: int) -> None:
    assert report(*packages).code == code


def test_an_audit_says_what_was_found_and_what_not() -> None:
    assert "NOTHING was looked at" in "\n".join(report(SKIPPED).lines())
    told = list(report(WELL, SKIPPED, HOLE).lines())
    assert told == ["idna 1: PYSEC-1, mended in 2", "not looked at: rich", "2 packages looked at, 1 known holes"]


@pytest.mark.parametrize("text", [None, "", json.dumps({"dependencies": []})])
def test_without_a_report_nothing_is_well(tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "report.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    assert audit.main(file) == audit.UNREACHABLE


def test_compiled_files_and_links_weigh_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "big").mkdir()
    (tmp_path / "big/code.py").write_bytes(b"x" * 1000)
    (tmp_path / "big/code.pyc").write_bytes(b"x" * 5000)
    (tmp_path / "link.py").symlink_to("big/code.py")
    assert size.weights(tmp_path) == {"big": 1000}
    assert size.main(tmp_path) == 0
    assert "0.0 MB  in all" in capsys.readouterr().out


def test_an_installation_that_is_too_heavy_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size, "MOST", 0)
    (tmp_path / "code.py").write_bytes(b"x")
    assert size.main(tmp_path) == 1
