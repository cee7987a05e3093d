"""The letters that were fit to be used when they were last looked at, with their sources: `var/templates.json`.

So a letter is checked once and not at every start, and a file that was broken since leaves its last good version in use
even for a command that starts anew. The file is not signed: whoever may write it may write the key beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pipeline import logs

_CHECKERS = ("emptiness expressions files kinds lint markup rules sandbox variables").split()


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A letter that passed, and the files it is made of, as they were."""

    sources: Mapping[str, str]
    says_opening: bool

    def is_made_of(self, texts: Mapping[str, str], pages: bool) -> bool:
        """Are the files still the same? `pages`: is there an HTML part now?"""
        has_page = any(file.endswith(".html") for file in self.sources)
        return has_page == pages and all(texts.get(file) == text for file, text in self.sources.items())

    @property
    def version(self) -> str:
        """Twelve letters that change whenever one of its files does."""
        whole = "\0".join(f"{file}\0{text}" for file, text in sorted(self.sources.items()))
        return hashlib.sha256(whole.encode()).hexdigest()[:12]


@cache
def checker() -> str:
    """Names the rules: what passed earlier ones is looked at again."""
    here = Path(__file__).parent
    rules = "".join((here / f"{name}.py").read_text(encoding="utf-8") for name in _CHECKERS) + version("jinja2")
    return hashlib.sha256(rules.encode()).hexdigest()[:16]


def recall(file: Path | None) -> dict[str, Fit]:
    """By letter, as en/delivery.txt. Empty when there is nothing, or nothing that these rules have passed."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8")) if file else {}
        if kept.get("checker") != checker():
            return {}
        texts = kept["texts"]
        return {
            letter: Fit(
                sources={name: texts[mark] for name, mark in fit["sources"].items()}, says_opening=fit["says_opening"]
            )
            for letter, fit in kept["letters"].items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        logs.get("letters").warning("templates are all checked anew", file=str(file), problem=str(problem))
        return {}


def remember(file: Path | None, letters: Mapping[str, Fit]) -> None:
    """Written beside and renamed. Where it can't be written, the next start takes a second longer."""
    if file is None:
        return
    texts = {_mark(text): text for fit in letters.values() for text in fit.sources.values()}
    marked = {
        letter: {**asdict(fit), "sources": {name: _mark(text) for name, text in fit.sources.items()}}
        for letter, fit in letters.items()
    }
    fresh = file.with_suffix(".new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_text(json.dumps({"checker": checker(), "letters": marked, "texts": texts}), encoding="utf-8")
        fresh.replace(file)
    except OSError as problem:
        logs.get("letters").warning("can't keep which templates were checked", file=str(file), problem=str(problem))


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
