"""The table `names.toml`: first names, and words that hints like a name where one is expected and are none."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

# Endings that Finnish puts on a first name, and the genitive of the others.
_ENDINGS = re.compile(r"(?:lle|lla|llä|lta|ltä|sta|stä|ssa|ssä|ksi|n|s|a|ä)$")
_LAST_LETTERS = tuple("aäeins")  # of these endings


@dataclass(frozen=True, kw_only=True, slots=True)
class NameWords:
    """Words in lower case."""

    first: frozenset[str]  # first names that are hardly ever anything else
    also_words: frozenset[str]  # first names that are ordinary words, towns or brands as well
    never: frozenset[str]  # no names, though a capital or a greeting may make them hints like it
    brands: frozenset[str]  # things and companies that are called like people: first and second word

    def is_first(self, word: str) -> bool:
        """Is it a first name and nothing else? Inflected ones count, of four letters and more."""
        low = word.lower()
        if low in self.first:
            return True
        if not low.endswith(_LAST_LETTERS):
            return False
        bare = _ENDINGS.sub("", low)
        return bare != low and len(bare) > 3 and bare in self.first and low not in self.never

    def may_be_first(self, word: str) -> bool:
        """Is it a first name, whatever else?"""
        return word.lower() in self.also_words or self.is_first(word)


@cache
def name_words() -> NameWords:
    """The table, read once."""
    table = tomllib.loads(resources.files("pipeline.text.redaction").joinpath("names.toml").read_text(encoding="utf-8"))
    return NameWords(
        first=_words(" ".join(table["first"].values())) - _words(table["also_words"]),
        also_words=_words(table["also_words"]),
        never=_words(" ".join(table["never"].values())),
        brands=frozenset(line.strip().lower() for line in table["brands"].splitlines() if line.strip()),
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(text.lower().split())
