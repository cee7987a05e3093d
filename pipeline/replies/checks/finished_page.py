"""The HTML part as it comes out: what a sample brought in is looked at too."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.replies import markup
from pipeline.replies.bench import Bench, Looked
from pipeline.replies.files import Finding, error, page_of


def check(bench: Bench, looked: Looked) -> Iterable[Finding]:
    """The codes of markup.py."""
    found: dict[str, Finding] = {}
    for _values, printed in bench.prints(looked.file).printed:
        for _line, code, message, remedy in markup.problems(printed.html) if printed.html else ():
            message = f"the finished page: {message}"
            found[message] = error(page_of(looked.file), 0, code, message, remedy)
    return found.values()
