"""The quick way to the tone of a text says exactly what VADER says."""

from __future__ import annotations

import random
from string import printable, punctuation

import pytest
from vaderSentiment.vaderSentiment import (
    BOOSTER_DICT,
    NEGATE,
    SENTIMENT_LADEN_IDIOMS,
    SPECIAL_CASES,
    SentimentIntensityAnalyzer,
)

from pipeline.learn.tone import compound

LEXICON = SentimentIntensityAnalyzer()
TURNS = "but no nor or least at very so this never without doubt kind of sort of BUT NO".split()
PLAIN = "the parcel has arrived it is my order on Tuesday Σίσυφος ÅNGSTRÖM 0012 İ ß".split()
WORDS = {
    "lexicon": [*LEXICON.lexicon],
    "booster": [*BOOSTER_DICT],
    "negation": NEGATE,
    "turn": TURNS,
    "idiom": [*SPECIAL_CASES, *SENTIMENT_LADEN_IDIOMS],
    "plain": PLAIN,
}


def said_by_vader(text: str) -> float:
    return float(LEXICON.polarity_scores(text)["compound"])


def made_up(dice: random.Random) -> str:
    """A text of words that VADER has rules about, shouted, with punctuation and all."""
    kinds = dice.choices([*WORDS], k=dice.randrange(60))
    return dice.choice([" ", "\n", "\u00a0 "]).join(_dressed(dice.choice(WORDS[kind]), dice) for kind in kinds)


def _dressed(word: str, dice: random.Random) -> str:
    word = dice.choice([str, str, str.upper, str.title])(word)
    ends = ["", "", "", "!", "?", "!!!", "...", dice.choice(punctuation), dice.choice("😀💔❤✨")]
    return dice.choice(["", "", '"', "(", "😡"]) + word + dice.choice(ends)


@pytest.mark.parametrize("seed", range(2_000))
def test_it_is_equal_on_texts_made_of_what_the_rules_are_about(seed: int) -> None:
    text = made_up(random.Random(seed))
    assert compound(text) == said_by_vader(text), text


def test_it_is_equal_on_noise() -> None:
    dice = random.Random(7)
    for _ in range(500):
        text = "".join(dice.choices(printable + "😀\u2028\x85İß", k=dice.randrange(200)))
        assert compound(text) == said_by_vader(text), text


def test_it_is_equal_on_nothing_and_on_a_single_word() -> None:
    for text in ("", " ", "!", "?!?!?", "but", "kind of", "kind", "great", "GREAT", "not", "least good", "no no no"):
        assert compound(text) == said_by_vader(text), text
