"""The table of checks: each file beside it is in it, and each stage comes in its turn."""

from __future__ import annotations

from pathlib import Path

from pipeline.replies import checks
from pipeline.replies.bench import Bench, Check, CheckStage, Looked
from pipeline.replies.checks.table import CHECKS
from pipeline.replies.files import Finding, warning
from pipeline.replies.lint import check_file, make_bench

GOOD = "Subject: Hello\nDescription: A letter.\n\nText.\n"


def test_every_check_is_in_the_table_once() -> None:
    files = {path.stem for path in Path(checks.__file__).parent.glob("*.py")} - {"__init__", "table"}
    listed = [check.run.__module__.rpartition(".")[2] for check in CHECKS]
    assert sorted(listed) == sorted(files)


def test_the_stages_stand_in_the_order_in_which_they_come() -> None:
    order = list(CheckStage)
    places = [order.index(check.stage) for check in CHECKS]
    assert places == sorted(places)


def test_a_check_is_only_asked_about_the_files_it_is_for() -> None:
    asked: list[str] = []

    def remember(_bench: Bench, looked: Looked) -> list[Finding]:
        asked.append(looked.file)
        return [warning(looked.file, 1, "seen", "it was looked at", "nothing")]

    bench = Bench(
        {"en/a.txt": GOOD, "en/a.html": "<p>Text.</p>"}, None, [Check(remember, CheckStage.ALONE, str.isupper)]
    )
    assert bench.look("en/a.txt").findings == []
    bench = Bench({"en/a.txt": GOOD}, None, [Check(remember, CheckStage.ALONE, lambda file: file.endswith(".txt"))])
    assert [one.code for one in bench.look("en/a.txt").findings] == ["seen"]
    assert asked == ["en/a.txt"]


def test_the_html_part_of_a_complaint_alone_only_lacks_its_text() -> None:
    bench = make_bench({"en/x-complaint.html": "<p>Hello.</p>"}, {})
    assert [one.code for one in check_file(bench, "en/x-complaint.html").findings] == ["no-text"]
