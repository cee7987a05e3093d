"""Which language a text is written in."""

from __future__ import annotations

import re
import sys
import threading
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier


LANGUAGES = tuple("en de fr es fi it nl sv pt pl da no cs hu ro tr et el ru uk ar zh ja".split())
SAMPLE = 250  # characters that are looked at
GLANCE = 120  # characters that are enough where they leave no doubt: telling the language is what costs most
NO_DOUBT = 0.999
LETTERS = 20  # fewer prove nothing
CERTAIN = 0.6
_loading = threading.Lock()


@cache
def _identifier(languages: tuple[str, ...]) -> LanguageIdentifier:
    """Loaded once a process: it takes a second and 100 MB."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # slow to import

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([language for language in languages if language in identifier.labels])
    return identifier


def load() -> None:
    """What is loaded at first use anyway. Most of it is unpacking, during which other threads can work."""
    with _loading:
        _identifier(LANGUAGES)


def language_of(text: str, languages: Sequence[str] = ()) -> str:
    """ISO 639-1, '' when the text is too short or too uncertain. `languages` may be met beside the usual ones."""
    sample = text[:SAMPLE]
    if sum(map(str.isalpha, sample)) < LETTERS:
        return ""
    with _loading:  # the same object for all threads; telling the language takes 50 µs
        identifier = _identifier(tuple(sorted({*LANGUAGES, *languages})) if languages else LANGUAGES)
    language, probability = identifier.classify(sample[:GLANCE])
    if probability < NO_DOUBT and len(sample) > GLANCE:
        language, probability = identifier.classify(sample)
    return sys.intern(str(language)) if probability >= CERTAIN else ""


def language_of_mail(subject: str, text: str, declared: str = "", languages: Sequence[str] = ()) -> str:
    """ISO 639-1, '' when nothing tells. The writer's own words decide before the subject, which a form may have made;
    short ones by their letters and by common words; what the mail declares (Content-Language) only where they say
    nothing.
    """
    whole = f"{subject}\n{text}"
    return (
        language_of(text, languages)
        or language_of_letters(text)
        or _by_common_words(text)
        or language_of(whole, languages)
        or _by_common_words(whole)
        or _declared(declared, languages)
    )


# --- short mails ------------------------------------------------------------------------------------------------------

# Letters that one language alone has, of those that are told apart; the first that is found decides.
_LETTERS = (
    (re.compile("[\u3040-\u30ff]"), "ja"),
    (re.compile("[\u4e00-\u9fff]"), "zh"),
    (re.compile("[\u0370-\u03ff\u1f00-\u1fff]{2}"), "el"),
    (re.compile("[\u0620-\u064a]{2}"), "ar"),
    (re.compile("[іїєґ]", re.IGNORECASE), "uk"),
    (re.compile("[ыэъё]", re.IGNORECASE), "ru"),
)
_SHORT = 60  # characters in which the letters of a script count
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_WORDS = 40  # words of a text that are looked up
_PROVES = 4  # letters of a word that tells a language alone


def language_of_letters(text: str) -> str:
    """The language that writes a short text's letters, ''. A foreign name or a model number may stand in it."""
    sample = text[:_SHORT]
    if sample.isascii():
        return ""
    found = next((language for letters, language in _LETTERS if letters.search(sample)), "")
    foreign = sum(character > "\u036f" for character in sample if character.isalpha())
    return found if foreign * 2 >= sum(map(str.isalpha, sample)) else ""


def _by_common_words(text: str) -> str:
    said = {word.lower() for word in _WORD.findall(text[: 10 * _WORDS])[:_WORDS]} & _common_words().keys()
    if len(said) == 1 and len(min(said)) < _PROVES:
        return ""
    hits = Counter(language for word in said for language in _common_words()[word]).most_common(2)
    return hits[0][0] if hits and (len(hits) == 1 or hits[0][1] > hits[1][1]) else ""


def _declared(value: str, languages: Sequence[str]) -> str:
    """Content-Language (RFC 3282): the first of its tags, where it is one that we know."""
    tag = value.partition(",")[0].partition("-")[0].strip().lower()
    tag = "no" if tag in ("nb", "nn") else tag
    return tag if tag in LANGUAGES or tag in languages else ""


def says_praise(text: str, language: str) -> bool:
    """Is there a word of somebody who is content, in their language?"""
    words = _table().get(language, {}).get("praise", ())
    said = text.lower()
    return any(re.search(rf"(?<!\w){re.escape(word)}", said) for word in words)


@cache
def _common_words() -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for language, row in _table().items():
        for word in {*row["words"], *row["praise"]}:
            found.setdefault(word, []).append(language)
    return found


@cache
def _table() -> Mapping[str, Mapping[str, Sequence[str]]]:
    return tomllib.loads(resources.files("pipeline.text").joinpath("common_words.toml").read_text(encoding="utf-8"))
