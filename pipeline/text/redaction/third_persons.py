"""Names of people in running text: with a title, as somebody's colleague or husband, as who writes, and first names."""

from __future__ import annotations

import re
from functools import cache

from pipeline.text.redaction.cues import phrases
from pipeline.text.redaction.first_names import name_words
from pipeline.text.redaction.name_shapes import MR, TITLE, TITLES, end_of_name, is_brand, named
from pipeline.text.redaction.rules import CAPITAL, LETTER, Replacing, heads_of

# --- with a title -----------------------------------------------------------------------------------------------------

_TITLED = re.compile(
    rf"(?<![\w<])(?:(?i:{MR})\.?[ \t]{{1,2}}|(?:M|Mme|MM)\.[ \t]|(?={TITLES}))(?P<title>(?:{TITLES}){{0,3}})"
)
_NOT_TITLED = re.compile(
    r"(?i:mein(?:e[rnms]?)?|dein(?:e[rnms]?)?|sein(?:e[rnms]?)?|unser(?:e[rnms]?)?|eine[rn]?|die|der|das|zur"
    r"|ihre[rnms]?)[ \t]frau[ \t]{1,2}$"
)
_PRODUCT_DOCTORS = frozenset("martens oetker beckmann pepper best hauschka scholl holle antje".split())


def _titled(text: str) -> str:
    return named(text, _TITLED, _is_person)


def _is_person(text: str, start: int, end: int) -> bool:
    """ "Meine Frau Größe 42" is about a size; "Dr. Oetker" about a pizza."""
    word = text[start:end].split()[0].lower().strip(".,")
    if word in _PRODUCT_DOCTORS:
        return False
    wife = _NOT_TITLED.search(text[max(0, start - 24) : start])
    return not wife or name_words().may_be_first(word)


# --- of somebody, and first names -------------------------------------------------------------------------------------

NAMED = "<name>"
_BLANKS = frozenset(" \t")
_ENDS_LINE = re.compile(r"[ \t]*(?:$|\n)")
_AND = frozenset("and or & und oder et ou y o e ja tai sekä och eller en of".split())
_GERMAN = re.compile(r"(?:ihr|mein|unser|sein|dein|euer|eur|ein|gewisse|de[rmns]$|die$)")
# A word with a capital, or an initial; what it must not follow stands behind its first letter, of which the first class
# is a coarse sieve: in the order in which little has to be looked at.
_CAPITALS = re.compile(
    rf"[A-Z\x80-\U0010ffff](?<={CAPITAL})(?<![\w<@.'’-][\s\S])"
    rf"(?:{LETTER}{{1,30}}(?:-{LETTER}{{2,30}})?|\.(?= ?{CAPITAL}))"
)
_NO_PERSON = re.compile(
    r"(?:[ -](?:GmbH|AG|KG|SE|Ltd|Inc|LLC|SA|SL|Oy|AB|Street|Road|Platz|Straße|Airport|Hotel|Park|Stadium|Center"
    r"|Centre|Collection|Edition|Store)\b|[-/]\w|\.(?:com|de|fr|es|fi|se|org|net)\b|™|®)"
)
_HOLY = re.compile(
    r"(?:San|Santa|Santo|São|Saint|Sainte|Sankt|St\.?|Port|Lake|Villa|Hotel|Café|Restaurant|Bar|Modell|Model|Modèle"
    r"|Modelo|Malli|Modell|Serie|Series|Sofa|Regal|Bett|Tisch)[ -]$"
)


def _persons(text: str) -> str:
    """One walk over the words with a capital: first names that are nothing else, with the family name behind them,
    "Mark Webb" too, for two words agree; and what stands behind a word for a person."""
    pieces: list[str] = []
    written = done = 0
    for found in _CAPITALS.finditer(text):
        start = found.start()
        if start < done or not (end := _end_of_somebody(text, found)):
            continue
        done = end if end > 0 else -end
        if end > 0:
            pieces += [text[written:start], "<name>"]
            written = end
    return "".join([*pieces, text[written:]]) if pieces else text


def _end_of_somebody(text: str, found: re.Match[str]) -> int:
    """Where a person's name ends that begins here; 0 where none does; less than 0 for a thing called like a person."""
    start, first = found.start(), found[0].partition("-")[0]
    may_be_first = name_words().may_be_first(first)
    theirs = _is_theirs(text, start, may_be_first)
    if not (may_be_first or theirs):
        return 0
    end = end_of_name(text, start) if theirs else _end_of_person(text, start)
    parts = text[start:end].split()
    if not parts or _NO_PERSON.match(text, end) or _HOLY.search(text[max(0, start - 12) : start]):
        return 0
    if is_brand(parts):
        return -end_of_name(text, start)
    sure = theirs or name_words().is_first(first) or (len(parts) > 1 and _family_like(parts[-1]))
    return end if sure else 0


def _is_theirs(text: str, start: int, may_be_first: bool) -> bool:
    """Who writes says two words. Behind a relation one capital word is a name; in German, where every noun has one, it
    must be a first name."""
    if text[start - 1 : start] not in _BLANKS:
        return False
    one, two = ["", "", *text[max(0, start - 40) : start].lower().rsplit(None, 2)][-2:]
    if two.rstrip(":,") not in _last_words():
        return False
    if _is_said("presented", one, two.rstrip(":")):
        return _is_pair(text, start)
    if one == NAMED and two in _AND:
        return may_be_first or _is_pair(text, start) or _ENDS_LINE.match(text, end_of_name(text, start)) is not None
    two = two.rstrip(",")
    if two in phrases("relation_alone"):
        return True
    if one in phrases("determiner") and (two in phrases("relation") or two in phrases("certain")):
        return may_be_first or not _GERMAN.match(one) or _is_pair(text, start)
    return may_be_first and _is_said("dealt", one, two)


@cache
def _last_words() -> frozenset[str]:
    """What stands directly before a name that is somebody's, as far as it tells."""
    told = frozenset().union(*map(phrases, ("presented", "relation_alone", "relation", "certain", "dealt")))
    return frozenset(phrase.split()[-1].rstrip(":,") for phrase in told | _AND)


def _is_said(kind: str, one: str, two: str) -> bool:
    """Does a phrase of this kind end with these two words, or is it the last of them?"""
    return two in phrases(kind) or f"{one} {two}" in phrases(kind)


def _is_pair(text: str, start: int) -> bool:
    return len(text[start : end_of_name(text, start)].split()) > 1


def _end_of_person(text: str, start: int) -> int:
    """First names and one family name: in German a noun may follow."""
    end = end_of_name(text, start)
    at = start
    for word in re.finditer(r"[^ \t]+", text[start:end]):
        at = start + word.end()
        if (
            word.start()
            and word[0][0].isupper()
            and not name_words().may_be_first(word[0].strip("."))
            and len(word[0]) > 2
        ):
            break
    return at


def _family_like(word: str) -> bool:
    return len(word) > 2 and word[1:].islower() and not word.lower().endswith(("ung", "heit", "keit", "schaft", "ion"))


# What the pattern knows, in both spellings of what may be missing; "me" and "fr" stand in too many mails.
_FORMS = re.findall(r"(\w+)(\??)", f"{MR}|{TITLE}")
_KNOWN = {form for word, maybe in _FORMS for form in (word, word[:-1] if maybe else word)}
_WITH_A_DOT = ("M. ", "Me. ", "Fr. ")
RULES: tuple[Replacing, ...] = (
    Replacing(
        _titled,
        heads=heads_of(" ".join(_KNOWN)) - {"me", "fr"},
        may=lambda hints: any(one in hints.text for one in _WITH_A_DOT),
        name=True,
    ),
    Replacing(_persons),
)
