"""The words of a mail, for finding those that are new."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]{4,30}")


def words_of(text: str) -> set[str]:
    """Of four letters or more, in lower case."""
    return set(_WORD.findall(text.lower()))
