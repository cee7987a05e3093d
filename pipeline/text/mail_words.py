"""What mail programs and gateways write around mail, in all languages: the tables of words, ready to look up."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

MEANINGS = ("from", "date", "to", "subject")


@dataclass(frozen=True, slots=True)
class FrameWords:
    """What a paragraph of a gateway says: in one language, a word of each row."""

    hints: tuple[str, ...]  # beginnings of words of all first rows: most paragraphs hold none of them
    languages: tuple[tuple[re.Pattern[str], ...], ...]

    def are_in(self, said: str) -> bool:
        """Does a paragraph, in lower case, say all of it?"""
        if not any(hint in said for hint in self.hints):
            return False
        return any(all(row.search(said) for row in rows) for rows in self.languages)


@dataclass(frozen=True, kw_only=True, slots=True)
class MailWords:
    """The words of all languages together, in lower case; each with the languages that use it."""

    labels: Mapping[str, Mapping[str, str]]  # "von" → {"de": "from"}
    originals: frozenset[str]  # "original message"
    forwards: frozenset[str]  # "forwarded message"
    closings: frozenset[str]  # "kind regards"
    thanks: frozenset[str]  # "many thanks"
    reply_marks: frozenset[str]  # "aw"
    forward_marks: frozenset[str]  # "wg"; "vs" answers in Finnish and passes on in Danish: it is in both
    wrote: re.Pattern[str]  # the verb of "On …, … wrote:"
    sent_from: re.Pattern[str]
    answers: re.Pattern[str]  # "my answers below"
    pointing: re.Pattern[str]  # "see below"
    openings: Mapping[str, tuple[str, ...]]  # closings of more than one word, by their first one
    warning: FrameWords  # of gateways
    disclaimer: FrameWords


@cache
def mail_words() -> MailWords:
    """The tables `mail_words.toml` and `frame_words.toml`, read once."""
    table, frames = _table("mail_words.toml"), _table("frame_words.toml")
    labels: dict[str, dict[str, str]] = {}
    for language, words in table.items():
        for meaning in MEANINGS:
            for word in words[meaning]:
                labels.setdefault(word, {}).setdefault(language, meaning)
    return MailWords(
        labels=labels,
        originals=_all(table, "original"),
        forwards=_all(table, "forwarded"),
        closings=_all(table, "closing"),
        thanks=_all(table, "thanks"),
        reply_marks=_all(table, "reply"),
        forward_marks=_all(table, "forward"),
        wrote=_any_of(_all(table, "wrote")),
        sent_from=_any_of(_all(table, "sent_from")),
        answers=_any_of(_all(table, "answers")),
        pointing=_any_of(_all(table, "pointing")),
        openings=_by_first_word(_all(table, "closing")),
        warning=_frame_words(frames, "warning"),
        disclaimer=_frame_words(frames, "disclaimer"),
    )


def _table(name: str) -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(resources.files("pipeline.text").joinpath(name).read_text(encoding="utf-8"))


def _by_first_word(closings: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for closing in sorted(closings, key=len):
        first, _, rest = closing.partition(" ")
        if rest:
            found[first] = (closing, *found.get(first, ()))  # the longest first
    return found


def _frame_words(frames: Mapping[str, Mapping[str, Any]], kind: str) -> FrameWords:
    rows = [words[kind] for words in frames.values()]
    words = sorted({word for row in rows for word in row[0]}, key=len)
    hints = tuple(word for place, word in enumerate(words) if not any(shorter in word for shorter in words[:place]))
    return FrameWords(hints, tuple(tuple(map(_beginning, row)) for row in rows))


def _beginning(words: Sequence[str]) -> re.Pattern[str]:
    """A word that begins with one of these."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_spaced, words))})")


def _all(table: Mapping[str, Mapping[str, Any]], kind: str) -> frozenset[str]:
    return frozenset(word for words in table.values() for word in words[kind])


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Whole words, where the language writes spaces between them; for texts in lower case, which is a lot faster."""
    longest_first = sorted(words, key=len, reverse=True)
    joined = [_spaced(word) for word in longest_first if _has_no_spaces(word)]
    apart = [_spaced(word) for word in longest_first if not _has_no_spaces(word)]
    return re.compile("|".join(filter(None, (rf"(?<!\w)(?:{'|'.join(apart)})(?!\w)", *joined))))


def _spaced(word: str) -> str:
    return r"\s+".join(map(re.escape, word.split()))


def _has_no_spaces(word: str) -> bool:
    """Is it of a language that writes words without spaces (Thai, Chinese, Japanese, Korean endings)?"""
    return any("\u0e00" <= one <= "\u0e7f" or one >= "\u2e80" for one in word)
