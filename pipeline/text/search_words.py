"""Text as search sees it: words without marks and endings, and addresses and references as one word each.

All of it is done here and not in the database, so that SQLite and PostgreSQL find the same.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, repeat
from typing import Protocol

from pipeline.tokens import REF, normalise_ref

STEMMED = {"en": "english", "de": "german", "fr": "french", "es": "spanish", "fi": "finnish"}
LONGEST = 40  # characters of a word that count: longer ones are cut alike where they are kept and where they are sought
MOST = 10_000  # different words of one text: PostgreSQL takes 1 MB of them
MARK = "\ue000"  # begins what is no word. For private use in Unicode: no letter, so no word of a mail can hold it
WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
# Begins where a word begins, and is no longer than RFC 5321 section 4.5.3.1 allows: else a mail that is one long line
# would be tried from each of its letters.
_IN_ADDRESS = r"[^\s<>()\[\]\",;:@]"
ADDRESS = re.compile(rf"(?<!{_IN_ADDRESS}){_IN_ADDRESS}{{1,64}}@{_IN_ADDRESS}{{1,200}}\.[^\s<>()\[\]\",;:@.]{{1,63}}")
_PLAIN = re.compile(r"[^\W_]+")
# What has no decomposition in Unicode, as people type it who lack the letter.
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


class _Stemmer(Protocol):
    """What snowballstemmer, which comes without types, makes for a language."""

    def stemWord(self, word: str) -> str:  # noqa: N802  (its name for it)
        """A word without its ending."""


@lru_cache(maxsize=4_000)
def folded(word: str) -> tuple[str, ...]:
    """A word in small letters without marks: ("strasse",) of "Straße". Rarely several, of letters that stand for
    some: "½" is 1 and 2."""
    if word.isascii():
        return (word.lower()[:LONGEST],)
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    letters = "".join(letter for letter in bare if not unicodedata.combining(letter))
    return tuple(found[:LONGEST] for found in _PLAIN.findall(letters.translate(_LETTERS)))


@lru_cache(maxsize=8_000)
def kept(word: str, language: str) -> tuple[str, ...]:
    """As a word of a text in this language (ISO 639-1) is kept: folded and without its ending."""
    return tuple(_stem(one, language) for one in folded(word))


def stems(word: str) -> tuple[str, ...]:
    """What a folded word is kept as in one of our languages, or in another one: each once."""
    return tuple(dict.fromkeys([word, *(_stem(word, language) for language in STEMMED)]))


def _stem(word: str, language: str) -> str:
    if language not in STEMMED or not word.isalpha():
        return word
    return _stemmer(STEMMED[language]).stemWord(word) or word


class _Stemmers(threading.local):
    """Each thread's own: while a word is cut, its state lies in the stemmer."""

    def __init__(self) -> None:
        self.made: dict[str, _Stemmer] = {}


_stemmers = _Stemmers()


def _stemmer(name: str) -> _Stemmer:
    if name not in _stemmers.made:
        import snowballstemmer  # takes 0.1 s to load

        _stemmers.made[name] = snowballstemmer.stemmer(name)
    return _stemmers.made[name]


@lru_cache(maxsize=2_000)
def keyword(kind: str, value: str) -> str:
    """What is found only as a whole, such as an address or a topic, as a word that no text can hold."""
    return f"{MARK}{kind}{blake2b(value.encode(), digest_size=8).hexdigest()}"


def address_word(address: str) -> str:
    """An address as one word, however it is written."""
    return keyword("address", unicodedata.normalize("NFKC", address).casefold())


def ref_word(ref: str) -> str:
    """A reference in our spelling as one word."""
    return keyword("ref", ref)


def search_words(text: str, language: str) -> list[str]:
    """All under which a text is found, each once, in its order: words, addresses and references."""
    words = dict.fromkeys(WORD.findall(text))
    found = dict.fromkeys(chain.from_iterable(map(kept, words, repeat(language))))
    if "@" in text:
        found |= dict.fromkeys(address_word(address) for address in ADDRESS.findall(text))
    if "-" in text:
        found |= dict.fromkeys(ref_word(normalise_ref(ref)) for ref in REF.findall(text))
    return [*found][:MOST]
