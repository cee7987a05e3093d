"""Names that are known: of the writer, from the headers, the signature or the ledger. They go wherever they stand.

Finnish and German inflect names: Virtanen, Virtasen, Virtaselle; Pekka, Pekan; Müller, Müllers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pipeline.text.redaction.first_names import name_words

_PARTS = re.compile(r"[^\W\d_]{2,}")
_PARTICLES = frozenset(
    "von van der den de del di da du la le les dos das af zu zur vom el al bin ibn ten ter und and et y og och".split()
)
_LONGEST = 40  # letters of a part that are looked at
_MOST = 24  # parts of all names of one text
_FINNISH_CASES = (
    r"(?:n|a|ä|ta|tä|lle|lla|llä|lta|ltä|ssa|ssä|sta|stä|an|än|en|in|on|un|hin|ksi|na|nä|t|ni|si|nsa|nsä|kaan|kin)?"
)
_GENITIVE = r"(?:s(?:che\w{0,2})?|['’]sche\w{0,2}|en|ns|es)?"
# Finnish consonants that are short before an ending: Pekka, Pekan; Lahti, Lahden (Iso suomen kielioppi § 41–43).
_GRADES = (
    *(("kk", "k"), ("pp", "p"), ("tt", "t"), ("nk", "ng"), ("nt", "nn"), ("lt", "ll"), ("rt", "rr"), ("mp", "mm")),
    *(("ht", "hd"), ("sk", "s"), ("k", ""), ("p", "v"), ("t", "d")),
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the people a text is about: names as they are written, "Virtanen, Eeva" as well."""

    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, names: Iterable[str]) -> Known:
        """Those that say anything, without order."""
        return cls(tuple(sorted({name.strip() for name in names if name.strip()})))


NOBODY = Known()


def without_known(text: str, known: Known) -> str:
    """The text with `<name>` where one of the names stands, whole or in part, inflected or not."""
    pattern = _pattern(known)
    return pattern.sub(_kept_if_a_word, text) if pattern else text


def without_these(text: str, found: list[str]) -> str:
    """The text without names that were found in it. Most stand there once: only others are worth a pattern."""
    again = [name for name in found if any(part[:-2] in text for part in name.split() if len(part) > 3)]
    return without_known(text, Known.of(again)) if again else text


def _kept_if_a_word(match: re.Match[str]) -> str:
    """ "Will" is a name, and "will" none: what is an ordinary word too goes only with a capital."""
    found = match[0]
    return found if found.islower() and found in name_words().also_words else "<name>"


@lru_cache(maxsize=256)
def _pattern(known: Known) -> re.Pattern[str] | None:
    parts = {part[:_LONGEST].lower() for name in known.names for part in _PARTS.findall(name)} - _PARTICLES
    chosen = sorted(parts - name_words().never, key=len, reverse=True)[:_MOST]
    if not chosen:
        return None
    one = "|".join(map(inflected, chosen))
    return re.compile(rf"(?<![\w<])(?:{one})(?:[ \t-]{{1,2}}(?:{one}))*(?!\w)", re.IGNORECASE)


def inflected(part: str) -> str:
    """A pattern for one part of a name with the endings that it may have."""
    if len(part) < 3:
        return re.escape(part)
    forms = [rf"{re.escape(part)}(?:{_GENITIVE}|i?{_FINNISH_CASES})"]
    if part.endswith("nen"):
        forms.append(rf"{re.escape(part[:-3])}s(?:e|i)?{_FINNISH_CASES}")
    elif part[-1] in "aeiouyäö" and len(part) > 3:
        forms += [rf"{re.escape(stem)}[{part[-1]}e]{_FINNISH_CASES}" for stem in _weak(part[:-1])]
    elif part.endswith("s"):
        forms.append(rf"{re.escape(part[:-1])}(?:ks|kse|s|se){_FINNISH_CASES}")
    return "(?:" + "|".join(forms) + ")"


def _weak(stem: str) -> list[str]:
    """The stem as it is, and in its weak grade."""
    for strong, weak in _GRADES:
        if stem.endswith(strong):
            return [stem, stem.removesuffix(strong) + weak]
    return [stem]
