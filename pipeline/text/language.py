"""Which language a text is written in."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier


LANGUAGES = tuple("en de fr es fi it nl sv pt pl da no cs hu ro tr et el ru uk ar zh ja".split())
SAMPLE = 250  # characters that are looked at
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


def language_of(text: str, languages: Sequence[str] = ()) -> str:
    """ISO 639-1, '' when the text is too short or too uncertain. `languages` may be met beside the usual ones."""
    sample = text[:SAMPLE]
    if sum(map(str.isalpha, sample)) < LETTERS:
        return ""
    with _loading:  # the same object for all threads; telling the language takes 50 µs
        identifier = _identifier(tuple(sorted({*LANGUAGES, *languages})) if languages else LANGUAGES)
    language, probability = identifier.classify(sample)
    return sys.intern(str(language)) if probability >= CERTAIN else ""
