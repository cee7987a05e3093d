"""Everything that is to be known of a file before a letter is made from it.

Runs in the child process (child.py): even reading a hostile file may take for ever. What is looked for is in
checks/table.py; here is in which order, and what it all comes to.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.replies.bench import Bench, CheckStage
from pipeline.replies.checks.table import CHECKS
from pipeline.replies.checks.used_files import follow
from pipeline.replies.files import ERROR, Finding, Result, is_letter, is_part, page_of

MOST_FINDINGS = 20  # of one file: more help nobody


def make_bench(sources: Mapping[str, str], broken: Mapping[str, Finding]) -> Bench:
    """The files as they are now. `broken`: those that are not to be looked at, and why."""
    return Bench(sources, broken, CHECKS)


def check_file(bench: Bench, file: str) -> Result:
    """One of the files; a letter together with what it uses, and with every sample."""
    looked = bench.look(file)
    findings = list(looked.findings)
    if not looked.bad:
        findings += bench.run(CheckStage.TOGETHER, looked)
    uses = (file,) if looked.bad else follow(bench, file)[0]
    if not is_part(file):
        findings += bench.run(CheckStage.LETTER, looked)
    if not is_letter(file):
        return Result(file=file, findings=tuple(findings[:MOST_FINDINGS]), uses=uses)
    if page_of(file) in bench.sources:
        uses = tuple(dict.fromkeys((*uses, *follow(bench, page_of(file))[0])))
    if not _has_error(findings):
        findings += bench.run(CheckStage.FINISHED, looked)
    fit = not _has_error(findings)
    shown = sorted(findings, key=lambda finding: finding.severity)[:MOST_FINDINGS]
    return Result(file=file, findings=tuple(shown), fit=fit, uses=uses, says_opening=fit and _says_opening(bench, file))


def _has_error(findings: list[Finding]) -> bool:
    return any(finding.severity == ERROR for finding in findings)


def _says_opening(bench: Bench, file: str) -> bool:
    """Outside working hours, does it say when work begins again?"""
    opening = [(str(values["opens"]), printed) for values, printed in bench.prints(file).printed if values.get("opens")]
    return bool(opening) and all(opens in printed.text for opens, printed in opening)
