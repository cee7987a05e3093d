"""The letter that carries what a person writes says it, whatever else it says."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.replies import own_words
from pipeline.replies.bench import Bench, Looked
from pipeline.replies.files import Finding, error


def check(bench: Bench, looked: Looked) -> Iterator[Finding]:
    """Code `lost-words`."""
    printed = bench.prints(looked.file).printed
    if not all(own_words.says_them(letter.text, values) for values, letter in printed):
        message = "the letter does not say what the person has written"
        yield error(looked.file, 0, "lost-words", message, "write {{ comment }} into it, outside of every {% if %}")
