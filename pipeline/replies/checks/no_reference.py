"""A letter says under which reference a customer can ask: as a rule it is the base that does."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.replies.bench import Bench, Looked
from pipeline.replies.files import Finding, warning


def check(bench: Bench, looked: Looked) -> Iterator[Finding]:
    """Code `no-reference`."""
    printed = bench.prints(looked.file).printed
    if any(str(values["ref"]) not in letter.text for values, letter in printed):
        message = "the letter does not say its reference"
        remedy = 'begin the text with {% extends "base.txt" %}, or write {{ ref }} into it'
        yield warning(looked.file, 0, "no-reference", message, remedy)
