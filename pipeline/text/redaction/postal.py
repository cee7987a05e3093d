"""Postal addresses: a street or a box, and the postcode with its town behind it, in one line or in several.

A town alone stays, and so does a postcode with its town where nobody says that it is an address: which town a mail
comes from helps to understand it.
"""

from __future__ import annotations

import re

from pipeline.text.redaction.cues import any_of, cue, heads
from pipeline.text.redaction.rules import CAPITAL, Replacing, heads_of, tails_of
from pipeline.text.redaction.streets import (
    BOX,
    ENGLISH,
    ENGLISH_WORDS,
    FRENCH,
    FRENCH_WORDS,
    GERMANIC,
    SPANISH,
    SPANISH_WORDS,
    STREET_ENDS,
    UNIT,
)

# --- what follows a street --------------------------------------------------------------------------------------------

_NO_TOWN = r"(?!Bitte|Danke|Vielen|Tel|Mit|Das|Die|Der|Ich|Wir|Please|Thanks|Merci|Gracias|Kiitos|Tack)"
_TOWN = (
    rf"{CAPITAL}[\w'’.]{{1,30}}(?:[-/]{CAPITAL}?[\w'’]{{1,20}}){{0,4}}"
    rf"(?:[ ](?:(?:am|an der|im|in der|ob der|bei|sur|sous|de|la|le|les|del|of|upon|on|aan|den|i|w)[ ]){{0,2}}"
    rf"{_NO_TOWN}{CAPITAL}[\w'’]{{1,30}}){{0,2}}(?:[ ]?\({CAPITAL}[\w .-]{{1,20}}\))?(?:[ ]CEDEX(?:[ ]\d{{1,2}})?)?"
)
_CODE = r"(?:\d{4}[ ]?[A-Z]{2}\b|\d{4}-\d{3}|\d{2}-\d{3}|\d{3}[ ]\d{2}|\d{4,5})"
_CODE_FIRST = rf"(?:[A-Z]{{1,3}}[- ])?{_CODE}[ ]{{1,2}}{_TOWN}"
_CODE_LAST = (
    r"(?:[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}|[A-Z]{2}[ ]\d{5}(?:-\d{4})?|[A-Z]\d[\dW][ ]?[A-Z\d]{4}"
    r"|(?:NSW|VIC|QLD|WA|SA|TAS|ACT|NT)[ ]\d{4}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?!\w)"
)
_PLACE = r"[A-Z][\w'’.-]{1,24}(?:[ ](?:upon[ ]|on[ ]|of[ ]|the[ ])?[A-Z][\w'’.-]{1,24}){0,2}"
_TOWN_FIRST = rf"(?:{_PLACE}(?:,[ ]?|\s{{1,2}})){{0,3}}?{_CODE_LAST}"
_COUNTRY = any_of(
    [
        *"""Germany Austria Switzerland France Spain Finland Sweden Italy Netherlands Belgium Poland Portugal
        Ireland England Scotland Wales Deutschland Österreich Schweiz Frankreich Spanien Finnland
        Schweden Italien Niederlande Belgien Polen Allemagne Autriche Suisse Espagne Finlande Suède
        Italie Belgique Pologne Irlande Alemania Suiza Francia España Finlandia Suecia Italia Bélgica
        Polonia Irlanda Suomi Saksa Itävalta Sveitsi Ranska Espanja Ruotsi Puola Viro Sverige Tyskland
        Österrike Frankrike Nederland België Polska USA UK""".split(),
        *("United Kingdom", "United States", "Great Britain", "Reino Unido", "Royaume-Uni", "The Netherlands"),
    ]
)
# Which door it is: "3º B", "A 3", "lgh 1102", "as. 4", "2. OG", "Apt 4B".
_FLOOR = (
    r"\d{1,2}\.?[ºª°o.](?:[ ]?(?:(?i:izq|dcha|esq|dto|og|stock|etage|étage)\w{0,6}\.?"
    r"|\d{1,2}[ºª]|[A-Z]\b))?|\d{1,2}[ ]tr\b"
)
_ROOM = (
    r"(?i:apt\.?|apartment|unit|suite|ste\.?|flat|wohnung|whg\.?|top|appt\.?|appartement|bât\.?|bâtiment|piso|puerta"
    r"|pta\.?|"
    r"esc\.?|escalera|bajo|int\.?|m\.)[ ]#?\w{1,5}"
)
_DOOR = (
    rf"(?:[, ]{{1,2}}|\n)(?:{_FLOOR}|[A-Z][ ]?\d{{1,3}}\b(?![ -]?\d)|\d{{1,3}}(?=,?\s{{1,2}}\d{{5}}[ ])|lgh[ ]\d{{2,4}}"
    rf"|as\.?[ ]\d{{1,3}}"
    rf"|{_ROOM}|#\w{{1,5}}|\d{{1,2}}:\w{{1,3}})"
)
_TAIL = (
    rf"(?:{_DOOR}){{0,3}}(?:[ ]?[,;·|–-]?[ ]?\n?[ ]{{0,4}}(?:{_CODE_FIRST}|{_TOWN_FIRST}))?"
    rf"(?:(?:,[ ]?|\n|[ ])\(?(?i:{_COUNTRY})\)?(?!\w))?"
)

# --- whole addresses --------------------------------------------------------------------------------------------------

_GERMANIC, _FRENCH, _SPANISH, _ENGLISH, _BOX = (
    re.compile(rf"(?:{street}){_TAIL}") for street in (GERMANIC, FRENCH, SPANISH, ENGLISH, BOX)
)


def _germanic(text: str) -> str:
    return _GERMANIC.sub("<address>", text)


def _french(text: str) -> str:
    return _FRENCH.sub("<address>", text)


def _spanish(text: str) -> str:
    return _SPANISH.sub("<address>", text)


def _boxes(text: str) -> str:
    return _BOX.sub("<address>", text)


def _english(text: str) -> str:
    return _ENGLISH.sub(_numbered, text)


def _numbered(match: re.Match[str]) -> str:
    """Without a number before the street, only with a postcode behind it: "Oxford Street" is a place."""
    found = match[0]
    numbered = found[0].isdigit() or re.match(UNIT, found)
    return "<address>" if numbered or re.search(_CODE_LAST, found) else found


# --- postcodes without a street ---------------------------------------------------------------------------------------

_CALLED_CODE = re.compile(
    rf"(?<![\w<-])(?P<cue>(?i:{cue('postcode')}(?:[ ]?(?:[:=]|is|ist|est|es|on|är))?)[ ]{{1,2}})"
    rf"(?:{_CODE_FIRST}|{_CODE_LAST}|\d{{3}}[ ]\d\d|\d{{4,5}})(?!\w)"
)
# One that names its country, or that is written as nothing else is.
_CERTAIN_CODE = re.compile(
    rf"(?<![\w<-])(?:(?:D|A|CH|F|FI|FIN|SE|S|NL|B|L|I|E|AT|DE|DK|BE)-\d{{4,5}}[ ]{_TOWN}|(?:SE"
    rf"|S)-\d{{3}}[ ]\d\d[ ]{_TOWN}"
    rf"|(?:{_PLACE},?[ ])?[A-Z]{{1,2}}\d[A-Z\d]?[ ]\d[ABD-HJLNP-UW-Z]{{2}}(?!\w)"
    rf"|{_PLACE},[ ][A-Z]{{2}}[ ]\d{{5}}(?!\w))"
)


def _codes(text: str) -> str:
    text = _CALLED_CODE.sub(r"\g<cue><address>", text)
    return _CERTAIN_CODE.sub("<address>", text)


# --- what stands in front of an address -------------------------------------------------------------------------------

_PART = r"[A-Z][\w'’.-]{1,24}(?:[ ][A-Z][\w'’.-]{1,24}){0,3},?\s{1,2}"
_IN_FRONT = re.compile(
    rf"(?<![\w<])(?:c/o[ ][^\n,<]{{2,50}}[,\n][ ]?)?(?:{UNIT}(?:{_PART}){{0,2}})?"
    rf"(?:\d{{1,4}}[A-Za-z]?[ ]{_PART})?(?=<address>)"
)


def _in_front(text: str) -> str:
    """The house, the flat, or by whom somebody lives."""
    return _IN_FRONT.sub("", text) if "<address>" in text else text


# --- the rules --------------------------------------------------------------------------------------------------------

_STREET_TAILS = tails_of(STREET_ENDS)
_BOX_HEADS = heads_of(
    "box postfach apartado apdo postbus casella boîte packstation caixa skrytka postilokero bp pl cs cp"
)
_CODE_AND_TOWN = re.compile(rf"\d{{4,5}}[ ]{CAPITAL}|\d{{3}}[ ]\d\d[ ]{CAPITAL}")
_CODE_SHAPE = re.compile(r"[A-Z]{1,3}-\d{3}|[A-Z]\d[A-Z\d]? \d[A-Z]{2}|[A-Z]{2} \d{5}")
RULES: tuple[Replacing, ...] = (
    Replacing(
        _germanic,
        may=lambda hints: not hints.tails.isdisjoint(_STREET_TAILS) or _CODE_AND_TOWN.search(hints.text) is not None,
        digit=True,
    ),
    Replacing(_french, heads=heads_of(FRENCH_WORDS), digit=True),
    Replacing(
        _spanish,
        heads=heads_of(SPANISH_WORDS + " gran"),
        may=lambda hints: "C/" in hints.text or "º" in hints.text,
        digit=True,
    ),
    Replacing(_english, heads=heads_of(ENGLISH_WORDS), digit=True),
    Replacing(_boxes, heads=_BOX_HEADS, digit=True),
    Replacing(
        _codes, heads=heads("postcode"), may=lambda hints: _CODE_SHAPE.search(hints.text) is not None, digit=True
    ),
    Replacing(_in_front, digit=True),
)
