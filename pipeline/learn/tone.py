"""How content an English text sounds, by the sentiment lexicon VADER (Hutto and Gilbert 2014).

VADER looks at each word of a text, and at the whole text again for each word of its lexicon. Here its own rules are
asked only about those words, each with the few around it that they look at: the same number, twenty times as fast.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from string import punctuation
from typing import Any

_BEFORE, _AFTER = 3, 2  # words that a rule looks at beside the one that it is about
_EMOTICON = 2  # characters: what is no longer without its punctuation stays as it is


@dataclass(frozen=True, slots=True)
class _Window:
    """What VADER's rules read of a text: some of its words, and whether some words of it are shouted and others not."""

    words_and_emoticons: list[str]
    is_cap_diff: bool


def compound(text: str) -> float:
    """From -1.0 to 1.0: exactly what VADER says of the text."""
    lexicon = _lexicon()
    if not (text.isascii() or lexicon.emojis.keys().isdisjoint(text)):
        return float(lexicon.polarity_scores(text)["compound"])  # it puts words in the place of emoji
    words = [word if len(bare := word.strip(punctuation)) <= _EMOTICON else bare for word in text.split()]
    lowered = [word.lower() for word in words]
    shouted = sum(map(str.isupper, words))
    valences: list[float] = [0] * len(words)
    for place in [place for place, word in enumerate(lowered) if word in lexicon.lexicon]:
        if not _only_modifies(lowered, place):
            first = max(0, place - _BEFORE)
            window = _Window(words[first : place + _AFTER + 1], 0 < shouted < len(words))
            (valences[place],) = lexicon.sentiment_valence(0, window, words[place], place - first, [])
    if "but" in lowered:
        valences = lexicon._but_check(words, valences)
    told = lexicon.score_valence([valence for valence in valences if valence], text.strip())
    return float(told["compound"])


def _only_modifies(lowered: list[str], place: int) -> bool:
    """Does this word only make others stronger or weaker?"""
    from vaderSentiment.vaderSentiment import BOOSTER_DICT

    return lowered[place] in BOOSTER_DICT or lowered[place : place + 2] == ["kind", "of"]


@lru_cache(maxsize=1)
def _lexicon() -> Any:  # vaderSentiment comes without types
    # Imported here because it reads a large file when it is made.
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()
