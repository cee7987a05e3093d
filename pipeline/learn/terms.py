"""The tokens of a mail, by kinds: what every feature of the classifier is made of.

An item is the pair (subject, text) of a mail. Each block of features is a TF-IDF over tokens of another kind: words of
the subject, words of the text, letters inside words, ideas (lexicon.py), and marks of tone and shape. Nothing here
needs scikit-learn, which takes seconds to import: a worker that only predicts does without.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from string import digits

import numpy as np
from numpy.typing import NDArray

from pipeline.learn.lexicon import ideas_in
from pipeline.learn.tone import compound

Item = tuple[str, str]  # subject, text
Floats = NDArray[np.float32]

WORDS_OF = 6_000  # characters of a text read for words
LETTERS_OF = 1_500  # … for letters inside words: later ones say little and cost most
_LONGEST_WORD = 40  # beyond it is no language
_GRAMS = range(2, 6)
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_TO_ZERO = str.maketrans(digits, "0" * len(digits))
_SHOUTED = re.compile(r"\b[A-ZÄÖÜÅÉÈÑ]{3,}\b")
_NUMBER = re.compile(r"\d{4,}")
_ENGLISH = frozenset("the and to i my is it you of for a in not have was that with on this but".split())


def words(text: str) -> list[str]:
    """Lower-case words; every digit is a 0, for no order number is met twice."""
    return [word[:_LONGEST_WORD] for word in _WORD.findall(_zeroed(text.lower()))]


def _zeroed(text: str) -> str:
    return text.translate(_TO_ZERO) if text.isascii() else _DIGIT.sub("0", text)


def _with_pairs(found: list[str]) -> list[str]:
    return found + [f"{one} {two}" for one, two in pairwise(found)]


def subject_words(item: Item) -> list[str]:
    """Words and pairs of the subject."""
    return _with_pairs(words_of_subject(item))


def text_words(item: Item) -> list[str]:
    """Words and pairs of the beginning of the text."""
    return _with_pairs(words_of_text(item))


def words_of_subject(item: Item) -> list[str]:
    """Words of the subject alone."""
    return words(item[0])


def words_of_text(item: Item) -> list[str]:
    """Words of the beginning of the text alone."""
    return words(item[1][:WORDS_OF])


def letters(item: Item) -> list[str]:
    """Runs of two to five letters inside each word, punctuation and all: inflection, typing errors, tone."""
    return [gram for word in letter_words(item) for gram in _kept_grams(word)]


def letter_words(item: Item) -> list[str]:
    """The pieces between white space that runs of letters are taken from."""
    text = _zeroed(f"{item[0]} {item[1]}"[:LETTERS_OF].lower())
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
    return f"{round(4 * compound(text)):+d}"


_kept_tone = lru_cache(maxsize=16_000)(_tone)  # a training asks for the same texts once a fold


SUBJECT, TEXT, LETTERS = "subject", "text", "letters"
MARKS = "mark"  # the last block

# name, tokens, weight beside the other blocks
BLOCKS: tuple[tuple[str, Callable[[Item], list[str]], float], ...] = (
    (SUBJECT, subject_words, 0.5),
    (TEXT, text_words, 0.5),
    (LETTERS, letters, 1.0),
    ("idea", ideas, 1.0),
    ("subject idea", subject_ideas, 0.5),
    (MARKS, marks, 0.5),
)
WRITTEN = (SUBJECT, TEXT, LETTERS)  # those whose tokens are what people wrote; the others' are lists of ours
TOKENS = {name: tokens for name, tokens, _weight in BLOCKS}

VECTOR_WEIGHT = 2.0  # of the encoder's vectors beside the other blocks
