"""What a name looks like, and reading one behind a cue.

A name is one to four words with a capital, with what stands between them (von, de la, af) and initials. A word that
cannot be one ends it: see names.toml.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.text.redaction.first_names import name_words
from pipeline.text.redaction.rules import CAPITAL, LETTER, folded

_PARTICLE = (
    r"(?:von der|von den|von|van der|van den|van de|van|de la|de los|de las|del|de|du|des|da|do|dos|di|della|le|la"
    r"|af|zu|zur|"
    r"vom|ten|ter|el|al|bin|y|Von|Van|De|Del|Di|Da|La|Le|Du)"
)
_ONE = (
    rf"(?:{CAPITAL}['’]{CAPITAL}{LETTER}{{1,30}}|{CAPITAL}\.(?:-?{CAPITAL}\.)?"
    rf"|{CAPITAL}{LETTER}{{1,30}}(?:['’](?!s\b){LETTER}{{2,30}})?(?:[-‐]{LETTER}{{1,30}}){{0,3}})"
)
NAME = rf"{_ONE}(?:[ \t](?:{_PARTICLE}[ \t])?{_ONE}){{0,3}}(?:[ \t](?!I\b){CAPITAL}(?!\w))?"
TITLE = "Dr|Prof|Professor|Professorin|Doktor|Ing|Dipl|Mag|Docteur|Doctor|Doctora|Tri|Sir|Lady|Lord|Rev|Fr|Me|Maître"
TITLES = (
    rf"(?:{TITLE})"
    r"(?:\.?-?(?:med|jur|phil|rer|nat|Ing|Inf|Kfm)){0,3}\.?[ \t]"
)
MR = (
    r"(?:mr|mrs|ms|miss|mx|herrn?|frau|fräulein|monsieur|madame|mademoiselle|mme|mlle|señora?|señorita|sra?|srta"
    r"|doña|don|herra|"
    r"familie|famille|familjen|perhe|rouva|neiti|herr|fru|fröken|signora?|sig|sig\.ra|dhr|mevr|mevrouw|meneer|pani"
    r"|pan|senhora?)"
)
Accepts = Callable[[str, int, int], bool]  # a text, and where a name begins and ends in it
_FULL = re.compile(rf"(?:(?:von|van|de|af|zu|del|di)[ ](?:der |den |la )?)?{NAME}")
_WORD = re.compile(r"[^ \t]+")
_FROM_A_TOWN = re.compile(r"(?:sta|stä|ssa|ssä)$")  # Finnish: "Kalevi Rautiainen Kuopiosta"
_BETWEEN = re.compile(_PARTICLE)


def end_of_name(text: str, start: int) -> int:
    """Where a name that begins here ends; `start` where none does. A word that is no name ends it."""
    match = _FULL.match(text, start)
    if not match:
        return start
    end = start
    for place, word in enumerate(_WORD.finditer(match[0])):
        if _BETWEEN.fullmatch(word[0]):
            continue
        if word[0].lower().rstrip(".") in name_words().never or (place > 1 and _FROM_A_TOWN.search(word[0])):
            break
        end = start + word.end()
    return end


def named(
    text: str, cue: re.Pattern[str], accepts: Accepts, found: list[str] | None = None, *, small: bool = False
) -> str:
    """`<name>` in place of each name behind a cue that is accepted; `found` gets what stood there.

    `small`: the cue is of small letters, and is looked for in the text in small letters, which is faster.
    A group `title` at the end of the cue goes with it.
    """
    pieces: list[str] = []
    written = 0
    for match in cue.finditer(folded(text) if small else text):
        start = match.end()
        first = match.start("title") if "title" in cue.groupindex else start
        end = end_of_name(text, start) if start >= written else start
        if end > start and accepts(text, start, end):
            pieces += [text[written:first], "<name>"]
            written = end
            if found is not None:
                found.append(text[start:end])
    return "".join([*pieces, text[written:]]) if pieces else text


def always(_text: str, _start: int, _end: int) -> bool:
    """Behind this cue everything that looks like a name is one."""
    return True


def is_brand(words: list[str]) -> bool:
    """Is it a company or a thing that is called like a person?"""
    return len(words) > 1 and f"{words[0]} {words[1]}".lower().rstrip(".,") in name_words().brands
