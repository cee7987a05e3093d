"""The words of mails, and which of them are new."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

LEAST_MAILS = 5  # that use a word which no mail used before
_WORD = re.compile(r"[^\W\d_]{4,30}")


def words_of(text: str) -> set[str]:
    """Of four letters or more, in lower case."""
    return set(_WORD.findall(text.lower()))


def count_new(lately: Iterable[str], before: Iterable[str], most: int) -> list[tuple[str, int]]:
    """Words that enough mails use lately and none did before, with the number of these mails, the commonest first.

    Without mails before there is nothing to compare with, and no word is new.
    """
    known = {word for text in before for word in words_of(text)}
    if not known:
        return []
    counts = Counter(word for text in lately for word in words_of(text) - known)
    return [(word, count) for word, count in counts.most_common(most) if count >= LEAST_MAILS]
