"""A variable in the middle of a sentence that may be empty: "Hello ," greets nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from jinja2 import TemplateError

from pipeline.replies.bench import Bench, Looked
from pipeline.replies.checks.used_files import follow
from pipeline.replies.files import Finding, warning
from pipeline.replies.variables import VARIABLES, sample_sets

_MARK = "Qzxjq"  # a word that no letter has
_MARKED = re.compile(_MARK, re.IGNORECASE)  # a filter may have changed its letters


def check(bench: Bench, looked: Looked) -> Iterator[Finding]:
    """Code `may-be-empty`: where a line loses nothing but the variable, there is no `if` and no `or`."""
    for name in (variable.name for variable in VARIABLES if variable.may_be_empty):
        for left in _lines_that_stay(bench, looked.file, name):
            file, line = _place(bench, looked.file, name)
            message = f'"{left[:60]}" is what stays of this line when {name} is empty'
            remedy = f"write {{% if {name} %}} … {{% endif %}} around the sentence, or {{{{ {name} or '…' }}}}"
            yield warning(file, line, "may-be-empty", message, remedy)


def _lines_that_stay(bench: Bench, file: str, name: str) -> list[str]:
    path = PurePosixPath(file)
    values = next(one for one in (*sample_sets(), {**sample_sets()[0], name: ""}) if one[name] == "")
    try:
        with_mark = bench.press.print(path.parent.name, path.stem, {**values, name: _MARK}).text
        without = bench.press.print(path.parent.name, path.stem, values).text
    except (TemplateError, ValueError):  # with every sample it can be filled in; this one is ours alone
        return []
    lines = {" ".join(line.split()) for line in without.splitlines()}
    cut = {" ".join(_MARKED.sub(" ", line).split()) for line in with_mark.splitlines() if _is_amid(line)}
    return sorted(line for line in cut if line in lines)


def _is_amid(line: str) -> bool:
    """Words stand beside it, and it is more than what follows a label."""
    before, *after = _MARKED.split(line, maxsplit=1)
    is_value = before.rstrip().endswith(":") and not re.search(r"\w", "".join(after))
    return bool(after) and not is_value and bool(re.search(r"\w", "".join([before, *after])))


def _place(bench: Bench, file: str, name: str) -> tuple[str, int]:
    """The file and line where it is written; that of the letter without a line where that can't be told."""
    written = re.compile(rf"{{{{[^}}]*\b{name}\b")
    for used in follow(bench, file)[0]:
        for number, line in enumerate(bench.sources[used].split("\n"), 1):
            if written.search(line):
                return used, number
    return file, 0
