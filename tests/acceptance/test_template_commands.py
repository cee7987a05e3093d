"""`template list` and `template lint` as a person or a program meets them; the matrix of what goes out when."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.records.letter import ANSWER
from pipeline.replies.matrix import IRREPLACEABLE, gaps, matrix, unreachable
from tests import bad_templates as bad

HELLO = "{{ opens }}\nHello. {{ ref }}\n"
CONFIG = "[topics.delivery]\n[topics.order]\ntemplate = 'parcel'\n[topics.spam]\nacknowledge = false\n"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    folder = tmp_path / "templates" / "en"
    folder.mkdir(parents=True)
    for name in ("neutral", "perhaps", "late", "delivery", "parcel"):
        (folder / f"{name}.txt").write_text(bad.HEAD + HELLO, encoding="utf-8")
    for name in ("complaint", "delivery-complaint", "parcel-complaint"):
        (folder / f"{name}.txt").write_text(bad.HEAD + "{{ opens }}\n" + bad.FIVE + "{{ ref }}", encoding="utf-8")
    return tmp_path


def run(desk: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["--config", str(desk / "config.toml"), "template", *words])


def test_a_well_kept_folder_has_no_findings(desk: Path) -> None:
    done = run(desk, "lint", "--json")
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"checked": 8, "findings": []})


def test_an_error_is_exit_code_1_and_says_all_there_is_to_say(desk: Path) -> None:
    (desk / "templates/en/delivery.txt").write_text(bad.HEAD + "a\n{{ nmae }}\n", encoding="utf-8")
    done = run(desk, "lint", "--json")
    assert done.exit_code == 1
    found = [one for one in json.loads(done.stdout)["findings"] if one["severity"] == "error"]
    assert found == [
        {
            "file": "en/delivery.txt",
            "line": 5,
            "severity": "error",
            "code": "unknown-variable",
            "message": "there is no variable 'nmae'",
            "remedy": "did you mean 'name'?",
        }
    ]
    shown = run(desk, "lint")
    assert "en/delivery.txt" in shown.stdout
    assert "1 error," in shown.stdout


def test_gaps_and_what_nothing_leads_to_are_warnings(desk: Path) -> None:
    (desk / "templates/en/parcel.txt").unlink()
    (desk / "templates/en/order.txt").write_text(bad.HEAD + HELLO, encoding="utf-8")
    (desk / "templates/en/_unused.txt").write_text("Hello.\n", encoding="utf-8")
    (desk / "templates/en/late.txt").write_text(bad.HEAD + "Late. {{ ref }}\n", encoding="utf-8")
    (desk / "templates/en/delivery.txt").write_text(bad.HEAD + "Hello. {{ ref }}\n", encoding="utf-8")
    done = run(desk, "lint", "--json")
    assert done.exit_code == 0
    assert {(one["file"], one["code"]) for one in json.loads(done.stdout)["findings"]} == {
        ("en/parcel.txt", "missing-letter"),
        ("en/order.txt", "unreachable"),
        ("en/_unused.txt", "unused"),
        ("en/delivery.txt", "opening"),
    }


def test_single_files_are_looked_at_also_from_elsewhere(desk: Path) -> None:
    assert json.loads(run(desk, "lint", "en/delivery.txt", "--json").stdout)["checked"] == 1
    assert run(desk, "lint", str(desk / "templates/en/delivery.txt")).exit_code == 0
    draft = desk / "draft.txt"
    draft.write_text(bad.HEAD + "{{ 'a' * 10**9 }}", encoding="utf-8")
    done = run(desk, "lint", str(draft), "--json")
    assert (done.exit_code, json.loads(done.stdout)["findings"][0]["file"]) == (1, "en/draft.txt")


def test_a_file_that_is_not_there_is_wrong_use(desk: Path) -> None:
    done = run(desk, "lint", "en/nonsense.txt")
    assert done.exception is not None
    assert "no such template" in str(done.exception)


def test_the_matrix_shows_every_case(desk: Path) -> None:
    (desk / "templates/en/parcel-complaint.txt").unlink()
    cells = json.loads(run(desk, "lint", "--matrix", "--json").stdout)["matrix"]
    assert len(cells) == (2 * 2 + 3) * 2
    missing = [one for one in cells if not one["complete"]]
    assert {(one["topic"], one["complaint"], one["letter"]) for one in missing} == {("order", True, "en/neutral")}
    assert "→ en/neutral" in run(desk, "lint", "--matrix").stdout


def test_list_shows_what_is_in_use_and_why_not(desk: Path) -> None:
    (desk / "templates/en/late.txt").write_text(bad.HEAD + "{{ nmae }}\n", encoding="utf-8")
    rows = {row["name"]: row for row in map(json.loads, run(desk, "list", "--json").stdout.splitlines())}
    assert set(rows) == {
        *("neutral", "perhaps", "late", "delivery", "parcel"),
        *("complaint", "delivery-complaint", "parcel-complaint"),
    }
    assert rows["delivery"]["description"] == "A letter."
    assert len(rows["delivery"]["languages"]["en"]["version"]) == 12
    assert "nmae" in rows["late"]["problems"]["en/late.txt"]
    assert "in use" in run(desk, "list").stdout


def test_a_letter_in_another_language_is_a_gap() -> None:
    cells = matrix({"delivery": "delivery"}, ["fi"], lambda name, _: ("en", name), lambda *_: True)
    assert {(one.file, one.code) for one in gaps(cells)} == {
        ("fi/delivery.txt", "missing-letter"), ("fi/delivery-complaint.txt", "missing-letter"),
        *((f"fi/{name}.txt", "missing-letter") for name in ("neutral", "complaint", "perhaps")),
        *((f"fi/{name}.txt", "missing-letter") for name in (ANSWER, *IRREPLACEABLE)),
    }  # fmt: skip


def test_what_the_program_itself_asks_for_is_reachable() -> None:
    assert list(unreachable(["en/neutral.txt", "en/late.txt", "en/base.txt"], ["en/base.txt"], {})) == []


# --- saving -----------------------------------------------------------------------------------------------------------


def save(desk: Path, text: str, *words: str) -> Result:
    (desk / "typed.txt").write_text(text, encoding="utf-8")
    return run(desk, "save", "delivery", "--file", str(desk / "typed.txt"), "--why", "clearer", *words)


def test_a_letter_is_saved_only_when_it_passes(desk: Path) -> None:
    path = desk / "templates/en/delivery.txt"
    before = path.read_text(encoding="utf-8")
    refused = save(desk, bad.HEAD + "{{ nmae }}")
    assert refused.exit_code == 1
    assert "there is no variable 'nmae' → did you mean 'name'?" in refused.stdout
    assert "nothing was written" in refused.stdout
    assert path.read_text(encoding="utf-8") == before
    done = save(desk, bad.HEAD + HELLO + "Bye.", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["saved"]
    assert path.read_text(encoding="utf-8") == bad.HEAD + HELLO + "Bye.\n"


def test_a_letter_that_was_changed_since_is_not_written_over(desk: Path) -> None:
    mark = json.loads(save(desk, bad.HEAD + HELLO + "First.", "--json").stdout)["mark"]
    assert save(desk, bad.HEAD + HELLO + "Second.", "--opened", mark).exit_code == 0
    late = save(desk, bad.HEAD + HELLO + "Third.", "--opened", mark, "--json")
    assert late.exit_code == 1
    assert json.loads(late.stdout)["conflict"]
    assert "Second." in (desk / "templates/en/delivery.txt").read_text(encoding="utf-8")


def test_what_is_no_text_or_no_file_is_said_plainly(desk: Path) -> None:
    assert "there is no such text" in str(run(desk, "save", "nonsense", "--file", "x", "--why", "y").exception)
    assert "can't be read" in str(run(desk, "save", "delivery", "--file", "gone.txt", "--why", "y").exception)
