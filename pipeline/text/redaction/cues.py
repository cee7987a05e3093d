"""The table `cues.toml`: the words by which a text says what comes next, as patterns and as what to look for first."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from importlib import resources

from pipeline.text.redaction.rules import heads_of

_LONGEST = re.compile(r"[^\W\d_]{2,}")
_WORD = re.compile(r"[^\W\d_]+")


@cache
def phrases(kind: str) -> frozenset[str]:
    """All of one kind, in lower case."""
    rows = _table()[kind].values()
    return frozenset(" ".join(one.split()) for row in rows for one in row.replace("\n", "").split("|") if one.strip())


def cue(kind: str) -> str:
    """A pattern for them, the longest first."""
    return any_of(phrases(kind))


def heads(*kinds: str) -> frozenset[str]:
    """The beginnings of words one of which every text has that has one of these phrases: of each its longest word."""
    return frozenset().union(*(heads_of(_longest_word(one)) for kind in kinds for one in phrases(kind)))


def first_and_rest(kind: str) -> Mapping[str, list[frozenset[str]]]:
    """Of each phrase its first word, in front of which other letters may stand, and all its others: a text that has the
    phrase has them as they are."""
    found: dict[str, list[frozenset[str]]] = {}
    for phrase in sorted(phrases(kind)):
        first, *rest = _WORD.findall(phrase)
        found.setdefault(first, []).append(frozenset(rest))
    return found


def any_of(words: Collection[str]) -> str:
    """A pattern for any of these words or phrases, the longest first."""
    longest_first = sorted(sorted(words), key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"[ \t]{1,2}") for word in longest_first) + ")"


def after_cue(kind: str) -> re.Pattern[str]:
    """One of the phrases up to the end of a word, in small letters: see `rules.after`."""
    return re.compile(rf"{cue(kind)}(?!\w)")


def _longest_word(phrase: str) -> str:
    return max(_LONGEST.findall(phrase), key=len, default="")


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(resources.files("pipeline.text.redaction").joinpath("cues.toml").read_text(encoding="utf-8"))
