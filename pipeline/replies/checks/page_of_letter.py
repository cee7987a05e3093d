"""A letter whose HTML part is bad is no letter."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.replies.bench import Bench, Looked, broken_part
from pipeline.replies.checks.used_files import follow
from pipeline.replies.files import ERROR, Finding, page_of


def check(bench: Bench, looked: Looked) -> Iterator[Finding]:
    """Code `broken-part`."""
    page = page_of(looked.file)
    if page in bench.sources:
        _uses, problems = follow(bench, page)
        bad = bench.look(page).bad or next((one for one in problems if one.severity == ERROR), None)
        if bad:
            yield broken_part(looked.file, 1, page, bad)
