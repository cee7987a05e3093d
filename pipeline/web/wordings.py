"""The words of the pages, one file a language, and which language a visitor is spoken to in."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

Words = dict[str, dict[str, str]]  # family of pages → name → text
_FOLDER = Path(__file__).parent / "words"
LANGUAGES = tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))


@cache
def words(language: str) -> Words:
    """All texts of one of LANGUAGES."""
    found: Words = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return found


def choose_language(*wanted: str) -> str:
    """The first of these languages that the pages speak; English when they speak none."""
    return next((one for one in wanted if one in LANGUAGES), "en")


def read_accepted(header: str) -> list[str]:
    """What an Accept-Language header asks for, the most wanted first (RFC 9110 section 12.5.4)."""
    asked = [_quality(part) for part in header[:500].split(",")]
    return [language for _, language in sorted(asked, key=lambda one: -one[0])]


def _quality(part: str) -> tuple[float, str]:
    language, _, rest = part.partition(";")
    try:
        quality = float(rest.partition("=")[2]) if rest else 1.0
    except ValueError:
        quality = 0.0
    return quality, language.strip().partition("-")[0].lower()
