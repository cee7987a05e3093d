"""Personal data out of a text before it is stored as training data or told to others: each find becomes a typed token.

What kind of thing stood there still helps a classifier, what exactly it was helps nobody. Finds are patterns of ours,
proved where a rule says what is right: checksums (IBAN, cards, the numbers that states give), numbering plans
(telephone). The kinds are in `redaction/`, a file each. Dates, times, years, quantities and amounts of money stay, and
so do ages, things, companies and towns.

No pattern finds every name. What the headers, the signature or the ledger say of a writer is given as `known` and goes
wherever it stands. Say so to whoever relies on this.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from pipeline.text.redaction.known_names import NOBODY, Known, without_known
from pipeline.text.redaction.rules import Hints, RuleBook

NAME = "<name>"
TOKENS = (
    *("<email>", "<url>", "<iban>", "<card>", "<phone>", "<order>"),
    *(NAME, "<address>", "<birth>", "<ip>", "<plate>", "<id>", "<secret>", "<user>"),
)
LONGEST = 100_000  # characters that are looked at; what lies beyond is dropped, never kept unlooked at
_ROUNDS = 4  # what is found may show something else; nearly always the second round finds nothing more
_SIGNED = re.compile(rf"[ \t,]*{NAME}")


def redact(text: str, known: Known = NOBODY) -> str:
    """The text with typed tokens in place of what is personal. Redacting twice changes nothing more.

    `known`: names that go wherever they stand, inflected too.
    """
    text = unicodedata.normalize("NFC", text[:LONGEST])
    if known.names:
        text = without_known(text, known)
    for _round in range(_ROUNDS):
        before, text = text, _once(text)
        if text == before:
            break
    return text


def redact_all(text: str, known: Known = NOBODY) -> str:
    """The same of a text of any length, piece by piece: nothing of it is dropped."""
    return "".join(redact(piece, known) for piece in _pieces(text))


def _pieces(text: str) -> Iterator[str]:
    """At most `LONGEST` characters each, cut at the end of a line or a word where there is one."""
    start = 0
    while len(text) - start > LONGEST:
        end = start + LONGEST
        cut = max(text.rfind("\n", start, end), text.rfind(" ", end - LONGEST // 10, end))
        end = cut + 1 if cut >= start else end
        yield text[start:end]
        start = end
    yield text[start:]


def kinds_in(text: str, redacted: str) -> list[str]:
    """What was found in a text, in the order of `TOKENS`."""
    return [token.strip("<>") for token in TOKENS if redacted.count(token) > text.count(token)]


def without_names(redacted: str) -> str:
    """A redacted text as a model sees it: that somebody is named must not count for anything.

    With the token, the starter took signed mail for kind mail (sentiment 91.0 % right instead of 95.8 %).
    """
    return _SIGNED.sub("", redacted) if NAME in redacted else redacted


def _once(text: str) -> str:
    hints = Hints(text)
    for rule in _rules().concerning(hints):
        text = rule.replace(text)
    return text


@cache
def _rules() -> RuleBook:
    """In the order in which they are asked: what is certain first, and what needs others' tokens last. Loaded with the
    first text, for the patterns take a tenth of a second to make.
    """
    from pipeline.text.redaction import (
        bank,
        births,
        credentials,
        identities,
        links,
        long_numbers,
        network,
        plates,
        postal,
        third_persons,
        writer_names,
    )

    kinds = (
        links,
        network,
        credentials,
        births,
        identities,
        bank,
        plates,
        postal,
        long_numbers,
        writer_names,
        third_persons,
    )
    return RuleBook([rule for kind in kinds for rule in kind.RULES])
