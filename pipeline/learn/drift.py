"""Has the mail changed since the model was trained? Sums over the mails of a window; `status` says what they mean."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from pipeline.learn.plain import PlainFeatures
from pipeline.learn.terms import WORDS_OF, words
from pipeline.records.health import DriftChanges, DriftFacts, DriftWindow
from pipeline.records.ledger import WindowMail
from pipeline.text.redact import redact, without_names

PSI_LIMIT = 0.25  # population stability index: the usual bound of "has changed"
UNSURE_LIMIT = 0.15  # by so much may the share of unsure mails rise
_LEAST_SHARE = 0.005  # a class with nothing would be an infinite surprise
_READ = 1_000  # texts whose words are looked up, the newest: more would not change the share by a hundredth
_WORD = 3  # letters that a word has at least


def measure_window(
    mails: Sequence[WindowMail], mix: Mapping[str, Mapping[str, float]], known: Collection[str]
) -> DriftWindow:
    """What a window looks like beside the training; its mails newest first.

    `mix`: shares in training, by head; `known`: the model's words.
    """
    topics = shares(mail.topic or "" for mail in mails)
    languages = shares(mail.language or "" for mail in mails)
    unknown = [_unknown(mail, known) for mail in mails[:_READ]] if known else []
    return {
        "mails": len(mails),
        "unsure": round(sum(not mail.topic_sure for mail in mails) / len(mails), 4),
        "topics": topics,
        "topics_against_training": _against(mix.get("topic"), topics),
        "languages": languages,
        "languages_against_training": _against(mix.get("language"), languages),
        "unknown_words": round(sum(unknown) / len(unknown), 4) if unknown else None,
    }


def psi(expected: Mapping[str, float], seen: Mapping[str, float]) -> float:
    """Population stability index of two mixes (Siddiqi 2006): 0 for the same, above 0.25 they have little in common.

    Both: the share of each class, by its name.
    """
    total = 0.0
    for name in sorted({*expected, *seen}):
        one, other = max(expected.get(name, 0.0), _LEAST_SHARE), max(seen.get(name, 0.0), _LEAST_SHARE)
        total += (other - one) * math.log(other / one)
    return round(total, 4)


def shares(values: Iterable[str]) -> dict[str, float]:
    """How much of it is what, the most frequent first."""
    counts = Counter(values)
    total = sum(counts.values())
    return {
        name: round(count / total, 4) for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    }


def compare_windows(first: DriftWindow, now: DriftWindow) -> DriftChanges:
    """What has changed since the first window that this version saw."""
    return {
        "topics_since": psi(first["topics"], now["topics"]),
        "languages_since": psi(first["languages"], now["languages"]),
        "unsure_risen": round(now["unsure"] - first["unsure"], 4),
    }


def problems(facts: DriftFacts) -> list[str]:
    """What somebody should look at, in words."""
    found: list[str] = []
    if facts["topics_since"] > PSI_LIMIT:
        found.append(f"the mix of topics has changed (PSI {facts['topics_since']:.2f}, usual below {PSI_LIMIT})")
    if facts["unsure_risen"] > UNSURE_LIMIT:
        found.append(
            f"{facts['unsure']:.0%} of the mails are unsure, {facts['unsure_risen']:.0%} of all more than at first"
        )
    return found


def vocabulary(features: PlainFeatures) -> frozenset[str]:
    """The words that a model knows; empty when its features have no list of them."""
    lists = (features.vocabularies.get(name, {}) for name in ("subject", "text"))
    return frozenset(word for found in lists for word in found if " " not in word)


def _against(training: Mapping[str, float] | None, seen: Mapping[str, float]) -> float | None:
    return psi(training, seen) if training else None


def _unknown(mail: WindowMail, known: Collection[str]) -> float:
    """Share of a mail's words that the model has never learnt anything about."""
    text = without_names(redact(f"{mail.subject} {mail.text[:WORDS_OF]}"))  # as the model sees it
    found = [word for word in words(text) if len(word) >= _WORD]
    return sum(word not in known for word in found) / len(found) if found else 0.0
