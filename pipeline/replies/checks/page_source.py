"""The HTML part as it is written, with all branches: nothing that is loaded from elsewhere, nothing that runs."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.replies import markup
from pipeline.replies.bench import Bench, Looked
from pipeline.replies.files import Finding, error
from pipeline.replies.variables import sample_sets


def check(_bench: Bench, looked: Looked) -> Iterable[Finding]:
    """The codes of markup.py, as `remote-content` and `link`."""
    found: dict[tuple[str, str], Finding] = {}
    for page in markup.sources(looked.tree, sample_sets()[0]) if looked.tree else ():
        for line, code, message, remedy in markup.problems(page):
            found.setdefault((code, message), error(looked.file, line, code, message, remedy))
    return found.values()
