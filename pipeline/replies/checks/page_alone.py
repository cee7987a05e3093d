"""An HTML part belongs to a text."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.replies.bench import Bench, Looked
from pipeline.replies.files import Finding, error


def check(bench: Bench, looked: Looked) -> Iterator[Finding]:
    """Code `no-text`."""
    if looked.file.removesuffix(".html") + ".txt" not in bench.sources:
        remedy = "add the .txt file: it is the letter, the HTML goes with it"
        yield error(looked.file, 0, "no-text", "there is an HTML part and no text", remedy)
