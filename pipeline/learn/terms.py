"""The tokens of a mail, by kinds: what every feature of the classifier is made of.

An item is the pair (subject, text) of a mail. Each block of features is a TF-IDF over tokens of another kind: words of
the subject, words of the text, letters inside words, ideas (lexicon.py), and marks of tone and shape. Nothing here
needs scikit-learn, which takes seconds to import: a worker that only predicts does without.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from string import punctuation
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.learn.lexicon import ideas_in

Item = tuple[str, str]  # subject, text
Floats = NDArray[np.float32]

WORDS_OF = 6_000  # characters of a text read for words
LETTERS_OF = 1_500  # … for letters inside words: later ones say little and cost most
_LONGEST_WORD = 40  # beyond it is no language
_GRAMS = range(2, 6)
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_SHOUTED = re.compile(r"\b[A-ZÄÖÜÅÉÈÑ]{3,}\b")
_NUMBER = re.compile(r"\d{4,}")
_ENGLISH = frozenset("the and to i my is it you of for a in not have was that with on this but".split())


def words(text: str) -> list[str]:
    """Lower-case words; every digit is a 0, for no order number is met twice."""
    return [word[:_LONGEST_WORD] for word in _WORD.findall(_DIGIT.sub("0", text.lower()))]


def _with_pairs(found: list[str]) -> list[str]:
    return found + [f"{one} {two}" for one, two in pairwise(found)]


def subject_words(item: Item) -> list[str]:
    """Words and pairs of the subject."""
    return _with_pairs(words(item[0]))


def text_words(item: Item) -> list[str]:
    """Words and pairs of the beginning of the text."""
    return _with_pairs(words(item[1][:WORDS_OF]))


def letters(item: Item) -> list[str]:
    """Runs of two to five letters inside each word, punctuation and all: inflection, typing errors, tone."""
    return [gram for word in letter_words(item) for gram in _kept_grams(word)]


def letter_words(item: Item) -> list[str]:
    """The pieces between white space that runs of letters are taken from."""
    text = _DIGIT.sub("0", f"{item[0]} {item[1]}"[:LETTERS_OF].lower())
    return [word[:_LONGEST_WORD] for word in text.split()]


def grams_of(word: str) -> tuple[str, ...]:
    """The runs of one word, its borders marked by a space."""
    padded = f" {word} "
    runs = [padded[at : at + size] for size in _GRAMS for at in range(len(padded) - size + 1)]
    return tuple(runs) if len(padded) > max(_GRAMS) else (*runs, padded)


_kept_grams = lru_cache(maxsize=50_000)(grams_of)  # 65 MB when full: for a training, not for a worker


def ideas(item: Item) -> list[str]:
    """Ideas of the lexicon in the subject and the beginning of the text."""
    return ideas_in(f"{item[0]} {item[1][:WORDS_OF]}")


def subject_ideas(item: Item) -> list[str]:
    """Ideas of the lexicon in the subject."""
    return ideas_in(item[0])


def marks(item: Item) -> list[str]:
    """Tone and shape, each as one token of a few steps."""
    return _marks(item, _kept_tone)


def marks_met_once(item: Item) -> list[str]:
    """The same; nothing is kept for another time."""
    return _marks(item, _tone)


def _marks(item: Item, tone: Callable[[str], str]) -> list[str]:
    text = item[1][:LETTERS_OF]
    both = f"{item[0]} {text}"
    return [
        f"tone {tone(text)}",
        f"question marks {min(3, both.count('?'))}",
        f"exclamation marks {min(3, both.count('!'))}",
        f"shouted words {min(3, len(_SHOUTED.findall(both)))}",
        f"long numbers {min(2, len(_NUMBER.findall(both)))}",
        f"length {int(math.log2(len(item[1]) + 1))}",
    ]


def _tone(text: str) -> str:
    """The sentiment lexicon's word on an English text, from -4 to 4; 'unknown' for other languages."""
    found = text.lower().split()
    if sum(map(_ENGLISH.__contains__, found)) < 0.1 * len(found):
        return "unknown"  # German "die" would count as a death
    if text.isascii() and not _has_tone(found):
        return "+0"  # what the lexicon would say too, a hundred times slower; beyond ASCII there may be emoji
    return f"{round(4 * _lexicon().polarity_scores(text)['compound']):+d}"


_kept_tone = lru_cache(maxsize=16_000)(_tone)  # a training asks for the same texts once a fold


def _has_tone(found: Sequence[str]) -> bool:
    """Is any of the words in the lexicon, as it stands or without the punctuation around it?"""
    lexicon: Mapping[str, float] = _lexicon().lexicon
    return not (lexicon.keys().isdisjoint(found) and lexicon.keys().isdisjoint(map(_bare, found)))


def _bare(word: str) -> str:
    return word.strip(punctuation)


@lru_cache(maxsize=1)
def _lexicon() -> Any:  # vaderSentiment comes without types
    # Imported here because it reads a large file when it is made.
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


LETTERS = "letters"
MARKS = "mark"  # the last block

# name, tokens, weight beside the other blocks
BLOCKS: tuple[tuple[str, Callable[[Item], list[str]], float], ...] = (
    ("subject", subject_words, 0.5),
    ("text", text_words, 0.5),
    (LETTERS, letters, 1.0),
    ("idea", ideas, 1.0),
    ("subject idea", subject_ideas, 0.5),
    (MARKS, marks, 0.5),
)
TOKENS = {name: tokens for name, tokens, _weight in BLOCKS}

VECTOR_WEIGHT = 2.0  # of the encoder's vectors beside the other blocks
