"""What a rule of redaction is, and the pieces that patterns of several kinds are made of.

Most mails hold nothing personal, so each rule says by what a text may concern it, which costs next to nothing: by the
beginnings of the words in it, or by a shape that is cheap to look for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

_HEAD = 4  # letters of a word by which it is looked up: inflected words count as well
_TAIL = 3  # letters at its end, likewise
_WORD = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_head_of = itemgetter(slice(_HEAD))

Replace = Callable[[str], str]
May = Callable[["Hints"], bool]

# A letter that is not a small one. Only small letters of Latin writing are known: where there are no capitals, any.
CAPITAL = r"[^\W\d_a-zß-öø-ÿāăąćčďđēėęěğīįıłńņňōőŕřśşšțťūůűųźżž]"
LETTER = r"[^\W\d_]"
_INNER_CAPITAL = re.compile(rf"(?<=[ \t('’]){CAPITAL}[\w.'’]")
# What stands between a cue and its value: "number is:", "lautet", "n°".
_LINKING = """is was number no nr nro num code id ist war lautet lautete nummer est était numéro n° nº no es era
número on oli numero
är var den the reads as als comme como"""
LINK = (
    rf"(?:[ \t]{{0,2}}(?:[:=#.]|(?:{'|'.join(_LINKING.split())}|mit der nummer)(?!\w)[.:]?)){{0,3}}"
    r"[ \t]{0,3}"
)


class Hints:
    """What a text has, looked at once: most rules are told by it that there is nothing for them."""

    def __init__(self, text: str) -> None:
        """Reads the words. Most are letters between spaces: only in what is left the pattern has to look for them."""
        self.text = text
        pieces = set(text.lower().split())
        self.words = {piece for piece in pieces if piece.isalpha()}
        others = " ".join(pieces - self.words)
        self.words.update(_WORD.findall(others))
        self.heads = set(map(_head_of, self.words))
        self.has_digit = _DIGIT.search(others) is not None

    @cached_property
    def has_name(self) -> bool:
        """Does a word with a capital follow another word in its line? Names do."""
        return _INNER_CAPITAL.search(self.text) is not None

    @cached_property
    def tails(self) -> frozenset[str]:
        """The ends of all words."""
        return frozenset([word[-_TAIL:] for word in self.words])


@dataclass(frozen=True, slots=True)
class Replacing:
    """How something is replaced, and in which texts it may be: `heads` are beginnings of words one of which is there,
    `may` says more. `digit`, `name`: only where there is a digit, or a capital within a line."""

    replace: Replace
    heads: frozenset[str] = frozenset()
    may: May | None = None
    digit: bool = False
    name: bool = False


class RuleBook:
    """Rules in their order, looked up by the beginnings of the words in a text: most have none there."""

    def __init__(self, rules: Sequence[Replacing]) -> None:
        """Makes the index of those for texts with a digit, and of those for all others."""
        self._with_digit = _Index(rules)
        self._without = _Index([rule for rule in rules if not rule.digit])

    def concerning(self, hints: Hints) -> list[Replacing]:
        """Those that may find something in this text."""
        return (self._with_digit if hints.has_digit else self._without).concerning(hints)


class _Index:
    """Rules by what they ask for, each by its place."""

    def __init__(self, rules: Sequence[Replacing]) -> None:
        self._rules = tuple(rules)
        self._always = frozenset(place for place, rule in enumerate(rules) if not (rule.may or rule.heads))
        self._asked = tuple((place, rule.may) for place, rule in enumerate(rules) if rule.may)
        self._by_head: dict[str, list[int]] = {}
        for place, rule in enumerate(rules):
            for head in rule.heads:
                self._by_head.setdefault(head, []).append(place)
        self._heads = frozenset(self._by_head)

    def concerning(self, hints: Hints) -> list[Replacing]:
        places = self._always.union(
            [place for place, may in self._asked if may(hints)],
            *[self._by_head[head] for head in self._heads.intersection(hints.heads)],
        )
        rules = [self._rules[place] for place in sorted(places)]
        return [rule for rule in rules if not rule.name or hints.has_name]


def heads_of(text: str) -> frozenset[str]:
    """The beginnings of all words, in lower case."""
    return frozenset([word[:_HEAD] for word in _WORD.findall(text.lower()) if len(word) > 1])


def tails_of(text: str) -> frozenset[str]:
    """The ends of all words, in lower case."""
    return frozenset([word[-_TAIL:] for word in _WORD.findall(text.lower()) if len(word) > 1])


def trimmed(found: str, marks: str = ".,;:!?)]}'»”") -> tuple[str, str]:
    """What was found and the marks of the sentence behind it."""
    bare = found.rstrip(marks)
    return bare, found[len(bare) :]


def after(
    text: str, cue: re.Pattern[str], value: re.Pattern[str], token: str, never_behind: tuple[str, ...] = ()
) -> str:
    """The text with a token in place of the last named group of a pattern that matches directly behind a cue.

    `cue`: of small letters, for it is looked for in the text in small letters, which is several times as fast.
    `never_behind`: what the cue does not stand behind ("error code").
    """
    pieces: list[str] = []
    written = 0
    low = folded(text)
    for found in cue.finditer(low):
        start = found.start()
        if start and (low[start - 1].isalnum() or low[start - 1] in "<_"):
            continue
        match = value.match(text, found.end()) if found.end() >= written else None
        if match and match.lastgroup and not (never_behind and low[:start].endswith(never_behind)):
            pieces += [text[written : match.start(match.lastgroup)], token]
            written = match.end(match.lastgroup)
    return "".join([*pieces, text[written:]]) if pieces else text


def folded(text: str) -> str:
    """In small letters, each at its place: a few letters become two, and stay as they are here."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
