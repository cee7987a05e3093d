"""How much of what is personal `redact` takes out of our own sentences, and how many other words it costs.

`python -m bench.redaction`: prints it and writes docs/benchmarks/redaction.md. The sentences are in
tests/data/redaction.jsonl, one a line: `text`, `language`, `gone` (each `kind, value`) and `stay` (the words outside of
these values). Every third one is held out: nobody looks at it while the patterns are being made.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.report import table
from pipeline.text.redact import redact

ROOT = Path(__file__).parent.parent
SENTENCES = ROOT / "tests" / "data" / "redaction.jsonl"
PAGE = ROOT / "docs" / "benchmarks" / "redaction.md"
_THIRD = 3  # one sentence in so many is held out
_WORD = re.compile(r"\w+")

HEAD = """# What redaction finds
Written by `python -m bench.redaction`; nothing here is typed by hand. The sentences of tests/data/redaction.jsonl were
written by hand for this, before the patterns. Every third one was held out while the patterns were made: only the
column *held out* says how it goes with text that nobody has looked at. Who writes such sentences thinks in shapes that
the patterns know too, so expect less of real mail.

A value counts as gone when none of its words is left. *Words lost* are the words outside of all values that are missing
afterwards. Names of the writer are measured without the headers of the mail: what the headers, the signature or the
ledger say is taken out as well (`known names`).

"""


@dataclass(frozen=True, slots=True)
class Value:
    """Something personal in a sentence."""

    kind: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """What must vanish from a text and which words must stay."""

    text: str
    language: str
    gone: tuple[Value, ...]
    stay: tuple[str, ...]


@dataclass
class RedactionScore:
    """Of one kind: how many there are, how many vanished. Of all: words that should stay, words that are missing."""

    asked: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    words: int = 0
    lost: int = 0

    def share(self, kind: str) -> float:
        """Of one kind, how much of it vanished."""
        return self.gone[kind] / self.asked[kind]

    @property
    def words_lost(self) -> float:
        """The share of words that should have stayed and are missing."""
        return self.lost / self.words if self.words else 0.0


def sentences(path: Path = SENTENCES) -> list[Sentence]:
    """All of them, in the order of the file."""
    return [_sentence(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def _sentence(line: dict[str, Any]) -> Sentence:
    gone = tuple(Value(**one) for one in line["gone"])
    return Sentence(text=line["text"], language=line["language"], gone=gone, stay=tuple(line["stay"]))


def parts(every: Sequence[Sentence]) -> tuple[list[Sentence], list[Sentence]]:
    """What may be looked at, and what is held out."""
    tuned = [one for place, one in enumerate(every) if place % _THIRD != _THIRD - 1]
    return tuned, list(every[_THIRD - 1 :: _THIRD])


def score(chosen: Iterable[Sentence], redacted: Callable[[str], str] = redact) -> RedactionScore:
    """What redaction takes out of these sentences."""
    found = RedactionScore()
    for sentence in chosen:
        left = Counter(_WORD.findall(redacted(sentence.text)))
        found.words += len(sentence.stay)
        found.lost += len(lost(sentence, left))
        for one in sentence.gone:
            found.asked[one.kind] += 1
            found.gone[one.kind] += not remains(one, sentence, left)
    return found


def remains(one: Value, sentence: Sentence, left: Counter[str]) -> list[str]:
    """The words of a value that are left, other than those that stand elsewhere in the sentence too."""
    stay = Counter(sentence.stay)
    return [word for word in _WORD.findall(one.value) if left[word] > stay[word]]


def lost(sentence: Sentence, left: Counter[str]) -> list[str]:
    """The words that should have stayed and are missing."""
    return list((Counter(sentence.stay) - left).elements())


def main() -> None:
    """Prints the figures and writes the page."""
    tuned, held_out = parts(sentences())
    page = HEAD + _by_kind(tuned, held_out) + "\n" + _by_language(tuned, held_out)
    PAGE.write_text(page.rstrip() + "\n", encoding="utf-8")
    print(page)


def _by_kind(tuned: Sequence[Sentence], held_out: Sequence[Sentence]) -> str:
    seen, unseen = score(tuned), score(held_out)
    rows = [[kind, _told(seen, kind), _told(unseen, kind)] for kind in sorted(seen.asked | unseen.asked)]
    rows.append(["words lost", _lost(seen), _lost(unseen)])
    return "## By kind\n\n" + table(["kind", "looked at", "held out"], rows)


def _by_language(tuned: Sequence[Sentence], held_out: Sequence[Sentence]) -> str:
    languages = sorted({one.language for one in tuned})
    every = [score(one for one in (*tuned, *held_out) if one.language == language) for language in languages]
    kinds = sorted({kind for one in every for kind in one.asked})
    rows = [[kind, *(_told(one, kind) for one in every)] for kind in kinds]
    rows.append(["words lost", *map(_lost, every)])
    return "## By kind and language, both parts together\n\n" + table(["kind", *languages], rows)


def _told(found: RedactionScore, kind: str) -> str:
    return f"{found.gone[kind]} of {found.asked[kind]}" if found.asked[kind] else ""


def _lost(found: RedactionScore) -> str:
    return f"{found.lost} of {found.words} ({found.words_lost:.1%})"


if __name__ == "__main__":
    main()
