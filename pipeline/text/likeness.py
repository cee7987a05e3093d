"""How alike two texts are: TF-IDF over words and the letters inside them, and the cosine between them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]{2,40}")
_GRAM = 4

Vector = Mapping[str, float]


def rarity_of(texts: Iterable[Mapping[str, int]]) -> dict[str, float]:
    """Of each token how few of the texts have it. The texts: tokens as `tokens` counts them."""
    known = list(texts)
    having = Counter(token for counts in known for token in counts)
    return {token: math.log((1 + len(known)) / (0.5 + count)) for token, count in having.items()}


def tokens(text: str) -> Counter[str]:
    """Words, and runs of letters inside them: inflection and compounds share these."""
    return Counter(token for word in _WORD.findall(text.lower()) for token in _of_word(word))


@lru_cache(maxsize=5_000)
def _of_word(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return (word, *(padded[at : at + _GRAM] for at in range(len(padded) - _GRAM + 1)))


def weighed(counts: Counter[str], rarity: Mapping[str, float]) -> Vector:
    """To length 1. A word that none of the texts has counts too: who writes about other things asks something else."""
    unknown = max(rarity.values(), default=1.0)
    weights = {token: (1 + math.log(count)) * rarity.get(token, unknown / 2) for token, count in counts.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {token: weight / length for token, weight in weights.items()}


def cosine(one: Vector, other: Vector) -> float:
    """0 for nothing in common, 1 for the same."""
    return sum(weight * other[token] for token, weight in one.items() if token in other)
